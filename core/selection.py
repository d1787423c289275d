"""The customers that filters and clicks let through, their tables, and the hiding of small groups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from core.cubes.lookup import cube_for, why_not
from core.customer_base import CustomerBase
from core.schema import BY_NAME, WEALTH_MEASURES, Column, in_sentence
from core.segments.choose_k import Score
from core.segments.profile import Segments
from core.views import suppress, tables
from core.views.summary import left_out
from core.views.tables import Decimals, Filters, Totals
from core.visuals.clicks import Click, select
from core.visuals.kinds import shared_measures
from core.visuals.table import Build, hiding_of, refused


@dataclass(frozen=True)
class Selection:
    """Customers and their segments, with the filters and clicked marks of the analyst.

    `shown_value` is the measure that stands for a customer's value (`value`), the first one possible
    unless given. `hide` says that small groups must not be shown.
    """

    study: CustomerBase
    segments: Segments
    structure: Score | None = None
    shown_value: str = ""
    filters: Filters = field(default_factory=dict)
    clicks: tuple[Click, ...] = ()
    hide: bool = False

    @cached_property
    def customers(self) -> pd.DataFrame:
        """All customers with their cluster: the columns that tables count by, no ids or dates."""
        return self.study.cells(self.segments)

    @cached_property
    def selected(self) -> pd.DataFrame:
        """The customers that all filters and clicks let through: the columns that tables count by, no ids or dates."""
        return self.selected_of(0)

    def selected_of(self, cube: int) -> pd.DataFrame:
        """The selected customers in the cells of a cube of the base; number 0 is `customers`."""
        whole = self.study.cells(self.segments, cube) if cube else self.customers
        return select(tables.select(whole, self.filters), self.clicks, exclude=self.exclude)

    @property
    def exclude(self) -> str:
        """The visual whose own clicks do not filter it."""
        return ""

    def table(self, build: Build, *arguments: Any, needs: Sequence[str] = ()) -> Any:
        """The table of `build_table`; None also if the files lack a column it needs."""
        return self.build_table(build, *arguments) if self.has(*needs) else None

    def for_all_customers(self, build: Build, *arguments: Any) -> Any:
        """The table of `build_table` for all customers, without filters and clicks."""
        return replace(self, filters={}, clicks=()).build_table(build, *arguments)

    def build_table(self, build: Build, *arguments: Any) -> Any:
        """One of core's tables for the selected customers, as far as it may be shown (`visuals.table`).

        None where a result has no sums for it (`why_not`).

        Raises
        ------
        TypeError
            Small groups are hidden, and the table has no description of its hiding.
        """
        table, hiding = self._unhidden(build, *arguments), hiding_of(build)
        if table is None or not self.hide or hiding.reason:
            return table
        if not suppress.is_hideable(table):
            raise refused(build)
        whole = None if hiding.whole is None else self._unhidden(hiding.whole)
        return self.shown(table, cells=hiding.cells, whole=whole)

    @cached_property
    def totals(self) -> Totals:
        """The counts behind the KPI cards: each of them asks several times."""
        totals: Totals = self.build_table(tables.totals)
        return totals

    @cached_property
    def clusters(self) -> pd.DataFrame:
        """Customers by cluster, with flags and the sums of the measures that the overview shows."""
        table: pd.DataFrame = self.build_table(tables.by_cluster, *shared_measures(self))
        return table

    def sums(self, column: str) -> pd.DataFrame | None:
        """One row: the selected customers, how many have a number, and its sum; None where there is none."""
        measures = self.decimals(column)
        sums: pd.DataFrame | None = self.build_table(tables.sums, measures) if measures else None
        return sums

    def decimals(self, *columns: str) -> Decimals:
        """Those of some numbers that the customers have, with the decimals to sum them in."""
        decimals: Decimals = self.for_all_customers(tables.measured, list(dict.fromkeys(columns)))
        return decimals

    def _unhidden(self, build: Build, *arguments: Any) -> Any:
        """A table with its small groups. Callers must hide them before a page or the report shows it."""
        cube = self.cube_for(build, arguments)
        return None if cube is None else build(self.selected if cube == 0 else self.selected_of(cube), *arguments)

    def cube_for(self, build: Build, arguments: Sequence[Any]) -> int | None:
        """The number of the cube that a table is made from; None if none has all columns, those of filters included."""
        return cube_for(self.study, build, arguments, self.filtered)

    @property
    def filtered(self) -> set[str]:
        """The columns that filters and clicks go by."""
        clicked = (column for click in self.clicks if click.visual != self.exclude for column in click.where)
        return {*clicked, *(column for column, values in self.filters.items() if values)}

    def why_not(self, build: Build, *arguments: Any) -> str:
        """Why a result has no such table, as a sentence; empty where it has."""
        return why_not(self.study, build, arguments, self.filtered, self.label)

    def shown(self, table: pd.DataFrame, *, cells: bool = True, whole: pd.DataFrame | None = None) -> pd.DataFrame:
        """The rows of a table that may be shown; `whole` has everybody by the first key, if the table does not.

        It has no rows where its customers, or all others, are few: a visual is not filtered by its own clicks.
        """
        if not self.hide:
            return table
        visible = suppress.shown(table, cells=cells, whole=whole)
        counted = int((table if whole is None else whole)["customers"].sum())
        if cells and self.too_few(counted, self.study.size):
            visible = visible.head(0)
            visible.attrs[suppress.HIDDEN] = len(table)
        return visible

    def too_few(self, part: int, whole: int) -> bool:
        """Whether a number of customers, of `whole` in all, must be hidden."""
        return self.hide and suppress.is_small(part, whole)

    def left_out(self, table: pd.DataFrame | None, customers: int, why: str) -> str:
        """A sentence on the customers a chart cannot show (`summary.left_out`); empty where they are few."""
        gone = customers - (0 if table is None else int(table["customers"].sum()))
        return "" if self.too_few(gone, customers) else left_out(table, customers, why)

    @property
    def value(self) -> str:
        """The measure that stands for a customer's value."""
        return self.shown_value or (self.study.value_measures or WEALTH_MEASURES)[0]

    @property
    def step(self) -> float:
        """The bin width of the value, from all customers, so that no filter moves the bins."""
        return self.study.bin_width(self.value) if self.has(self.value) else 1.0

    def has(self, *columns: str) -> bool:
        """Whether the files have a value in all of these columns."""
        return self.study.filled.issuperset(columns)

    @property
    def names(self) -> Mapping[str, str]:
        """Cluster label → segment name."""
        return self.segments.names

    def titles(self, *columns: str) -> Mapping[str, str]:
        """Labels with their units, by column."""
        return {name: column.title if (column := self.column(name)) else name for name in columns}

    def label(self, name: str) -> str:
        """A column's label, to stand in a sentence."""
        return in_sentence(column.name, column.label) if (column := self.column(name)) else name

    def column(self, name: str) -> Column | None:
        """The description of a column, of the files or of the schema."""
        return self.study.column(name) or BY_NAME.get(name)
