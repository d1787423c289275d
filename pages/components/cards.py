"""The head of a page, KPI cards, chart cards and segment cards."""

from typing import Literal

import altair as alt
import pandas as pd
import streamlit as st

from core.countries.registry import country_of
from core.figures import percent
from core.intake.flags import describe_high_potential, describe_mass_affluent
from core.schema import CLUSTER, MASS_AFFLUENT, NO_SEGMENT, OUTLIERS
from core.views import charts, maps
from core.views.kpis import kpis, unknown_affluence
from core.views.palette import colour
from core.views.summary import beyond, counted, of_whom, penetration
from core.views.suppress import MINIMUM, hidden_note
from core.views.tables import Totals
from core.views.tables import totals as totals_of
from pages.components.chips import chips
from pages.components.clicks import listen_on_map, turn
from pages.components.features import driver_warnings
from pages.components.structure import verdict_line
from pages.components.text import plain
from pages.components.vega import Unchecked
from pages.components.view import View

# Vega's text marks do not follow the theme.
INK = {"light": "#3c4a58", "dark": "#c9d3dd"}
QUIET = {"delta_color": "off", "delta_arrow": "off"}  # a metric's note that is not a change
MAP_PIXELS = 380
NO_COUNTRY = "No map: the states are not those of a country the app knows. Choose the country on the Data page."
HOW_TO_CLICK = (
    "Click a mark (slice, bar, tile, state) to filter all other visuals by it, again to remove that filter. "
    "With Ctrl or ⌘, several marks of a chart add up. The slicers do the same without a mouse."
)


def theme() -> maps.Theme:
    """The theme the browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def page_head(title: str, question: str, view: View, *, clickable: bool = True) -> None:
    """Title, the filters as buttons that remove them, and what the reader must know first."""
    st.title(title, anchor=False)
    if view.sample:
        _sample_badge()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(question, width="content", help=HOW_TO_CLICK if clickable else None)
        chips(view)
    if view.message:
        st.error(plain(view.message), icon=":material/error:")
    verdict_line(view)
    driver_warnings(view)
    if lacking := view.why_not_clustered:
        whom = "Of all customers, whatever the filters: " if any(view.filters.values()) or view.clicks else ""
        st.caption(plain(whom + lacking))


def _sample_badge() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge("Sample data", icon=":material/science:", color="orange")
        st.markdown("**Made-up customers.** Drop your own files in the sidebar.", width="content")


def stop_if_empty(customers: int, view: View) -> None:
    """Say so, and end the page, when the filters leave nobody, or so few that they are not shown."""
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


def totals_row(totals: Totals, clusters: pd.DataFrame, view: View) -> None:
    """The KPI cards: customers, mass affluent, high potential, not clustered, each with what it is a part of."""
    study = view.study
    hints = {
        "Total mass affluent": describe_mass_affluent(study.names, study.rules),
        "High potential": describe_high_potential(study.rules),
        "Not clustered": "Customers who lack a feature that the segments are made from.",
        OUTLIERS: "Customers with an unusual value in a feature.",
    }
    cards = kpis(totals, study.size, groups=set(clusters[CLUSTER]) if view.hide else None)
    with st.grid(len(cards), min_column_width=150):
        for one in cards:
            hint = plain(hints.get(one.label, "")) or None
            st.metric(one.label, one.value, one.note, **QUIET, border=True, height="stretch", help=hint)
    if unknown := unknown_affluence(totals, hide=view.hide):
        st.caption(unknown)


def chart(
    title: str, figure: alt.TopLevelMixin | None, alternative: str, *, of: View | None = None, note: str = "",
    missing: str = "", height: Literal["stretch", "content"] = "stretch",
) -> None:  # fmt: skip
    """A titled card around a chart; `missing` says in its place what the file lacks.

    `of` is the view of the visual, where its marks are to be clicked. `height` says whether the card
    grows to that beside it.
    """
    with st.container(border=True, height=height):
        st.markdown(f"**{plain(title)}**")
        if figure is None:
            st.info(note or missing, icon=":material/data_alert:")
            return
        figure.config.text = alt.MarkConfig(color=INK[theme()])
        st.altair_chart(Unchecked(figure), alt=alternative, width="stretch", **(of.listen() if of else {}))
        if note:
            st.caption(plain(note))


def state_map(places: pd.DataFrame | None, *, of: View, missing: str) -> None:
    """The map's card: states shaded by customers, a bubble per region for the mass affluent."""
    with st.container(border=True, height="stretch"):
        st.markdown("**Customers by state, mass affluent by region**")
        if places is None:
            st.info(missing, icon=":material/data_alert:")
            return
        if (country := country_of(of.study.country)) is None:
            st.info(NO_COUNTRY, icon=":material/public_off:")
            return
        states = maps.by_state(places)
        regions, states = of.shown(maps.by_region(places, country), whole=states), of.shown(states)
        st.pydeck_chart(
            maps.deck(
                states,
                regions,
                country,
                theme=theme(),
                clicked=[click.values[0] for click in of.own],
                turn=turn(of.visual),
            ),
            **listen_on_map(of.visual),
            selection_mode="single-object",
            height=MAP_PIXELS,
            alt=f"Map of {country.name}: customers by state, mass affluent customers by postcode region",
        )
        st.caption(
            hidden_note(regions, states, of=[MASS_AFFLUENT]) or plain(maps.describe_placed(states, regions, country))
        )
        if "postcode" not in places and of.has("postcode"):
            st.caption("No bubbles: this result has no sums by postcode and by all that is filtered.")


