"""A run on Spark replaces only what an earlier one has written, and neither engine leaves the other's customers."""

from datetime import date
from pathlib import Path

import pytest

from core.cli import main
from core.errors import DataError
from core.rules import Rules
from core.segments.choice import FeatureChoice
from core.spark.out import check_no_customers, check_out, unfinished
from core.spark.run import run


@pytest.fixture
def out(tmp_path):
    """A folder of results with the customers of an earlier run."""
    for name in ("part-0.snappy.parquet", ".part-0.snappy.parquet.crc", "_SUCCESS", "._SUCCESS.crc"):
        path = tmp_path / "out" / "customers" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return tmp_path / "out"


def test_customers_of_an_earlier_run_may_be_replaced(out):
    check_out(out, [str(out.parent / "in.csv"), "s3://bucket/customers"], ["model.json"])
    check_out(out.parent / "fresh", [str(out.parent)], ["model.json"])


@pytest.mark.parametrize("place", ["out/customers", "out/customers/part-0.snappy.parquet", "out", ""])
def test_an_input_that_would_be_replaced_is_refused_before_any_work(out, place):
    with pytest.raises(DataError, match="would replace"):
        run(None, [str(out.parent / place)], Rules(date(2026, 1, 1)), out, k=2, choice=FeatureChoice())
    assert len(list((out / "customers").iterdir())) == 4


def test_an_input_is_known_by_its_address_too(out):
    with pytest.raises(DataError, match="would replace"):
        check_out(out, [f"file://{out}/customers"], [])


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("customers/mine.csv", "is not a folder of customers"),
        ("customers/more/part-0.parquet", "is not a folder of customers"),
        ("report.html", "is of a run with pandas"),
        ("customer_data_cleaned.csv", "is of a run with pandas"),
        ("model.json/mine", "is a folder"),
    ],
)
def test_what_is_not_of_an_earlier_run_is_refused(out, name, found):
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("mine")
    with pytest.raises(DataError, match=found):
        check_out(out, [], ["model.json"])


def test_a_run_with_pandas_is_refused_beside_customers_of_spark(out, capsys):
    command = ["segment", "no.csv", "--as-of", "2026-01-01", "--out", str(out)]
    assert main(command) == 2
    assert "is of a run on Spark" in capsys.readouterr().err
    (out / "customers" / "mine.csv").write_text("")
    check_no_customers(out)


def stopped(out):
    """A run that the user stops."""
    with unfinished(None, out) as folder:
        Path(folder, "customers").mkdir()
        raise KeyboardInterrupt


def test_what_is_unfinished_goes_though_a_run_is_stopped(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        stopped(tmp_path)
    assert list(tmp_path.iterdir()) == []
