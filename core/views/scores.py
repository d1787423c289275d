"""The small table of recency and frequency scores."""

import pandas as pd

from core.schema import FREQUENCY_SCORE, RECENCY_SCORE, RFM_GROUP
from core.views.tables import NOTHING, Decimals, count


def by_scores(customers: pd.DataFrame, measures: Decimals = NOTHING) -> pd.DataFrame:
    """Per recency and frequency score, which tell the group: customers, and the sums of measures (`measured`)."""
    return count(customers, [RECENCY_SCORE, FREQUENCY_SCORE, RFM_GROUP], sums=measures)
