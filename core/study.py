"""The customers of an upload, with one row each."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import pandas as pd

from core import exact
from core.categories import categories
from core.intake.match import TableSource, has_ids, result_columns
from core.intake.roles import COUNTING, left_out
from core.intake.steps import Step
from core.measures.columns import Columns, columns_of
from core.questions import Question
from core.rules import Rules
from core.schema import CLUSTER, Column
from core.segments import explain
from core.segments.advice import about_drivers
from core.segments.category_features import possible_categories
from core.segments.choice import answers, candidates, value_measures
from core.segments.default_features import DefaultFeatures
from core.segments.model import Model
from core.segments.profile import Segments
from core.territories.territories import Territories
from core.views.grid import Size, cells_of
from core.views.tables import value_step
from core.wealth import Wealth


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """The origin of customers: files, rules, and steps.

    `columns` describes all columns but the flags. `digest` is the SHA-256 over the files' contents, whatever their
    order. `rows_read` counts all data rows read, `rows_merged` those that went into the row of another (joins,
    counted transactions). `sources` describes the tables, `quality` the columns (`CleanTable.quality`), `decided`
    says how dates, numbers and rows were read, `country` is the code of their country, empty where none was decided.
    `questions` are what the files leave open. `wealth` says what tells the wealthy. `territories` has the analyst's
    own borders.
    """

    columns: tuple[Column, ...]
    steps: tuple[Step, ...]
    rules: Rules
    files: tuple[str, ...]
    digest: str
    rows_read: int
    rows_merged: int
    sources: tuple[TableSource, ...]
    quality: pd.DataFrame
    decided: dict[str, str] = field(default_factory=dict)
    country: str = ""
    questions: tuple[Question, ...] = ()
    wealth: Wealth = field(default_factory=Wealth)
    territories: Territories = field(default_factory=Territories)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the files that customers have."""
        return tuple(column.name for column in self.columns)

    @property
    def result_columns(self) -> dict[str, str]:
        """The column that each header of the files became (`match.result_columns`)."""
        return result_columns(self.sources, self.columns)

    def column(self, name: str) -> Column | None:
        """The description of a column, None if the files lack it."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, kw_only=True)
class Study(Provenance):
    """The customers of one upload under one set of rules: the base (`core.customer_base`) that has rows.

    `customers` has one row each: canonical columns, further measures, the flags. `rejected` lists the rows that are
    no customers, so that rows_read = customers + excluded + rows_merged. `defaults` are the features if none are
    picked.
    """

    customers: pd.DataFrame
    rejected: pd.DataFrame
    defaults: DefaultFeatures = field(default_factory=DefaultFeatures)
    model: ClassVar[Model | None] = None  # segments are made anew
    deviations: ClassVar[Mapping[str, float]] = {}

    @property
    def rows(self) -> "Study":
        """The rows of the customers: these."""
        return self

    @property
    def sheets(self) -> tuple[str, ...]:
        """All sheets of the workbooks among the files, used or not."""
        return tuple(dict.fromkeys(sheet for source in self.sources for sheet in source.sheets))

    @property
    def size(self) -> int:
        """How many customers there are."""
        return len(self.customers)

    @property
    def rejected_count(self) -> int:
        """How many rows are no customers."""
        return len(self.rejected)

    @property
    def identity(self) -> str:
        """The key of this study in caches."""
        return self.digest

    @property
    def numbered(self) -> bool:
        """Whether line numbers serve as customer ids, which say nothing about another file."""
        return not has_ids(self.sources)

    @cached_property
    def candidates(self) -> tuple[str, ...]:
        """Columns that can be features (`choice.candidates`)."""
        return candidates(self.customers, self.columns)

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """Yes/no columns that can be features (`choice.answers`)."""
        return answers(self.customers, self.columns)

    @cached_property
    def counting(self) -> dict[str, str]:
        """Columns left out because they name or count rows, which can be features if asked for: name → header."""
        unused = left_out(match for source in self.sources for match in source.matches)
        return {name: match.header for name, match in unused.items() if match.evidence == COUNTING}

    @cached_property
    def possible_categories(self) -> tuple[str, ...]:
        """Categories that can be features of a method that takes them (`category_features.possible_categories`)."""
        return possible_categories(self.customers, self.columns)

    @property
    def default_features(self) -> tuple[str, ...]:
        """The names of the features if none are picked."""
        return self.defaults.names

    @cached_property
    def value_measures(self) -> tuple[str, ...]:
        """The numbers that can stand for a customer's value (`choice.value_measures`)."""
        return value_measures(self.customers, self.columns, self.wealth.measure)

    @cached_property
    def filled(self) -> frozenset[str]:
        """Columns in which somebody has a value."""
        return frozenset(name for name in self.customers if self.customers[name].notna().any())

    @cached_property
    def categories(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of few values, with these (`categories.categories`)."""
        return categories(self.customers, self.columns)

    @cached_property
    def formula_columns(self) -> Columns:
        """The columns that a formula can name (`measures.columns.columns_of`), `Cluster` aside."""
        return columns_of(self.customers)

    def with_segments(self, segments: Segments) -> pd.DataFrame:
        """The cleaned customers with their flags and `Cluster`, as they are exported."""
        return self.customers.assign(**{CLUSTER: segments.labels})

    def cells(self, segments: Segments, number: int = 0) -> pd.DataFrame:  # noqa: ARG002
        """The customers with `Cluster`, a row each, without ids and dates: the one table of cells."""
        return self.with_segments(segments).select_dtypes(["number", "category"])

    def keys(self, number: int) -> Collection[str]:  # noqa: ARG002
        """The columns of the table of cells."""
        return {*self.customers.columns, CLUSTER}

    def number_with(self, columns: Collection[str]) -> int:  # noqa: ARG002
        """The number of the table of cells, which has all columns that any customer has."""
        return 0

    def bin_width(self, measure: str) -> float:
        """The width of the bins in which a measure is shown (`tables.value_step`)."""
        if measure not in self._widths:
            self._widths[measure] = value_step(self.customers[measure])
        return self._widths[measure]

    def decimals(self, measure: str) -> int:
        """The decimal place to sum a measure in (`exact.decimals`)."""
        if measure not in self._decimals:
            self._decimals[measure] = exact.decimals(self.customers[measure])
        return self._decimals[measure]

    @cached_property
    def _widths(self) -> dict[str, float]:
        return {}

    @cached_property
    def _decimals(self) -> dict[str, int]:
        return {}

    @cached_property
    def cell_size(self) -> Size | None:
        """The size of the cells of a grid over the customers' coordinates (`grid.cell_size`)."""
        return cells_of(self.customers)

    def differences(self, segments: Segments) -> pd.DataFrame:
        """What each segment is like against all customers (`explain.differences`)."""
        return explain.differences(self.customers, self.columns, segments)

    def drivers(self, segments: Segments) -> list[str]:
        """Sentences on protected attributes that the segments follow (`advice.about_drivers`)."""
        return about_drivers(self.customers, self.columns, segments)
