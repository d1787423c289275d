"""One tree of thresholds in place of the segments, as text and as SQL."""

import sqlite3
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from core.schema import BY_NAME, CLUSTER, Column
from core.segments.choice import FeatureChoice
from core.segments.features import feature_matrix
from core.segments.find import find_segments
from core.segments.latent import LATENT
from core.segments.threshold_tree import Leaf, Split, merged, threshold_tree, to_sql

RNG = np.random.default_rng(0)
COLUMNS = [BY_NAME[name] for name in ("age", "purchases")]


def made(frame, k):
    return find_segments(frame, COLUMNS, feature_matrix(frame, [*frame.columns.intersection(["age", "purchases"])]), k)


GROUPS = pd.DataFrame(
    {
        "customer_id": [f"c{i}" for i in range(300)],
        "age": np.repeat([20.0, 20.0, 60.0], 100) + RNG.uniform(-4, 4, 300).round(2),
        "purchases": np.repeat([10.0, 90.0, 50.0], 100) + RNG.uniform(-4, 4, 300).round(2),
    }
)
SEGMENTS = made(GROUPS, 3)


def test_groups_that_thresholds_part_have_a_leaf_each():
    tree = threshold_tree(GROUPS, COLUMNS, SEGMENTS, 3)
    assert (tree.agreement, tree.cost, tree.lacking) == (1, 1, ())
    assert tree.leaves[CLUSTER].tolist() == ["1", "2", "3"]
    assert tree.leaves["customers"].tolist() == [100] * 3
    assert tree.leaves["rule"].tolist() == [
        "purchases over 20 and age over 30",
        "purchases up to 20",
        "purchases over 20 and age up to 30",
    ]


def test_too_few_leaves_leave_a_segment_without_one_and_say_so():
    tree = threshold_tree(GROUPS, COLUMNS, SEGMENTS, 2)
    assert len(tree.leaves) == 2
    assert len(tree.lacking) == 1
    assert tree.agreement == pytest.approx(2 / 3)
    assert tree.cost > 1


def test_more_leaves_agree_more():
    cloud = pd.DataFrame(RNG.normal(50, 9, (600, 2)), columns=["age", "purchases"])
    trees = [threshold_tree(cloud, COLUMNS, made(cloud, 5), leaves) for leaves in (5, 7, 10)]
    assert [round(tree.agreement, 9) for tree in trees] == sorted(round(tree.agreement, 9) for tree in trees)
    assert trees[0].cost > trees[-1].cost > 1


def labels_by(tree, frame):
    """The segment of each customer by the SQL of a tree."""
    database = sqlite3.connect(":memory:")
    frame.to_sql("customers", database, index=False)
    found = database.execute(to_sql(tree)).fetchall()
    database.close()
    return found


def test_leaves_beside_each_other_with_the_same_segment_are_one_rule_and_nobody_gets_another():
    one, two = Leaf(0), Leaf(1)
    low, high = Split(1, 30.0, Split(0, 20.0, one, one), one), Split(1, 80.0, one, Split(0, 55.0, two, two))
    found = merged(Split(0, 40.0, low, high))
    assert found == Split(0, 40.0, one, Split(1, 80.0, one, two))
    assert merged(low) == one
    tree = threshold_tree(GROUPS, COLUMNS, SEGMENTS, 3)
    before, after = (replace(tree, root=root) for root in (Split(0, 40.0, low, high), found))
    assert to_sql(after).count("WHEN") < to_sql(before).count("WHEN")
    assert labels_by(after, GROUPS) == labels_by(before, GROUPS)


def test_fewer_rules_than_grown_leaves_count_all_customers():
    cloud = pd.DataFrame(np.random.default_rng(3).normal(50, 9, (600, 2)), columns=["age", "purchases"])
    tree = threshold_tree(cloud, COLUMNS, made(cloud, 3), 6)
    assert (tree.grown, len(tree.leaves), tree.leaves["customers"].sum()) == (6, 5, 600)
    assert merged(tree.root) == tree.root


def test_no_tree_depends_on_the_order_of_the_customers():
    shuffled = GROUPS.iloc[RNG.permutation(len(GROUPS))].reset_index(drop=True)
    first, second = (
        threshold_tree(GROUPS, COLUMNS, SEGMENTS, 5),
        threshold_tree(shuffled, COLUMNS, made(shuffled, 3), 5),
    )
    assert first.leaves.equals(second.leaves)
    assert first.root == second.root


def test_one_segment_has_nobody_to_tell_apart():
    assert threshold_tree(GROUPS, COLUMNS, made(GROUPS, 1), 2) is None


@pytest.fixture(scope="module")
def mixed():
    """Customers of two channels, whom an age parts again, and one who lacks a level; with their segments."""
    frame = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(301)],
            "age": np.r_[np.repeat([20.0, 70.0, 45.0], 100) + RNG.uniform(-4, 4, 300), 45.0],
            "channel": pd.Categorical(np.r_[np.repeat(["Web", "Web", "Branch"], 100), ["Unknown"]]),
        }
    )
    columns = [BY_NAME["age"], Column("channel", "category", "Channel")]
    matrix = feature_matrix(frame, FeatureChoice(("age", "channel"), categories=True))
    return frame, columns, find_segments(frame, columns, matrix, 3, clusterer=LATENT)


def test_a_level_of_a_category_parts_customers_too(mixed):
    frame, columns, segments = mixed
    tree = threshold_tree(frame, columns, segments, 4)
    assert tree.agreement > 0.99
    assert tree.cost is None, "there is no mean of a category"
    assert "Channel Web" in " ".join(tree.leaves["rule"])
    database = sqlite3.connect(":memory:")
    frame.astype({"channel": "str"}).to_sql("customers", database, index=False)
    found = pd.DataFrame(database.execute(to_sql(tree)).fetchall())[1].value_counts().to_dict()
    database.close()
    assert found == tree.leaves.groupby(CLUSTER)["customers"].sum().to_dict()


@pytest.mark.parametrize("engine", ["SQLite", "DuckDB"])
def test_the_case_gives_the_customers_of_a_database_the_leaves_of_the_tree(engine):
    frame = pd.concat([GROUPS, pd.DataFrame({"customer_id": ["x"], "age": [np.nan], "purchases": [5.0]})])
    tree = threshold_tree(frame, COLUMNS, made(frame.reset_index(drop=True), 3), 4)
    sql = to_sql(tree)
    if engine == "SQLite":
        database = sqlite3.connect(":memory:")
        frame.to_sql("customers", database, index=False)
        found = pd.DataFrame(database.execute(sql).fetchall(), columns=["customer_id", CLUSTER])
        database.close()
    else:
        customers = frame  # noqa: F841 (DuckDB reads the variable)
        found = duckdb.sql(sql).df()
    sizes = found[CLUSTER].value_counts().to_dict()
    expected = tree.leaves.groupby(CLUSTER)["customers"].sum().to_dict() | {"Not clustered": 1}
    assert sizes == expected
