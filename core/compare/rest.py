"""Those selected beside all others: what differs, by how much, with an interval, and how large that is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import nan, sqrt
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import t as student

from core.schema import AGE_GROUP, CLUSTER, UNKNOWN, YES_NO, Column
from core.segments.effect_sizes import MOST_EFFECT, cohens_d, cohens_h
from core.segments.explain import COMPARED, FLAGS, MOST_CATEGORIES, SMALL
from core.segments.names import material
from core.selection import Selection
from core.strategy.rates import difference
from core.views import tables
from core.views.rounding import to_base, to_figures
from core.views.suppress import is_small, shown
from core.visuals.bands import number_of

SIDE, HERE, REST = "side", "here", "rest"
ROWS: Final = ["column", "value", "here", "rest", "difference", "low", "high", "effect"]
LEVEL: Final = 0.95
MOST_VALUES: Final = 2  # of a category that are said to matter: the others mostly follow from them
# The least effect that has a name, the largest first (Cohen, *Statistical Power Analysis*, 1988).
NAMES: Final = ((0.8, "large"), (0.5, "medium"), (SMALL, "small"), (0.0, "hardly any"))
Row = tuple[str, str, float, float, float, float, float, float]


class Side(NamedTuple):
    """The known values of a number: how many there are, their mean and variance."""

    n: int
    mean: float
    variance: float


@dataclass(frozen=True, eq=False)
class AgainstRest:
    """Those selected against all others.

    `table` has a row per number and per value of a category (`ROWS`), the largest effect first: column, value (empty
    for a number), here and rest (mean, or share of those known), difference (in the column's own unit), low and high
    (95% interval), effect (Cohen's d or h), and `matters`: whether it is neither small nor possibly nothing, and of a
    category among the `MOST_VALUES` strongest. `lacking` are columns that a result has no sums for, `hidden` those in
    which few customers would show.
    """

    size: int
    others: int
    table: pd.DataFrame
    lacking: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    @property
    def mattering(self) -> pd.DataFrame:
        """The rows that matter."""
        return self.table[self.table["matters"]]


def against_rest(of: Selection) -> AgainstRest:
    """Compare the selected customers with all others in every number and category, but for what they are selected by.

    Shares have Newcombe's interval, means Welch's. A result without rows has no variance of each side: there the
    interval supposes that both vary alike (Student). While small groups are hidden, so is each value whose number of
    customers on one of the sides would show few, by itself or less what stands beside it; the others are of rounded
    counts and means, as everywhere else.
    """
    size, everybody = of.totals.customers, of.everybody.totals.customers
    rows: list[Row] = []
    lacking, hidden = [], []
    for name, is_number in _columns(of) if 0 < size < everybody else ():
        found = _number(of, name) if is_number else _category(of, name)
        if found is None:
            lacking.append(name)
        elif not found and of.hide and _has_both(of, name, is_number=is_number):
            hidden.append(name)
        else:
            rows += found
    table = pd.DataFrame(rows, columns=ROWS)
    here, rest = (table[name].to_numpy("float64") for name in ("here", "rest"))
    differs = material(here, rest, (table["value"] != "").to_numpy())
    certain = (table["low"] > 0) | (table["high"] < 0)
    table["matters"] = (table["effect"].abs() >= SMALL) & differs & certain & (table["value"] != YES_NO[1])
    strongest = table.assign(strongest=-table["effect"].abs().round(9))
    table = strongest.sort_values(["strongest", "column", "value"], ignore_index=True).drop(columns="strongest")
    table["matters"] &= table.groupby("column")["matters"].cumsum() <= MOST_VALUES
    return AgainstRest(size, everybody - size, table, tuple(lacking), tuple(hidden))


def size_name(effect: float) -> str:
    """The size of an effect in a word: `"large"`."""
    return next(name for least, name in NAMES if abs(effect) >= least)


def _columns(of: Selection) -> Iterator[tuple[str, bool]]:
    """The columns to compare, and whether each is a number: without those that the customers are selected by."""
    described: list[Column] = [column for column in of.study.columns if column.kind in ("number", *COMPARED)]
    known = {column.name: column.kind == "number" for column in described}
    selected_by = {*map(number_of, of.filtered)}
    flags = [name for name in FLAGS if name != AGE_GROUP or not known.get("age")]  # age says more than its groups
    for name, is_number in ({CLUSTER: False} | known | dict.fromkeys(flags, False)).items():
        if name not in selected_by and (name == CLUSTER or of.has(name)) and (is_number or _is_category(of, name)):
            yield name, is_number


def _is_category(of: Selection, name: str) -> bool:
    """Whether a column has few values; in a result it is at least one of its keys."""
    if of.study.rows is None:
        return name in of.study.formula_columns or name in FLAGS or name == CLUSTER
    column = of.customers.get(name)
    if column is None or not isinstance(column.dtype, pd.CategoricalDtype):
        return False
    return len(column.cat.categories) <= MOST_CATEGORIES


def _category(of: Selection, name: str) -> list[Row] | None:
    """A row per value; None where a result has no sums by it, no row where few would show."""
    sides = _counts(of, name)
    if sides is None:
        return None
    values = sides[name].astype("str")
    known = sides[values != UNKNOWN].pivot_table("customers", name, SIDE, aggfunc="sum", observed=True, fill_value=0)
    known = known.reindex(columns=[HERE, REST], fill_value=0)
    (n, others), visible = known.sum(), known.index
    if of.hide:
        left = shown(sides)
        gone = sides.merge(left[[name, SIDE]], how="left", indicator=True)["_merge"].eq("left_only").to_numpy()
        # A chart of the same customers may hide other groups: together they would leave one that is not hidden.
        charted = [table for one in (of, of.everybody) if (table := one.table(tables.count, (name,))) is not None]
        lost = {*values[gone]}.union(*({*values} - {*table[name].astype("str")} for table in charted))
        visible = [value for value in known.index if str(value) not in lost and UNKNOWN not in lost]
    if not (n and others) or (known.sum(axis=1) > 0).sum() < 2 or len(known) > MOST_CATEGORIES:
        return []
    if of.hide:
        known = to_base(known)
        n, others = known.sum()
    rows = []
    for value in visible:
        yes, no = (int(known[side][value]) for side in (HERE, REST))
        here, rest = yes / n, no / others
        ends = difference((no, int(others)), (yes, int(n)))
        rows.append((name, str(value), here, rest, here - rest, *ends, float(cohens_h(here, rest))))
    return rows


def _counts(of: Selection, name: str) -> pd.DataFrame | None:
    """Customers by side and value, small groups in them; None where a result has no such sums."""
    wide = replace(of, hide=False)
    selected, whole = wide.table(tables.count, (name,)), wide.everybody.table(tables.count, (name,))
    if selected is None or whole is None:
        return None
    here = selected.set_index(selected[name].astype("str"))["customers"]
    everybody = whole.set_index(whole[name].astype("str"))["customers"]
    rest = everybody.sub(here, fill_value=0).astype("int64")
    parts = [
        pd.DataFrame({SIDE: side, name: sizes.index, "customers": sizes.to_numpy()})
        for side, sizes in ((HERE, here), (REST, rest[rest > 0]))
    ]
    return pd.concat(parts, ignore_index=True)


def _number(of: Selection, name: str) -> list[Row] | None:
    """One row; None where a result has no sums of it, no row where few would show or nothing varies."""
    sides = _sides_of_rows(of, name) if of.study.rows is not None else _sides_of_sums(of, name)
    if sides is None:
        return None
    here, rest = map(_rounded, sides) if of.hide else sides
    if min(here.n, rest.n) < 2 or not here.variance + rest.variance or _shows_few(of, here.n, rest.n):
        return []
    by = here.mean - rest.mean
    errors = here.variance / here.n, rest.variance / rest.n
    freedom = sum(errors) ** 2 / (errors[0] ** 2 / (here.n - 1) + errors[1] ** 2 / (rest.n - 1))
    half = float(student.ppf((1 + LEVEL) / 2, freedom)) * sqrt(sum(errors))
    within = sqrt(((here.n - 1) * here.variance + (rest.n - 1) * rest.variance) / (here.n + rest.n))
    effect = float(np.clip(by / within, -MOST_EFFECT, MOST_EFFECT))
    return [(name, "", here.mean, rest.mean, by, by - half, by + half, effect)]


def _sides_of_rows(of: Selection, name: str) -> tuple[Side, Side] | None:
    values = of.customers[name].to_numpy("float64", na_value=nan)
    inside = np.zeros(len(values), bool)
    inside[of.customers.index.get_indexer(of.selected.index)] = True
    known = np.isfinite(values)
    return _side(values[inside & known]), _side(values[~inside & known])


def _rounded(side: Side) -> Side:
    mean, variance = to_figures([side.mean, side.variance])
    return side._replace(mean=float(mean), variance=float(variance))


def _side(values: np.ndarray) -> Side:
    ordered = np.sort(values)  # sums of floats depend on their order
    if len(ordered) < 2:
        return Side(len(ordered), float(ordered.sum()), 0.0)
    return Side(len(ordered), float(ordered.mean()), float(ordered.var(ddof=1)))


def _sides_of_sums(of: Selection, name: str) -> tuple[Side, Side] | None:
    """From sums, and the standard deviation of everybody: both sides are taken to vary alike."""
    here, whole = of.sums(name), of.everybody.sums(name)
    deviation = of.study.deviations.get(name)
    if here is None or whole is None or deviation is None or here.empty or whole.empty:
        return None
    n, everybody = (int(table[f"{name}_n"].iloc[0]) for table in (here, whole))
    added, total = (float(tables.total(table, name).iloc[0]) for table in (here, whole))
    if not 0 < n < everybody:
        return Side(n, nan, 0.0), Side(everybody - n, nan, 0.0)
    mean, rest = added / n, (total - added) / (everybody - n)
    effect = cohens_d(mean, total / everybody, deviation, n / everybody)
    within = ((mean - rest) / effect) ** 2 if effect else deviation**2
    variance = within * everybody / max(everybody - 2, 1)
    return Side(n, mean, variance), Side(everybody - n, rest, variance)


def _shows_few(of: Selection, here: int, rest: int) -> bool:
    """Whether a mean of either side is of few, or few lack it."""
    sizes = of.totals.customers, of.everybody.totals.customers - of.totals.customers
    return of.hide and any(is_small(n, size) for n, size in zip((here, rest), sizes, strict=True))


def _has_both(of: Selection, name: str, *, is_number: bool) -> bool:
    """Whether there would be a row if nothing were hidden."""
    wide = replace(of, hide=False)
    return bool(_number(wide, name) if is_number else _category(wide, name))
