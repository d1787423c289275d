"""An analysis as one Excel workbook: figures with charts, segments, every visual's table, columns, definitions."""

from collections.abc import Iterator
from typing import Final

from core.analysis import Analysis
from core.figures import count, written_as
from core.reporting import workbook_segments, workbook_words
from core.reporting.report import FEW, NOBODY, SAMPLE
from core.reporting.workbook_file import write
from core.reporting.workbook_tab import Field, Tab
from core.reporting.workbook_visuals import visual_tabs
from core.views.counted import size

TITLE: Final = "Mass affluent workbook"
SAMPLE_TITLE: Final = f"{TITLE} on sample data"
VALUE: Final = "value"  # the visual of the average value by segment


def workbook(analysis: Analysis, *, customers: bool = False) -> bytes:
    """The workbook of an analysis as XLSX, its texts and formats in the style of the analysis.

    With `customers` it has a sheet of them, and the rejected rows with their text; it needs rows.
    """
    with written_as(analysis.style):
        title = SAMPLE_TITLE if analysis.sample else TITLE
        tabs = [*_tabs(analysis, title, customers=customers)]
        as_of, files = analysis.study.rules.as_of, ", ".join(analysis.study.files)
        return write(tabs, title=title, made=as_of, footer=f"{files} · as of {as_of}", constant_memory=customers)


def _tabs(of: Analysis, title: str, *, customers: bool) -> Iterator[Tab]:
    selected, everybody = size(of.selected), of.study.size
    few = of.too_few(selected, everybody)
    notes = (SAMPLE,) if of.sample else ()
    definitions = workbook_words.definitions(of, "Hidden" if few else f"{count(selected)} of {count(everybody)}")
    if few or not selected:
        yield Tab("summary", "Summary", [Field("Summary")], [], title, (*notes, FEW if few else NOBODY))
        yield definitions
        return
    visuals = [*visual_tabs(of)]
    value = VALUE if any(tab.key == VALUE for tab in visuals) else ""
    yield workbook_segments.summary(of, title, notes, value)
    yield workbook_segments.segments(of)
    yield workbook_segments.profile(of)
    yield from visuals
    if scenarios := workbook_segments.scenarios(of):
        yield scenarios
    if remarks := workbook_words.remarks(of):
        yield remarks
    yield workbook_words.dictionary(of)
    if not of.hide:  # how few cells or rows were changed or rejected
        yield workbook_words.steps(of)
        if rejected := workbook_words.rejected(of, whole=customers):
            yield rejected
    yield definitions
    if customers:
        yield workbook_words.persons(of)
