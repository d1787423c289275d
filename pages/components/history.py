"""Undo and redo: the snapshots of this session, a step each, and the number of the step in the address.

A new number is a new entry in the browser's history, so its back and forward buttons undo and redo, too.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.components.link import IN_LINK, STEP
from pages.components.settings import changes, restore, snapshot

HISTORY: Final = "history"  # session state
MOST: Final = 50  # steps that are kept
MOST_STEP: Final = 10**6  # beyond what anyone does in a session


@dataclass
class History:
    """What was set at each step.

    `snapshots` and `titles` are by step; a step keeps its number, also when another one takes its place in `line`,
    which undo and redo follow. `at` is the place of the present step in it. `data` is the identity of the customers.
    """

    data: str
    snapshots: dict[int, dict[str, Any]]
    line: list[int]
    at: int = 0
    titles: dict[int, str] = field(default_factory=dict)
    restored: bool = False

    @property
    def step(self) -> int:
        """The number of the present step."""
        return self.line[self.at]

    def add(self, values: dict[str, Any], title: str) -> None:
        """A new step after the present one, in place of those that were undone."""
        step = max(self.snapshots) + 1
        self.snapshots[step], self.titles[step] = values, title
        self.line = [*self.line[: self.at + 1], step][-MOST:]
        self.at = len(self.line) - 1
        for old in [old for old in self.snapshots if old <= step - 2 * MOST and old not in self.line]:
            del self.snapshots[old]
            self.titles.pop(old, None)

    def go(self, step: int) -> bool:
        """Go to a step, if it is known."""
        if step not in self.snapshots or step == self.step:
            return False
        if step not in self.line:  # it was undone, and another one took its place
            self.line = [*self.line, step][-MOST:]
        self.at, self.restored = self.line.index(step), True
        restore(self.snapshots[step])
        return True


def follow_browser() -> None:
    """Go to the step that the browser's back or forward button has led to; before any widget is drawn."""
    history: History | None = st.session_state.get(HISTORY)
    context = get_script_run_ctx()
    if history and context and context.is_history_navigation and history.go(_step_in_address()):
        st.rerun()  # in this run, the address would win over what was restored


def record(data: str) -> None:
    """Store a step if anything was changed; once the sidebar is drawn. `data` is the identity of the customers, if any.

    Other customers begin anew: their columns, filters and segments are others.
    """
    history: History | None = st.session_state.get(HISTORY)
    now = snapshot()
    if history is None or (data and history.data and data != history.data):
        first = max(history.snapshots) + 1 if history else _step_in_address()
        st.session_state[HISTORY] = History(data, {first: now}, [first])
        return
    history.data = data or history.data
    before, restored = history.snapshots[history.step], history.restored
    history.restored = False
    changed = [] if restored else changes(before, now)
    if changed:
        history.add(now, ", ".join(changed))
    else:  # what was restored may lack values by now
        history.snapshots[history.step] = before | now


def complete() -> None:
    """Add the values of widgets that the page has drawn for the first time to the present step."""
    if history := st.session_state.get(HISTORY):
        history.snapshots[history.step] = snapshot() | history.snapshots[history.step]


def history_buttons(place: DeltaGenerator) -> None:
    """Undo and redo."""
    history: History = st.session_state[HISTORY]
    line, at = history.line, history.at
    undone = history.titles.get(history.step, "") if at else ""
    redone = history.titles.get(line[at + 1], "") if at + 1 < len(line) else ""
    with place.container(horizontal=True, gap="small"):
        for label, icon, by, title in (("Undo", "undo", -1, undone), ("Redo", "redo", 1, redone)):
            st.button(
                label, icon=f":material/{icon}:", key=label.lower(), on_click=_move, args=(by,), width="stretch",
                disabled=not 0 <= at + by < len(line), help=f"{label}: {title}" if title else None,
            )  # fmt: skip


def step_number() -> None:
    """The number of the step, which stands in the address.

    Nobody can change it here: a browser that has not heard of the present step yet sends the former number with the
    next thing that is set, which would look like a wish to go back there. What a disabled input sends is not used.
    """
    history: History = st.session_state[HISTORY]
    st.session_state[STEP] = history.step
    st.number_input(
        "Step", 0, MOST_STEP, 0, key=STEP, disabled=True, **IN_LINK,
        help="Each change of filters, clicks, segments, names and settings is a step. The back button of the browser "
        "goes to the step before, too.",
    )  # fmt: skip


def _move(by: int) -> None:
    history: History = st.session_state[HISTORY]
    history.go(history.line[history.at + by])


def _step_in_address() -> int:
    text = st.query_params.get(STEP, "0")
    return min(int(text[:9]), MOST_STEP) if text.isascii() and text.isdecimal() else 0
