"""Job files: what they may hold, the command they become, and that twice gives the same."""

import hashlib
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import duckdb
import pytest

from core.cli import main
from core.errors import DocumentError
from core.job import arguments_of, job_of

HELP = Path(__file__).parents[2] / "pages" / "topics" / "schedule.md"
CUSTOMERS = "customer_id,first_name,age,property_valuation,purchases,wealth_segment\n" + "".join(
    f"{i:04},Ann{i},{20 + i % 7 + 30 * (i % 2)},{1 + 9 * (i % 2)},{i % 5},{('Mass', 'Affluent')[i % 2]} Customer\n"
    for i in range(40)
)
LATER = CUSTOMERS.replace(",10,", ",1,")  # the wealthy are gone
PASSWORD = "n0t-to-be-seen"
SEGMENT = """
as_of = "2026-01-31"
[source]
files = ["customers.csv"]
[segments]
k = 2
[output]
folder = "results"
address = "sqlite:///bank.db"
table = "segments"
"""
SCORE = """
as_of = "2026-02-28"
model = "results/model.json"
[source]
files = ["later.csv"]
[output]
folder = "scored"
"""
REFRESH = """
as_of = 2026-02-28
model = "results/model.json"
[source]
address = "duckdb:///later.csv"
tables = ["later"]
[output]
folder = "later"
address = "duckdb:///bank.duckdb"
table = "segments"
shares_table = "shares"
write = "append"
[drift]
above = 0.1
before = ["customers.csv"]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with files; the job is started elsewhere, as a scheduler does."""
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / "later.csv").write_text(LATER)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.delenv("DATABASE_PASSWORD", raising=False)
    return tmp_path


def run(folder: Path, text: str, *more: str) -> int:
    (folder / "job.toml").write_text(text)
    return main(["run", str(folder / "job.toml"), *more])


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(file: Path, sql: str) -> list[tuple]:
    connect = sqlite3.connect if file.suffix == ".db" else duckdb.connect
    with closing(connect(file)) as connection:
        return connection.execute(sql).fetchall()


def test_a_job_gives_what_the_command_gives_and_the_same_again(folder, capsys):
    assert run(folder, SEGMENT) == 0
    made, table = digests(folder / "results"), rows(folder / "bank.db", "SELECT * FROM segments")
    assert len(table) == 40
    assert run(folder, SEGMENT) == 0
    assert digests(folder / "results") == made
    assert rows(folder / "bank.db", "SELECT * FROM segments") == table
    command = [
        "segment",
        str(folder / "customers.csv"),
        "--as-of",
        "2026-01-31",
        "--k",
        "2",
        "--out",
        str(folder / "own"),
    ]
    assert main(command) == 0
    assert digests(folder / "own") == made
    assert [path.name for path in (folder / "elsewhere").iterdir()] == []
    assert "Written into segments of sqlite:" in capsys.readouterr().out


def test_the_table_says_what_the_files_say_and_names_nobody(folder):
    assert run(folder, SEGMENT) == 0
    sql = "SELECT customer_id, cluster, is_mass_affluent, as_of, run_id FROM segments"
    assert rows(folder / "bank.db", sql)[:2] == [
        ("0000", 2, 0, "2026-01-31", "2026-01-31"), ("0001", 1, 1, "2026-01-31", "2026-01-31"),
    ]  # fmt: skip
    lines = (folder / "results" / "customer_data_cleaned.csv").read_text().splitlines()
    at = lines[0].split(",").index("Cluster")
    clusters = [(str(cluster),) for (cluster,) in rows(folder / "bank.db", "SELECT cluster FROM segments")]
    assert clusters == [(line.split(",")[at],) for line in lines[1:]]
    assert b"Ann1" not in (folder / "bank.db").read_bytes()


def test_drift_is_status_3_and_the_tables_are_written_once_per_run(folder, capsys):
    assert run(folder, SEGMENT) == 0
    for _ in range(2):
        assert run(folder, REFRESH) == 3
    assert rows(folder / "bank.duckdb", "SELECT count(*), min(run_id) FROM segments") == [(40, "2026-02-28")]
    assert rows(folder / "bank.duckdb", "SELECT sum(customers_now), count(*) FROM shares") == [(40, 2)]
    assert run(folder, REFRESH, "--as-of", "2026-03-31", "--run-id", "third") == 3
    assert rows(folder / "bank.duckdb", "SELECT run_id, count(*) FROM segments GROUP BY 1 ORDER BY 1") == [
        ("2026-02-28", 40), ("third", 40),
    ]  # fmt: skip
    assert {path.name for path in (folder / "later").iterdir()} == {
        "segment_shares.csv", "feature_shifts.csv", "refit_movers.csv", "movers.csv", "scored.csv",
    }  # fmt: skip
    assert "A shift beyond chance" in capsys.readouterr().out


