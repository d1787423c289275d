"""The order of several tables: which leads, which are aggregated per customer, and the facts for aggregating."""

from collections.abc import Sequence
from dataclasses import astuple, replace
from functools import partial
from typing import TYPE_CHECKING, Final
from warnings import warn

import numpy as np

from core import exact
from core.cleaning.values import Fact
from core.errors import DataError, UnjoinableTablesError
from core.ids import is_in
from core.intake import combine
from core.intake.aggregate import is_running, measures_of, numbers_of, votes_on_order
from core.intake.facts import Facts
from core.intake.rows.collapse import without_repeats
from core.intake.rows.decide import ROWS, Decision, decide
from core.intake.rows.ids import ruined_ids, ruined_rows
from core.intake.rows.kept import row_order
from core.intake.rows.keys import FILE_DATE, file_keys
from core.intake.rows.profile import Profile, profile
from core.intake.rows.stack import SHARED, are_alike
from core.intake.steps import blank_ids
from core.rules import Way
from core.schema import ID
from core.segments.rows import PartialSums
from core.spark.facts import check_files, column_votes, settled
from core.spark.jobs import partial_sums
from core.spark.plan import Source, SparkPlan

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


NEWEST: Final = ("snapshot", "record")


def in_order(session: "SparkSession", plan: SparkPlan) -> SparkPlan:
    """The plan with the order of its stacks, and the facts about the stacks that are aggregated per customer.

    Raises
    ------
    UnjoinableTablesError
        No table has a customer id, or two have none in common.
    """
    with_id = [position for position, stack in enumerate(plan.stacks) if ID in stack.names]
    if not with_id:
        raise UnjoinableTablesError(
            f"Neither {plan.stacks[0].name} nor {plan.stacks[1].name} has a customer id, so they cannot be joined.",
            "Add a customer id to both, or use one of them only.",
        )
    decisions = _decisions(session, plan, with_id)
    ways = {position: decision.way for position, decision in decisions.items()}
    said = {position: decision.said for position, decision in decisions.items() if decision.way != "customer"}
    plan = replace(plan, order=combine.order_of(len(plan.stacks), with_id, ways), rows_are=said)
    _check_joins(session, plan)
    counted = {position: way for position, way in ways.items() if way != "customer"}
    return replace(plan, counted={position: _facts(session, plan, position, way) for position, way in counted.items()})


def _decisions(session: "SparkSession", plan: SparkPlan, with_id: Sequence[int]) -> dict[int, Decision]:
    """What a row of each stack is."""
    counts = partial_sums(session, plan.tasks, partial(_profiles, plan, with_id))
    decisions = {}
    for position in with_id:
        stack = plan.stacks[position]
        *found, ruined = map(int, counts[str(position)])
        if ruined:
            raise ruined_ids(stack.name, ruined)
        keys = [*stack.keys, *file_keys([name for _, name in stack.starts])]
        decision = decide(Profile(*found), keys, stack.columns, plan.rules.intake.rows, stack.name)
        if decision.doubt:
            warn(f"{stack.name}: {decision.doubt}.", UserWarning, stacklevel=2)
        if decision.way in NEWEST and FILE_DATE not in keys:
            raise DataError(
                f"Its rows are {ROWS[decision.way][0]} each, and Spark does not read which one is the latest.",
                "Keep the latest rows only, or use --engine pandas; --rows says what a row is.", file=stack.name,
            )  # fmt: skip
        decisions[position] = decision
    return decisions


def _profiles(plan: SparkPlan, with_id: Sequence[int], bucket: int) -> PartialSums:
    tables = plan.bucket(bucket)
    return {
        str(position): np.array([*astuple(profile(tables[position])), ruined_rows(tables[position])])
        for position in with_id
    }


def _check_joins(session: "SparkSession", plan: SparkPlan) -> None:
    """Refuse a table that shares no customer id with the leading one."""
    if not plan.order.joined:
        return
    for position, rows in partial_sums(session, plan.tasks, partial(_joined_rows, plan)).items():
        table, lead = plan.stacks[int(position)], plan.stacks[plan.order.lead]
        if are_alike(table.names, lead.names) and rows[0] <= SHARED * table.tables[0].rows:
            raise UnjoinableTablesError(
                f"Most of its customers are not in {lead.name}, which has mostly the same columns, and Spark does not"
                " put tables of different columns below each other.",
                "Add the columns to it, with blank cells, or use --engine pandas.", file=table.name,
            )  # fmt: skip
        if not rows[0]:
            raise UnjoinableTablesError(
                f"None of its customer ids is in {plan.stacks[plan.order.lead].name}.",
                "Make both write the ids alike, or use one of them only.", file=plan.stacks[int(position)].name,
            )  # fmt: skip


def _joined_rows(plan: SparkPlan, bucket: int) -> PartialSums:
    tables = plan.bucket(bucket)
    ids = tables[plan.order.lead].frame[ID]
    return {str(position): np.array([tables[position].frame[ID].isin(ids).sum()]) for position in plan.order.joined}


def _facts(session: "SparkSession", plan: SparkPlan, position: int, way: Way) -> Facts:
    """The facts about a stack that is aggregated, the decimals of its sums, and the order of its rows if needed."""
    sources, columns = plan.sources_of(position), plan.stacks[position].columns
    facts = settled(plan, columns, column_votes(session, sources, columns, plan.read, plan.rules.as_of))
    check_files(session, plan, position, facts)
    sizes = partial_sums(session, sources, partial(_sizes, plan, facts))
    found = {name: _with_places(fact, name, sizes) for name, fact in facts.items()}
    running = [column.name for column in columns if way == "transaction" and is_running(column)]
    if running:
        votes = partial_sums(session, plan.tasks, partial(_votes_on_order, plan, facts, position))["votes"]
        found |= {name: replace(found[name], row_order=row_order(votes)) for name in running}
    return found


def _votes_on_order(plan: SparkPlan, facts: Facts, position: int, bucket: int) -> PartialSums:
    """How the rows of customers stand in the files by their time."""
    tables = plan.bucket(bucket)
    table = without_repeats(tables[position], "transaction")
    if position != plan.order.lead:
        table = table.without(~is_in(table.frame[ID], tables[plan.order.lead].frame[ID]), "")
    return {"votes": votes_on_order(table, plan.rules, facts)}


def _sizes(plan: SparkPlan, facts: Facts, source: Source) -> PartialSums:
    """The number of rows with an id; per summed column the largest absolute value, and how many are not whole."""
    table = plan.read(source)
    table = table.without(blank_ids(table.frame), "No customer id")
    answer = {"rows": np.array([len(table.frame)])}
    for column in measures_of(table, "account"):
        sizes = np.abs(numbers_of(table, column, facts[column.name]))
        sizes = sizes[np.isfinite(sizes)]
        answer[f"most {column.name}"] = np.array([sizes.max(initial=0.0)])
        answer[f"broken {column.name}"] = np.array([(sizes != np.floor(sizes)).sum()])
    return answer


def _with_places(fact: Fact, name: str, sizes: PartialSums) -> Fact:
    if f"most {name}" not in sizes:
        return fact
    whole = not sizes[f"broken {name}"][0]
    return replace(fact, places=exact.decimals_of(sizes[f"most {name}"][0], int(sizes["rows"][0]), whole=whole))
