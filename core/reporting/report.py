"""The report of an analysis as one file."""

from typing import Final

from core.analysis import Analysis
from core.figures import count, written_as
from core.reporting import pictures, words
from core.reporting.board import board
from core.views.counted import size
from core.views.report import Report, render
from core.views.suppress import MINIMUM

TITLE: Final = "Mass affluent report"
PARTS: Final = (
    words.warnings, pictures.overview, pictures.segments, pictures.demographics, pictures.strategy,
    words.measures, words.scenarios, words.making,
)  # fmt: skip
FEW: Final = f"This selection, or what it leaves out, has fewer than {MINIMUM} customers: it is hidden."
SAMPLE_TITLE: Final = f"{TITLE} on sample data"
SAMPLE: Final = "Sample data: the customers are made up."
NOBODY: Final = "No customer passes all filters."


def report(analysis: Analysis) -> bytes:
    """The report of an analysis as one HTML file (`views.report.render`), its numbers in the style of the analysis."""
    with written_as(analysis.style):
        return _report(analysis)


def _report(analysis: Analysis) -> bytes:
    selected, everybody = size(analysis.selected), analysis.study.size
    few = analysis.too_few(selected, everybody)
    facts = words.facts(analysis, "Hidden" if few else f"{count(selected)} of {count(everybody)}")
    title, sample = (SAMPLE_TITLE, (SAMPLE,)) if analysis.sample else (TITLE, ())
    if few or not selected:
        return render(Report(title, facts, (words.making(analysis),), " ".join((*sample, FEW if few else NOBODY))))
    sections = tuple(section for part in PARTS if (section := part(analysis)))
    return render(Report(title, facts, sections, " ".join(sample), board(analysis, words.looked_at(analysis))))
