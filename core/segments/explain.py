"""Differences of each segment from the other customers: all columns ranked by effect size."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.schema import ADDED, UNKNOWN, YES_NO, Column
from core.segments.effect_sizes import cohens_d, cohens_h
from core.segments.names import material
from core.segments.profile import Segments

FLAGS: Final = ADDED
COMPARED = ("category", "band", "yes_no", "text")  # kinds of columns, besides numbers
MOST_CATEGORIES = 60  # a column of more different texts, such as postcodes or titles, describes nobody
SMALL: Final = 0.2  # Cohen's (1988) small effect: less is not worth a line
DIFFERENCES = ["cluster", "column", "label", "value", "here", "everybody", "effect", "feature"]


def differences(customers: pd.DataFrame, columns: Sequence[Column], segments: Segments) -> pd.DataFrame:
    """Every column of every segment against all other customers, largest effect first.

    Returns
    -------
    DataFrame
        cluster, column (name), label, value (a category; empty for a number), here and everybody (mean in
        the column's unit, or share of those known), effect (against the others), feature (whether the segments are
        made from the column).

    Notes
    -----
    The effect of a number is Cohen's d: the segment's mean minus that of all others, in standard deviations within the
    two, `MOST_EFFECT` at most. Of a category it is Cohen's h of the segment's share and the others'. Both are between
    groups apart, and Cohen (1988) calls 0.2 of either small, 0.5 medium and 0.8 large.
    """
    codes = np.where(segments.labels.codes < segments.k, segments.labels.codes, -1)
    rows = [
        (str(at + 1), *row, row[0] in segments.made_of) for at, row in _compared(customers, columns, codes, segments.k)
    ]
    return _strongest_first(pd.DataFrame(rows, columns=DIFFERENCES))


def notable(found: pd.DataFrame) -> pd.DataFrame:
    """The rows of `differences` that are neither small in standard deviations nor in the column's own unit.

    A share of No is left out, since it mirrors that of Yes.
    """
    differ = material(found["here"].to_numpy(), found["everybody"].to_numpy(), (found["value"] != "").to_numpy())
    return found[(found["effect"].abs() >= SMALL) & differ & (found["value"] != YES_NO[1])]


def differences_of_sums(
    counted: Iterable[tuple[pd.Series, np.ndarray, np.ndarray]],
    summed: Iterable[tuple[str, np.ndarray, np.ndarray, float]],
    columns: Sequence[Column],
    segments: Segments,
) -> pd.DataFrame:
    """The same without rows: of categories that are counted, and of numbers that are summed.

    `counted` has categories, the code of the segment of each, and how many customers have both; `summed` the name
    of a number, by group (the segments first) how many know it and its sum, and everybody's standard deviation.
    """
    labels = FLAGS | {column.name: column.label for column in columns}
    compared = [
        (str(values.name), _categories(values, np.where(codes < segments.k, codes, -1), segments.k, numbers))
        for values, codes, numbers in counted
    ]
    compared += [(name, _means(known, sums, deviation, segments.k)) for name, known, sums, deviation in summed]
    rows = [
        (str(at + 1), name, labels[name], *found, name in segments.made_of)
        for name, differing in compared
        for at, *found in differing
    ]
    return _strongest_first(pd.DataFrame(rows, columns=DIFFERENCES))


def _strongest_first(found: pd.DataFrame) -> pd.DataFrame:
    order = found.assign(at=found["cluster"].astype("int64"), strongest=-found["effect"].abs().round(9))
    return order.sort_values(["at", "strongest", "label", "value"], ignore_index=True)[DIFFERENCES]


def _compared(
    customers: pd.DataFrame, columns: Sequence[Column], codes: np.ndarray, k: int
) -> Iterator[tuple[int, tuple[str, str, str, float, float, float]]]:
    """The position of a segment, and a row of `DIFFERENCES` without the segment and whether it is a feature."""
    for name, label, kind in described(customers, columns):
        compare = _numbers if kind == "number" else _categories
        for at, value, here, everybody, effect in compare(customers[name], codes, k):
            yield at, (name, label, value, here, everybody, effect)


def described(customers: pd.DataFrame, columns: Sequence[Column]) -> list[tuple[str, str, str]]:
    """Name, label and kind of the columns that can describe a segment."""
    known = [(column.name, column.label, column.kind) for column in columns if column.name in customers]
    known += [(name, label, "category") for name, label in FLAGS.items() if name in customers]
    return [
        (name, label, kind)
        for name, label, kind in known
        if kind == "number"
        or (
            kind in COMPARED
            and isinstance(customers[name].dtype, pd.CategoricalDtype)
            and len(customers[name].cat.categories) <= MOST_CATEGORIES
        )
    ]


def _numbers(column: pd.Series, codes: np.ndarray, k: int) -> Iterator[tuple[int, str, float, float, float]]:
    values = column.to_numpy("float64")
    known = np.isfinite(values)
    ordered = np.sort(values[known])  # sums of floats depend on their order
    if not len(ordered) or ordered[0] == ordered[-1]:
        return
    mean, spread = float(ordered.mean()), float(ordered.std())
    for at in range(k):
        inside = np.sort(values[known & (codes == at)])
        if 0 < len(inside) < len(ordered):
            here = float(inside.mean())
            yield at, "", here, mean, cohens_d(here, mean, spread, len(inside) / len(ordered))


def _means(
    known: np.ndarray, sums: np.ndarray, deviation: float, k: int
) -> Iterator[tuple[int, str, float, float, float]]:
    """`_numbers` by sums: everybody counts, with a segment or without."""
    if not deviation:
        return
    everybody = known.sum()
    mean = float(sums.sum() / everybody)
    for at in range(k):
        if 0 < known[at] < everybody:
            here = float(sums[at] / known[at])
            yield at, "", here, mean, cohens_d(here, mean, deviation, known[at] / everybody)


def _categories(
    column: pd.Series, codes: np.ndarray, k: int, numbers: np.ndarray | int = 1
) -> Iterator[tuple[int, str, float, float, float]]:
    labels = list(column.cat.categories)
    table = np.zeros((k + 1, len(labels) + 1), "int64")
    np.add.at(table, (codes, column.cat.codes.to_numpy()), numbers)
    known = [i for i, label in enumerate(labels) if label != UNKNOWN]
    everybody = table[:, known].sum(axis=0)
    if (everybody > 0).sum() < 2:
        return
    shares = everybody / everybody.sum()
    for at in range(k):
        inside = table[at, known]
        others = everybody - inside
        if inside.sum() and others.sum():
            here = inside / inside.sum()
            effects = cohens_h(here, others / others.sum())
            for i, place in enumerate(known):
                if everybody[i]:
                    yield at, str(labels[place]), float(here[i]), float(shares[i]), float(effects[i])
