"""Few customers on Spark: what this program takes from the workers, and that its files are those of pandas."""

import gzip
import json
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.cli import _parser, main
from core.cli_spark import memory_of
from core.databases.address import address_of
from core.databases.fetch import fetch
from core.databases.request import Request
from core.errors import DataError
from core.intake.reading.memory import PER_BYTE_OF_TEXT, PER_CELL
from core.rules import Rules
from core.segments.choice import FeatureChoice
from core.segments.registry import DEFAULT_CLUSTERER
from core.sources.file import FileSource
from core.spark import here, storage
from core.spark.into import Into
from core.spark.out import CUSTOMERS
from core.spark.parts import Part
from core.spark.results import Asked
from core.spark.storage import Stored
from core.spark.table import FileTable
from data.generate import write_sample

RULES = Rules(date(2026, 1, 1))
LOTS = 1e9


@pytest.fixture
def bank(tmp_path):
    """A CSV file of 400 customers."""
    write_sample(tmp_path / "bank.csv", customers=400, seed=5)
    return tmp_path / "bank.csv"


def copied(folder, table, rows):
    """A table as the workers copy it: files of so many rows each."""
    parts = []
    for start in range(0, len(table), rows):
        pq.write_table(table.slice(start, rows), path := str(folder / f"{start:06}.parquet"))
        (file,) = storage.listed(path)
        parts.append(Part(Stored(path, file.size, called="db.customers"), 0, 1, groups=True))
    return FileTable(
        Stored(str(folder), 1, called="db.customers"), "", tuple(parts), decisions={"format": "rows of a table"}
    )


def test_files_are_read_here_as_far_as_there_is_memory_for_them(bank, monkeypatch):
    content = bank.read_bytes()
    need = len(content) * PER_BYTE_OF_TEXT
    assert here.sources([str(bank)], [], need) == [FileSource("bank.csv", content)]
    assert here.sources([str(bank.parent)], [], need) == [FileSource("bank.csv", content)]
    said: list[str] = []
    here.sources([str(bank)], [], need - 1, said.append)
    assert said[0].startswith("Leaving the work to Spark's workers: to load 0.0 GB")
    assert here.sources([str(bank)], [], need - 1) == []
    assert here.sources([str(bank)], [], 0) == []
    (bank.parent / "empty.csv").touch()
    assert here.sources([str(bank.parent / "empty.csv")], [], 0) == []
    assert here.sources([str(bank), "/only/a/worker/sees/this"], [], LOTS) == []
    monkeypatch.setattr(here, "available", lambda: need / here.SHARE - 1)
    assert here.sources([str(bank)], [], LOTS) == []


@pytest.mark.parametrize(
    ("bound", "most", "is_read"),
    [
        ("MAX_ROWS", 400, True),
        ("MAX_ROWS", 399, False),
        ("MAX_TABLE_CELLS", 400 * 2 - 1, False),
        ("MAX_BYTES", 9, False),
    ],
)
def test_what_is_too_large_to_be_loaded_is_left_to_the_workers(tmp_path, monkeypatch, bound, most, is_read):
    pq.write_table(pa.table({"id": range(400), "age": range(400)}), tmp_path / "bank.parquet")
    monkeypatch.setattr(here, bound, most)
    assert bool(here.sources([str(tmp_path / "bank.parquet")], [], 400 * 2 * PER_CELL)) == is_read
    assert not here.sources([str(tmp_path / "bank.parquet")], [], 400 * 2 * PER_CELL - 1)


def test_a_table_in_pieces_is_the_source_that_it_is_in_a_database(tmp_path):
    import duckdb

    rows = pa.table(
        {
            "id": [f"{at:03}" for at in range(50)],
            "age": range(50),
            "share": [at / 7 for at in range(50)],
            "day": [date(2026, 1, 2)] * 50,
        }
    )
    with duckdb.connect(tmp_path / "bank.duckdb") as database:
        database.execute("create table customers as select * from rows")
    of_database = fetch(Request(address_of(f"duckdb:///{tmp_path}/bank.duckdb"), "customers"))
    (tmp_path / "read").mkdir()
    (source,) = here.sources([], [copied(tmp_path / "read", rows, 7)], LOTS)
    assert (source.name, source.digest) == ("db.customers", of_database.digest)
    (table,) = source.tables().tables
    assert table.decisions["format"] == "rows of a table"
    assert here.sources([], [copied(tmp_path / "read", rows, 7)], 50 * 4 * PER_CELL - 1) == []


