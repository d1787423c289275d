"""A kind of source that a test registers is read by every command; chunks of Arrow become text."""

import shlex
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from core.audit import audit
from core.cli import main
from core.errors import DataError, UnreadableFileError
from core.intake.read import SourceFile
from core.pipeline import load, segment
from core.rules import Rules
from core.sources import kinds
from core.sources.arrow import text_table
from core.sources.file import FileSource
from core.sources.kinds import KINDS, input_paths, open_sources
from core.sources.source import digest_of, each_once
from tests.toy_source import TOY, Toy

RULES = Rules(date(2026, 1, 1))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder, and a further kind of source."""
    monkeypatch.chdir(tmp_path)
    with KINDS.added(TOY):
        yield tmp_path


def run(line: str) -> int:
    return main(shlex.split(line))


@pytest.mark.usefixtures("folder")
def test_a_kind_is_registered_once() -> None:
    with pytest.raises(ValueError, match="a kind of source 'toy' already"):
        KINDS.add(TOY)


def test_an_argument_is_of_the_kind_that_recognises_it_else_a_file_or_folder(folder: Path) -> None:
    (folder / "deep").mkdir()
    (folder / "deep" / "a.csv").write_text("a\n1\n")
    (folder / "deep" / ".hidden").write_text("")
    arguments = ["toy:7", "deep", "deep/a.csv"]
    assert list(open_sources(arguments)) == [Toy(7), *[FileSource("a.csv", b"a\n1\n")] * 2]
    assert input_paths(arguments) == [Path("deep/a.csv")] * 2
    assert [kind.key for kind in kinds.kinds()] == ["files", "database", "toy"]


def test_each_content_is_read_once_in_an_order_that_names_do_not_decide() -> None:
    one, same, other = FileSource("a.csv", b"1"), FileSource("z.csv", b"1"), Toy(3)
    unique = each_once([one, same, other])
    assert {source.digest for source in unique} == {one.digest, other.digest}
    assert [source.digest for source in each_once([other, same])] == [source.digest for source in unique]
    assert digest_of([one.digest]) != one.digest


def test_a_file_to_read_is_a_source() -> None:
    assert FileSource is SourceFile
    assert load([SourceFile("a.csv", b"customer_id,age\n1,30\n2,40\n")], RULES).customers["age"].tolist() == [30, 40]


def test_the_command_line_segments_a_source_without_bytes(folder: Path, capsys) -> None:
    assert run("segment toy:60 --as-of 2026-01-01 --k 2 --out out") == 0
    assert "Rows read                60   toy of 60" in capsys.readouterr().out
    assert "toy of 60" in (folder / "out/model.json").read_text("utf-8")
    assert (folder / "out/rejected_rows.csv").read_text("utf-8-sig").splitlines()[1].startswith("toy of 60,3,")
    assert "toy of 60" in (folder / "out/report.html").read_text("utf-8")


def test_the_command_line_reads_scores_and_audits_it(folder: Path, capsys) -> None:
    assert run("segment toy:60 --as-of 2026-01-01 --k 2 --out out") == 0
    assert run("score toy:70 --model out/model.json --out scored.csv") == 0
    assert run("read toy:3 --out read") == 0
    assert (folder / "read/toy of 3.csv").read_text().splitlines() == [
        "customer_id,age,property_valuation,tenure,state", "c1,20,1,0,NSW", "c2,27,2,5,ACT", ",34,3,10,ACT",
    ]  # fmt: skip
    capsys.readouterr()
    assert run("audit toy:60 --as-of 2026-01-01 --k 2 --id c5") == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["file", "row", "column", "text"] in lines
    assert ["toy", "of", "60", "5", "State", "NSW"] in lines


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("segment toy:many --as-of 2026-01-01 --out out", "toy:many: A toy has a number of rows. Write toy:60."),
        ("segment toy:0 --as-of 2026-01-01 --out out", "toy of 0: There is no row of data."),
        ("segment toy:9 --as-of 2026-01-01 --engine spark --out out", "toy:9: Spark reads files, not toy tables."),
    ],
)
def test_what_cannot_be_opened_is_said(folder: Path, capsys, line: str, said: str) -> None:
    assert run(line) == 2
    assert said in capsys.readouterr().err
    assert not (folder / "out").exists()


def test_a_row_of_a_query_is_called_a_row() -> None:
    sources = [Toy(60)]
    study = load(sources, RULES)
    found = audit(sources, study, segment(study, 2), "c5")
    assert found.position == "row"
    assert found.raw[["file", "line", "text"]].to_numpy().tolist()[0] == ["toy of 60", 5, "c5"]
    with pytest.raises(DataError, match="toy of 60, row 3: "):
        audit(sources, study, segment(study, 2), "")


def test_chunks_of_arrow_become_a_table_of_text_whose_index_counts_on() -> None:
    chunk = pa.record_batch(
        {
            "id": [1, 2],
            "paid": pa.array([Decimal("1.50"), None]),
            "share": [0.25, 3.0],
            "day": pa.array([date(2020, 1, 31), None]),
            "nested": [[1], [2]],
        }
    )
    table = text_table("query", [chunk, chunk.slice(1)], {"format": "Arrow"})
    assert table.frame.index.tolist() == [1, 2, 3]
    assert table.frame.astype("str").to_numpy().tolist() == [
        ["1", "1.50", "0.25", "2020-01-31"],
        ["2", "", "3", ""],
        ["2", "", "3", ""],
    ]
    assert (table.decisions, table.position) == ({"format": "Arrow", "nested columns": "dropped: nested"}, "row")


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "query: There is no row of data."),
        ({"a": pa.array([], pa.int64())}, "query: There is no row of data."),
        ({"a": pa.array([(1, 2, 3)], pa.month_day_nano_interval())}, "query, column “a”: Its values, of type"),
        ({"a": ["x" * 200_000]}, "query, column “a”: There are 200,000 characters in one cell"),
    ],
)
def test_chunks_that_hold_no_table_are_refused(columns: dict[str, pa.Array], said: str) -> None:
    chunk = pa.record_batch(columns)
    with pytest.raises(UnreadableFileError) as refused:
        text_table("query", [chunk], {})
    assert said in str(refused.value)
