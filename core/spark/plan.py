"""The plan that turns any part of the tables into customers, by facts about the whole."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate
from typing import Final

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from core.cleaning.values import as_categories
from core.intake import combine
from core.intake.clean import CleanTable, clean_part
from core.intake.facts import Facts
from core.intake.match import MatchedTable, TableSource
from core.intake.read import ReadChoices
from core.intake.roles import Match
from core.intake.rows.collapse import without_repeats
from core.intake.rows.decide import A_ROW
from core.intake.rows.keys import KEYS, key_headers, row_keys, unused_columns
from core.intake.rows.stack import check_units, united_columns
from core.intake.rows.words import Key
from core.intake.steps import rejected_frame
from core.rules import Rules
from core.schema import ID, Column
from core.spark import storage
from core.spark.table import FileTable

# A row in a bucket: position of its stack, line in that, and its cells in the order of the stack's columns.
OTHERS: Final = "all other cells"
ROW: Final = "table int, line long, cells array<string>"
Source = tuple[int, int, int]  # a part of the files: position of the stack, of its table, of the part in the table
Task = int | Source  # the work of one task: a bucket, or a part of the only table


@dataclass(frozen=True)
class Stack:
    """Tables with the same columns, one below the other, as the files of one export."""

    tables: tuple[FileTable, ...]

    @property
    def name(self) -> str:
        """The name of the first table."""
        return self.tables[0].file.name

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order of the first table."""
        return united_columns(column for table in self.tables for column in table.columns.values())

    @property
    def names(self) -> set[str]:
        """The names of the columns."""
        return {column.name for column in self.columns}

    @cached_property
    def starts(self) -> tuple[tuple[int, str], ...]:
        """The first line of each file in the stack; none for a single file."""
        if len(self.tables) == 1:
            return ()
        starts = accumulate((table.last_line + 1 for table in self.tables), initial=0)
        return tuple((start, table.file.name) for start, table in zip(starts, self.tables, strict=False))

    def part(self, table: int, part: int, choices: ReadChoices) -> MatchedTable:
        """The rows of a part of one of the files, numbered by their lines in the stack."""
        matched = self.tables[table].part(part, choices)
        start = self.starts[table][0] if self.starts else 0
        frame = matched.frame[[column.name for column in self.columns]]
        frame = frame.set_axis(frame.index + start).rename_axis("line")
        return replace(
            matched, frame=frame, name=self.name, columns=self.columns, starts=self.starts, steps=(),
            raw=tuple((start, rows) for _, rows in matched.raw),
        )  # fmt: skip

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The keys that one of the files has (`core.intake.rows.keys`)."""
        found = {key for table in self.tables for key in key_headers(table.matches)}
        return tuple(key for key in KEYS if key in found)

    def cells(self, part: MatchedTable) -> pd.DataFrame:
        """The cells of rows for a bucket: of the stack's columns, the keys, and all others as one."""
        keys = row_keys(part).reindex(columns=[*self.keys], fill_value="")
        others = unused_columns(part, np.ones(len(part.frame), bool))
        text = pd.Series("", part.frame.index)
        if others is not None:
            text = pd.util.hash_pandas_object(others.astype("str").fillna(""), index=False).astype("str")
        return pd.concat([part.frame.astype("str"), keys, text.set_axis(part.frame.index).rename(OTHERS)], axis=1)

    def of_cells(self, rows: pd.DataFrame) -> MatchedTable:
        """The table of rows from a bucket (`ROW`)."""
        names = [column.name for column in self.columns]
        wanted = [*names, *self.keys, OTHERS]
        cells = list(zip(*rows["cells"], strict=True)) if len(rows) else [()] * len(wanted)
        index = pd.Index(rows["line"], name="line", dtype="int64")
        columns = [pd.Series(list(values), index, dtype="str") for values in cells]
        coded = [text if name == ID else as_categories(text) for name, text in zip(names, columns, strict=False)]
        frame = pd.DataFrame(dict(zip(names, coded, strict=True)), index=index)
        raw = pd.DataFrame(dict(zip(wanted[len(names) :], columns[len(names) :], strict=True)), index=index)
        source = TableSource(self.name, len(rows), 0, {}, tuple(Match(name, "", 1.0, "") for name in raw))
        return MatchedTable(
            self.name, frame, self.columns, (), rejected_frame([], [], [], []), (source,), self.starts, raw=((0, raw),)
        )


