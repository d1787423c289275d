"""The audit trail: a line for each reading and each export, no value of a customer, nothing without its line."""

import json
import os
from pathlib import Path

import pytest

from core.cli import main
from core.errors import DataError
from core.trail import FILE, facts_of, note

ROWS = "customer_id,first_name,age,property_valuation\n" + "".join(
    f"c{i},Ann{i},{20 + i},{1 + i % 12}\n" for i in range(40)
)


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def run(folder: Path) -> int:
    (folder / "customers.csv").write_text(ROWS)
    place = str(folder / "customers.csv")
    return main(["segment", place, "--as-of", "2026-01-01", "--k", "2", "--out", str(folder / "out")])


def test_a_command_notes_what_it_read_and_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trail = tmp_path / "trail.jsonl"
    monkeypatch.setenv(FILE, str(trail))
    assert run(tmp_path) == 0
    read, *exported = lines(trail)
    assert (read["event"], read["sources"], read["origin"]) == (
        "read",
        ["customers.csv"],
        str(tmp_path / "customers.csv"),
    )
    assert {Path(one["file"]).name for one in exported} == {path.name for path in (tmp_path / "out").iterdir()}
    (cleaned,) = (one for one in exported if one["file"].endswith("customer_data_cleaned.csv"))
    assert cleaned["rows"] == 40
    assert {"customer_id", "Cluster"} <= set(cleaned["columns"])
    assert "Ann" not in trail.read_text()
    assert "c17" not in trail.read_text()
    assert trail.stat().st_mode & 0o077 == 0


def test_nothing_is_written_without_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(FILE, str(tmp_path / "nowhere" / "trail.jsonl"))
    assert run(tmp_path) == 2
    assert "The audit trail cannot be written: No such file or directory." in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_without_a_file_there_is_no_trail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FILE, raising=False)
    note("read", sources=["x"])
    assert list(tmp_path.iterdir()) == []


def test_rows_of_a_csv_are_counted_whatever_is_in_its_cells() -> None:
    content = '\ufeffid,note\r\n1,"a\r\nb"\r\n2,\r\n'.encode()
    assert facts_of("x.csv", content) == {"file": "x.csv", "bytes": len(content), "columns": ["id", "note"], "rows": 2}
    assert facts_of("x.pdf", b"%PDF") == {"file": "x.pdf", "bytes": 4}


def test_a_line_that_does_not_fit_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trail = tmp_path / "trail.jsonl"
    monkeypatch.setenv(FILE, str(trail))
    note("read", sources=["caf\udce9.csv"])
    before = trail.read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:5]))
    with pytest.raises(DataError, match="No space left"):
        note("read", sources=["x"])
    assert trail.read_bytes() == before
