"""What the analyst decided about reading files, and what else belongs to the data it was said of.

An answer or a correction applies to the content it was given for, and to no other. A rules file that the analyst
loads applies to all files until it is taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from core.rules import Intake

CHOICES, RULES_FILE, KEPT = "choices", "rules file in use", "kept for other data"
# What the analyst can decide about reading in a form → as it is where nothing is decided.
READING = {
    name: getattr(Intake(), name)
    for name in ("encoding", "delimiter", "header_row", "sheets", "decimal_mark", "country")
}
FORM = tuple(f"reading {name}" for name in READING)
ANSWERS = ("answer column", "answer role", "answer sheets")
# Session state that belongs to the files dropped, and what it is for others; None: it is not there.
OF_FILES = dict.fromkeys((CHOICES, *FORM, *ANSWERS))


@dataclass(frozen=True)
class RulesFile:
    """A rules file that was loaded: its name, and what it says about reading."""

    name: str
    intake: Intake


def current_intake() -> Intake:
    """How to read the files: by the rules file in use, and by what was decided for these very files."""
    used, own = _base(), own_choices()
    return replace(used, **own | {"columns": used.columns | own.get("columns", {})})


def own_choices() -> dict[str, Any]:
    """What was decided for these very files, by the name of its field in `Intake`; of roles those of its own."""
    return st.session_state.get(CHOICES, {})


def decide(**choices: Any) -> None:
    """Keep decisions on the files dropped; a callback, so that they are read so in the run that follows.

    Raises
    ------
    RulesError
        One of them cannot be; all stay as they were.
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
    _fill_in_anew()


def take_back() -> None:
    """Let the app, or the rules file in use, decide again how these files are read; a callback."""
    st.session_state[CHOICES] = {name: value for name, value in own_choices().items() if name not in READING}
    _fill_in_anew()


def rules_file() -> RulesFile | None:
    """The rules file in use."""
    return st.session_state.get(RULES_FILE)


def use_rules_file(used: RulesFile | None) -> None:
    """Read these files and the next ones by a rules file, or no longer; it goes before what was decided so far."""
    st.session_state[RULES_FILE] = used
    if used:
        st.session_state.pop(CHOICES, None)
    _fill_in_anew()


def belong(what: str, content: str, keys: Mapping[str, Any]) -> None:
    """Let values of the session go with the content they were given for, and come back with it.

    Parameters
    ----------
    what : str
        A name for these values.
    content : str
        What identifies the data they belong to now.
    keys : mapping of str
        Key in the session state → the value for other content; None: it is not there.
    """
    before = st.session_state.get(f"{what} of")
    st.session_state[f"{what} of"] = content
    if before in (None, content):
        return
    state, kept = st.session_state, st.session_state.setdefault(KEPT, {})
    if held := {key: state[key] for key in keys if key in state}:
        kept[what, before] = held
    for key, value in {**keys, **kept.get((what, content), {})}.items():
        if value is None:
            state.pop(key, None)
        else:
            state[key] = value


def _base() -> Intake:
    used = rules_file()
    return used.intake if used else Intake()


def _fill_in_anew() -> None:
    for name in FORM:
        st.session_state.pop(name, None)
