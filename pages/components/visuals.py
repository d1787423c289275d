"""The cards of the visuals (`core.visuals`): a page places some by key, the others stand at its end."""

from functools import partial

import streamlit as st

from core.visuals.registry import VISUALS, of_page
from core.visuals.visual import Picture, picture
from pages.components.cards import altair_chart, theme, titled_card
from pages.components.clicks import listen_on_map, turn
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
        visual, view = VISUALS[key], self._view.of(key)
        shown = picture(visual, view)
        draw = None if shown.empty else partial(_draw, shown, view)
        titled_card(shown.title, draw, shown.note, stretch=visual.stretch)

    def show_others(self) -> None:
        """Show the cards of the page's visuals that are not shown yet."""
        waiting = [*self._waiting]
        for first in range(0, len(waiting), IN_A_ROW):
            for column, key in zip(st.columns(IN_A_ROW), waiting[first : first + IN_A_ROW], strict=False):
                with column:
                    self.show(key)


def _draw(shown: Picture, view: View) -> None:
    visual = shown.visual
    if visual.deck is None:
        altair_chart(view.draw(visual, shown.data), visual.alt(view), **view.listen())
        return
    clicked = [click.values[0] for click in view.own]
    st.pydeck_chart(
        visual.deck(shown.data, theme=theme(), clicked=clicked, turn=turn(visual.key)),
        **listen_on_map(visual.key),
        selection_mode="single-object",
        height=MAP_PIXELS,
        alt=visual.alt(view),
    )
