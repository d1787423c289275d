"""The head of a page, KPI cards, chart cards and segment cards."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import altair as alt
import streamlit as st

from core.figures import percent
from core.schema import CLUSTER, NO_SEGMENT
from core.views import charts, maps, tables
from core.views.palette import INK, colour
from core.views.summary import counted, of_whom
from core.views.suppress import MINIMUM, hidden_note
from core.visuals.kpis import BY_SEGMENT, Surface, by_segment, cards, segment_measures, unknown_affluence
from pages.components.chips import chips
from pages.components.features import driver_warnings
from pages.components.structure import verdict_line
from pages.components.text import escape_markdown
from pages.components.tweaks import Unchecked
from pages.components.view import View

QUIET = {"delta_color": "off", "delta_arrow": "off"}  # a metric's note that is not a change
HOW_TO_CLICK = (
    "Click a mark (slice, bar, tile, region) to filter all other visuals by it, again to remove that filter. "
    "With Ctrl or ⌘, several marks of a chart add up. The filters in the sidebar do the same without a mouse."
)


def theme() -> maps.Theme:
    """The theme the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def page_head(title: str, question: str, view: View, *, clickable: bool = True) -> None:
    """Title, the filters as buttons that remove them, and the warnings to read first."""
    st.title(title, anchor=False)
    if view.sample:
        _sample_badge()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(question, width="content", help=HOW_TO_CLICK if clickable else None)
        chips(view)
    if view.message:
        st.error(escape_markdown(view.message), icon=":material/error:")
    verdict_line(view)
    driver_warnings(view)
    if reason := view.why_not_clustered:
        whom = "Of all customers, whatever the filters: " if any(view.filters.values()) or view.clicks else ""
        st.caption(escape_markdown(whom + reason))


def _sample_badge() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge("Sample data", icon=":material/science:", color="orange")
        st.markdown("**Made-up customers.** Drop your own files in the sidebar.", width="content")


def stop_if_empty(view: View) -> None:
    """End the page with a message when the filters leave nobody, or so few that they are not shown."""
    customers = view.totals.customers
    if view.too_few(customers, view.study.size):
        st.info(
            f"This selection, or what it leaves out, has fewer than {MINIMUM} customers: it is hidden. "
            "Remove a filter above.",
            icon=":material/visibility_off:",
        )
        st.stop()
    if not customers:
        st.info(
            "No customer passes all filters. Remove one of them above, or reset them all.",
            icon=":material/filter_alt_off:",
        )
        st.stop()


def kpi_row(view: View, surface: Surface, editors: Mapping[str, Callable[[], None]] | None = None) -> None:
    """The cards of the KPIs of a page; `editors` draws below those with this label what edits their rule."""
    if kpis := cards(view, surface):
        with st.grid(len(kpis), min_column_width=150):
            for kpi in kpis:
                hint, edit = escape_markdown(kpi.hint) or None, (editors or {}).get(kpi.label)
                if edit is None:
                    st.metric(kpi.label, kpi.value, kpi.note, **QUIET, border=True, height="stretch", help=hint)
                    continue
                with st.container(border=True, height="stretch", gap="xsmall"):
                    st.metric(kpi.label, kpi.value, kpi.note, **QUIET, help=hint)
                    edit()


def unknown_line(view: View) -> None:
    """A line on the customers of whom it is unknown whether they are mass affluent, if there are any."""
    if view.study.wealth.tells and (unknown := unknown_affluence(view.totals, hide=view.hide)):
        st.caption(unknown)


def chart(
    title: str, figure: alt.TopLevelMixin | None, alternative: str, *, note: str = "", missing: str = ""
) -> None:  # fmt: skip
    """A titled card around a chart; without a chart it shows `missing`, the reason."""
    if figure is None:
        titled_card(title, None, note or missing)
    else:
        titled_card(title, partial(altair_chart, figure, alternative), note)


