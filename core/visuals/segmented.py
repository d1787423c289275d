"""Customers and their segments: their small tables, without small groups where these are hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Self

import pandas as pd

from core.customer_base import CustomerBase
from core.labels import at_start, spelt
from core.schema import ADDED, CLUSTER, FILTERS, USUAL_VALUE, Column, in_sentence
from core.segments.advice import cramers_v2
from core.segments.evidence import Score
from core.segments.profile import Segments
from core.views import condense, suppress, tables
from core.views.condense import Condensed
from core.views.summary import crossed, left_out
from core.views.tables import Decimals, Totals
from core.visuals.choices import Choices, choose
from core.visuals.described import described, is_header
from core.visuals.table import TABLES, Build, hiding_of, refused
from core.visuals.value import WHOLE_DEGREES, box_steps, shared_measures

TOO_MANY: Final = "This result has sums only, and none for this: by these columns its customers make too many groups."
NOT_TOLD: Final = "This result has sums only, and none for this table: open the customer files to see it."


@dataclass(frozen=True)
class SegmentedCustomers:
    """Customers and their segments, as visuals and KPIs use them; `core.selection` looks at some of them only.

    `shown_value` is the measure that stands for a customer's value (`value`), the first one possible
    unless given. `hide` says that small groups must not be shown. `picks` has what the analyst picked for
    visuals, by the key of the choice (`option.Option`).
    """

    study: CustomerBase
    segments: Segments
    structure: Score | None = None
    shown_value: str = ""
    hide: bool = False
    picks: Mapping[str, str] = field(default_factory=dict)

    @property
    def everybody(self) -> Self:
        """The same without filters and clicks."""
        return self

    @property
    def filtered(self) -> frozenset[str]:
        """The columns that the customers are filtered by."""
        return frozenset()

    def only_value(self, column: str) -> str:  # noqa: ARG002
        """The one value of a column that the customers are filtered by; empty where there is none, or are several."""
        return ""

    @cached_property
    def customers(self) -> pd.DataFrame:
        """All customers with their cluster: the columns that tables count by, no ids or dates."""
        return self.study.cells(self.segments)

    def selected_of(self, cube: int) -> pd.DataFrame:
        """The selected customers in the cells of a cube of the base; number 0 is of `customers`."""
        return self.study.cells(self.segments, cube) if cube else self.customers

    @cached_property
    def selected(self) -> pd.DataFrame:
        """The customers that all filters and clicks let through: the columns that tables count by, no ids or dates."""
        return self.selected_of(0)

    def table(self, build: Build, *arguments: Any, needs: Sequence[str] = ()) -> Any:
        """One of core's tables for the selected customers, without its hidden rows (`visuals.table`): do not add it up.

        None where nobody has a value in a column of `needs`, or where a result has no sums for it (`why_not`).

        Raises
        ------
        TypeError
            Small groups are hidden, and the table has no description of its hiding.
        """
        table, hiding = self._unhidden(build, *arguments) if self.has(*needs) else None, hiding_of(build)
        if table is None or not self.hide or hiding.reason:
            return table
        if not suppress.is_hideable(table):
            raise refused(build)
        whole = None if hiding.whole is None else self._unhidden(hiding.whole)
        return self.shown(table, cells=hiding.cells, whole=whole)

    def before_clicks(self, build: Build, *arguments: Any) -> pd.DataFrame | None:  # noqa: ARG002
        """The table without the clicks that filter it, to stand pale behind it; None where there are none."""
        return None

    def _unhidden(self, build: Build, *arguments: Any) -> Any:
        """A table with its small groups. Callers must hide them before a page or the report shows it."""
        cube = self.cube_for(build, arguments)
        return None if cube is None else build(self.selected if cube == 0 else self.selected_of(cube), *arguments)

    def cube_for(self, build: Build, arguments: Sequence[Any]) -> int | None:
        """The number of the cube that a table is made from, 0 where there are rows.

        None if none has all columns that its description says, those of filters included.
        """
        if self.study.rows is not None:
            return 0
        if (table := TABLES.get(build)) is None:
            return None
        found = (self.study.number_with(columns | self.filtered) for columns in table.enough(*arguments))
        return next((cube for cube in found if cube is not None), None)

    @property
    def condensed(self) -> Condensed | None:
        """All customers as cells, where they are so many that a filter would take long by their rows."""
        if (rows := self.study.rows) is None or rows.size < condense.FROM:
            return None
        further = tuple(dict.fromkeys((CLUSTER, *FILTERS, *rows.categories)))
        return Condensed(self.customers, further, rows.decimals)

    def why_not(self, build: Build, *arguments: Any) -> str:
        """Why a result has no such table, as a sentence; empty where it has."""
        if self.cube_for(build, arguments) is not None:
            return ""
        if (table := TABLES.get(build)) is None:
            return NOT_TOLD
        if (own := self.everybody.cube_for(build, arguments)) is None:
            return table.why_lacking(self.study, arguments) or TOO_MANY
        names = {name: self.label(name) for name in self.filtered} | {CLUSTER: "segment"}
        lacking = " or ".join(names[name] for name in sorted(self.filtered.difference(self.study.keys(own))))
        return f"This result has sums only, and here none by {lacking}: remove that filter to see it."

    @cached_property
    def totals(self) -> Totals:
        """The counts of all selected customers, behind the KPI cards: nothing is hidden from them."""
        totals: Totals = self.table(tables.totals)
        return totals

    @cached_property
    def clusters(self) -> pd.DataFrame:
        """The table by cluster that pie, bars and cards share, without its hidden rows: do not add it up."""
        table: pd.DataFrame = self.table(tables.by_cluster, *shared_measures(self))
        return table

    def sums(self, column: str) -> pd.DataFrame | None:
        """One row on all selected customers: how many there are, how many have a number, and its sum.

        Nothing is hidden from it. None where there is no such number, or no sum of it.
        """
        measures = self.decimals(column)
        sums: pd.DataFrame | None = self.table(tables.sums, measures) if measures else None
        return sums

    def decimals(self, *columns: str) -> Decimals:
        """Those of some numbers that the customers have, with the decimals to sum them in."""
        names = list(dict.fromkeys(columns))
        if (rows := self.study.rows) is not None:
            return {name: rows.decimals(name) for name in names if name in self.customers}
        decimals: Decimals = self.everybody.table(tables.measured, names)
        return decimals

    def shown(
        self, table: pd.DataFrame, *, cells: bool = True, whole: pd.DataFrame | None = None, nested: bool = False
    ) -> pd.DataFrame:
        """The rows of a table that may be shown; `whole` has everybody by the first key, if the table does not.

        `nested` says that each key is a part of the one before it (`suppress.shown`). It has no rows where its
        customers, or all others, are few: a visual is not filtered by its own clicks.
        """
        if not self.hide:
            return table
        visible = suppress.shown(table, cells=cells, whole=whole, nested=nested)
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
        return self.shown_value or (self.study.value_measures or (USUAL_VALUE,))[0]

    @property
    def step(self) -> float:
        """The bin width of the value, from all customers, so that no filter moves the bins."""
        return self.study.bin_width(self.value) if self.has(self.value) else 1.0

    @cached_property
    def choices(self) -> Choices:
        """What the placeholders of visuals stand for, and the categories to pick from."""
        return choose(self)

    @property
    def columns_shown(self) -> Mapping[str, str]:
        """Placeholder of a visual → the column that it stands for, empty where there is none."""
        return self.choices.columns

    def width(self, column: str) -> float:
        """The bin width of a number, from all customers."""
        return float(tables.AGE_BIN) if column == "age" else self.study.bin_width(column)

    def box_step(self, column: str) -> float:
        """The width of the bins that a box of a number is made from: the first that there are sums by."""
        steps = box_steps(column, self)
        counted = (step for step in steps if self.everybody.cube_for(tables.histogram, (column, step)) is not None)
        return next(counted, steps[0])

    @property
    def cell_size(self) -> tuple[float, float]:
        """Height and width, in degrees, of the cells of a grid: from all customers, so that no filter moves them."""
        return self.study.cell_size or WHOLE_DEGREES

    def is_counted(self, category: str) -> bool:
        """Whether there are customers by segment and a category, or rows to count."""
        return self.everybody.cube_for(tables.count, ((CLUSTER, category),)) is not None

    @property
    def strengths(self) -> Mapping[str, float]:
        """How much each category differs between the segments: Cramér's V² among all who are in one."""
        counted = ((name, self.everybody._unhidden(tables.count, (CLUSTER, name))) for name in self.study.categories)
        found = {name: table for name, table in counted if table is not None}
        return {name: cramers_v2(crossed(table, name).counts) for name, table in found.items()}

    def has(self, *columns: str) -> bool:
        """Whether the files have a value in all of these columns."""
        return self.study.filled.issuperset(columns)

    @property
    def names(self) -> Mapping[str, str]:
        """Cluster label → segment name."""
        return self.segments.names

    def titles(self, *columns: str) -> Mapping[str, str]:
        """Labels with their units, by column, to stand at the beginning of a title."""
        return {name: at_start(column.title if (column := self.column(name)) else name) for name in columns}

    def title_within(self, name: str) -> str:
        """A label with its unit, to stand in a title after other words."""
        column = self.column(name)
        return in_sentence(name, spelt(column.title)) if column else name

    def label(self, name: str) -> str:
        """A column's label, to stand in a sentence; a header of the file as it is, but for snake_case."""
        if not (column := self.column(name)):
            return in_sentence(name, ADDED.get(name, name))
        is_own = is_header(column, self.study.country)
        return spelt(column.header if is_own else in_sentence(column.name, column.label))

    def text(self, name: str) -> str:
        """A column's label, to stand at the beginning of a title."""
        column = self.column(name)
        return at_start(column.label if column else (FILTERS | ADDED).get(name, name))

    def sign(self, name: str) -> str:
        """The sign of a column's amounts; empty where it is no money, or its currency is not known."""
        return column.sign if (column := self.study.column(name)) else ""

    def column(self, name: str) -> Column | None:
        """The description of a column, of the files or of the schema, in the words of the country."""
        return described(name, self.study)
