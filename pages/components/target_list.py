"""The button that exports the audience as a list of customers to contact, and its dialog."""

from collections.abc import Iterable
from datetime import date
from functools import partial

import streamlit as st

from core import figures
from core.customer_base import rows_of
from core.errors import DataError, MeasureError
from core.figures import coefficient, count, number, share
from core.schema import CERTAINTY, CLUSTER
from core.segments.threshold_tree import Tree, short_tree
from core.strategy.scenario import Scenario
from core.targets.assignment import CONTACT, CONTROL, Split
from core.targets.choice import (
    RANK,
    SEGMENT,
    WHY,
    ListChoice,
    offered,
    why_no_list,
)
from core.targets.files import PERSONS, ZIP_NAME, archive, describe, list_files
from core.targets.target_list import TargetList, target_list
from pages.components.list_choices import Simulated, list_choices
from pages.components.session_cache import session_cache
from pages.components.text import escape_markdown
from pages.components.trail import download_button
from pages.components.view import View, written

TITLE = "Export this audience"
OPENED = "list opened"  # session state: the button that was clicked
PREVIEW = 10  # rows


def export_button(view: View, simulated: Simulated | None = None) -> None:
    """The button. It says why it is off, where no list can be given."""
    why, key = why_no_list(view), "export campaign" if simulated else "export"
    st.button(
        TITLE if simulated else "Export",  # in the row of the title, which has no room for more on a laptop
        icon=":material/contact_mail:", type="tertiary", disabled=bool(why), key=key,
        on_click=_open, args=(key,),
        help=escape_markdown(why) or None,  # after Escape in the dialog, a hint would lie over the titles of pages
    )  # fmt: skip
    if st.session_state.get(OPENED) == key:
        del st.session_state[OPENED]
        _dialog(view, simulated)


def _open(key: str) -> None:
    st.session_state[OPENED] = key


@st.dialog(TITLE, width="large", icon=":material/contact_mail:")
def _dialog(view: View, simulated: Simulated | None) -> None:
    with figures.written_as(view.style):
        _export(view, simulated)


def _export(view: View, simulated: Simulated | None) -> None:
    head = st.container(gap="xsmall")
    chosen = list_choices(view, simulated)
    try:
        split = Split(chosen.pop("salt"), chosen.pop("share"), chosen.pop("arms"))
        choice = ListChoice(split, audience=simulated.audience if simulated else None, **chosen)
        found = _list(f"{written(view.key())} {[*view.names.items()]!r} {choice!r}", view, choice)
    except DataError as error:
        with head:
            st.warning(_said(error), icon=":material/error:")
        return
    with head:
        _download(view, choice, found, simulated)
    _preview(view, found)
    _balance(view, found)


def _download(view: View, choice: ListChoice, found: TargetList, simulated: Simulated | None) -> None:
    """What the list has, and the button that gives it."""
    forecast = None
    if simulated and simulated.size:
        forecast = Scenario("Simulated", found.audience, simulated.size, simulated.campaign)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            escape_markdown(f"{found.audience}. {describe(found, choice, view.label(found.ranked_by))}"),
            width="stretch",
        )
        download_button(
            "Download the list", partial(_archive, view, choice, found, forecast), ZIP_NAME, "application/zip",
            icon=":material/download:", type="primary", on_click="ignore", key="download_list",
        )  # fmt: skip
    for note in found.notes:
        st.caption(escape_markdown(note))
    st.caption(escape_markdown(f"{PERSONS} They are made at the click, and stay in no link and no project."))


def _archive(view: View, choice: ListChoice, found: TargetList, forecast: Scenario | None) -> bytes:
    return archive(list_files(found, view, choice, date.today(), forecast))


def _preview(view: View, found: TargetList) -> None:
    labels = offered(view)
    titles = {name: labels[name] for name in found.rows if name in labels and name != WHY}
    st.caption(f"The first {min(PREVIEW, found.contacted)} of {count(found.contacted)}")
    st.dataframe(
        found.rows.head(PREVIEW), hide_index=True, width="stretch", alt="The first customers of the list",
        column_config=titles
        | {
            CERTAINTY: st.column_config.NumberColumn(labels.get(CERTAINTY), format="percent"),
            WHY: st.column_config.TextColumn(labels[WHY], width=700),
            RANK: st.column_config.NumberColumn(width=60),
        },
    )  # fmt: skip


def _balance(view: View, found: TargetList) -> None:
    """How far the groups are apart, the furthest first; none without a control group."""
    if found.balance.empty:
        return
    with st.expander("Are both groups alike?", icon=":material/balance:"):
        furthest = found.balance["difference"].abs().sort_values(ascending=False, kind="stable").index[:PREVIEW]
        table = found.balance.loc[furthest]
        shares = table["value"] != ""
        shown = {
            "What": [_what(view, *row) for row in zip(table["column"], table["value"], strict=True)],
            **({"Group": table["arm"]} if len(found.split.arms) > 1 else {}),
            CONTACT: _written(table["in_arm"], shares),
            CONTROL: _written(table["in_control"], shares),
            "Difference": [coefficient(one) for one in table["difference"]],
            "By chance": [f"±{coefficient(one)}" for one in table["by_chance"]],
        }  # fmt: skip
        st.dataframe(
            shown, hide_index=True, width="stretch", alt="How far contacted and held out customers are apart",
            column_config={
                "Difference": st.column_config.TextColumn(
                    help="In standard deviations: from 0.1 on groups are called different."
                ),
                "By chance": st.column_config.TextColumn(help="How far the furthest goes by chance, 19 times of 20."),
            },
        )  # fmt: skip
        st.caption("The furthest apart; all are in balance.csv of the download.")


def _what(view: View, column: str, value: str) -> str:
    label = SEGMENT if column == CLUSTER else view.text(column)
    return f"{label}: {value}" if value else label


def _written(values: Iterable[float], shares: Iterable[bool]) -> list[str]:
    return [share(value) if is_share else number(value) for value, is_share in zip(values, shares, strict=True)]


def _said(error: DataError) -> str:
    pointer = error.pointer().splitlines() if isinstance(error, MeasureError) else []
    return "\n".join([escape_markdown(str(error)), "", *(f"    {line}" for line in pointer)])


@session_cache(st.cache_resource, everybody=8, own=2, show_spinner="Making the list…")
def _list(key: str, _view: View, _choice: ListChoice) -> TargetList:  # noqa: ARG001
    return target_list(_view, _choice, partial(_tree, written(_view.made_from), _view))


@session_cache(st.cache_resource, everybody=16, own=4, show_spinner="Finding rules…")
def _tree(key: str, _view: View) -> Tree | None:  # noqa: ARG001
    rows = rows_of(_view.study)
    return short_tree(rows.customers, rows.columns, _view.segments)
