"""Which segments of a campaign may be shown while small groups are hidden."""

from typing import Final

import pandas as pd

from core.outcomes.trial import ARM, CONVERTED, SEGMENT, Trial
from core.views.suppress import hide_small

# Totals beside the segments: of all customers by arm, and those of an arm who converted.
SHOWN: Final = ((SEGMENT,), (ARM,), (ARM, CONVERTED), (SEGMENT, ARM))


def showable(trial: Trial) -> tuple[str, ...]:
    """The segments without a group of few by arm and conversion, nor one that the others would give away.

    A group is those of a segment and an arm who converted, or did not.
    """
    counts = _counted(trial.customers, [SEGMENT, ARM, CONVERTED])
    shown = hide_small(counts, margins=SHOWN)[SEGMENT].value_counts()
    whole = counts[SEGMENT].value_counts()
    return tuple(label for label in trial.segments if shown.get(label, 0) == whole.get(label, 0))


def all_may_be_shown(trial: Trial) -> bool:
    """Whether no arm has few who converted, or few who did not."""
    counts = _counted(trial.customers, [ARM, CONVERTED])
    return len(hide_small(counts)) == len(counts)


def _counted(customers: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    counts = customers.groupby(keys, observed=True).size().rename("customers").reset_index()
    return counts.astype(dict.fromkeys(keys, "str"))