def titled_card(
    title: str, draw: Callable[[], None] | None, note: str, *, stretch: bool = True,
    beside_title: Callable[[], None] | None = None,
) -> None:  # fmt: skip
    """A card with a title, what `draw` draws, and a note; the note says why where there is nothing to draw."""
    with st.container(border=True, height="stretch" if stretch else "content"):
        if beside_title is None:
            card_title(title)
        else:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                card_title(title, width="content")
                beside_title()
        if draw is None:
            st.info(note, icon=":material/data_alert:")
            return
        draw()
        if note:
            st.caption(escape_markdown(note))


def card_title(title: str, **how: Any) -> None:
    """A title as a heading, to which a screen reader can jump."""
    st.subheader(escape_markdown(title), anchor=False, **how)


def altair_chart(figure: alt.TopLevelMixin, alternative: str, **listening: Any) -> None:
    """A chart in the colours of the theme; `listening` are the arguments that make it report clicks."""
    ink = INK[theme()]  # Streamlit's own is paler than WCAG asks for, and Vega's text marks follow no theme
    figure.config.text = alt.MarkConfig(color=ink)
    figure.config.axis = alt.AxisConfig(labelColor=ink, titleColor=ink)
    figure.config.legend = alt.LegendConfig(labelColor=ink, titleColor=ink)
    st.altair_chart(Unchecked(figure), alt=alternative, width="stretch", **listening)


def segment_cards(view: View) -> None:
    """One card per segment in the selection: colour, name, size, and what sets it apart."""
    whole, clusters = view.totals.customers, view.clusters
    base = of_whom(whole, view.study.size)
    shown = clusters[~clusters[CLUSTER].isin(NO_SEGMENT)]
    if shown.empty:
        st.info(hidden_note(clusters, shares="") or "Nobody here is in a segment.", icon=":material/data_alert:")
    with st.grid(_columns(len(shown)), min_column_width=165):
        for cluster, customers in zip(shown[CLUSTER].astype("str"), shown["customers"], strict=True):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _segment_title(cluster, view)
                st.caption(f"{counted(customers, 'customer')} · {percent(customers, whole)} {base}")
                lines = view.distinguishing_traits(cluster)
                st.markdown("  \n".join(f":small[{escape_markdown(line)}]" for line in lines))


def segment_kpi_row(view: View) -> None:
    """The KPIs of all customers and of each segment: the first as a figure, the others below it."""
    clusters = view.table(tables.by_cluster, view.decimals(*segment_measures()))
    rows, (_, *more) = by_segment(clusters), BY_SEGMENT.values()
    if view.hide:  # the rows left do not add up to all customers
        rows = rows[1:]
        st.caption(hidden_note(clusters, of=[kpi.of for kpi in BY_SEGMENT.values()]))
    with st.container():  # always there, so that elements below are not redrawn when the sentence comes or goes
        unknown_line(view)
    with st.grid(_columns(len(rows)), min_column_width=118):
        for cluster, (figure, *others) in rows:
            with st.container(border=True, height="stretch", gap="xsmall"):
                _segment_title(cluster, view)
                st.space("stretch")
                st.metric(next(iter(BY_SEGMENT.values())).label, figure)
                for kpi, text in zip(more, others, strict=True):
                    if view.has(kpi.of):
                        st.caption(text)


def _segment_title(cluster: str, view: View) -> None:
    """A line in the segment's colour, and its name; all customers have no colour."""
    st.image(
        _swatch(colour(cluster) if cluster else "none"), width="stretch", alt=""
    )  # it says nothing that the name does not
    everybody = "All selected" if view.filtered else "All customers"
    name = charts.label(cluster, view.segments.names) if cluster else everybody
    st.markdown(f"**{escape_markdown(name)}**")


def _columns(cards: int) -> int:
    """Cards per row: one row up to seven, else two equal ones."""
    return max(cards if cards <= 7 else (cards + 1) // 2, 1)


def _swatch(fill: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 2">'
        f'<rect width="100" height="2" rx="1" fill="{fill}"/></svg>'
    )
