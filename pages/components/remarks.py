"""The analyst's notes on visuals and segments: a button beside a title, the text below it."""

from collections.abc import Iterator, Sequence
from typing import Final

import streamlit as st

from core.errors import DataError
from core.project import names_key
from core.remarks import LONGEST, SEGMENT, Remark, of_segment, of_these, on, with_remark
from core.visuals.registry import VISUALS
from pages.components.text import escape_markdown
from pages.components.view import View

STORED: Final = "remarks"  # session state: the notes
PROBLEM: Final = "remark problem"  # session state: why a note was not kept
WRITE, WRITTEN = ":material/add_comment:", ":material/comment:"
HELP: Final = "Your note: it is kept in the project, and stands in the report and the workbook."


def stored() -> tuple[Remark, ...]:
    """All notes of the session."""
    return st.session_state.get(STORED, ())


def current_remarks(view: View) -> tuple[Remark, ...]:
    """The notes for the exports: those on other segments than the ones of now are left out."""
    return of_these(stored(), _made_of(view))


def on_segment(view: View, label: str) -> str:
    """What a note on a segment is of in this session."""
    return of_segment(label, _made_of(view))


def remark_button(of: str, label: str = "") -> None:
    """The button to write the note on something, with a label where no title stands beside it.

    Its text area is drawn only while it is open, which saves time.
    """
    text = on(stored(), of)
    icon = WRITTEN if text else WRITE
    with st.popover(
        f"{icon} {label}".strip(), type="tertiary", help=HELP, key=f"remark {of} box", on_change="rerun"
    ) as box:
        if box.open:
            key = f"remark {of} {text}"  # another one when the note changes by undo
            st.text_area("Note", text, max_chars=LONGEST, key=key, on_change=_store, args=(of, key), height=140)
            st.caption("Ctrl or ⌘ with Enter keeps it. Empty it to delete it.")
            if problem := st.session_state.pop(PROBLEM, ""):
                st.error(escape_markdown(problem))


def remark_text(of: str) -> None:
    """The note on something, if there is one."""
    if text := on(stored(), of):
        first, *more = (f":small[{escape_markdown(line)}]" if line.strip() else "" for line in text.splitlines())
        st.markdown("  \n".join([f":small[:material/comment:] {first}", *more]))


def remarks_elsewhere(view: View) -> None:
    """The notes on visuals that are not possible now, and on other segments: they are kept, and can be deleted."""
    for at, (what, one) in enumerate(_elsewhere(view, stored())):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f":material/comment: {escape_markdown(f'{what}: {one.text}')}")
            st.button(
                "Delete", icon=":material/delete:", key=f"delete_remark {at}", on_click=_put, args=(one.of, ""),
                type="tertiary",
            )  # fmt: skip


def _elsewhere(view: View, remarks: Sequence[Remark]) -> Iterator[tuple[str, Remark]]:
    here = of_segment("", _made_of(view)).removeprefix(SEGMENT)
    for one in remarks:
        if one.of.startswith(SEGMENT):
            if not one.of.endswith(here):
                yield "Note on a segment that is not made now", one
        elif one.of not in VISUALS or not VISUALS[one.of].is_possible(view):
            yield "Note on a chart that is not shown now", one


def _made_of(view: View) -> str:
    return names_key("" if view.saved else view.study.identity, view.segments)


def _store(of: str, key: str) -> None:
    _put(of, st.session_state[key])


def _put(of: str, text: str) -> None:
    try:
        st.session_state[STORED] = with_remark(stored(), of, text)
    except DataError as error:
        st.session_state[PROBLEM] = str(error)
