"""The card of several months: shares of the segments, the mass affluent, and who moved between two months."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isnan

import streamlit as st

from core.figures import between, count, share
from core.months.dates import written
from core.months.files import month_files
from core.months.month import Month, in_order
from core.months.moves import why_no_moves
from core.months.table import MONTH, OverTime, over_time
from core.schema import NO_SEGMENT
from core.segments.refresh import GONE
from core.views.months import month_lines
from core.views.moves import AFTER, BEFORE, matrix
from pages.components.cards import altair_chart, card_title, theme
from pages.components.help import help_link
from pages.components.month_changes import changes_part
from pages.components.month_changes import moves as moves_of
from pages.components.month_files import file_box, file_rows, read_months, target_of
from pages.components.number_table import Number, number_table
from pages.components.session_cache import MONTHS
from pages.components.text import escape_markdown
from pages.components.trail import download_button
from pages.components.view import View

TITLE = "Over time"
CHANGES = {  # since the month before: column → its title and explanation
    "new": ("New", "Not in the file of the month before."),
    "gone": ("Gone", "In the file of the month before, and no longer."),
    "became": ("Became affluent", "Mass affluent, and not in the month before; of those in both."),
    "ceased": ("No longer affluent", "Mass affluent in the month before, and no longer; of those in both."),
}


def months_card(view: View) -> None:
    """The files of other months in the segments of these customers; folded until some are added."""
    if view.study.rows is None:
        return
    if not st.session_state.get(MONTHS):
        with st.expander(f"{TITLE}: add the files of other months", icon=":material/timeline:"):
            st.caption("How large is each segment a month, who moved from which to which, who is new, who is gone?")
            file_box()
            help_link("months")
        return
    with st.container(border=True):
        card_title(TITLE)
        target = target_of(view)
        read, errors = read_months(view, target)
        months, left_out = in_order([*read.values()])
        for error in (*errors, *left_out):
            st.warning(escape_markdown(f"Not counted. {error}"), icon=":material/warning:")
        if months:
            _show(view, months)
        with st.expander("Files and their months", expanded=bool(errors or left_out), icon=":material/calendar_month:"):
            file_rows(view, target, read)
            file_box()
        help_link("months")


def _show(view: View, months: Sequence[Month]) -> None:
    over = over_time(months, [moves_of(*pair) for pair in pairwise(months)], hide=view.hide)
    st.caption("All customers of each month, whatever the filters, in the segments in use. Nothing is fitted anew.")
    names = view.segments.names
    _table(over, names)
    if len(months) > 1:
        lines = month_lines(over.shares, [written(one.month) for one in months], names=names)
        altair_chart(lines, "Share of each segment by month")
    if over.note:
        st.caption(over.note)
    if len(months) > 1:
        _two_months(view, months)
    if not view.hide:
        with st.container(horizontal=True):
            for name, content in month_files(over, names).items():
                download_button(
                    name,
                    content,
                    name,
                    "text/csv",
                    key=f"download {name}",
                    on_click="ignore",
                    icon=":material/download:",
                )


def _table(over: OverTime, names: Mapping[str, str]) -> None:
    """A row per month."""
    shares = over.by_group("share")
    table = over.months.drop(columns=["rejected", "mass_affluent", "known", "low", "high", "share"])
    table.insert(3, "affluent", [_rate(*row) for row in over.months[["share", "low", "high"]].itertuples(index=False)])
    for name in CHANGES:  # texts, as the first month has none
        table[name] = ["", *map(count, table[name][1:])]
    table[[f"share {label}" for label in shares]] = shares.to_numpy()
    number_table(
        table[[MONTH, "customers", "affluent", *CHANGES, *(f"share {label}" for label in shares), "file"]],
        {
            MONTH: "Month", "file": "File", "customers": Number("Customers"),
            "affluent": st.column_config.TextColumn(
                "Mass affluent", help=f"Of those known, with the {share(0.95, 0)} interval (Wilson)."
            ),
            **{f"share {label}": _share_column(label, names) for label in shares},
            **{
                name: st.column_config.TextColumn(title, help=hint, alignment="right")
                for name, (title, hint) in CHANGES.items()
            },
        },
        alt="Customers, mass affluent and shares of the segments of each month",
    )  # fmt: skip


def _share_column(label: str, names: Mapping[str, str]) -> Number:
    title = label if label in NO_SEGMENT else f"Segment {label}"
    return Number(title, "share", f"{escape_markdown(names.get(label, label))}: share of the month's customers.")


def _rate(rate: float, low: float, high: float) -> str:
    return share(rate) if isnan(rate) else f"{share(rate)} ({between(share, low, high)})"


def _two_months(view: View, months: Sequence[Month]) -> None:
    """Two months to pick, who moved between them in words, and as a matrix."""
    labels = [written(one.month) for one in months]
    st.markdown("**Who moved between two months?**")
    with st.container(horizontal=True):
        first = st.selectbox("From", labels[:-1], len(labels) - 2, key=f"from {labels}", width=140)
        later = [label for label in labels if label > first]
        second = st.selectbox("to", later, len(later) - 1, key=f"to {later} {labels}", width=140)
    earlier, after = months[labels.index(first)], months[labels.index(second)]
    if why := why_no_moves(earlier, after):
        st.info(escape_markdown(why), icon=":material/person_off:")
    else:
        _who_moved(view, earlier, after)
    changes_part(view, earlier, after)


def _who_moved(view: View, earlier: Month, after: Month) -> None:
    first, second = written(earlier.month), written(after.month)
    moves = moves_of(earlier, after)
    if view.hide:
        moves = moves.hidden
    names = view.segments.names
    if moves.ids:
        st.caption(escape_markdown(f"{moves.about_ids}."))
    st.markdown(escape_markdown(moves.in_words(names)) or "All that could be said would show few customers.")
    shown = moves.of_segments
    if not shown.empty:
        sides = [{label: names[label] for label in names if label in {*shown[side]}} for side in (BEFORE, AFTER)]
        if (shown[AFTER] == GONE).any():
            sides[1][GONE] = f"(not in {second})"
        figure = matrix(shown, *sides, theme=theme(), title=f"Segment in {second}")
        altair_chart(figure, f"Who moved from which segment in {first} to which in {second}")
        st.caption(f"Of the customers of each segment in {first}. Gone: not in the file of {second}.")
    if note := moves.note():
        st.caption(note)
