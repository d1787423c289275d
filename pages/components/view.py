"""The view of a page: the customers that the filters let through, and their segments."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from core.analysis import Analysis
from core.figures import style
from core.schema import CLUSTER
from core.segments.certainty import Calibration
from core.segments.choice import FeatureChoice
from core.views import charts
from core.views.chart_text import drawable
from core.views.clickable import clickable
from core.views.condense import Condensed
from core.views.sheet import Sheet
from core.visuals.bands import number_of
from core.visuals.choices import Choices, choose
from core.visuals.clicks import Click, column_shown, columns_clicked
from core.visuals.table import TABLES
from core.visuals.visual import Visual, fields
from pages import frame
from pages.components.clicks import current_clicks, fingerprint, listen
from pages.components.session_cache import full_name, session_cache

KEY = "view"
Made = TypeVar("Made")


@dataclass(frozen=True)
class View(Analysis):
    """The analysis that a page shows, with the state of the app.

    `message` is an error shown on top of every page. `clicks` filter all visuals but their own; `waiting` are clicks
    on values that the data lacks. `visual` is the visual that this view is for (`of`), empty for the rest of a page.
    `features` are the choice that the segments were made by, without a saved model.
    """

    message: str = ""
    waiting: tuple[Click, ...] = ()
    features: FeatureChoice = FeatureChoice()  # noqa: RUF009

    def of(self, visual: str) -> "View":
        """The view of one clickable visual: its own clicks highlight marks in it and filter all others."""
        shown = replace(self, visual=visual)
        shown.__dict__.update(made_from=self.made_from, choices=self.choices)  # the same for every visual
        return shown

    def _unhidden(self, build: Callable[..., Any], *arguments: Any) -> Any:
        """The table from the cache, by selection, name of its function and arguments, which are plain values.

        A function without a name is not cached.
        """
        cube, name = self.cube_for(build, arguments), full_name(build)
        if cube is None:
            return None
        make = partial(self._built, cube, build, arguments)
        if not name:
            return make()
        key = written(self.key()) if build in TABLES and TABLES[build].has_texts else self.key()
        return _table(f"{key} {cube} {name} {arguments!r}", make)

    def _built(self, cube: int, build: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        cells = self._cells_for(build, arguments)
        selected = _selected(f"{self.key()} {cube}", cube, self) if cells is None else self.let_through(cells)
        return build(selected, *arguments)

    def _cells_for(self, build: Callable[..., Any], arguments: tuple[Any, ...]) -> pd.DataFrame | None:
        """The cells of many customers that a table can be made from; None where it takes their rows."""
        columns = {*TABLES[build].columns(*arguments)} if build in TABLES else set()
        if not columns or (condensed := _condensed(self.made_from, self)) is None:
            return None
        cells = condensed.cells(columns | self.filtered)
        return cells if cells is not None and self.filtered.issubset(cells) else None

    def kept(self, what: str, make: Callable[[], Made], *more: Any) -> Made:
        """What this visual shows, made once for the same customers, choices and style: it must not be changed.

        Parameters
        ----------
        what : str
            Tells it from all else that is kept of the visual.
        make : callable
            It may depend on this view, and on nothing else but `more`.
        *more
            Values that it depends on beside the view, such as the theme.
        """
        shown = (self.visual, self.value, sorted(self.picks.items()), self.hide, [*self.names.items()], self.own)
        return _kept(written(f"{what} {self.key()} {(shown, more)!r}"), make)

    def draw(self, visual: Visual, data: Any) -> Any:
        """The chart of a visual, whose marks are to be clicked, or its table."""
        chart = visual.draw(self, data)
        if not self.columns or isinstance(chart, Sheet):
            return chart
        shown_as = {column: {value: text for text, value in self._texts(column).items()} for column in self.columns}
        at = fields(self.columns)
        marks = [
            {at[column]: shown_as[column].get(value, value) for column, value in click.where.items()}
            for click in self.own
        ]
        return clickable(chart, [*at.values()], marks)

    def listen(self) -> dict[str, Any]:
        """The arguments that make `st.altair_chart` report clicks."""
        if not self.columns:
            return {}
        marks = {at: self._texts(column) for column, at in fields(self.columns).items()}
        return listen(self.visual, fingerprint(self.study, self.segments), marks, self.column_shown)

    @cached_property
    def column_shown(self) -> str:
        """The column that this visual shows in place of the usual one (`clicks.column_shown`)."""
        return column_shown(self.visual, self)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns by which a mark of this visual filters; none where a result is not counted by one of them."""
        columns = columns_clicked(self.visual, self.column_shown)
        return columns if {*self.study.keys(0)}.issuperset(map(number_of, columns)) else ()

    @property
    def own(self) -> tuple[Click, ...]:
        """The clicks on this visual, among those on the column that it shows."""
        return tuple(
            click for click in self.clicks if click.visual == self.visual and click.column == self.column_shown
        )

    def _calibrated(self) -> Calibration | None:
        return _calibration(f"{self.made_from} {self.seed}", self)

    def _certainties(self) -> pd.DataFrame:
        return _certainties(f"{self.made_from} {self.seed} {self.saved and self.saved.certainty}", self)

    @cached_property
    def choices(self) -> Choices:
        """What the placeholders of visuals stand for, from the cache."""
        return _choices(f"{self.made_from} {self.value} {sorted(self.picks.items())}", self)

    @cached_property
    def made_from(self) -> str:
        """The cache key of the customers and their clusters, as text, which Streamlit hashes fast.

        Texts with figures depend on how these are written, too (`written`).
        """
        segments = self.segments
        return repr(
            (
                self.study.identity,
                self.study.rules.of_rows,
                segments.feature_specs,
                segments.clustering_digest,
                segments.digest,
            )
        )

    def key(self) -> str:
        """The cache key of the selected customers and their clusters."""
        chosen = tuple((column, tuple(values)) for column, values in sorted(self.filters.items()) if values)
        return f"{self.made_from} {(chosen, self.filtering)!r}"

    def _texts(self, column: str) -> dict[str, str]:
        """Text in a chart → value of the column, where the two differ."""
        if column == CLUSTER:
            return {drawable(charts.label(cluster, self.segments.names)): cluster for cluster in self.segments.names}
        known = self.study.formula_columns.get(column)
        values = known if isinstance(known, tuple) else ()
        return {text: value for value in values if (text := drawable(value)) != value}


