"""The cards of a campaign's results: figures, charts, whom to contact next, the forecast, and the table."""

from collections.abc import Callable
from functools import partial
from math import isfinite
from typing import Final

import pandas as pd
import streamlit as st

from core import figures
from core.figures import between, count
from core.outcomes.trial import AMOUNT, CONVERTED
from core.outcomes.value import Money
from core.outcomes.words import beside_forecast, forecast_differs, in_points, prices_lacking, whom_next
from core.outcomes.words import each as each_amount
from core.schema import CURRENCY, titled
from core.views.outcomes import qini_curve, uplift_bars
from pages.components import cards
from pages.components.number_table import Number, number_table, wrapped_table
from pages.components.outcomes import Shown
from pages.components.text import card_title, escape_markdown

WHOLE: Final = partial(figures.number, digits=0)  # customers; less than one with three figures
HIDDEN: Final = "Hidden: a segment has few customers in a group."


def kpi_row(shown: Shown) -> None:
    """The uplift, what it comes to, and what it brought in money."""
    result, arm = shown.result, shown.arm
    row, found = result.of_all(arm), result.money(arm)
    size, ends = in_points(row["low"], row["uplift"], row["high"])
    level = figures.share(1 - result.level, 0)
    with_contact, without = figures.share(row["contacted_mean"]), figures.share(row["control_mean"])
    hint = (
        f"{with_contact} of the contacted converted, {without} of the others. {level} interval by Newcombe (1998). "
        f"Chance of as much if contact did nothing: p = {figures.number(row['p'])}."
    )
    kpis = [
        ("Contacted", count(row["contacted"]), f"{count(row['control'])} held out", "Customers as they were assigned."),
        ("Uplift", f"{size} points", ends, hint),
        _kpi("Conversions", found["conversions"], WHOLE, "Extra conversions: the uplift times those contacted."),
    ]
    if AMOUNT in result.trial.measures:
        of_amount = result.of_all(arm, AMOUNT)
        form = partial(each_amount, currency=shown.currency)
        kpis.append(
            ("More each", form(of_amount["uplift"]), between(form, of_amount["low"], of_amount["high"]),
             f"Per customer contacted. {level} interval: {of_amount['method']}. p = {figures.number(of_amount['p'])}.")
        )  # fmt: skip
    short = partial(figures.short, currency=shown.currency)
    value, net, cost = found["value"], found["net_value"], shown.money(found["cost"].estimate)
    ends = partial(figures.short_between, currency=shown.currency)
    costs = (
        f"the cost of {cost}, contacts and incentives" if result.prices.incentive else f"the contacts' cost of {cost}"
    )
    if isfinite(net.estimate):
        hint = f"The extra conversions' value of {shown.money(value.estimate)} less {costs}."
        kpis.append(("Net value", short(net.estimate), ends(net.low, net.high), hint))
        kpis.append(_kpi("Return", found["roi"], partial(figures.share, digits=0), "Net value over the cost."))
    elif isfinite(value.estimate):
        hint = "What the extra conversions are worth."
        kpis.append(("Value", short(value.estimate), ends(value.low, value.high), hint))
    with st.grid(len(kpis), min_column_width=140):
        for label, value, note, hint in kpis:
            st.metric(label, value, note, **cards.QUIET, border=True, height="stretch", help=escape_markdown(hint))


def segments_chart(shown: Shown) -> None:
    """The uplift of each segment with its interval, below that of all."""
    result, measure = shown.result, shown.measure
    rows = shown.rows
    is_rate = measure == CONVERTED
    form = (
        (lambda value: figures.coefficient(value * 100, 1))
        if is_rate
        else partial(each_amount, currency=shown.currency)
    )
    title = "Points more conversions" if is_rate else titled("More per customer", CURRENCY, shown.currency)
    least = result.break_even(shown.arm) if measure == result.decisive else None
    least = least if least and isfinite(least) else None
    chart = uplift_bars(rows, form, title, scale=100 if is_rate else 1, break_even=least)
    together = "Intervals of the segments hold together. " if len(rows) > 2 else ""
    pays = f"Dashed: from {form(least)} on a contact pays." if least else ""
    hidden = "" if shown.everything else "Segments with few customers in a group are hidden."
    cards.chart(
        "What contact brought, by segment" if len(rows) > 1 else "What contact brought", chart,
        "Bars of the uplift with intervals, of all customers and of each segment",
        note=f"{together}{pays} {hidden}".strip(), missing="No group has customers to compare.",
    )  # fmt: skip


