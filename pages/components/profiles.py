"""The cards of the Segment profiles page, and the names that the analyst gives."""

import pandas as pd
import streamlit as st

from core.customer_base import CustomerBase, rows_of
from core.figures import count, marked, money, percent, share
from core.project import names_key
from core.schema import CLUSTER, NO_SEGMENT
from core.segments import rule_of_thumb
from core.segments.explain import SMALL, notable
from core.segments.model import Model
from core.segments.names import MATERIAL
from core.segments.profile import Segments
from core.views.palette import colour
from core.views.structure import effects
from core.views.suppress import MINIMUM, hidden_note
from pages.components.cards import altair_chart
from pages.components.number_table import wrapped_table
from pages.components.remarks import on_segment, remark_button, remark_text
from pages.components.session_cache import session_cache
from pages.components.text import card_title, escape_markdown
from pages.components.view import View, written

NAMES = "segment names"  # session state: segments (`_names_key`) → label → the analyst's name
SHOWN = 12
OFF = "Off while small groups are hidden: it would show values of single customers."
ROWS = "A result has sums and no rows: open the customer files to see it."
EFFECTS = (
    "How far the segment is from the other customers: of numbers the difference of the means in standard deviations "
    "(Cohen's d), of categories the difference of the shares on a like scale (Cohen's h). {} is small, {} medium, {} "
    "large (Cohen 1988). Differences under {} or under {} in their own unit are left out."
)
COHEN = "0.2", "0.5", "0.8"  # effects from which on Cohen calls them small, medium, large


def renamed(study: CustomerBase, segments: Segments, saved: Model | None) -> Segments:
    """The segments under the names the analyst gave these very segments."""
    given = st.session_state.get(NAMES, {}).get(_names_key(study, segments, saved))
    return segments.renamed(given) if given else segments


def headline(view: View) -> str:
    """How the segments differ, and of whom that is said where filters are set; empty where there are none."""
    said = view.kept("profiles headline", lambda: view.profiles_headline)
    return f"{said} All customers are compared, whatever the filters." if said and view.filtered else said


def segment_choice(view: View) -> str:
    """The segment to look at."""
    labels = [label for label in view.sizes[CLUSTER] if label not in NO_SEGMENT]
    if not labels:
        st.info(
            hidden_note(view.sizes) or "Nobody is in a segment: pick other features in the sidebar.",
            icon=":material/data_alert:",
        )
        st.stop()
    if note := hidden_note(view.sizes):
        st.caption(note)
    picked = st.segmented_control("Segment", labels, default=labels[0], required=True, key=f"profile {labels}")
    return picked or labels[0]


def title_row(view: View, cluster: str) -> None:
    """The segment's name, to change, its size, and how many customers are unsure of it."""
    name, customers = view.segments.names[cluster], int(view.sizes.set_index(CLUSTER).loc[cluster, "customers"])
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    names_key = _names_key(view.study, view.segments, view.saved)
    left.text_input(
        "Name", name, max_chars=60, key=f"name {cluster} {names_key} {name}", on_change=_rename,
        args=(names_key, cluster, f"name {cluster} {names_key} {name}"),
        help="Kept while you use these segments, and written into the exports. Empty it to return to the app's name.",
    )  # fmt: skip
    share = percent(customers, view.study.size)
    right.metric("Customers", count(customers), f"{share} of all customers", delta_color="off", delta_arrow="off")
    st.caption(escape_markdown(view.describe_unsure(cluster)))
    with st.container(horizontal=True, vertical_alignment="center"):
        remark_button(on_segment(view, cluster), "Note on this segment")
        remark_text(on_segment(view, cluster))


