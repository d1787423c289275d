"""One small table of counts and sums per KPI and chart.

Every table is made by `count`: whole numbers only, grouped by few-valued keys, so the tables of two
halves of the customers add up to that of the whole, exactly, in any order. Shares, means and
quantiles are computed when something is drawn.

The input may be counted already: rows of finer keys with their number of customers (`views.counted`). Then `count`
adds up, and gives the same table as from the customers themselves.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core import exact
from core.figures import EDGE_DECIMALS
from core.schema import CLUSTER, FILTERS, HIGH_POTENTIAL, MASS_AFFLUENT, NOT_CLUSTERED, OUTLIERS, YES_NO
from core.views.counted import COUNT, carried, in_bins, is_counted, size

Filters = Mapping[str, tuple[str, ...]]
Decimals = Mapping[str, int]  # measure → the decimal place it is summed in
AGE_BIN = 5  # years a scatter bubble spans
VALUE_BINS = 12  # a scatter shows at most so many bins of the measure
FINEST = 0.01  # the narrowest bin of a number that is not always whole, such as a share
MANY_GROUPS = 100_000  # above this, sorting the rows is cheaper than a cell per combination
FLAGS = (MASS_AFFLUENT, HIGH_POTENTIAL)
NOTHING: Decimals = {}
WHOLE = "customers with hidden groups"  # in a table's `attrs`, by first key, where groups are hidden from it


@dataclass(frozen=True)
class Totals:
    """The counts behind the KPI cards; `known` leaves out those whose flag is unknown."""

    customers: int
    mass_affluent: int
    mass_affluent_known: int
    high_potential: int
    high_potential_known: int
    not_clustered: int
    outliers: int = 0


def options(customers: pd.DataFrame, columns: Iterable[str] = FILTERS) -> dict[str, list[str]]:
    """The values each filter offers: those that occur, Yes before No, "Unknown" last; none for a missing column."""
    options = {}
    for column in columns:
        values = occurring(customers[column]) if column in customers else ()
        options[column] = sorted(map(str, values), key=lambda value: YES_NO.index(value) if value in YES_NO else -1)
    return options


def occurring(values: pd.Series) -> pd.Index:
    """The categories that occur, in their order; they are counted, which is faster than to look for the others."""
    known = values.cat.categories
    return known[np.bincount(values.cat.codes.to_numpy() + 1, minlength=len(known) + 1)[1:] > 0]


def select(customers: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """The customers that every filter lets through; an empty filter, or one the file lacks, lets all through."""
    keep = np.ones(len(customers), bool)
    for column, wanted in filters.items():
        if wanted and column in customers:
            keep &= customers[column].isin(wanted).to_numpy()
    return customers if keep.all() else customers[keep]


def count(
    customers: pd.DataFrame, by: Sequence[str], *, flags: Sequence[str] = (), sums: Decimals = NOTHING
) -> pd.DataFrame:
    """Count customers by categorical columns; only combinations that occur.

    Sums of a counted frame keep its decimals.

    Returns
    -------
    DataFrame
        The `by` columns; `customers`; per flag `<flag>_yes` and `<flag>_known`; per summed measure
        `<measure>_n` (customers who have it) and `<measure>_sum_<decimals>`, the sum in units of
        10^-decimals, which `total` reads. All int64.
    """
    codes, shape = _group_codes(customers, by)
    groups, codes = _present(codes, int(np.prod(shape)))
    size = len(groups)
    table = _counted(customers, codes, size, flags)
    for measure, places in sums.items():
        table[f"{measure}_n"], table[f"{measure}_sum_{places}"] = _summed(customers, measure, codes, size, places)
    occurs = table["customers"] > 0
    keys = np.unravel_index(groups[occurs], shape) if by else ()
    columns = {name: customers[name].cat.categories.take(key) for name, key in zip(by, keys, strict=True)}
    return pd.DataFrame(columns | {name: values[occurs].astype("int64") for name, values in table.items()})


def total(table: pd.DataFrame, measure: str) -> pd.Series:
    """The sums of a measure in its own unit, from a table of `count`, or from a sum of such tables."""
    name, places = next(iter(_sums_of(table, measure)))
    return table[name] / 10.0**places


def measured(customers: pd.DataFrame, measures: Sequence[str]) -> dict[str, int]:
    """The measures that the customers have, each with the decimals to sum it in (`exact.decimals`).

    Take them from all customers, so that the tables of parts add up.
    """
    if is_counted(customers):
        return {measure: places for measure in measures for _, places in _sums_of(customers, measure)}
    return {measure: exact.decimals(customers[measure]) for measure in measures if measure in customers}


def totals(customers: pd.DataFrame) -> Totals:
    """The KPI cards' counts."""
    if customers.empty:
        return Totals(0, 0, 0, 0, 0, 0)
    row = count(customers, [], flags=FLAGS).iloc[0]
    return Totals(
        int(row["customers"]),
        int(row[f"{MASS_AFFLUENT}_yes"]),
        int(row[f"{MASS_AFFLUENT}_known"]),
        int(row[f"{HIGH_POTENTIAL}_yes"]),
        int(row[f"{HIGH_POTENTIAL}_known"]),
        *(size(customers[customers[CLUSTER].eq(group).to_numpy()]) for group in (NOT_CLUSTERED, OUTLIERS)),
    )


