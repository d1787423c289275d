"""What the command line reads and writes: no input is lost, nothing is half-written, and no traceback is seen."""

import errno
import io
import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

import core
from core.cli import main
from core.files import LOCK, unfinished, write_all

BANK = "customer_id,age,tenure\n" + "".join(f"{i},{20 + 30 * (i % 2) + i % 5},{i % 7}\n" for i in range(40))
SEGMENT = "--as-of 2018-01-01 --k 2"


def run(line):
    return main(shlex.split(line))


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working folder with files under names that results have, and under further names of them.

    The report is empty: half of a run's time is its charts, at which no test looks here.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("core.reporting.report.report", lambda _: b"")
    for name in ("bank.csv", "customer_data_cleaned.csv", "segments.csv", "movers.csv"):
        (tmp_path / name).write_text(BANK)
    os.link("bank.csv", "hard.csv")
    Path("soft.csv").symlink_to("bank.csv")
    (tmp_path / "steps.json").write_text('as_of = "2018-01-01"')
    return tmp_path


@pytest.fixture(scope="module")
def segmented(tmp_path_factory):
    """The results of the bank's file."""
    folder = tmp_path_factory.mktemp("segmented")
    (folder / "bank.csv").write_text(BANK)
    assert run(f"segment {folder}/bank.csv {SEGMENT} --out {folder}/out") == 0
    return folder / "out"


@pytest.fixture
def model(folder, segmented):
    shutil.copytree(segmented, folder / "out")
    (folder / "out" / "model.json").rename(folder / "model.json")


def tree(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


SCORE, REFRESH = "score bank.csv --model model.json", "refresh bank.csv --model model.json"


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    "line",
    [
        f"{SCORE} --out bank.csv",
        f"{SCORE} --out ./out/../bank.csv",
        f"{SCORE} --out hard.csv",
        f"{SCORE} --out soft.csv",
        "score soft.csv --model model.json --out bank.csv",
        f"{SCORE} --out model.json",
        f"segment customer_data_cleaned.csv {SEGMENT} --out .",
        f"segment segments.csv bank.csv {SEGMENT} --out .",
        f"segment . {SEGMENT} --out .",
        f"segment bank.csv --rules steps.json {SEGMENT} --out .",
        "refresh movers.csv --model model.json --out .",
        f"{REFRESH} --before movers.csv --out .",
        "read bank.csv --out .",
    ],
)
def test_an_output_that_would_replace_an_input_is_refused(folder, capsys, line):
    before = tree(folder)
    assert run(line) == 2
    assert "The results would replace " in capsys.readouterr().err
    assert tree(folder) == before


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"segment /dev/zero {SEGMENT} --out out", "/dev/zero: This is a device or a pipe."),
        (f"segment pipe {SEGMENT} --out out", "pipe: This is a device or a pipe."),
        ("read pipe --out read", "pipe: This is a device or a pipe."),
        ("score bank.csv --model pipe --out s.csv", "pipe: This is a device or a pipe."),
        ("score bank.csv --model out --out s.csv", "out: This is a folder."),
        ("segment bank.csv --rules pipe --out out", "pipe: This is a device or a pipe."),
        (f"{SCORE} --out pipe", "pipe is a device or a pipe."),
        ("sample --customers 3 --out /dev/null", "/dev/null is a device or a pipe."),
        (f"segment bank.csv {SEGMENT} --out bank.csv/out", "bank.csv is not a folder."),
    ],
)
def test_only_regular_files_are_read_and_replaced(folder, capsys, line, found):
    os.mkfifo("pipe")
    before = tree(folder / "out")
    assert run(line) == 2
    assert found in capsys.readouterr().err
    assert tree(folder / "out") == before


def test_a_file_is_too_large_before_it_is_read(monkeypatch, capsys):
    monkeypatch.setattr("core.sources.file.MAX_BYTES", 20)
    assert run(f"segment bank.csv {SEGMENT} --out out") == 2
    assert "bank.csv: It has more than 20 bytes." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"segment bank.csv {SEGMENT} --out ''", "it is empty; name a place"),
        ("sample --out ' '", "it is empty; name a place"),
        (f"{SCORE} --out ''", "it is empty; name a place"),
        (f"segment bank.csv {SEGMENT} --out s3://bank/results", "it is an address; name a place on this machine"),
    ],
)
def test_what_is_no_place_is_not_written_to(folder, capsys, line, said):
    before = tree(folder)
    with pytest.raises(SystemExit) as stop:
        run(line)
    assert stop.value.code == 2
    assert f"argument --out: {said}" in capsys.readouterr().err
    assert tree(folder) == before


