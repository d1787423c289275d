"""The number of segments: a slider with a button at either end, for a thumb and for one step at a time."""

from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.segments.choose_k import DEFAULT_K, KS, MOST_K
from pages.components.link import IN_LINK

KEY: Final = "k"
LEAST, USUAL = 1, KS.stop - 1
BEYOND: Final = "beyond the usual"  # session state: whether more segments than usual were ever asked for


def number_of_segments(*, fixed: bool) -> int:
    """The number of segments to make; `fixed` where a saved model decides it.

    The slider ends at a dozen until somebody asks for more, by a link or where numbers are tried. Then it keeps its
    longer range, since one that changes under the thumb would jump.
    """
    if USUAL < _held() <= MOST_K and not st.session_state.get(BEYOND):
        st.session_state[BEYOND] = True
        if KEY in st.session_state:
            st.session_state[KEY] = _held()  # again, since a slider with another end starts anew
    most = MOST_K if st.session_state.get(BEYOND) else USUAL
    less, middle, more = _places()
    with middle:
        k = st.slider("Number of segments", LEAST, most, DEFAULT_K, key=KEY, disabled=fixed, **IN_LINK)
    _step(less, "−", "One segment fewer", k - 1, disabled=fixed or k == LEAST)
    _step(more, "+", "One segment more", k + 1, disabled=fixed or k == most)
    return k


def fixed_number(k: int) -> None:
    """The number of segments of a result, which nobody can change."""
    st.slider("Number of segments", LEAST, max(k, USUAL), max(k, LEAST), disabled=True)


def use_number(k: int) -> None:
    """Make so many segments; a callback."""
    st.session_state[KEY] = k


def _held() -> int:
    """The number that the session or, at its start, the address asks for; 0 where neither does."""
    held = str(st.session_state.get(KEY) or st.query_params.get(KEY, ""))
    return int(held) if held.isdecimal() and len(held) < 3 else 0


def _places() -> list[DeltaGenerator]:
    """Where the two buttons and, between them, the slider go."""
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    return [row.container(width=width) for width in ("content", "stretch", "content")]


def _step(place: DeltaGenerator, sign: str, help: str, k: int, *, disabled: bool) -> None:
    place.button(sign, key=f"k {sign}", help=help, disabled=disabled, on_click=use_number, args=(k,))