@dataclass(frozen=True)
class SparkPlan:
    """How parts of the files become customers; the first pass over them fills it in, step by step.

    If customers have several rows, these are in `buckets`: lists of Parquet files, each list with all rows of some
    customers. `order` says which stack leads. `counted` has the facts about the stacks that are aggregated per
    customer, by position. `columns` are those of the customers before cleaning, `facts` what was decided about them,
    `decided` the same in words, by label. `rows_are` says what a row of a stack is, by position, if it is no customer.
    """

    stacks: tuple[Stack, ...]
    rules: Rules
    choices: ReadChoices
    buckets: tuple[tuple[str, ...], ...] = ()
    order: combine.Order = combine.Order(0)  # noqa: RUF009
    counted: Mapping[int, Facts] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    facts: Facts = field(default_factory=dict)
    decided: Mapping[str, str] = field(default_factory=dict)
    rows_are: Mapping[int, str] = field(default_factory=dict)

    def source(self, stack: int, table: FileTable) -> TableSource:
        """What the Data page says of a table: how it was read, used, and what a row of it is."""
        said = {A_ROW: self.rows_are[stack]} if stack in self.rows_are else {}
        source = table.source
        return replace(source, use=combine.use_of(stack, self.order), decisions={**source.decisions, **said})

    @property
    def table_sources(self) -> list[TableSource]:
        """The tables as they were read and used, in the order they were joined."""
        numbers = self.order.lead, *self.order.joined, *self.order.left_out
        return [self.source(number, table) for number in numbers for table in self.stacks[number].tables]

    @property
    def sources(self) -> list[Source]:
        """Every part of the files."""
        return [source for stack in range(len(self.stacks)) for source in self.sources_of(stack)]

    def sources_of(self, stack: int) -> list[Source]:
        """Every part of the files of one stack."""
        tables = self.stacks[stack].tables
        return [(stack, table, part) for table in range(len(tables)) for part in range(len(tables[table].parts))]

    @property
    def tasks(self) -> list[Task]:
        """All tasks: the buckets, or the parts of the only table."""
        return [*range(len(self.buckets))] if self.buckets else [*self.sources]

    def read(self, source: Source) -> MatchedTable:
        """The rows of a part of the files, with ids stripped."""
        stack, table, part = source
        rows = self.stacks[stack].part(table, part, self.choices)
        return combine.with_ids(rows) if ID in rows.frame else rows

    def bucket(self, number: int) -> list[MatchedTable]:
        """The rows of some customers in every stack."""
        rows = pd.concat(list(map(_read_rows, self.buckets[number]))).sort_values("line")
        return [stack.of_cells(rows[rows["table"] == position]) for position, stack in enumerate(self.stacks)]

    def matched(self, task: Task) -> MatchedTable:
        """The customers of a task before cleaning; one row each if there are buckets."""
        if isinstance(task, int):
            tables = [
                without_repeats(table, self.order.ways.get(position, "customer"))
                for position, table in enumerate(self.bucket(task))
            ]
            return combine.with_ids(combine.in_order(tables, self.order, self.rules, self.counted))
        return combine.with_ids(self.read(task))

    def empty(self) -> MatchedTable:
        """No customers before cleaning, with the columns that they have in every task."""
        empty_stacks = [stack.of_cells(pd.DataFrame({"line": [], "cells": []})) for stack in self.stacks]
        if self.buckets:
            return combine.with_ids(combine.in_order(empty_stacks, self.order, self.rules, self.counted))
        return combine.with_ids(empty_stacks[0])

    def cleaned(self, task: Task) -> CleanTable:
        """The customers of a task."""
        return clean_part(self.matched(task), self.facts, self.rules)


def stacked(tables: Sequence[FileTable]) -> tuple[Stack, ...]:
    """The tables in stacks of the same columns, the stack that says most about a customer first.

    Raises
    ------
    DataError
        Two of a stack have a column in different units (`rows.stack.check_units`).
    """
    by_columns: dict[frozenset[str], list[FileTable]] = defaultdict(list)
    for table in sorted(tables, key=lambda table: combine.says_most(list(table.columns.values()), table.rows)):
        by_columns[frozenset(column.name for column in table.columns.values())].append(table)
    for alike in by_columns.values():
        check_units((table.file.name, column) for table in alike for column in table.columns.values())
    return tuple(Stack(tuple(tables)) for tables in by_columns.values())


def _read_rows(path: str) -> pd.DataFrame:
    with storage.opened(path) as file:
        return pq.read_table(file).to_pandas()