def order_chart(shown: Shown) -> None:
    """The Qini curve."""
    title, ranking = "If segments had been contacted in order", shown.rankings[shown.arm, shown.measure]
    if ranking is None or not shown.everything:
        why = "Needs two segments with 20 customers contacted and 20 held out each."
        cards.chart(title, None, "", missing=why if ranking is None else HIDDEN)
        return
    customers = shown.result.trial.size(shown.arm)  # as the card of conversions counts them
    is_rate = shown.measure == CONVERTED
    figure = qini_curve(
        ranking.curve, customers, "Extra conversions" if is_rate else "Extra amount", "" if is_rate else shown.currency
    )
    gain = "brings more than" if ranking.qini.low > 0 else "is not shown to beat"
    form = figures.number if is_rate else shown.money
    with st.container(border=True, height="stretch"):
        card_title(title)
        cards.altair_chart(figure, "Extra conversions by share of the customers contacted, in order and at random")
        rates = (
            f"{name}: {form(one.estimate * customers)} ({between(form, one.low * customers, one.high * customers)})"
            for name, one in (("Qini coefficient", ranking.qini), ("AUTOC", ranking.autoc))
        )
        hint = f"Each half of the customers is ordered by the uplift of the other half. {'. '.join(rates)}."
        caption = (
            f"Of the {count(customers)} contacted. The segment that gained most first {gain} contacting at random."
        )
        st.caption(escape_markdown(caption), help=escape_markdown(hint))


def next_card(shown: Shown) -> None:
    """Whom to contact next, and the budget."""
    with st.container(border=True, height="stretch"):
        card_title("Whom to contact next")
        if not shown.everything:
            st.info(HIDDEN, icon=":material/visibility_off:")
            return
        st.markdown(escape_markdown(whom_next(shown.result, shown.arm, shown.ranking, shown.currency)))
        if lacking := prices_lacking(shown.result):
            st.caption(lacking)


def forecast_card(shown: Shown) -> None:
    """What was forecast by the simulation beside what was measured."""
    with st.container(border=True, height="stretch"):
        card_title("Beside the forecast")
        rows = beside_forecast(shown.result, shown.arm)
        if not rows:
            st.caption(
                "No campaign was simulated for this target list: there is no forecast."
                if shown.result.trial.plan
                else "Drop the whole target list (target_list.zip): it has the forecast, if a campaign was simulated."
            )
            return
        written = [
            (title, _measured(shown, name, measured), _measured(shown, name, planned))
            for name, title, measured, planned in rows
        ]
        level = figures.share(1 - shown.result.level, 0)
        wrapped_table(
            pd.DataFrame(written, columns=["figure", "measured", "forecast"]),
            {"figure": " ", "measured": f"Measured ({level} interval)", "forecast": "Forecast (80% of its draws)"},
            alt="What was measured beside what was forecast",
        )
        for sentence in forecast_differs(shown.result, shown.currency):
            st.caption(escape_markdown(sentence))


def table(shown: Shown) -> None:
    """The figures behind the bars."""
    rows = shown.rows
    is_rate = shown.measure == CONVERTED
    form = (
        (lambda value: figures.coefficient(value * 100, 2))
        if is_rate
        else partial(each_amount, currency=shown.currency)
    )
    each = figures.share if is_rate else partial(each_amount, currency=shown.currency)
    written = rows[["name", "contacted", "control"]].assign(
        with_contact=[each(value) for value in rows["contacted_mean"]],
        without=[each(value) for value in rows["control_mean"]],
        uplift=[form(value) for value in rows["uplift"]],
        interval=[between(form, low, high) for low, high in zip(rows["low"], rows["high"], strict=True)],
        chance=[figures.number(value) for value in rows["p"]],
        pays=[shown.result.said(verdict) for verdict in rows["verdict"]],
    )
    level = "Of each segment by itself less sure than of all: they err together in 5% (Bonferroni)."
    text = partial(st.column_config.TextColumn, alignment="right")
    number_table(
        written,
        {
            "name": "Customers", "contacted": Number("Contacted"), "control": Number("Held out"),
            "with_contact": text("With contact"), "without": text("Without"),
            "uplift": text("Uplift", help="In percentage points." if is_rate else "Per customer."),
            "interval": text("95% interval", help=level),
            "chance": text("p", help="Chance of as much if contact did nothing; times the number of segments."),
            "pays": st.column_config.TextColumn("A contact", help="By the interval, and the prices if known."),
        },
        alt="Uplift of all customers and of each segment",
    )  # fmt: skip


def _measured(shown: Shown, name: str, ends: tuple[float, float, float]) -> str:
    """A figure with its interval as text; a cost that is known has none."""
    likely, low, high = ends
    form = {"conversions": WHOLE, "roi": partial(figures.share, digits=0)}.get(name, shown.money)
    return form(likely) if low == high else f"{form(likely)} ({between(form, low, high)})"


def _kpi(label: str, found: Money, form: Callable[[float], str], hint: str) -> tuple[str, str, str, str]:
    """Label, figure, interval and explanation of a card."""
    return label, form(found.estimate), between(form, found.low, found.high), hint
