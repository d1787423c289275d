"""The head of a page, KPI cards, chart cards and segment cards."""

from collections.abc import Mapping

import altair as alt
import pandas as pd
import pydeck as pdk
import streamlit as st

from core.schema import CLUSTER, NOT_CLUSTERED, SLICERS
from core.segments.apart import apart
from core.views.charts import label
from core.views.maps import Theme
from core.views.palette import colour
from core.views.summary import penetration, percent
from pages.components.text import plain
from pages.components.view import View

# Vega's text marks do not follow the theme.
INK = {"light": "#3c4a58", "dark": "#c9d3dd"}


def theme() -> Theme:
    """The theme the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def page_head(title: str, question: str, view: View) -> None:
    """Title, the filters as buttons that remove them, and what the reader must know first."""
    st.title(title, anchor=False)
    chips = [(column, value) for column, values in view.filters.items() for value in values]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(question, width="content")
        for column, value in chips:
            st.button(
                plain(f"{SLICERS[column]}: {value}"), icon=":material/close:", key=f"chip {column} {value}",
                on_click=_remove, args=(column, value), help="Remove this filter",
            )  # fmt: skip
        if chips:
            st.button("Reset filters", type="tertiary", key="reset", on_click=_reset)
    if view.message:
        st.error(plain(view.message), icon=":material/error:")
    if lacking := view.segments.why_not_clustered(view.study.columns):
        st.caption(plain(lacking))


def stop_if_empty(customers: int) -> None:
    """Say so, and end the page, when the slicers leave nobody."""
    if not customers:
        st.info(
            "No customer passes all filters. Remove one of them above, or reset them all.",
            icon=":material/filter_alt_off:",
        )
        st.stop()


def kpis(cards: Mapping[str, tuple[str, str]]) -> None:
    """A row of cards: label → (value, of what)."""
    with st.grid(len(cards), min_column_width=150):
        for name, (value, note) in cards.items():
            st.metric(
                plain(name), value, plain(note), delta_color="off", delta_arrow="off", border=True, height="stretch"
            )


def chart(title: str, figure: alt.TopLevelMixin | None, alternative: str, *, note: str = "", missing: str = "") -> None:
    """A titled card around a chart; `missing` says in its place what the file lacks."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{plain(title)}**")
        if figure is None:
            st.info(missing, icon=":material/data_alert:")
        else:
            st.altair_chart(figure.configure_text(color=INK[theme()]), alt=alternative, width="stretch")
        if note:
            st.caption(plain(note))


def state_map(title: str, deck: pdk.Deck | None, alternative: str, *, note: str, missing: str) -> None:
    """A titled card around the map."""
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{plain(title)}**")
        if deck is None:
            st.info(missing, icon=":material/data_alert:")
            return
        st.pydeck_chart(deck, height=440, alt=alternative)
        st.caption(plain(note))


def segment_cards(view: View, clusters: pd.DataFrame) -> None:
    """One card per segment in the selection: colour, name, size, and what sets it apart."""
    whole = int(clusters["customers"].sum())
    shown = clusters[clusters[CLUSTER] != NOT_CLUSTERED]
    with st.grid(_columns(len(shown)), min_column_width=165):
        for cluster, customers in zip(shown[CLUSTER].astype("str"), shown["customers"], strict=True):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _segment_title(cluster, view)
                st.caption(f"{customers:,} customers · {percent(customers, whole)}")
                lines = apart(view.segments, cluster, view.study.columns)
                st.markdown("  \n".join(f":small[{plain(line)}]" for line in lines))


def penetration_cards(view: View, clusters: pd.DataFrame) -> None:
    """One card per segment: the share of mass affluent in it, and its average tenure."""
    with st.grid(_columns(len(clusters)), min_column_width=135):
        for cluster, share, tenure in penetration(clusters):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _segment_title(cluster, view)
                st.space("stretch")
                st.metric("Mass affluent", share, f"{tenure} tenure", delta_color="off", delta_arrow="off")


def _segment_title(cluster: str, view: View) -> None:
    st.image(_swatch(cluster), width="stretch")
    st.markdown(f"**{plain(label(cluster, view.segments.names))}**")


def _columns(cards: int) -> int:
    """Cards per row: one row up to seven, else two equal ones."""
    return max(cards if cards <= 7 else (cards + 1) // 2, 1)


def _swatch(cluster: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 2">'
        f'<rect width="100" height="2" rx="1" fill="{colour(cluster)}"/></svg>'
    )


def _remove(column: str, value: str) -> None:
    st.session_state[column] = [other for other in st.session_state[column] if other != value]


def _reset() -> None:
    for column in SLICERS:
        st.session_state[column] = []