def differences_card(view: View, cluster: str) -> None:
    """The largest differences from the other customers, also in columns that are no features of the segments."""
    table = notable(_differences(view.made_from, view.hide, view))
    largest = table[table["cluster"] == cluster].head(SHOWN).reset_index(drop=True)
    with st.container(border=True):
        card_title(
            "What sets it apart from the other customers",
            help=EFFECTS.format(*map(marked, COHEN), marked(str(SMALL)), share(MATERIAL, 0)),
        )
        if largest.empty:
            st.info("Nothing: it is like the other customers.", icon=":material/data_alert:")
            return
        figure = effects(_with_texts(largest, view), colour(cluster))
        altair_chart(figure, "Effect sizes of the segment")
        hidden = " Differences that would show few customers are left out." if view.hide else ""
        st.caption(f"● is a feature the segments are made from.{hidden}")


def rule_card(view: View, cluster: str) -> None:
    """A short rule that finds the segment, and how well it does."""
    with st.container(border=True):
        card_title("A rule of thumb", help="The best path of a decision tree three conditions deep.")
        if said_if_without_rows(view):
            return
        rule = next((rule for rule in _rules(written(view.made_from), view) if rule.cluster == cluster), None)
        if rule is None:
            st.caption("There is none: it takes customers in this segment and in another.")
            return
        st.markdown(escape_markdown(f"{rule.text[:1].upper()}{rule.text[1:]}."))
        st.caption(
            f"{share(rule.precision, 0)} of the customers who meet it are in this segment, and it finds "
            f"{share(rule.recall, 0)} of the segment."
        )


def distributions_card(view: View, cluster: str) -> None:
    """The usual values of the segment's customers, column by column."""
    with st.container(border=True):
        card_title("Its customers")
        if said_if_without_rows(view):
            return
        table = _distributions(written(view.made_from), view)
        wrapped_table(table[table["cluster"] == cluster], {"label": "Column", "value": "Value"})
        st.caption(
            "The median of each number and the range of the middle half; of a category the three most frequent "
            f"answers, in % of those known. Answers that fewer than {MINIMUM} customers give are left out."
        )


def said_if_without_rows(view: View) -> bool:
    """Say why a card that needs rows is empty, and return whether it is."""
    if view.hide or view.study.rows is None:
        st.caption(OFF if view.hide else ROWS)
        return True
    return False


def _names_key(study: CustomerBase, segments: Segments, saved: Model | None) -> str:
    return names_key("" if saved else study.identity, segments)


def _rename(names_key: str, cluster: str, key: str) -> None:
    given = st.session_state.get(NAMES, {})  # stays as it is, since a step that can be undone has it
    st.session_state[NAMES] = given | {names_key: given.get(names_key, {}) | {cluster: st.session_state[key]}}


def _with_texts(differences: pd.DataFrame, view: View) -> pd.DataFrame:
    signs = {column.name: column.sign for column in view.study.columns}
    mark = differences["feature"].map({True: "● ", False: ""})
    text = mark + differences["label"] + differences["value"].map(lambda value: f": {value}" if value else "")
    shown = {
        column: [
            share(value, 0) if category else money(value, signs.get(name, ""), 1)
            for name, category, value in zip(
                differences["column"], differences["value"], differences[column], strict=True
            )
        ]
        for column in ("here", "everybody")
    }
    return differences.assign(text=text, **shown)


@session_cache(st.cache_data, everybody=64, own=16, show_spinner="Comparing each segment with all customers…")
def _differences(key: str, hide: bool, _view: View) -> pd.DataFrame:  # noqa: ARG001
    return _view.differences


@session_cache(st.cache_data, everybody=64, own=16)
def _distributions(key: str, _view: View) -> pd.DataFrame:  # noqa: ARG001
    return _view.distributions


@session_cache(st.cache_data, everybody=64, own=16, show_spinner="Comparing each segment with all customers…")
def _rules(key: str, _view: View) -> list[rule_of_thumb.Rule]:  # noqa: ARG001
    rows = rows_of(_view.study)
    return rule_of_thumb.rules(rows.customers, rows.columns, _view.segments)
