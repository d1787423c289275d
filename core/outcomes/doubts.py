"""What is doubtful about a campaign's outcomes, a sentence each, and what makes a verdict impossible."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from core.figures import count, percent, share
from core.labels import listed
from core.outcomes.plan import Plan
from core.outcomes.trial import AMOUNT, ANSWERED, ARM, CONTACTED, CONVERTED, SEGMENT, NoVerdict, Trial
from core.targets.assignment import arms_of
from core.views.summary import counted

FEW: Final = 10  # customers of an arm; an interval of fewer says next to nothing
ALIKE: Final = 0.9  # of the share contacted in an arm; with more in the control group both were treated alike
LEAST_FOUND: Final = 0.5  # of those assigned; with fewer in the outcomes, they are of another campaign
UNLIKELY: Final = 0.001  # chance of a split as uneven among segments, where customers were held out at random


def doubts(trial: Trial) -> list[str]:
    """The sentences."""
    return [*_sizes(trial), *_contacted(trial), *_uneven(trial)]


def unanswered(customers: pd.DataFrame, header: str) -> list[str]:
    """Sentences on the customers of whom no cell says yes or no, who are left out.

    `customers` has arm and `answered`.
    """
    blank = ~customers[ANSWERED]
    if not (n := int(blank.sum())):
        return []
    part = percent(n, len(blank))
    said = (
        f"{counted(n, 'customer')} ({part}) whose “{header}” is blank, while others have a no: left out of all figures."
    )
    counts = pd.crosstab(blank, customers[ARM])
    uneven = min(counts.shape) > 1 and _chance(counts.to_numpy("float64")) < UNLIKELY
    return [said, *["Some arms have more of these than chance allows: those left may not be alike."] * uneven]


def unlike_record(assigned: pd.DataFrame, control: str, plan: Plan | None) -> list[str]:
    """A sentence on where the record of an assignment says something else than the assignment.

    `assigned` has id and arm of each customer, the arm empty where it is not known.
    """
    plan, with_arm = plan or Plan(), assigned[assigned[ARM].ne("")]
    there = with_arm[ARM].value_counts()
    parts = [f"that the control group is “{plan.control}” (here “{control}”)"] * (plan.control not in ("", control))
    for arm in sorted({*plan.counts, *there.index} if plan.counts else ()):
        said, found = plan.counts.get(arm, 0), int(there.get(arm, 0))
        if said != found:
            parts.append(f"that “{arm}” has {counted(said, 'customer')} (here {count(found)})")
    if not parts and plan.split:
        arms = np.asarray(arms_of(with_arm["id"], plan.split), object)
        if moved := int((arms != with_arm[ARM].to_numpy(object)).sum()):
            parts.append(f"by its salt another arm of {counted(moved, 'customer')} of {count(len(with_arm))}")
    return [f"assignment.json says {listed(parts)}: see whether it is of this assignment."] if parts else []


def why_no_verdict(trial: Trial, customers: pd.DataFrame, *, lists_all: bool) -> dict[str, NoVerdict]:
    """Of which arms nothing can be said, and why.

    Parameters
    ----------
    customers : DataFrame
        Those of the trial, and those left out as `answered` is False; where an assignment was read also `rows`, who has
        a row of outcomes.
    lists_all : bool
        Whether the outcomes have customers who did not convert: a list of those who did lacks all others by right.
    """
    return {arm: why for arm in trial.arms if (why := _why(trial, customers, arm, lists_all))}


def _why(trial: Trial, customers: pd.DataFrame, arm: str, lists_all: bool) -> NoVerdict | None:
    yes = pd.Series(True, customers.index)
    answered, inside = customers.get(ANSWERED, yes), customers[ARM]
    converted = customers.loc[answered, CONVERTED]
    rows = customers.get("rows", yes)
    by_amount_alone = AMOUNT in customers and not trial.columns.converted  # all may have spent, some more
    few = f"Fewer than half of the {count(len(rows))} customers assigned are in the outcomes."
    absent = "Nobody of {} is in the outcomes, though customers who did not convert are."
    left_out = "Give the outcomes of everybody who was assigned."
    blank = f"No cell of “{trial.columns.converted}” says yes or no of {{}}."
    reached, reached_control = (
        float(customers.loc[inside.eq(one), CONTACTED].mean()) if CONTACTED in customers else at
        for one, at in ((arm, 1.0), (trial.control, 0.0))
    )
    alike = f"The control group was contacted about as often ({share(reached_control)}) as “{arm}” ({share(reached)})."
    reasons = (
        (not converted.any(), "Nobody converted.",
         "Give the outcomes that came after the campaign, and see whether another column has them."),
        (converted.all() and not by_amount_alone, "Everybody converted.",
         "See whether another column has the outcomes."),
        (lists_all and rows.mean() < LEAST_FOUND, few, "Give the outcomes of this campaign, of everybody assigned."),
        (lists_all and not rows[inside.eq(trial.control)].any(), absent.format("the control group"), left_out),
        (lists_all and not rows[inside.eq(arm)].any(), absent.format(f"“{arm}”"), left_out),
        (not answered[inside.eq(trial.control)].any(), blank.format("the control group"), left_out),
        (not answered[inside.eq(arm)].any(), blank.format(f"“{arm}”"), left_out),
        (reached_control >= ALIKE * reached, alike,
         f"See whether “{trial.columns.contacted}” says who was contacted. Of groups treated alike nothing is told."),
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
