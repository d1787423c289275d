"""The audience of a campaign: segments, and in them everybody or those with a flag, under a tried rule."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from core.figures import count as written
from core.intake.flags import mass_affluent, ruled_by, yes_no
from core.rules import MassAffluent, Rules
from core.schema import CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT
from core.views.counted import carried
from core.views.tables import count

Group = Literal["Everybody", "Mass affluent", "High potential"]
GROUPS: Final[tuple[Group, ...]] = ("Mass affluent", "High potential", "Everybody")
TODAY, TRIED = "today", "tried"
# Likely values a campaign starts from, in the units of `campaign.INPUTS`: made up, to be replaced by one's own.
USUAL: Final[dict[Group, dict[str, float]]] = {
    "Mass affluent": {
        "contactable": 0.8, "contact_cost": 5, "baseline": 0.02, "uplift": 0.02, "value": 400, "margin": 0.5,
        "incentive": 50, "horizon": 36, "attrition": 0.1, "discount": 0.08,
    },
    "High potential": {
        "contactable": 0.8, "contact_cost": 5, "baseline": 0.015, "uplift": 0.015, "value": 300, "margin": 0.5,
        "incentive": 50, "horizon": 60, "attrition": 0.1, "discount": 0.08,
    },
    "Everybody": {
        "contactable": 0.8, "contact_cost": 2, "baseline": 0.01, "uplift": 0.005, "value": 200, "margin": 0.5,
        "incentive": 20, "horizon": 24, "attrition": 0.1, "discount": 0.08,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Audience:
    """A group in some segments (all where none is named), the mass affluent by the rule that is tried."""

    group: Group
    segments: tuple[str, ...]
    rule: MassAffluent


def moves(customers: pd.DataFrame, rules: Rules, tried: MassAffluent) -> pd.DataFrame:
    """Customers by cluster, mass affluent by today's and by the tried rule, and high potential.

    Returns
    -------
    DataFrame
        Cluster, today, tried, High_Potential_Flag (each Yes, No or Unknown), customers: it adds up,
        and every size of an audience is a sum of some of its rows.
    """
    frame = carried(
        customers,
        {
            CLUSTER: customers[CLUSTER],
            TODAY: customers[MASS_AFFLUENT],
            TRIED: under(customers, rules, tried),
            HIGH_POTENTIAL: customers[HIGH_POTENTIAL],
        },
    )
    return count(frame, [CLUSTER, TODAY, TRIED, HIGH_POTENTIAL])


def under(customers: pd.DataFrame, rules: Rules, tried: MassAffluent) -> pd.Series:
    """Mass affluent by a rule that is tried: Yes, No or Unknown."""
    if tried == rules.mass_affluent and MASS_AFFLUENT in customers:
        return customers[MASS_AFFLUENT]
    flag = mass_affluent(customers, replace(rules, mass_affluent=tried), ruled_by(tried, customers, rules))
    return pd.Series(yes_no(flag), index=customers.index)


def parts(table: pd.DataFrame, group: Group) -> pd.DataFrame:
    """Customers by Cluster and whether they are `inside` the group (Yes or No), from the table of `moves`."""
    inside = np.where(_inside(table, group), "Yes", "No")
    return table.assign(inside=inside).groupby([CLUSTER, "inside"], as_index=False, observed=True)["customers"].sum()


def size(table: pd.DataFrame, segments: Sequence[str], group: Group) -> int:
    """Customers of the group in the segments, from the table of `moves`."""
    inside = _inside(table, group)
    if segments:
        inside = inside & table[CLUSTER].isin(segments).to_numpy()
    return int(table["customers"].to_numpy()[inside].sum())


def _inside(table: pd.DataFrame, group: Group) -> np.ndarray:
    """Whether the customers of each row of `moves` belong to the group."""
    flag = {"Mass affluent": TRIED, "High potential": HIGH_POTENTIAL}.get(group)
    return (table[flag] == "Yes").to_numpy("bool") if flag else np.ones(len(table), "bool")


def reach_change(table: pd.DataFrame) -> pd.DataFrame:
    """How the tried rule moves the mass affluent, per cluster: Cluster, today, comes in, goes out, tried.

    An Unknown that becomes Yes comes in, a Yes that becomes Unknown goes out.
    """
    before, after = (table[name].eq("Yes") for name in (TODAY, TRIED))
    parts = {"today": before, "comes in": after & ~before, "goes out": before & ~after, "tried": after}
    counts = pd.DataFrame({name: table["customers"].where(part, 0) for name, part in parts.items()})
    return counts.groupby(table[CLUSTER].astype("str"), sort=False).sum().reset_index()


def moved(table: pd.DataFrame, segments: Sequence[str]) -> tuple[int, int]:
    """How many come in and go out by the tried rule, in these segments or in all; from the table of `moves`."""
    change = reach_change(table)
    change = change[change[CLUSTER].isin(segments) | (not segments)]
    return int(change["comes in"].sum()), int(change["goes out"].sum())


def describe_change(change: pd.DataFrame) -> str:
    """A sentence on `reach_change`: who comes in and who goes out, by segment."""
    before, after = int(change["today"].sum()), int(change["tried"].sum())
    if not change[["comes in", "goes out"]].to_numpy().any():
        return f"As by today's definition: {written(before)} mass affluent."
    moved = "; ".join(f"{move}: {_by_segment(change, move)}" for move in ("comes in", "goes out"))
    return f"{written(after)} mass affluent against {written(before)} today. {moved[0].upper()}{moved[1:]}."


def _by_segment(change: pd.DataFrame, move: str) -> str:
    some = change[change[move] > 0]
    if some.empty:
        return "nobody"
    each = ", ".join(f"{cluster}: {written(number)}" for cluster, number in zip(some[CLUSTER], some[move], strict=True))
    return f"{written(int(some[move].sum()))} (by segment: {each})"
