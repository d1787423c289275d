"""A table for which there is no memory is refused before it is read."""

import io
import resource

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.errors import UnreadableFileError
from core.intake.read import SourceFile, read
from core.intake.reading import memory, parquet
from core.workers.pool import Workers


def customers(rows):
    """A Parquet file of two columns."""
    content = io.BytesIO()
    pq.write_table(pa.table({"customer_id": range(rows), "age": [30] * rows}), content)
    return SourceFile("bank.parquet", content.getvalue())


@pytest.fixture
def system(tmp_path, monkeypatch):
    """A system without limits that has 1 GB left, as files that a test can write others over."""
    for name, place in (("MACHINE", "meminfo"), ("CONTAINER", ""), ("PROCESS", "statm")):
        monkeypatch.setattr(memory, name, tmp_path / place)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    (tmp_path / "meminfo").write_text("MemTotal: 9000000 kB\nMemAvailable: 900000 kB\nSwapFree: 100000 kB\n")
    return tmp_path


def test_of_all_limits_the_least_counts(system, monkeypatch):
    assert memory.available() == 1_000_000 * 1024
    (system / "memory.max").write_text("700000000\n")
    (system / "memory.current").write_text("300000000\n")
    (system / "memory.stat").write_text("anon 200000000\ninactive_file 100000000\n")
    assert memory.available() == 500_000_000
    (system / "statm").write_text("25 1 1\n")
    monkeypatch.setattr(memory.os, "sysconf", lambda _: 4_000_000)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (300_000_000, resource.RLIM_INFINITY))
    assert memory.available() == 200_000_000
    monkeypatch.setattr(resource, "getrlimit", lambda _: (50_000_000, resource.RLIM_INFINITY))
    assert memory.available() == 0


def test_a_container_without_a_limit_and_a_system_that_says_nothing_do_not_count(system):
    (system / "memory.max").write_text("max\n")
    (system / "memory.current").write_text("300000000\n")
    assert memory.available() == 1_000_000 * 1024
    (system / "meminfo").unlink()
    assert memory.available() == float("inf")


def test_a_parquet_file_is_refused_by_its_rows_and_columns_before_a_cell_is_read(system, monkeypatch):
    (system / "meminfo").write_text("MemAvailable: 40 kB\n")
    monkeypatch.setattr(parquet, "as_text", lambda *_: pytest.fail("read"))
    with pytest.raises(UnreadableFileError) as error:
        read(customers(2_000))
    assert str(error.value) == (
        "bank.parquet: To load 2,000 rows of 2 columns takes about 0.0 GB of memory, and there are 0.0 GB for it. "
        "Leave out columns that are not needed, or use the command line or Spark on a machine with more memory."
    )
    (system / "meminfo").write_text("MemAvailable: 50 kB\n")
    monkeypatch.undo()
    assert len(read(customers(2_000)).tables[0].frame) == 2_000


def test_a_text_is_refused_by_its_bytes(system):
    text = b"customer_id,age\n" + b"1,30\n" * 300_000
    (system / "meminfo").write_text("MemAvailable: 5000 kB\n")
    with pytest.raises(UnreadableFileError, match=r"To load 1 MB of text takes about 0\.0 GB"):
        read(SourceFile("bank.csv", text))


def test_a_worker_says_so_in_place_of_being_ended():
    workers = Workers(1)
    try:
        file = customers(4_000_000)
        with pytest.raises(UnreadableFileError, match=r"To load 4,000,000 rows of 2 columns takes about 0\.1 GB"):
            workers.call(read, file, name=file.name, tick=lambda _: None, memory=80_000_000)
    finally:
        workers.close()
