"""The simulation's audience: group, segments, and the thresholds of mass affluent to try."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from core import figures
from core.intake.flags import about_bounds
from core.rules import MassAffluent
from core.schema import CLUSTER, MASS_AFFLUENT, titled
from core.strategy.audience import GROUPS, Audience, describe_change, moves, reach_change, size
from core.views.charts import label
from pages.components.flag_rules import VALUATIONS
from pages.components.link import IN_LINK
from pages.components.text import escape_markdown
from pages.components.view import View

AUDIENCE = "audience_segments "  # key of the box of segments; the number of segments follows


def audience_inputs(view: View) -> tuple[Audience, pd.DataFrame, int]:
    """The audience, the table of its parts, and its size."""
    group = (
        st.segmented_control("Audience", GROUPS, default=GROUPS[0], required=True, key="audience", **IN_LINK)
        or GROUPS[0]  # an address may name none
    )
    names = view.segments.names
    segments = st.multiselect(
        "In segments", [*names], format_func=lambda segment: escape_markdown(label(segment, names)), placeholder="All",
        key=f"{AUDIENCE}{len(names)}", **IN_LINK,
    )  # fmt: skip
    rule = _rule_to_try(view) if group == "Mass affluent" else view.study.rules.mass_affluent
    table = view.table(moves, view.study.rules, rule)
    if group == "Mass affluent":
        chosen = table[table[CLUSTER].isin(segments)] if segments else table
        if not view.hide:  # few may enter or leave
            st.caption(describe_change(reach_change(chosen)))
        if view.filters.get(MASS_AFFLUENT):
            st.caption("The filter Mass affluent uses today's definition: customers whom the tried one adds stay out.")
    return Audience(group, tuple(segments), rule), table, size(table, segments, group)


def _rule_to_try(view: View) -> MassAffluent:
    """Today's rule with the thresholds that the analyst tries. Keys have today's values, so a new rule resets them."""
    rule = view.study.rules.mass_affluent
    if why := view.why_not_tried:
        st.caption(escape_markdown(f"Only today's definition of mass affluent. {why}"))
        return rule
    wealth = view.study.wealth
    if wealth.by_segment:
        today = int(rule.min_property_valuation)
        lowest = st.slider(
            "Try: property valuation from", *VALUATIONS, today, key=f"tried_valuation {today}", **IN_LINK,
            help="From which valuation a mass customer counts as mass affluent. The sidebar has today's definition.",
        )  # fmt: skip
        return replace(rule, min_property_valuation=lowest)
    if not wealth.has_band or not view.has(wealth.measure):
        return rule
    bounds = {}
    for column, (field, word, today) in zip(
        st.columns(2), (("min_measure", "from", wealth.low), ("max_measure", "to below", wealth.high)), strict=True
    ):
        bounds[field] = column.number_input(
            escape_markdown(titled(f"Try: {view.label(wealth.measure)} {word}", view.sign(wealth.measure))), None, None,
            today,
            key=f"tried_{field} {wealth.measure} {today}", format="%g", **IN_LINK,
            help=None if today is None else f"Today: {figures.exact(today)}",
        )  # fmt: skip
    if tuple(bounds.values()) == (wealth.low, wealth.high):
        return rule
    tried = replace(rule, measure=wealth.measure, **bounds)
    for sentence in about_bounds(wealth.tried(tried)):
        st.warning(sentence)
    return tried
