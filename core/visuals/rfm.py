"""The visual of recency against frequency."""

from typing import Any, Final

import pandas as pd

from core.schema import FREQUENCY_SCORE, RECENCY_SCORE, RFM_GROUP, UNKNOWN
from core.views.suppress import hidden_note
from core.visuals import tables
from core.visuals.segmented import SegmentedCustomers
from core.visuals.value import MONETARY, named
from core.visuals.visual import Visual

TITLE: Final = "RFM group, by recency score and frequency score"


def rfm_heatmap(key: str, section: str) -> Visual:
    """Customers by recency and frequency score in shades of their average spend."""

    def title(of: SegmentedCustomers, _: object = None) -> str:
        paid = named(MONETARY, of)
        return TITLE + (f" (darker: higher {of.label(paid)})" if of.has(paid) else "")

    def draw(of: SegmentedCustomers, data: pd.DataFrame) -> Any:
        from core.views.heatmap import heatmap  # loads Altair

        name = named(MONETARY, of)
        return heatmap(data, name, title=of.label(name), sign=of.sign(name))

    def note(of: SegmentedCustomers, data: pd.DataFrame) -> str:
        unknown = data[[RECENCY_SCORE, FREQUENCY_SCORE]].astype("str").eq(UNKNOWN).any(axis=1)
        return hidden_note(data) or of.left_out(data[~unknown], of.totals.customers, "without a score")

    return Visual(
        key, section, tables.BY_SCORES, lambda of: (of.decimals(named(MONETARY, of)),),
        (RECENCY_SCORE, FREQUENCY_SCORE, RFM_GROUP),
        draw=draw,
        title=title,
        alt=lambda _: f"Customers by {TITLE}",
        missing=lambda _: "The data has no recency, frequency and spend.",
        clicks=(RFM_GROUP,),
        note=note,
        height=320,
    )  # fmt: skip
