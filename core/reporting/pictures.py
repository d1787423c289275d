"""The parts of the report with charts, made from the same small tables as the pages."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from core.analysis import Analysis
from core.countries.registry import country_of
from core.customer_base import rows_of
from core.figures import percent, share
from core.schema import CLUSTER, MASS_AFFLUENT, NO_SEGMENT, in_sentence
from core.segments import rule_of_thumb
from core.strategy.insights import sentences
from core.views import charts, maps, summary, tables
from core.views.counted import size
from core.views.flat_map import flat_map
from core.views.kpis import kpis
from core.views.palette import colour
from core.views.report import Figure, Portrait, Section, Table
from core.views.summary import beyond, counted, of_whom
from core.views.suppress import SHORT_BARS, hidden_note, of_whom_shown

PIE, TREEMAP, SCATTER = 250, 560, 400  # pixels of height that suit the page
BY_STATE: Final = "Customers by state (% mass affluent of those known)"


def overview(analysis: Analysis) -> Section:
    """The KPI cards, what stands out, and how large the segments are."""
    totals = analysis.made(tables.totals)
    clusters = analysis.made(tables.by_cluster)
    title = f"Customers by segment (% {of_whom_shown(clusters, analysis.study.size)})"
    pie = _by_segment(analysis, title, charts.pie, clusters, note=hidden_note(clusters), height=PIE)
    return Section(
        "Overview",
        cards=tuple(kpis(totals, analysis.study.size, groups=set(clusters[CLUSTER]) if analysis.hide else None)),
        points=_stands_out(analysis),
        figures=(pie,),
        notes=tuple(filter(None, (analysis.why_not_clustered,))),
    )


def _stands_out(analysis: Analysis) -> tuple[str, ...]:
    level = analysis.structure.level if analysis.structure else ""
    return sentences(analysis.insights, analysis.segments.names, structure=level) or (analysis.nothing_stands_out,)


def segments(analysis: Analysis) -> Section:
    """Each segment's size, what sets it apart and the rule that finds it; its averages."""
    measures = analysis.of_all(tables.measured, [analysis.value, "purchases"])
    clusters = analysis.made(tables.by_cluster, measures)
    segments, columns = analysis.segments, analysis.study.columns
    lead = "Sizes follow the filters; what is said of a segment is so among all customers."
    if _has_rules(analysis):
        lead += " A rule of thumb is the best path of a decision tree three conditions deep."
    bars = [
        _by_segment(
            analysis,
            title,
            charts.mean_bars,
            clusters,
            measure,
            note=hidden_note(clusters, of=[measure]),
            wide=False,
            options={"title": title},
        )
        for measure in measures
        if analysis.has(measure)
        for title in [f"Average {in_sentence(measure, analysis.titles(measure)[measure])}"]
    ]
    notes = tuple(filter(None, (segments.how_numbered(columns),)))
    return Section(
        "What sets each segment apart",
        lead,
        portraits=_portraits(analysis, clusters),
        figures=tuple(bars),
        notes=notes,
    )


def _portraits(analysis: Analysis, clusters: pd.DataFrame) -> tuple[Portrait, ...]:
    segments, whole = analysis.segments, size(analysis.selected)
    shown = clusters[~clusters[CLUSTER].isin(NO_SEGMENT)].astype({CLUSTER: "str"})
    rules = {rule.cluster: rule for rule in _rules(analysis)}
    return tuple(
        Portrait(
            charts.label(cluster, segments.names),
            colour(cluster),
            f"{counted(customers, 'customer')} · {percent(customers, whole)} {of_whom(whole, analysis.study.size)}",
            tuple(analysis.apart(cluster)),
            _rule(rules[cluster]) if cluster in rules else "",
        )
        for cluster, customers in zip(shown[CLUSTER], shown["customers"], strict=True)
    )


def _rules(analysis: Analysis) -> Sequence[rule_of_thumb.Rule]:
    if not _has_rules(analysis):
        return []
    rows = rows_of(analysis.study)
    return rule_of_thumb.rules(rows.customers, rows.columns, analysis.segments)


def _has_rules(analysis: Analysis) -> bool:
    """Whether there is a rule per segment: it takes rows, and its bounds are values of single customers."""
    return analysis.study.rows is not None and not analysis.hide


