"""Lines of the audit trail from the app, and the button that every download has, so that none is left out."""

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.reporting.words import looked_at
from core.trail import EXPORTED, READ, facts_of, is_kept, note
from pages.components.view import View

LOOKED_AT: Final = "looked at"  # session state: who the pages show, in words


def look_at(view: View | None) -> None:
    """Keep in words who the pages show, for the lines of what is exported."""
    if is_kept():
        st.session_state[LOOKED_AT] = looked_at(view) if view else ""


def note_read(names: list[str], **facts: Any) -> None:
    """Note sources that were read."""
    note(READ, who=_who(), sources=names, **facts)


def download_button(label: str, data: Any, file_name: str, mime: str, **options: Any) -> bool:
    """A download that the trail notes at the click, where there is one; else Streamlit's own button."""
    if is_kept():
        data = partial(_noted, data, file_name, _who(), st.session_state.get(LOOKED_AT, ""))
    return st.download_button(label, data, file_name, mime, **options)


def _noted(data: bytes | str | Callable[[], bytes | str], name: str, who: str, looked: str) -> bytes:
    content = data() if callable(data) else data
    content = content.encode() if isinstance(content, str) else content
    note(EXPORTED, who=who, shown=looked, **facts_of(name, content))
    return content


def _who() -> str:
    """The account of a login; without one, a name for the session that says nothing else."""
    if name := str(st.user.get("email") or st.user.get("name") or ""):
        return name
    context = get_script_run_ctx()
    return f"session {hashlib.sha256(context.session_id.encode()).hexdigest()[:12]}" if context else ""