@pytest.mark.parametrize("way", ["append", "replace"])
@pytest.mark.parametrize("shares", ["segments", "Segments", "main.segments"])
def test_customers_and_shares_go_into_no_table_together(folder, capsys, way, shares):
    assert run(folder, SEGMENT) == 0
    text = REFRESH.replace('"append"', f'"{way}"').replace('shares_table = "shares"', f'shares_table = "{shares}"')
    assert run(folder, text) == 2
    assert f"The table {shares} would be written twice." in capsys.readouterr().err
    assert not (folder / "bank.duckdb").exists()


def test_a_model_without_drift_scores_and_the_day_is_that_of_the_job(folder, capsys):
    assert run(folder, SEGMENT) == 0
    assert run(folder, SCORE) == 2
    assert "There is no folder" in capsys.readouterr().err
    (folder / "scored").mkdir()
    assert run(folder, SCORE) == 0
    assert [path.name for path in (folder / "scored").iterdir()] == ["scored.csv"]
    assert "as of 2026-02-28" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("xlsx = true", "xlsx is of segments that are made anew."),
        ('[drift]\nbefore_as_of = "2026-01-31"', "before_as_of is of earlier files."),
    ],
)
def test_what_a_job_asks_for_and_would_not_get_is_said(more, message):
    with pytest.raises(DocumentError, match=re.escape(message)):
        job_of(SCORE + more, "job.toml")


def test_rules_can_stand_in_the_job_or_in_a_file(folder):
    inline = SEGMENT + "[rules]\nage_starts = [30, 50]\n[rules.mass_affluent]\nmin_property_valuation = 5\n"
    (folder / "rules.toml").write_text("age_starts = [30, 50]\n[mass_affluent]\nmin_property_valuation = 5\n")
    assert run(folder, inline) == 0
    made = digests(folder / "results")
    assert run(folder, 'rules = "rules.toml"\n' + SEGMENT) == 0
    assert digests(folder / "results") == made
    assert b",<30," in (folder / "results" / "customer_data_cleaned.csv").read_bytes()


def test_without_a_day_anywhere_nothing_is_run(folder, capsys):
    text = SEGMENT.replace('as_of = "2026-01-31"', "")
    assert run(folder, text) == 2
    assert "There is no as-of date. Give --as-of YYYY-MM-DD, or as_of in the job file." in capsys.readouterr().err
    assert run(folder, text, "--as-of", "2026-01-31") == 0


def test_a_table_alone_is_enough(folder):
    assert run(folder, SEGMENT.replace('folder = "results"', "")) == 0
    assert not (folder / "results").exists()
    assert rows(folder / "bank.db", "SELECT count(*) FROM segments") == [(40,)]


def test_a_folder_that_cannot_be_written_leaves_the_table(folder, monkeypatch, capsys):
    assert run(folder, SEGMENT) == 0
    before = rows(folder / "bank.db", "SELECT * FROM segments")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "results")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert run(folder, SEGMENT, "--as-of", "2026-05-31") == 2
    assert "No space left on device" in capsys.readouterr().err
    assert rows(folder / "bank.db", "SELECT * FROM segments") == before


