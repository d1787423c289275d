"""Named scenarios of this session: save, compare, delete, download, load."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from core.compare.scenarios import FIGURES, difference
from core.errors import DataError
from core.figures import between, count, money, number, share
from core.schema import CURRENCY, titled
from core.strategy.campaign import Campaign
from core.strategy.scenario import Scenario, compare, from_json, to_json, with_scenario
from core.strategy.uncertainty import LEVEL
from pages.components.number_table import Number, number_table
from pages.components.text import escape_markdown
from pages.components.trail import download_button
from pages.components.upload import box

Scenarios = tuple[Scenario, ...]
STORED, MESSAGE, NAME, UPLOAD = "scenarios", "scenario_message", "scenario_name", "scenario_upload"
CHANGED = "scenarios changed"
MONEY = {"cost": "Cost", "net_value": "Net value", "net_low": "Net value, low", "net_high": "Net value, high"}
COLUMNS = {
    "name": "Scenario",
    "audience": "Audience",
    "customers": Number("Customers"),
    "reached": Number("Reached"),
    "conversions": st.column_config.TextColumn("Incremental conversions"),
    "roi": Number("ROI", "percent"),
    "chance_of_loss": Number("Chance of a loss", "percent"),
}

STAYS = {"persist_state": "session"}  # keeps its value while the tab is closed
ROUNDED = {"reached": 0, "cost": 0, "net_value": 0, "net_low": 0, "net_high": 0, "roi": 2, "chance_of_loss": 2}


def scenarios_card(
    audience: str, customers: int, campaign: Campaign, shown: Callable[[Scenarios], Scenarios] = tuple,
    currency: str = "",
) -> None:  # fmt: skip
    """The scenarios that `shown` lets through; the campaign of the simulation can be saved as another one."""
    if st.session_state.pop(CHANGED, False):
        st.rerun()  # the whole app, since its downloads have the scenarios and this section reruns alone
    stored = st.session_state.get(STORED, ())
    saved = shown(stored)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("Name", key=NAME, placeholder=f"Scenario {len(stored) + 1}", max_chars=60, width=220, **STAYS)
            st.button(
                "Save this scenario", icon=":material/bookmark_add:", key="save_scenario", on_click=_save,
                args=(audience, customers, campaign),
            )  # fmt: skip
            with st.popover("Load", icon=":material/upload:"):
                st.file_uploader("A file scenarios.json", type="json", key=box(UPLOAD), on_change=_load)
        if message := st.session_state.get(MESSAGE):
            st.error(escape_markdown(message), icon=":material/error:")
        if not saved:
            st.caption("None is saved yet. Saved ones stand side by side here, and can be downloaded.")
            return
        number_table(_readable(compare(saved)), COLUMNS | money_columns(MONEY, currency), width="stretch")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            picked = st.selectbox(
                "Scenario", [scenario.name for scenario in saved], key="scenario_picked", width=220, **STAYS
            )
            st.button("Delete", icon=":material/delete:", key="delete_scenario", on_click=_delete, args=(picked,))
            download_button(
                "Download", to_json(saved), "scenarios.json", "application/json", icon=":material/download:",
                on_click="ignore", key="download_scenarios",
            )  # fmt: skip
        if len(saved) > 1:
            _beside(saved, currency)


def _beside(saved: Scenarios, currency: str) -> None:
    """Two of the scenarios to pick, the second less the first in a sentence and a table."""
    by_name = {scenario.name: scenario for scenario in saved}
    names, key = [*by_name], str([*by_name])
    st.markdown("**How much more does one bring than the other?**")
    with st.container(horizontal=True):
        one = st.selectbox("Compare", names, len(names) - 2, key=f"compared {key}", width=220, **STAYS)
        others = [name for name in names if name != one]
        other = st.selectbox("with", others, len(others) - 1, key=f"compared with {one} {key}", width=220, **STAYS)
    found = difference(by_name[one], by_name[other])
    st.markdown(escape_markdown(found.in_words(currency)))
    forms: dict[str, Callable[[float], str]] = {"reached": count, "conversions": number}
    rows = []
    for row in found.table.itertuples(index=False):
        form = forms.get(row.figure, partial(money, currency=currency))
        texts = [form(value) for value in (row.one, row.other, row.difference)]
        rows.append((FIGURES[row.figure], *texts, between(form, row.low, row.high)))
    titles = ["", one, other, "Difference", f"{share(LEVEL, 0)} interval of it"]
    columns = ["figure", "one", "other", "difference", "interval"]
    right = {
        name: st.column_config.TextColumn(escape_markdown(title), alignment="right" if name != "figure" else "left")
        for name, title in zip(columns, titles, strict=True)
    }
    number_table(pd.DataFrame(rows, columns=columns), right, width="stretch", alt=f"{other} less {one}")
    st.caption(
        "Both are drawn together: an input that turns out low is low in both, each within its own range. So the "
        "interval is of the difference, and can be narrower than that of either."
    )


def money_columns(titles: Mapping[str, str], currency: str) -> dict[str, Any]:
    """The configuration of columns of money: name → title, to which the sign is added."""
    return {name: Number(titled(title, CURRENCY, currency)) for name, title in titles.items()}


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    rounded = table.round(ROUNDED).replace(-0.0, 0.0)
    return rounded.assign(conversions=table["conversions"].map(number))


def _save(audience: str, customers: int, campaign: Campaign) -> None:
    saved = st.session_state.get(STORED, ())
    name = st.session_state[NAME].strip() or f"Scenario {len(saved) + 1}"
    try:
        _store(with_scenario(saved, Scenario(name, audience, customers, campaign)))
        st.session_state[NAME] = st.session_state[MESSAGE] = ""
    except DataError as error:
        st.session_state[MESSAGE] = str(error)


def _delete(name: str) -> None:
    _store(tuple(scenario for scenario in st.session_state[STORED] if scenario.name != name))


def _store(scenarios: tuple[Scenario, ...]) -> None:
    st.session_state[STORED], st.session_state[CHANGED] = scenarios, True


def _load() -> None:
    """Add the scenarios of a file, in place of those of the same name."""
    try:
        if (upload := st.session_state[box(UPLOAD)]) is None:
            return
        _store(with_scenario(st.session_state.get(STORED, ()), *from_json(upload.getvalue(), upload.name)))
        st.session_state[MESSAGE] = ""
    except DataError as error:
        st.session_state[MESSAGE] = str(error)
