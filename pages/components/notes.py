"""What to know before trusting a page: badges, and the notes in a popover."""

from collections.abc import Iterator
from typing import Final

import streamlit as st

from core.segments.choose_k import verdict
from core.visuals.kpis import unknown_affluence
from pages.components.features import driver_warnings
from pages.components.structure import structure_icon
from pages.components.text import escape_markdown
from pages.components.view import View

# Level of structure → what the segments are, and the colour of the badge.
BADGES: Final = {
    "strong": ("natural groups", "green"),
    "moderate": ("overlapping groups", "green"),
    "weak": ("hints of groups", "orange"),
    "none": ("convenient slices", "orange"),
}
UNKNOWN: Final = ("structure unknown", "gray")


def sample_badge() -> None:
    """A badge that says that the customers are made up."""
    hint = "Made-up customers. Drop your own files in the sidebar."
    st.badge("Sample data", icon=":material/science:", color="orange", help=hint)


def badge_and_notes(view: View) -> None:
    """A badge for the structure of the segments, and a popover with all notes."""
    what, colour = BADGES[view.structure.level] if view.structure else UNKNOWN
    icon = structure_icon(view)
    st.badge(f"Segments: {what}", icon=icon, color=colour, help="How real the segments are: see the notes.")
    notes = [(icon, verdict(view.structure, view.segments.k)), *_notes(view)]
    label = f"{len(notes)} notes" if len(notes) > 1 else "1 note"
    with st.popover(label, icon=":material/info:", type="tertiary", key="notes"):
        for symbol, sentence in notes:
            st.caption(f"{symbol} {escape_markdown(sentence)}")


def _notes(view: View) -> Iterator[tuple[str, str]]:
    """Icon and sentence of each: protected attributes, who is not clustered, of whom it is not known."""
    for sentence in driver_warnings(view):
        yield ":material/balance:", sentence
    if reason := view.why_not_clustered:
        whom = "Of all customers, whatever the filters: " if any(view.filters.values()) or view.clicks else ""
        yield ":material/group_off:", whom + reason
    if view.too_few(view.totals.customers, view.study.size) or not view.study.wealth.tells:
        return
    if unknown := unknown_affluence(view.totals, hide=view.hide):
        yield ":material/help:", unknown