def by_cluster(customers: pd.DataFrame, measures: Decimals = NOTHING) -> pd.DataFrame:
    """Per cluster: customers, flags, and the sums of measures (`measured`)."""
    return count(customers, [CLUSTER], flags=FLAGS, sums=measures)


def sums(customers: pd.DataFrame, measures: Decimals) -> pd.DataFrame:
    """One row: all customers, and the sums of measures (`measured`)."""
    return count(customers, [], sums=measures)


def histogram(customers: pd.DataFrame, column: str, step: float = 1) -> pd.DataFrame:
    """Histogram of a column's whole numbers by cluster: Cluster, <column>, customers; those of unknown are left out.

    Other numbers are in bins of `step`, each by its lower edge.
    """
    return _with_bins(customers, {column: step})


def age_by_value(
    customers: pd.DataFrame, measure: str, step: float, across: str = "age", width: float = AGE_BIN
) -> pd.DataFrame:
    """Customers in bins of age × measure by cluster: Cluster, age, <measure> (each a bin's lower edge), customers.

    Bins are `AGE_BIN` years by `step` units; `value_step` of all customers gives a step that no filter moves. Another
    number can stand `across` in place of age, in bins of its own `width`.
    """
    return _with_bins(customers, {across: width, measure: step})


def value_step(values: pd.Series) -> float:
    """A round bin width (1, 2 or 5 times a power of ten) that gives at most `VALUE_BINS` + 1 bins."""
    least, most = (float(end) for end in (values.min(), values.max()))
    few = most - least <= VALUE_BINS
    return step_between(least, most, whole=not few or bool((values.dropna() % 1 == 0).all()))


def step_between(least: float, most: float, *, whole: bool = True) -> float:
    """The bin width of `value_step` for values from `least` to `most`, which are NaN where there is no value."""
    span = most - least
    if not span > (VALUE_BINS if whole else FINEST * VALUE_BINS):
        return 1.0 if whole or not span > 0 else FINEST
    return round_step(span, VALUE_BINS)


def round_step(span: float, parts: int) -> float:
    """The least round step (1, 2 or 5 times a power of ten) of which so many parts, or fewer, make a span."""
    power = 10.0 ** np.floor(np.log10(span / parts))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power * parts >= span))


def places(customers: pd.DataFrame, place: str = "state", measures: Decimals = NOTHING) -> pd.DataFrame:
    """Per state and, where the file has it, postcode: customers, flags, sums; or per another kind of `place` alone.

    Measures (`measured`) that the customers lack are left out.
    """
    keys = [name for name in ("state", "postcode") if name in customers] if place == "state" else [place]
    sums = {name: places for name, places in measures.items() if name in customers or f"{name}_n" in customers}
    return count(customers, keys, flags=FLAGS, sums=sums)


