"""Whose data the pages show: own sources, an own result, or the bundled sample. The address says it too.

A new session has no files. After a reload, a restart of the server or from a link, the address says that there were
some. It carries no data and no file name.
"""

from dataclasses import dataclass

import streamlit as st

from core.customer_base import CustomerBase
from core.sources.file import FileSource
from core.sources.kinds import FILES, kinds
from core.sources.source import digest_of
from data.generate import SAMPLE
from pages.components.session_cache import RESULT

PARAMETER = "data"  # query parameter
ORIGIN, GONE = "origin of the data", "said when it is gone"  # session state


@dataclass(frozen=True)
class Missing:
    """Own data that is missing: what happened, and the file that was refused, if that is the reason."""

    happened: str
    refused: str = ""


def origin() -> str:
    """The kind of the data shown last in this session, or named by its address; empty for the sample."""
    if ORIGIN not in st.session_state:
        named = st.query_params.get(PARAMETER, "")
        st.session_state[ORIGIN] = named if named in _kinds() else ""
    return st.session_state[ORIGIN]


def known_kind(kind: str) -> str:
    """A kind that a project names; files, if this program does not know it."""
    return kind if not kind or kind in _kinds() else FILES


def set_origin(now: str, gone: str = "") -> None:
    """Store the origin, and write it into the address; `gone` is the sentence for when the data is missing later."""
    st.session_state[ORIGIN] = now
    if gone:
        st.session_state[GONE] = gone
    if not now:
        st.query_params.pop(PARAMETER, None)
    elif st.query_params.get(PARAMETER) != now:
        st.query_params[PARAMETER] = now


def missing() -> Missing:
    """The message where own data was shown, in this session or by its address, and is missing."""
    made_with = f"This page was made with {_kinds()[origin()]}, which the server does not have."
    why = "A link carries no data, and a reload or a restart of the server ends what was loaded."
    return Missing(st.session_state.get(GONE) or f"{made_with} {why}")


def has_left() -> bool:
    """Whether this session had own data: it may still hold scenarios or filters of it."""
    return GONE in st.session_state


def is_sample(study: CustomerBase) -> bool:
    """Whether the customers are those of the bundled sample, even if it was uploaded."""
    return study.digest == _sample_digest()


@st.cache_resource(show_spinner=False)
def _sample_digest() -> str:
    return digest_of([sample_source().digest])


def sample_source() -> FileSource:
    """The bundled sample."""
    return FileSource(SAMPLE.name, SAMPLE.read_bytes())


def _kinds() -> dict[str, str]:
    """Kind of own data → its name in a sentence."""
    return {RESULT: "a result"} | {kind.key: kind.plural for kind in kinds()}
