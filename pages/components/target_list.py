"""The button that exports the audience as a list of customers to contact, and its dialog."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from core import figures
from core.customer_base import rows_of
from core.errors import DataError, MeasureError
from core.figures import coefficient, count, number, share
from core.schema import CERTAINTY, CLUSTER, CURRENCY, titled
from core.segments.threshold_tree import Tree, short_tree
from core.strategy.audience import Audience
from core.strategy.campaign import Campaign
from core.strategy.scenario import Scenario
from core.targets.assignment import CONTACT, CONTROL, DEFAULT_SHARE, LONGEST_SALT, Split
from core.targets.choice import (
    RANK,
    SEGMENT,
    WHY,
    ListChoice,
    default_columns,
    default_salt,
    offered,
    rankings,
    why_no_list,
)
from core.targets.files import PERSONS, ZIP_NAME, archive, describe, list_files
from core.targets.target_list import TargetList, target_list
from pages.components.help import help_link
from pages.components.session_cache import session_cache
from pages.components.text import escape_markdown
from pages.components.view import View, written

OPENED = "list opened"  # session state: the button that was clicked
STAYS = {"persist_state": "session"}  # keeps its value while the dialog is closed; none is in a link
BEST, BUDGET, ALL = "The best", "As a budget pays", "Everybody"
NONE_HELD, BY_SHARE, BY_UPLIFT = "None", "A share", "To show an uplift"
FORMULA = ""  # among the columns that rank: a formula of the analyst's
TOP, COST, BUDGET_START = 50, 5.0, 1000.0
PREVIEW = 10  # rows
BASELINE, UPLIFT = 2.0, 2.0  # % and points, until the analyst gives others
HELD_OUT = (
    "Customers drawn at random from this audience who are not contacted. Afterwards they tell what the contact "
    "brought, because the two groups differ in nothing else."
)
SALT = (
    "The draw follows this text and the customer's id alone: with the same text a customer is on the same side next "
    "month, too. Keep it for the next list of a campaign, change it for another campaign."
)


@dataclass(frozen=True)
class Simulated:
    """The campaign of the simulation, to the audience that it was worked out for."""

    audience: Audience
    campaign: Campaign
    customers: int


def export_button(view: View, simulated: Simulated | None = None) -> None:
    """The button. It says why it is off, where no list can be given."""
    why, key = why_no_list(view), "export campaign" if simulated else "export"
    st.button(
        "Export this audience", icon=":material/contact_mail:", type="tertiary", disabled=bool(why), key=key,
        on_click=_open, args=(key,),
        help=escape_markdown(why or "A list of these customers to contact, with a control group."),
    )  # fmt: skip
    if st.session_state.get(OPENED) == key:
        del st.session_state[OPENED]
        _dialog(view, simulated)


def _open(key: str) -> None:
    st.session_state[OPENED] = key


@st.dialog("Export this audience", width="large", icon=":material/contact_mail:")
def _dialog(view: View, simulated: Simulated | None) -> None:
    with figures.written_as(view.style):
        _export(view, simulated)


def _export(view: View, simulated: Simulated | None) -> None:
    prefix = f"{'campaign list' if simulated else 'list'} {view.study.digest[:8]} "
    head = st.container(gap="xsmall")
    top, bottom = st.columns(2)
    with top:
        size = _size(view, simulated, prefix)
        order = _order(view, prefix)
    with bottom:
        control = _control(simulated, prefix)
        columns = tuple(
            st.multiselect(
                "Columns beside the id", [*(labels := offered(view))], list(default_columns(view)),
                format_func=lambda name: escape_markdown(labels[name]), key=f"{prefix}columns", **STAYS,
            )
        )  # fmt: skip
    more = _more(view, simulated, prefix)
    try:
        split = Split(more.pop("salt"), control.pop("share"), more.pop("arms"))
        choice = ListChoice(
            split, columns=columns, audience=simulated.audience if simulated else None,
            **size, **order, **control, **more,
        )  # fmt: skip
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
    if simulated and simulated.customers:
        forecast = Scenario("Simulated", found.audience, simulated.customers, simulated.campaign)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            escape_markdown(f"{found.audience}. {describe(found, choice, view.label(found.ranked_by))}"),
            width="stretch",
        )
        st.download_button(
            "Download the list", partial(_archive, view, choice, found, forecast), ZIP_NAME, "application/zip",
            icon=":material/download:", type="primary", on_click="ignore", key="download_list",
        )  # fmt: skip
    for note in found.notes:
        st.caption(escape_markdown(note))
    st.caption(escape_markdown(f"{PERSONS} They are made at the click, and stay in no link and no project."))


def _archive(view: View, choice: ListChoice, found: TargetList, forecast: Scenario | None) -> bytes:
    return archive(list_files(found, view, choice, date.today(), forecast))


def _size(view: View, simulated: Simulated | None, prefix: str) -> dict[str, Any]:
    """How many are contacted: the top, or a budget with what a contact costs."""
    campaign = simulated.campaign if simulated else None
    usual = BEST if campaign is None else ALL if campaign.budget is None else BUDGET
    how = st.segmented_control(
        "How many to contact", (BEST, BUDGET, ALL), default=usual, required=True, key=f"{prefix}how", **STAYS
    )
    if how == BEST:
        top = st.number_input("Customers", 1, None, TOP, key=f"{prefix}top", **STAYS)
        return {"top": int(top)}
    if how != BUDGET:
        return {}
    left, right = st.columns(2)
    prices = view.starts.prices
    budget = left.number_input(
        titled("Budget", CURRENCY, view.currency), 0.0, None,
        campaign.budget if campaign and campaign.budget is not None else BUDGET_START * prices, key=f"{prefix}budget",
        format="%.0f", **STAYS,
    )  # fmt: skip
    cost = right.number_input(
        titled("Cost of a contact", CURRENCY, view.currency), 0.0, None,
        campaign.contact_cost.likely if campaign else COST * prices, key=f"{prefix}cost", format="%.2f", **STAYS,
    )  # fmt: skip
    return {"budget": budget, "contact_cost": cost}


def _order(view: View, prefix: str) -> dict[str, Any]:
    """What ranks the customers."""
    known = rankings(view)
    titles = view.titles(*known)
    left, right = st.columns([1.5, 1], vertical_alignment="bottom")
    by = left.selectbox(
        "Ranked by", [*known, FORMULA], format_func=lambda name: titles[name] if name else "A formula of mine",
        key=f"{prefix}by", **STAYS,
    )  # fmt: skip
    lowest = right.toggle("Lowest first", key=f"{prefix}lowest", **STAYS)
    if by == FORMULA:
        by = st.text_input(
            "Formula of one customer", key=f"{prefix}formula", placeholder=" * ".join(known[:2]), **STAYS,
            help=escape_markdown(f"Numbers: {', '.join(known) or 'none'}; with + - * / and parentheses."),
        )  # fmt: skip
    return {"by": by, "lowest_first": lowest}


def _control(simulated: Simulated | None, prefix: str) -> dict[str, Any]:
    """How many are held out."""
    campaign = simulated.campaign if simulated else None
    start = campaign.control if campaign else DEFAULT_SHARE
    how = st.segmented_control(
        "Control group", (NONE_HELD, BY_SHARE, BY_UPLIFT), default=BY_SHARE if start else NONE_HELD, required=True,
        key=f"{prefix}control", help=HELD_OUT, **STAYS,
    )  # fmt: skip
    baseline = campaign.baseline.likely if campaign else None
    if how == BY_SHARE:
        held_out = st.number_input(
            "Held out (%)", 0.0, 90.0, min(max(start, 0.01), 0.9) * 100, 5.0, "%.0f", key=f"{prefix}share", **STAYS
        )
        return {"share": held_out / 100, "baseline": BASELINE / 100 if baseline is None else baseline}
    if how != BY_UPLIFT:
        return {"share": 0.0}
    left, right = st.columns(2)
    wished = left.number_input(
        "Uplift to show (points)", 0.1, 100.0, campaign.uplift.likely * 100 if campaign else UPLIFT, 0.5, "%.1f",
        key=f"{prefix}uplift", help="What the contact should add to the conversion, in percentage points.", **STAYS,
    )  # fmt: skip
    without = right.number_input(
        "Convert anyway (%)", 0.0, 100.0, BASELINE if baseline is None else baseline * 100, 0.5, "%.1f",
        key=f"{prefix}baseline", help="Conversion without contact.", **STAYS,
    )  # fmt: skip
    return {"share": 0.0, "uplift": wished / 100, "baseline": without / 100}


def _more(view: View, simulated: Simulated | None, prefix: str) -> dict[str, Any]:
    """A condition, unsure customers, several arms, and the salt."""
    with st.expander("More choices", icon=":material/tune:"):
        left, right = st.columns(2)
        where = left.text_input(
            "Only customers where", key=f"{prefix}where", placeholder="age >= 40 and is_mass_affluent", **STAYS,
            help="A condition, as in a measure: columns, comparisons, and, or.",
        )  # fmt: skip
        arms = right.text_input(
            "Kinds of contact to compare", key=f"{prefix}arms", placeholder=CONTACT, **STAYS,
            help="Names with commas between, such as Mail, Call: each gets an even share at random.",
        )  # fmt: skip
        salt = left.text_input(
            "Salt of the draw", default_salt(view.study.digest, view.saved), LONGEST_SALT, key=f"{prefix}salt",
            help=SALT, **STAYS,
        )  # fmt: skip
        why = view.why_no_certainty
        sure = right.toggle(
            "Leave out unsure customers", key=f"{prefix}sure", disabled=bool(why) or simulated is not None, **STAYS,
            help=escape_markdown(why) or ("As the simulation has it." if simulated else None),
        )  # fmt: skip
        help_link("target_lists")
    names = tuple(name for one in arms.split(",") if (name := one.strip())) or (CONTACT,)
    return {"salt": salt, "arms": names, "where": where.strip(), "sure_only": sure and simulated is None}


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
