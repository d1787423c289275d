"""A short rule that picks out a segment, with how well it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from core.figures import amount
from core.schema import Column, in_sentence
from core.segments.category_features import CategoryFeature
from core.segments.profile import Segments
from core.segments.raw_values import raw_values
from core.threads import one_thread

RULE_ROWS: Final = 50_000
RULE_DEPTH: Final = 3  # conditions a reader can keep in mind
LEAST_LEAF: Final = 0.01  # of the rows: a rule for fewer is a coincidence
MOVED: Final = 0.001  # of the rows: so many may a threshold move to the other side when it is rounded
EXACT_DIGITS: Final = 17  # distinguish any two float64
Side = Literal["left", "right"]  # of the values equal to a threshold, as `np.searchsorted` has it
OUTWARD: Final[dict[Side, str]] = {"left": ROUND_FLOOR, "right": ROUND_CEILING}
Answer = tuple[str, str]  # what is said of those who have it, and of those who have not
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

    The tree is fitted to `RULE_ROWS` customers at most, precision and recall are those of the rule as it reads among
    all. None for a segment that nobody is in, or everybody: there is nobody to tell apart.
    """
    if segments.k < 2:
        return []
    clustered = np.flatnonzero(segments.labels.codes < segments.k)
    levels = [(one, level) for one in segments.categories for level in one.levels if not one.yes_no or level == "Yes"]
    columns_of = [raw_values(customers[name]) for name in segments.features]
    columns_of += [(customers[one.name] == level).to_numpy("float64") for one, level in levels]
    values = np.column_stack(columns_of)[clustered]
    codes = segments.labels.codes[clustered]
    order = np.lexsort((codes, *values.T))
    if len(order) > RULE_ROWS:
        order = order[np.sort(np.random.default_rng(seed).choice(len(order), RULE_ROWS, replace=False))]
    known = {column.name: column for column in columns}
    labels = [in_sentence(name, known[name].label) if name in known else name for name in segments.features]
    signs = [known[name].sign if name in known else "" for name in segments.features]
    answers = [
        (f"{label} yes", f"{label} no") if feature.yes_no else None
        for label, feature in zip(labels, segments.feature_specs, strict=True)
    ] + [_has(one, level, known) for one, level in levels]
    labels, signs = [*labels, *("" for _ in levels)], [*signs, *("" for _ in levels)]
    return [
        _best(str(at + 1), _paths(values[order], codes[order] == at), values, codes == at, labels, signs, answers)
        for at in range(segments.k)
        if 0 < np.count_nonzero(codes[order] == at) < len(order)
    ]


def _has(category: CategoryFeature, level: str, known: Mapping[str, Column]) -> Answer:
    """`("channel Web", "channel not Web")`."""
    name = category.name
    label = in_sentence(name, known[name].label) if name in known else name
    if category.yes_no:
        return f"{label} yes", f"{label} no"
    return f"{label} {level}", f"{label} not {level}"


def _best(
    cluster: str, paths: Sequence[Bounds], values: np.ndarray, inside: np.ndarray, labels: Sequence[str],
    signs: Sequence[str], answers: Sequence[Answer | None],
) -> Rule:  # fmt: skip
    """The path with the best F1 score, the harmonic mean of precision and recall."""
    found = [(bounds, *_fidelity(_met(values, bounds), inside)) for bounds in paths]
    bounds, precision, recall = max(found, key=lambda one: round(2 * one[1] * one[2] / max(one[1] + one[2], 1e-9), 9))
    text = " and ".join(_condition(labels[i], signs[i], *ends, answers[i]) for i, ends in bounds.items())
    return Rule(cluster, text, precision, recall)


def _paths(values: np.ndarray, inside: np.ndarray) -> list[Bounds]:
    """The leaves of a decision tree, by bounds that read well."""
    least = max(1, int(LEAST_LEAF * len(values)))
    # A tree compares in 32 bits, which many values differ beyond; their ranks split alike.
    levels, ranks = zip(*(np.unique(column, return_inverse=True) for column in values.T), strict=True)
    ranks, ordered = np.column_stack(ranks), np.sort(values, axis=0)
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


def _condition(label: str, sign: str, low: float, high: float, answer: Answer | None) -> str:
    """`"age from 47 to 60"`, every digit of the bounds written."""
    least, most = amount(low, sign), amount(high, sign)
    if answer:
        return answer[0] if low > 0 else answer[1]
    if low == high:
        return f"{label} {least}"
    if low == -np.inf:
        return f"{label} up to {most}"
    return f"{label} from {least}" + ("" if high == np.inf else f" to {most}")
