"""The view a page looks at: the customers the slicers let through, under their segments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from core.pipeline import Study, with_segments
from core.schema import BY_NAME, Column
from core.segments.model import Model
from core.segments.profile import Segments
from core.views import tables
from pages import frame

KEY = "view"


@dataclass(frozen=True)
class View:
    """A study, its segments and the slicers; `model` is the saved one the segments come from, if any.

    `value` is the measure that the pages show for a customer's value; `message` is what the analyst
    must be told first.
    """

    study: Study
    segments: Segments
    filters: tables.Filters
    value: str
    message: str = ""
    model: Model | None = None

    def table(self, build: Callable[..., Any], *arguments: Any, needs: Sequence[str] = ()) -> Any:
        """One of core's tables for the selected customers, computed once per selection.

        None if the files lack a column it needs.
        """
        if not self.has(*needs):
            return None
        return _table(self.key(), build.__name__, arguments, self, build)

    def draw(self, build: Callable[..., alt.Chart], table: pd.DataFrame | None, *arguments: Any, **options: Any) -> Any:
        """One of core's charts of a table, by segment; None where there is nothing to draw."""
        if table is None or table.empty:
            return None
        return build(table, *arguments, names=self.segments.names, **options)

    def selected(self) -> pd.DataFrame:
        """The selected customers with their cluster; pages ask for tables of them instead."""
        return tables.select(with_segments(self.study, self.segments), self.filters)

    def title(self, column: str) -> str:
        """A column's label with its unit."""
        known = self._column(column)
        return known.title if known else column

    def titles(self, *columns: str) -> dict[str, str]:
        """Labels with their units, by column."""
        return {column: self.title(column) for column in columns}

    def label(self, column: str) -> str:
        """A column's label, to stand in a sentence."""
        known = self._column(column)
        return known.label.lower() if known else column

    def step(self) -> float:
        """The bin width of the value, from all customers, so that no slicer moves the bins."""
        return tables.value_step(self.study.customers[self.value]) if self.has(self.value) else 1.0

    def has(self, *columns: str) -> bool:
        """Whether the files have a value in all of these columns."""
        customers = self.study.customers
        return all(column in customers and customers[column].notna().any() for column in columns)

    def _column(self, name: str) -> Column | None:
        return self.study.column(name) or BY_NAME.get(name)

    def key(self) -> tuple[Any, ...]:
        """All that the selected customers and their clusters depend on."""
        chosen = tuple((column, tuple(values)) for column, values in sorted(self.filters.items()))
        return self.study.digest, self.study.rules, self.segments.details, self.segments.centres.tobytes(), chosen


def set_view(view: View) -> None:
    """Hand the view to the page that runs next."""
    st.session_state[KEY] = view


def current_view() -> View:
    """Take the view that the entrypoint made in this run.

    A deep link to a fresh server runs the page's file without the entrypoint, so there is none:
    register the pages and start over, which runs the entrypoint and then this page.
    """
    if KEY not in st.session_state:
        frame()
        st.rerun()
    return st.session_state.pop(KEY)


@st.cache_data(max_entries=500, show_spinner=False)
def _table(key: tuple[Any, ...], name: str, arguments: tuple[Any, ...], _view: View, _build: Callable[..., Any]) -> Any:  # noqa: ARG001
    return _build(_view.selected(), *arguments)
