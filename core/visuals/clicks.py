"""Cross-filtering: a clicked mark is a filter of all visuals but the one it was clicked on."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.schema import BY_NAME, CLUSTER, FILTERS
from core.visuals.bands import Widths, band, inside, is_band, joined, no_widths, number_of, parted
from core.visuals.registry import ANY, SEGMENT_FILTER, VISUALS
from core.visuals.value import USUAL, Measures, named

SEPARATOR: Final = ":"  # only the last value of a click is free text, so it may hold one itself
BY: Final = "."  # before the column of a visual whose column can be picked


@dataclass(frozen=True)
class Click:
    """A clicked mark: the visual it is on, and a value for each of that visual's columns.

    `column` is the one that the visual showed in place of the usual one, if it did, or the numbers that it showed in
    bands (`bands.joined`): then the mark stands for a band of each, too, told by its lower edge.
    """

    visual: str
    values: tuple[str, ...]
    column: str = ""

    @property
    def where(self) -> dict[str, str]:
        """Column → value."""
        return dict(zip(columns_clicked(self.visual, self.column), self.values, strict=True))

    @property
    def by_segment(self) -> bool:
        """Whether it means something only among the segments it was made in."""
        return CLUSTER in columns_clicked(self.visual)

    @property
    def text(self) -> str:
        """As an address carries it: `jobs:2:Health`, or `jobs.education:2:Tertiary` of another column."""
        visual = BY.join(filter(None, (self.visual, self.column)))
        return SEPARATOR.join((visual, *self.values))


def columns_clicked(visual: str, column: str = "") -> tuple[str, ...]:
    """The columns whose values a mark of a visual stands for, `column` in place of the usual; none if it is unknown."""
    if visual == SEGMENT_FILTER:  # every visual follows it
        return (CLUSTER,) if not column else ()
    clicks = VISUALS[visual].clicks if visual in VISUALS else ()
    if column and visual in VISUALS and VISUALS[visual].bands:
        return (*clicks, *bands) if (bands := parted(column)) else ()
    if column and USUAL.keys().isdisjoint(clicks):
        return ()
    return tuple(column if column and name in USUAL else named(name, ANY) for name in clicks)


def column_shown(visual: str, of: Measures) -> str:
    """The column that a visual shows in place of the usual one, or its bands of numbers; empty where neither is."""
    if visual in VISUALS and (bands := VISUALS[visual].bands):
        return joined(bands(of))
    places = [name for name in VISUALS[visual].clicks if name in USUAL] if visual in VISUALS else []
    return next((found for name in places if (found := named(name, of)) != USUAL[name]), "")


def from_text(text: str) -> Click | None:
    """Read what `Click.text` wrote; None for any other text, since an address can hold anything."""
    head, _, rest = text.partition(SEPARATOR)
    visual, _, column = head.partition(BY)
    columns = columns_clicked(visual, column)
    values = tuple(rest.split(SEPARATOR, len(columns) - 1)) if columns else ()
    return Click(visual, values, column) if values and len(values) == len(columns) and all(values) else None


def after(clicks: Sequence[Click], click: Click, *, more: bool) -> tuple[Click, ...]:
    """The clicks after one more. It replaces those on its visual, or joins them (`more`). A second click removes it."""
    elsewhere = tuple(old for old in clicks if old.visual != click.visual)
    same_visual = tuple(old for old in clicks if old.visual == click.visual)
    keeps = more or same_visual == (click,)
    kept = tuple(old for old in same_visual if old != click) if keeps else ()
    return (*elsewhere, *kept) if click in same_visual and keeps else (*elsewhere, *kept, click)


def select(customers: pd.DataFrame, clicks: Sequence[Click]) -> pd.DataFrame:
    """The customers in a clicked mark of every visual with clicks."""
    keep = np.ones(len(customers), bool)
    for visual in {click.visual for click in clicks}:
        keep &= np.any([_inside(customers, click) for click in clicks if click.visual == visual], axis=0)
    return customers if keep.all() else customers[keep]


def is_known(click: Click, customers: pd.DataFrame, segments: Collection[str], widths: Widths = no_widths) -> bool:
    """Whether its values exist: the segment among the labels `segments`, the others in the data.

    `widths` says in which bands a number is shown.
    """

    def exists(column: str, value: str) -> bool:
        if column == CLUSTER:
            return value in segments
        if band(column):
            return is_band(column, value, customers, widths)
        return column in customers and value in customers[column].cat.categories

    return all(exists(column, value) for column, value in click.where.items())


def describe(
    click: Click, text: Callable[[str], str] | None = None, write: Callable[[str, str], str] = lambda _, value: value
) -> str:
    """`"Segment: 2, Job industry: Health"`; `text` gives the label of a column, `write` the text of a value of it."""
    return ", ".join(
        f"{'Segment' if column == CLUSTER else (text or _label)(number_of(column))}: {write(column, value)}"
        for column, value in click.where.items()
    )


def _label(column: str) -> str:
    return FILTERS.get(column) or (BY_NAME[column].label if column in BY_NAME else column)


def _inside(customers: pd.DataFrame, click: Click) -> np.ndarray:
    keep = np.ones(len(customers), bool)
    for column, value in click.where.items():
        keep &= inside(column, value, customers) if band(column) else customers[column].eq(value).to_numpy(bool)
    return keep
