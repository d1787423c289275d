"""The cards that say how all segments are told apart: one tree of thresholds, and how much each feature decides."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from core import figures
from core.customer_base import rows_of
from core.schema import CLUSTER
from core.segments.importance import feature_importance
from core.segments.threshold_tree import NAME, Tree, short_tree, threshold_tree, to_sql
from pages.components.cards import card_title
from pages.components.link import IN_LINK
from pages.components.number_table import Number, number_table, wrapped_table
from pages.components.profiles import said_if_without_rows
from pages.components.session_cache import session_cache
from pages.components.trail import download_button
from pages.components.view import View, written

TREE = (
    "One tree that gives every customer a segment by thresholds alone, for people and systems that cannot reckon "
    "distances. More leaves agree with more customers; fewer are easier to remember."
)
SHUFFLED = (
    "One feature at a time is shuffled among the customers, and each gets the segment that fits then. A feature that "
    "moves nobody decides nothing."
)


def tree_card(view: View) -> None:
    """The tree."""
    _card(view, "Rules for all segments", TREE, _tree)


def importance_card(view: View) -> None:
    """The features, the most important first."""
    _card(view, "What decides the segment", SHUFFLED, _importance)


def _card(view: View, title: str, hint: str, draw: Callable[[View], None]) -> None:
    """A card; none for one segment, which has no other to be told from."""
    if view.segments.k < 2:
        return
    with st.container(border=True):
        card_title(title, help=hint)
        if not said_if_without_rows(view):
            draw(view)


def _tree(view: View) -> None:
    k = view.segments.k
    least = _enough(view.made_from, view)
    leaves = st.slider(
        "Rules at most", k, 2 * k, least, key=f"rules_of {k}", **IN_LINK,
        help="From one a segment to two. Rules beside each other that give the same segment become one.",
    )  # fmt: skip
    tree = _threshold_tree(written(view.made_from), leaves, view)
    if tree is None:
        return
    further = f" Segments made by them are {figures.number(tree.cost, 2)} times as spread out." if tree.cost else ""
    lacking = f" Segment {', '.join(tree.lacking)} has no rule: allow more." if tree.lacking else ""
    agreement = figures.share(tree.agreement, 0)
    st.caption(f"These rules give {agreement} of the customers the segment that they are in.{further}{lacking}")
    rules = tree.leaves["rule"].map(lambda text: f"{text[:1].upper()}{text[1:]}")
    wrapped_table(
        tree.leaves.assign(rule=rules),
        {
            CLUSTER: "Segment", "rule": "Customers with", "customers": Number("Customers"),
            "agreement": Number("In the segment", "percent"),
        },
        alt="The rules, how many customers meet each, and how many of these are in the segment",
    )  # fmt: skip
    download_button(
        "Download as SQL", lambda: to_sql(tree).encode(), NAME, "text/plain", icon=":material/download:",
        on_click="ignore", key="download_rules",
    )  # fmt: skip


def _importance(view: View) -> None:
    found = _feature_importance(view.made_from, view)
    titles = view.titles(*found["feature"])
    number_table(
        found.assign(feature=[titles[name] for name in found["feature"]]),
        {"feature": "Feature", "changed": Number("Change segment", "percent")},
        width="stretch",
    )
    st.caption("Share of all customers who change their segment when they get some other customer's value.")


@session_cache(st.cache_data, everybody=64, own=16, show_spinner="Finding rules…")
def _enough(key: str, _view: View) -> int:  # noqa: ARG001
    """How many rules do, from one a segment to two."""
    rows, k = rows_of(_view.study), _view.segments.k
    tree = short_tree(rows.customers, rows.columns, _view.segments)
    return min(max(tree.grown, k), 2 * k) if tree else k


@session_cache(st.cache_resource, everybody=64, own=16, show_spinner="Finding rules…")
def _threshold_tree(key: str, leaves: int, _view: View) -> Tree | None:  # noqa: ARG001
    rows = rows_of(_view.study)
    return threshold_tree(rows.customers, rows.columns, _view.segments, leaves)


@session_cache(st.cache_data, everybody=64, own=16, show_spinner="Shuffling one feature at a time…")
def _feature_importance(key: str, _view: View) -> pd.DataFrame:  # noqa: ARG001
    return feature_importance(rows_of(_view.study).customers, _view.segments)
