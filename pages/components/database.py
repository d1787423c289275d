"""The box of databases: a connection of the secrets, a table or query of it, its first rows, and the rows read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from core import figures
from core.databases.address import Address, address_from
from core.databases.engine import Column
from core.databases.fetch import NO_ROW, fetch, preview, tables_of
from core.databases.request import Request
from core.errors import DataError
from core.sources.kinds import SourceKind
from pages.components.help import help_link
from pages.components.picked import OPENED, Picked
from pages.components.place import PagePlace
from pages.components.privacy import secrets
from pages.components.text import escape_markdown
from pages.components.trail import note_read
from pages.components.worker import in_worker

TITLE: Final = "Choose customers of a database"
TABLE, QUERY = "Table", "Query"
SELECT: Final = "query"  # key of a text box
ASKED, DIALOG, SEEN = "asked of a database", "dialog of databases", "seen of a database"  # session state
MEMORY: Final = 250_000_000  # bytes that rows are taken to have, which nobody knows before
NONE: Final = "No database is set up. Whoever runs the app names one in `.streamlit/secrets.toml`:"
EXAMPLE: Final = '[connections.bank]\nurl = "postgresql://reader@host/bank"  # or sqlite:////path/bank.db'
KEPT: Final = {"persist_state": "session"}  # what the dialog asked for last stands there again
HEIGHT: Final = 260  # pixels: the button below stays in sight on a laptop
STOPPED: Final = "Reading was stopped."
_OPENINGS = count()


@dataclass
class Asked:
    """What is read, and whether its visitor has stopped reading: then nothing is read until they ask again."""

    request: Request
    stopped: bool = False


def database_box(kind: SourceKind, place: PagePlace) -> Picked:
    """The button that opens the dialog, and the rows that were chosen there; they stay until others are read."""
    connections, others = _connections()
    if others:
        st.caption(escape_markdown(f"Without url and dialect, so no database: {', '.join(others)}."))
    if not connections:
        st.caption(NONE)
        st.code(EXAMPLE, language="toml", wrap_lines=True)
        help_link("databases")
        return Picked(kind)
    asked: Asked | None = st.session_state.get(ASKED)
    label = "Choose a table…" if asked is None else "Choose another table…"
    st.button(label, icon=":material/database:", key="choose table", on_click=_open)
    if st.session_state.pop(DIALOG, False):
        _dialog(connections)
    if asked is None:
        st.session_state.pop(OPENED, None)
        return Picked(kind)
    _say_request(asked.request)
    st.button(
        "Read again", icon=":material/refresh:", key="open_again", help=escape_markdown(str(asked.request)),
        on_click=_ask, args=(asked.request,),
    )  # fmt: skip
    if asked.stopped:
        why = DataError(STOPPED, "Read again, or choose another table.")
        return Picked(kind, (), (kind.key, repr(asked.request)), why)
    known: Picked | None = st.session_state.get(OPENED)
    if known is None or known.stamp[:2] != (kind.key, repr(asked.request)):
        try:
            known = _read(kind, asked.request, place)
        except StopException:
            asked.stopped = True  # the state of the session cannot be written now
            raise
        st.session_state[OPENED] = known
    for source in known.sources:
        if source.advice:
            st.caption(escape_markdown(source.advice))
    return known


def _say_request(request: Request) -> None:
    """What was asked for, so that the rows can be traced: the SELECT, and the columns that were picked."""
    with st.expander(escape_markdown(str(request)), icon=":material/database:"):
        if request.query:
            st.code(request.query, language="sql", wrap_lines=True)
        st.caption(escape_markdown(f"Columns: {', '.join(request.columns) or 'all that can be read'}."))


def _open() -> None:
    st.session_state[DIALOG] = True
    st.session_state.pop(SEEN, None)  # tables and rows may be others by now


def _connections() -> tuple[dict[str, Mapping[str, Any]], list[str]]:
    """The sections `[connections.NAME]` of the secrets that name a database, and the names of the others."""
    sections = secrets().get("connections", {})
    found = {name: one for name, one in sections.items() if hasattr(one, "keys") and {"url", "dialect"} & {*one}}
    return found, [name for name in sections if name not in found]


def _read(kind: SourceKind, request: Request, place: PagePlace) -> Picked:
    stamp = kind.key, repr(request), str(next(_OPENINGS))
    with st.status(escape_markdown(f"Reading {request}…")) as status:

        def say(step: str) -> None:
            status.update(label=escape_markdown(f"{step or 'Asking the database'}…"))
            place.cover(str(request), step or "Asking the database")

        try:
            found = in_worker(fetch, request, name=str(request), size=MEMORY, say=say)
        except DataError as error:
            status.update(label=escape_markdown(f"{request} not read"), state="error")
            return Picked(kind, (), stamp, error)
        status.update(label=escape_markdown(f"{request} read"), state="complete")
    return Picked(kind, (found,), stamp)


@st.dialog(TITLE, width="large", icon=":material/database:")
def _dialog(connections: Mapping[str, Mapping[str, Any]]) -> None:
    with figures.written_as():
        try:
            if request := _request(connections):
                _preview(request)
        except DataError as error:
            st.error(escape_markdown(str(error)), icon=":material/error:")


def _preview(request: Request) -> None:
    """The first rows, the columns to read, and the button that reads all rows."""
    frame, columns, advice = _seen(preview, request)
    if frame.empty:
        st.warning(" ".join(NO_ROW), icon=":material/warning:")
        return
    chosen = _columns(columns)
    st.dataframe(frame[[name for name in frame if name in chosen]], hide_index=True, placeholder="", height=HEIGHT)
    st.caption("The first rows. **Read** reads all of them.")
    if advice:
        st.caption(escape_markdown(advice))
    every = len(chosen) == sum(not one.unread for one in columns)
    asked = Request(request.address, request.table, request.query, () if every else chosen)
    if st.button(
        "Read", type="primary", icon=":material/download:", key="read table", disabled=not chosen,
        on_click=_ask, args=(asked,),
    ):  # fmt: skip
        st.rerun()


def _ask(request: Request) -> None:
    """Read a request in the next run, also where it was read before; in a callback."""
    st.session_state[ASKED] = Asked(request)
    st.session_state.pop(OPENED, None)


def _request(connections: Mapping[str, Mapping[str, Any]]) -> Request | None:
    """What the widgets ask for; None until a table is chosen or a query written."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("Connection", [*connections], key="connection", **KEPT)
        how = st.segmented_control("Read", [TABLE, QUERY], default=TABLE, required=True, key="table or query", **KEPT)
    address = address_from(connections[name], name)
    if how == QUERY:
        query = st.text_area(
            "One SELECT", key=SELECT, **KEPT, placeholder="SELECT customer_id, birth_date, balance FROM customers",
            help="Only one SELECT is run, in a transaction that only reads.",
        ).strip()  # fmt: skip
        return Request(address, query=query) if query else None
    tables = [str(one) for one in _seen(tables_of, address)]
    table = st.selectbox(
        "Table or view", tables, index=None, key="table", **KEPT, placeholder=f"{len(tables)} may be read"
    )
    return Request(address, table) if table else None


