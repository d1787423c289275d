"""The fair-targeting panel: whom the simulation's audience selects, by age group, gender and the like."""

from collections.abc import Mapping

import streamlit as st

from core.categories import protected
from core.strategy.audience import Audience
from core.strategy.fairness import PROTECTED, Rates, describe, rates, selected, warnings
from core.views import campaigns
from pages.components import cards
from pages.components.text import escape_markdown
from pages.components.view import View


def selection_rates(view: View, audience: Audience) -> dict[str, Rates]:
    """The selection rates by each protected field that the data has."""
    fields = fields_of(view)
    counts = {field: view.table(selected, view.study.rules, audience, field, needs=[field]) for field in fields}
    return {field: rates(table, field, fields[field]) for field, table in counts.items() if table is not None}


def fields_of(view: View) -> dict[str, str]:
    """The protected fields of the data with their labels: age group, gender, and columns whose header names one."""
    return PROTECTED | {
        name: text for name, text in protected(view.study.columns).items() if name in view.study.categories
    }


def warn(view: View, audience: Audience, by_field: Mapping[str, Rates]) -> None:
    """A warning where a protected field drives the audience."""
    features, filters = view.segments.features, view.filters
    for sentence in warnings(audience, view.study.rules, tuple(by_field.values()), features=features, filters=filters):
        st.warning(escape_markdown(sentence), icon=":material/balance:")


def fairness_panel(view: View, audience: Audience, by_field: Mapping[str, Rates]) -> None:
    """A chart per field, and its ratio."""
    st.caption(
        "The share of each group that the audience selects, of those of whom it is known, with its 95% interval. "
        "A report, not a legal verdict."
    )
    there = {field: name for field, name in fields_of(view).items() if view.has(field)}
    with st.grid(2, min_column_width=300):
        for field, name in there.items():
            field_rates = by_field.get(field)
            cards.chart(
                f"Selection rate by {name}",
                campaigns.selection_rates(field_rates.table) if field_rates else None,
                f"Selection rate by {name}, with intervals",
                note=describe(field_rates) if field_rates else "",
                missing=f"No {name} with enough customers."
                if field_rates
                else view.why_not(selected, view.study.rules, audience, field),
            )
    if lacking := [name for field, name in fields_of(view).items() if field not in there]:
        st.caption(f"The data has no {' and no '.join(lacking)}: if it has, choose the column on the Data page.")
