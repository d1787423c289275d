"""The simulation's audience: group, segments, and the thresholds of mass affluent to try."""

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from core import figures
from core.intake.flags import about_bounds
from core.rules import MassAffluent
from core.schema import CLUSTER, MASS_AFFLUENT, SURE, titled
from core.segments.certainty import UNSURE
from core.strategy.audience import GROUPS, Audience, describe_change, moves, reach_change, size
from core.views.charts import label
from pages.components.flag_rules import VALUATIONS
from pages.components.link import IN_LINK
from pages.components.text import escape_markdown
from pages.components.view import View

AUDIENCE = "audience_segments "  # key of the box of segments; the number of segments follows


@dataclass(frozen=True)
class Chosen:
    """The audience, the view of the customers it is of, the table of its parts, and how many are in it and left out."""

    audience: Audience
    view: View
    table: pd.DataFrame
    size: int
    left_out: int = 0


def audience_inputs(view: View) -> Chosen:
    """The audience that the analyst chooses."""
    group = (
        st.segmented_control("Audience", GROUPS, default=GROUPS[0], required=True, key="audience", **IN_LINK)
        or GROUPS[0]  # an address may name none
    )
    names = view.segments.names
    segments = st.multiselect(
        "In segments", [*names], format_func=lambda segment: label(segment, names), placeholder="All",
        key=f"{AUDIENCE}{len(names)}", **IN_LINK,
    )  # fmt: skip
    rule = _rule_to_try(view) if group == "Mass affluent" else view.study.rules.mass_affluent
    everybody, view = view, _without_unsure(view)
    table = view.table(moves, view.study.rules, rule)
    of_all = table if view is everybody else everybody.table(moves, view.study.rules, rule)
    if group == "Mass affluent":
        chosen = of_all[of_all[CLUSTER].isin(segments)] if segments else of_all
        if not view.hide:  # few may enter or leave
            st.caption(describe_change(reach_change(chosen)))
        if view.filters.get(MASS_AFFLUENT):
            st.caption("The filter Mass affluent uses today's definition: customers whom the tried one adds stay out.")
    customers = size(table, segments, group)
    audience = Audience(group, tuple(segments), rule)
    if view is everybody:
        return Chosen(audience, view, table, customers)
    left_out = size(of_all, segments, group) - customers
    if not view.too_few(left_out, customers + left_out):
        st.caption(f"Less {figures.count(left_out)} whose certainty is under {figures.share(UNSURE, 0)}.")
    return Chosen(audience, view, table, customers, left_out)


def _without_unsure(view: View) -> View:
    """The view without customers who are unsure of their segment, where the analyst leaves them out."""
    if view.filters.get(SURE):  # the filter says whom
        return view
    often = f"more than {figures.share(1 - UNSURE, 0)}"
    why = view.why_no_certainty
    leave_out = st.toggle(
        "Leave out unsure customers", key="audience_sure", disabled=bool(why), **IN_LINK,
        help=escape_markdown(why or f"Whose segment is another one in {often} of refits on resamples."),
    )  # fmt: skip
    return view.without_unsure() if leave_out and not why else view


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
