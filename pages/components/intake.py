"""The Data page's cards: what was read, what each column is, the applied steps, quality, rejected rows."""

from dataclasses import asdict
from datetime import date

import pandas as pd
import streamlit as st

from core.cleaning.registry import switches
from core.countries.registry import country_of
from core.customer_base import CustomerBase
from core.errors import DataError
from core.figures import count
from core.intake.facts import COUNTRY
from core.intake.roles import ROLES as CHOICES
from core.intake.roles import label_of
from core.rules import from_toml
from core.schema import normalise
from core.study import Study
from core.views.export import to_csv
from core.views.quality import quality_bars
from pages.components import cards
from pages.components.decisions import (
    RulesFile,
    current_intake,
    decide,
    own_choices,
    use_rules_file,
)
from pages.components.number_table import Number, number_table
from pages.components.numbers import KEY as NUMBERS
from pages.components.reading import read_differently, take_back_button
from pages.components.text import card_title, escape_markdown
from pages.components.trail import download_button
from pages.components.upload import box
from pages.components.view import View

UNREAD = "Lines not read"
SAVED, SAVED_MESSAGE = "rules file", "rules message"
SHOWN_ROWS = 50  # of the rejected rows, so that a large file makes no larger page; the download has all
ROLES = dict(reversed({label_of(role): role for role in reversed(CHOICES)}.items()))  # of two alike the first


def sources_card(view: View) -> None:
    """The tables that were read, and the form to read them differently."""
    study = view.study
    with st.container(border=True):
        card_title("What was read")
        number_table(
            _sources(study).drop(columns=["Rows", UNREAD] if view.hide else []),  # how few were rejected
            {
                "Rows": Number(),
                UNREAD: Number(help="Lines that are no row of the table. All rejected rows are listed below."),
            },
            alt="Tables that were read",
        )
        country = country_of(study.country)
        decided = {COUNTRY: "none known", **study.decided} | ({COUNTRY: country.name} if country else {})
        st.caption(escape_markdown(" · ".join(f"{label}: {what}" for label, what in decided.items())))
        if rows := study.rows:
            read_differently(rows.sheets)
            take_back_button("sources")


def _sources(study: CustomerBase) -> pd.DataFrame:
    """A row for each table that was read, and for each file of borders."""
    tables = [
        (
            one.table,
            one.rows,
            one.rejected,
            one.use,
            " · ".join(f"{name}: {what}" for name, what in one.decisions.items()),
        )
        for one in study.sources
    ]
    territories = study.territories
    borders = [(file.name, file.features, file.left_out, *territories.use_of(file)) for file in territories.files]
    return pd.DataFrame([*tables, *borders], columns=["Table", "Rows", UNREAD, "Used as", "Decided"])


def matching_card(study: Study) -> None:
    """Each header with its role, confidence and samples. Roles can be changed, saved and loaded."""
    with st.container(border=True):
        card_title("What each column is")
        matches = [(source.table, match) for source in study.sources for match in source.matches]
        shown = pd.DataFrame(
            {
                "Table": [table for table, _ in matches],
                "Header": [match.header for _, match in matches],
                "Role": [match.label for _, match in matches],
                "Confidence": [match.confidence for _, match in matches],
                "Because": [match.evidence for _, match in matches],
                "Examples": [" · ".join(match.samples) for _, match in matches],
            }
        )
        edited = st.data_editor(
            shown,
            hide_index=True,
            disabled=[name for name in shown if name != "Role"],
            key=f"roles {study.digest} {current_intake()!r}",
            column_config={
                "Role": st.column_config.SelectboxColumn(options=list(ROLES), required=True),
                "Confidence": st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1),
            },
        )
        changed = edited[edited["Role"] != shown["Role"]]
        with st.container(horizontal=True):
            chosen = current_intake().columns
            roles = {normalise(row["Header"]): ROLES[row["Role"]] for _, row in changed.iterrows()}
            st.button(
                "Use these roles", type="primary", disabled=not roles, on_click=decide,
                kwargs={"columns": {**chosen, **roles}},
            )  # fmt: skip
            own = own_choices().get("columns")
            st.button("Back to the proposal", disabled=not own, on_click=decide, kwargs={"columns": {}})
            download_button(
                "Save rules and roles", study.rules.to_toml(), "rules.toml", "application/toml", on_click="ignore"
            )
        _load_rules(study.rules.as_of)


