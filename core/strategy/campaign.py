"""A campaign's arithmetic: whom it reaches, what it costs, what it brings.

The value of a campaign is its *incremental* conversions, those that would not have happened
without it (the uplift view of Radcliffe, "Using control groups to target on predicted lift", 2007).
Every function takes single numbers or arrays of draws alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np

from core.errors import RulesError
from core.figures import exact
from core.schema import CURRENCY, titled
from core.strategy.ranges import Range, around, exactly

Numbers = float | np.ndarray
SPREAD: Final = 0.25  # how far a default range reaches to either side of its likely value


@dataclass(frozen=True)
class Input:
    """An uncertain input: its label, the unit it is shown in, its bound, and what a shown unit is worth.

    `may_be_nothing` says that its range starts at 0 unless somebody gives its ends.
    """

    label: str
    unit: str
    most: float
    scale: float = 1.0
    help: str = ""
    may_be_nothing: bool = False

    def around(self, likely: float, spread: float) -> Range:
        """The range around a likely value: give or take the share `spread` of it, within the input's bounds."""
        return around(likely, 1.0 if self.may_be_nothing and spread else spread, self.most)

    def title(self, currency: str = "") -> str:
        """The label with the unit, and with the sign of a currency where it is money."""
        return titled(self.label, self.unit, currency)


INPUTS: Final[dict[str, Input]] = {
    "contactable": Input("Contactable", "%", 1, 0.01, "Share of the audience you may and can contact."),
    "contact_cost": Input("Contact cost", CURRENCY, 1e6, 1, "Cost of contacting one customer once."),
    "baseline": Input("Baseline", "%", 1, 0.01, "Conversion without the campaign."),
    "uplift": Input(
        "Uplift", "points", 1, 0.01,
        "What the campaign adds to the conversion, in percentage points. Most campaigns add less than hoped, so its "
        "range starts from 0.",
        may_be_nothing=True,
    ),
    "value": Input("Value", f"{CURRENCY} a year", 1e9, 1, "Revenue of one conversion in a year."),
    "margin": Input("Margin", "%", 1, 0.01, "Share of the revenue that is left after its own costs."),
    "incentive": Input("Incentive", CURRENCY, 1e6, 1, "Paid per conversion, also to those who convert anyway."),
    "horizon": Input("Horizon", "months", 600, 1, "How long a conversion brings revenue."),
    "attrition": Input(
        "Attrition", "% a year", 1, 0.01, "Share of those who convert who leave within a year, and bring no more."
    ),
    "discount": Input("Discount rate", "% a year", 1, 0.01, "By how much money loses worth with a year's wait."),
}  # fmt: skip


NOBODY_LEAVES: Final = exactly(0.0)


@dataclass(frozen=True)
class Campaign:
    """The uncertain `INPUTS`, rates as shares and money in the study's currency; two certain decisions.

    `budget` caps the expected cost, None for no cap. `control` is the share of the contactable that
    is held out: not contacted, so that the uplift can be measured.

    Raises
    ------
    RulesError
        A range that is upside down, or outside the bounds of its input.
    """

    contactable: Range
    contact_cost: Range
    baseline: Range
    uplift: Range
    value: Range
    margin: Range
    incentive: Range
    horizon: Range
    discount: Range
    budget: float | None = None
    control: float = 0.1
    attrition: Range = NOBODY_LEAVES  # last, with a value: campaigns that were saved without it can be read

    def __post_init__(self) -> None:
        check_ranges({name: getattr(self, name) for name in INPUTS})  # `vars` lacks a default that was read
        if self.budget is not None and not self.budget >= 0:
            raise RulesError(f"The budget is {exact(self.budget)}.", "Give 0 or more, or no budget.")
        if not 0 <= self.control <= 1:
            raise RulesError(f"The control group is {exact(self.control)}.", "Give a share from 0 to 1.")

    def likely(self) -> dict[str, float]:
        """The likely value of every input."""
        return {name: getattr(self, name).likely for name in INPUTS}


@dataclass(frozen=True)
class Outcome:
    """What a campaign brings, in customers, conversions and money; single numbers, or an array a field.

    `roi` is net value over cost, NaN without a cost. `break_even_uplift` is the uplift, as a
    share, at which net value is zero (infinite where no uplift is enough), and
    `break_even_conversion` the conversion rate of the contacted then.
    """

    reached: Numbers
    held_out: Numbers
    conversions: Numbers
    cost: Numbers
    value: Numbers
    net_value: Numbers
    roi: Numbers
    break_even_uplift: Numbers
    break_even_conversion: Numbers


FIGURES: Final = tuple(field.name for field in fields(Outcome))


