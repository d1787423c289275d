"""What a campaign brought in money: incremental conversions, value, cost and return, and what was forecast."""

from dataclasses import dataclass
from math import inf, nan
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd

from core.outcomes.plan import Plan
from core.outcomes.trial import AMOUNT, CONTACTED, CONVERTED, Trial
from core.outcomes.uplift import of_all
from core.strategy.campaign import Outcome
from core.strategy.control import LEVEL, detectable_uplift

FIGURES: Final = ("conversions", "value", "cost", "net_value", "roi")


@dataclass(frozen=True)
class Prices:
    """What one conversion is worth and one contact costs, in money; None where nobody said.

    With amounts, the value is that of the amounts times `margin`, and `conversion` counts only where there are none.
    `incentive` is paid per conversion of the contacted.
    """

    conversion: float | None = None
    contact: float | None = None
    margin: float | None = None
    incentive: float = 0.0


@dataclass(frozen=True)
class Money:
    """A figure with the ends of its 95 % interval; NaN where it is not known."""

    estimate: float
    low: float
    high: float


def prices_of(plan: Plan | None, trial: Trial) -> Prices:
    """The prices that the simulation was made with; the margin of amounts is that of the simulation, else all."""
    inputs = plan.inputs if plan else {}
    margin = inputs.get("margin", 1.0) if AMOUNT in trial.measures else 1.0
    return Prices(
        plan.worth if plan else None, plan.contact_cost if plan else None, margin, inputs.get("incentive", 0.0)
    )


def money_of(trial: Trial, table: pd.DataFrame, arm: str, prices: Prices) -> dict[str, Money]:
    """The `FIGURES` of an arm: incremental conversions, their value, cost, net value, ROI.

    Those contacted are all in the arm, or with a column of contacts those who were: a contact that was not made costs
    nothing. The interval is that of the uplift; costs are known.
    """
    rate = of_all(table, CONVERTED, arm)
    n, conversions = float(rate["contacted"]), float(rate["contacted_sum"])
    contacts = n
    if CONTACTED in trial.customers:
        contacts = float(trial.values_of(CONTACTED, arm).sum())
    row, each = (rate, prices.conversion)
    if AMOUNT in trial.measures:
        row, each = of_all(table, AMOUNT, arm), prices.margin
    ends = np.array([row["uplift"], row["low"], row["high"]], float)
    value = n * ends * (nan if each is None else each)
    cost = nan if prices.contact is None else contacts * prices.contact + conversions * prices.incentive
    net = value - cost
    roi = net / cost if cost else np.full(3, nan)
    incremental = n * np.array([rate["uplift"], rate["low"], rate["high"]], float)
    made = (incremental, value, np.full(3, cost), net, roi)
    return {name: Money(*map(float, figures)) for name, figures in zip(FIGURES, made, strict=True)}


def break_even(prices: Prices, measure: str, rate: float = 0.0) -> float | None:
    """The uplift from which a contact pays, with the incentives at a `rate` of conversions; None without prices.

    Infinite where what it brings is worth nothing.
    """
    each = prices.margin if measure == AMOUNT else prices.conversion
    if prices.contact is None or each is None:
        return None
    return (prices.contact + prices.incentive * rate) / each if each > 0 else inf


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
