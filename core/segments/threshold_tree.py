"""One tree of thresholds that gives every customer a segment, for people and systems that cannot reckon distances."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier

from core.figures import amount
from core.schema import CLUSTER, ID, NOT_CLUSTERED, OUTLIERS, Column
from core.segments.category_features import CategoryFeature
from core.segments.clusterer import squared_error
from core.segments.features import Feature, matrix_under
from core.segments.profile import Segments
from core.segments.rule_of_thumb import rounded
from core.segments.sql import outlying_in_sql, value_in_sql
from core.segments.sql_text import literal, quoted, text
from core.segments.tree_columns import Grown, TreeColumn, grown_from, ranked, tree_values
from core.threads import one_thread

NAME: Final = "segment_rules.sql"
LEAST_LEAF: Final = 0.001  # of the rows: a leaf of fewer is a coincidence
GOOD: Final = 0.95  # share of the customers in the same segment from which a tree does


@dataclass(frozen=True)
class Leaf:
    """The segment, from 0, of the customers who get here."""

    segment: int


@dataclass(frozen=True)
class Split:
    """Customers whose feature (its position) is up to a threshold go to `low`, the others to `high`."""

    feature: int
    threshold: float
    low: "Split | Leaf"
    high: "Split | Leaf"


@dataclass(frozen=True)
class Tree:
    """A tree, and how well it stands in for the segments.

    `leaves` has a row per leaf: Cluster, rule (text), customers, agreement (the share of them in that
    segment). `agreement` is the share of all clustered customers who get their own segment. `cost` is the sum of the
    squared distances to the means of the segments that the tree gives, over that of the segments themselves (1 is the
    same; None where segments have categories, of which there is no mean). `lacking` are segments without a leaf.
    `grown` is the number of leaves before those beside each other with the same segment became one.
    """

    columns: tuple[TreeColumn, ...]
    root: Split | Leaf
    leaves: pd.DataFrame
    agreement: float
    cost: float | None
    lacking: tuple[str, ...]
    grown: int


@one_thread()
def threshold_tree(
    customers: pd.DataFrame, columns: Sequence[Column], segments: Segments, leaves: int, *, seed: int = 0
) -> Tree | None:
    """The tree of so many leaves at most, grown best first by Gini impurity; None where nobody is to be told apart.

    A split that gives both sides the same segment is left out: it is no rule.

    An explainable clustering is a tree of k leaves or more (Moshkovitz, Dasgupta, Rashtchian and Frost, "Explainable
    k-means and k-medians clustering", 2020). It is fitted to `TREE_ROWS` customers at most, of whom the order does not
    matter; thresholds have as few digits as possible, and all figures are of the tree as it reads, among all.
    """
    if segments.k < 2 or not segments.profile["customers"].sum():
        return None
    return _tree(grown_from(customers, columns, segments, seed=seed), _points(customers, segments), segments, leaves)


def short_tree(customers: pd.DataFrame, columns: Sequence[Column], segments: Segments) -> Tree | None:
    """The `threshold_tree` of the fewest leaves, from one a segment to two, that does (`GOOD`); else that of most."""
    if segments.k < 2:
        return None
    grown, points, most = grown_from(customers, columns, segments), _points(customers, segments), 2 * segments.k
    trees = (_tree(grown, points, segments, leaves) for leaves in range(segments.k, most))
    found = next((tree for tree in trees if tree.agreement >= GOOD), None)
    return found or _tree(grown, points, segments, most)


def _tree(grown: Grown, points: np.ndarray | None, segments: Segments, leaves: int) -> Tree:
    values, codes, order = grown.values, grown.codes, grown.sample
    whole = _fitted(values[order], codes[order], leaves)
    root = merged(whole)
    at, found = _leaf_of(root, values)
    given = np.array([leaf.segment for leaf, _ in found])[at]
    right = given == codes
    sizes, agreeing = np.bincount(at, minlength=len(found)), np.bincount(at, right, minlength=len(found))
    table = pd.DataFrame(
        {
            CLUSTER: [str(leaf.segment + 1) for leaf, _ in found],
            "rule": [_in_words(path, grown.columns) for _, path in found],
            "customers": sizes,
            "agreement": agreeing / np.maximum(sizes, 1),
        }
    )
    cost = None if points is None else _cost(points, segments.clustering.means, codes, given)
    lacking = tuple(str(one + 1) for one in range(segments.k) if one not in given)
    by_segment = table.sort_values(CLUSTER, key=lambda one: one.astype(int), kind="stable", ignore_index=True)
    return Tree(grown.columns, root, by_segment, float(right.mean()), cost, lacking, len([*_paths(whole)]))


def rule_of_each(tree: Tree, customers: pd.DataFrame) -> pd.DataFrame:
    """Where the tree puts some customers: the Cluster that it gives each, and the rule in words that leads there."""
    at, leaves = _leaf_of(tree.root, tree_values(customers, tree.columns))
    given = np.array([str(leaf.segment + 1) for leaf, _ in leaves], dtype=object)
    rules = np.array([_in_words(path, tree.columns) for _, path in leaves], dtype=object)
    return pd.DataFrame({CLUSTER: given[at], "rule": rules[at]}, index=customers.index)


def to_sql(tree: Tree, *, table: str = "customers", key: str = ID) -> str:
    """The tree as one SELECT with a CASE: key and `Cluster`, for a database or a CRM."""
    cases = [f"WHEN {_lacks(tree)} THEN {text(NOT_CLUSTERED)}"]
    numbers = tuple(one.feature for one in tree.columns if isinstance(one.feature, Feature))
    if any(feature.inlier_range for feature in numbers):
        cases.append(f"WHEN {outlying_in_sql(numbers)} = 1 THEN {text(OUTLIERS)}")
    for leaf, path in _paths(tree.root):
        met = [f"{_in_sql(tree.columns[at])} {sign} {literal(end)}" for at, sign, end in path]
        cases.append(f"WHEN {' AND '.join(met)} THEN '{leaf.segment + 1}'" if met else f"ELSE '{leaf.segment + 1}'")
    lines = "\n    ".join(cases)
    return (
        f"-- Segment of each customer by thresholds: that of the model for {tree.agreement:.1%} of its customers.\n"
        f"-- ANSI SQL, for the cleaned table; an infinite value must be NULL before.\n"
        f"SELECT {quoted(key)},\n  CASE\n    {lines}\n  END AS {quoted(CLUSTER)}\nFROM {quoted(table)}\n"
    )


def _in_sql(column: TreeColumn) -> str:
    if isinstance(column.feature, Feature):
        return value_in_sql(column.feature)
    return f"(CASE WHEN {quoted(column.feature.name)} = {text(column.level)} THEN {literal(1)} ELSE {literal(0)} END)"


def _lacks(tree: Tree) -> str:
    """Who is not clustered: who lacks a number, or where there are none, has no level of any category."""
    numbers = [_in_sql(one) for one in tree.columns if isinstance(one.feature, Feature)]
    if numbers:
        return " OR ".join(f"{one} IS NULL" for one in numbers)
    levels = dict.fromkeys(one.feature for one in tree.columns if isinstance(one.feature, CategoryFeature))
    known = (f"{quoted(one.name)} IN ({', '.join(map(text, one.levels))})" for one in levels)
    return " AND ".join(f"({one}) IS NOT TRUE" for one in known)


def _points(customers: pd.DataFrame, segments: Segments) -> np.ndarray | None:
    """The standardised features of those in a segment; None where some are categories."""
    return None if segments.categories else matrix_under(customers, segments.feature_specs).values


def _cost(points: np.ndarray, means: np.ndarray, codes: np.ndarray, given: np.ndarray) -> float:
    whole = squared_error(points, means, codes)
    return squared_error(points, means, given) / whole if whole > 0 else 1.0


def _fitted(values: np.ndarray, codes: np.ndarray, leaves: int) -> Split | Leaf:
    levels, ranks = ranked(values)
    ordered = np.sort(values, axis=0)
    least = max(1, int(LEAST_LEAF * len(values)))
    tree = DecisionTreeClassifier(max_leaf_nodes=max(leaves, 2), min_samples_leaf=least, random_state=0)
    fitted: Any = tree.fit(ranks, codes).tree_  # scikit-learn's has no types
    names = tree.classes_

    def node(at: int) -> Split | Leaf:
        if fitted.children_left[at] < 0:
            return Leaf(int(names[fitted.value[at][0].argmax()]))
        feature = int(fitted.feature[at])
        last = levels[feature][int(np.floor(fitted.threshold[at]))]  # the last value that goes low
        threshold = rounded(float(last), ordered[:, feature], "right")
        return Split(feature, threshold, node(fitted.children_left[at]), node(fitted.children_right[at]))

    return node(0)


def merged(node: Split | Leaf) -> Split | Leaf:
    """The tree without the splits that change nobody's segment, as both sides are the same."""
    if isinstance(node, Leaf):
        return node
    low, high = merged(node.low), merged(node.high)
    return low if low == high else replace(node, low=low, high=high)


Path = tuple[tuple[int, str, float], ...]  # position of the feature, <= or >, threshold


def _paths(node: Split | Leaf, path: Path = ()) -> Iterator[tuple[Leaf, Path]]:
    """Each leaf with the conditions that lead to it, the lower values first."""
    if isinstance(node, Leaf):
        yield node, path
        return
    yield from _paths(node.low, (*path, (node.feature, "<=", node.threshold)))
    yield from _paths(node.high, (*path, (node.feature, ">", node.threshold)))


def _leaf_of(root: Split | Leaf, values: np.ndarray) -> tuple[np.ndarray, list[tuple[Leaf, Path]]]:
    """The position of each row's leaf among the leaves, and the leaves with their paths."""
    leaves, at = [*_paths(root)], np.zeros(len(values), "int64")
    for number, (_, path) in enumerate(leaves):
        met = np.ones(len(values), bool)
        for feature, sign, end in path:
            met &= values[:, feature] <= end if sign == "<=" else values[:, feature] > end
        at[met] = number
    return at, leaves


def _in_words(path: Path, columns: Sequence[TreeColumn]) -> str:
    """`"age over 46 up to 60 and purchases up to 40"`: the narrowest bounds of each feature."""
    bounds: dict[int, dict[str, float]] = {}
    for at, sign, end in path:
        ends = bounds.setdefault(at, {})
        ends[sign] = min(end, ends.get(sign, end)) if sign == "<=" else max(end, ends.get(sign, end))
    return " and ".join(_condition(columns[at], ends) for at, ends in bounds.items()) or "everybody"


def _condition(column: TreeColumn, ends: Mapping[str, float]) -> str:
    if column.answer:
        return column.answer[1] if "<=" in ends else column.answer[0]
    over = f" over {amount(ends['>'], column.sign)}" if ">" in ends else ""
    return f"{column.label}{over}" + (f" up to {amount(ends['<='], column.sign)}" if "<=" in ends else "")
