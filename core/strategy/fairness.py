"""Whom an audience selects, by age group and by gender: a report, not a legal verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.figures import coefficient, marked
from core.figures import count as written
from core.rules import Rules
from core.schema import AGE_GROUP, CLUSTER, HIGH_POTENTIAL, UNKNOWN, YES_NO
from core.strategy.audience import Audience, under
from core.strategy.rates import cramers_v, ratio, wilson, z_for
from core.views.counted import carried
from core.views.summary import counted
from core.views.tables import count

PROTECTED: Final = {AGE_GROUP: "age group", "gender": "gender"}
SMALLEST: Final = 10  # customers of a group that is shown: of fewer, a rate says nothing
# The four-fifths rule of thumb of the EEOC's Uniform Guidelines (29 CFR 1607.4 D), made for hiring.
FOUR_FIFTHS: Final = 0.8
STRONG: Final = 0.3  # Cramér's V from which an association counts as strong; Cohen (1988) calls 0.3 medium, 0.5 large
SELECTED: Final = "selected"


@dataclass(frozen=True)
class Rates:
    """Selection rates by the groups of one field.

    `table` has one row per shown group: group, n (customers of whom it is known), selected, rate, and
    low and high, its 95% Wilson interval. `small` counts the groups under `SMALLEST` customers, `unknown`
    the customers whose group is not known. `ratio` is the lowest rate over the highest, NaN for fewer than
    two groups or nobody selected; `interval` its 95% interval, wide enough for the two having been picked
    out of all groups.
    """

    field: str
    table: pd.DataFrame
    small: int
    unknown: int
    ratio: float
    cramers_v: float
    interval: tuple[float, float] = (float("nan"), float("nan"))


def selected(customers: pd.DataFrame, rules: Rules, audience: Audience, field: str) -> pd.DataFrame:
    """Count an audience by a field: the field's column, customers, selected_yes, selected_known (`tables.count`)."""
    answers = _answers(customers, rules, audience)
    outside = ~customers[CLUSTER].isin(audience.segments).to_numpy() & bool(audience.segments)
    codes = np.where(outside, YES_NO.index("No"), answers)
    frame = {field: customers[field], SELECTED: pd.Categorical.from_codes(codes, YES_NO, ordered=True)}
    return count(carried(customers, frame), [field], flags=[SELECTED])


def _answers(customers: pd.DataFrame, rules: Rules, audience: Audience) -> np.ndarray:
    """Whether each customer belongs to the audience's group, as positions in `YES_NO`."""
    if audience.group == "Everybody":
        return np.zeros(len(customers), "int64")
    mass_affluent = audience.group == "Mass affluent"
    flag = under(customers, rules, audience.rule) if mass_affluent else customers[HIGH_POTENTIAL]
    codes: np.ndarray = flag.cat.codes.to_numpy("int64")
    return codes


def rates(table: pd.DataFrame, field: str, label: str = "") -> Rates:
    """Selection rates from the table of `selected`; `label` is that of a field that is not one of `PROTECTED`."""
    counts = zip(table[field].astype("str"), table[f"{SELECTED}_known"], table[f"{SELECTED}_yes"], strict=True)
    known = [(group, n, yes) for group, n, yes in counts if group != UNKNOWN]
    rows = [(group, n, yes, yes / n, *wilson(yes, n)) for group, n, yes in known if n >= SMALLEST]
    shown = pd.DataFrame(rows, columns=["group", "n", SELECTED, "rate", "low", "high"])
    several = len(shown) > 1 and shown["rate"].max() > 0
    return Rates(
        PROTECTED.get(field) or label,
        shown,
        len(known) - len(rows),
        int(table.loc[table[field] == UNKNOWN, "customers"].sum()),
        float(shown["rate"].min() / shown["rate"].max()) if several else float("nan"),
        cramers_v(shown[SELECTED].to_numpy("float64"), shown["n"].to_numpy("float64")),
        _interval(shown) if several else Rates.interval,
    )


def _interval(shown: pd.DataFrame) -> tuple[float, float]:
    """Of the lowest over the highest rate; Bonferroni over all pairs of groups."""
    ordered = shown.sort_values("rate", kind="stable")[[SELECTED, "n"]].to_numpy()
    pairs = len(shown) * (len(shown) - 1) // 2
    return ratio(tuple(ordered[0]), tuple(ordered[-1]), z_for(pairs))


def describe(found: Rates) -> str:
    """The ratio beside the rule of thumb, the association, and what is left out, as sentences."""
    if np.isnan(found.ratio):
        sentence = f"There are no two {found.field}s to compare."
    else:
        ordered = found.table.sort_values("rate", kind="stable")["group"]
        low, high = found.interval
        sentence = (
            f"Lowest ÷ highest rate: {coefficient(found.ratio)} ({ordered.iloc[0]} against {ordered.iloc[-1]}; "
            f"95% interval {coefficient(low)} to {coefficient(high)}), "
            f"{_side(low, high)} the four-fifths rule of thumb of {FOUR_FIFTHS}. "
            f"How much the selection depends on it: {coefficient(found.cramers_v)} of 1."
        )
    small = f" {counted(found.small, 'group')} under {SMALLEST} customers left out." if found.small else ""
    unknown = f" Of unknown {found.field}: {written(found.unknown)} customers." if found.unknown else ""
    return sentence + small + unknown


def _side(low: float, high: float) -> str:
    if high < FOUR_FIFTHS:
        return "below"
    return "at or above" if low >= FOUR_FIFTHS else "too few customers to tell if that is below"


def warnings(
    audience: Audience,
    rules: Rules,
    found: Sequence[Rates],
    *,
    features: Sequence[str] = (),
    filters: Mapping[str, Sequence[str]] | None = None,
) -> tuple[str, ...]:
    """A plain sentence for each way in which a protected attribute drives the audience."""
    said = []
    if audience.group == "High potential":
        said.append(f"Age decides directly: high potential means younger than {rules.high_potential.below_age}.")
    if audience.segments and (used := [name for name in ("age", "gender") if name in features]):
        said.append(f"The chosen segments are made from {' and '.join(used)}, among other features.")
    if (filters or {}).get(AGE_GROUP):
        said.append("A filter keeps to some age groups: the others cannot be selected.")
    said += [
        f"The audience depends strongly on {one.field}: {coefficient(one.cramers_v)} of 1, "
        f"where {marked(str(STRONG))} is strong."
        for one in found
        if one.cramers_v >= STRONG
    ]
    return tuple(said)
