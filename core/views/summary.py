"""Shares, means and quantiles, taken once from the small tables, ready to draw."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from core import figures
from core.schema import CLUSTER, NO_SEGMENT, UNKNOWN
from core.views.tables import total

QUARTILES = {"lower": 0.25, "median": 0.5, "upper": 0.75}
MOST_VALUES: Final = 50  # of a category in one chart
MOST_BARS: Final = 12  # as high as a map
# Segments are spread alike if less than a tenth of their customers would have to have another value for all segments
# to have the same shares. Chance alone moves some 4 % among 4,000 customers in five segments and ten values.
ALIKE: Final = 0.1


def mean(table: pd.DataFrame, measure: str) -> pd.Series:
    """Mean of a summed measure in its own unit; NaN where nobody has it."""
    return total(table, measure) / table[f"{measure}_n"].where(table[f"{measure}_n"] > 0)


def with_everybody(clusters: pd.DataFrame) -> pd.DataFrame:
    """A table by cluster with the row of all customers before it, whose label is empty; labels are text."""
    numbers = {name: [column.sum(), *column] for name, column in clusters.items() if name != CLUSTER}
    return pd.DataFrame({**numbers, CLUSTER: ["", *clusters[CLUSTER].astype("str")]})


def share(table: pd.DataFrame, flag: str) -> pd.Series:
    """Share of Yes among the customers whose flag is known; NaN where nobody's is."""
    known = table[f"{flag}_known"]
    return table[f"{flag}_yes"] / known.where(known > 0)


def quartiles(histogram: pd.DataFrame, value: str) -> pd.DataFrame:
    """Five numbers per cluster, exactly those of the rows behind the histogram.

    Quartiles are `numpy.quantile`'s default (linear interpolation); the whiskers end at the
    furthest value within 1.5 interquartile ranges of the box (Tukey 1977).

    Returns
    -------
    DataFrame
        Cluster, customers, low, lower, median, upper, high.
    """
    codes, clusters = pd.factorize(histogram[CLUSTER], sort=True)
    values, counts = histogram[value].to_numpy("float64"), histogram["customers"].to_numpy()
    order = np.argsort(values, kind="stable")
    rows = []
    for at, cluster in enumerate(clusters):
        inside = order[codes[order] == at]
        box = _five_numbers(values[inside], counts[inside])
        rows.append({CLUSTER: cluster, "customers": int(counts[inside].sum()), **box})
    return pd.DataFrame(rows, columns=[CLUSTER, "customers", "low", "lower", "median", "upper", "high"])


def _five_numbers(values: np.ndarray, counts: np.ndarray) -> dict[str, float]:
    """Of values in their order, each of so many customers."""
    upto = counts.cumsum()
    ranks = np.array([*QUARTILES.values()]) * (upto[-1] - 1)  # fractional, among all customers, counted from 0
    below, above = (values[np.searchsorted(upto, end, side="right")] for end in (np.floor(ranks), np.ceil(ranks)))
    box = dict(zip(QUARTILES, (below + (above - below) * (ranks - np.floor(ranks))).tolist(), strict=True))
    reach = 1.5 * (box["upper"] - box["lower"])
    inside = values[(values >= box["lower"] - reach) & (values <= box["upper"] + reach)]
    return box | {"low": float(inside.min()), "high": float(inside.max())}


def counted(number: int, noun: str) -> str:
    """`counted(1, "customer")` → `"1 customer"`, `counted(0, "customer")` → `"0 customers"`."""
    return f"{figures.count(number)} {noun}" + ("" if number == 1 else "s")


def of_whom(customers: int, everybody: int) -> str:
    """The words after a share of so many customers: of all, or of those selected."""
    return "of all customers" if customers == everybody else "of those selected"


def left_out(table: pd.DataFrame | None, customers: int, why: str) -> str:
    """A sentence on the customers a chart cannot show; empty where it shows everybody, or nothing."""
    shown = 0 if table is None else int(table["customers"].sum())
    if not 0 < shown < customers:
        return ""
    gone = customers - shown
    return f"{counted(gone, 'customer')} {why} {'is' if gone == 1 else 'are'} not shown."


def most_frequent(table: pd.DataFrame, key: str, most: int = MOST_VALUES) -> pd.DataFrame:
    """The rows of the values of a key that most customers have; thousands of marks are not readable."""
    texts = table[key].astype("str")
    if texts.nunique() <= most:
        return table
    sizes = table.groupby(texts, sort=True)["customers"].sum()
    largest = sizes.sort_values(ascending=False, kind="stable").index[:most]
    return table[texts.isin(largest)]


def beyond(table: pd.DataFrame | None, key: str, most: int = MOST_VALUES) -> str:
    """A sentence on the values that `most_frequent` leaves out; empty where it shows all."""
    values = 0 if table is None else table[key].astype("str").nunique()
    return f"The {most} most frequent of {figures.count(values)} values." if values > most else ""


class Crossed(NamedTuple):
    """Customers by segment and value of a category, of those who are in a segment and whose value is known.

    Segments and values are texts in their order, each with a row or a column of `counts` that is not all 0.
    """

    segments: list[str]
    values: list[str]
    counts: np.ndarray


def crossed(table: pd.DataFrame, inner: str) -> Crossed:
    """The counts of a table by cluster and category as a matrix."""
    labels = zip(table[CLUSTER].astype("str"), table[inner].astype("str"), table["customers"].tolist(), strict=True)
    known = [row for row in labels if row[0] not in NO_SEGMENT and row[1] != UNKNOWN and row[2] > 0]
    segments, values = sorted({row[0] for row in known}), sorted({row[1] for row in known})
    at_segment, at_value = ({name: at for at, name in enumerate(names)} for names in (segments, values))
    counts = np.zeros((len(segments), len(values)))
    for cluster, value, customers in known:
        counts[at_segment[cluster], at_value[value]] += customers
    return Crossed(segments, values, counts)


def alike(table: pd.DataFrame, inner: str) -> bool:
    """Whether the shares of the values of `inner` hardly differ between the segments of a table (`ALIKE`)."""
    (rows, segments), (columns, values) = pd.factorize(table[CLUSTER]), pd.factorize(table[inner])
    if len(segments) < 2:
        return False
    cells = rows * len(values) + columns  # a pivot table takes ten times as long, on each page
    customers = table["customers"].fillna(0).to_numpy("float64")
    counts = np.bincount(cells, customers, len(segments) * len(values)).reshape(len(segments), len(values))
    sizes = counts.sum(axis=1)
    everybody = counts.sum(axis=0) / counts.sum()
    apart = np.abs(counts - np.outer(sizes, everybody)).sum() / 2  # of all: each segment's total variation distance
    return bool(apart / sizes.sum() < ALIKE)
