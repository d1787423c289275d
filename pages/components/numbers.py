"""The sidebar's choice of how numbers are written."""

from typing import get_args

import streamlit as st

from core.number_style import AUTO, Numbers, examples
from pages.components.decisions import belong
from pages.components.link import IN_LINK

KEY = "numbers"


def number_style(result: str = "", usual: str = AUTO) -> str:
    """How numbers are written on pages, charts and in the report: one of `Numbers`.

    An opened `result` (its identity) starts from the style of its rules, `usual`, unless the analyst has picked one.
    Once it is closed, the choice is again what it was.
    """
    st.session_state.setdefault(f"{KEY} of", "")
    picked = result and KEY in st.query_params
    belong(KEY, result, {KEY: st.session_state.get(KEY) if picked else usual})
    labels = {AUTO: "By the currency"} | examples()
    return st.selectbox(
        "Numbers", get_args(Numbers), key=KEY, format_func=labels.get, **IN_LINK,
        help="How numbers are written on pages, in charts and in the report. Other downloads have plain numbers. "
        "By the currency: 1,234,567.89, and 12,34,567.89 for rupees.",
    )  # fmt: skip
