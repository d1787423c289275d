"""The fair-targeting panel: whom the simulation's audience selects, by age group and by gender."""

from collections.abc import Mapping

import streamlit as st

from core.strategy.audience import Audience
from core.strategy.fairness import PROTECTED, Rates, describe, rates, selected, warnings
from core.views import campaigns
from pages.components import cards
from pages.components.text import escape_markdown
from pages.components.view import View


def selection_rates(view: View, audience: Audience) -> dict[str, Rates]:
    """The selection rates by each protected field that the data has."""
    counts = {field: view.table(selected, view.study.rules, audience, field, needs=[field]) for field in PROTECTED}
    return {field: rates(table, field) for field, table in counts.items() if table is not None}


def warn(view: View, audience: Audience, by_field: Mapping[str, Rates]) -> None:
    """A warning where a protected field drives the audience."""
    features, filters = view.segments.features, view.filters
    for sentence in warnings(audience, view.study.rules, tuple(by_field.values()), features=features, filters=filters):
        st.warning(escape_markdown(sentence), icon=":material/balance:")


def fairness_panel(view: View, audience: Audience, by_field: Mapping[str, Rates]) -> None:
    """A chart per field, and its ratio."""
    st.caption(
        "The share of each group that the audience selects, of those of whom it is known, with its 95% interval "
        "(Wilson). A report, not a legal verdict."
    )
    for column, (field, name) in zip(st.columns(len(PROTECTED)), PROTECTED.items(), strict=True):
        field_rates = by_field.get(field)
        with column:
            cards.chart(
                f"Selection rate by {name}",
                campaigns.selection_rates(field_rates.table) if field_rates else None,
                f"Selection rate by {name}, with intervals",
                note=describe(field_rates) if field_rates else "",
                missing=f"No {name} with enough customers."
                if field_rates
                else view.why_not(selected, view.study.rules, audience, field) or f"The data has no {name}.",
            )
