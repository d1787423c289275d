"""The table of the session's catalogue that gets a row per customer: the columns that a database gets, too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from core.errors import DataError
from core.schema import AGE_GROUP, CLUSTER, HIGH_POTENTIAL, ID, MASS_AFFLUENT
from core.segments.profile import Segments, groups
from core.spark.catalogue import CatalogueTable, exists, first_line
from core.trail import EXPORTED, note

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

RUN_FORM: Final = re.compile(r"[\w.:+-]{1,100}")
APPEND, REPLACE = "append", "replace"
# Columns and their types in SQL; those without a source are of what Spark does not know, so that engines share a table.
COLUMNS: Final = {
    "customer_id": "string", "cluster": "bigint", "segment": "string", "is_mass_affluent": "boolean",
    "is_high_potential": "boolean", "age_group": "string", "second_cluster": "bigint", "margin": "double",
    "certainty": "double", "outside_range": "string", "not_clustered_because": "string", "run_id": "string",
    "as_of": "date",
}  # fmt: skip


@dataclass(frozen=True)
class Into:
    """A table by its name; `way` is append (rows of other runs stay), replace, or empty (replace if it is alike)."""

    table: str
    way: str = ""
    run: str = ""


def check_into(session: "SparkSession", into: Into, read: Sequence[CatalogueTable]) -> None:
    """Refuse, before much work is done, a table that is read, has other columns, or has rows of this run.

    Raises
    ------
    DataError
        It cannot be written.
    """
    name = _parts(into.table)
    for table in read:
        other = _parts(table.name)
        if all(one == two for one, two in zip(reversed(name), reversed(other), strict=False)):
            raise DataError(
                f"The table {into.table} is read from.", "Write to another one; give the databases of both."
            )
    if into.run and not RUN_FORM.fullmatch(into.run):
        raise DataError("The run id cannot be used.", "Use letters, digits and . : + - _, at most 100.")
    if not exists(session, into.table) or into.way == REPLACE:
        return
    found = session.read.table(into.table).columns
    if {one.casefold() for one in found} != {*COLUMNS}:
        raise DataError(
            "It has other columns than the segments.", "Choose another table, or --write replace.", file=into.table
        )


def written_into(session: "SparkSession", into: Into, rows: "DataFrame", as_of: date, *, customers: int) -> None:
    """Write a row for each of so many customers (`customer_table.CUSTOMERS`), with the run and its date.

    Raises
    ------
    DataError
        Spark cannot write it, or it has rows of the run that its format cannot replace.
    """
    from pyspark.errors import PySparkException

    run = into.run or as_of.isoformat()
    rows = _stamped(rows, run, as_of)
    note(EXPORTED, table=into.table, run=run, columns=[*COLUMNS], rows=customers)
    try:
        if into.way == REPLACE or not exists(session, into.table):
            rows.write.mode("overwrite").saveAsTable(into.table)
        elif into.way != APPEND:
            rows.select(*session.read.table(into.table).columns).write.insertInto(into.table, overwrite=True)
        else:
            _append(session, into.table, rows, run)
    except PySparkException as error:
        raise DataError(
            f"Spark cannot write it: {first_line(error)}", "See its name and your rights.", file=into.table
        ) from None


def _append(session: "SparkSession", name: str, rows: "DataFrame", run: str) -> None:
    """Add the rows; those of the same run are replaced, in one step."""
    from pyspark.errors import PySparkException
    from pyspark.sql import functions as sql

    there = session.read.table(name)
    rows = rows.select(*there.columns)
    of_run = sql.col("run_id") == sql.lit(run)
    if not there.where(of_run).limit(1).collect():
        rows.write.insertInto(name)
        return
    try:
        rows.writeTo(name).overwrite(of_run)
    except PySparkException:
        raise DataError(
            f"It has rows of the run {run}, and this kind of table cannot replace some of its rows.",
            "Remove them, give another --run-id, or use a Delta or Iceberg table.", file=name,
        ) from None  # fmt: skip


def rows_of(customers: "DataFrame", found: Segments) -> "DataFrame":
    """Customers of a run with their flags and `Cluster` → the rows of a table, nothing else of a person."""
    from pyspark.sql import functions as sql

    def flag(name: str) -> "Column":
        return sql.when(sql.col(name) == "Yes", True).when(sql.col(name) == "No", False)

    label, names = sql.col(CLUSTER), {str(number): name for number, name in found.names.items()}
    segment = label
    for one in groups(found.feature_specs, found.k):
        segment = sql.when(label == one, sql.lit(names.get(one, one))).otherwise(segment)
    known = {
        "customer_id": sql.nullif(sql.col(ID), sql.lit("")),
        "cluster": label.try_cast("bigint"),
        "segment": segment,
        "is_mass_affluent": flag(MASS_AFFLUENT),
        "is_high_potential": flag(HIGH_POTENTIAL),
        "age_group": sql.col(AGE_GROUP),
    }
    return customers.select(*(column.alias(name) for name, column in known.items()))


def _stamped(customers: "DataFrame", run: str, as_of: date) -> "DataFrame":
    """All columns with their types; those that are not known are null."""
    from pyspark.sql import functions as sql

    known = {name: sql.col(name) for name in customers.columns}
    known |= {"run_id": sql.lit(run), "as_of": sql.lit(as_of)}
    return customers.select(*(known.get(name, sql.lit(None)).cast(kind).alias(name) for name, kind in COLUMNS.items()))


def _parts(name: str) -> list[str]:
    return [part.strip("`") for part in name.casefold().split(".")]
