"""The first pass over all parts: it decides joins, repeated ids and facts about columns, which need all rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core.intake.combine import check_known
from core.intake.facts import decisions, with_currencies
from core.intake.read import ReadChoices
from core.intake.rows.decide import rows_decided
from core.rules import Rules
from core.spark import buckets, joins, storage
from core.spark.checks import check_ids, check_months
from core.spark.facts import check_files, column_votes, settled
from core.spark.plan import SparkPlan, stacked
from core.spark.table import FileTable

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

IDS: Final = "ids"  # a folder below that of the rows, which buckets of these replace


def planned(
    session: "SparkSession", tables: Sequence[FileTable], rules: Rules, choices: ReadChoices, folder: str
) -> SparkPlan:
    """The plan for cleaning every part of some tables; `folder` is for buckets of rows, if they are needed.

    Raises
    ------
    DataError
        Tables that cannot be joined, no known column, or a column that can be read in two ways.
    """
    plan = SparkPlan(stacked(tables), rules, choices)
    check_ids(session, plan)
    check_months(plan)
    if buckets.are_needed(session, plan, storage.below(folder, IDS)):
        plan = joins.in_order(session, buckets.in_buckets(session, plan, folder))
    columns = plan.empty().columns
    check_known(columns, [table.source for table in tables], plan.stacks[0].name)
    plan = replace(plan, columns=columns)
    cast = column_votes(session, plan.tasks, columns, plan.matched, rules.as_of)
    facts = settled(plan, columns, cast)
    if plan.order.lead not in plan.counted:
        check_files(session, plan, plan.order.lead, facts)
    marked = {name for name, votes in cast.items() if votes.counts.get("marked")}
    return replace(
        plan,
        columns=with_currencies(columns, facts, rules),
        facts=facts,
        decided=decisions(columns, facts, marked) | rows_decided(plan.table_sources),
    )
