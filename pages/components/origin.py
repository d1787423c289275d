"""Whose data the pages show: own sources, an own result, or the bundled sample. The address says it too.

A new session has no files. It knows by the address that there were some: after a reload, after the server was
started anew, or from a link. The address carries no data and no file name.
"""

from dataclasses import dataclass

import streamlit as st

from core.customer_base import CustomerBase
from core.sources.file import FileSource
from core.sources.kinds import kinds
from core.sources.source import digest_of
from data.generate import SAMPLE
from pages.components.session_cache import RESULT

PARAMETER = "data"  # query parameter
ORIGIN, GONE = "origin of the data", "said when it is gone"  # session state


@dataclass(frozen=True)
class Missing:
    """Own data that is not here: what happened, and which file was refused, if that is why."""

    happened: str
    refused: str = ""


def origin() -> str:
    """What was shown last in this session, or by the address that opened it; empty for the sample."""
    if ORIGIN not in st.session_state:
        named = st.query_params.get(PARAMETER, "")
        st.session_state[ORIGIN] = named if named in _kinds() else ""
    return st.session_state[ORIGIN]


def set_origin(now: str, gone: str = "") -> None:
    """Remember it, and write it into the address; `gone` is the sentence for when the data is there no more."""
    st.session_state[ORIGIN] = now
    if gone:
        st.session_state[GONE] = gone
    if not now:
        st.query_params.pop(PARAMETER, None)
    elif st.query_params.get(PARAMETER) != now:
        st.query_params[PARAMETER] = now


def missing() -> Missing:
    """What is to be said where own data was shown, in this session or by its address, and is not here."""
    made_with = f"This page was made with {_kinds()[origin()]}, which the server does not have."
    why = "A link carries no data, and a reload or a restart of the server ends what was loaded."
    return Missing(st.session_state.get(GONE) or f"{made_with} {why}")


def has_left() -> bool:
    """Whether this session had own data, of which it may hold something still: saved scenarios, or filters."""
    return GONE in st.session_state


def is_sample(study: CustomerBase) -> bool:
    """Whether the customers are those of the bundled sample, however they came here."""
    return study.digest == _sample_digest()


@st.cache_resource(show_spinner=False)
def _sample_digest() -> str:
    return digest_of([sample_source().digest])


def sample_source() -> FileSource:
    """The bundled sample."""
    return FileSource(SAMPLE.name, SAMPLE.read_bytes())


def _kinds() -> dict[str, str]:
    """What own data there can be, in words."""
    return {RESULT: "a result"} | {kind.key: kind.plural for kind in kinds()}
