"""Tables of the catalogue of Spark's session: the same customers as from a file, and a table with a row for each."""

import json
from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest

from core.cli import main
from core.errors import DataError
from core.rules import Rules
from core.segments.choice import FeatureChoice
from core.spark import catalogue
from core.spark.catalogue import CatalogueTable
from core.spark.into import COLUMNS, Into, rows_of, written_into
from data.generate import write_sample

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]  # one session for all
RULES = Rules(date(2026, 1, 1))
CHOICE = FeatureChoice(("age", "tenure"))
ILL_WILLED = ("bank.`x", "x; drop table customers", "customers where 1=1", "a.b.c.d", "", "`; drop", "nobody")


@pytest.fixture(scope="module")
def customers(spark, tmp_path_factory):
    """A file of customers, and the name of a table with the same rows."""
    folder = tmp_path_factory.mktemp("catalogue")
    write_sample(folder / "customers.csv", customers=500, seed=2)
    frame = pd.read_csv(folder / "customers.csv", dtype="str", keep_default_na=False)
    rows = spark.createDataFrame(frame.astype("object")).repartition(3)
    spark.sql(f"create database bank location '{folder / 'bank'}'")
    rows.write.option("path", str(folder / "table")).mode("overwrite").saveAsTable("bank.customers")
    yield folder / "customers.csv", "bank.customers"
    spark.sql("drop database bank cascade")


def run(spark, places, out, **more):
    from core.spark.run import run

    return run(spark, places, RULES, out, k=3, choice=CHOICE, **more)


def test_a_table_gives_what_a_file_of_the_same_rows_gives_and_segments_go_into_a_table(
    spark, customers, tmp_path, monkeypatch
):
    monkeypatch.setattr(catalogue, "GROUP", 50)
    path, name = customers
    place = str(tmp_path / "segments")
    (spark.createDataFrame([], ", ".join(f"{one} {kind}" for one, kind in COLUMNS.items()))
     .write.option("path", place).saveAsTable("bank.segments"))  # fmt: skip
    from_table = run(spark, [CatalogueTable(name)], tmp_path / "table", into=Into("bank.segments"))
    from_file = run(spark, [str(path)], tmp_path / "file")
    assert (from_table.files, from_table.rows_read) == ((name,), 500)
    for file in ("segments.csv", "segment_evidence.csv", "segments.sql"):
        assert (tmp_path / "table" / file).read_bytes() == (tmp_path / "file" / file).read_bytes(), file
    models = [json.loads((tmp_path / place / "model.json").read_text()) for place in ("table", "file")]
    for model in models:
        del model["input"]
    assert models[0] == models[1]
    pd.testing.assert_frame_equal(from_table.segments.profile, from_file.segments.profile, check_exact=True)
    written = spark.read.table("bank.segments")
    assert dict(written.dtypes) == COLUMNS
    sizes = {row["cluster"]: row["count"] for row in written.groupBy("cluster").count().collect()}
    profile = from_file.segments.profile
    expected = dict(zip(map(int, profile["cluster"]), profile["customers"], strict=True))
    assert {number: size for number, size in sizes.items() if number} == expected
    (found,) = written.where("cluster = 1").select("segment", "run_id", "as_of").distinct().collect()
    assert tuple(found) == (from_file.segments.names["1"], "2026-01-01", date(2026, 1, 1))
    files = [*map(str, (tmp_path / "table" / "customers").glob("*.parquet"))]
    rows = rows_of(spark.read.parquet(*files), from_table.segments)
    written_into(spark, Into("bank.segments"), rows, RULES.as_of, customers=500)
    assert written.count() == sum(sizes.values())
    written_into(spark, Into("bank.segments", "append", "b"), rows, RULES.as_of, customers=500)
    spark.catalog.refreshTable("bank.segments")
    assert spark.read.table("bank.segments").count() == 2 * sum(sizes.values())
    with pytest.raises(DataError, match="It has rows of the run b"):
        run(spark, [CatalogueTable(name)], tmp_path / "other", into=Into("bank.segments", "append", "b"))
    assert not (tmp_path / "other").exists()


def test_every_type_is_text_as_a_file_has_it_and_those_without_text_are_named(spark, tmp_path):
    row = (
        "007", Decimal("12.500000000"), 0.1, 3, True, date(2026, 1, 31), datetime(2026, 1, 31),
        datetime(2026, 1, 31, 5),
        b"x", [1], {"a": 1}, None,
    )  # fmt: skip
    kinds = (
        "id string, amount decimal(38,9), share float, `select` tinyint, `a b` boolean, day date, at timestamp,"
        " `then` timestamp_ntz, bytes binary, many array<int>, map map<string,int>, `tick``s` bigint"
    )
    spark.createDataFrame([row] * 3, kinds).createOrReplaceTempView("types")
    table = catalogue.copied(spark, CatalogueTable("types"), str(tmp_path / "read"))
    from core.intake.read import AUTOMATIC
    from core.spark.parts import read_part

    frames = [read_part(part, AUTOMATIC).frame for part in table.parts]
    frame = pd.concat(frames)
    assert [*frame.index] == [1, 2, 3]
    assert frame.iloc[0].astype("str").to_dict() == {
        "id": "007", "amount": "12.500000000", "share": "0.1", "select": "3", "a b": "True", "day": "2026-01-31",
        "at": "2026-01-31", "then": "2026-01-31 05:00:00", "bytes": "x", "tick`s": "",
    }  # fmt: skip
    assert table.decisions["columns not read"] == "many (array<int>), map (map<string,int>)"


@pytest.mark.parametrize("name", ILL_WILLED)
def test_a_name_that_is_of_no_table_is_refused_and_runs_nothing(spark, customers, tmp_path, name):
    with pytest.raises(DataError, match="Spark's catalogue has no table"):
        run(spark, [CatalogueTable(name)], tmp_path / "out")
    assert spark.catalog.tableExists(customers[1])
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("into", "said"),
    [
        (Into("customers"), "is read from"),
        (Into("bank.other"), "It has other columns"),
        (Into("bank.new", "append", "it's"), "The run id cannot be used"),
        (Into("x; drop table y", "replace"), "Spark cannot write it"),
    ],
)
def test_a_table_that_cannot_be_written_is_refused(spark, customers, tmp_path, into, said):
    spark.createDataFrame([(1,)], "a int").write.mode("overwrite").option("path", str(tmp_path / "other")).saveAsTable(
        "bank.other"
    )
    with pytest.raises(DataError, match=said):
        run(spark, [CatalogueTable(customers[1])], tmp_path / "out", into=into)
    assert not (tmp_path / "out" / "model.json").exists()
    assert [tuple(row) for row in spark.read.table("bank.other").collect()] == [(1,)]


def test_the_command_line_reads_and_writes_tables(spark, customers, tmp_path, capsys):
    spark.sql(f"create or replace temp view people as select * from {customers[1]}")
    command = f"segment --table people --as-of 2026-01-01 --k 3 --out {tmp_path / 'out'} --into bank.made --run-id a"
    assert main([*command.split(), "--engine", "spark"]) == 0
    assert "Written into bank.made" in capsys.readouterr().out
    assert spark.read.table("bank.made").where("run_id = 'a'").count() > 400
    assert main(command.split()) == 2
    assert "There is no database" in capsys.readouterr().err
