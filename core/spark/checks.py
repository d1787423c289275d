"""Tables that only whole files tell how to read: Spark, which reads parts, refuses them."""

from collections.abc import Iterator
from functools import partial
from itertools import permutations
from typing import TYPE_CHECKING, Final

import pandas as pd

from core.errors import UnjoinableTablesError
from core.ids import plain_id
from core.intake.rows.stack import are_months
from core.schema import ID
from core.spark.jobs import over
from core.spark.plan import Source, SparkPlan

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# An id of one file and another one of another file, where neither file has both.
SPELT_OTHERWISE: Final = """
    exists(found, x -> exists(found, y -> x.file != y.file and x.id != y.id
        and not exists(found, z -> (z.file = y.file and z.id = x.id) or (z.file = x.file and z.id = y.id))))
"""


def check_ids(session: "SparkSession", plan: SparkPlan) -> None:
    """Refuse several files with ids that are the same but for zeros, `.0`, blanks or case (`rows.ids.spelt_alike`).

    Raises
    ------
    UnjoinableTablesError
        Each spelling would be another customer.
    """
    tables = [
        (number, table) for number, stack in enumerate(plan.stacks) for table in stack.tables if ID in stack.names
    ]
    if len(tables) < 2:
        return
    sources = [source for number in {number for number, _ in tables} for source in plan.sources_of(number)]
    ids = over(session, sources, partial(_ids, plan), "plain string, file string, id string").dropDuplicates()
    found = ids.selectExpr("plain", "struct(file, id) as one").groupBy("plain").agg({"one": "collect_list"})
    alike = found.toDF("plain", "found").where("size(found) > 1").where(SPELT_OTHERWISE).limit(1).collect()
    for row in alike:
        first, second = sorted(row["found"], key=lambda one: (one["id"], one["file"]))[:: len(row["found"]) - 1]
        raise UnjoinableTablesError(
            f"Its id {first['id']} is written {second['id']} in {second['file']}, and Spark does not see that these are"
            " the same.",
            "Write the ids alike in all files, or use --engine pandas.",
            file=first["file"],
        )


def _ids(plan: SparkPlan, source: Source) -> Iterator[pd.DataFrame]:
    ids = plan.read(source).frame[ID].drop_duplicates()
    known = ids[ids.map(plain_id).ne("")].to_numpy(object)
    file = plan.stacks[source[0]].tables[source[1]].file.name
    yield pd.DataFrame({"plain": list(map(plain_id, known)), "file": file, "id": known})


def check_months(plan: SparkPlan) -> None:
    """Refuse files of several months of which one has some columns more (`rows.stack.stack_parts`).

    Raises
    ------
    UnjoinableTablesError
        They would be joined, and not be put below each other.
    """
    for one, wider in permutations(plan.stacks, 2):
        names = [table.file.name for stack in (wider, one) for table in stack.tables]
        if ID in one.names and len(one.names) > 1 and one.names < wider.names and are_months(names):
            raise UnjoinableTablesError(
                f"It has fewer columns than {wider.name} of another month, and Spark does not put tables of different"
                " columns below each other.",
                "Add the columns to it, with blank cells, or use --engine pandas.", file=one.name,
            )  # fmt: skip
