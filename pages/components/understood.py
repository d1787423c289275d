"""What was understood of the files: one line where that is sure, else a panel in which it is confirmed or changed."""

from collections.abc import Mapping, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.countries.currencies import currencies
from core.countries.decide import AUTO, NONE
from core.figures import count
from core.intake.rows.decide import ROWS as WAYS
from core.intake.rows.decide import rows_decided
from core.money import code_for
from core.questions import Question
from core.territories.match import OFF
from core.territories.territories import Fit
from core.understanding import (
    BORDERS,
    FEATURES,
    PLACE,
    ROWS,
    SCALED,
    UNUSED,
    WEALTH,
    Finding,
    about,
    confirmation,
    findings,
    in_one_line,
)
from pages import PAGES, TITLE
from pages.components.band import band_editor
from pages.components.checked import check, checked
from pages.components.country import country_choice
from pages.components.decisions import current_intake, decide
from pages.components.help import help_link
from pages.components.session_cache import is_upload
from pages.components.text import card_title, escape_markdown
from pages.components.view import View

OPEN = "understood open"  # session state: the reading that is open to be changed
WIDTHS = (1, 3, 2)  # of a line: what, how it was understood, the input that changes it
WAY, COUNTRY, PICKED, MATCHED = (
    "understood rows", "understood country", "understood features", "understood borders",
)  # fmt: skip
MONEY = "understood currency"
DECIDE = "Decide by the file"
DATA = PAGES["data"][0]


def understood_card(view: View, head: DeltaGenerator) -> None:
    """For page 1: the panel where a doubt is open, a line for other own files, nothing for the sample.

    It stands below the charts, so that a badge in the `head` says that there is a doubt to settle.
    """
    found = findings(view.study, view.segments)
    if _is_doubtful(view, found):
        head.badge("Check what we understood, below", icon=":material/fact_check:", color="orange")
    if is_upload() or _is_open(view, found):
        _panel_or_line(view, found, on_data_page=False)


def understood_panel(view: View) -> None:
    """For the Data page: the panel, with examples from the files, or a line."""
    found = findings(view.study, view.segments)
    _panel_or_line(view, found, on_data_page=True)


def currency_names() -> dict[str, str]:
    """The currencies to choose from, by code: deciding first, none, then as `data/currencies.csv` has them."""
    signs = {code: f"{code} {one.sign}" if one.sign not in ("", code) else code for code, one in currencies().items()}
    return {AUTO: "Decide by the values", NONE: "None"} | signs


def _panel_or_line(view: View, found: Sequence[Finding], *, on_data_page: bool) -> None:
    if _is_open(view, found):
        _panel(view, found, on_data_page=on_data_page)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f":material/fact_check: {escape_markdown(in_one_line(found))}", width="content")
        if view.study.rows is not None:
            st.button("Change", type="tertiary", icon=":material/edit:", key="understood change", on_click=_open,
                      args=(view.study.identity,))  # fmt: skip


def _is_open(view: View, found: Sequence[Finding]) -> bool:
    """Whether the analyst opened the panel, or has yet to confirm a doubt."""
    opened = view.study.rows is not None and st.session_state.get(OPEN) == view.study.identity
    return opened or _is_doubtful(view, found)


def _is_doubtful(view: View, found: Sequence[Finding]) -> bool:
    """Whether there is a doubt that the analyst has yet to confirm."""
    if view.study.rows is None:
        return False
    known = {*checked(), *(view.saved.rules.checked if view.saved else ())}
    return any(one.doubts for one in found) and confirmation(view.study, found) not in known


def _panel(view: View, found: Sequence[Finding], *, on_data_page: bool) -> None:
    examples = on_data_page and not view.hide  # they are cells of customers
    with st.container(border=True):
        card_title("What we understood")
        for one in found:
            wide = one.key == FEATURES and not view.saved  # the input shows what was understood
            what, *others = st.columns((1, 5) if wide else WIDTHS, vertical_alignment="center", gap="small")
            what.markdown(escape_markdown(one.label))
            with others[0]:
                _finding(view, one, examples=examples, text=not wide)
            with others[-1]:
                if one.key == WEALTH and not on_data_page:
                    st.caption("Beside the title above.")  # one editor on a page
                else:
                    CHANGES[one.key](view)
        for question in view.study.questions:
            _question(question, examples=examples)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button("Looks right", type="primary", icon=":material/check:", key="understood right",
                      on_click=_confirm, args=(confirmation(view.study, found),))  # fmt: skip
            st.caption("Kept for next month's file of the same columns: in the link, the rules and the model.")
        help_link("understanding")


