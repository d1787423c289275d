"""How sure an order of funding is: an interval for what each pool brings, and how often it is the first."""

from collections.abc import Mapping
from typing import Final
from zlib import crc32

import numpy as np
import pandas as pd

from core.figures import between, count, money, share
from core.schema import CLUSTER, NO_SEGMENT
from core.strategy.audience import Group
from core.strategy.campaign import Campaign, Outcome, work_out
from core.strategy.funding import ALL, NO_INPUTS, POOLS, terms
from core.strategy.segment_inputs import SETTABLE, OwnInputs
from core.strategy.uncertainty import DRAWS, LEVEL, drawn, parts_of, quantile

# Pool → who it is, before the segment.
WHO: Final[Mapping[str, str]] = {
    "Mass affluent": "the mass affluent of",
    "High potential only": "the high potential, who are not mass affluent, of",
    "Others": "the others of",
}
EQUAL: Final = 9  # decimals in which net values per cost are compared, as `fund` does


def with_draws(
    plan: pd.DataFrame,
    campaigns: Mapping[Group, Campaign],
    values: Mapping[str, float] | None = None,
    own: OwnInputs = NO_INPUTS,
    *,
    seed: int = 0,
    draws: int = DRAWS,
    level: float = LEVEL,
) -> pd.DataFrame:
    """The plan with the interval of what each pool's funded part brings, and how often the pool would be first.

    The draws are those of `uncertainty.forecast`. An input that is the same in several segments is one number that
    nobody knows: each draw takes the same for all of them. One that a segment has for itself is drawn by itself.

    Parameters
    ----------
    plan : DataFrame
        `funding.fund`; the other arguments are those that its pools were made with (`funding.pools`).

    Returns
    -------
    DataFrame
        `plan` with `net_low` and `net_high` (money), the ends of the middle `level` of the draws, and `first`, the
        share of the draws in which the pool brings most for its cost, and something; equals share a draw.
    """
    if plan.empty:
        return plan.assign(net_low=[], net_high=[], first=[])
    parts = parts_of(seed, draws)
    rows = plan.to_dict("records")
    shared = {group: drawn(campaigns[group], parts) for group in {POOLS[row["pool"]] for row in rows}}
    outcomes = [_draws(row, shared[POOLS[row["pool"]]], campaigns, values, own, seed) for row in rows]
    tail = (1 - level) / 2
    ends = {
        name: [
            row["funded"] * quantile(outcome.net_value, part) + 0.0 for row, outcome in zip(rows, outcomes, strict=True)
        ]
        for name, part in (("net_low", tail), ("net_high", 1 - tail))
    }
    return plan.assign(**ends, first=_first(outcomes, draws))


def describe_first(plan: pd.DataFrame, currency: str, *, level: float = LEVEL, draws: int = DRAWS) -> str:
    """The pool to fund first, in a sentence with interval; empty where no segment comes before another."""
    if plan.empty or plan[CLUSTER].eq(ALL).all():
        return ""
    best = plan.iloc[0]
    if not best["net_value"] > 0:
        return "Nothing is funded: no group brings net value at the likely inputs, or the budget is 0."

    def written(value: float) -> str:
        return money(value, currency)

    where = f"“{best[CLUSTER]}”" if best[CLUSTER] in NO_SEGMENT else f"segment {best[CLUSTER]}"
    ends = between(written, best["net_low"], best["net_high"])
    often = f"It is first in {share(best['first'], 0)} of {count(draws)} draws"
    rest = 1 - plan["first"].sum()
    none = f"; in {share(rest, 0)} nothing brings net value" if rest > 0 else ""
    return (
        f"Fund {WHO[best['pool']]} {where} first: {written(best['net_value'])} net on "
        f"{written(best['cost'])} ({share(level, 0)}: {ends}). {often}{none}."
    )


def _draws(
    row: Mapping[str, object],
    shared: Mapping[str, np.ndarray],
    campaigns: Mapping[Group, Campaign],
    values: Mapping[str, float] | None,
    own: OwnInputs,
    seed: int,
) -> Outcome:
    """What contacting all of a pool brings, draw by draw; `shared` has the draws of the inputs of all segments."""
    cluster, pool = str(row[CLUSTER]), str(row["pool"])
    campaign, value = terms(cluster, pool, campaigns, values, own)
    size = len(next(iter(shared.values())))
    by_itself = {
        name: np.random.default_rng([seed, crc32(f"{cluster} {pool} {name}".encode())]).random(size)
        for name in own.get(POOLS[pool], {}).get(cluster, {})
        if name in SETTABLE
    }
    inputs = {**shared, **drawn(campaign, by_itself)}
    return work_out(int(str(row["customers"])), inputs | {"value": inputs["value"] * value}, campaign)


def _first(outcomes: list[Outcome], draws: int) -> np.ndarray:
    """For each pool the share of the draws in which its net value per cost is the highest, and above 0."""
    net, cost = (
        np.array([np.broadcast_to(getattr(one, name), draws) for one in outcomes]) for name in ("net_value", "cost")
    )
    per_cost = np.where(cost > 0, net / np.where(cost > 0, cost, 1.0), np.where(net > 0, np.inf, 0.0))
    per_cost = np.round(per_cost, EQUAL)
    best = (per_cost == per_cost.max(axis=0)) & (per_cost > 0)
    shares: np.ndarray = (best / np.maximum(best.sum(axis=0), 1)).mean(axis=1)
    return shares
