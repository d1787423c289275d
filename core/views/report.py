"""The report: cards, texts, tables and charts in, one self-contained HTML file without scripts out.

The page is made by a template that escapes every text; charts go in as drawings (`svg.to_svg`).
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from core.errors import DrawingWarning
from core.views.card import Card
from core.views.svg import DrawingError, to_svg

TEMPLATE: Final = Path(__file__).with_name("report.html.jinja")
NOT_DRAWN: Final = Markup('<p class="warning">This chart could not be drawn.</p>')
WIDE, HALF = 680, 330  # pixels that the page, and half of it, has for a chart


@dataclass(frozen=True)
class SegmentCard:
    """A segment: its name, colour and size, what sets it apart, a rule that finds it, and the analyst's remark."""

    name: str
    colour: str
    size: str
    traits: tuple[str, ...]
    rule: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Table:
    """A table of texts, its first `texts` columns words and the others figures."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    texts: int = 1


@dataclass(frozen=True)
class Figure:
    """A titled chart or table; without one, `note` says why. `remark` is what the analyst wrote on it."""

    title: str
    chart: Any
    note: str = ""
    wide: bool = False
    table: Table | None = None
    remark: str = ""


@dataclass(frozen=True)
class Section:
    """A part of the report, in this order; what is empty is left out."""

    title: str
    lead: str = ""
    cards: tuple[Card, ...] = ()
    points: tuple[str, ...] = ()
    segment_cards: tuple[SegmentCard, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True)
class Tile:
    """A segment on the first page: name, colour, size, and its rate of a flag as text and from 0 to 1."""

    name: str
    colour: str
    size: str
    rate: str
    part: float


@dataclass(frozen=True)
class Decision:
    """What to do: a sentence, figures with their names, and where its interval lies; or `why` there is none.

    `places` are those of low end, likely value, high end and zero, from 0 to 1.
    """

    title: str
    figures: tuple[tuple[str, str], ...] = ()
    places: tuple[float, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Board:
    """The first page: what was looked at, sentences after a word each, segments, one chart, one decision.

    `tiles_note` says what stands on a tile.
    """

    lead: str
    sentences: tuple[tuple[str, str], ...]
    tiles: tuple[Tile, ...]
    figure: Figure | None
    decision: Decision
    tiles_note: str = ""


@dataclass(frozen=True)
class Report:
    """The content of a report: title, first page, sections, and the facts at the end."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    warning: str = ""
    board: Board | None = None


def render(report: Report) -> bytes:
    """The report as UTF-8 HTML; equal reports give equal bytes on the same machine (its fonts lay out the charts)."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    drawings = _drawings(report.sections)
    if report.board and report.board.figure and report.board.figure.chart is not None:
        drawings["board"] = _drawing(report.board.figure, "board")
    page = environment.from_string(TEMPLATE.read_text("utf-8")).render(report=report, drawings=drawings)
    return page.encode("utf-8", "replace")  # half of a surrogate pair, which JSON can hold, has no UTF-8


def _drawings(sections: Sequence[Section]) -> dict[str, Markup]:
    """Each chart's drawing by `<section>.<figure>`."""
    return {
        f"{i}.{j}": _drawing(figure, f"f{i}-{j}")
        for i, section in enumerate(sections, 1)
        for j, figure in enumerate(section.figures, 1)
        if figure.chart is not None
    }


def _drawing(figure: Figure, name: str) -> Markup:
    """The drawing, safe by `to_svg`'s list of elements; a sentence where the drawing engine fails."""
    try:
        return Markup(to_svg(figure.chart, width=WIDE if figure.wide else HALF, title=figure.title, name=name))
    except DrawingError as error:
        warnings.warn(f"The chart “{figure.title}” could not be drawn: {error}", DrawingWarning, stacklevel=2)
        return NOT_DRAWN
