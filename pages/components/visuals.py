"""The cards of the visuals (`core.visuals`): a page places some by key, the others stand at its end."""

from typing import Any

import streamlit as st

from core.visuals.registry import VISUALS, of_page
from core.visuals.visual import Picture, Visual, picture
from pages.components.cards import altair_chart, theme
from pages.components.clicks import listen_on_map, turn
from pages.components.text import escape_markdown
from pages.components.view import View

MAP_PIXELS = 380
IN_A_ROW = 2  # visuals that a page does not place itself


class Board:
    """The visuals of one page."""

    def __init__(self, page: str, view: View) -> None:
        self._view = view
        self._waiting = {visual.key: visual for visual in of_page(page)}

    def show(self, key: str) -> None:
        """Show the card of a visual at this place of the page."""
        self._waiting.pop(key, None)
        visual_card(VISUALS[key], self._view.of(key))

    def show_others(self) -> None:
        """Show the cards of the page's visuals that are not shown yet."""
        waiting = [*self._waiting]
        for first in range(0, len(waiting), IN_A_ROW):
            for column, key in zip(st.columns(IN_A_ROW), waiting[first : first + IN_A_ROW], strict=False):
                with column:
                    self.show(key)


def visual_card(visual: Visual, view: View) -> None:
    """A card with title, chart and note; `view` is that of the visual (`View.of`)."""
    with st.container(border=True, height="stretch" if visual.stretch else "content"):
        shown = picture(visual, view)
        st.markdown(f"**{escape_markdown(shown.title)}**")
        if shown.empty:
            st.info(shown.note, icon=":material/data_alert:")
            return
        if visual.deck:
            _deck(shown, visual.deck, view)
        else:
            altair_chart(view.draw(visual, shown.data), visual.alt(view), **view.listen())
        if shown.note:
            st.caption(escape_markdown(shown.note))


def _deck(shown: Picture, deck: Any, view: View) -> None:
    key = shown.visual.key
    clicked = [click.values[0] for click in view.own]
    st.pydeck_chart(
        deck(shown.data, theme=theme(), clicked=clicked, turn=turn(key)),
        **listen_on_map(key),
        selection_mode="single-object",
        height=MAP_PIXELS,
        alt=shown.visual.alt(view),
    )
