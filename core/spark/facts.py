"""Order of dates, decimal mark, usual spellings and country of columns that are spread over parts."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from core.cleaning.values import Fact
from core.intake.facts import Facts, Votes, Whole, check_mark, in_country, settle, votes
from core.intake.match import MatchedTable
from core.schema import Column
from core.spark.jobs import over
from core.spark.plan import Source, SparkPlan

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

VOTING: Final = ("date", "number", "category", "yes_no", "postcode")  # kinds of columns with facts to decide


def column_votes(
    session: "SparkSession", tasks: Sequence[Any], columns: Sequence[Column], table: Callable[[Any], MatchedTable],
    as_of: date,
) -> dict[str, Votes]:  # fmt: skip
    """The votes of the distinct values of each column, over all tasks; `table` reads the rows of a task."""
    values = over(session, tasks, partial(_distinct, columns, table), "column int, value string").dropDuplicates()
    total = {column.name: Votes() for column in columns}
    for row in values.mapInPandas(partial(_votes, columns, as_of), "column int, votes string").collect():
        total[columns[row["column"]].name] += Votes(**json.loads(row["votes"]))
    return total


def settled(plan: SparkPlan, columns: Sequence[Column], cast: Mapping[str, Votes]) -> Facts:
    """The facts that votes decide; a computed column, which no file has, gets an empty fact.

    Raises
    ------
    AmbiguousDatesError, AmbiguousNumbersError
        A column can be read in two ways.
    """
    headers = {
        column.name: header
        for stack in plan.stacks
        for table in stack.tables
        for header, column in table.columns.items()
    }
    files = {
        column.name: frozenset(
            table.file.name
            for stack in plan.stacks
            for table in stack.tables
            if column.name in {own.name for own in table.columns.values()}
        )
        for column in columns
    }
    own = tuple(column for column in columns if column.name in headers)
    whole = Whole(plan.stacks[plan.order.lead].name, own, cast.__getitem__, headers, files)
    facts = {
        column.name: settle(column, whole, plan.rules) if column.name in headers else Fact()
        for column in columns
        if column.kind != "id"
    }
    by_file = [table.matches for stack in plan.stacks for table in stack.tables]
    return in_country(facts, plan.rules, cast.__getitem__, columns, by_file)


def check_files(session: "SparkSession", plan: SparkPlan, position: int, facts: Facts) -> None:
    """Refuse files of a stack that do not have one decimal mark (`intake.facts.check_mark`)."""
    stack = plan.stacks[position]
    numbers = [column for column in stack.columns if column.kind == "number"]
    if len(stack.tables) == 1 or not numbers or plan.rules.intake.decimal_mark != "auto":
        return
    of_files = [column for _ in stack.tables for column in numbers]
    values = over(
        session, plan.sources_of(position), partial(_distinct_of_file, numbers, plan), "column int, value string"
    )  # fmt: skip
    cast = values.dropDuplicates().mapInPandas(
        partial(_votes, of_files, plan.rules.as_of), "column int, votes string"
    )  # fmt: skip
    total = {number: Votes() for number in range(len(of_files))}
    for row in cast.collect():
        total[row["column"]] += Votes(**json.loads(row["votes"]))
    for number, own in total.items():
        table, column = stack.tables[number // len(numbers)], of_files[number]
        if own.counts:
            check_mark(own, facts[column.name].decimal_mark, table.file.name, column.header or column.name)


def _distinct_of_file(numbers: Sequence[Column], plan: SparkPlan, source: Source) -> Iterator[pd.DataFrame]:
    """The distinct values of a part; the columns of each file have numbers of their own."""
    for values in _distinct(numbers, plan.read, source):
        yield values.assign(column=values["column"] + source[1] * len(numbers))


def _distinct(columns: Sequence[Column], table: Callable[[Any], MatchedTable], task: Any) -> Iterator[pd.DataFrame]:
    frame = table(task).frame
    for number, column in enumerate(columns):
        if column.kind in VOTING:
            yield pd.DataFrame({"column": number, "value": frame[column.name].cat.categories.astype("str")})


def _votes(columns: Sequence[Column], as_of: date, batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    for batch in batches:
        for number, values in batch.groupby("column")["value"]:
            cast = votes(values.astype("str").reset_index(drop=True), columns[int(number)], as_of)
            yield pd.DataFrame({"column": [number], "votes": [json.dumps(asdict(cast))]})