def test_a_folder_that_may_not_be_written_to_is_refused_before_the_work(monkeypatch, capsys, folder):
    monkeypatch.setattr("os.access", lambda *_: False)  # tests may be run by root, who may write everywhere
    assert run(f"segment bank.csv {SEGMENT} --out out/deep") == 2
    assert capsys.readouterr().err.splitlines() == [
        f"error: Nothing may be written to the folder {folder}. Choose another --out."
    ]


@pytest.mark.usefixtures("model")
def test_a_full_disk_is_said_and_leaves_the_results_before(monkeypatch, capsys, folder):
    before = tree(folder)
    full = Mock(side_effect=OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    monkeypatch.setattr(Path, "write_bytes", full)
    assert run(f"segment bank.csv {SEGMENT} --k 3 --out out") == 2
    assert "error: The results cannot be written to out: No space left on device." in capsys.readouterr().err
    assert tree(folder) == before
    assert not list((folder / "out").glob("unfinished-*"))


def test_what_an_earlier_run_wrote_and_this_one_does_not_goes(folder, monkeypatch):
    monkeypatch.setattr("core.segmentation.search", lambda scores_of: scores_of(range(2, 4)))  # the files are the same
    (folder / "out").mkdir()
    (folder / "out" / "measures.toml").write_text("mine")
    assert run("segment bank.csv --as-of 2018-01-01 --k auto --out out") == 0
    assert (folder / "out" / "choose_k.csv").exists()
    assert run("segment bank.csv --as-of 2018-01-01 --k 3 --out out") == 0
    assert not (folder / "out" / "choose_k.csv").exists()
    assert (folder / "out" / "measures.toml").read_text() == "mine"


@pytest.mark.usefixtures("model")
def test_a_comparison_without_moves_leaves_none_of_an_earlier_one(folder):
    assert run(f"{REFRESH} --before hard.csv --out later") == 0
    assert (folder / "later" / "movers.csv").exists()
    assert run(f"{REFRESH} --out later") == 0
    assert {path.name for path in (folder / "later").iterdir()} == {
        "segment_shares.csv", "feature_shifts.csv", "refit_movers.csv",
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_any_terminal_can_be_written_to(monkeypatch, encoding):
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", err)
    Path("bank.csv").rename("Bänk η.csv")
    assert run(f"segment 'Bänk η.csv' {SEGMENT} --features age,tenure --out out") == 0
    assert b"nk \\u03b7.csv" in out.buffer.getvalue()
    err.flush()
    assert b"Writing the results " in err.buffer.getvalue()


def command(line, **more):
    """The command in a process of its own."""
    root = Path(core.__file__).parents[1]
    return subprocess.Popen([sys.executable, "-m", "core", *shlex.split(line)], cwd=root, text=True, **more)


def test_nobody_who_reads_on_is_no_fault(folder):
    read, write = os.pipe()
    os.close(read)
    process = command(f"sample --customers 5 --out {folder}/made.csv", stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert process.communicate()[1] == "Making 5 customers …\n"
    assert process.returncode == 0
    assert len((folder / "made.csv").read_text().splitlines()) == 6


def stopped(folder, sign):
    """A run that is sent a signal while it writes: its exit status, and what it said after that."""
    process = command(f"sample --customers 100000000 --out {folder}/made.csv", stderr=subprocess.PIPE)
    assert process.stderr.readline().startswith("Making")
    while not list(folder.glob("unfinished-*/made.csv")):
        assert process.poll() is None
    process.send_signal(sign)
    said = process.communicate()[1]
    return process.returncode, said


def test_an_interrupted_run_says_so_and_leaves_nothing(folder):
    before = tree(folder)
    assert stopped(folder, signal.SIGINT) == (130, "Interrupted.\n")
    assert tree(folder) == before


def test_what_a_killed_run_leaves_goes_with_the_next_one(folder):
    before = tree(folder)
    assert stopped(folder, signal.SIGKILL)[0] == -signal.SIGKILL
    assert list(folder.glob("unfinished-*"))
    assert run("sample --customers 3 --out made.csv") == 0
    assert not list(folder.glob("unfinished-*"))
    assert {*tree(folder)} - {*before} == {Path("made.csv")}


def test_what_another_run_is_at_work_in_stays_and_so_does_a_folder_of_somebody(folder):
    (folder / "unfinished-letter").mkdir()
    with unfinished(folder) as other:
        write_all(folder, {"a.txt": b"a"})
        assert (other / LOCK).exists()
        assert (folder / "unfinished-letter").exists()
    assert not other.exists()


@pytest.mark.parametrize(
    "line",
    [
        f"segment '' {SEGMENT} --out out", "read '' --out out", "score '' --model model.json --out scored.csv",
        "refresh bank.csv --model model.json --before '' --out later",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("model")
def test_an_empty_name_is_not_the_folder_one_is_in(line, folder, capsys):
    before = tree(folder)
    assert run(line) == 2
    assert "The name of a file is empty." in capsys.readouterr().err
    assert tree(folder) == before
