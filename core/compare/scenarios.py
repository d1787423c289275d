"""Two scenarios beside each other: how much more the second brings, with the interval of that difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.figures import between, money, share
from core.strategy.campaign import simulate
from core.strategy.scenario import Scenario
from core.strategy.uncertainty import LEVEL, outcomes, quantile

FIGURES: Final[Mapping[str, str]] = {  # figure of an outcome → its title
    "reached": "Customers reached",
    "conversions": "Incremental conversions",
    "cost": "Cost",
    "value": "Value before cost",
    "net_value": "Net value",
}
COMPARED: Final = ["figure", "one", "other", "difference", "low", "high"]
SAME: Final = "Both bring the same in every draw"


@dataclass(frozen=True, eq=False)
class Difference:
    """The second of two scenarios less the first.

    `table` has a row per figure of `FIGURES`: figure, one, other, difference (each at the likely inputs), low and high
    (the interval of the difference over the draws). `better` is the share of draws in which the other has the higher
    net value, `worse` that in which it has the lower.
    """

    one: str
    other: str
    table: pd.DataFrame
    better: float
    worse: float

    def in_words(self, currency: str = "") -> str:
        """`"B brings £12,300 more than A (80%: −£2,000 to £25,000), and more in 91% of the draws."`."""
        by, low, high = self.table.set_index("figure").loc["net_value", ["difference", "low", "high"]]
        if not (self.better or self.worse):
            return f"{SAME}: {self.one} and {self.other}."
        more, sign = ("more", 1) if by >= 0 else ("less", -1)
        ends = sorted((sign * low, sign * high))
        interval = between(lambda value: money(value, currency), *ends)
        part = self.better if by >= 0 else self.worse
        return (
            f"{self.other} brings {money(abs(by), currency)} {more} than {self.one} "
            f"({share(LEVEL, 0)}: {interval}), and {more} in {share(part, 0)} of the draws."
        )


def difference(one: Scenario, other: Scenario) -> Difference:
    """The other scenario less the one, by the same draws for both (common random numbers).

    An input that turns out low in a draw turns out low in both, each within its own range. So what is uncertain of both
    alike does not blur their difference (Law, *Simulation Modeling and Analysis*, 5th ed., section 11.2).
    """
    likely = [simulate(each.customers, each.campaign) for each in (one, other)]
    drawn_of = [outcomes(each.customers, each.campaign) for each in (one, other)]
    tail = (1 - LEVEL) / 2
    rows = []
    for name in FIGURES:
        first, second = (float(getattr(outcome, name)) for outcome in likely)
        differences = np.asarray(getattr(drawn_of[1], name) - getattr(drawn_of[0], name))
        rows.append((name, first, second, second - first, quantile(differences, tail), quantile(differences, 1 - tail)))
    net = np.asarray(drawn_of[1].net_value - drawn_of[0].net_value)
    table = pd.DataFrame(rows, columns=COMPARED)
    return Difference(one.name, other.name, table, float(np.mean(net > 0)), float(np.mean(net < 0)))