def _finding(view: View, one: Finding, *, examples: bool, text: bool) -> None:
    """What was understood, its doubts, and samples of its columns."""
    if text:
        st.markdown(escape_markdown(one.text))
    asked = {question.text for question in view.study.questions}  # below
    for doubt in one.doubts:
        if doubt not in asked:
            st.caption(f":material/help: {escape_markdown(doubt)}")
    if not examples:
        return
    samples = {match.header: match.samples for source in view.study.sources for match in source.matches}
    for header in one.headers if one.key == WEALTH or one.doubts else ():
        st.caption(escape_markdown(f"{header}: {' · '.join(samples.get(header, ()))}"))


def _question(question: Question, *, examples: bool) -> None:
    """A short question; the answer goes into the rules. Previews and samples show customers: not on a dashboard."""
    field = question.key.removeprefix("intake.")
    options = {option.value: option for option in question.options}
    key = f"answer {question.key} {question.about}"
    st.session_state.setdefault(key, question.proposal)
    st.radio(
        escape_markdown(question.text), options, key=key, format_func=lambda value: options[value].label,
        captions=[escape_markdown(one.preview) for one in options.values()] if examples else None,
        on_change=_answer, args=(field, key),
    )  # fmt: skip
    if examples and question.sample:
        st.code("\n".join(question.sample), language=None, wrap_lines=True)


def _change_rows(view: View) -> None:
    """What a row is can be changed where customers have several, or where it was said before."""
    chosen = current_intake().rows
    asked = any(about(question) == ROWS for question in view.study.questions)
    if asked or (chosen == AUTO and not rows_decided(view.study.sources)):
        return
    names = {AUTO: DECIDE} | {way: what[:1].upper() + what[1:] for way, (what, _) in WAYS.items()}
    st.session_state[WAY] = chosen
    st.selectbox("What a row is", names, key=WAY, format_func=names.get, label_visibility="collapsed",
                 on_change=_answer, args=("rows", WAY))  # fmt: skip


def _change_features(view: View) -> None:
    study = view.study.rows
    if study is None or view.saved:
        st.caption("By the saved model.")
        return
    titles = {column.name: column.label for column in study.columns} | study.counting
    possible = tuple(dict.fromkeys((*study.candidates, *study.answers, *study.possible_categories, *study.counting)))
    st.session_state[PICKED] = [name for name in view.segments.made_of if name in possible]
    scaled = {name: SCALED.get(how, "") for name, how in view.segments.scalings.items()}
    further = study.defaults.categories if view.features.categories else ()
    usual = (*study.default_features, *further)
    st.multiselect("Features", possible, key=PICKED, format_func=lambda name: titles[name] + scaled.get(name, ""),
                   label_visibility="collapsed", on_change=_take_features, args=(usual,))  # fmt: skip


def _change_place(view: View) -> None:
    country_choice(view.study, COUNTRY, label=False)
    _change_currency(view)


def _change_currency(view: View) -> None:
    money, chosen = currency_names(), current_intake().currency
    money[AUTO] = f"Currency: decided {code_for(view.study) or 'none'}" if chosen == AUTO else DECIDE
    st.session_state[MONEY] = chosen
    st.selectbox("Currency", money, key=MONEY, format_func=money.get, label_visibility="collapsed",
                 on_change=_answer, args=("currency", MONEY))  # fmt: skip


def _change_borders(view: View) -> None:
    if view.study.rows is None:
        return
    choices: dict[str, tuple[str, ...]] = {DECIDE: (), "Do not draw them": (OFF,)}
    choices |= {_fit(fit): (fit.property, fit.header) for fit in view.study.territories.options}
    labels = {choice: label for label, choice in choices.items()}
    st.session_state[MATCHED] = labels.get(current_intake().borders, DECIDE)
    st.selectbox("Borders", choices, key=MATCHED, label_visibility="collapsed",
                 on_change=_take_borders, args=(choices,))  # fmt: skip


def _fit(fit: Fit) -> str:
    return f"“{fit.property}” for “{fit.header}”: {count(fit.matched)} of {count(fit.values)}"


def _change_role(_: View) -> None:
    if st.session_state[TITLE] == DATA:
        st.caption("By the role of the column, in the table below.")
    else:
        st.page_link("pages/data.py", label="Change a column's role", icon=":material/table_view:")


CHANGES = {
    ROWS: _change_rows,
    WEALTH: band_editor,
    FEATURES: _change_features,
    PLACE: _change_place,
    BORDERS: _change_borders,
    UNUSED: _change_role,
}


def _answer(field: str, key: str) -> None:
    decide(**{field: st.session_state[key]})


def _take_borders(choices: Mapping[str, tuple[str, ...]]) -> None:
    decide(borders=choices[st.session_state[MATCHED]])


def _take_features(default: Sequence[str]) -> None:
    """The sidebar's features; none are picked where they are the default ones."""
    picked = st.session_state[PICKED]
    st.session_state["features"] = [] if {*picked} == {*default} else picked


def _open(identity: str) -> None:
    st.session_state[OPEN] = identity


def _confirm(confirmed: str) -> None:
    check(confirmed)
    st.session_state.pop(OPEN, None)
