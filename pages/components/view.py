"""The view a page looks at: the customers the filters let through, under their segments."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from core.analysis import Analysis
from core.schema import CLUSTER
from core.segments.choice import FeatureChoice
from core.views import charts
from core.views.chart_text import drawable
from core.views.clickable import clickable
from core.visuals.clicks import Click, columns_clicked
from core.visuals.visual import Visual, field
from pages import frame
from pages.components.clicks import current_clicks, fingerprint, listen
from pages.components.session_cache import full_name, session_cache

KEY = "view"


@dataclass(frozen=True)
class View(Analysis):
    """What a page looks at: an analysis, with what only the app knows of it.

    `message` is what the analyst must be told first. `clicks` filter all visuals but the one they are
    on; `waiting` are clicks that name what the data lacks. `visual` names the visual this view is of
    (`of`), empty for the rest. `features` made the segments, where no saved model did.
    """

    message: str = ""
    waiting: tuple[Click, ...] = ()
    visual: str = ""
    features: FeatureChoice = FeatureChoice()  # noqa: RUF009

    def of(self, visual: str) -> "View":
        """The view of one clickable visual: its own clicks highlight marks in it and filter all others."""
        return replace(self, visual=visual)

    def _unhidden(self, build: Callable[..., Any], *arguments: Any) -> Any:
        """Made once per selection, of a function that its name tells from all others; else in every run."""
        cube, name = self.cube_for(build, arguments), full_name(build)
        if cube is None:
            return None
        if not name:
            return build(_selected(self.key(), cube, self), *arguments)
        return _table(self.key(), cube, name, arguments, self, build)

    def draw(self, visual: Visual, data: Any) -> Any:
        """The chart of a visual, whose marks are to be clicked."""
        chart = visual.draw(self, data)
        if not self.columns:
            return chart
        written = {column: {value: text for text, value in self._texts(column).items()} for column in self.columns}
        marks = [
            {field(column): written[column].get(value, value) for column, value in click.where.items()}
            for click in self.own
        ]
        return clickable(chart, [field(column) for column in self.columns], marks)

    def listen(self) -> dict[str, Any]:
        """What `st.altair_chart` must be given besides, to report clicks."""
        if not self.columns:
            return {}
        marks = {field(column): self._texts(column) for column in self.columns}
        return listen(self.visual, fingerprint(self.study, self.segments), marks)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns by which a mark of this visual filters."""
        return columns_clicked(self.visual)

    @property
    def own(self) -> tuple[Click, ...]:
        """The clicks on this visual."""
        return tuple(click for click in self.clicks if click.visual == self.visual)

    @property
    def exclude(self) -> str:
        """The visual whose own clicks do not filter it."""
        return self.visual

    @property
    def made_from(self) -> str:
        """All that the customers and their clusters depend on, as text: Streamlit hashes that fast."""
        segments = self.segments
        return repr(
            (self.study.identity, self.study.rules, segments.feature_specs, segments.clustering_digest, segments.digest)
        )

    def key(self) -> str:
        """All that the selected customers and their clusters depend on."""
        chosen = tuple((column, tuple(values)) for column, values in sorted(self.filters.items()) if values)
        clicked = tuple(click for click in self.clicks if click.visual != self.visual)
        return f"{self.made_from} {(chosen, clicked)!r}"

    def _texts(self, column: str) -> dict[str, str]:
        """What a chart writes for a value of the column, where that is not the value itself."""
        if column == CLUSTER:
            return {drawable(charts.label(one, self.segments.names)): one for one in self.segments.names}
        known = self.study.formula_columns.get(column)
        values = known if isinstance(known, tuple) else ()
        return {text: value for value in values if (text := drawable(value)) != value}


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


@session_cache(st.cache_data, everybody=500, own=200)
def _table(
    key: str, cube: int, name: str, arguments: tuple[Any, ...], _view: View, _build: Callable[..., Any]  # noqa: ARG001
) -> Any:  # fmt: skip
    return _build(_selected(key, cube, _view), *arguments)


@session_cache(st.cache_resource, everybody=16, own=3)
def _selected(key: str, cube: int, _view: View) -> pd.DataFrame:  # noqa: ARG001
    """Found once for all tables of a run, whose own clicks do not filter a visual."""
    return _view.selected_of(cube)
