"""What the files and the report are made of: a study, its segments, and what of it is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from core.measures.measure import Measure
from core.pipeline import Study, with_segments
from core.schema import BY_NAME, WEALTH_MEASURES
from core.segments.choice import value_measures
from core.segments.choose_k import Score, verdict
from core.segments.model import Model, freeze
from core.segments.profile import Segments
from core.strategy.scenario import Scenario
from core.views import suppress
from core.views.clicks import Click, select
from core.views.palette import by_label
from core.views.tables import Filters
from core.views.tables import select as slice_


@dataclass(frozen=True)
class Analysis:
    """A study and its segments, with the filters, clicked marks, scenarios and measures of the analyst.

    `shown_value` is the measure that stands for a customer's value (`value`), the first one possible
    unless given. `saved` is the model that the segments come from, if they were not made from these
    customers. `hide` says that small groups must not be shown.
    """

    study: Study
    segments: Segments
    structure: Score | None = None
    shown_value: str = ""
    filters: Filters = field(default_factory=dict)
    clicks: tuple[Click, ...] = ()
    saved: Model | None = None
    hide: bool = False
    seed: int = 0
    scenarios: tuple[Scenario, ...] = ()
    measures: tuple[Measure, ...] = ()

    @cached_property
    def customers(self) -> pd.DataFrame:
        """All customers with their cluster."""
        return with_segments(self.study, self.segments)

    @cached_property
    def selected(self) -> pd.DataFrame:
        """Those whom every filter and click lets through."""
        return select(slice_(self.customers, self.filters), self.clicks)

    @cached_property
    def model(self) -> Model:
        """The saved model under the names given to its segments, or that of these segments."""
        study = self.study
        if self.saved:
            return replace(self.saved, names={label: self.segments.names[label] for label in self.saved.names})
        return freeze(
            self.segments, study.rules, files=study.files, digest=study.digest, seed=self.seed,
            colours=by_label(self.segments.names), structure=verdict(self.structure),
        )  # fmt: skip

    @property
    def value(self) -> str:
        """The measure that stands for a customer's value."""
        return self.shown_value or (value_measures(self.study.customers, self.study.columns) or WEALTH_MEASURES)[0]

    @property
    def showable_scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, but those for few customers where these are hidden."""
        return tuple(one for one in self.scenarios if not self.too_few(one.customers, len(self.customers)))

    def shown(self, table: pd.DataFrame, *, cells: bool = True) -> pd.DataFrame:
        """The rows of a table that may be shown."""
        return suppress.shown(table, cells=cells) if self.hide else table

    def too_few(self, part: int, whole: int) -> bool:
        """Whether a number of customers may not be shown, of so many in all."""
        return self.hide and suppress.is_small(part, whole)

    def has(self, *columns: str) -> bool:
        """Whether the files have a value in all of these columns."""
        customers = self.study.customers
        return all(column in customers and customers[column].notna().any() for column in columns)

    def titles(self, *columns: str) -> Mapping[str, str]:
        """Labels with their units, by column."""
        return {name: column.title if (column := self._column(name)) else name for name in columns}

    def label(self, name: str) -> str:
        """A column's label, to stand in a sentence."""
        return column.label.lower() if (column := self._column(name)) else name

    def _column(self, name: str) -> Any:
        return self.study.column(name) or BY_NAME.get(name)
