"""The analyst's decisions on reading files, and other values of the session that belong to certain data.

A decision applies only to the content it was made for. A rules file that the analyst loads applies to all files until
it is taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.rules import Intake

CHOICES, RULES_FILE, KEPT = "choices", "rules file in use", "kept for other data"
# Field of the form for reading → its value where nothing is decided.
READING = {
    name: getattr(Intake(), name)
    for name in ("encoding", "delimiter", "header_row", "sheets", "decimal_mark", "country", "currency")
}
FORM = tuple(f"reading {name}" for name in READING)
ANSWERS = ("answer column", "answer role", "answer sheets")
# Session state that belongs to the uploaded files → its value for other files; None: it is removed.
OF_FILES = dict.fromkeys((CHOICES, *FORM, *ANSWERS))


@dataclass(frozen=True)
class RulesFile:
    """A rules file that was loaded: its name, what it says about reading, and which files were read right."""

    name: str
    intake: Intake
    checked: tuple[str, ...] = ()


def current_intake() -> Intake:
    """How to read the files: by the rules file in use, and by the decisions on these very files."""
    base, own = _base(), own_choices()
    return replace(base, **own | {"columns": base.columns | own.get("columns", {})})


def own_choices() -> dict[str, Any]:
    """The decisions on these very files by field of `Intake`; roles only where they differ from the rules file."""
    return st.session_state.get(CHOICES, {})


def decide(**choices: Any) -> None:
    """Store decisions on the uploaded files; as a callback, so that the next run reads them accordingly.

    Raises
    ------
    RulesError
        A decision is invalid; then none is stored.
    """
    base = _base()
    replace(base, **choices)
    if "columns" in choices:
        roles = choices["columns"].items()
        choices["columns"] = {header: role for header, role in roles if base.columns.get(header) != role}
    chosen = own_choices() | choices
    st.session_state[CHOICES] = {
        name: value for name, value in chosen.items() if value not in ({}, getattr(base, name))
    }
    _reset_form()


def take_back() -> None:
    """Let the app, or the rules file in use, decide again how these files are read; a callback."""
    st.session_state[CHOICES] = {name: value for name, value in own_choices().items() if name not in READING}
    _reset_form()


def rules_file() -> RulesFile | None:
    """The rules file in use."""
    return st.session_state.get(RULES_FILE)


def use_rules_file(used: RulesFile | None) -> None:
    """Use a rules file for these files and the next ones, or none; it replaces the decisions made so far."""
    st.session_state[RULES_FILE] = used
    if used:
        st.session_state.pop(CHOICES, None)
    _reset_form()


def belong(what: str, content: str, keys: Mapping[str, Any]) -> None:
    """Keep values of the session with their content: they are removed for other content, and restored with their own.

    Parameters
    ----------
    what : str
        A name for these values.
    content : str
        What identifies the data they belong to now.
    keys : mapping of str
        Key in the session state → the value for other content; None: it is removed.
    """
    before = st.session_state.get(f"{what} of")
    st.session_state[f"{what} of"] = content
    if before in (None, content):
        return
    state, stored = st.session_state, st.session_state.setdefault(KEPT, {})
    if held := {key: state[key] for key in keys if key in state}:
        stored[what, before] = held
    for key, value in {**keys, **stored.get((what, content), {})}.items():
        if value is None:
            state.pop(key, None)
        else:
            state[key] = value


def _base() -> Intake:
    used = rules_file()
    return used.intake if used else Intake()


def _reset_form() -> None:
    for name in FORM:
        st.session_state.pop(name, None)
