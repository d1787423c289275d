"""The numbers of a chart as series over categories, for a program that draws its own charts: a small table in.

A plot has the numbers that the chart of a page shows, and no text made of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from core.figures import count
from core.schema import CLUSTER, UNKNOWN, YES_NO
from core.views.summary import MOST_BARS, mean, most_frequent, quartiles, share
from core.views.tables import WHOLE

Kind = Literal["doughnut", "bars", "columns", "stacked", "ranges"]
Form = Literal["count", "share", "number"]
Names = Mapping[str, str]
MOST_PARTS: Final = 8  # of a bar: more cannot be told apart by their shades
QUARTILES: Final = {"lower": "Lower quartile", "median": "Median", "upper": "Upper quartile"}
HALF: Final = "A bar is the middle half of the customers; its colour changes at the median."


@dataclass(frozen=True)
class Series:
    """A number per category, None where it is not known or hidden; `cluster` is the segment it is of, if any."""

    name: str
    values: tuple[float | None, ...]
    cluster: str = ""


@dataclass(frozen=True)
class Plot:
    """A chart by its numbers.

    Parameters
    ----------
    kind : str
        `bars` lie and `columns` stand; `stacked` are bars whose series add up; `ranges` have the lower quartile, the
        median and the upper quartile as their series.
    categories : tuple of str
        What stands beside the marks; `clusters` has the label of the segment of each, where they are segments.
    series : tuple of Series
        The numbers.
    form : str
        What the numbers are; a share is from 0 to 1. Money has the `sign` of its currency.
    title : str
        What the numbers are, in words.
    note : str
        What is left out.
    """

    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    form: Form
    title: str
    sign: str = ""
    clusters: tuple[str, ...] = ()
    note: str = ""


def segment_text(cluster: str, names: Names) -> str:
    """`"2 Younger · short tenure"`, as every visual writes a segment."""
    return f"{cluster} {names[cluster]}" if cluster in names and names[cluster] != cluster else cluster


def doughnut(table: pd.DataFrame, *, names: Names) -> Plot:
    """`customers` by cluster."""
    clusters = _clusters(table)
    series = Series("Customers", tuple(map(float, table["customers"])))
    return Plot("doughnut", _texts(clusters, names), (series,), "count", "Customers", clusters=clusters)


def mean_bars(table: pd.DataFrame, measure: str, *, names: Names, title: str, sign: str = "") -> Plot:
    """A measure's mean by cluster, of those where somebody has it."""
    known = table[table[f"{measure}_n"] > 0]
    clusters = _clusters(known)
    series = Series(title, tuple(map(float, mean(known, measure))))
    return Plot("bars", _texts(clusters, names), (series,), "number", title, sign, clusters)


def rates(table: pd.DataFrame, flag: str, *, names: Names, title: str) -> Plot:
    """The share of a flag by cluster, of those where it is known."""
    known = table[table[f"{flag}_known"] > 0]
    clusters = _clusters(known)
    series = Series(title, tuple(map(float, share(known, flag))))
    return Plot("columns", _texts(clusters, names), (series,), "share", title, clusters=clusters)


def boxes(histogram: pd.DataFrame, column: str, *, names: Names, title: str, sign: str = "") -> Plot:
    """The quartiles of a number by cluster, from its histogram."""
    found = quartiles(histogram, column)
    found = found.iloc[_order(found[CLUSTER].astype("str"), names)]
    clusters = _clusters(found)
    series = tuple(Series(text, tuple(map(float, found[name]))) for name, text in QUARTILES.items())
    return Plot("ranges", _texts(clusters, names), series, "number", title, sign, clusters, HALF)


def stacked_shares(table: pd.DataFrame, inner: str, *, names: Names, title: str) -> Plot:
    """The shares of the values of a category within each cluster, which end short where groups are hidden."""
    whole = table.attrs.get(WHOLE) or table.groupby(CLUSTER, observed=True)["customers"].sum().to_dict()
    whole = {str(cluster): customers for cluster, customers in whole.items()}
    cells = _cells(table, inner)
    clusters = _clusters_of(cells, names)
    values = _values(table, inner, MOST_PARTS)
    series = tuple(
        Series(value, tuple(_part(cells.get((cluster, value)), whole[cluster]) for cluster in clusters))
        for value in values
    )
    note = _beyond(table, inner, MOST_PARTS)
    return Plot("stacked", _texts(clusters, names), series, "share", title, clusters=clusters, note=note)


def counts(table: pd.DataFrame, inner: str, *, names: Names, title: str) -> Plot:
    """Customers by the values of a category, the most frequent first, split by cluster."""
    cells, kept = _cells(table, inner), most_frequent(table, inner, MOST_BARS)
    sizes = kept.groupby(kept[inner].astype("str"))["customers"].sum().sort_values(ascending=False, kind="stable")
    values = [value for value in sizes.index if value != UNKNOWN] + [UNKNOWN] * (UNKNOWN in sizes.index)
    clusters = _clusters_of(cells, names)
    series = tuple(
        Series(segment_text(cluster, names), tuple(cells.get((cluster, value)) for value in values), cluster)
        for cluster in clusters
    )
    return Plot("stacked", tuple(values), series, "count", title, note=_beyond(table, inner, MOST_BARS))


def ranked(table: pd.DataFrame, inner: str, *, title: str, names: Names | None = None) -> Plot:
    """Customers by the values of a key, most first."""
    kept = most_frequent(table, inner, MOST_BARS).sort_values("customers", ascending=False, kind="stable")
    values = tuple((names or {}).get(value, value) for value in kept[inner].astype("str"))
    series = Series("Customers", tuple(map(float, kept["customers"])))
    return Plot("bars", values, (series,), "count", title, note=_beyond(table, inner, MOST_BARS))


def _clusters(table: pd.DataFrame) -> tuple[str, ...]:
    return tuple(table[CLUSTER].astype("str"))


def _texts(clusters: Sequence[str], names: Names) -> tuple[str, ...]:
    return tuple(segment_text(cluster, names) for cluster in clusters)


def _cells(table: pd.DataFrame, inner: str) -> dict[tuple[str, str], float]:
    keys = zip(table[CLUSTER].astype("str"), table[inner].astype("str"), strict=True)
    return dict(zip(keys, map(float, table["customers"]), strict=True))


def _clusters_of(cells: Iterable[tuple[str, str]], names: Names) -> tuple[str, ...]:
    clusters = [*dict.fromkeys(cluster for cluster, _ in cells)]
    return tuple(clusters[at] for at in _order(clusters, names))


def _order(clusters: Iterable[str], names: Names) -> list[int]:
    """The positions of some clusters in the order of the names, those in no segment last."""
    known, labels = [*names], [*clusters]
    return sorted(range(len(labels)), key=lambda at: known.index(labels[at]) if labels[at] in known else len(known))


def _part(customers: float | None, whole: float) -> float | None:
    return None if customers is None else customers / whole


def _values(table: pd.DataFrame, inner: str, most: int) -> list[str]:
    """The most frequent values in the order of their categories: Yes before No, unknown last."""
    column = most_frequent(table, inner, most)[inner].astype("category").cat.remove_unused_categories()
    values = [*map(str, column.cat.categories)]
    last = len(YES_NO)
    return sorted(values, key=lambda value: (value == UNKNOWN, YES_NO.index(value) if value in YES_NO else last))


def _beyond(table: pd.DataFrame, inner: str, most: int) -> str:
    values = table[inner].astype("str").nunique()
    return f"The {most} most frequent of {count(values)} values." if values > most else ""
