"""What a database gets: a row per customer in a segment, or a row per segment, with typed columns."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from core.analysis import Analysis
from core.customer_base import rows_of
from core.errors import DataError
from core.intake.match import TableSource, has_ids
from core.schema import AGE_GROUP, CERTAINTY, CLUSTER, HIGH_POTENTIAL, ID, MARGIN, MASS_AFFLUENT, SECOND
from core.segments.refresh import Refresh
from core.segments.score import NAME, OUTSIDE, REASON, score_customers
from core.study import Study

TEXT, WHOLE, NUMBER, FLAG = pa.large_string(), pa.int64(), pa.float64(), pa.bool_()
FLAGS: Final = {"Yes": True, "No": False}
# Names in small letters need no quotes in SQL. All are there whatever the method, so that runs share a table.
CUSTOMERS: Final[Mapping[str, tuple[str, pa.DataType]]] = {  # column → that of scores or customers, and its type
    "customer_id": (ID, TEXT),
    "cluster": (CLUSTER, WHOLE),  # null without a segment; `segment` says which group that is
    "segment": (NAME, TEXT),
    "is_mass_affluent": (MASS_AFFLUENT, FLAG),
    "is_high_potential": (HIGH_POTENTIAL, FLAG),
    "age_group": (AGE_GROUP, TEXT),
    "second_cluster": (SECOND, WHOLE),
    "margin": (MARGIN, NUMBER),
    "certainty": (CERTAINTY, NUMBER),
    "outside_range": (OUTSIDE, TEXT),
    "not_clustered_because": (REASON, TEXT),
}
SHARES: Final[Mapping[str, tuple[str, pa.DataType]]] = {
    "cluster": ("cluster", WHOLE),
    "segment": ("name", TEXT),
    "customers_then": ("then", WHOLE),
    "customers_now": ("now", WHOLE),
    "share_then": ("share_then", NUMBER),
    "share_now": ("share_now", NUMBER),
    "psi": ("psi", NUMBER),
}


def customers(study: Study, scores: pd.DataFrame) -> pa.Table:
    """A row per customer: id, segment, flags, how sure the segment is; no name, no address, nothing else of a person.

    `scores` is what `score_customers` gives for these customers.

    Raises
    ------
    DataError
        There is no customer id.
    """
    check_ids(study.sources, study.files)
    return _table(CUSTOMERS, scores, study.customers)


def check_ids(sources: Iterable[TableSource], files: Sequence[str]) -> None:
    """Refuse tables without a customer id for a table that is written.

    Raises
    ------
    DataError
        No column is one.
    """
    if not has_ids(sources):
        raise DataError(
            "There is no customer id, so nobody can be found in a table.", "Add a customer id, or write no table.",
            file=", ".join(files),
        )  # fmt: skip


def rows_for_database(analysis: Analysis) -> pa.Table:
    """`customers` of an analysis.

    Raises
    ------
    DataError
        There is no customer id.
    """
    rows = rows_of(analysis.study)
    return customers(rows, score_customers(rows.customers, rows.columns, analysis.certain(analysis.model)))


def shares(found: Refresh) -> pa.Table:
    """A row per segment: how many and what share are in it, then and now, and its part of the stability index."""
    return _table(SHARES, found.shares)


def empty(columns: Mapping[str, tuple[str, pa.DataType]]) -> pa.Table:
    """A table of no row, by which a place for such rows is checked."""
    return pa.table({name: pa.array([], kind) for name, (_, kind) in columns.items()})


def _table(columns: Mapping[str, tuple[str, pa.DataType]], *frames: pd.DataFrame) -> pa.Table:
    arrays = {}
    for name, (source, kind) in columns.items():
        values = next((frame[source] for frame in frames if source in frame), None)
        arrays[name] = pa.nulls(len(frames[0]), kind) if values is None else _array(values, kind)
    return pa.table(arrays)


def _array(values: pd.Series, kind: pa.DataType) -> Any:
    if kind == FLAG:
        return pa.array(values.astype("object").map(FLAGS), kind, from_pandas=True)
    if kind == TEXT:
        text = values.astype("object")
        return pa.array(text.where(text != "", None), kind, from_pandas=True)
    if kind == WHOLE and not pd.api.types.is_numeric_dtype(values.dtype):
        values = pd.to_numeric(values.astype("str"), errors="coerce")
    if kind == WHOLE:
        return pa.array(values.astype("Int64"), kind)
    return pa.array(values, kind, from_pandas=True)
