"""The marks clicked in this session: read from the address, changed by clicks and chips, written back."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from core.customer_base import CustomerBase
from core.segments.profile import Segments
from core.views.charts import label
from core.views.clickable import ADD, EVENTS
from core.visuals.bands import widths_of
from core.visuals.clicks import Click, after, describe, from_text, is_known
from core.visuals.registry import SEGMENT_FILTER
from pages.components.link import values_of

CLICKS, SEGMENTS, FITTED, TURNS, FILTERED_SEGMENTS = (
    "clicks",
    "clicks' segments",
    "clicks fitted",
    "turns",
    "filtered segments",
)
IN_ADDRESS = {"clicks": "click", "segments": "segments"}  # query parameters


def current_clicks(study: CustomerBase, segments: Segments) -> tuple[tuple[Click, ...], tuple[Click, ...]]:
    """The clicks that filter, and those whose values the data or the segments lack; both are written to the address.

    A click on segment 2 means nothing among other segments. It is dropped when the segments change. If it came by a
    link, it waits, since the visitor may still upload the file that it was made on.
    """
    clicks, current = _stored_clicks(), fingerprint(study, segments)
    if st.session_state[SEGMENTS] is None:  # an address typed by hand means the current segments
        st.session_state[SEGMENTS] = current
    fits = st.session_state[SEGMENTS] == current
    if not fits and st.session_state.get(FITTED):
        clicks = st.session_state[CLICKS] = tuple(click for click in clicks if not click.by_segment)
    st.session_state[FITTED] = fits
    _write_address(clicks)
    cells, widths = study.cells(segments), partial(widths_of, study)
    usable = {
        click for click in clicks if (fits or not click.by_segment) and is_known(click, cells, segments.names, widths)
    }
    return tuple(click for click in clicks if click in usable), tuple(click for click in clicks if click not in usable)


def segment_filter(study: CustomerBase, segments: Segments) -> None:
    """The filter of segments. It is kept as clicks, so links and chips treat both alike."""
    clicks, _ = current_clicks(study, segments)
    st.session_state[FILTERED_SEGMENTS] = [click.values[0] for click in clicks if click.visual == SEGMENT_FILTER]
    st.multiselect(
        "Segment", [*segments.names], key=FILTERED_SEGMENTS,
        format_func=lambda segment: label(segment, segments.names),
        placeholder="All", select_all=False, on_change=_filter_segments, args=(fingerprint(study, segments),),
    )  # fmt: skip


def fingerprint(study: CustomerBase, segments: Segments) -> str:
    """Eight characters that identify the customers and their assignment to segments."""
    return hashlib.sha256(f"{study.identity} {segments.digest}".encode()).hexdigest()[:8]


def listen(visual: str, segments: str, marks: Mapping[str, Mapping[str, str]], column: str = "") -> dict[str, Any]:
    """The arguments by which `st.altair_chart` reports clicks on a visual, made among `segments` (a fingerprint).

    `marks` maps each field that identifies a mark, in the order of the visual's columns, to a mapping of shown text →
    value in the data. A text that it does not list is the value itself. `column` is the one that the visual shows in
    place of the usual one, if it does (`Click.column`).
    """
    return _arguments(visual, column, _clicked, visual, segments, marks, column)


def listen_on_map(visual: str, column: str) -> dict[str, Any]:
    """The arguments by which `st.pydeck_chart` reports clicks on a state, or on a region in it.

    The key stays the same, so the map keeps its zoom. The deck drops its selection when `turn` changes. `column` is as
    in `listen`.
    """
    return {"key": visual, "on_select": partial(_clicked_on_map, visual, column)}


def listen_in_table(
    visual: str, marks: Sequence[tuple[str, ...]], own: Sequence[Click], column: str
) -> dict[str, Any]:  # fmt: skip
    """The arguments by which `st.dataframe` reports the rows that are selected, and shows those `own` clicks select.

    `marks` has the values of each row, nothing for one that cannot be clicked; `column` as in `listen`.
    """
    key, clicked = f"{visual} rows", {click.values for click in own}
    rows = [number for number, values in enumerate(marks) if values in clicked]
    st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    return {"key": key, "on_select": partial(_selected_in_table, key, visual, marks, column)}


def turn(visual: str) -> int:
    """How often a visual was clicked."""
    return st.session_state.get(TURNS, {}).get(visual, 0)


def remove_clicks(description: str) -> None:
    """Remove the clicks with this description from all visuals; a callback."""
    st.session_state[CLICKS] = tuple(click for click in st.session_state[CLICKS] if describe(click) != description)


def remove_all_clicks() -> None:
    """Remove all clicks; a callback."""
    st.session_state[CLICKS] = ()


def remove_clicks_on(visual: str) -> None:
    """Remove the clicks on a visual, which is to show another column; a callback."""
    st.session_state[CLICKS] = tuple(click for click in st.session_state.get(CLICKS, ()) if click.visual != visual)


def _stored_clicks() -> tuple[Click, ...]:
    if CLICKS not in st.session_state:
        from_address = map(from_text, values_of(IN_ADDRESS["clicks"]))
        st.session_state[CLICKS] = tuple(dict.fromkeys(click for click in from_address if click))
        st.session_state[SEGMENTS] = st.query_params.get(IN_ADDRESS["segments"])
    return st.session_state[CLICKS]


def _write_address(clicks: tuple[Click, ...]) -> None:
    by_segment = any(click.by_segment for click in clicks)
    values = {
        "clicks": [click.text for click in clicks],
        "segments": [st.session_state[SEGMENTS]] if by_segment else [],
    }
    for what, name in IN_ADDRESS.items():
        if not values[what]:
            st.query_params.pop(name, None)
    changed = {name: values[what] for what, name in IN_ADDRESS.items() if st.query_params.get_all(name) != values[what]}
    if changed:
        st.query_params.update(changed)  # at once: each change is an entry in the browser's history


def _arguments(visual: str, column: str, handle: Any, *arguments: Any) -> dict[str, Any]:
    # A chart drops its selection only under another key. Then it reports a click on the same mark again.
    key = f"{visual} {turn(visual)} {column}".rstrip()
    return {"key": key, "on_select": partial(handle, key, *arguments)}


def _filter_segments(segments: str) -> None:
    st.session_state[CLICKS] = tuple(click for click in st.session_state[CLICKS] if click.visual != SEGMENT_FILTER)
    for cluster in st.session_state[FILTERED_SEGMENTS]:
        _add(Click(SEGMENT_FILTER, (cluster,)), more=True, segments=segments)


def _clicked(key: str, visual: str, segments: str, marks: Mapping[str, Mapping[str, str]], column: str) -> None:
    selection = st.session_state[key]["selection"]
    for name in EVENTS:
        for mark in selection.get(name) or ():
            values = tuple(known.get(str(mark[field]), str(mark[field])) for field, known in marks.items())
            _add(Click(visual, values, column), more=name == ADD, segments=segments)
    _count_turn(visual)


def _clicked_on_map(visual: str, column: str) -> None:
    for objects in st.session_state[visual]["selection"]["objects"].values():
        for item in objects:
            _add(Click(visual, (str((item.get("properties") or item)["state"]),), column), more=False)
            _count_turn(visual)


def _selected_in_table(key: str, visual: str, marks: Sequence[tuple[str, ...]], column: str) -> None:
    """The selected rows are the clicks on the table; those on rows that it does not show stay."""
    selected = [marks[row] for row in st.session_state[key]["selection"]["rows"] if row < len(marks)]
    stay = [old for old in st.session_state[CLICKS] if old.visual != visual or old.values not in marks]
    st.session_state[CLICKS] = (*stay, *(Click(visual, values, column) for values in selected if values))


def _add(click: Click, *, more: bool, segments: str = "") -> None:
    clicks = st.session_state[CLICKS]
    if click.by_segment and st.session_state[SEGMENTS] != segments:
        clicks = tuple(stored for stored in clicks if not stored.by_segment)
        st.session_state[SEGMENTS] = segments
    st.session_state[CLICKS] = after(clicks, click, more=more)


def _count_turn(visual: str) -> None:
    st.session_state[TURNS] = st.session_state.get(TURNS, {}) | {visual: turn(visual) + 1}
