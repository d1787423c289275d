"""A typical customer of each segment: a real one, the medoid, told so roughly that nobody is named."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from core.figures import number
from core.intake.flags import flag_rows
from core.pipeline import Study
from core.schema import UNKNOWN
from core.segments.explain import FLAGS, described
from core.segments.features import matrix_under
from core.segments.profile import Segments
from core.views.suppress import MINIMUM

FIGURES: Final = 2  # of an amount: many customers share it
TIE: Final = 1e-9  # standard deviations that rounding may part two customers by


def typical(study: Study, segments: Segments) -> pd.DataFrame:
    """The customer nearest to the centre of each segment in standardised units; of several, the first by values.

    Ages are whole years, other numbers have two figures, and what fewer than `MINIMUM` customers answer is left
    out, as are ids, dates and postcodes. The flags are those of the values shown.

    Returns
    -------
    DataFrame
        cluster, column, label, value (text).
    """
    rows = [
        (str(cluster + 1), name, label, value)
        for cluster, customer in _medoids(study, segments)
        for name, label, value in _told(study, customer)
    ]
    return pd.DataFrame(rows, columns=["cluster", "column", "label", "value"])


def _medoids(study: Study, segments: Segments) -> Iterator[tuple[int, pd.DataFrame]]:
    """The position of each segment that has customers, and its medoid as a table of one row."""
    matrix = matrix_under(study.customers, segments.details)
    at, codes = np.flatnonzero(matrix.complete), segments.labels.codes[matrix.complete]
    for cluster in range(segments.k):
        inside = codes == cluster
        if inside.any():
            distance = np.sqrt(((matrix.values[inside] - segments.centres[cluster]) ** 2).sum(axis=1))
            nearest = study.customers.iloc[at[inside][distance <= distance.min() + TIE]]
            yield cluster, _first(nearest, [name for name, *_ in described(study.customers, study.columns)])


def _first(customers: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The first customer by their values, whatever the order of the rows."""
    texts = {name: customers[name].astype("str") for name in columns if not _is_number(customers[name])}
    order = customers[columns].assign(**texts).reset_index(drop=True).sort_values(columns).index
    return customers.iloc[[order[0]]]


def _told(study: Study, customer: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Name, label and value of what is told of a customer."""
    listed = [one for one in described(study.customers, study.columns) if one[0] not in FLAGS]
    rough = pd.DataFrame({name: _rough(study.customers[name], customer[name]) for name, *_ in listed})
    if "wealth_segment" in customer and "wealth_segment" not in rough:  # it says which rule applies
        rough["wealth_segment"] = pd.Categorical([UNKNOWN])
    rough = flag_rows(rough, study.rules)
    for name, label, _ in described(study.customers, study.columns):
        value = rough[name].iloc[0]
        if pd.notna(value) and value != UNKNOWN and (name not in FLAGS or _is_common(study.customers[name], value)):
            yield name, label, number(value, trim=True) if _is_number(rough[name]) else str(value)


def _rough(column: pd.Series, one: pd.Series) -> np.ndarray | pd.Categorical:
    """The value of one customer, as it may be told."""
    value = one.iloc[0]
    if not _is_number(column):
        return pd.Categorical([value if pd.notna(value) and _is_common(column, value) else UNKNOWN])
    return np.array([np.floor(value) if column.name == "age" else float(f"{value:.{FIGURES}g}")])


def _is_common(column: pd.Series, value: object) -> bool:
    return int((column == value).sum()) >= MINIMUM


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column.dtype)
