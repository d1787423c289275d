"""The filters of the sidebar: the first few categories, and those that the analyst adds."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from core.categories import offered
from core.certainty import why_no_certainty
from core.customer_base import CustomerBase
from core.labels import listed
from core.rules import Rules
from core.schema import ADDED, BY_NAME, CLUSTER, FILTERS, SURE, UNKNOWN, YES_NO, in_sentence
from core.segments.model import Model
from core.segments.profile import Segments
from core.views import tables
from core.visuals.option import labels
from pages.components.link import IN_LINK, MORE, filter_key, forget, offer
from pages.components.session_cache import session_cache
from pages.components.source import study_key
from pages.components.text import escape_markdown

AT_FIRST: Final = len(FILTERS)  # as many as the program has of its own


def filters(study: CustomerBase, segments: Segments, saved: Model | None = None) -> dict[str, tuple[str, ...]]:
    """One multi-select per filter; an empty one lets everybody through. `saved` is the model of the segments."""
    values = _options(study_key(study), study.rules.of_rows, study, segments)
    there = [name for name in values if {*values[name]} - {UNKNOWN}]
    first = there[:AT_FIRST]
    chosen = {column: _filter(column, values[column], study) for column in first}
    certain = {} if why_no_certainty(study, segments, saved) else {SURE: YES_NO}
    more = _more([*there[AT_FIRST:], *certain], first, study)
    values = values | certain
    chosen |= {column: _filter(column, values[column], study) for column in more}
    _say_why_not(study, there)
    if not certain:
        offer(filter_key(SURE), [])  # a value of a link waits
    return chosen


def _filter(column: str, values: Sequence[str], study: CustomerBase) -> tuple[str, ...]:
    key, (label,) = filter_key(column), labels([column], study).values()
    # Pills are buttons, and a text of a file in one could be Markdown: only answers and our own groups get them.
    few = column in ADDED or (column in BY_NAME and BY_NAME[column].kind == "yes_no") or {*values} <= {*YES_NO}
    select = st.pills if few else st.multiselect
    more: dict[str, Any] = (
        {"selection_mode": "multi"} if select is st.pills else {"placeholder": "All", "select_all": False}
    )
    offer(key, values)
    picked = select(escape_markdown(label), values, key=key, **more, **IN_LINK)
    return tuple(value for value in picked if value in values)


def _more(names: Sequence[str], first: Sequence[str], study: CustomerBase) -> list[str]:
    """The further categories that the analyst filters by; `first` has a filter already."""
    known = labels(names, study)
    for label in labels(first, study).values():  # of a link that was made where it was none of the first
        forget(MORE, label)
    offer(MORE, names, known.__getitem__)
    if not names:
        return []
    return st.multiselect(
        "More filters", names, key=MORE, format_func=known.__getitem__, placeholder="Choose columns",
        select_all=False, help="Every column of 2 to 50 values, and how sure the segments are.", **IN_LINK,
    )  # fmt: skip


def _say_why_not(study: CustomerBase, there: Sequence[str]) -> None:
    """One line on the usual filters that are not there, and on what a result was not counted by."""
    known = labels([*FILTERS, *study.categories], study)
    absent = [name for name in dict.fromkeys((*FILTERS, *study.categories)) if name not in there]
    uncounted = [name for name in absent if name in study.filled and name not in study.keys(0)]
    lacking = [name for name in absent if name not in uncounted and name not in ADDED]
    for name in absent:
        offer(filter_key(name), [])  # a value of a link waits
    if lacking:
        st.caption(
            escape_markdown(
                f"No filter by {_listed(lacking, known)}: the file has no such column. "
                "If it has one under another name, choose it on the Data page."
            )
        )
    if uncounted:
        st.caption(
            escape_markdown(
                f"No filter by {_listed(uncounted, known)}: this result has no sums "
                "by it. Open the customer files to filter by it."
            )
        )


def _listed(columns: Sequence[str], known: Mapping[str, str]) -> str:
    """`"state, job industry or car ownership"`."""
    return listed([in_sentence(name, known[name]) for name in columns], "or")


@session_cache(st.cache_data, everybody=64, own=4)
def _options(
    key: tuple[str, ...], rules: Rules, _study: CustomerBase, _segments: Segments  # noqa: ARG001
) -> dict[str, list[str]]:  # fmt: skip
    cells = _study.cells(_segments)
    names = [name for name in offered(cells, _study.categories) if name != CLUSTER]
    return tables.options(cells, names)
