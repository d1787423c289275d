"""The first sheets of the workbook: the figures with the headlines, the segments, and what sets each apart."""

from typing import Any, Final

import pandas as pd

from core.analysis import Analysis
from core.reporting.board import board
from core.reporting.words import looked_at
from core.reporting.workbook_tab import Bars, Cell, Field, Tab, number_field
from core.reporting.workbook_visuals import CUSTOMERS, NAME, SHARE_AFFLUENT, Columns, affluent_columns, segment_columns
from core.schema import CLUSTER, MASS_AFFLUENT, NO_SEGMENT
from core.segments.reality import each_segment
from core.strategy.scenario import compare
from core.views import tables
from core.views.palette import colours
from core.views.summary import mean
from core.views.suppress import hidden_note, of_whom_shown
from core.visuals.kpis import FEW, KPIS, SHOWN, Average, Kpi, Part, card
from core.visuals.segment_kpis import segment_measures

SUMMARY, SEGMENTS, PROFILE, SCENARIOS = "summary", "segments", "profile", "scenarios"
COUNT: Final = Field("Value", "count", width=16)
KPI_FIELDS: Final = (Field("Figure", width=30), COUNT, Field("Share", "share", width=12), Field("Note", width=60))
EFFECT: Final = (
    "Effect: of numbers the difference from the other customers in standard deviations (Cohen's d), of categories that "
    "of the shares on a like scale (Cohen's h); 0.2 is small, 0.5 medium, 0.8 large."
)
OF_ALL: Final = "Of all customers, whatever the filters."
EVIDENCE: Final = {
    "real": Field("A group of its own", width=16), "cloud_with": Field("One cloud with", width=12),
    "silhouette": Field("Silhouette", "number", digits=2, width=11),
    "fall": Field("Least fall of density to another", "number", digits=2, width=14),
    "found_again": Field("Found again in random halves", "number", digits=2, width=14),
    "across": Field("Found again with one segment less or more", "number", digits=2, width=16),
}  # fmt: skip


def summary(of: Analysis, title: str, notes: tuple[str, ...], value_tab: str) -> Tab:
    """The figures of pages and report, the headlines above them, and charts of the other sheets' cells.

    `value_tab` is the key of the sheet with the average value by segment, empty where there is none.
    """
    page = board(of, looked_at(of))
    said = [f"{word}: {text}" for word, text in page.sentences]
    why = [page.decision.why] if page.decision.why else []
    rows = [row for kpi in KPIS.values() if "report" in kpi.surfaces for row in [_figure(kpi, of)] if row]
    labels = of.clusters[CLUSTER].astype("str")
    segments = tuple(colours(labels))
    charts = [Bars("Customers by segment", SEGMENTS, NAME, CUSTOMERS, segments, "doughnut")]
    if of.study.wealth.tells:
        charts.append(Bars(f"{SHARE_AFFLUENT} by segment", SEGMENTS, NAME, SHARE_AFFLUENT, segments))
    if value_tab:
        average = f"Average {of.title_within(of.value)}"
        charts.append(Bars(f"{average} by segment", value_tab, NAME, average, segments))
    warned = [f"Before you trust the figures: {text}" for text in of.warnings]
    return Tab(SUMMARY, "Summary", KPI_FIELDS, rows, title, (*notes, page.lead, *said, *why, *warned), charts)


def _figure(kpi: Kpi, of: Analysis) -> tuple[Any, ...] | None:
    """A row of the summary; None where a KPI has no value."""
    value = kpi.build(of)
    shown = card(kpi, of, "report")
    if value is None or shown is None:
        return None
    hiding = kpi.hiding(of, value) if of.hide else SHOWN
    if hiding == FEW:
        return kpi.label, Cell(shown.value, Field("")), None, shown.note
    if isinstance(value, Part):
        known = value.part / value.known if value.known and hiding == SHOWN else None
        return kpi.label, value.part if value.known else Cell(shown.value, Field("")), known, shown.note
    if isinstance(value, Average):
        return kpi.label, Cell(value.mean, number_field("", [value.mean])), None, shown.note
    plain = isinstance(value, int | float)
    return kpi.label, value if plain else Cell(shown.value, Field("")), None, shown.note


