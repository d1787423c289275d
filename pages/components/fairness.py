"""The fair-targeting panel: whom the simulation's audience selects, by age group and by gender."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.strategy.audience import Audience
from core.strategy.fairness import PROTECTED, describe, rates, selected, warnings
from core.views import campaigns
from pages.components import cards
from pages.components.text import plain
from pages.components.view import View


def fairness_panel(view: View, audience: Audience, warned: DeltaGenerator) -> None:
    """A chart a field, its ratio, and in `warned` a warning where the field drives the audience."""
    st.caption(
        "The share of each group that the audience selects, of those of whom it is known, with its 95% interval "
        "(Wilson). A report, not a legal verdict."
    )
    rules = view.study.rules
    counts = {field: view.table(selected, rules, audience, field, needs=[field]) for field in PROTECTED}
    found = {field: rates(table, field) for field, table in counts.items() if table is not None}
    for sentence in warnings(
        audience, rules, tuple(found.values()), features=view.segments.features, filters=view.filters
    ):
        warned.warning(plain(sentence), icon=":material/balance:")
    for column, (field, name) in zip(st.columns(len(PROTECTED)), PROTECTED.items(), strict=True):
        one = found.get(field)
        with column:
            cards.chart(
                f"Selection rate by {name}",
                campaigns.selection_rates(one.table) if one else None,
                f"Selection rate by {name}, with intervals",
                note=describe(one) if one else "",
                missing=f"No {name} with enough customers."
                if one
                else view.why_not(selected, rules, audience, field) or f"The data has no {name}.",
            )
