"""The protocol of a customer base, which holds rows in memory or the counted cells of an opened result.

A base with rows gives them as `rows`. Code that needs rows asks for them, and says so if there are none. Everything
else is a method of every base, so that no code has to ask for its class.
"""

from collections.abc import Collection, Mapping
from typing import Protocol

import pandas as pd

from core.intake.flags import about_bounds
from core.intake.match import TableSource
from core.intake.quality_warnings import Few, quality_warnings
from core.intake.steps import Step
from core.measures.columns import Columns
from core.questions import Question
from core.rules import Rules
from core.schema import Column
from core.segments.model import Model
from core.segments.profile import Segments
from core.study import Study
from core.territories.territories import Territories
from core.wealth import Wealth


class CustomerBase(Protocol):
    """Customers under one set of rules.

    They are held as cells: a table where each row is one customer, or counts several in a column `customers`
    (`core.views.counted`). A base has one or more such tables, each by other columns. They are numbered from 0.
    """

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the files, as far as customers have them."""
        ...

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was done to the files, in order."""
        ...

    @property
    def rules(self) -> Rules:
        """What the files were read by, and the flags made by."""
        ...

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files."""
        ...

    @property
    def digest(self) -> str:
        """The SHA-256 over the contents of the files."""
        ...

    @property
    def identity(self) -> str:
        """The key of this base in caches."""
        ...

    @property
    def sources(self) -> tuple[TableSource, ...]:
        """The tables in the files."""
        ...

    @property
    def quality(self) -> pd.DataFrame:
        """How many cells of each column are there, blank and invalid."""
        ...

    @property
    def decided(self) -> Mapping[str, str]:
        """How dates and numbers were read."""
        ...

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the files leave open (`core.questions`)."""

    @property
    def country(self) -> str:
        """The code of the customers' country (`core.countries`), empty where none was decided."""
        ...

    @property
    def territories(self) -> Territories:
        """What was found in files of the analyst's own borders."""
        ...

    @property
    def result_columns(self) -> Mapping[str, str]:
        """The column that each header of the files became."""
        ...

    @property
    def wealth(self) -> Wealth:
        """What tells the wealthy: the measure of wealth, and the band of the mass affluent."""
        ...

    @property
    def size(self) -> int:
        """How many customers there are."""
        ...

    @property
    def rows_read(self) -> int:
        """How many rows of data the files have."""
        ...

    @property
    def rows_merged(self) -> int:
        """How many rows went into the row of another."""
        ...

    @property
    def rejected_count(self) -> int:
        """How many rows are no customers."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The names of `columns`."""
        ...

    def column(self, name: str) -> Column | None:
        """The description of a column, None if the files lack it."""
        ...

    @property
    def filled(self) -> frozenset[str]:
        """Columns in which somebody has a value, those that the program adds included."""
        ...

    @property
    def value_measures(self) -> tuple[str, ...]:
        """The numbers that can stand for a customer's value."""
        ...

    @property
    def deviations(self) -> Mapping[str, float]:
        """The standard deviation of each number among all who know it; empty where there are rows to ask."""
        ...

    @property
    def categories(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of few values by which customers are filtered and compared, with these values."""
        ...

    @property
    def formula_columns(self) -> Columns:
        """The columns that a formula can name, `Cluster` aside."""
        ...

    @property
    def model(self) -> Model | None:
        """The model that the segments are fixed by; None where segments can be made anew."""
        ...

    @property
    def rows(self) -> Study | None:
        """One row per customer, where there are rows."""
        ...

    def cells(self, segments: Segments, number: int = 0) -> pd.DataFrame:
        """A table of cells, with `Cluster`: categories and numbers, no ids and no dates."""
        ...

    def keys(self, number: int) -> Collection[str]:
        """The columns of a table of cells."""
        ...

    def number_with(self, columns: Collection[str]) -> int | None:
        """The number of the first table of cells that has some columns, but for those no customer has; None if none."""
        ...

    def bin_width(self, measure: str) -> float:
        """The width of the bins in which a measure is shown."""
        ...

    @property
    def cell_size(self) -> tuple[float, float] | None:
        """Height and width, in degrees, of the cells by which customers are counted; None where nobody has a place."""
        ...

    def differences(self, segments: Segments) -> pd.DataFrame:
        """What each segment is like against all customers (`explain.differences`)."""
        ...

    def drivers(self, segments: Segments) -> list[str]:
        """Sentences on protected attributes that the segments follow (`advice.about_drivers`)."""
        ...


def rows_of(base: CustomerBase) -> Study:
    """The rows of a base, for what is offered only where there are some.

    Raises
    ------
    TypeError
        There are none.
    """
    if (rows := base.rows) is None:
        raise TypeError("These customers are counted, and there is no row of any of them: ask for `rows` first.")
    return rows


def warnings_of(base: CustomerBase, few: Few = lambda *_: False) -> list[str]:
    """The questions that files leave open, `quality_warnings`, and doubts about who is mass affluent.

    App and command line both show these. `few` says whether a number of cells, out of a total, must be hidden.
    """
    asked = [question.text for question in base.questions]
    quality = quality_warnings(base.sources, base.quality, base.steps, few=few)
    borders = base.territories.sentences(few=few(base.territories.unplaced, base.size))
    return [*asked, *quality, *borders, *about_bounds(base.wealth)]
