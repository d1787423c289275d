"""The head of a page, KPI cards, chart cards and segment cards."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import altair as alt
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.compare.months import AFFLUENT, Changes
from core.figures import percent
from core.schema import CLUSTER, NO_SEGMENT
from core.views import charts, maps, tables
from core.views.palette import INK, colour
from core.views.summary import counted, of_whom
from core.views.suppress import MINIMUM, hidden_note
from core.visuals.headlines import headline_of
from core.visuals.kpis import (
    BY_SEGMENT,
    HIDDEN,
    KPIS,
    SHARE_HIDDEN,
    Surface,
    cards,
)
from core.visuals.segment_kpis import by_segment, segment_measures
from pages.components.chips import chips
from pages.components.notes import badge_and_notes, sample_badge
from pages.components.remarks import on_segment, remark_text
from pages.components.text import card_title, escape_markdown
from pages.components.tweaks import Unchecked
from pages.components.versus_rest import compare_button
from pages.components.view import View

QUIET = {"delta_color": "off", "delta_arrow": "off"}  # a metric's note that is not a change
HOW_TO_CLICK = (
    "Click a mark (slice, bar, tile, region) to filter all other visuals by it, again to remove that filter. "
    "With Ctrl or ⌘, several marks of a chart add up. The filters in the sidebar do the same without a mouse."
)


def theme() -> maps.Theme:
    """The theme the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


class Head(NamedTuple):
    """The head of a page: the row of its title, for a button beside the notes, and its sentence."""

    row: DeltaGenerator
    sentence: DeltaGenerator

    def say(self, text: str, hint: str | None = None) -> None:
        """Put a sentence in the place of the one that stands there."""
        self.sentence.markdown(escape_markdown(text), help=hint)


def page_head(
    title: str, question: str, view: View, *, page: str = "", answer: str = "", clickable: bool = True,
    noted: bool = True,
) -> Head:  # fmt: skip
    """Title with badges and notes, a sentence, and the filters as buttons that remove them.

    The sentence is the headline of a `page` that has one (`visuals.headlines`), or the `answer` given, else the
    question that it answers.
    """
    if page:
        answer = view.kept("headline", partial(headline_of, page, view), page)
    head = st.container(gap="xsmall")
    row = head.container(horizontal=True, vertical_alignment="center", gap="xsmall")  # all fit beside it on a laptop
    with row:
        st.title(title, anchor=False, width="content")
        if view.sample:
            sample_badge()
        if noted:
            badge_and_notes(view)
    found = Head(row, head.empty())
    found.say(answer or question, HOW_TO_CLICK if clickable else None)
    with head.container(horizontal=True, vertical_alignment="center", gap="small"):
        chips(view)
        if clickable:
            compare_button(view)
    if view.message:
        st.error(escape_markdown(view.message), icon=":material/error:")
    return found


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


def kpi_row(view: View, surface: Surface, changes: Changes | None = None) -> None:
    """The cards of the KPIs of a page, each with its change since the month before where that is known."""
    if kpis := cards(view, surface):
        keys = {kpi.label: kpi.key for kpi in KPIS.values()}
        with st.grid(len(kpis), min_column_width=150):
            for kpi in kpis:
                how = {**QUIET, "help": escape_markdown(kpi.hint) or None}
                hidden = kpi.value == HIDDEN or kpi.note == SHARE_HIDDEN
                if changes and not hidden and (since := changes.text(keys[kpi.label])):
                    with st.container(border=True, height="stretch", gap="xxsmall"):
                        st.metric(kpi.label, kpi.value, kpi.note, **how)
                        st.caption(since)
                else:
                    st.metric(kpi.label, kpi.value, kpi.note, **how, border=True, height="stretch")


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
    beside_title: Callable[[], None] | None = None, below_title: Callable[[], None] | None = None,
    at_end: Callable[[], None] | None = None,
) -> None:  # fmt: skip
    """A card with a title, what `draw` draws, and a note; the note says why where there is nothing to draw."""
    with st.container(border=True, height="stretch" if stretch else "content"):
        if beside_title is None:
            card_title(title)
        else:
            with st.container(horizontal=True, vertical_alignment="center", wrap=False):
                card_title(title, width="stretch")
                beside_title()
        if below_title is not None:
            below_title()
        if draw is None:
            st.info(note, icon=":material/data_alert:")
            return
        draw()
        if note:
            st.caption(escape_markdown(note))
        if at_end is not None:
            at_end()


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
                remark_text(on_segment(view, cluster))


def segment_kpi_row(view: View, changes: Changes | None = None) -> None:
    """The KPIs of all customers and of each segment: the first as a figure, its change and the others below it."""
    clusters = view.table(tables.by_cluster, view.decimals(*segment_measures()))
    rows, (_, *more) = by_segment(clusters), BY_SEGMENT.values()
    if view.hide:  # the rows left do not add up to all customers
        rows = rows[1:]
    with st.grid(_columns(len(rows)), min_column_width=100):
        for cluster, (figure, *others) in rows:
            with st.container(gap="xxsmall"):
                _segment_title(cluster, view, wrap=False)
                st.metric(next(iter(BY_SEGMENT.values())).label, figure)
                if changes and (since := changes.text(AFFLUENT, cluster)):
                    st.caption(since)
                for kpi, text in zip(more, others, strict=True):
                    if view.has(kpi.of):
                        st.caption(text)
    if note := hidden_note(clusters, of=[kpi.of for kpi in BY_SEGMENT.values()]):
        st.caption(note)


def _segment_title(cluster: str, view: View, *, wrap: bool = True) -> None:
    """A line in the segment's colour, which says nothing that the name does not; all customers have a grey one."""
    st.image(_swatch(colour(cluster) if cluster else "none"), width="stretch", alt="")
    everybody = "All selected" if view.filtered else "All customers"
    name = charts.label(cluster, view.segments.names) if cluster else everybody
    st.markdown(f"**{escape_markdown(name)}**", wrap=wrap)


def _columns(cards: int) -> int:
    """Cards per row: one row up to seven, else two equal ones."""
    return max(cards if cards <= 7 else (cards + 1) // 2, 1)


def _swatch(fill: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 2">'
        f'<rect width="100" height="2" rx="1" fill="{fill}"/></svg>'
    )
