"""The analysis as slides for PowerPoint, with charts that can be edited."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from unicodedata import bidirectional

from core.analysis import Analysis
from core.errors import DocumentError
from core.figures import written_as
from core.files import zip_bytes
from core.reporting import deck_appendix, deck_slides
from core.reporting.deck_fit import clean
from core.reporting.deck_parts import Points, Slide, alone
from core.reporting.report import FEW, NOBODY, SAMPLE, SAMPLE_TITLE, TITLE
from core.reporting.words import looked_at

LONGEST_NAME: Final = 48  # characters of a segment's name
LEFT_TO_RIGHT: Final = "\u200e"
NOTHING: Final = "Nothing is shown"
PROGRAM: Final = "Mass affluent dashboard"
PARTS: Final = (
    deck_slides.board, deck_slides.segments, deck_slides.apart, deck_slides.by_segment, deck_slides.demographics,
    deck_slides.places, deck_slides.rates, deck_slides.decision, deck_slides.stands_out, deck_slides.evidence,
    deck_slides.method, deck_appendix.appendix,
)  # fmt: skip


def deck(analysis: Analysis) -> bytes:
    """The deck of an analysis as PPTX, in its template if it has one; equal analyses give equal bytes.

    Raises
    ------
    DocumentError
        The template cannot be used.
    """
    from core.reporting.deck_draw import draw
    from core.reporting.deck_template import base_of

    base = base_of(analysis.template)
    with written_as(analysis.style):
        shown = _short_names(analysis)
        slides, foot = _slides(shown), _foot(shown)
        try:
            draw(base, slides, foot)
            return _saved(base.presentation, shown)
        except DocumentError:
            raise
        except Exception as error:  # a template can be wrong in ways that only writing shows
            if not analysis.template:
                raise
            raise DocumentError(
                "No deck can be made with it.", "Save it anew in PowerPoint, or leave it out.", file="template"
            ) from error


def _slides(analysis: Analysis) -> list[Slide]:
    selected, everybody = analysis.totals.customers, analysis.study.size
    few = analysis.too_few(selected, everybody)
    title, sample = (SAMPLE_TITLE, (SAMPLE,)) if analysis.sample else (TITLE, ())
    if few or not selected:
        why = FEW if few else NOBODY
        cover = Slide(title, note=" ".join(sample), spoken=why, cover=True)
        return [cover, Slide(NOTHING, alone(Points((*sample, why))))]
    cover = Slide(
        title,
        note=" · ".join((*(one.removesuffix(".") for one in sample), looked_at(analysis))),
        spoken=looked_at(analysis),
        cover=True,
    )
    return [cover, *(slide for part in PARTS for slide in part(analysis))]


def _foot(analysis: Analysis) -> str:
    """The day of the data and its files."""
    day = analysis.study.rules.as_of
    sample = "Sample data" if analysis.sample else ", ".join(clean(name, 60) for name in analysis.study.files[:4])
    more = len(analysis.study.files) - 4
    return f"As of {day.day} {day:%B %Y} · {sample}{f' and {more} more' if more > 0 and not analysis.sample else ''}"


def _short_names(analysis: Analysis) -> Analysis:
    """The analysis with segment names that fit a slide."""
    names = {label: _short(name) for label, name in analysis.segments.names.items()}
    return (
        analysis if names == analysis.segments.names else replace(analysis, segments=analysis.segments.renamed(names))
    )


def _short(name: str) -> str:
    """A name that fits; after one that is written to the left, a mark that turns back what follows."""
    short = clean(name, LONGEST_NAME)
    return short + LEFT_TO_RIGHT if any(bidirectional(sign) in ("R", "AL") for sign in short) else short


def _saved(presentation: Any, analysis: Analysis) -> bytes:
    """The bytes of a presentation, which name no person, no machine and no clock."""
    day = analysis.study.rules.as_of
    made = datetime(day.year, day.month, day.day)
    properties = presentation.core_properties
    properties.created = properties.modified = properties.last_printed = made
    properties.author = properties.last_modified_by = PROGRAM
    properties.title = SAMPLE_TITLE if analysis.sample else TITLE
    properties.subject = properties.keywords = properties.comments = properties.category = ""
    properties.revision = 1
    file = io.BytesIO()
    presentation.save(file)
    with zipfile.ZipFile(file) as package:
        return zip_bytes({one.filename: package.read(one) for one in package.infolist()})
