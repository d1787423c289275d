"""The cards of the visuals (`core.visuals`): a page places some by key, the others stand at its end."""

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.customer_base import CustomerBase
from core.views.map_legend import MAP_AND_LEGEND
from core.views.sheet import Sheet
from core.visuals.option import Option
from core.visuals.registry import VISUALS, of_page, options
from core.visuals.visual import Picture, Visual, picture
from pages.components.cards import altair_chart, theme, titled_card
from pages.components.clicks import listen_on_map, remove_clicks_on, turn
from pages.components.link import IN_LINK, forget, offer, waiting
from pages.components.remarks import remark_button, remark_text
from pages.components.sheet import sheet_table
from pages.components.view import View

BY_PIXELS = 170  # beside the title, which wraps where it lacks room
# Pixels of a first row of charts that is all in the first screen of a laptop, and of each segment where they are many.
FIRST_ROW, LINE, AXIS = 390, 36, 110
IN_A_ROW = 2  # visuals that a page does not place itself


class Board:
    """The visuals of one page. One that has nothing to show is left out, and the others take its room."""

    def __init__(self, page: str, view: View) -> None:
        self._view = view
        self._waiting = {visual.key: visual for visual in of_page(page) if visual.is_possible(view)}

    @property
    def first_row(self) -> int:
        """The height in pixels of a first row of charts with a line per segment."""
        return max(FIRST_ROW, LINE * (self._view.segments.k + 1) + AXIS)

    def first(self, *keys: str) -> str:
        """The first of some visuals that has something to show; the last one if none has."""
        return next((key for key in keys if key in self._waiting), keys[-1])

    def row(self, *columns: Sequence[str], widths: Sequence[float] = (), height: int = 0) -> None:
        """Show visuals in columns beside each other, several below each other in one of them.

        `height` is that of each chart in pixels, and the most of a table; 0 is their own.
        """
        wide = zip(columns, widths or [1.0] * len(columns), strict=True)
        filled = [(keys, width) for keys, width in wide if any(key in self._waiting for key in keys)]
        if not filled:
            return
        for place, (keys, _) in zip(st.columns([width for _, width in filled]), filled, strict=True):
            with place:
                for key in keys:
                    self.show(key, height)

    def beside(self, key: str, widths: Sequence[float]) -> DeltaGenerator:
        """Show a visual, and return the room beside it: the whole width without it."""
        if key not in self._waiting:
            return st.container()
        left, right = st.columns(widths)
        with left:
            self.show(key)
        return right

    def show(self, key: str, height: int = 0) -> None:
        """Show the card of a visual at this place of the page, if it has something to show."""
        if self._waiting.pop(key, None) is None:
            return
        visual, view = VISUALS[key], self._view.of(key)
        shown = view.kept("picture", partial(picture, visual, view))
        draw = None if shown.empty else partial(_draw, shown, view, height)
        write = partial(remark_button, key)
        # A select leaves a title no room for the button of a note, too.
        beside, end = (partial(_options, visual, view), partial(write, "Note")) if visual.options else (write, None)
        titled_card(
            shown.title, draw, shown.note, stretch=visual.stretch, beside_title=beside,
            below_title=partial(remark_text, key), at_end=end,
        )  # fmt: skip

    def show_others(self) -> None:
        """Show the cards of the page's visuals that are not shown yet."""
        waiting = [*self._waiting]
        for first in range(0, len(waiting), IN_A_ROW):
            self.row(*([key] for key in waiting[first : first + IN_A_ROW]))


def picks(study: CustomerBase) -> dict[str, str]:
    """What the analyst picked for visuals, by the key of the option; that of a link, too."""
    known = options()
    for key, _, text in waiting():
        values = {text: value for value, text in known[key].texts(study).items()} if key in known else {}
        if text in values:  # its select may be on another page
            st.session_state[key] = values[text]
            forget(key, text)
    found = {key: st.session_state.get(key, "") for key in known}
    return {key: value for key, value in found.items() if value}


def _options(visual: Visual, view: View) -> None:
    """The selects of what a visual offers."""
    for option in visual.options:
        if len(possible := option.possible(view)) > 1:
            _option(option, possible, visual, view)


def _option(option: Option, possible: Sequence[str], visual: Visual, view: View) -> None:
    texts = option.texts(view.study)
    offer(option.key, possible, texts.__getitem__)
    on_change = {"on_change": remove_clicks_on, "args": (visual.key,)} if option.changes_column else {}
    st.selectbox(
        option.label, possible, key=option.key, format_func=texts.__getitem__, label_visibility="collapsed",
        width=BY_PIXELS, **on_change, **IN_LINK,
    )  # fmt: skip


def _draw(shown: Picture, view: View, height: int) -> None:
    visual = shown.visual
    if visual.deck is None:
        drawn = view.kept("drawn", partial(view.draw, visual, shown.data), theme())
        if isinstance(drawn, Sheet):
            sheet_table(drawn, visual, view, height)
        else:
            altair_chart(drawn, visual.alt(view), height=height or "content", **view.listen())
        return
    clicked = [click.values[0] for click in view.own]
    listening = (
        {**listen_on_map(visual.key, view.column_shown), "selection_mode": "single-object"} if visual.clicks else {}
    )
    how = {"theme": theme(), "clicked": clicked, "turn": turn(visual.key)}
    legend = view.kept("legend", partial(visual.legend, shown.data, theme=theme()), theme()) if visual.legend else None
    least = MAP_AND_LEGEND - (legend["height"] if legend else 0)
    with st.container(horizontal=True, height="stretch", gap=None):  # as high as the card has room
        st.pydeck_chart(
            view.kept("deck", partial(visual.deck, shown.data, **how), how),
            **listening,
            height="stretch",
            alt=visual.alt(view),
        )
        st.container(width=1, height=least, border=False).space("small")  # but not lower than its view is made for
    if legend:
        st.vega_lite_chart(legend, alt=f"Legend of the {visual.key}", width="stretch")
