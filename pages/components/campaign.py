"""The simulation's campaign: likely values at once, the rest and the ranges behind an expander."""

import streamlit as st

from core.errors import RulesError
from core.strategy.audience import GROUPS, USUAL, Group
from core.strategy.campaign import INPUTS, SPREAD, Campaign, usual_campaign
from core.strategy.ranges import Range, around
from pages.components.link import IN_LINK

AT_ONCE = ("contactable", "contact_cost", "baseline", "uplift", "value")
# input → step and format, in the unit shown
STEPS = {
    "contactable": (5.0, "%.0f"), "contact_cost": (1.0, "%.2f"), "baseline": (0.5, "%.1f"), "uplift": (0.5, "%.1f"),
    "value": (50.0, "%.0f"), "margin": (5.0, "%.0f"), "incentive": (5.0, "%.2f"), "horizon": (6.0, "%.0f"),
    "discount": (1.0, "%.1f"),
}  # fmt: skip
STORED = "campaigns"


def campaign_inputs(group: Group) -> Campaign | None:
    """The campaign to a group, each with inputs of its own; None, and the reason shown, where it is impossible."""
    with st.grid(3, min_column_width=120):
        likely = {name: _likely(group, name) for name in AT_ONCE}
        budget = st.number_input(
            "Budget ($)", 0.0, None, None, 1000.0, "%.0f", placeholder="None", key=f"budget {group}",
            **IN_LINK, help="Caps the expected cost; leave it empty for no cap.",
        )  # fmt: skip
    with st.expander("More inputs and ranges", icon=":material/tune:"):
        with st.grid(3, min_column_width=120):
            likely |= {name: _likely(group, name) for name in INPUTS if name not in AT_ONCE}
            control = _percent(
                "Control group (%)",
                10.0,
                f"control {group}",
                "Held out: contactable, not contacted, so that the uplift can be measured.",
            )
            spread = _percent(
                "Ranges (± %)",
                SPREAD * 100,
                f"spread {group}",
                "How far a range reaches around its likely value, unless you give its ends below.",
            )
        st.caption("Low and high value of each input; empty ones follow the likely value.")
        ranges = {name: _range(group, name, likely[name], spread) for name in INPUTS}
    try:
        campaign = Campaign(**ranges, budget=budget, control=control)
    except RulesError as error:
        st.error(str(error), icon=":material/error:")
        return None
    st.session_state[STORED] = st.session_state.get(STORED, {}) | {group: campaign}
    return campaign


def all_campaigns() -> dict[Group, Campaign]:
    """The campaign last set for each group, the usual one where none was."""
    return {group: usual_campaign(USUAL[group]) for group in GROUPS} | st.session_state.get(STORED, {})


def _likely(group: Group, name: str) -> float:
    one = INPUTS[name]
    shown = st.number_input(
        f"{one.label} ({one.unit})", 0.0, one.most / one.scale, round(USUAL[group][name] / one.scale, 6), *STEPS[name],
        key=f"{name} {group}", help=one.help, **IN_LINK,
    )  # fmt: skip
    return shown * one.scale


def _percent(title: str, start: float, key: str, hint: str) -> float:
    return st.number_input(title, 0.0, 100.0, start, 5.0, "%.0f", key=key, help=hint, **IN_LINK) / 100


def _range(group: Group, name: str, likely: float, spread: float) -> Range:
    one, usual = INPUTS[name], around(likely, spread, INPUTS[name].most)
    ends = {}
    for column, end in zip(st.columns(2), ("low", "high"), strict=True):
        given = column.number_input(
            f"{one.label}, {end} ({one.unit})", 0.0, one.most / one.scale, None, *STEPS[name],
            placeholder=f"{getattr(usual, end) / one.scale:,.6g}", key=f"{name} {end} {group}", **IN_LINK,
        )  # fmt: skip
        ends[end] = getattr(usual, end) if given is None else given * one.scale
    return Range(ends["low"], likely, ends["high"])
