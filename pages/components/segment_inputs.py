"""The inputs of a campaign by segment, in a table to edit."""

from typing import Any

import streamlit as st

from core.project import names_key
from core.schema import CLUSTER
from core.strategy.audience import Group
from core.strategy.campaign import INPUTS, Campaign
from core.strategy.segment_inputs import SETTABLE, Own, OwnInputs, edited, table_of
from core.views.charts import label
from pages.components.view import View

CHANGED = "inputs by segment changed"
STORED = "inputs by segment"  # session state: segments (`names_key`) → group → label → input → likely value


def own_inputs(view: View) -> OwnInputs:
    """The inputs that the analyst gave these very segments."""
    found: OwnInputs = st.session_state.get(STORED, {}).get(_key(view), {})
    return found


def segment_inputs(view: View, group: Group, campaign: Campaign, segments: list[str]) -> None:
    """The table of a group's inputs by segment; a change of a cell is kept at once."""
    if st.session_state.pop(CHANGED, False):
        st.rerun()  # the whole app: undo and the project have the inputs, and this section reruns alone
    own = own_inputs(view).get(group, {})
    table = table_of(segments, campaign, own)
    shown = table.assign(**{CLUSTER: [label(one, view.segments.names) for one in segments]})
    key = f"inputs of segments {group} {hash(repr((_key(view), table.to_dict('list'))))}"
    st.caption(
        f"{group}, by segment: a cell that you do not change follows the input above. An input that a segment has for "
        "itself is drawn for itself, too."
    )
    st.data_editor(
        shown, hide_index=True, disabled=[CLUSTER], key=key, width="stretch", on_change=_edit,
        args=(key, _key(view), group, campaign, segments), column_config=_columns(view.currency),
    )  # fmt: skip


def _columns(currency: str) -> dict[str, Any]:
    numbers = {
        name: st.column_config.NumberColumn(
            INPUTS[name].title(currency), min_value=0, max_value=INPUTS[name].most / INPUTS[name].scale,
            help=INPUTS[name].help,
        )
        for name in SETTABLE
    }  # fmt: skip
    return {CLUSTER: "Segment", **numbers}


def _edit(key: str, segments_key: str, group: Group, campaign: Campaign, segments: list[str]) -> None:
    """Keep what was edited; a callback. What is stored stays as it is, since a step that can be undone has it."""
    stored: dict[str, dict[str, Own]] = st.session_state.get(STORED, {})
    by_group = stored.get(segments_key, {})
    own = by_group.get(group, {})
    changes = st.session_state[key]["edited_rows"]
    changed = edited(table_of(segments, campaign, own), changes, campaign, own)
    st.session_state[STORED] = stored | {segments_key: by_group | {group: changed}}
    st.session_state[CHANGED] = True


def _key(view: View) -> str:
    return names_key("" if view.saved else view.study.identity, view.segments)
