"""The table of uplifts: of every arm against the control group, of all and by segment."""

from typing import Final

import numpy as np
import pandas as pd

from core.outcomes.effects import LEVEL, Effect, mean_effect, rate_effect
from core.outcomes.trial import AMOUNT, SEGMENT, Trial

COLUMNS: Final = (
    "measure", "arm", "segment", "contacted", "control", "contacted_sum", "control_sum", "contacted_mean",
    "control_mean", "uplift", "low", "high", "p", "level", "method",
)  # fmt: skip


def uplift_table(trial: Trial, level: float = LEVEL, *, seed: int = 0) -> pd.DataFrame:
    """One row per measure, arm and segment; the rows of all customers have an empty segment.

    Intervals of all customers hold one by one. Those by segment hold together, of all segments of an arm: each errs
    with probability `level` divided by their number (Bonferroni), and its p-value is multiplied by it.

    Returns
    -------
    DataFrame
        `COLUMNS`: customers contacted and held out, conversions or amounts of both (`_sum`) and per customer
        (`_mean`), their difference `uplift` with `low` and `high`, p-value, level of the interval, its method.
    """
    segments = trial.segments if len(trial.segments) > 1 else ()
    rows = []
    for measure in trial.measures:
        for arm in trial.arms:
            rows.append(_row(trial, measure, arm, None, level, 1, seed))
            rows += [_row(trial, measure, arm, segment, level, len(segments), seed) for segment in segments]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def by_segment(table: pd.DataFrame, measure: str, arm: str) -> pd.DataFrame:
    """The rows of the segments of one measure and arm."""
    return table[table["measure"].eq(measure) & table["arm"].eq(arm) & table[SEGMENT].ne("")].reset_index(drop=True)


def of_all(table: pd.DataFrame, measure: str, arm: str) -> pd.Series:
    """The row of all customers of one measure and arm."""
    return row_of(table, measure, arm, "")


def row_of(table: pd.DataFrame, measure: str, arm: str, segment: str) -> pd.Series:
    """The row of one measure, arm and segment; of all customers where the segment is empty."""
    row: pd.Series = table[table["measure"].eq(measure) & table["arm"].eq(arm) & table[SEGMENT].eq(segment)].iloc[0]
    return row


def _row(
    trial: Trial, measure: str, arm: str, segment: str | None, level: float, comparisons: int, seed: int
) -> tuple[object, ...]:
    contacted, control = (trial.values_of(measure, one, segment) for one in (arm, trial.control))
    each = level / comparisons
    effect = _effect(measure, contacted, control, each, seed)
    means = (float(values.mean()) if len(values) else float("nan") for values in (contacted, control))
    return (
        measure, arm, segment or "", len(contacted), len(control), float(contacted.sum()), float(control.sum()), *means,
        effect.estimate, effect.low, effect.high, float(np.minimum(1.0, effect.p * comparisons)), each, effect.method,
    )  # fmt: skip


def _effect(measure: str, contacted: np.ndarray, control: np.ndarray, level: float, seed: int) -> Effect:
    if measure == AMOUNT:
        return mean_effect(contacted, control, level, seed=seed)
    yes, n = int(contacted.sum()), len(contacted)
    return rate_effect((yes, n), (int(control.sum()), len(control)), level)
