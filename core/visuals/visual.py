"""The description of a visual, from which pages, report, opened results and clicks derive."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from core.schema import CLUSTER
from core.views.counted import BINS, LOWS
from core.views.plots import Plot
from core.views.suppress import hidden_note
from core.visuals.option import Option
from core.visuals.segmented import SegmentedCustomers
from core.visuals.table import Table
from core.visuals.value import Measures, named


def as_table(_: SegmentedCustomers, table: pd.DataFrame) -> pd.DataFrame:
    """The `shape` of a visual that draws its table as it is."""
    return table


@dataclass(frozen=True)
class Visual:
    """A chart, or a table for people: its counts, its drawing and its texts.

    Parameters
    ----------
    key : str
        Its name, which stands in links and in keys of caches.
    section : str
        The part of page and report it belongs to, one of `registry.PAGES`.
    table : Table
        The table that it is drawn from.
    arguments : callable
        The arguments of the table's builder.
    columns : tuple of str
        The columns it needs; where nobody has a value in one of them, it is not drawn (`is_possible`). `VALUE` stands
        for the analyst's value measure, other placeholders (`value.USUAL`) for what the customers have.
    optional : tuple of str
        The columns, or placeholders, that it shows where customers have them.
    draw : callable
        The Altair chart of what `shape` gives, or a `views.sheet.Sheet`: then page and report show a table, whose rows
        are clicked. The data fields of a mark that can be clicked are `fields` of `clicks` and `bands`.
    title, alt, missing : callable
        Its title, its text for a screen reader, and the message where the data lacks a column.
    clicks : tuple of str
        The columns whose values a mark stands for: a click on it filters by them.
    bands : callable, optional
        The two numbers, with the widths of their bins, that a mark stands for beside the segment.
    note : callable
        The line below it, which says first how many groups are hidden.
    shape : callable
        The data to draw, from the table. It must be given where the table's `Hiding` has a reason not to hide: then it
        hides small groups itself (`SegmentedCustomers.shown`).
    deck, legend : callable, optional
        The deck that a page shows in place of the chart: it takes theme, clicked values and turn, too. Its
        legend as a Vega-Lite specification, which takes the theme.
    plot : callable, optional
        The numbers of the chart (`views.plots.Plot`) of what `shape` gives, for a deck whose charts can be edited;
        without it a deck has the chart as a picture.
    wide, height : bool, int
        Whether it takes the whole width of the report, and its height there in pixels (0: the chart's own).
    stretch : bool
        Whether its card on a page grows to that beside it.
    options : tuple of Option
        What the analyst can choose beside its title, such as the category of the tiles.
    also : callable
        Whether what it needs beside columns is there.
    """

    key: str
    section: str
    table: Table
    arguments: Callable[[Measures], Sequence[Any]]
    columns: tuple[str, ...]
    # Data is Any: each visual draws what its own `shape` gives, mostly a DataFrame.
    draw: Callable[[SegmentedCustomers, Any], Any]
    title: Callable[[SegmentedCustomers, Any], str]
    alt: Callable[[SegmentedCustomers], str]
    missing: Callable[[SegmentedCustomers], str]
    clicks: tuple[str, ...] = ()
    bands: Callable[[Measures], Sequence[tuple[str, float]]] | None = None
    optional: tuple[str, ...] = ()
    note: Callable[[SegmentedCustomers, Any], str] = lambda _, data: hidden_note(data)
    shape: Callable[[SegmentedCustomers, pd.DataFrame], Any] = as_table
    deck: Callable[..., Any] | None = None
    legend: Callable[..., Any] | None = None
    plot: Callable[[SegmentedCustomers, Any], Plot] | None = None
    wide: bool = True
    height: int = 0
    stretch: bool = True
    options: tuple[Option, ...] = ()
    also: Callable[[SegmentedCustomers], bool] = lambda _: True

    def required(self, of: Measures) -> tuple[str, ...]:
        """The columns it needs, by their names."""
        return tuple(named(name, of) for name in self.columns)

    def is_possible(self, of: SegmentedCustomers) -> bool:
        """Whether there is something to draw: a page and the report leave out a visual of what nobody has."""
        return of.has(*self.required(of)) and self.also(of)


@dataclass(frozen=True)
class Picture:
    """A visual of some customers: `data` is what it draws (None where there is no table), `note` or why it is not."""

    visual: Visual
    title: str
    data: Any
    note: str

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.data is None or (isinstance(self.data, pd.DataFrame) and self.data.empty)


def picture(visual: Visual, of: SegmentedCustomers) -> Picture:
    """What a visual shows of an analysis, as far as it may be shown."""
    arguments = tuple(visual.arguments(of))
    table = of.table(visual.table.build, *arguments, needs=visual.required(of))
    if table is None:
        why = of.why_not(visual.table.build, *arguments) or visual.missing(of)
        return Picture(visual, visual.title(of, None), None, why)
    data = visual.shape(of, table)
    return Picture(visual, visual.title(of, data), data, visual.note(of, data))


def data_of(visual: Visual, of: SegmentedCustomers) -> Any:
    """The data of `picture`, without its words; None also where the visual is not possible."""
    if not visual.is_possible(of):
        return None
    table = of.table(visual.table.build, *visual.arguments(of), needs=visual.required(of))
    return None if table is None else visual.shape(of, table)


def fields(columns: Sequence[str]) -> dict[str, str]:
    """The field of a chart's data that has the values of each column by which it is clicked."""
    lows = iter(LOWS)
    return {name: next(lows) if BINS.fullmatch(name) else "segment" if name == CLUSTER else "inner" for name in columns}
