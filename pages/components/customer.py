"""The audit of one customer on the Data page: from the source to the segment."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.audit import Audit, follow, read_again
from core.customer_base import rows_of
from core.errors import DataError
from core.sources.source import Source
from pages.components.session_cache import session_cache
from pages.components.source import shown_sources
from pages.components.text import card_title, escape_markdown
from pages.components.view import View, written
from pages.components.worker import in_worker

TYPED = "audit"
TITLES = {
    "file": "File", "column": "Column", "text": "Text", "before": "Before", "after": "After",
    "note": "What was done", "flag": "Flag", "result": "Result", "clause": "Clause of the rule", "value": "Value",
    "holds": "Holds", "cluster": "Segment", "name": "Name", "outcome": "Outcome", "reason": "Reason",
    "raw_text": "Text of the row", "distance": st.column_config.NumberColumn("Distance", format="%.3f"),
}  # fmt: skip


def audit_card(view: View) -> None:
    """A box for a customer id, and the record of that customer; the sources are read again for it."""
    with st.container(border=True):
        card_title("Look into one customer")
        customer = st.text_input("Customer id", key=TYPED, max_chars=100, persist_state="session").strip()
        if not customer:
            st.caption("What was read, what cleaning made of it, which rules fired, how far each segment is.")
            return
        try:
            file_and_segment_names = repr((view.study.files, view.segments.names))
            audit = _audit((written(view.made_from), file_and_segment_names), customer, shown_sources(), view)
        except DataError as error:
            st.info(escape_markdown(str(error)), icon=":material/person_off:")
            return
        _show(audit)


def _show(audit: Audit) -> None:
    st.markdown(f"Customer **{escape_markdown(audit.customer)}**: {escape_markdown(audit.standing)}.")
    left, right = st.columns(2)
    with left:
        _table("As it was read", audit.raw, audit.position)
    with right:
        _table("What cleaning made of it", audit.changes)
    _table("Rules", audit.flags)
    _table("Distance to the centre of each segment, in standardised units", audit.distances)
    _table("Rejected rows of this id", audit.rejected, audit.position)


def _table(title: str, table: pd.DataFrame, position: str = "line") -> None:
    if len(table):
        titles = {**TITLES, "line": position.capitalize()}
        st.caption(title)
        st.dataframe(table, hide_index=True, column_config={name: titles[name] for name in table}, alt=title)


@session_cache(st.cache_data, everybody=8, own=8, show_spinner="Reading the files again…")
def _audit(key: tuple[str, str], customer: str, _sources: Sequence[Source], _view: View) -> Audit:  # noqa: ARG001
    study, size = rows_of(_view.study), sum(source.size for source in _sources)
    reading = in_worker(read_again, _sources, study.rules, customer, name=", ".join(study.files), size=size)
    return follow(reading, study, _view.segments, customer)
