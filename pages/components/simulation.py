"""The strategy simulation: pick an audience, set the campaign, read what it brings."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.schema import CLUSTER
from core.strategy.audience import COUNTED_BY, audience_size
from core.strategy.scenario import Campaign, simulate
from core.views.charts import label
from core.views.summary import percent

# field of Campaign → label, help, largest, step, format, and what a shown unit is worth (a percentage point: 0.01)
INPUTS = {
    "contactable": ("Contactable (%)", "Share of the audience you may and can contact.", 100.0, 5.0, "%.0f", 0.01),
    "cost_per_contact": ("Cost each ($)", "Cost of contacting one customer.", 10_000.0, 1.0, "%.2f", 1.0),
    "baseline": ("Baseline (%)", "Conversion without the campaign.", 100.0, 0.5, "%.1f", 0.01),
    "uplift": ("Uplift (points)", "What the campaign adds to the conversion.", 100.0, 0.5, "%.1f", 0.01),
    "value_per_conversion": ("Value each ($)", "Value of one conversion.", 1_000_000.0, 50.0, "%.0f", 1.0),
}


def simulation(clusters: pd.DataFrame, names: Mapping[str, str]) -> None:
    """The card of the simulation; it reruns alone, and its inputs stay when the page is left."""
    with st.container(border=True, height="stretch"):
        st.markdown("**Strategy simulation**: what would a campaign cost and bring?")
        _simulation(clusters, names)


@st.fragment
def _simulation(clusters: pd.DataFrame, names: Mapping[str, str]) -> None:
    who, where = st.columns([1.5, 1])
    group = who.segmented_control(
        "Audience", list(COUNTED_BY), default="Mass affluent", required=True, key="audience", persist_state="session"
    )
    present = clusters[CLUSTER].astype("str").tolist()
    picked = where.multiselect(
        "In segments", present, format_func=lambda one: label(one, names), placeholder="All",
        key=f"audience_segments {len(names)}", persist_state="session",
    )  # fmt: skip
    audience = audience_size(clusters, picked, group)
    campaign = _campaign()
    outcome = simulate(audience, campaign)
    with st.grid(3, min_column_width=130):
        st.metric(
            "Customers reached",
            f"{outcome.reached:,}",
            f"of {audience:,} in the audience",
            delta_color="off",
            delta_arrow="off",
        )
        conversions = outcome.incremental_conversions
        st.metric("Incremental conversions", f"{conversions:,.1f}" if conversions < 100 else f"{conversions:,.0f}")
        st.metric("Cost", f"${outcome.cost:,.0f}")
        st.metric("Net value", f"{'−' if outcome.net_value < 0 else ''}${abs(outcome.net_value):,.0f}")
        st.metric("Return on investment", "–" if outcome.roi is None else f"{outcome.roi:,.0%}".replace("-", "−"))
        needed = outcome.break_even_uplift
        st.metric("Break-even uplift", "–" if needed is None else f"{percent(needed, 1)} points".replace("%", ""))
    if not audience:
        st.caption("Nobody is in this audience: choose another, or other segments.")
    if campaign.uplift + campaign.baseline > 1:
        st.caption("More than 100% cannot convert: the uplift counts only up to what the baseline leaves.")


def _campaign() -> Campaign:
    usual = Campaign()
    values = {}
    with st.grid(3, min_column_width=130):
        for field, (title, hint, most, step, form, unit) in INPUTS.items():
            start = round(getattr(usual, field) / unit, 6)
            shown = st.number_input(
                title, 0.0, most, start, step, form, key=f"campaign_{field}", help=hint, persist_state="session"
            )
            values[field] = shown * unit
    return Campaign(**values)