def test_customers_without_an_id_go_into_no_table(folder, capsys):
    (folder / "customers.csv").write_text(re.sub(r"^[^,]+,", "", CUSTOMERS, flags=re.M))
    assert run(folder, SEGMENT) == 2
    assert "There is no customer id" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir() if path.name in ("results", "bank.db")] == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("customers.csv", "a\\u0000b"), "A path or address has the character NUL. Leave it out."),
        (('"results"', '"a\\u0000b"'), "A path or address has the character NUL. Leave it out."),
        (('"results"', '"s3://bank/results"'), "folder is an address. Name a folder, such as"),
        (("k = 2", "kk = 2"), "“segments” has an unknown 'kk'; known are features, k, seed, method, outliers"),
        (("k = 2", "k = 99"), "“segments.k” is not a whole number from 1 to 30 but 99"),
        (("k = 2", "seed = -1"), "“segments.seed” is not a whole number from 0 to 4,294,967,295 but -1"),
        (("[source]", "[sauce]"), "it has an unknown 'sauce'; known are source, output"),
        (('files = ["customers.csv"]', 'files = "customers.csv"'), "“source.files” is not a list but 'customers.csv'"),
        (('table = "segments"', 'write = "upsert"'), "“output.write” is not one of"),
        (('"2026-01-31"', '"soon"'), "“as_of” is not a date such as 2026-01-31 but 'soon'"),
        (("[output]", "[drift]\nabove = 0.1\n[output]"), "Drift is from a model."),
        (("[source]", 'model = "results/model.json"\n[source]'), "The model says what rules and segments say, too."),
        (('table = "segments"', 'table = "t"\nshares_table = "s"'), "Shares are compared with a model."),
        (('folder = "results"\naddress = "sqlite:///bank.db"', ""), "table, shares_table, write and run_id are of a"),
        (
            ('folder = "results"\naddress = "sqlite:///bank.db"\ntable = "segments"', ""),
            "Nothing is written.",
        ),
        (('files = ["customers.csv"]', ""), "Nothing is read."),
        (('files = ["customers.csv"]', 'address = "$BANK"'), "No table is read."),
        (
            ('files = ["customers.csv"]', 'files = ["customers.csv"]\ntables = ["t"]'),
            "A table, query or column is of a",
        ),
        (('table = "segments"', ""), "No table is written."),
        (('folder = "results"', "pptx = true"), "There is no folder for the pptx."),
        (("k = 2", 'method = "magic"'), "There is no method “magic”"),
        (('address = "sqlite:///bank.db"', 'address = "$NOWHERE"'), "The environment variable NOWHERE is not set."),
    ],
)
def test_what_cannot_be_is_said_in_one_line_and_nothing_is_written(folder, capsys, change, message):
    before = digests(folder)
    assert change[0] in SEGMENT
    assert run(folder, SEGMENT.replace(*change)) == 2
    err = capsys.readouterr().err
    assert err.splitlines()[-1].startswith("error: ")
    assert message in err
    (folder / "job.toml").unlink()
    assert digests(folder) == before


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://writer:{PASSWORD}@host/bank",
        f"postgresql://:{PASSWORD}@host/bank",
        f"postgresql://host/bank?user=writer&password={PASSWORD}",
        f"postgresql://host/bank?sslpassword={PASSWORD}",
        f"mssql://host/bank?PWD={PASSWORD}",
        f"mssql:///?odbc_connect=Driver%3DX%3BUID%3Dsa%3BPWD%3D{PASSWORD}",
    ],
)
@pytest.mark.parametrize("place", ["source", "output"])
def test_a_password_in_a_job_file_is_refused_and_not_shown(folder, capsys, address, place):
    text = (
        SEGMENT
        if place == "output"
        else SEGMENT.replace('files = ["customers.csv"]', 'address = "ADDRESS"\ntables = ["t"]')
    )
    text = text.replace("ADDRESS" if place == "source" else "sqlite:///bank.db", address)
    assert run(folder, text) == 2
    out, err = capsys.readouterr()
    assert "A job file holds no password." in err
    assert PASSWORD not in out + err


@pytest.mark.parametrize("keys", ['files = ["{}"]', 'files = ["c.csv"]\n[drift]\nbefore = ["{}"]'])
def test_a_password_among_the_files_of_a_job_is_refused(keys):
    text = "[output]\nfolder = 'r'\n[source]\n" + keys.format(f"s3://me:{PASSWORD}@bucket/c.csv")
    with pytest.raises(DocumentError, match="A job file holds no password") as said:
        job_of(f'model = "m.json"\n{text}', "job.toml")
    assert PASSWORD not in str(said.value)


def test_an_address_comes_from_the_environment_and_its_password_is_in_no_output(folder, postgres, monkeypatch, capfd):
    from tests.postgres import OWNER
    from tests.postgres import PASSWORD as OWN

    monkeypatch.setenv("BANK", postgres.address(OWNER))
    postgres.run("DROP TABLE IF EXISTS segments")
    text = SEGMENT.replace("sqlite:///bank.db", "$BANK")
    assert run(folder, text, "--log", "json") == 0
    assert run(folder, text.replace('table = "segments"', 'table = "pg_catalog.pg_class"\nwrite = "replace"')) == 2
    monkeypatch.setenv("BANK", postgres.address(OWNER, OWN + "wrong"))
    assert run(folder, text) == 2
    monkeypatch.setenv("BANK", f"postgresql://{OWNER}@127.0.0.1:{postgres.port}/postgres")
    monkeypatch.setenv("DATABASE_PASSWORD", OWN)
    assert run(folder, text) == 0
    said = "".join(capfd.readouterr())
    assert "password authentication failed" in said
    assert OWN not in said
    assert [path for path in folder.rglob("*") if path.is_file() and OWN.encode() in path.read_bytes()] == []


