"""How sure a campaign's outcome is: intervals by Monte Carlo, and which input matters most."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.strategy.campaign import FIGURES, INPUTS, Campaign, Outcome, simulate, work_out

DRAWS: Final = 10_000
LEVEL: Final = 0.8  # share of the draws inside an interval


@dataclass(frozen=True)
class Forecast:
    """The outcome at the likely inputs, and figure by figure the ends of the interval around it.

    `chance_of_loss` is the share of draws with a net value below zero.
    """

    likely: Outcome
    low: Outcome
    high: Outcome
    chance_of_loss: float


def forecast(audience: int, campaign: Campaign, *, seed: int = 0, draws: int = DRAWS, level: float = LEVEL) -> Forecast:
    """Draw every input from its triangle, independently, and take the middle `level` of each figure.

    Inputs that are known exactly are drawn as they are. The same seed draws the same parts of every
    range, so a change of one input shows its own effect and no noise.
    """
    outcome = outcomes(audience, campaign, seed=seed, draws=draws)
    tail = (1 - level) / 2
    low, high = (
        Outcome(**{name: quantile(getattr(outcome, name), part) for name in FIGURES}) for part in (tail, 1 - tail)
    )
    return Forecast(simulate(audience, campaign), low, high, float(np.mean(outcome.net_value < 0)))


def parts_of(seed: int = 0, draws: int = DRAWS) -> dict[str, np.ndarray]:
    """For each input, which part of its range each draw takes, from 0 to 1."""
    return dict(zip(INPUTS, np.random.default_rng(seed).random((len(INPUTS), draws)), strict=True))


def drawn(campaign: Campaign, parts: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The draws of each input from its range."""
    return {name: getattr(campaign, name).quantile(part) for name, part in parts.items()}


def outcomes(audience: int, campaign: Campaign, *, seed: int = 0, draws: int = DRAWS) -> Outcome:
    """The outcome of each draw, an array a figure: draw 7 of one campaign has the same luck as draw 7 of another."""
    return work_out(audience, drawn(campaign, parts_of(seed, draws)), campaign)


def sensitivity(audience: int, campaign: Campaign, currency: str = "") -> pd.DataFrame:
    """Net value with one input at its low, then at its high value, all others likely; most swing first.

    The table of a tornado chart (Eschenbach, "Spiderplots versus tornado diagrams for sensitivity
    analysis", 1992). Inputs that change nothing are left out.

    Returns
    -------
    DataFrame
        input (label with unit), low, high (in that unit), at_low, at_high (money).
    """
    likely = campaign.likely()
    rows = []
    for name, one in INPUTS.items():
        given = getattr(campaign, name)
        at_low, at_high = (
            float(work_out(audience, likely | {name: end}, campaign).net_value) for end in (given.low, given.high)
        )
        rows.append((one.title(currency), given.low / one.scale, given.high / one.scale, at_low, at_high))
    table = pd.DataFrame(rows, columns=["input", "low", "high", "at_low", "at_high"])
    swing = (table["at_high"] - table["at_low"]).abs()
    order = swing.sort_values(ascending=False, kind="stable").index
    return table.loc[[i for i in order if swing[i] > 0]].reset_index(drop=True)


def quantile(values: np.ndarray | float, part: float) -> float:
    """A value that was drawn, never one between two: an infinite break-even has no midpoint."""
    return float(np.quantile(values, part, method="inverted_cdf"))