def _rule(rule: rule_of_thumb.Rule) -> str:
    return (
        f"Rule of thumb: {rule.text}. {share(rule.precision, 0)} of those who meet it are in the segment; "
        f"it finds {share(rule.recall, 0)} of the segment."
    )


def demographics(analysis: Analysis) -> Section | None:
    """Age, car ownership and job industry of each segment; None if the files have none of them."""
    found = []
    if (ages := analysis.table(tables.ages, needs=["age"])) is not None:
        note = hidden_note(ages) or analysis.left_out(ages, size(analysis.selected), "of unknown age")
        found.append(_by_segment(analysis, "Age by segment (years)", charts.boxplot, ages, note=note))
    if (cars := analysis.table(tables.count, (CLUSTER, "owns_car"), needs=["owns_car"])) is not None:
        more = {"note": hidden_note(cars, shares=SHORT_BARS), "options": {"legend_title": "Owns a car"}}
        found.append(_by_segment(analysis, "Car ownership by segment", charts.stacked_shares, cars, "owns_car", **more))
    if (jobs := analysis.table(tables.count, (CLUSTER, "job_industry"), needs=["job_industry"])) is not None:
        title, note = "Job industry by segment (area: customers)", hidden_note(jobs) or beyond(jobs, "job_industry")
        more = {"note": note, "height": TREEMAP}
        found.append(_by_segment(analysis, title, charts.treemap, jobs, "job_industry", **more))
    return Section("Segment demographics", figures=tuple(found)) if found else None


def strategy(analysis: Analysis) -> Section:
    """The share of mass affluent by segment, where they live, and age beside value."""
    clusters = analysis.made(tables.by_cluster, analysis.of_all(tables.measured, ["tenure"]))
    rows = summary.penetration(clusters)[1 if analysis.hide else 0 :]  # what is left does not add up to all
    names = analysis.segments.names
    table = Table(
        ("Segment", "Mass affluent, of those known", "Tenure"),
        tuple((charts.label(one, names) if one else "All customers", share, tenure) for one, share, tenure in rows),
        hidden_note(clusters, of=(MASS_AFFLUENT, "tenure")),
    )
    return Section("Mass affluent strategy", tables=(table,), figures=(*_places(analysis), *_scatter(analysis)))


def _places(analysis: Analysis) -> list[Figure]:
    places = analysis.table(tables.places, needs=["state"])
    if places is None:
        return []
    states = maps.by_state(places)
    drawn = _map(analysis, places, states)
    states = analysis.shown(states)
    bars = None if states.empty else charts.state_bars(states)
    return [
        *drawn,
        Figure(
            BY_STATE,
            bars,
            hidden_note(states, of=[MASS_AFFLUENT]) or beyond(states, "state"),
            wide=True,
        ),
    ]


def _map(analysis: Analysis, places: pd.DataFrame, states: pd.DataFrame) -> list[Figure]:
    """The map of the customers' country; none if no country was decided."""
    country = country_of(analysis.study.country)
    if country is None:
        return []
    regions, states = analysis.shown(maps.by_region(places, country), whole=states), analysis.shown(states)
    note = hidden_note(regions, states, of=[MASS_AFFLUENT]) or maps.describe_placed(states, regions, country)
    title = "Customers by state, mass affluent by region"
    return [Figure(title, flat_map(states, regions, country), note, wide=True)]


def _scatter(analysis: Analysis) -> list[Figure]:
    value = analysis.value
    step = analysis.step
    bins = analysis.table(tables.age_by_value, value, step, needs=["age", value])
    if bins is None:
        return []
    title = f"Age and {analysis.label(value)} by segment (area: customers)"
    why = f"of unknown age or {analysis.label(value)}"
    note = hidden_note(bins) or analysis.left_out(bins, size(analysis.selected), why)
    options = {"titles": analysis.titles("age", value), "step": step}
    return [_by_segment(analysis, title, charts.scatter, bins, value, note=note, height=SCATTER, options=options)]


def _by_segment(
    analysis: Analysis, title: str, build: Any, table: pd.DataFrame, *arguments: Any, note: str = "", wide: bool = True,
    height: int = 0, options: Mapping[str, Any] | None = None,
) -> Figure:  # fmt: skip
    """A figure of one of core's charts by segment; with its note alone where nothing may be shown."""
    if table.empty:
        return Figure(title, None, note, wide)
    chart = build(table, *arguments, names=analysis.segments.names, **(options or {}))
    return Figure(title, chart.properties(height=height) if height else chart, note, wide)
