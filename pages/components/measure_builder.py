"""Pick a formula instead of typing it: what, of which column, where; it is written into the formula's box."""

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from core.measures.builder import COMPARISONS, FUNCTIONS, Test, formula, pickable
from core.measures.columns import Columns, numbers
from core.schema import CLUSTER
from pages.components.text import escape_markdown
from pages.components.view import View

WHAT, OF, WHERE = "measure_what", "measure_of", "measure_where"
FORMULA, FORMAT = "measure_formula", "measure_format"
DEFAULT: Final = "mean"
Write = dict[str, Any]  # `on_change` and its arguments, which every box of the builder has


def builder(view: View, columns: Columns) -> None:
    """The boxes to pick from; each change writes the formula and its format."""
    known, labels = pickable(columns), _labels(view)
    write: Write = {"on_change": _write, "args": (view, known)}
    what, of = st.columns([1, 1.6])
    function = what.selectbox("What", [*FUNCTIONS], [*FUNCTIONS].index(DEFAULT), FUNCTIONS.__getitem__, WHAT, **write)
    if function != "count":
        offered = [*known] if function == "share" else numbers(known)
        picked = of.selectbox("Of which", offered, None, labels, OF, placeholder="Pick a column", **write)
        if function == "share" and picked:
            _test(picked, known, write, "share")
    chosen = st.multiselect("Where", [*known], format_func=labels, key=WHERE, placeholder="All customers", **write)
    for column in chosen:
        _test(column, known, write, "where", labels(column))


def _labels(view: View) -> Callable[[str], str]:
    return lambda column: "Segment" if column == CLUSTER else view.text(column)


def _test(column: str, columns: Columns, write: Write, part: str, label: str = "") -> None:
    """The box for what a column must be: some of its values, or how its number compares."""
    values, label = columns[column], escape_markdown(label or "that is")
    if not isinstance(values, int):
        st.multiselect(label, values, key=_key(part, column), placeholder="Pick values", **write)
        return
    how, bound = st.columns([1, 1.6], vertical_alignment="bottom")
    how.selectbox(label, [*COMPARISONS], format_func=COMPARISONS.__getitem__, key=f"{_key(part, column)} how", **write)
    bound.number_input(label, value=None, key=_key(part, column), label_visibility="hidden", **write)


def _write(view: View, columns: Columns) -> None:
    """Write what is picked into the box of the formula; nothing while a part of it is not picked yet."""
    function, column = st.session_state[WHAT], st.session_state.get(OF) or ""
    tests = {name: _tested(name, columns, "where") for name in st.session_state.get(WHERE, ()) if name in columns}
    share = _tested(column, columns, "share") if column in columns else ()
    offered = columns if function == "share" else numbers(columns)
    if text := formula(function, column if column in offered else "", share, tests, columns):
        st.session_state[FORMULA] = text
        money = function in ("mean", "sum") and view.sign(column)
        st.session_state[FORMAT] = "%" if function == "share" else "money" if money else "number"


def _tested(column: str, columns: Columns, part: str) -> Test:
    key = _key(part, column)
    picked = st.session_state.get(key)
    if not isinstance(columns[column], int):
        return tuple(picked or ())
    return () if picked is None else (st.session_state[f"{key} how"], picked)


def _key(part: str, column: str) -> str:
    return f"measure {part} {column}"
