"""Inputs of a campaign that differ by segment, in place of those that are the same in all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from core.schema import CLUSTER
from core.strategy.campaign import INPUTS, SPREAD, Campaign
from core.strategy.ranges import Range

Own = Mapping[str, Mapping[str, float]]  # segment → input → its likely value there
OwnInputs = Mapping[str, Own]  # the same by group of customers
SETTABLE: Final = ("contactable", "contact_cost", "baseline", "uplift", "value")
DIGITS: Final = 9  # decimals of a shown value: 0.02 ÷ 0.01 is 2


def campaign_in(campaign: Campaign, own: Mapping[str, float]) -> Campaign:
    """The campaign with other likely values of some inputs; their ranges keep their shares of the likely value.

    What is no `SETTABLE` input is left out, and a value beyond the bounds of an input is taken as its bound: a project
    that was written by hand may have them.
    """
    given = {name: min(own[name], INPUTS[name].most) for name in SETTABLE if name in own}
    ranges: dict[str, Any] = {name: _moved(name, getattr(campaign, name), likely) for name, likely in given.items()}
    return replace(campaign, **ranges)


def _moved(name: str, whole: Range, likely: float) -> Range:
    if not whole.likely:
        return INPUTS[name].around(likely, SPREAD)
    low, high = (end * likely / whole.likely for end in (whole.low, whole.high))
    return Range(low, likely, max(likely, min(high, INPUTS[name].most)))


def table_of(segments: Sequence[str], campaign: Campaign, own: Own) -> pd.DataFrame:
    """What each segment's inputs are: Cluster, and the `SETTABLE` inputs in the unit that they are shown in."""
    likely = campaign.likely()
    rows = [
        (segment, *(_shown(name, own.get(segment, {}).get(name, likely[name])) for name in SETTABLE))
        for segment in segments
    ]
    return pd.DataFrame(rows, columns=[CLUSTER, *SETTABLE])


def edited(table: pd.DataFrame, changes: Mapping[int, Mapping[str, float | None]], campaign: Campaign, own: Own) -> Own:
    """The inputs after cells of `table_of` were changed: row → input → the new value as shown.

    What is emptied, or set to the value of all segments, follows that of all segments again.
    """
    likely, found = campaign.likely(), {segment: dict(inputs) for segment, inputs in own.items()}
    for row, cells in changes.items():
        inputs = found.setdefault(str(table[CLUSTER].iloc[int(row)]), {})
        for name, shown in cells.items():
            inputs.pop(name, None)
            if shown is not None and shown != _shown(name, likely[name]):
                inputs[name] = min(max(shown * INPUTS[name].scale, 0.0), INPUTS[name].most)
    return {segment: inputs for segment, inputs in found.items() if inputs}


def _shown(name: str, value: float) -> float:
    return round(value / INPUTS[name].scale, DIGITS)