def _load_rules(as_of: date) -> None:
    st.file_uploader(
        "Load saved roles", type=["toml"], key=box(SAVED), on_change=_use_saved,
        args=(as_of,),  # not the study: Streamlit keeps a callback's arguments after the widget is gone
        help="A rules.toml saved before. These files and the next ones are read by it, until it is taken back.",
    )  # fmt: skip
    if message := st.session_state.get(SAVED_MESSAGE):
        st.error(escape_markdown(message))


def _use_saved(as_of: date) -> None:
    st.session_state[SAVED_MESSAGE] = ""
    if (saved := st.session_state[box(SAVED)]) is None:
        use_rules_file(None)
        return
    try:
        rules = from_toml(saved.getvalue(), as_of=as_of, file=saved.name)
        use_rules_file(RulesFile(saved.name, rules.intake, rules.checked))
        st.session_state[NUMBERS] = rules.numbers
    except DataError as error:
        st.session_state[SAVED_MESSAGE] = str(error)


def steps_card(study: Study) -> None:
    """The applied steps in order, and the switches of those that can be turned off."""
    with st.container(border=True):
        steps_table(study)
        off = current_intake().off
        with st.container(horizontal=True):
            for rule in switches():
                st.toggle(
                    rule.label, rule.key not in off, key=f"switch {rule.key} {off}", on_change=_switch_rule,
                    args=(rule.key,), help=rule.does,
                )  # fmt: skip


def steps_table(study: CustomerBase) -> None:
    """The applied steps in order."""
    card_title("Applied steps")
    hidden = ["switch"] if study.rows else ["switch", "example"]  # an example is a cell of one customer
    number_table(
        pd.DataFrame([asdict(step) for step in study.steps]).drop(columns=hidden),
        {
            "title": st.column_config.TextColumn("Step", width="large"),
            "rows_in": Number("Rows in"),
            "rows_out": Number("Rows out"),
            "column": "Column",
            "cells_changed": Number("Cells changed"),
            "example": "Example",
            "warns": "Warning",
        },
        alt="Applied steps with rows in and out and cells changed",
    )


def quality_card(study: CustomerBase) -> None:
    """A chart of the valid, invalid and blank cells of each column."""
    cards.chart(
        "Data quality (share of cells)",
        quality_bars(study.quality) if len(study.quality) else None,
        "Share of valid, invalid and blank cells by column",
        missing="No column was cleaned.",
    )


def rejected_card(study: Study) -> None:
    """The rejected rows, as a table and as a download."""
    with st.container(border=True):
        balance_line(study)
        if not (number := study.rejected_count):
            return
        shown = {
            "reason": st.column_config.TextColumn("Reason", width="large"),  # first: a narrow card cuts what is last
            "line": Number("Line"),
            "file": "File",
            "outcome": "Outcome",
            "raw_text": "Text of the row",
        }
        number_table(
            study.rejected.head(SHOWN_ROWS)[[*shown]],
            shown,
            alt="Rows that are no customers, with the reason",
        )
        if number > SHOWN_ROWS:
            st.caption(f"The first {count(SHOWN_ROWS)}; the download has all.")
        download_button(
            "Download these rows", lambda: to_csv(study.rejected), "rejected_rows.csv", "text/csv", on_click="ignore"
        )


def balance_line(study: CustomerBase) -> None:
    """How many rows became customers, and how many were rejected."""
    number = study.rejected_count
    card_title(f"Rejected rows: {count(number)}")
    joined = f" + {count(study.rows_merged)} joined to a customer" if study.rows_merged else ""
    removed = int(rows.rejected["outcome"].eq("removed").sum()) if (rows := study.rows) else 0
    of_them = f" ({count(removed)} of them removed, as repeats or deceased)" if removed else ""
    st.caption(
        f"{count(study.rows_read)} rows read = {count(study.size)} customers + {count(number)} rejected"
        f"{of_them}{joined}"
    )


def _switch_rule(key: str) -> None:
    off = set(current_intake().off) ^ {key}
    decide(off=tuple(sorted(off)))
