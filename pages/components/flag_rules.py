"""The sidebar's inputs for the rules of mass affluence and high potential."""

from dataclasses import replace
from datetime import date
from typing import Final

import streamlit as st

from core.figures import exact, short
from core.rules import HighPotential, MassAffluent, Rules
from core.study import Study
from pages.components.checked import checked
from pages.components.link import IN_LINK, offer
from pages.components.trail import download_button

# What the inputs can hold.
DAYS: Final = date(1950, 1, 1), date(2099, 12, 31)
VALUATIONS: Final = 1, 12
AGES: Final = 18, 100


def flag_rules(rules: Rules, study: Study) -> Rules:
    """The rules with those of the flags. A number of the study can take the place of the wealth measure."""
    default, young = MassAffluent(), HighPotential()
    valuation = int(default.min_property_valuation)
    if study.wealth.by_segment and "property_valuation" in study.filled:  # else it tells nobody
        valuation = st.number_input(
            "Mass affluent: property valuation from", *VALUATIONS, valuation, key="min_valuation", **IN_LINK
        )
    numbers = (column.name for column in study.columns if column.kind == "number")
    measures = [default.measure, *numbers]
    offer("measure", measures, _as_label)
    measure = st.selectbox(
        "Wealth measure", measures, key="measure", format_func=_as_label, **IN_LINK,
        help="The number that stands for wealth where a file has no wealth segment. Auto: the best there is.",
    )  # fmt: skip
    low, high = (
        st.number_input(
            f"… {word}",
            None,
            None,
            None,
            10_000.0,
            format="%g",
            key=key,
            placeholder=_decided(decided),
            help=None if decided is None else f"In force: {exact(decided)}",
            **IN_LINK,
        )
        for word, decided, key in (
            ("from", study.wealth.low, "min_measure"),
            ("to below", study.wealth.high, "max_measure"),
        )
    )
    affluent = replace(default, min_property_valuation=valuation, measure=measure, min_measure=low, max_measure=high)
    age = st.number_input("High potential: younger than", *AGES, young.below_age, key="below_age", **IN_LINK)
    potential = replace(young, below_age=age)
    rules = replace(rules, mass_affluent=affluent, high_potential=potential, checked=checked())
    download_button(
        "Rules as TOML", rules.to_toml(), "rules.toml", "application/toml", on_click="ignore", type="tertiary"
    )
    return rules


def _decided(bound: float | None) -> str:
    return "None" if bound is None else f"Auto: {short(bound)}"


def _as_label(name: str) -> str:
    return name.replace("_", " ").capitalize()
