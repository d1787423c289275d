"""The KPIs of all customers and of each segment as texts: below cards, and as a table."""

import pandas as pd

from core.schema import CLUSTER
from core.views.summary import mean, share, with_everybody
from core.visuals.kpis import BY_SEGMENT, SegmentKpi


def segment_measures() -> list[str]:
    """The measures that the KPIs by segment are means of."""
    return [kpi.of for kpi in BY_SEGMENT.values() if not kpi.is_flag]


def by_segment(clusters: pd.DataFrame) -> list[tuple[str, tuple[str, ...]]]:
    """The KPIs of all customers, whose label is empty, and by cluster: label, texts."""
    rows = with_everybody(clusters)
    texts = [list(map(kpi.format if kpi.is_flag else kpi.text, _values(rows, kpi))) for kpi in BY_SEGMENT.values()]
    return list(zip(rows[CLUSTER], zip(*texts, strict=True), strict=True))


def segment_columns(clusters: pd.DataFrame) -> dict[str, list[str]]:
    """The KPIs by segment that somebody has: header → texts, of all customers and by cluster."""
    rows = with_everybody(clusters)
    found = {kpi: _values(rows, kpi) for kpi in BY_SEGMENT.values()}
    return {
        kpi.header: [*map(kpi.format, values)]
        for kpi, values in found.items()
        if any(value == value for value in values)
    }


def _values(rows: pd.DataFrame, kpi: SegmentKpi) -> list[float]:
    if not kpi.is_flag and f"{kpi.of}_n" not in rows:
        return [float("nan")] * len(rows)
    return [*(share if kpi.is_flag else mean)(rows, kpi.of)]
