"""What has changed since the month before: a line for each KPI card, and on the card of the months who it was."""

from functools import partial

import pandas as pd
import streamlit as st

from core.compare.files import CHANGES_CSV, PEOPLE_CSV, changes_csv, people_csv
from core.compare.months import Changes, changes_between, counted, people_between
from core.months.month import Month, in_order
from core.months.moves import Moves, moves_between, why_no_moves
from core.schema import NO_SEGMENT
from core.views.charts import label
from pages.components.month_files import read_months, target_of
from pages.components.number_table import Number, number_table
from pages.components.session_cache import MONTHS, session_cache
from pages.components.trail import download_button
from pages.components.view import View


def since_last_month(view: View) -> Changes | None:
    """What has changed since the latest month before the open data; None while customers are filtered, or without any.

    It costs nothing while no month is loaded.
    """
    if not st.session_state.get(MONTHS) or view.study.rows is None or view.filtered:
        return None
    target = target_of(view)
    read, _ = read_months(view, target, ask=False)
    months, _ = in_order([*read.values()])
    now = next((at for at, one in enumerate(months) if one.month == target.first), 0)
    return changes(months[now - 1], months[now], view) if now else None


def changes(earlier: Month, later: Month, view: View) -> Changes:
    """The figures of two months with their changes, from the cache."""
    return _changes(f"{earlier.key} {later.key} {view.hide}", earlier, later, view.hide)


def moves(earlier: Month, later: Month) -> Moves | None:
    """The moves, small groups in them; None without ids."""
    return None if why_no_moves(earlier, later) else _moves(f"{earlier.key} {later.key}", earlier, later)


def changes_part(view: View, earlier: Month, later: Month) -> None:
    """The figures of two months as a table, and who became mass affluent or left by segment, with a file of the ids."""
    found, names = changes(earlier, later, view), view.segments.names
    if found.table.empty:
        return
    st.markdown("**What has changed between them?**")
    titles = {
        "figure": "", "before": f"{earlier.month:%Y-%m}", "after": f"{later.month:%Y-%m}", "change": "Change",
        "interval": "95% interval",
    }  # fmt: skip
    right = {name: st.column_config.TextColumn(title, alignment="right") for name, title in titles.items()}
    right["figure"] = st.column_config.TextColumn("", width="medium")
    right["interval"] = st.column_config.TextColumn(
        titles["interval"], alignment="right",
        help="Of the change, in percentage points. It is shorter where the same customers are in both months and "
        "mostly stay what they were.",
    )  # fmt: skip
    number_table(found.readable(names), right, width="stretch", alt="Figures of both months and their change")
    if view.hide:
        st.caption("Who became mass affluent is not listed while small groups are hidden: a list names persons.")
        return
    people = _people(f"{earlier.key} {later.key}", earlier, later)
    if people is not None and not people.empty:
        _who(view, people)
    with st.container(horizontal=True):
        _download(CHANGES_CSV, partial(changes_csv, [found]))
        if people is not None and not people.empty:
            _download(PEOPLE_CSV, partial(people_csv, people))


def _who(view: View, people: pd.DataFrame) -> None:
    """Counts by segment and by what the measure of wealth did."""
    wealth = view.study.wealth
    st.markdown("**Who became mass affluent, and who left?**")
    table = counted(people)
    names = view.segments.names
    table["segment"] = [one if one in NO_SEGMENT else label(one, names) for one in table["segment"]]
    measure = view.text(wealth.measure) if wealth.measure else "Wealth"
    number_table(
        table,
        {
            "what": "", "segment": st.column_config.TextColumn("Segment", help="Now; of those who are gone, then."),
            "reason": st.column_config.TextColumn(measure, help="What it did from the one month to the other."),
            "customers": Number("Customers"),
        },
        width="stretch", alt="Who became mass affluent and who left, by segment",
    )  # fmt: skip
    st.caption(f"{PEOPLE_CSV} names each of them by the customer id: it holds persons.")


def _download(name: str, make: partial[bytes]) -> None:
    download_button(
        name, make, name, "text/csv", key=f"download {name}", on_click="ignore", icon=":material/download:"
    )  # fmt: skip


@session_cache(st.cache_resource, everybody=64, own=64)
def _moves(key: str, _earlier: Month, _later: Month) -> Moves:  # noqa: ARG001
    return moves_between(_earlier, _later)


@session_cache(st.cache_resource, everybody=64, own=64)
def _changes(key: str, _earlier: Month, _later: Month, hide: bool) -> Changes:  # noqa: ARG001
    return changes_between(_earlier, _later, moves(_earlier, _later) if hide else None, hide=hide)


@session_cache(st.cache_resource, everybody=8, own=4)
def _people(key: str, _earlier: Month, _later: Month) -> pd.DataFrame | None:  # noqa: ARG001
    return people_between(_earlier, _later)
