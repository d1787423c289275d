"""What the analyst has set in a session: as a snapshot for undo, and as the state that a project and a link keep."""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from core.project import State
from core.schema import FILTERS
from core.segments.choose_k import DEFAULT_K
from core.segments.registry import AUTO
from core.segments.scale import Scaling
from core.visuals.clicks import from_text
from core.visuals.registry import options
from pages import PAGES, TITLE
from pages.components import checked, clicks, decisions, measures, profiles, remarks, scenarios, segment_inputs
from pages.components.link import FILTER, MORE, MOST, WAITING, filter_key, filter_keys
from pages.components.origin import GONE, ORIGIN
from pages.components.session_cache import PROJECT_MODEL

BOOKMARKS: Final = "bookmarks"  # session state: the named views
SCALINGS: Final[tuple[Scaling, ...]] = ("log", "robust")
# Session state that can be undone → what a step is called that changes it.
WIDGETS: Final = {
    "k": "Number of segments",
    "method": "Method",
    "features": "Features",
    **dict.fromkeys(SCALINGS, "Scaling of features"),
    "outliers": "Outliers",
    "as_of": "Day of the ages",
    **dict.fromkeys(("min_valuation", "measure", "min_measure", "max_measure"), "Rule of mass affluent"),
    "below_age": "Rule of high potential",
    "numbers": "How numbers are written",
    "value": "Value measure",
    MORE: "Choice of filters",
    **{key: option.label for key, option in options().items()},
}
STORED: Final = {
    clicks.CLICKS: "Click",
    profiles.NAMES: "Name of a segment",
    measures.STORED: "Measures",
    scenarios.STORED: "Scenarios",
    remarks.STORED: "Note",
    segment_inputs.STORED: "Inputs by segment",
    decisions.CHOICES: "How the files are read",
    decisions.RULES_FILE: "How the files are read",
    checked.CHECKED: "How the files are read",
    BOOKMARKS: "Named views",
    PROJECT_MODEL: "Saved model",
}
RUN_AGAIN: Final = "run again to write the address"  # session state
UNWRITTEN: Final = "set before it was drawn"  # session state: widget's key → value
OPENED: Final = "project opened"  # session state: the project that was opened last
# They change with others of these, and are no step themselves.
FOLLOW: Final = (clicks.SEGMENTS, WAITING, ORIGIN, GONE, OPENED)
_ask_again = st.components.v2.component(
    "run_again", js='export default ({ setTriggerValue }) => { setTriggerValue("again", true); }'
)


def snapshot() -> dict[str, Any]:
    """The values that can be undone, those that are there."""
    state = st.session_state.to_dict()  # one by one they take several times as long
    found = {key: state[key] for key in (*WIDGETS, *STORED, *FOLLOW, *filter_keys(state)) if key in state}
    found[WAITING] = {key: list(values) for key, values in state.get(WAITING, {}).items() if values}
    return found


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What a step from one snapshot to the next is called. A widget that was not drawn before is no change."""
    changed = [key for key in dict.fromkeys([*now, *before]) if key not in FOLLOW and _differs(key, before, now)]
    return list(dict.fromkeys((WIDGETS | STORED).get(key, "Filter") for key in changed))


def restore(values: Mapping[str, Any]) -> None:
    """Set the session to a snapshot; before any of its widgets is drawn."""
    state = st.session_state
    for key in STORED:
        if key not in values:
            state.pop(key, None)
    state.update({key: [] for key in filter_keys() if key not in values and key != MORE} | dict(values))


def state_now() -> State:
    """What is on the screen."""
    get = st.session_state.get
    filters = {_column(key): tuple(get(key) or ()) for key in filter_keys() if key != MORE}
    return State(
        next((name for name, (title, *_) in PAGES.items() if title == get(TITLE)), ""),
        get("k", DEFAULT_K),
        get("method") or AUTO,
        tuple(get("features", ())),
        {name: scaling for scaling in SCALINGS for name in get(scaling, ())},
        get("outliers", False),
        get("value") or "",
        {column: values for column, values in filters.items() if values},
        tuple(get(MORE, ())),
        tuple(click.text for click in get(clicks.CLICKS, ())),
        get(clicks.SEGMENTS) or "",
        {key: picked for key in options() if (picked := get(key))},
    )


def set_inputs(values: Mapping[str, Any]) -> None:
    """Set widgets before any of them is drawn, also those that are drawn for the first time later."""
    st.session_state.update(values)
    st.session_state.update({UNWRITTEN: st.session_state.get(UNWRITTEN, {}) | dict(values), RUN_AGAIN: True})


def write_into_address() -> None:
    """Before widgets are drawn, write into the address what was set before they were drawn for the first time.

    Streamlit writes a value that the program sets only if the widget was there in the run before (`run_again`). Without
    it, a link and a reload would lack the value.
    """
    state = st.session_state
    state[UNWRITTEN] = {
        key: value
        for key, value in state.get(UNWRITTEN, {}).items()
        if value and key not in st.query_params and state.get(key) == value
    }
    state.update(state[UNWRITTEN])


def run_again() -> None:
    """Once after `set_inputs`, have the browser ask for another run: one that the server starts knows no run before."""
    if st.session_state.pop(RUN_AGAIN, False):
        _ask_again(key="run_again", on_again_change=lambda: None)


def set_state(state: State) -> None:
    """Show a state, but for its page; before any of its widgets is drawn.

    Values that the data lack wait, as those of a link do, and a filter has no more. What is picked may name any key of
    the session: only those of options are set.
    """
    keys = {filter_key(column): list(values[:MOST]) for column, values in [*state.filters.items()][:MOST]}
    picks = {key: value for key, value in state.picks.items() if key in options()}
    st.session_state.update({key: [] for key in filter_keys()} | {WAITING: {}})
    set_inputs(
        keys
        | {MORE: list(state.more_filters[:MOST])}
        | {"k": state.k, "features": list(state.features), "outliers": state.outliers}
        | {kind: [name for name, scaling in state.scaling.items() if scaling == kind] for kind in SCALINGS}
        | {key: value for key, value in (("value", state.value), *picks.items()) if value}
        | {"method": state.method}
    )
    clicked = tuple(click for text in state.clicks[:MOST] if (click := from_text(text)))
    st.session_state.update({clicks.CLICKS: clicked, clicks.SEGMENTS: state.clicked_in or None, clicks.FITTED: False})


def _differs(key: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    if key in WIDGETS:
        return key in before and key in now and before[key] != now[key]
    return (before.get(key) or None) != (now.get(key) or None)  # an empty list or table is as none


def _column(key: str) -> str:
    return key if key in FILTERS else key.removeprefix(FILTER)