def cells(customers: pd.DataFrame, height: float, width: float) -> pd.DataFrame:
    """Per cell of a grid in degrees: latitude and longitude (lower edges), customers, mass affluent.

    Customers without both coordinates are left out.
    """
    return _with_bins(customers, {"latitude": height, "longitude": width}, (), (MASS_AFFLUENT,))


def _group_codes(customers: pd.DataFrame, by: Sequence[str]) -> tuple[np.ndarray, tuple[int, ...]]:
    """One whole number per row for its combination of keys."""
    shape = tuple(max(len(customers[name].cat.categories), 1) for name in by) or (1,)
    codes = np.zeros(len(customers), "int64")
    for name, values in zip(by, shape, strict=False):
        codes *= values
        codes += customers[name].cat.codes.to_numpy()
    return codes, shape


def _counted(customers: pd.DataFrame, codes: np.ndarray, size: int, flags: Sequence[str]) -> dict[str, np.ndarray]:
    """Customers by group, and those with each flag; each flag by itself, so memory does not grow with their number."""
    number = customers[COUNT].to_numpy() if is_counted(customers) else None
    table = {"customers": np.bincount(codes, number, minlength=size).astype("int64")}
    for flag in flags:
        cells = codes * len(YES_NO) + customers[flag].cat.codes.to_numpy()
        yes, no, _ = np.bincount(cells, number, minlength=size * len(YES_NO)).reshape(size, -1).T.astype("int64")
        table |= {f"{flag}_yes": yes, f"{flag}_known": yes + no}
    return table


def _summed(
    customers: pd.DataFrame, measure: str, codes: np.ndarray, size: int, places: int
) -> tuple[np.ndarray, np.ndarray]:
    """By group, how many have a measure, and the sum in units of 10^-places."""
    if not is_counted(customers):
        return exact.sums(customers[measure].to_numpy("float64"), codes, size, places)
    number, units = (customers[f"{measure}_{end}"].to_numpy() for end in ("n", f"sum_{places}"))
    return exact.added(number, codes, size), exact.added(units, codes, size)


def _sums_of(table: pd.DataFrame, measure: str) -> Iterator[tuple[str, int]]:
    """The column that has the sums of a measure, and its decimals."""
    pattern = re.compile(rf"{re.escape(measure)}_sum_(-?\d+)")
    yield from ((match[0], int(match[1])) for name in table if (match := pattern.fullmatch(str(name))))


def _present(codes: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The combinations to count, and each row's position among them; all of them while they are few."""
    if size <= MANY_GROUPS:
        return np.arange(size), codes
    return np.unique(codes, return_inverse=True)


def _with_bins(
    customers: pd.DataFrame, steps: Mapping[str, float], by: Sequence[str] = (CLUSTER,), flags: Sequence[str] = ()
) -> pd.DataFrame:
    """Count by categories and by the lower edges of numeric bins; rows that lack a number are left out."""
    names = {name: in_bins(name, step) for name, step in steps.items()}
    columns = {name: bins if bins in customers else name for name, bins in names.items()}
    categories = {name: customers[name] for name in (*by, *flags)}
    known = carried(customers, categories | {name: customers[at] for name, at in columns.items()})
    missing = known[[*steps]].isna().to_numpy().any(axis=1)
    known = known[~missing] if missing.any() else known
    # What is counted by bins already has their edges, which a division may miss by the last digit.
    edges = {name: names[name] in customers for name in steps}
    bins = {name: binned(known[name].to_numpy("float64"), step, edges=edges[name]) for name, step in steps.items()}
    found = {name: known[name].array for name in categories}
    table = count(carried(known, {**found, **bins}), [*by, *steps], flags=flags)
    return table.assign(**{name: table[name].astype("float64") for name in steps})


def binned(values: np.ndarray, step: float, *, edges: bool = False) -> pd.Categorical:
    """The bin of each value, by its lower edge; the values may be `edges` already."""
    bins = np.round(values / step) if edges else np.floor(values / step)
    first = bins.min() if len(bins) else 0.0
    codes = (bins - first).astype("int32")
    lower = (first + np.arange(codes.max(initial=0) + 1)) * step
    return pd.Categorical.from_codes(codes, lower if step >= 1 else np.round(lower, EDGE_DECIMALS))
