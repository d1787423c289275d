"""What is doubtful about a campaign's outcomes, a sentence each."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from core.figures import percent
from core.outcomes.trial import ARM, CONTACTED, CONVERTED, SEGMENT, Trial
from core.views.summary import counted

FEW: Final = 10  # customers of an arm; an interval of fewer says next to nothing
UNLIKELY: Final = 0.001  # chance of a split as uneven among segments, where customers were held out at random


def doubts(trial: Trial, customers: pd.DataFrame) -> list[str]:
    """The sentences; `customers` also has `rows`, who has a row of outcomes, where an assignment was read."""
    return [*_sizes(trial), *_outcomes(trial, customers), *_contacted(trial), *_uneven(trial)]


def _sizes(trial: Trial) -> Iterator[str]:
    for arm in (trial.control, *trial.arms):
        if (size := trial.size(arm)) < FEW:
            yield f"“{arm}” has {counted(size, 'customer')}: too few to tell anything."


def _outcomes(trial: Trial, customers: pd.DataFrame) -> Iterator[str]:
    converted = customers[CONVERTED]
    if not converted.any():
        yield "Nobody converted: either the campaign brought nothing, or the outcomes are not in this file."
    elif converted.all():
        yield "Everybody converted: nothing tells the contacted from the control group. Is this the right column?"
    if "rows" in customers:
        held_out = customers[ARM].eq(trial.control)
        if held_out.any() and not customers.loc[held_out, "rows"].any() and not converted[customers["rows"]].all():
            yield (
                "Nobody of the control group is in the outcomes, though customers who did not convert are: if they "
                "were left out, the campaign looks better than it was."
            )


def _contacted(trial: Trial) -> Iterator[str]:
    if CONTACTED not in trial.customers:
        return
    inside = trial.customers[ARM].eq(trial.control)
    contacted = trial.customers[CONTACTED]
    if reached := int(contacted[inside].sum()):
        part = percent(reached, int(inside.sum()))
        yield (
            f"Contacted all the same: {counted(reached, 'customer')} of the control group ({part}). "
            "Each counts in the arm that was drawn, so that the comparison stays fair."
        )
    if missed := int((~contacted[~inside]).sum()):
        yield (
            f"Not contacted, though planned: {counted(missed, 'customer')} ({percent(missed, int((~inside).sum()))}). "
            "Each counts as contacted, since who can be reached is no matter of chance."
        )


def _uneven(trial: Trial) -> Iterator[str]:
    """Whether the share held out differs between segments more than chance allows: then arms are not alike."""
    counts = pd.crosstab(trial.customers[SEGMENT], trial.customers[ARM])
    counts = counts.loc[counts.sum(axis=1) > 0, counts.sum() > 0]
    if min(counts.shape) > 1 and _chance(counts.to_numpy("float64")) < UNLIKELY:
        yield (
            "The share held out differs between the segments by more than chance: trust the results of the segments "
            "more than that of all."
        )


def _chance(counts: np.ndarray) -> float:
    """The p-value of Pearson's chi-squared test that rows and columns are independent."""
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return float(chdtrc(freedom, ((counts - expected) ** 2 / expected).sum()))