def test_the_files_are_those_of_pandas_and_the_trail_says_what_was_read(bank, tmp_path, monkeypatch):
    monkeypatch.setattr(here, "PART_ROWS", 150)
    monkeypatch.setenv("AUDIT_LOG", str(tmp_path / "trail"))
    out, folder = tmp_path / "here", tmp_path / "folder"
    folder.mkdir()
    asked = Asked(RULES, out, None, FeatureChoice(), None, DEFAULT_CLUSTERER, 0, lambda _: None)
    found = here.run(None, here.sources([str(bank)], [], LOTS), asked, folder)
    command = ["segment", str(bank), "--as-of", "2026-01-01", "--k", "auto", "--method", "kmeans"]
    assert main([*command, "--out", str(tmp_path / "pandas")]) == 0
    made = {path.name for path in out.iterdir()}
    assert made == {
        "segments.csv", "segment_evidence.csv", "model.json", "segments.sql", "steps.json",
        "choose_k.csv", "rejected_rows.csv", "summary.zip",
    }  # fmt: skip
    for name in made:
        assert (out / name).read_bytes() == (tmp_path / "pandas" / name).read_bytes(), name
    files = sorted((folder / CUSTOMERS).glob("*.parquet"))
    assert [pq.read_metadata(file).num_rows for file in files] == [150, 150, found.rows_read - found.rejected - 300]
    customers = pd.concat([pq.read_table(file).to_pandas() for file in files])
    of_pandas = pd.read_csv(tmp_path / "pandas" / "customer_data_cleaned.csv", dtype="str", keep_default_na=False)
    assert list(customers["customer_id"]) == list(of_pandas["customer_id"])
    assert list(customers["Cluster"]) == list(of_pandas["Cluster"])
    read, written, *_ = map(json.loads, (tmp_path / "trail").read_text().splitlines())
    assert (read["event"], read["sources"], read["origin"]) == ("read", ["bank.csv"], str(bank))
    assert (written["event"], written["file"], written["rows"]) == ("exported", str(out / CUSTOMERS), len(customers))


def test_a_table_is_refused_for_customers_without_an_id_before_anything_is_written(bank, tmp_path):
    rows = pd.read_csv(bank, dtype="str", keep_default_na=False).drop(columns="customer_id")
    rows.to_csv(bank, index=False)
    asked = Asked(RULES, tmp_path / "out", 3, FeatureChoice(), Into("t"), DEFAULT_CLUSTERER, 0, lambda _: None)
    with pytest.raises(DataError, match="There is no customer id"):
        here.run(None, here.sources([str(bank)], [], LOTS), asked, tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["bank.csv"]


@pytest.mark.parametrize(("bound", "is_read"), [(400, False), (401, True)])
def test_a_text_of_more_lines_than_are_read_is_left_to_the_workers(bank, monkeypatch, bound, is_read):
    monkeypatch.setattr(here, "MAX_ROWS", bound)
    assert bool(here.sources([str(bank)], [], LOTS)) == is_read


def test_a_packed_file_is_foreseen_as_it_is_unpacked(bank):
    packed = bank.with_suffix(".csv.gz")
    packed.write_bytes(gzip.compress(bank.read_bytes()))
    need = packed.stat().st_size * PER_BYTE_OF_TEXT * here.PACKED
    assert len(here.sources([str(packed)], [], need)) == 1
    assert here.sources([str(packed)], [], need - 1) == []


@pytest.mark.parametrize(
    ("options", "memory"),
    [("", here.MEMORY), ("--local-memory 0", 0.0), ("--local-memory 1.5", 1.5e9), ("--remote sc://host", 0.0)],
)
def test_the_memory_of_this_program_is_asked_for_in_gigabytes(options, memory):
    assert memory_of(_parser().parse_args(["segment", "bank.csv", *options.split()])) == memory


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "x", ""])
def test_what_is_no_number_of_gigabytes_is_refused(capsys, text):
    with pytest.raises(SystemExit):
        _parser().parse_args(["segment", "bank.csv", f"--local-memory={text}"])
    assert f"“{text}” is no number of gigabytes" in capsys.readouterr().err
