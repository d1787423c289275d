"""Cross-filtering: a clicked mark is a filter of all visuals but the one it was clicked on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.schema import BY_NAME, CLUSTER, FILTERS
from core.visuals.registry import SEGMENT_FILTER, VISUALS

SEPARATOR: Final = ":"  # only the last value of a click is free text, so it may hold one itself


@dataclass(frozen=True)
class Click:
    """A clicked mark: the visual it is on, and a value for each of that visual's columns."""

    visual: str
    values: tuple[str, ...]

    @property
    def where(self) -> dict[str, str]:
        """Column → value."""
        return dict(zip(columns_clicked(self.visual), self.values, strict=True))

    @property
    def by_segment(self) -> bool:
        """Whether it means something only among the segments it was made in."""
        return CLUSTER in columns_clicked(self.visual)

    @property
    def text(self) -> str:
        """As an address carries it: `jobs:2:Health`."""
        return SEPARATOR.join((self.visual, *self.values))


def columns_clicked(visual: str) -> tuple[str, ...]:
    """The columns whose values a mark of a visual stands for; none for an unknown visual."""
    if visual == SEGMENT_FILTER:  # every visual follows it
        return (CLUSTER,)
    return VISUALS[visual].clicks if visual in VISUALS else ()


def from_text(text: str) -> Click | None:
    """Read what `Click.text` wrote; None for any other text, since an address can hold anything."""
    visual, _, rest = text.partition(SEPARATOR)
    columns = columns_clicked(visual)
    values = tuple(rest.split(SEPARATOR, len(columns) - 1)) if columns else ()
    return Click(visual, values) if values and len(values) == len(columns) and all(values) else None


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


def is_known(click: Click, customers: pd.DataFrame, segments: Collection[str]) -> bool:
    """Whether its values exist: the segment among the labels `segments`, the others in the data."""
    return all(
        value in (segments if column == CLUSTER else customers[column].cat.categories if column in customers else ())
        for column, value in click.where.items()
    )


def describe(click: Click) -> str:
    """`"Segment: 2, Job industry: Health"`."""
    return ", ".join(
        f"{'Segment' if column == CLUSTER else _label(column)}: {value}" for column, value in click.where.items()
    )


def _label(column: str) -> str:
    return FILTERS.get(column) or (BY_NAME[column].label if column in BY_NAME else column)


def _inside(customers: pd.DataFrame, click: Click) -> np.ndarray:
    keep = np.ones(len(customers), bool)
    for column, value in click.where.items():
        keep &= customers[column].eq(value).to_numpy(bool)
    return keep
