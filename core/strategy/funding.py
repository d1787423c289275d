"""Which audiences to fund first under one budget."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from core.schema import CLUSTER, HIGH_POTENTIAL
from core.strategy.audience import TRIED, Group
from core.strategy.campaign import Campaign, work_out
from core.strategy.segment_inputs import OwnInputs, campaign_in
from core.views.summary import mean, with_everybody

# Parts of the customers that do not overlap, so that nobody is paid for twice → whose campaign they get.
POOLS: Final[dict[str, Group]] = {
    "Mass affluent": "Mass affluent",
    "High potential only": "High potential",
    "Others": "Everybody",
}
ALL: Final = ""  # in place of a cluster
NO_INPUTS: Final[OwnInputs] = {}


def pools(
    table: pd.DataFrame,
    campaigns: Mapping[Group, Campaign],
    values: Mapping[str, float] | None = None,
    own: OwnInputs = NO_INPUTS,
) -> pd.DataFrame:
    """Every pool with what contacting all of it would cost and bring at the likely inputs.

    By segment where the inputs differ by it (`differ`); else no segment comes before another, and a pool is of all.

    Parameters
    ----------
    table : DataFrame
        `audience.moves`.
    values : mapping of str to float, optional
        By cluster, what a conversion is worth there compared with elsewhere (1 is the same).
    own : mapping, optional
        By group and cluster, the inputs that are others there (`segment_inputs`).

    Returns
    -------
    DataFrame
        Cluster (empty for all segments), pool, customers, reached, cost, net_value.
    """
    high = table[HIGH_POTENTIAL].eq("Yes")
    part = np.where(table[TRIED].eq("Yes"), "Mass affluent", np.where(high, "High potential only", "Others"))
    clusters = table[CLUSTER].astype("str") if differ(values, own) else pd.Series(ALL, table.index, name=CLUSTER)
    sizes = table.groupby([clusters, pd.Series(part, table.index, name="pool")], sort=False)
    rows = [
        (cluster, pool, people, *_all_of_it(people, *terms(cluster, pool, campaigns, values, own)))
        for (cluster, pool), people in sizes["customers"].sum().items()
    ]
    return pd.DataFrame(rows, columns=[CLUSTER, "pool", "customers", "reached", "cost", "net_value"])


def differ(values: Mapping[str, float] | None, own: OwnInputs = NO_INPUTS) -> bool:
    """Whether a conversion is worth more in one segment than in another, or a segment has inputs of its own."""
    return len(set((values or {}).values())) > 1 or any(any(by_segment.values()) for by_segment in own.values())


def terms(
    cluster: str, pool: str, campaigns: Mapping[Group, Campaign], values: Mapping[str, float] | None, own: OwnInputs
) -> tuple[Campaign, float]:
    """The campaign to a pool, without a budget, which is for all together; what a conversion is worth against usual."""
    group = POOLS[pool]
    campaign = campaign_in(campaigns[group], own.get(group, {}).get(cluster, {}))
    return replace(campaign, budget=None), (values or {}).get(cluster, 1.0)


def fund(choices: pd.DataFrame, budget: float | None) -> pd.DataFrame:
    """Spend a budget where it brings most for its cost, and nothing where contacting brings no net value.

    Customers can be contacted in any number, so this is the fractional knapsack, and taking pools by
    falling net value per cost until the money is spent is optimal (Dantzig, "Discrete-variable
    extremum problems", Operations Research 5, 1957). Ties go to the larger pool.

    Parameters
    ----------
    choices : DataFrame
        `pools`.
    budget : float or None
        Money; None for no cap.

    Returns
    -------
    DataFrame
        `choices` best first, with `per_cost` (infinite where contacting is free) and what is
        `funded`, a share from 0 to 1; reached, cost and net_value are of that share.
    """
    cost, net = choices["cost"], choices["net_value"]
    per_cost = np.where(cost > 0, net / cost.where(cost > 0, 1.0), np.where(net > 0, np.inf, 0.0))
    ranked = choices.assign(per_cost=np.round(per_cost, 9)).sort_values(
        ["per_cost", "customers"], ascending=False, kind="stable", ignore_index=True
    )
    wanted = ranked["cost"].where(ranked["net_value"] > 0, 0.0)
    spent_before = wanted.cumsum() - wanted
    left = np.inf if budget is None else (budget - spent_before).clip(lower=0)
    funded = (left / wanted.where(wanted > 0)).clip(upper=1).fillna(1.0).where(ranked["net_value"] > 0, 0.0)
    parts = {name: ranked[name] * funded + 0.0 for name in ("reached", "cost", "net_value")}  # −0 + 0 is 0
    return ranked.assign(funded=funded, **parts)


def describe_tie(plan: pd.DataFrame) -> str:
    """A sentence where the budget ends among pools of the same net value per cost; empty where it does not."""
    equals = plan.groupby("per_cost")["funded"].agg(["nunique", "size"]).query("nunique > 1")["size"]
    if equals.empty:
        return ""
    return f"{equals.iloc[0]} of them tie: they bring the same for their cost, so which goes first is arbitrary."


def describe_inputs(*, by_segment: bool, made_up: bool) -> str:
    """A sentence on what an order rests on: inputs that differ by segment, inputs of one's own; empty where on both."""
    start = "All inputs still have the made-up values that they start from" if made_up else ""
    if by_segment:
        return f"{start}: only what a conversion is worth by segment is from the data." if made_up else ""
    same = "the inputs are the same in every segment, so no segment comes before another"
    if made_up:
        return f"{start}, and {same}. Put in your own above or by segment, or let the value follow the customers."
    return (
        f"{same[0].upper()}{same[1:]}: set them by segment, or let the value follow the customers, to tell them apart."
    )


def relative_values(by_cluster: pd.DataFrame, measure: str) -> dict[str, float]:
    """By cluster, a measure's mean over that of everybody (`tables.by_cluster`); 1 where it is not known."""
    rows = with_everybody(by_cluster)
    everybody, *means = mean(rows, measure)
    if not everybody > 0:
        return {}
    relative = (pd.Series(means) / everybody).clip(lower=0).fillna(1.0)
    return dict(zip(rows[CLUSTER][1:], relative, strict=True))


def _all_of_it(people: int, campaign: Campaign, value: float) -> tuple[float, float, float]:
    """Reached, cost and net value."""
    likely = campaign.likely()
    outcome = work_out(people, likely | {"value": likely["value"] * value}, campaign)
    return float(outcome.reached), float(outcome.cost), float(outcome.net_value)