def test_the_log_is_one_json_object_a_line(folder, capsys):
    assert run(folder, 'log = "json"\n' + SEGMENT) == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {next(iter(line)) for line in lines} == {"level"}
    assert [line["step"] for line in lines][:2] == ["reading", "matching"]
    assert {"level": "info", "step": "cleaning", "message": "Cleaning 40 rows", "rows": 40} in lines
    assert lines[-1] == {"level": "info", "step": "end", "message": "done", "exit": 0}
    assert run(folder, SEGMENT + "[sauce]", "--log", "json") == 2
    error, end = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (error["level"], end["exit"]) == ("error", 2)
    assert error["message"].startswith("job.toml: This is not a job file: it has an unknown 'sauce'")
    assert run(folder, SEGMENT) == 0
    assert capsys.readouterr().err.startswith("Reading customers.csv …\n")


def test_an_interrupted_job_says_so_in_its_log(folder, monkeypatch, capsys):
    monkeypatch.setattr("core.cli.load_for", Mock(side_effect=KeyboardInterrupt))
    assert run(folder, 'log = "json"\n' + SEGMENT) == 130
    assert [json.loads(line) for line in capsys.readouterr().err.splitlines()] == [
        {"level": "info", "message": "Interrupted."},
        {"level": "error", "step": "end", "message": "interrupted", "exit": 130},
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Reading t of sqlite:///a.db: 20,000 rows", 20_000),
        ("Reading a.csv: 5,000 of 20,000 rows", 5_000),
        ("Segmenting 1.234 customers into 5", 1_234),
        ("Writing the results", None),
        ("Scored 5 segments", None),
    ],
)
def test_the_rows_of_a_step_are_a_number(capsys, text, rows):
    from core.terminal import logged_as, record

    with logged_as("json"):
        record(text)
    assert json.loads(capsys.readouterr().err).get("rows") == rows


def test_every_job_in_help_can_be_read(tmp_path):
    jobs = re.findall(r"```toml\n(.*?)```", HELP.read_text("utf-8"), re.DOTALL)
    assert len(jobs) >= 2
    assert {job_of(text, "job.toml").command for text in jobs} == {"segment", "refresh"}
    for text in jobs:
        assert arguments_of(job_of(text, "job.toml"), tmp_path)


def test_the_first_job_in_help_runs(folder):
    text = re.search(r"```toml\n(.*?)```", HELP.read_text("utf-8"), re.DOTALL)[1]
    (folder / "bank.csv").write_text(CUSTOMERS)
    text = text.replace('address = "postgresql://reader@db.bank/bank"\ntables = ["customers"]', 'files = ["bank.csv"]')
    text = text.replace("postgresql://writer@db.bank/bank", "sqlite:///bank.db").replace("marts.segments", "segments")
    assert "postgresql" not in text
    assert run(folder, text, "--as-of", "2026-01-31") == 0
    assert rows(folder / "bank.db", "SELECT count(*) FROM segments") == [(40,)]


def test_a_path_of_the_job_is_in_its_folder_and_an_option_is_none():
    job = job_of('[source]\nfiles = ["-x.csv", "/abs.csv", "s3://b/c.csv"]\n[output]\nfolder = "--out"', "job.toml")
    assert arguments_of(job, Path("/jobs"))[-4:] == ["--", "/jobs/-x.csv", "/abs.csv", "s3://b/c.csv"]
    assert "--out=/jobs/--out" in arguments_of(job, Path("/jobs"))


def test_an_address_with_a_driver_is_in_the_folder_of_the_job_too():
    job = job_of('[source]\nfiles = ["c.csv"]\n[output]\naddress = "sqlite+pysqlite:///b.db"\ntable = "t"', "job.toml")
    assert "--to=sqlite+pysqlite:////jobs/b.db" in arguments_of(job, Path("/jobs"))


def test_a_file_that_is_no_job_is_refused():
    with pytest.raises(DocumentError, match=r"job\.toml: This is not a job file: it is not TOML"):
        job_of(b"{", "job.toml")
