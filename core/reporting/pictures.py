"""The parts of the report with charts: the KPIs and visuals of each section, in the order of their registries."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from core.analysis import Analysis
from core.customer_base import rows_of
from core.figures import percent, share
from core.remarks import of_segment, on
from core.schema import CLUSTER, NO_SEGMENT
from core.segments import rule_of_thumb
from core.strategy.insights import sentences
from core.views import charts, tables
from core.views.counted import size
from core.views.palette import colour
from core.views.report import Figure, Section, SegmentCard, Table
from core.views.sheet import Sheet
from core.views.summary import counted, of_whom
from core.views.suppress import hidden_note
from core.visuals import kpis, registry
from core.visuals.place_names import written_in
from core.visuals.segment_kpis import segment_columns, segment_measures
from core.visuals.visual import Visual, picture

# The first that the customers have the columns for.
FIRST_PAGE: Final = ("within", "map", "points", "states", "value", "pie")


def overview(analysis: Analysis) -> Section:
    """The KPI cards, what stands out, and how large the segments are."""
    return Section(
        "Overview",
        cards=tuple(kpis.cards(analysis, "report")),
        points=stands_out(analysis),
        figures=_figures(analysis, "overview"),
        notes=tuple(filter(None, (analysis.why_not_clustered,))),
    )


def segments(analysis: Analysis) -> Section:
    """Each segment's size, what sets it apart, the rule that finds it, and its averages."""
    lead = "Sizes follow the filters; statements on a segment are about all its customers."
    if _has_rules(analysis):
        lead += " A rule of thumb is the best path of a decision tree three conditions deep."
    return Section(
        "What sets each segment apart",
        lead,
        segment_cards=_portraits(analysis, analysis.clusters),
        figures=_figures(analysis, "segments"),
        notes=tuple(filter(None, (analysis.segments.how_numbered(analysis.study.columns),))),
    )


def demographics(analysis: Analysis) -> Section | None:
    """Age, car ownership and job industry of each segment; None if the files have none of them."""
    figures = _figures(analysis, "demographics")
    return Section("Segment demographics", figures=figures) if figures else None


def strategy(analysis: Analysis) -> Section:
    """The KPIs by segment, where the mass affluent live, and age beside value."""
    table = by_segment(analysis)
    return Section("Mass affluent strategy", tables=(table,) if table else (), figures=_figures(analysis, "strategy"))


def by_segment(analysis: Analysis) -> Table | None:
    """The KPIs by segment that somebody has; None without any."""
    clusters = analysis.table(tables.by_cluster, analysis.decimals(*segment_measures()))
    if not (columns := segment_columns(clusters)):
        return None
    names = analysis.segments.names
    segments = ["All customers", *(charts.label(cluster, names) for cluster in clusters[CLUSTER].astype("str"))]
    rows = [*zip(segments, *columns.values(), strict=True)]
    return Table(
        ("Segment", *columns),
        tuple(rows[1 if analysis.hide else 0 :]),  # the rows left do not add up to all customers
        hidden_note(clusters, of=[kpi.of for kpi in kpis.BY_SEGMENT.values()]),
    )


def _figures(analysis: Analysis, section: str) -> tuple[Figure, ...]:
    """The visuals of a section that the files have the columns for, without that of the first page."""
    first = on_first_page(analysis)
    possible = (one for one in registry.of_section(section) if one is not first and one.is_possible(analysis))
    return tuple(figure for visual in possible if (figure := figure_of(visual, analysis)))


def on_first_page(analysis: Analysis) -> Visual | None:
    """The visual of the first page: a map, or bars where there are no places."""
    found = (registry.VISUALS[key] for key in FIRST_PAGE if key in registry.VISUALS)
    return next((visual for visual in found if visual.is_possible(analysis)), None)


def figure_of(visual: Visual, analysis: Analysis, height: int = 0) -> Figure | None:
    """The figure of a visual; with its note alone where nothing may be shown, None where there is no table for it.

    `height` is in pixels, the visual's own unless given.
    """
    shown = picture(visual, analysis)
    if shown.data is None:
        return None
    remark = on(analysis.remarks, visual.key)
    if shown.empty:
        return Figure(shown.title, None, shown.note, visual.wide, remark=remark)
    chart = visual.draw(analysis, shown.data)
    if isinstance(chart, Sheet):
        table = Table(chart.header, tuple(chart.texts), texts=chart.words)
        return Figure(shown.title, None, shown.note, visual.wide, table, remark)
    height = height or visual.height
    drawn = chart.properties(height=height) if height else chart
    return Figure(shown.title, drawn, shown.note, visual.wide, remark=remark)


def stands_out(analysis: Analysis) -> tuple[str, ...]:
    """The groups that stand out, as sentences; or that none does."""
    level = analysis.structure.level if analysis.structure else ""
    said = sentences(
        analysis.insights, analysis.segments.names, structure=level, text=analysis.text, write=written_in(analysis)
    )
    return said or (analysis.nothing_stands_out,)


def _portraits(analysis: Analysis, clusters: pd.DataFrame) -> tuple[SegmentCard, ...]:
    segments, whole = analysis.segments, size(analysis.selected)
    shown = clusters[~clusters[CLUSTER].isin(NO_SEGMENT)].astype({CLUSTER: "str"})
    rules = {rule.cluster: rule for rule in _rules(analysis)}
    return tuple(
        SegmentCard(
            charts.label(cluster, segments.names),
            colour(cluster),
            f"{counted(customers, 'customer')} · {percent(customers, whole)} {of_whom(whole, analysis.study.size)}",
            tuple(analysis.distinguishing_traits(cluster)),
            _rule(rules[cluster]) if cluster in rules else "",
            on(analysis.remarks, of_segment(cluster)),
        )
        for cluster, customers in zip(shown[CLUSTER], shown["customers"], strict=True)
    )


def _rules(analysis: Analysis) -> Sequence[rule_of_thumb.Rule]:
    if not _has_rules(analysis):
        return []
    rows = rows_of(analysis.study)
    return rule_of_thumb.rules(rows.customers, rows.columns, analysis.segments)


def _has_rules(analysis: Analysis) -> bool:
    """Whether there is a rule per segment. It needs rows, and shows values of single customers as bounds."""
    return analysis.study.rows is not None and not analysis.hide


def _rule(rule: rule_of_thumb.Rule) -> str:
    return (
        f"Rule of thumb: {rule.text}. {share(rule.precision, 0)} of those who meet it are in the segment; "
        f"it finds {share(rule.recall, 0)} of the segment."
    )
