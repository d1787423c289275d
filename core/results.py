"""The files that an analysis gives: one table for the command line, the app's downloads and the ZIP archive."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final

import pandas as pd

from core.analysis import Analysis
from core.cubes.contents import contents
from core.cubes.file import NAME as SUMMARY
from core.cubes.file import to_bytes
from core.customer_base import rows_of
from core.figures import written_as
from core.files import json_bytes, zip_bytes
from core.measures.measure import to_toml
from core.reporting.pdf import to_pdf, why_no_pdf
from core.segments.category_profile import shares_sheet
from core.segments.clusterer import GivesMargin
from core.segments.evidence import Score
from core.segments.next_segment import NAME as NEXT_SEGMENTS
from core.segments.next_segment import sheet_of
from core.segments.reality import each_segment
from core.segments.score import score_customers
from core.segments.score_table import CURVE, table
from core.segments.sql import NAME as SEGMENTS_SQL
from core.segments.sql import to_sql, why_no_sql
from core.segments.threshold_tree import NAME as RULES_SQL
from core.segments.threshold_tree import short_tree
from core.segments.threshold_tree import to_sql as rules_to_sql
from core.strategy.scenario import to_json
from core.views.export import segment_sheet, to_csv, without_noise

CSV, JSON, HTML, TEXT, TOML = "text/csv", "application/json", "text/html", "text/plain", "application/toml"
PDF, REPORT_PDF = "application/pdf", "report.pdf"
PPTX, DECK = "application/vnd.openxmlformats-officedocument.presentationml.presentation", "deck.pptx"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK, CUSTOMERS_WORKBOOK = "workbook.xlsx", "workbook_with_customers.xlsx"
ZIP_NAME, ZIP = "results.zip", "application/zip"


@dataclass(frozen=True)
class File:
    """A file: its label, its media type, how it is made, and whether it exists.

    While small groups are hidden, it is not given if `hidden_with_groups`; a file without that flag must hide them.
    One `on_request` is made only where it is asked for by name; `why_not` says why it cannot be made here, if so.
    """

    label: str
    kind: str
    make: Callable[[Analysis], bytes]
    exists: Callable[[Analysis], bool] = lambda _: True
    hidden_with_groups: bool = True
    on_request: bool = False
    why_not: Callable[[], str] = lambda: ""


def _has_rows(analysis: Analysis) -> bool:
    return analysis.study.rows is not None


def _customers(analysis: Analysis) -> bytes:
    return to_csv(rows_of(analysis.study).with_segments(analysis.segments).assign(**analysis.certainties))


def _rejected(analysis: Analysis) -> bytes:
    return to_csv(rows_of(analysis.study).rejected)


def _scores(analysis: Analysis) -> bytes:
    rows = rows_of(analysis.study)
    return to_csv(score_customers(rows.customers, rows.columns, analysis.model))


def _model(analysis: Analysis) -> bytes:
    return json_bytes(analysis.certain(analysis.model).to_dict())


def _summary(analysis: Analysis) -> bytes:
    rows = rows_of(analysis.study)
    model = analysis.certain(analysis.frozen)
    return to_bytes(contents(rows, rows.with_segments(analysis.segments), analysis.segments, analysis.structure, model))


def _segment_sheet(analysis: Analysis) -> bytes:
    segments = analysis.segments
    sheet = segment_sheet(segments.profile, segments.customers, analysis.unsure)
    levels = shares_sheet(segments.categories, segments.category_counts)
    return to_csv(pd.concat([sheet, without_noise(levels)], axis="columns"))


def _has_next(analysis: Analysis) -> bool:
    return _has_rows(analysis) and analysis.segments.k > 1 and isinstance(analysis.segments.clustering, GivesMargin)


def _next_segments(analysis: Analysis) -> bytes:
    return to_csv(sheet_of(analysis.next_segments, analysis.segments, analysis.study.columns))


def _evidence(analysis: Analysis) -> bytes:
    return to_csv(without_noise(each_segment(analysis.structure, analysis.segments.profile["cluster"])))


def _report(analysis: Analysis) -> bytes:
    from core.reporting.report import report  # draws charts: half of what this module would take to load

    return report(analysis)


def _report_pdf(analysis: Analysis) -> bytes:
    return to_pdf(_report(analysis))


def _deck(analysis: Analysis) -> bytes:
    from core.reporting.deck import deck  # draws charts, as the report does

    return deck(analysis)


def _workbook(analysis: Analysis, *, customers: bool = False) -> bytes:
    from core.reporting.workbook import workbook

    return workbook(analysis, customers=customers)


def _has_rules(analysis: Analysis) -> bool:
    segments = analysis.segments
    return _has_rows(analysis) and segments.k > 1 and bool(segments.profile["customers"].sum())


def _rules(analysis: Analysis) -> bytes:
    rows = rows_of(analysis.study)
    tree = short_tree(rows.customers, rows.columns, analysis.segments)
    return rules_to_sql(tree).encode() if tree else b""


FILES: Final[dict[str, File]] = {
    "report.html": File("Report (HTML)", HTML, _report, hidden_with_groups=False),
    REPORT_PDF: File("Report (PDF)", PDF, _report_pdf, hidden_with_groups=False, on_request=True, why_not=why_no_pdf),
    DECK: File("Deck (PowerPoint)", PPTX, _deck, hidden_with_groups=False, on_request=True),
    WORKBOOK: File("Workbook (Excel)", XLSX, _workbook, hidden_with_groups=False, on_request=True),
    CUSTOMERS_WORKBOOK: File(
        "Workbook with customers (Excel)", XLSX, partial(_workbook, customers=True), _has_rows, on_request=True
    ),
    "customer_data_cleaned.csv": File("Cleaned customers", CSV, _customers, _has_rows),
    "rejected_rows.csv": File("Rejected rows", CSV, _rejected, _has_rows),
    "segments.csv": File("Segments", CSV, _segment_sheet),
    "segment_evidence.csv": File(
        "How real each segment is", CSV, _evidence, lambda analysis: analysis.structure is not None
    ),
    NEXT_SEGMENTS: File("Nearest other segments", CSV, _next_segments, _has_next),
    "model.json": File("Model and rules", JSON, _model),
    SEGMENTS_SQL: File(
        "Segments as SQL",
        TEXT,
        lambda analysis: to_sql(analysis.model).encode(),
        lambda analysis: not why_no_sql(analysis.segments.clustering),
    ),
    RULES_SQL: File("Segments as rules (SQL)", TEXT, _rules, _has_rules),
    "steps.json": File(
        "Applied steps", JSON, lambda analysis: json_bytes([asdict(step) for step in analysis.study.steps])
    ),
    "scored.csv": File("Scores by the saved model", CSV, _scores, lambda analysis: analysis.saved is not None),
    SUMMARY: File("Summary, to open here", ZIP, _summary, _has_rows),
    "scenarios.json": File(
        "Scenarios",
        JSON,
        lambda analysis: to_json(analysis.showable_scenarios),
        lambda analysis: bool(analysis.showable_scenarios),
        hidden_with_groups=False,
    ),
    "measures.toml": File(
        "Measures",
        TOML,
        lambda analysis: to_toml(analysis.measures).encode(),
        lambda analysis: bool(analysis.measures),
        hidden_with_groups=False,
    ),
}


def results(analysis: Analysis, *requested: str) -> dict[str, Callable[[], bytes]]:
    """File name → how to make it; without those hidden with small groups, or made on request but not `requested`."""
    return {
        name: partial(_plainly, file.make, analysis)
        for name, file in FILES.items()
        if file.exists(analysis) and not (analysis.hide and file.hidden_with_groups)
        if name in requested or not file.on_request
    }


def curve_file(scores: Sequence[Score]) -> dict[str, bytes]:
    """The file of all scores by which k was chosen, by its name; none where k was asked for."""
    return {CURVE: to_csv(without_noise(table(scores)))} if scores else {}


def _plainly(make: Callable[[Analysis], bytes], analysis: Analysis) -> bytes:
    """A file whose numbers are written for machines, whatever the style in force; the report sets its own."""
    with written_as():
        return make(analysis)


def archive(analysis: Analysis) -> bytes:
    """All `results` as one ZIP archive."""
    return zip_bytes({name: make() for name, make in results(analysis).items()})
