"""The place of the page in the frame: while files are read, a card covers the page of the customers before."""

from contextlib import AbstractContextManager
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components.text import escape_markdown

PRINT, DARK = (Path(__file__).with_name(f"{name}.css").read_text("utf-8") for name in ("print", "dark"))
HEIGHTS = (110, 320)  # pixels of a row of KPIs, and of one of charts


def styles() -> None:
    """What the theme of Streamlit does not cover: print, and letters on the first colour of the dark theme."""
    st.html(f"<style>{PRINT}{DARK if st.context.theme.type == 'dark' else ''}</style>")


class PagePlace:
    """Where the page is drawn, in the main area.

    Streamlit only fades what a run has not drawn again yet, and a faded number can be taken for one of the new files.
    An element in the place of the page's container removes it at once; another container would keep what is in it.
    """

    def __init__(self) -> None:
        self._frame = st.container()
        self._card: DeltaGenerator | None = None
        self._skeletons: list[DeltaGenerator] = []
        self._said = ""

    def cover(self, title: str, step: str) -> None:
        """Show what is being read and how far it is; the first call removes the page."""
        if self._card is None:
            with self._frame:
                self._card = st.empty()
                self._skeletons = [st.skeleton(height) for height in HEIGHTS]
        if step != self._said:
            self._said = step
            text = f"**{escape_markdown(title)}**  \n{escape_markdown(step)}…"
            self._card.info(text, icon=":material/hourglass_top:")

    def page(self) -> AbstractContextManager[object]:
        """The container to draw the page in, without the card."""
        for skeleton in self._skeletons:
            skeleton.empty()
        if self._card is not None:
            return self._card.container()
        with self._frame:
            return st.container()
