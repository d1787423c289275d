"""The form to read files differently than the app decided, and the buttons that undo it."""

from typing import Any, get_args

import streamlit as st

from core.encodings import OFFERED
from core.errors import DataError
from core.rules import DecimalMark
from pages.components.country import country_names
from pages.components.decisions import (
    READING,
    current_intake,
    decide,
    own_choices,
    rules_file,
    take_back,
    use_rules_file,
)
from pages.components.text import escape_markdown
from pages.components.understood import currency_names

READ_MESSAGE = "reading message"
ENCODINGS = ("", *OFFERED)
MARKS = {"auto": "Decide per column", "point": "Point (1,234.5)", "comma": "Comma (1.234,5)"}


def read_differently(sheets: tuple[str, ...] = ()) -> None:
    """The form to decide how the files are read; `sheets` are those of their workbooks."""
    if message := st.session_state.pop(READ_MESSAGE, ""):
        st.error(escape_markdown(message), icon=":material/error:")
    with st.expander("Read it differently", icon=":material/edit:"), st.form("reading", border=False):
        _reading_form(sheets)


def take_back_button(place: str) -> None:
    """Buttons that undo the decisions of the analyst or of a rules file on how files are read, if there are any."""
    if READING.keys() & own_choices().keys():
        st.button("Take back how files are read", icon=":material/undo:", key=f"take back {place}", on_click=take_back)
    if used := rules_file():
        st.caption(escape_markdown(f"{used.name} says how these files, and the next ones, are read."))
        st.button(
            escape_markdown(f"Take back {used.name}"), icon=":material/undo:", key=f"take back rules {place}",
            on_click=use_rules_file, args=(None,),
        )  # fmt: skip


def _reading_form(sheets: tuple[str, ...]) -> None:
    _fill_in(sheets)
    encoding, delimiter, header = st.columns(3)
    mark, country, currency = st.columns(3)
    encoding.selectbox("Encoding", ENCODINGS, key="reading encoding", format_func=lambda name: name or "Decide")
    delimiter.text_input(
        "Delimiter", max_chars=3, key="reading delimiter", placeholder="Decide", help="One character, or “tab”."
    )
    header.number_input(
        "Header in line", -1, 1_000_000, key="reading header_row", help="0: decide. -1: there is no header."
    )
    mark.selectbox("Decimal mark", get_args(DecimalMark), key="reading decimal_mark", format_func=MARKS.get)
    names = country_names()
    country.selectbox("Country", names, key="reading country", format_func=names.get)
    money = currency_names()
    currency.selectbox("Currency", money, key="reading currency", format_func=money.get)
    if len(sheets) > 1:
        st.multiselect("Sheets", sheets, key="reading sheets", placeholder="All that hold a table")
    st.form_submit_button("Read again", icon=":material/refresh:", on_click=_read_again)


def _fill_in(sheets: tuple[str, ...]) -> None:
    """Fill the form's boxes with the decisions, without sheets of another workbook."""
    intake = current_intake()
    for name in READING:
        st.session_state.setdefault(f"reading {name}", getattr(intake, name))
    st.session_state["reading delimiter"] = st.session_state["reading delimiter"].replace("\t", "tab")
    st.session_state["reading sheets"] = [sheet for sheet in st.session_state["reading sheets"] if sheet in sheets]


def blank_form() -> dict[str, Any]:
    """The boxes of the form by key, with their values where nothing is decided."""
    return {f"reading {name}": default for name, default in READING.items()} | {"reading sheets": []}


def _read_again() -> None:
    chosen = {name: st.session_state[f"reading {name}"] for name in READING}
    typed = chosen["delimiter"]
    try:
        decide(
            **chosen | {"delimiter": "\t" if typed.casefold() == "tab" else typed, "sheets": tuple(chosen["sheets"])}
        )
    except DataError as error:
        st.session_state[READ_MESSAGE] = str(error)
