"""The question whose answer lets the app read a refused file."""

from collections.abc import Callable

import streamlit as st

from core.errors import (
    AmbiguousDatesError,
    AmbiguousNumbersError,
    DataError,
    UnjoinableTablesError,
    UnknownColumnsError,
    UnknownSheetError,
)
from core.intake.roles import label_of
from core.schema import normalise
from pages.components.decisions import current_intake, decide
from pages.components.intake import ROLES
from pages.components.reading import take_back_button
from pages.components.source import load_error
from pages.components.text import escape_markdown

ORDERS = {"day_first": "Day first (31/12)", "month_first": "Month first (12/31)"}
DECIMALS = {"comma": "Thousands: decimal comma", "point": "Decimals: decimal point"}


def question() -> bool:
    """Ask the question that the last upload's error leaves open, and offer to take back decisions that led to it.

    Returns whether there was a question.
    """
    if (error := load_error()) is None:
        return False
    ask = QUESTIONS.get(type(error))
    asks = bool(ask) and (bool(error.choices) or ask in (_date_order, _decimal_mark))
    if ask and asks:
        with st.container(border=True):
            column = f", column “{error.column}”" if error.column else ""
            st.markdown(f"**{escape_markdown(error.file + column)}**: {escape_markdown(error.found)}")
            ask(error)
    take_back_button("question")
    return asks


def _date_order(_: DataError) -> None:
    for order, label in ORDERS.items():
        st.button(label, key=f"answer {order}", on_click=decide, kwargs={"date_order": order}, width="stretch")


def _decimal_mark(_: DataError) -> None:
    for mark, label in DECIMALS.items():
        st.button(label, key=f"answer {mark}", on_click=decide, kwargs={"decimal_mark": mark}, width="stretch")


def _role(error: DataError) -> None:
    header = st.selectbox("Column", error.choices, key="answer column")
    role = st.selectbox("What it is", [label_of(""), *(label for label in ROLES if ROLES[label])], key="answer role")
    chosen = {**current_intake().columns, normalise(header): ROLES[role]}
    st.button("Use it", type="primary", disabled=not ROLES[role], on_click=decide, kwargs={"columns": chosen})


def _sheets(error: DataError) -> None:
    sheets = st.multiselect("Sheets to use", error.choices, key="answer sheets")
    st.button(
        "Use these sheets", type="primary", disabled=not sheets, on_click=decide, kwargs={"sheets": tuple(sheets)}
    )


QUESTIONS: dict[type[DataError], Callable[[DataError], None]] = {
    AmbiguousDatesError: _date_order,
    AmbiguousNumbersError: _decimal_mark,
    UnknownColumnsError: _role,
    UnjoinableTablesError: _sheets,
    UnknownSheetError: _sheets,
}
