"""The strategy simulation: audience, campaign, its outcome and how certain that is."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import figures
from core.figures import between
from core.schema import CLUSTER, CURRENCY, titled
from core.strategy.audience import Group
from core.strategy.campaign import Campaign
from core.strategy.control import describe_control
from core.strategy.funding import ALL, describe_inputs, describe_tie, differ, fund, pools, relative_values
from core.strategy.priority import describe_first, with_draws
from core.strategy.uncertainty import DRAWS, LEVEL, Forecast, forecast, sensitivity
from core.targets.words import describe_audience
from core.views import campaigns, tables
from core.views.charts import label
from core.views.suppress import MINIMUM
from pages.components import cards
from pages.components.audience import audience_inputs
from pages.components.campaign import all_campaigns, are_made_up, campaign_inputs, renew, start_of
from pages.components.fairness import fairness_panel, selection_rates, warn
from pages.components.help import help_link
from pages.components.link import IN_LINK
from pages.components.list_choices import Simulated
from pages.components.number_table import Number, number_table
from pages.components.scenarios import MONEY, money_columns, scenarios_card
from pages.components.segment_inputs import own_inputs, segment_inputs
from pages.components.target_list import export_button
from pages.components.text import card_title, escape_markdown
from pages.components.view import View

TABS, FUNDING = "simulation_tab", "Whom to fund first"
BUDGET = 5000.0  # for all audiences, in the prices of a dollar
BUDGET_KEY, BUDGET_START = "budget_for_all", "budget start"


@st.fragment
def simulation(view: View) -> None:
    """The section of the simulation; it reruns alone, and its inputs stay when the page is left."""
    with figures.written_as(view.style):
        _simulation(view)


def _simulation(view: View) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Strategy simulation", anchor=False, width="content")
        help_link("simulation")
    left, right = st.columns([1, 1.25])
    with left, st.container(border=True):
        card_title("Who is addressed, and how")
        chosen = audience_inputs(view)
        view, audience, table, customers = chosen.view, chosen.audience, chosen.table, chosen.size
        campaign = campaign_inputs(audience.group, view.currency, view.starts)
        st.caption("Values start from made-up numbers: put in your own.")
    if campaign is None:
        return
    if view.hides(audience, table, chosen.left_out):
        st.info(
            f"This audience is hidden: it has under {MINIMUM} customers, or subtraction would reveal a group that has.",
            icon=":material/visibility_off:",
        )
        return
    outlook = forecast(customers, campaign)
    with right:
        _outcome(customers, campaign, outlook, view.currency)
        if customers:
            export_button(view, Simulated(audience, campaign, customers))
    by_field = {} if view.hide else selection_rates(view, audience)
    warn(view, audience, by_field)
    parts = {
        "What matters most": partial(_tornado, customers, campaign, outlook, view.currency),
        FUNDING: partial(_funding, view, table, audience.group, campaign),
        "Scenarios": partial(
            scenarios_card, describe_audience(view, audience), customers, campaign, view.showable, view.currency
        ),
        "Fair targeting": partial(fairness_panel, view, audience, by_field),
    }
    if view.hide:  # the others show parts of the audience, however small
        parts = {name: parts[name] for name in ("What matters most", "Scenarios")}
    for tab, (name, draw) in zip(st.tabs([*parts], key=TABS, on_change="rerun"), parts.items(), strict=True):
        with tab:
            if name == FUNDING:  # the address drops an input that is not drawn
                draw = partial(draw, *_budget(view))
            if tab.open:
                draw()


def _outcome(customers: int, campaign: Campaign, outlook: Forecast, currency: str) -> None:
    with st.container(border=True):
        card_title("What the campaign brings")
        with st.grid(3, min_column_width=130):
            money = partial(figures.money, currency=currency)
            short = partial(figures.short_if_large, currency=currency)
            for name, (title, form) in _figures(short).items():
                value, low, high = (
                    float(getattr(outcome, name)) for outcome in (outlook.likely, outlook.low, outlook.high)
                )
                written, interval = form(value), between(form, low, high)
                whole = money(value), between(money, low, high)  # where the card is short
                hint = f"{whole[0]} ({whole[1]})" if form is short and whole != (written, interval) else None
                st.metric(title, written, interval, **cards.QUIET, help=escape_markdown(hint) if hint else None)
        if not customers:
            st.info("Nobody is in this audience: choose another, or other segments.", icon=":material/group_off:")
            return
        level, draws, loss = figures.share(LEVEL, 0), figures.count(DRAWS), figures.share(outlook.chance_of_loss, 0)
        st.caption(
            f"Of {figures.count(customers)} in the audience, at the likely inputs; below each figure its {level} "
            f"interval from {draws} draws of the ranges. A loss in {loss} of the draws."
        )
        st.caption(describe_control(campaign, outlook.likely))


def _figures(money: Callable[[float], str]) -> dict[str, tuple[str, Callable[[float], str]]]:
    """Figure of an outcome → title and how it is written."""
    return {
        "reached": ("Customers reached", figures.count),
        "conversions": ("Incremental conversions", figures.number),
        "cost": ("Cost", money),
        "net_value": ("Net value", money),
        "roi": ("Return on investment", lambda value: figures.share(value, 0)),
        "break_even_conversion": ("Break-even conversion", figures.rate),
    }


def _tornado(customers: int, campaign: Campaign, outlook: Forecast, currency: str) -> None:
    cards.chart(
        "What the net value depends on most",
        campaigns.tornado(sensitivity(customers, campaign, currency), float(outlook.likely.net_value), currency),
        "Tornado chart: net value with one input at its low and at its high value, the others likely",
        missing="No input has a range, or nobody is in the audience.",
    )


def _budget(view: View) -> tuple[DeltaGenerator, float, bool]:
    """The card of `_funding`, and its inputs: the budget, and whether the value of a conversion follows the segment."""
    card = st.container(border=True)
    left, right = card.columns(2, vertical_alignment="bottom")
    start = BUDGET * view.starts.prices
    renew(BUDGET_KEY, st.session_state.get(BUDGET_START, start), start)
    st.session_state[BUDGET_START] = start
    budget = left.number_input(
        titled("Budget for all audiences", CURRENCY, view.currency), 0.0, None,
        start_of(BUDGET_KEY, start), start / 5, "%.0f", key=BUDGET_KEY, **IN_LINK,
    )  # fmt: skip
    follows = view.has(view.value) and right.toggle(
        escape_markdown(f"Value follows average {view.label(view.value)}"), key="value_follows", **IN_LINK,
        help="A conversion is worth more in a segment whose average is higher, in proportion.",
    )  # fmt: skip
    return card, budget, follows


def _funding(
    view: View, table: pd.DataFrame, group: Group, campaign: Campaign, card: DeltaGenerator, budget: float,
    follows: bool,
) -> None:  # fmt: skip
    """Which segments × groups to pay for first under one budget."""
    with card:
        by_cluster = view.table(tables.by_cluster, view.decimals(view.value))
        values = relative_values(by_cluster, view.value) if follows else None
        with st.expander("Inputs by segment", icon=":material/edit:", key="by_segment", on_change="rerun") as section:
            if section.open:
                segment_inputs(view, group, campaign, list(dict.fromkeys(table[CLUSTER].astype("str"))))
        own, campaigns = own_inputs(view), all_campaigns(view.starts)
        by_segment, made_up = differ(values, own), are_made_up(view.starts) and not differ(None, own)
        if said := describe_inputs(by_segment=by_segment, made_up=made_up):
            st.info(said, icon=":material/edit_note:")
        if made_up and not by_segment:
            return
        plan = with_draws(fund(pools(table, campaigns, values, own), budget), campaigns, values, own)
        if first := describe_first(plan, view.currency):
            st.markdown(f"**{escape_markdown(first)}**")
        columns = _columns(view.currency)
        number_table(_readable(plan, [*columns], view), columns, width="stretch")
        money = partial(figures.money, currency=view.currency)
        spent, net = plan["cost"].sum(), plan["net_value"].sum()
        st.caption(
            escape_markdown(
                f"{money(spent)} of {money(budget)} is spent and brings {money(net)} "
                "net, by falling net value for their cost, at the likely inputs last set for each group. "
                f"Those that bring no net value get nothing. {describe_tie(plan)}"
            )
        )


def _columns(currency: str) -> dict[str, Any]:
    """The configuration of the columns, in their order."""
    return {
        "customers": Number("Customers"),
        "per_cost": Number(f"Net value per {currency}" if currency else "Net value over cost", "ratio"),
        "first": Number("First", "percent"),
        "funded": st.column_config.ProgressColumn("Funded", min_value=0, max_value=1, format="percent"),
        "reached": Number("Reached"),
        **money_columns(MONEY, currency),
    }


def _readable(plan: pd.DataFrame, columns: list[str], view: View) -> pd.DataFrame:
    names = plan[CLUSTER].map(lambda one: "All segments" if one == ALL else label(one, view.segments.names))
    shown = plan[columns].round({"reached": 0, "first": 2} | dict.fromkeys(MONEY, 0)).replace(-0.0, 0.0)
    return shown.assign(Segment=names, Group=plan["pool"])[["Segment", "Group", *columns]]