def segments(of: Analysis) -> Tab:
    """Size, mass affluent, averages, traits and evidence of each segment that may be shown."""
    table = of.table(tables.by_cluster, of.decimals(*segment_measures()))
    labels = [str(label) for label in table[CLUSTER]]
    customers = table["customers"]
    columns: Columns = [*segment_columns(labels, of), (Field(CUSTOMERS, "count"), customers.tolist())]
    whom = of_whom_shown(table, of.study.size)
    columns.append((Field(f"% {whom}", "share"), (customers / customers.sum()).tolist()))
    columns += affluent_columns(table, of)
    for name in segment_measures():
        if f"{name}_n" in table:
            means = mean(table, name).tolist()
            columns.append((number_field(f"Average {of.title_within(name)}", means, of.sign(name)), means))
    columns.append((Field("What sets it apart", width=44), [_traits(label, of) for label in labels]))
    columns += [_unsure(labels, of), *_evidence(labels, of)]
    notes = [
        hidden_note(table, of=[MASS_AFFLUENT, *segment_measures()]),
        "Sizes follow the filters; what sets a segment apart, and how real and sure it is, is of all its customers.",
        of.segments.how_numbered(of.study.columns),
        of.why_no_certainty,
    ]
    rows = [*zip(*(values for _, values in columns), strict=True)]
    return Tab(SEGMENTS, "Segments", [field for field, _ in columns], rows, "Segments", [*filter(None, notes)])


def _traits(label: str, of: Analysis) -> str:
    return "" if label in NO_SEGMENT else "\n".join(of.distinguishing_traits(label))


def _unsure(labels: list[str], of: Analysis) -> tuple[Field, list[float | None]]:
    """The share of customers who are unsure of their segment, where neither they nor the others are few."""
    sizes = dict(zip(of.segments.profile["cluster"], of.segments.profile["customers"].tolist(), strict=True))

    def one(label: str) -> float | None:
        if of.unsure is None or not sizes.get(label):
            return None
        unsure = int(of.unsure[label])
        return None if of.too_few(unsure, sizes[label]) else unsure / sizes[label]

    return Field("Share unsure of the segment", "share"), [one(label) for label in labels]


def _evidence(labels: list[str], of: Analysis) -> Columns:
    if of.hide:  # it could tell of few
        return []
    found = each_segment(of.structure, of.segments.profile["cluster"]).set_index("segment").reindex(labels)
    return [
        (field, found[name].astype("object").where(found[name].notna(), None).tolist())
        for name, field in EVIDENCE.items()
        if name in found
    ]


def profile(of: Analysis) -> Tab:
    """Every column of every segment against the other customers, the largest effect first; small groups are hidden."""
    found = of.differences
    columns: Columns = [
        *segment_columns(found["cluster"], of),
        (Field("Column"), found["label"].tolist()),
        (Field("Value"), found["value"].tolist()),
        (Field("In the segment", "number"), _in_units(found, "here", of)),
        (Field("All customers", "number"), _in_units(found, "everybody", of)),
        (Field("Unit"), [_unit(name, value, of) for name, value in zip(found["column"], found["value"], strict=True)]),
        (Field("Effect", "number", digits=2), found["effect"].tolist()),
        (Field("Segments are made from it"), ["Yes" if one else "No" for one in found["feature"]]),
    ]
    rows = [*zip(*(values for _, values in columns), strict=True)]
    notes = (OF_ALL, EFFECT, *(["Differences that would show few customers are left out."] if of.hide else []))
    return Tab(PROFILE, "Profile", [field for field, _ in columns], rows, "What sets each segment apart", notes)


def _in_units(found: pd.DataFrame, figure: str, of: Analysis) -> list[Cell]:
    """A mean in the unit of its column, or the share of a category."""
    rows = zip(found["column"], found["value"], found[figure].tolist(), strict=True)
    return [
        Cell(number, Field("", "share") if value else number_field("", [number], of.sign(name)))
        for name, value, number in rows
    ]


def _unit(name: str, value: str, of: Analysis) -> str:
    column = of.column(name)
    return "" if value or column is None else column.sign or column.unit


def scenarios(of: Analysis) -> Tab | None:
    """The saved scenarios that may be shown, side by side; None without any."""
    if not (saved := of.showable_scenarios):
        return None
    table = compare(saved)
    sign = of.currency
    fields = {
        "name": Field("Scenario"), "audience": Field("Audience"), "customers": Field("Customers", "count"),
        "reached": Field("Reached", "count"), "conversions": Field("Conversions", "number", digits=1),
        "cost": Field("Cost", "number", sign), "net_value": Field("Net value", "number", sign),
        "net_low": Field("80% interval, lower end", "number", sign),
        "net_high": Field("80% interval, upper end", "number", sign), "roi": Field("ROI", "share"),
    }  # fmt: skip
    rows = [*table[[*fields]].itertuples(index=False, name=None)]
    note = "As they were saved: the audience and its size do not follow the filters. Conversions are incremental."
    return Tab(SCENARIOS, "Scenarios", [*fields.values()], rows, "Saved scenarios", [note])
