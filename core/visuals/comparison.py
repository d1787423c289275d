"""Two numbers of segments beside each other: who moves from which segment to which, without small groups."""

from dataclasses import dataclass

import pandas as pd

from core.figures import percent
from core.schema import NO_SEGMENT
from core.segments.profile import Segments
from core.views.chart_parts import label
from core.views.moves import AFTER, BEFORE, in_words, moves, shares, sizes
from core.views.summary import counted
from core.views.suppress import hidden_note
from core.visuals.segmented import SegmentedCustomers


@dataclass(frozen=True)
class Comparison:
    """All that may be shown of two segmentations of the same customers.

    Parameters
    ----------
    moves : DataFrame
        before, after, customers, size (of the segment before), share (of that segment): `moves.shares`.
    before, after : dict
        The segments of each side whose size may be shown → their size in words.
    words : str
        What becomes of the segments, in a sentence or two; empty where all is hidden.
    note : str
        How many groups are hidden, and why; empty if none is.
    """

    moves: pd.DataFrame
    before: dict[str, str]
    after: dict[str, str]
    words: str
    note: str


def compare(of: SegmentedCustomers, before: Segments, after: Segments) -> Comparison:
    """Compare two segmentations of all customers, whatever the filters."""
    everybody = of.everybody
    moved = moves(before.labels, after.labels)
    shown, left, right = (everybody.shown(table) for table in (moved, sizes(moved, BEFORE), sizes(moved, AFTER)))
    table = shares(shown, left)
    return Comparison(
        table,
        _in_words(left, BEFORE, before),
        _in_words(right, AFTER, after),
        in_words(table),
        hidden_note(shown, shares=""),
    )


def title(segment: str, segments: Segments) -> str:
    """A segment as every visual writes it."""
    return label(segment, segments.names)


def _in_words(table: pd.DataFrame, side: str, segments: Segments) -> dict[str, str]:
    shown = table[~table[side].isin(NO_SEGMENT)]
    return {
        segment: f"{counted(customers, 'customer')}, {percent(customers, segments.customers)}"
        for segment, customers in zip(shown[side], shown["customers"].tolist(), strict=True)
    }
