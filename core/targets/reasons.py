"""Why each customer is in their segment, and has a flag: in words, from the rules and the customer's own values."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.figures import amount
from core.intake.flags import ways_in
from core.rules import Rules
from core.schema import HIGH_POTENTIAL, MASS_AFFLUENT, NO_SEGMENT
from core.segments.threshold_tree import Tree, rule_of_each
from core.wealth import Wealth

FLAGS: Final = {MASS_AFFLUENT: "Mass affluent", HIGH_POTENTIAL: "High potential"}
TOGETHER: Final = "closest to it by all features together"  # no short rule puts this customer there
Text = Callable[[str], str]


def reasons(
    customers: pd.DataFrame, clusters: pd.Series, flags: pd.DataFrame, tree: Tree | None,
    rules: Rules, wealth: Wealth, label: Text, sign: Text,
) -> list[str]:  # fmt: skip
    """A sentence or more for each customer: `"Segment 2: age over 46. Mass affluent: balance 120,000."`.

    Parameters
    ----------
    customers, clusters
        The columns of the customers, and the segment of each.
    flags
        The flags of each (Yes, No or Unknown), in columns as `FLAGS` has them.
    tree
        The rules that tell the segments apart (`threshold_tree.short_tree`); None where there are none.
    rules, wealth
        What the flags are made by.
    label, sign
        What a column is called in a sentence, and the sign of its amounts.
    """
    parts = [_of_segments(customers, clusters, tree)]
    for flag, ways in ways_in(customers, rules, wealth).items():
        has = flags[flag].eq("Yes").to_numpy(bool) if flag in flags else np.zeros(len(customers), bool)
        parts.append(_of_flag(FLAGS[flag], has, customers, ways, label, sign))
    return [" ".join(filter(None, each)) for each in zip(*parts, strict=True)]


def _of_segments(customers: pd.DataFrame, clusters: pd.Series, tree: Tree | None) -> list[str]:
    own = clusters.astype("str").to_numpy(object)
    if tree is None or not len(customers):
        return [_segment(cluster) for cluster in own]
    found = rule_of_each(tree, customers)
    fits = found.iloc[:, 0].to_numpy(object) == own
    rules = np.where(fits, found["rule"].to_numpy(object), TOGETHER)
    return [_segment(cluster, rule) for cluster, rule in zip(own, rules, strict=True)]


def _segment(cluster: str, rule: str = "") -> str:
    if cluster in NO_SEGMENT:
        return f"{cluster}."
    return f"Segment {cluster}: {rule}." if rule else f"Segment {cluster}."


def _of_flag(
    title: str, has: np.ndarray, customers: pd.DataFrame, ways: Sequence[tuple[tuple[str, ...], pd.Series]],
    label: Text, sign: Text,
) -> list[str]:  # fmt: skip
    """The first way by which each customer who has the flag comes in, with their values."""
    texts = np.full(len(customers), "", dtype=object)
    open_ = has.copy()
    for columns, met in ways:
        here = open_ & met.fillna(value=False).to_numpy(bool)
        if not here.any():
            continue  # the column may be lacking
        values = zip(*(_values(customers.loc[here, name], sign(str(name))) for name in columns), strict=True)
        told = (", ".join(f"{label(name)} {text}" for name, text in zip(columns, row, strict=True)) for row in values)
        texts[here] = [f"{title}: {one}." for one in told]
        open_ &= ~here
    texts[open_] = f"{title}."
    return [*texts]


def _values(column: pd.Series, sign: str) -> list[str]:
    """The values as texts; each different one is written once."""
    if not pd.api.types.is_numeric_dtype(column.dtype):
        return [*map(str, column)]
    codes, values = pd.factorize(column.to_numpy("float64", na_value=np.nan))
    texts = [amount(value, sign) for value in values.tolist()]
    return [texts[code] if code >= 0 else "unknown" for code in codes]