def written(key: str) -> str:
    """The cache key of texts with figures, which are in the style in force."""
    return f"{key} {style()!r}"


def set_view(view: View | None) -> None:
    """Store the view for the page that runs next, with the clicks; None where there is no data."""
    if view:
        clicks, waiting = current_clicks(view.study, view.segments)
        view = replace(view, clicks=clicks, waiting=waiting)
    st.session_state[KEY] = view


def current_view() -> View:
    """Take the view that the entrypoint stored in this run; None on Help where there is no data.

    A deep link to a fresh server runs the page's file without the entrypoint, so there is no view. Then this registers
    the pages and reruns, which runs the entrypoint and then the page.
    """
    if KEY not in st.session_state:
        frame()
        st.rerun()
    return st.session_state.pop(KEY)


@session_cache(st.cache_data, everybody=500, own=200)
def _table(key: str, _make: Callable[[], Any]) -> Any:  # noqa: ARG001
    return _make()


@session_cache(st.cache_resource, everybody=300, own=100)
def _kept(key: str, _make: Callable[[], Any]) -> Any:  # noqa: ARG001
    return _make()


@session_cache(st.cache_data, everybody=64, own=16)
def _choices(key: str, _view: View) -> Choices:  # noqa: ARG001
    return choose(_view)


@session_cache(st.cache_resource, everybody=64, own=16, show_spinner="Finding the segments again on resamples…")
def _calibration(key: str, _view: View) -> Calibration | None:  # noqa: ARG001
    return Analysis._calibrated(_view)


@session_cache(st.cache_resource, everybody=16, own=2)
def _certainties(key: str, _view: View) -> pd.DataFrame:  # noqa: ARG001
    return Analysis._certainties(_view)


@session_cache(st.cache_resource, everybody=4, own=2)
def _condensed(key: str, _view: View) -> Condensed | None:  # noqa: ARG001
    return _view.condensed


@session_cache(st.cache_resource, everybody=16, own=3)
def _selected(key: str, _cube: int, _view: View) -> pd.DataFrame:  # noqa: ARG001
    """The selected customers, cached for all tables of a run."""
    return _view.selected_of(_cube)