def _columns(columns: Sequence[Column]) -> tuple[str, ...]:
    """The columns to read, all of them unless some are taken out; those that cannot be are named."""
    possible = [one.name for one in columns if not one.unread]
    chosen = st.multiselect(
        "Columns", possible, default=possible, key=f"columns {possible}",
        help="Only these leave the database. Take out names and addresses: they are not needed.",
    )  # fmt: skip
    for reason in sorted({one.unread for one in columns if one.unread}):
        unread = ", ".join(f"{one.name} ({one.type})" for one in columns if one.unread == reason)
        st.caption(escape_markdown(f"Not read, as {reason}: {unread}."))
    return tuple(name for name in possible if name in chosen)


def _seen(ask: Any, of: Address | Request) -> Any:
    """What a database was asked last in the dialog: the same question is not asked in every run.

    Rows that are asked for are noted in the audit trail, once.
    """
    seen = st.session_state.setdefault(SEEN, {})
    key = ask.__name__
    if key not in seen or seen[key][0] != of:
        if isinstance(of, Request):
            note_read([str(of)], preview=True, query=of.query)
        with st.spinner("Asking the database…"):
            seen[key] = of, in_worker(ask, of, name=str(of), size=0)
    found: pd.DataFrame | Any = seen[key][1]
    return found
