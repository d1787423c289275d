"""Those selected beside all others: a button beside the filters opens the card, and nothing is compared until then."""

from functools import partial

import streamlit as st

from core.compare.rest import AgainstRest, against_rest
from core.compare.rest_words import in_words, note, readable
from core.views.summary import counted
from pages.components.help import help_link
from pages.components.number_table import number_table
from pages.components.text import card_title, escape_markdown
from pages.components.view import View

OPEN = "compared to the rest"  # session state
ALL = "all compared"
TITLES = {
    "what": ("", ""),
    "here": ("Selected", "Mean, or share of those known, of the customers that the filters and clicks let through."),
    "rest": ("All others", "The same of all customers that they leave out."),
    "difference": ("Difference", "In the field's own unit; of shares in percentage points."),
    "interval": ("95% interval", "Of the difference: of shares Newcombe's, of means Welch's."),
    "size": (
        "Size", "Of the difference against how much customers vary: Cohen's d of a mean, h of a share; from 0.2 on "
        "small, 0.5 medium, 0.8 large.",
    ),
}  # fmt: skip


def compare_button(view: View) -> None:
    """The button that opens and closes the card; none while nobody is selected."""
    if view.filtered:
        is_open = st.session_state.get(OPEN, False)
        label = "Close the comparison" if is_open else "Compare to the rest"
        st.button(label, icon=":material/compare_arrows:", key="compare_to_rest", type="tertiary", on_click=_turn)


def rest_card(view: View) -> None:
    """The card, if it is open and somebody is selected."""
    if not view.filtered or not st.session_state.get(OPEN):
        return
    found = view.kept("against the rest", partial(against_rest, view))
    with st.container(border=True):
        card_title("Those selected, and all others")
        st.markdown(escape_markdown(in_words(found, view)))
        _table(found, view)
        if said := note(found, view):
            st.caption(escape_markdown(said))
        help_link("sharing")


def _table(found: AgainstRest, view: View) -> None:
    """The rows that matter, or all of them."""
    matter, every = len(found.mattering), len(found.table)
    everything = matter < every and st.toggle(f"Show all {counted(every, 'difference')}", key=ALL)
    rows = found.table if everything else found.mattering
    if rows.empty:
        return
    columns = {
        name: st.column_config.TextColumn(
            title, help=hint or None, alignment="left" if name in ("what", "size") else "right"
        )
        for name, (title, hint) in TITLES.items()
    }
    number_table(readable(rows, view), columns, width="stretch", alt="Those selected beside all others")


def _turn() -> None:
    st.session_state[OPEN] = not st.session_state.get(OPEN, False)
