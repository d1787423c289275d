"""The editor of the rule of mass affluent, opened where its figures are shown."""

import streamlit as st

from core.intake.flags import about_bounds, describe_mass_affluent
from core.intake.meaning.header import without_unit
from core.rules import AUTO_MEASURE, MassAffluent
from core.schema import titled
from core.study import Study
from core.views import wealth_band
from core.views.suppress import hidden_note
from core.visuals.kpis import KPIS, card
from core.wealth import wealth_columns
from pages.components.cards import altair_chart
from pages.components.flag_rules import VALUATIONS
from pages.components.result import FIXED
from pages.components.session_cache import session_cache
from pages.components.source import study_key
from pages.components.text import escape_markdown
from pages.components.view import View

EDITOR = "band"  # the popover's key
MEASURE, PERCENTS, NUMBERS, VALUATION = (f"band {name}" for name in ("measure", "percents", "numbers", "value"))
MOVED_BY, TURNS = "band moved by", "band turns"  # session state: the input in use, how often each was drawn anew
ENDS = {"min_measure": "From", "max_measure": "To below"}
# The sidebar's inputs for the rule (`flag_rules`) → their values where the app decides.
AUTOMATIC = {
    "measure": AUTO_MEASURE,
    "min_measure": None,
    "max_measure": None,
    "min_valuation": int(MassAffluent().min_property_valuation),
}
MIDDLE = 5, 95  # percentiles offered while small groups are hidden: further ones are numbers of a few


def band_editor(view: View) -> None:
    """A button that opens the editor."""
    tells = view.study.wealth.tells
    box = st.popover(
        "Edit the rule" if tells else "Define mass affluent", icon=":material/tune:", key=EDITOR, on_change="rerun",
        type="tertiary" if tells else "primary",
    )  # fmt: skip
    if box.open:
        with box:
            st.caption(escape_markdown(describe_mass_affluent(view.study.rules, view.study.wealth)))
            _editor(view)


def _editor(view: View) -> None:
    wealth, rows = view.study.wealth, view.study.rows
    if rows is None:
        _count(view)
        _histogram(view, view.study.bin_width(wealth.measure))
        st.caption(FIXED)
        return
    _count(view)
    if wealth.by_segment:
        _edit_valuation(view)
    else:
        _edit_band(view, rows)
    for sentence in about_bounds(wealth):
        st.warning(escape_markdown(sentence), icon=":material/warning:")
    changed = any(st.session_state.get(key) != value for key, value in AUTOMATIC.items())
    st.button("Reset to automatic", icon=":material/restart_alt:", disabled=not changed, on_click=_reset)


def _edit_valuation(view: View) -> None:
    st.session_state[VALUATION] = int(view.study.rules.mass_affluent.min_property_valuation)
    st.number_input(
        "Property valuation from", *VALUATIONS, key=VALUATION, on_change=_take, args=(VALUATION, "min_valuation"),
        help="Of customers whose wealth segment asks for it.",
    )  # fmt: skip


def _edit_band(view: View, study: Study) -> None:
    wealth = study.wealth
    best = [column.name for column in wealth_columns(study.columns)]
    labels = {column.name: column.label for column in study.columns if column.kind == "number"}
    is_open = study.rules.mass_affluent.measure == AUTO_MEASURE
    automatic = f"Automatic: {without_unit(wealth.name) or 'none'}" if is_open else "Automatic"
    names = {AUTO_MEASURE: automatic} | {name: labels[name] for name in dict.fromkeys([*best, *labels])}
    chosen = study.rules.mass_affluent.measure
    st.session_state[MEASURE] = chosen if chosen in names else AUTO_MEASURE
    st.selectbox("Wealth measure", names, key=MEASURE, format_func=names.get, on_change=_take_measure)
    known = _percentiles(study_key(study), wealth.measure, study) if wealth.measure else ()
    if not known:
        st.info("Pick a number that tells how wealthy a customer is.", icon=":material/data_alert:")
        return
    bounds = wealth.measure, wealth.low, wealth.high
    turns = {name: _turn(name, bounds) for name in (PERCENTS, NUMBERS)}
    st.session_state.pop(MOVED_BY, None)
    step, *ends = wealth_band.bins_of(known)
    _histogram(view, step, *ends)
    least, most = MIDDLE if view.hide else (0, wealth_band.PERCENTS)
    at = tuple(min(max(end, least), most) for end in wealth_band.percents_of(wealth.low, wealth.high, known))
    key = f"{PERCENTS} {turns[PERCENTS]}"
    st.slider(
        "By percentiles", least, most, at, key=key, format="%d%%", on_change=_take_percents, args=(key, at, known)
    )
    for column, label, rule, end in zip(st.columns(2), ENDS.values(), ENDS, bounds[1:], strict=True):
        key = f"band {rule} {turns[NUMBERS]}"
        column.number_input(
            titled(label, view.sign(wealth.measure)), value=None if end is None else float(end), key=key, step=step,
            format="%g", placeholder="None", on_change=_take, args=(key, rule),
        )  # fmt: skip


def _turn(name: str, bounds: tuple[str, float | None, float | None]) -> int:
    """How often an input must be drawn anew: when something else has moved the band.

    An input that is drawn anew for what it moved itself would lose the focus, and one that is set from outside could
    send its old value back while the analyst goes on moving the other.
    """
    turns = st.session_state.setdefault(TURNS, {})
    before, turn = turns.get(name, (bounds, 0))
    turns[name] = bounds, turn + (before != bounds and st.session_state.get(MOVED_BY) != name)
    return turns[name][1]


def _histogram(view: View, step: float, *ends: float) -> None:
    """The spread of the measure among all customers, with the band on it."""
    wealth = view.study.wealth
    if not wealth.measure:
        return
    table = view.everybody.table(wealth_band.measure_histogram, wealth.measure, step, *ends)
    if table is None or table.empty:
        why = view.everybody.why_not(wealth_band.measure_histogram, wealth.measure, step, *ends) or hidden_note(table)
        st.caption(why)
        return
    column = view.study.column(wealth.measure)
    sign = column.sign if column else ""
    chart = wealth_band.band_histogram(table, step, wealth.low, wealth.high, title=without_unit(wealth.name), sign=sign)
    altair_chart(chart, f"Customers by {without_unit(wealth.name)}, with the band of the mass affluent")
    if note := hidden_note(table, shares=""):
        st.caption(note)


def _count(view: View) -> None:
    """How many of all customers are mass affluent by the rule."""
    if view.study.wealth.tells and (shown := card(KPIS["mass_affluent"], view.everybody, "overview")):
        st.markdown(f"**{shown.value}** mass affluent · {escape_markdown(shown.note)}")


@session_cache(st.cache_data, everybody=16, own=16)
def _percentiles(key: tuple[str, ...], measure: str, _study: Study) -> tuple[float, ...]:  # noqa: ARG001
    return wealth_band.percentiles(_study.customers[measure])


def _take(key: str, rule: str) -> None:
    st.session_state.update({rule: st.session_state[key], MOVED_BY: NUMBERS})


def _take_measure() -> None:
    """Another measure has another band."""
    st.session_state.update({"measure": st.session_state[MEASURE], "min_measure": None, "max_measure": None})


def _take_percents(key: str, before: tuple[int, int], known: tuple[float, ...]) -> None:
    """The end that was moved; the other one keeps its number, which lies between two percentiles."""
    moved = zip(ENDS, before, st.session_state[key], strict=True)
    st.session_state.update({rule: known[now] for rule, then, now in moved if now != then} | {MOVED_BY: PERCENTS})


def _reset() -> None:
    st.session_state.update(AUTOMATIC)
