"""The SELECT gives the labels of `score`, in SQLite and in DuckDB, ties and missing values included."""

import sqlite3
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from core.pipeline import load, segment
from core.rules import Rules
from core.schema import BY_NAME, Column
from core.segments.choice import FeatureChoice
from core.segments.features import feature_matrix
from core.segments.kmeans import CentreClustering
from core.segments.model import freeze
from core.segments.profile import describe
from core.segments.score import score_customers
from core.segments.sql import to_sql
from core.sources.file import FileSource
from data.generate import SAMPLE

RULES = Rules(date(2018, 1, 1))


def in_sqlite(sql, customers):
    rows = customers.astype("object").where(customers.notna(), None)
    with sqlite3.connect(":memory:") as base:
        rows.to_sql("customers", base, index=False)
        return dict(base.execute(sql).fetchall())


def in_duckdb(sql, customers):
    with duckdb.connect() as base:
        base.register("customers", customers.astype(dict.fromkeys(customers.select_dtypes("category"), "object")))
        return dict(base.execute(sql).fetchall())


DATABASES = pytest.mark.parametrize("run", [in_sqlite, in_duckdb])


@pytest.fixture(scope="module")
def sample():
    return load([FileSource(SAMPLE.name, SAMPLE.read_bytes())], RULES)


@DATABASES
@pytest.mark.parametrize(
    ("features", "outliers"),
    [
        ("", False),
        ("age,tenure:log,property_valuation:robust,owns_car", False),
        ("age:robust,purchases:log", True),
        ("postcode", False),
    ],
)
def test_the_sample_gets_the_labels_of_score(sample, run, features, outliers):
    found = segment(sample, 6, FeatureChoice.parse(features, outliers=outliers))
    model = freeze(found, RULES, files=[], digest="")
    scored = score_customers(sample.customers, sample.columns, model)
    columns = ["customer_id", *found.features]
    assert run(to_sql(model), sample.customers[columns]) == dict(
        zip(scored["customer_id"], scored["Cluster"], strict=True)
    )


@DATABASES
def test_ties_names_that_need_quotes_and_negative_numbers(run):
    name = 'net "worth'
    customers = pd.DataFrame({"customer_id": list("abcde"), name: [-3.0, -1, 1, 3, np.nan]})
    columns = [BY_NAME["customer_id"], Column(name, "number", "Net worth")]
    matrix = feature_matrix(customers, FeatureChoice((name,), {name: "log"}))
    clustering = CentreClustering(np.array([[1.0], [-1.0]]))
    model = freeze(describe(customers, columns, matrix, clustering, np.array([1, 1, 0, 0])), RULES, files=[], digest="")
    zero = pd.DataFrame({"customer_id": ["f"], name: [0.0]})
    everybody = pd.concat([customers, zero], ignore_index=True)
    expected = {"a": "2", "b": "2", "c": "1", "d": "1", "e": "Not clustered", "f": "1"}
    assert run(to_sql(model), everybody) == expected
    scored = score_customers(everybody, columns, model)
    assert dict(zip(scored["customer_id"], scored["Cluster"], strict=True)) == expected


def test_table_and_columns_are_quoted():
    customers = pd.DataFrame({"age": [1.0, 2]})
    matrix = feature_matrix(customers, ["age"])
    clustering = CentreClustering(np.array([[1.0], [-1.0]]))
    model = freeze(
        describe(customers, [BY_NAME["age"]], matrix, clustering, np.array([1, 0])), RULES, files=[], digest=""
    )
    sql = to_sql(model, table='my "table', key="id", keep=("state",))
    assert 'FROM "my ""table"' in sql
    assert 'SELECT "id", "state",' in sql
