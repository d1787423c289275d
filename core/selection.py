"""The customers that filters and clicks let through."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import pandas as pd

from core.views import tables
from core.views.tables import Filters
from core.visuals.clicks import Click, select
from core.visuals.registry import SEGMENT_FILTER
from core.visuals.segmented import SegmentedCustomers
from core.visuals.table import Build


@dataclass(frozen=True)
class Selection(SegmentedCustomers):
    """Customers and their segments, with the filters and clicked marks of the analyst.

    `visual` is the one whose own clicks do not filter it, empty for what is no visual.
    """

    filters: Filters = field(default_factory=dict)
    clicks: tuple[Click, ...] = ()
    visual: str = ""

    @cached_property
    def everybody(self) -> Self:
        """The same without filters and clicks."""
        return replace(self, filters={}, clicks=())

    @property
    def filtering(self) -> tuple[Click, ...]:
        """The clicks that filter: those on other visuals."""
        return tuple(click for click in self.clicks if click.visual != self.visual)

    @property
    def filtered(self) -> frozenset[str]:
        """The columns that filters and clicks go by."""
        clicked = (column for click in self.filtering for column in click.where)
        return frozenset(clicked).union(column for column, values in self.filters.items() if values)

    def only_value(self, column: str) -> str:
        """The one value of a column that the customers are filtered by; empty where there is none, or are several."""
        found = [{*self.filters[column]}] if self.filters.get(column) else []
        clicked = [click for click in self.filtering if column in click.where]
        found += [
            {click.where[column] for click in clicked if click.visual == visual}
            for visual in {click.visual for click in clicked}
        ]
        values = set.intersection(*found) if found else set()
        return values.pop() if len(values) == 1 else ""

    def selected_of(self, cube: int) -> pd.DataFrame:
        """The selected customers in the cells of a cube of the base; number 0 is of `customers`."""
        return self.let_through(super().selected_of(cube))

    def let_through(self, cells: pd.DataFrame) -> pd.DataFrame:
        """The customers, or cells of customers, that filters and clicks let through."""
        return select(tables.select(cells, self.filters), self.filtering)

    def before_clicks(self, build: Build, *arguments: Any) -> pd.DataFrame | None:
        """The table without the clicks that filter it, to stand pale behind it; None where there are none.

        The filter of segments stays: it is no click. While small groups are hidden there is no such table: two numbers
        beside each other are subtracted at once.
        """
        filters = tuple(click for click in self.clicks if click.visual == SEGMENT_FILTER)
        if self.hide or {*self.filtering} <= {*filters}:
            return None
        table: pd.DataFrame | None = replace(self, clicks=filters).table(build, *arguments)
        return table