def check_ranges(ranges: Mapping[str, Any], currency: str = "") -> None:
    """Refuse what is no range of one of the `INPUTS`; the error names money in a currency, if one is given.

    Raises
    ------
    RulesError
        A range that is upside down, or outside the bounds of its input.
    """
    for name, one in INPUTS.items():
        _check(one, ranges[name], one.title(currency))


def default_campaign(likely: Mapping[str, float], spread: float = SPREAD) -> Campaign:
    """A campaign from likely values alone, each give or take `spread` of it, an uplift from 0 (`Input.around`)."""
    ranges: dict[str, Any] = {name: INPUTS[name].around(value, spread) for name, value in likely.items()}
    return Campaign(**ranges)


def simulate(audience: int, campaign: Campaign) -> Outcome:
    """The outcome at the likely value of every input."""
    return work_out(audience, campaign.likely(), campaign)


def work_out(audience: int, values: Mapping[str, Numbers], campaign: Campaign) -> Outcome:
    """The outcome at given values of the inputs; budget and control group are the campaign's.

    uplift counted = min(uplift, 1 − baseline), as nobody converts twice;
    cost each = contact cost + incentive × (baseline + uplift);
    reached = audience × contactable × (1 − control), or budget ÷ cost each if that is less;
    conversions = reached × uplift; value = conversions × `worth` of one; net value = value − cost;
    ROI = net value ÷ cost.
    Net value is zero at uplift × worth = contact cost + incentive × (baseline + uplift), so the
    break-even uplift = (contact cost + incentive × baseline) ÷ (worth − incentive).
    """
    baseline, incentive = values["baseline"], values["incentive"]
    uplift = np.minimum(values["uplift"], 1 - baseline)
    each = values["contact_cost"] + incentive * (baseline + uplift)
    contactable = audience * values["contactable"]
    reached = contactable * (1 - campaign.control)
    if campaign.budget is not None:
        reached = np.minimum(reached, _ratio(campaign.budget, each, np.inf))
    one = worth(values)
    cost, value = reached * each, reached * uplift * one
    paying, needed = one - incentive, values["contact_cost"] + incentive * baseline
    break_even = np.where(paying > 0, _ratio(needed, paying, np.inf), np.where(needed > 0, np.inf, 0.0))
    break_even = np.where(break_even > 1 - baseline, np.inf, break_even)[()]
    return Outcome(
        reached,
        contactable * campaign.control,
        reached * uplift,
        cost,
        value,
        value - cost,
        _ratio(value - cost, cost, np.nan),
        break_even,
        baseline + break_even,
    )


def worth(values: Mapping[str, Numbers]) -> Numbers:
    """Present value of one conversion: margin × value ÷ 12 at the end of each month, of those who are still there.

    A level stream's present value is that of an ordinary annuity, (1 − (1 + i)^−n) ÷ i with the monthly rate i, and n
    where i is 0 (Brealey, Myers and Allen, *Principles of Corporate Finance*, chapter 2). Those who leave shrink it
    as discounting does: 1 + i = ((1 + discount) ÷ (1 − attrition))^(1/12), the constant retention of Gupta and
    Lehmann ("Customers as assets", Journal of Interactive Marketing, 2003).
    """
    stay = np.subtract(1.0, values["attrition"])
    with np.errstate(divide="ignore"):  # where nobody stays the rate is infinite, and the worth nothing
        rate = (np.log1p(values["discount"]) - np.log(stay)) / 12
    months = values["horizon"]
    paid = np.where(months > 0, -np.expm1(-np.where(months > 0, months, 1.0) * rate), 0.0)
    with np.errstate(over="ignore"):
        factor = _ratio(paid, np.expm1(rate), months)
    return values["value"] / 12 * values["margin"] * factor


def _check(spec: Input, given: Range, title: str) -> None:
    shown = [exact(value / spec.scale) for value in (given.low, given.likely, given.high)]
    if not given.rises():
        raise RulesError(
            f"{title}: the range low {shown[0]}, likely {shown[1]}, high {shown[2]} is upside down.",
            "Give low ≤ likely ≤ high.",
        )
    if given.low < 0 or given.high > spec.most:
        raise RulesError(
            f"{title} goes from {shown[0]} to {shown[2]}.",
            f"Stay between 0 and {exact(spec.most / spec.scale)}.",
        )


def _ratio(part: Numbers, whole: Numbers, otherwise: Numbers) -> Numbers:
    """Part ÷ whole, and something else where there is no whole."""
    there = np.asarray(whole) != 0
    with np.errstate(over="ignore"):  # a whole next to nothing: infinite
        return np.where(there, part / np.where(there, whole, 1), otherwise)[()]
