"""The description of a visual, from which pages, report, opened results and clicks derive."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import pandas as pd

from core.rules import Rules
from core.schema import CLUSTER, FILTERS, Column
from core.views.suppress import hidden_note
from core.views.tables import Decimals, Totals
from core.visuals.table import Build, Table

VALUE: Final = "the value measure"  # in place of a column: the measure that the analyst shows as value


class Customers(Protocol):
    """The customers of an analysis, as visuals and KPIs use them."""

    @property
    def size(self) -> int:
        """How many customers there are, whatever the filters."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the files that customers have."""

    @property
    def rules(self) -> Rules:
        """The rules of flags and cleaning."""

    @property
    def country(self) -> str:
        """The code of the country they live in, empty where none was decided."""


class Measures(Protocol):
    """The value measure and decimals, which the arguments of a visual's table may depend on."""

    @property
    def value(self) -> str:
        """The measure that stands for a customer's value."""

    @property
    def step(self) -> float:
        """The bin width of that measure."""

    def decimals(self, *columns: str) -> Decimals:
        """Those of some numbers that the customers have, with the decimals to sum them in."""


@dataclass(frozen=True)
class ValueMeasure:
    """The measure that stands for value while the visuals are asked what they need (`Measures`)."""

    value: str
    step: float
    numbers: Decimals

    def decimals(self, *columns: str) -> Decimals:
        """Those of the numbers that there are."""
        return {name: self.numbers[name] for name in columns if name in self.numbers}


class Context(Measures, Protocol):
    """The analysis, as visuals and KPIs use it (`core.analysis.Analysis`)."""

    @property
    def hide(self) -> bool:
        """Whether small groups must not be shown."""

    @property
    def study(self) -> Customers:
        """The customers."""

    @property
    def names(self) -> Mapping[str, str]:
        """Cluster label → segment name."""

    @property
    def totals(self) -> Totals:
        """The counts of all selected customers: nothing is hidden from them."""

    def sums(self, column: str) -> pd.DataFrame | None:
        """One row on all selected customers: how many there are, how many have a number, and its sum.

        Nothing is hidden from it. None where there is no such number, or no sum of it.
        """

    @property
    def clusters(self) -> pd.DataFrame:
        """The table by cluster that pie, bars and cards share, without its hidden rows: do not add it up."""

    def table(self, build: Build, *arguments: Any, needs: Sequence[str] = ()) -> Any:
        """A table of the selected customers without its hidden rows: do not add it up. None where a column lacks."""

    def why_not(self, build: Build, *arguments: Any) -> str:
        """Why an opened result does not have a table, as a sentence; empty where it has."""

    def shown(self, table: pd.DataFrame, *, cells: bool = True, whole: pd.DataFrame | None = None) -> pd.DataFrame:
        """The rows of a table that may be shown."""

    def left_out(self, table: pd.DataFrame | None, customers: int, why: str) -> str:
        """A sentence on the customers whom a table does not have."""

    def has(self, *columns: str) -> bool:
        """Whether somebody has a value in each of these columns."""

    def column(self, name: str) -> Column | None:
        """The description of a column."""

    def titles(self, *columns: str) -> Mapping[str, str]:
        """Labels with their units, by column."""

    def label(self, name: str) -> str:
        """A column's label within a sentence."""


def as_table(_: Context, table: pd.DataFrame) -> pd.DataFrame:
    """The `shape` of a visual that draws its table as it is."""
    return table


@dataclass(frozen=True)
class Visual:
    """A chart: its table, its drawing and its texts.

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
        The columns it needs; where nobody has a value in one of them, it says `missing`. `VALUE` stands for the
        analyst's value measure.
    draw : callable
        The Altair chart of what `shape` gives; the data fields of a mark that can be clicked are `field` of `clicks`.
    title, alt, missing : callable
        Its title, its text for a screen reader, and the message where the data lacks a column.
    clicks : tuple of str
        The columns whose values a mark stands for: a click on it filters by them.
    note : callable
        The line below it, which says first how many groups are hidden.
    shape : callable
        The data to draw, from the table. It must be given where the table's `Hiding` has a reason not to hide: then it
        hides small groups itself (`Context.shown`).
    deck : callable, optional
        The deck that a page shows in place of the chart: it takes theme, clicked values and turn, too.
    wide, height : bool, int
        Whether it takes the whole width of the report, and its height there in pixels (0: the chart's own).
    stretch : bool
        Whether its card on a page grows to that beside it.
    """

    key: str
    section: str
    table: Table
    arguments: Callable[[Measures], Sequence[Any]]
    columns: tuple[str, ...]
    # Data is Any: each visual draws what its own `shape` gives, mostly a DataFrame.
    draw: Callable[[Context, Any], Any]
    title: Callable[[Context, Any], str]
    alt: Callable[[Context], str]
    missing: Callable[[Context], str]
    clicks: tuple[str, ...] = ()
    note: Callable[[Context, Any], str] = lambda _, data: hidden_note(data)
    shape: Callable[[Context, pd.DataFrame], Any] = as_table
    deck: Callable[..., Any] | None = None
    wide: bool = True
    height: int = 0
    stretch: bool = True

    def required(self, of: Measures) -> tuple[str, ...]:
        """The columns it needs, by their names."""
        return tuple(named(name, of) for name in self.columns)


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


def picture(visual: Visual, of: Context) -> Picture:
    """What a visual shows of an analysis, as far as it may be shown."""
    arguments = tuple(visual.arguments(of))
    table = of.table(visual.table.build, *arguments, needs=visual.required(of))
    if table is None:
        why = of.why_not(visual.table.build, *arguments) or visual.missing(of)
        return Picture(visual, visual.title(of, None), None, why)
    data = visual.shape(of, table)
    return Picture(visual, visual.title(of, data), data, visual.note(of, data))


def field(column: str) -> str:
    """The field of a chart's data that has the values of a column by which it is clicked."""
    return "segment" if column == CLUSTER else "inner"


def named(column: str, of: Measures) -> str:
    """The column itself, or the analyst's value measure for `VALUE`."""
    return of.value if column == VALUE else column


def text(column: str, of: Context) -> str:
    """A column's label, to stand at the beginning of a title."""
    described = of.column(column)
    return FILTERS.get(column) or (described.label if described else column)


def unit(column: str, of: Context) -> str:
    """A column's unit in brackets, after a space; empty where it has none."""
    described = of.column(column)
    return f" ({described.unit})" if described and described.unit else ""
