"""What the analyst chooses in the dialog of a target list: how many, ranked by what, a control group, and more."""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.schema import CURRENCY, titled
from core.strategy.audience import Audience
from core.strategy.campaign import Campaign
from core.targets.assignment import CONTACT, DEFAULT_SHARE, LONGEST_SALT
from core.targets.choice import default_columns, default_salt, offered, rankings
from pages.components.help import help_link
from pages.components.text import escape_markdown
from pages.components.view import View

STAYS = {"persist_state": "session"}  # keeps its value while the dialog is closed; none is in a link
BEST, BUDGET, ALL = "The best", "As a budget pays", "Everybody"
NONE_HELD, BY_SHARE, BY_UPLIFT = "None", "A share", "To show an uplift"
FORMULA = ""  # among the columns that rank: a formula of the analyst's
TOP, COST, BUDGET_START = 50, 5.0, 1000.0
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
    size: int


def list_choices(view: View, simulated: Simulated | None) -> dict[str, Any]:
    """The inputs; their values stay while the dialog is closed, and are of these customers alone.

    Returns
    -------
    dict
        Fields of `ListChoice`, with salt, share and arms in place of the split.
    """
    prefix = f"{'campaign list' if simulated else 'list'} {view.study.digest[:8]} "
    left, right = st.columns(2)
    with left:
        found = _size(view, simulated, prefix) | _order(view, prefix)
    with right:
        found |= _control(simulated, prefix) | {"columns": _columns(view, prefix)}
    return found | _more(view, simulated, prefix)


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
    if not (known := rankings(view)):
        return {}
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


def _columns(view: View, prefix: str) -> tuple[str, ...]:
    labels = offered(view)
    return tuple(
        st.multiselect(
            "Columns beside the id", [*labels], list(default_columns(view)),
            format_func=labels.__getitem__, key=f"{prefix}columns", **STAYS,
        )
    )  # fmt: skip


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
