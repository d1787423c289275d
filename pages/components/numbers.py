"""The sidebar's choice of how numbers are written."""

from typing import get_args

import streamlit as st

from core.number_style import AUTO, Numbers, examples
from pages.components.link import IN_LINK

KEY = "numbers"


def number_style() -> str:
    """How numbers are written on pages, charts and in the report: one of `Numbers`."""
    labels = {AUTO: "By the currency"} | examples()
    return st.selectbox(
        "Numbers", get_args(Numbers), key=KEY, format_func=labels.get, **IN_LINK,
        help="How numbers are written on pages, in charts and in the report. Other downloads have plain numbers. "
        "By the currency: 1,234,567.89, and 12,34,567.89 for rupees.",
    )  # fmt: skip
