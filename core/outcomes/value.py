"""What a campaign brought in money: incremental conversions, value, cost and return, and what was forecast."""

from dataclasses import dataclass
from math import inf, isnan, nan
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd

from core.outcomes.plan import Plan
from core.outcomes.trial import AMOUNT, CONTACTED, CONVERTED, Trial
from core.outcomes.uplift import of_all, row_of
from core.strategy.campaign import Outcome
from core.strategy.control import LEVEL, detectable_uplift

FIGURES: Final = ("conversions", "value", "cost", "net_value", "roi")


@dataclass(frozen=True)
class Prices:
    """What one conversion is worth and one contact costs, in money; None where nobody said.

    With amounts, the value is that of the amounts times `margin`, and `conversion` counts only where there are none.
    `incentive` is paid per conversion of the contacted: nothing unless the analyst says so, as that of a simulation may
    be one that it began with.
    """

    conversion: float | None = None
    contact: float | None = None
    margin: float | None = None
    incentive: float = 0.0

    def each(self, measure: str) -> float | None:
        """What one conversion is worth, or the share of an amount that is left."""
        return self.margin if measure == AMOUNT else self.conversion


@dataclass(frozen=True)
class Money:
    """A figure with the ends of its 95% interval; NaN where it is not known."""

    estimate: float
    low: float
    high: float


def prices_of(plan: Plan | None, trial: Trial) -> Prices:
    """The prices that the simulation was made with; the margin of amounts is that of the simulation, else all."""
    margin = plan.inputs.get("margin", 1.0) if plan and AMOUNT in trial.measures else 1.0
    return Prices(plan.worth if plan else None, plan.contact_cost if plan else None, margin)


def cost_each(trial: Trial, table: pd.DataFrame, arm: str, prices: Prices, segment: str = "") -> float:
    """What a customer of an arm cost, in money: the contact, and the incentive of those who converted.

    With a column of contacts a contact that was not made costs nothing. NaN where nobody said what a contact costs.
    """
    if prices.contact is None:
        return nan
    made = trial.values_of(CONTACTED, arm, segment or None) if CONTACTED in trial.customers else np.ones(1)
    contacts = float(made.mean()) if len(made) else nan
    return contacts * prices.contact + prices.incentive * float(
        row_of(table, CONVERTED, arm, segment)["contacted_mean"]
    )


def money_of(trial: Trial, table: pd.DataFrame, arm: str, prices: Prices) -> dict[str, Money]:
    """The `FIGURES` of an arm: incremental conversions, their value, cost (`cost_each`), net value, ROI.

    The interval is that of the uplift; costs are known.
    """
    rate, measure = of_all(table, CONVERTED, arm), AMOUNT if AMOUNT in trial.measures else CONVERTED
    n, row, each = float(rate["contacted"]), of_all(table, measure, arm), prices.each(measure)
    ends = np.array([row["uplift"], row["low"], row["high"]], float)
    value = n * ends * (nan if each is None else each)
    cost = n * cost_each(trial, table, arm, prices)
    net = value - cost
    roi = net / cost if cost else np.full(3, nan)
    incremental = n * np.array([rate["uplift"], rate["low"], rate["high"]], float)
    made = (incremental, value, np.full(3, cost), net, roi)
    return {name: Money(*map(float, figures)) for name, figures in zip(FIGURES, made, strict=True)}


def break_even(cost: float, each: float | None) -> float | None:
    """The uplift from which a contact of this cost pays; None without prices, infinite if it brings what is worth 0."""
    if each is None or isnan(cost):
        return None
    return cost / each if each > 0 else inf


def least_uplift(row: pd.Series) -> float:
    """The smallest uplift of conversions that groups of this size are likely to show (`control.detectable_uplift`)."""
    sizes = Outcome(float(row["contacted"]), float(row["control"]), *[0.0] * 7)  # only its sizes are looked at
    return detectable_uplift(sizes, float(row["control_mean"]))


def power_for(row: pd.Series, uplift: float, level: float = LEVEL) -> float:
    """The chance to find an uplift that is there, by the formula of `control.detectable_uplift`."""
    n, n_c, p = float(row["contacted"]), float(row["control"]), float(row["control_mean"])
    treated = min(max(p + uplift, 0.0), 1.0)
    both = (n * treated + n_c * p) / (n + n_c)
    error = np.sqrt(both * (1 - both) * (1 / n + 1 / n_c))
    spread = np.sqrt(treated * (1 - treated) / n + p * (1 - p) / n_c)
    distance = abs(treated - p) - NormalDist().inv_cdf(1 - level / 2) * error
    return float(NormalDist().cdf(distance / spread)) if spread else float(distance > 0)
