"""The view a page looks at: the customers the slicers let through, under their segments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from core.pipeline import Study, with_segments
from core.schema import BY_NAME, CLUSTER, Column
from core.segments.choice import FeatureChoice
from core.segments.choose_k import Score
from core.segments.model import Model
from core.segments.profile import Segments
from core.views import charts, tables
from core.views.clickable import clickable
from core.views.clicks import VISUALS, Click, select
from core.views.suppress import is_small, shown
from pages import frame
from pages.components.clicks import current_clicks, fingerprint, listen

KEY = "view"
# Tables whose rows are marks; what others show of theirs is for their cards to hide.
SHOWN_AS_GROUPS = (tables.by_cluster, tables.ages, tables.age_by_value, tables.age_groups, tables.count)
# Column → the field of the charts' data that shows it; the second key of a nested chart is always "inner".
FIELDS, INNER = {CLUSTER: "segment", "state": "state"}, "inner"


@dataclass(frozen=True)
class View:
    """A study, its segments (of the saved `model`, if any), the slicers and the clicked marks.

    `value` is the measure that the pages show for a customer's value; `message` is what the analyst
    must be told first. `clicks` filter all visuals but the one they are on; `waiting` are clicks that
    name what the data lacks. `visual` names the visual this view is of (`of`), empty for the rest.
    `hide` says to hide small groups. `features` made the segments, `structure` says how natural they are.
    """

    study: Study
    segments: Segments
    filters: tables.Filters
    value: str
    message: str = ""
    model: Model | None = None
    clicks: tuple[Click, ...] = ()
    waiting: tuple[Click, ...] = ()
    visual: str = ""
    hide: bool = False
    features: FeatureChoice = FeatureChoice()  # noqa: RUF009
    structure: Score | None = None

    def of(self, visual: str) -> "View":
        """The view of one clickable visual: its own clicks highlight marks in it and filter all others."""
        return replace(self, visual=visual)

    def table(self, build: Callable[..., Any], *arguments: Any, needs: Sequence[str] = ()) -> Any:
        """One of core's tables for the selected customers, computed once per selection.

        None if the files lack a column it needs.
        """
        if not self.has(*needs):
            return None
        table = _table(self.key(), build.__name__, arguments, self, build)
        # A box is of all ages of a segment.
        return self.shown(table, cells=build is not tables.ages) if build in SHOWN_AS_GROUPS else table

    def shown(self, table: pd.DataFrame, *, cells: bool = True) -> pd.DataFrame:
        """The rows of a table that may be shown (`suppress.shown`), with how many are not in its `attrs`."""
        if not self.hide:
            return table
        return shown(table, cells=cells)

    def too_few(self, part: int, whole: int) -> bool:
        """Whether a number of customers may not be shown, of so many in all."""
        return self.hide and is_small(part, whole)

    def draw(self, build: Callable[..., alt.Chart], table: pd.DataFrame | None, *arguments: Any, **options: Any) -> Any:
        """One of core's charts of a table, by segment; None where there is nothing to draw."""
        if table is None or table.empty:
            return None
        return self.clickable(build(table, *arguments, names=self.segments.names, **options))

    def clickable(self, figure: Any) -> Any:
        """The chart with marks to click, if this is the view of a visual that has some."""
        if not self.visual:
            return figure
        written = {column: {value: text for text, value in self._texts(column).items()} for column in self.columns}
        marks = [
            {FIELDS.get(column, INNER): written[column].get(value, value) for column, value in click.where.items()}
            for click in self.own
        ]
        return clickable(figure, [FIELDS.get(column, INNER) for column in self.columns], marks)

    def listen(self) -> dict[str, Any]:
        """What `st.altair_chart` must be given besides, to report clicks."""
        if not self.visual:
            return {}
        marks = {FIELDS.get(column, INNER): self._texts(column) for column in self.columns}
        return listen(self.visual, fingerprint(self.study, self.segments), marks)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns by which a mark of this visual filters."""
        return VISUALS[self.visual]

    @property
    def own(self) -> tuple[Click, ...]:
        """The clicks on this visual."""
        return tuple(click for click in self.clicks if click.visual == self.visual)

    def selected(self) -> pd.DataFrame:
        """The selected customers with their cluster; pages ask for tables of them instead."""
        sliced = tables.select(with_segments(self.study, self.segments), self.filters)
        return select(sliced, self.clicks, besides=self.visual)

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
        clicked = tuple(click for click in self.clicks if click.visual != self.visual)
        made = self.segments.details, self.segments.centres.tobytes()
        return self.study.digest, self.study.rules, *made, chosen, clicked

    def _texts(self, column: str) -> dict[str, str]:
        """What a chart writes for a value of the column, where that is not the value itself."""
        return {charts.label(one, self.segments.names): one for one in self.segments.names} if column == CLUSTER else {}


def set_view(view: View) -> View:
    """Hand the view, with what was clicked, to the page that runs next."""
    clicks, waiting = current_clicks(view.study, view.segments)
    st.session_state[KEY] = replace(view, clicks=clicks, waiting=waiting)
    return st.session_state[KEY]


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