def state_bars(places: pd.DataFrame | None, *, of: View, missing: str) -> None:
    """The map's numbers as bars, for the states too small to see and for browsers without WebGL."""
    states = None if places is None else of.shown(maps.by_state(places))
    bars = None if states is None or states.empty else of.clickable(charts.state_bars(states))
    note = hidden_note(states, of=[MASS_AFFLUENT]) or beyond(states, "state")
    title = "Customers by state (% mass affluent of those known)"
    chart(title, bars, "Customers by state", of=of, note=note, missing=missing, height="content")


def segment_cards(view: View, clusters: pd.DataFrame) -> None:
    """One card per segment in the selection: colour, name, size, and what sets it apart."""
    whole = view.table(totals_of).customers
    base = of_whom(whole, view.study.size)
    shown = clusters[~clusters[CLUSTER].isin(NO_SEGMENT)]
    if shown.empty:
        st.info("Nobody here is in a segment.", icon=":material/data_alert:")
    with st.grid(_columns(len(shown)), min_column_width=165):
        for cluster, customers in zip(shown[CLUSTER].astype("str"), shown["customers"], strict=True):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _segment_title(cluster, view)
                st.caption(f"{counted(customers, 'customer')} · {percent(customers, whole)} {base}")
                lines = view.apart(cluster)
                st.markdown("  \n".join(f":small[{plain(line)}]" for line in lines))


def penetration_row(view: View, clusters: pd.DataFrame) -> None:
    """The KPI cards of all customers and of each segment: the share of mass affluent, and the average tenure."""
    rows = penetration(clusters)
    if view.hide:  # the rows left do not add up to all customers
        rows = rows[1:]
        st.caption(hidden_note(clusters, of=(MASS_AFFLUENT, "tenure")))
    with st.container():  # always there, so that what stands below is not drawn anew when the sentence comes or goes
        if unknown := unknown_affluence(view.table(totals_of), hide=view.hide):
            st.caption(unknown)
    with st.grid(_columns(len(rows)), min_column_width=118):
        for cluster, share, tenure in rows:
            with st.container(border=True, height="stretch", gap="xsmall"):
                _segment_title(cluster, view)
                st.space("stretch")
                st.metric("Mass affluent", share)
                st.caption(tenure)


def _segment_title(cluster: str, view: View) -> None:
    """A line in the segment's colour, and its name; all customers have no colour."""
    st.image(_swatch(colour(cluster) if cluster else "none"), width="stretch")
    name = charts.label(cluster, view.segments.names) if cluster else "All customers"
    st.markdown(f"**{plain(name)}**")


def _columns(cards: int) -> int:
    """Cards per row: one row up to seven, else two equal ones."""
    return max(cards if cards <= 7 else (cards + 1) // 2, 1)


def _swatch(fill: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 2">'
        f'<rect width="100" height="2" rx="1" fill="{fill}"/></svg>'
    )
