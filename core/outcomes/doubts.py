"""What is doubtful about a campaign's outcomes, a sentence each, and what makes a verdict impossible."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from core.figures import count, percent
from core.outcomes.trial import AMOUNT, ARM, CONTACTED, CONVERTED, SEGMENT, NoVerdict, Trial
from core.views.summary import counted

FEW: Final = 10  # customers of an arm; an interval of fewer says next to nothing
LEAST_FOUND: Final = 0.5  # of those assigned; with fewer in the outcomes, they are of another campaign
UNLIKELY: Final = 0.001  # chance of a split as uneven among segments, where customers were held out at random


def doubts(trial: Trial) -> list[str]:
    """The sentences."""
    return [*_sizes(trial), *_contacted(trial), *_uneven(trial)]


def why_no_verdict(trial: Trial, customers: pd.DataFrame, *, lists_all: bool) -> dict[str, NoVerdict]:
    """Of which arms nothing can be said, and why.

    Parameters
    ----------
    customers : DataFrame
        Those of the trial; where an assignment was read also `rows`, who has a row of outcomes.
    lists_all : bool
        Whether the outcomes have customers who did not convert: a list of those who did lacks all others by right.
    """
    return {arm: why for arm in trial.arms if (why := _why(trial, customers, arm, lists_all))}


def _why(trial: Trial, customers: pd.DataFrame, arm: str, lists_all: bool) -> NoVerdict | None:
    converted, inside = customers[CONVERTED], customers[ARM]
    rows = customers["rows"] if "rows" in customers else pd.Series(True, customers.index)
    by_amount_alone = AMOUNT in customers and not trial.columns.converted  # all may have spent, some more
    share = f"Fewer than half of the {count(len(rows))} customers assigned are in the outcomes."
    absent = "Nobody of {} is in the outcomes, though customers who did not convert are."
    left_out = "Give the outcomes of everybody who was assigned."
    reasons = (
        (not converted.any(), "Nobody converted.",
         "Give the outcomes that came after the campaign, and see whether another column has them."),
        (converted.all() and not by_amount_alone, "Everybody converted.",
         "See whether another column has the outcomes."),
        (lists_all and rows.mean() < LEAST_FOUND, share, "Give the outcomes of this campaign, of everybody assigned."),
        (lists_all and not rows[inside.eq(trial.control)].any(), absent.format("the control group"), left_out),
        (lists_all and not rows[inside.eq(arm)].any(), absent.format(f"“{arm}”"), left_out),
    )  # fmt: skip
    return next((NoVerdict(found, remedy) for holds, found, remedy in reasons if holds), None)


def _sizes(trial: Trial) -> Iterator[str]:
    for arm in (trial.control, *trial.arms):
        if (size := trial.size(arm)) < FEW:
            yield f"“{arm}” has {counted(size, 'customer')}: too few to tell anything."


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
