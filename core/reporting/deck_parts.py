"""What a deck says: slides of parts, and no word on how they are drawn."""

from dataclasses import dataclass
from typing import Any

from core.views.card import Card
from core.views.plots import Plot
from core.views.report import Table


@dataclass(frozen=True)
class Points:
    """Sentences, each with a bullet; each after its word where `words` has them."""

    texts: tuple[str, ...]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """A table; `clusters` has the segment of each row, whose colour stands before it, and is empty for other rows."""

    table: Table
    clusters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A chart that can be edited, and its text for a screen reader."""

    plot: Plot
    alt: str


@dataclass(frozen=True)
class Image:
    """A picture as PNG, and its text for a screen reader."""

    content: bytes
    alt: str


@dataclass(frozen=True)
class Cards:
    """KPIs beside each other."""

    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Interval:
    """Where low end, likely value, high end and zero lie, from 0 to 1, with the texts of the first three."""

    places: tuple[float, ...]
    texts: tuple[str, str, str]
    alt: str


Part = Points | Rows | Chart | Image | Cards | Interval


@dataclass(frozen=True)
class Line:
    """Parts beside each other, each with its share of the width; `height` is the line's share of the slide's room."""

    parts: tuple[tuple[float, Part], ...]
    height: float = 1.0


@dataclass(frozen=True)
class Slide:
    """A slide: its message, lines of parts, a small note below them, and what the speaker reads.

    The first slide of a deck is its `cover`, whose note is the subtitle.
    """

    title: str
    lines: tuple[Line, ...] = ()
    note: str = ""
    spoken: str = ""
    cover: bool = False


def alone(part: Part) -> tuple[Line, ...]:
    """A part that takes all room."""
    return (Line(((1.0, part),)),)


def beside(*parts: tuple[float, Any]) -> tuple[Line, ...]:
    """Parts beside each other in one line."""
    return (Line(parts),)
