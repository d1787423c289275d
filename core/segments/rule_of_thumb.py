"""A short rule that picks out a segment, with how well it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from core.figures import amount
from core.schema import Column
from core.segments.profile import Segments
from core.segments.tree_columns import TreeColumn, grown_from, ranked
from core.threads import one_thread

RULE_DEPTH: Final = 3  # conditions a reader can keep in mind
LEAST_LEAF: Final = 0.01  # of the rows: a rule for fewer is a coincidence
MOVED: Final = 0.001  # of the rows: so many may a threshold move to the other side when it is rounded
EXACT_DIGITS: Final = 17  # distinguish any two float64
Side = Literal["left", "right"]  # of the values equal to a threshold, as `np.searchsorted` has it
OUTWARD: Final[dict[Side, str]] = {"left": ROUND_FLOOR, "right": ROUND_CEILING}
Bounds = dict[int, tuple[float, float]]  # feature → the least and the most value it may have


@dataclass(frozen=True)
class Rule:
    """A short rule that picks out a segment.

    `text` reads as a condition; `precision` is the share of customers who meet it that are in the
    segment, `recall` the share of the segment that meets it.
    """

    cluster: str
    text: str
    precision: float
    recall: float


@one_thread()
def rules(customers: pd.DataFrame, columns: Sequence[Column], segments: Segments, *, seed: int = 0) -> list[Rule]:
    """For each segment the best single path of a shallow decision tree on the features, by its F1 score.

    The tree is fitted to `TREE_ROWS` customers at most, precision and recall are those of the rule as it reads among
    all. None for a segment that nobody is in, or everybody: there is nobody to tell apart.
    """
    if segments.k < 2:
        return []
    grown = grown_from(customers, columns, segments, seed=seed)
    values, codes, order = grown.values, grown.codes, grown.sample
    return [
        _best(str(at + 1), _paths(values[order], codes[order] == at), values, codes == at, grown.columns)
        for at in range(segments.k)
        if 0 < np.count_nonzero(codes[order] == at) < len(order)
    ]


def _best(
    cluster: str, paths: Sequence[Bounds], values: np.ndarray, inside: np.ndarray, columns: Sequence[TreeColumn]
) -> Rule:  # fmt: skip
    """The path with the best F1 score, the harmonic mean of precision and recall."""
    found = [(bounds, *_fidelity(_met(values, bounds), inside)) for bounds in paths]
    bounds, precision, recall = max(found, key=lambda one: round(2 * one[1] * one[2] / max(one[1] + one[2], 1e-9), 9))
    text = " and ".join(_condition(columns[i], *ends) for i, ends in bounds.items())
    return Rule(cluster, text, precision, recall)


def _paths(values: np.ndarray, inside: np.ndarray) -> list[Bounds]:
    """The leaves of a decision tree, by bounds that read well."""
    least = max(1, int(LEAST_LEAF * len(values)))
    levels, ranks = ranked(values)
    ordered = np.sort(values, axis=0)
    tree = DecisionTreeClassifier(
        max_depth=RULE_DEPTH, min_samples_leaf=least, class_weight="balanced", random_state=0
    ).fit(ranks, inside)
    return [
        {i: _readable(ordered[:, i], levels[i], *ends) for i, ends in _bounds(tree.tree_, leaf).items()}
        for leaf in np.unique(tree.apply(ranks))
    ]


def _fidelity(met: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    both = float((met & inside).sum())
    return both / max(float(met.sum()), 1.0), both / max(float(inside.sum()), 1.0)


def _met(values: np.ndarray, bounds: Bounds) -> np.ndarray:
    """Which rows are within the bounds, ends included."""
    met = np.ones(len(values), bool)
    for i, (low, high) in bounds.items():
        met &= (values[:, i] >= low) & (values[:, i] <= high)
    return met


def _bounds(tree: Any, leaf: int) -> Bounds:
    """Feature → the bounds its ranks have in a leaf: above the first, up to the second.

    `tree` is scikit-learn's, which has no types.
    """
    branches = tree.children_left, tree.children_right
    parents = {children[at]: at for children in branches for at in range(tree.node_count)}
    bounds: Bounds = {}
    while leaf in parents and leaf != 0:
        parent = parents[leaf]
        feature, threshold = int(tree.feature[parent]), float(tree.threshold[parent])
        low, high = bounds.get(feature, (-np.inf, np.inf))
        left = tree.children_left[parent] == leaf
        bounds[feature] = (low, min(high, threshold)) if left else (max(low, threshold), high)
        leaf = parent
    return dict(sorted(bounds.items()))


def _readable(ordered: np.ndarray, levels: np.ndarray, low: float, high: float) -> tuple[float, float]:
    """Bounds of ranks as the first and last value within them, `rounded`; infinite where there is no bound."""
    ranks = np.arange(len(levels))
    inside = levels[(ranks > low) & (ranks <= high)]
    return (
        -np.inf if low == -np.inf else rounded(float(inside[0]), ordered, "left"),
        np.inf if high == np.inf else rounded(float(inside[-1]), ordered, "right"),
    )


def rounded(threshold: float, ordered: np.ndarray, side: Side) -> float:
    """A threshold with as few digits as possible, so that at most `MOVED` of the `ordered` values change sides."""
    exact = np.searchsorted(ordered, threshold, side)
    return next(
        number
        for digits in range(1, EXACT_DIGITS + 1)
        for rounding in (ROUND_HALF_EVEN, OUTWARD[side])
        for number in [float(Context(digits, rounding).create_decimal_from_float(threshold))]
        if abs(np.searchsorted(ordered, number, side) - exact) <= MOVED * len(ordered)
    )


def _condition(column: TreeColumn, low: float, high: float) -> str:
    """`"age from 47 to 60"`, every digit of the bounds written."""
    least, most = amount(low, column.sign), amount(high, column.sign)
    if column.answer:
        return column.answer[0] if low > 0 else column.answer[1]
    if low == high:
        return f"{column.label} {least}"
    if low == -np.inf:
        return f"{column.label} up to {most}"
    return f"{column.label} from {least}" + ("" if high == np.inf else f" to {most}")
