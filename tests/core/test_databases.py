"""Tables and queries of SQLite, DuckDB and PostgreSQL: what is read, what is refused, and what is never shown."""

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import adbc_driver_postgresql.dbapi
import duckdb
import pandas as pd
import pyarrow as pa
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from core.cli import main
from core.databases import fetch as fetching
from core.databases.address import address_from, address_of
from core.databases.engine import TIME_OVER, worded
from core.databases.fetch import fetch, preview, tables_of
from core.databases.request import Request
from core.databases.select import TableName, Wanted, checked_query, statement, table_named
from core.errors import DataError
from core.intake.reading.arrow import UNREAD_COLUMNS
from data.generate import SAMPLE
from tests.postgres import OWNER, PASSWORD, READER, Server

MADE = {"customer_id": [1, 2, 3], "select": ["a", "b'; DROP TABLE t; --", None], "amount": [1.5, 2.0, None]}
INJECTIONS = [
    mark.format(inner)
    for inner in ("DROP TABLE victim", "DELETE FROM victim", "UPDATE victim SET a = 2", "INSERT INTO victim VALUES (9)",
                  "CREATE TABLE made (a int)", "ALTER TABLE victim RENAME TO gone", "TRUNCATE victim",
                  "ATTACH 'made.db' AS made", "COPY victim TO 'made.csv'", "SELECT 1 INTO made")
    for mark in ("{}", "victim; {}", 'victim"; {}; --', "victim'; {}; --", "victim`; {}; --", "victim]; {}; --",
                 "victim) AS q; {}; --", "(SELECT 1) AS q; {}", "victim -- \n; {}", "victim /* */; {}",
                 '"victim"; {}', "public.victim; {}", "victim\x00; {}", "victim\\'; {}", "victim AS q WHERE 1=1; {}",
                 "victim UNION {}", "victim;{};", "SELECT 1; {}", "WITH x AS ({} RETURNING *) SELECT * FROM x",
                 "EXPLAIN {}")
]  # fmt: skip


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    with closing(sqlite3.connect(tmp_path / "bank.db")) as connection:
        pd.DataFrame(MADE).to_sql("t", connection, index=False)
    return f"sqlite:///{tmp_path / 'bank.db'}"


@pytest.fixture
def duck(tmp_path: Path) -> str:
    with duckdb.connect(tmp_path / "bank.duckdb") as connection:
        connection.register("made", pd.DataFrame(MADE))
        connection.execute("CREATE TABLE t AS SELECT * FROM made")
    return f"duckdb:///{tmp_path / 'bank.duckdb'}"


@pytest.fixture
def server(postgres: Server) -> Iterator[Server]:
    """The server with one table that the reader may read."""
    postgres.run(
        'CREATE TABLE t (customer_id bigint, "select" text, amount float8)',
        "INSERT INTO t VALUES (1, 'a', 1.5), (2, 'b''; DROP TABLE t; --', 2), (3, NULL, NULL)",
        f"GRANT SELECT ON t TO {READER}",
    )
    yield postgres
    postgres.run("DROP TABLE t", "DROP TABLE IF EXISTS moving")


@pytest.fixture(params=["sqlite", "duck", "server"])
def database(request: pytest.FixtureRequest) -> str:
    """An address of each kind of database, with the same table."""
    made = request.getfixturevalue(request.param)
    return made.address() if isinstance(made, Server) else made


def rows(request: Request) -> list[list[str]]:
    frame = fetch(request).tables().tables[0].frame
    return [list(frame.columns), *frame.astype("str").to_numpy().tolist()]


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(DataError) as caught:
        call()
    assert PASSWORD not in str(caught.value)
    return str(caught.value)


def test_a_table_and_a_query_are_read_as_text(database: str) -> None:
    address = address_of(database)
    assert rows(Request(address, table="t")) == [
        ["customer_id", "select", "amount"], ["1", "a", "1.5"], ["2", "b'; DROP TABLE t; --", "2"], ["3", "", ""],
    ]  # fmt: skip
    query = "SELECT \"select\" AS job, ':x' AS colon, '50%' AS share FROM t WHERE customer_id > 1 -- :y %\n;"
    assert rows(Request(address, query=query)) == [
        ["job", "colon", "share"], ["b'; DROP TABLE t; --", ":x", "50%"], ["", ":x", "50%"],
    ]  # fmt: skip
    assert rows(Request(address, table="t", columns=("amount", "customer_id")))[0] == ["customer_id", "amount"]


def test_tables_are_listed_and_previewed(database: str) -> None:
    address = address_of(database)
    assert [one.name for one in tables_of(address)] == ["t"]
    frame, columns, _ = preview(Request(address, table="T"), 2)
    assert frame["customer_id"].tolist() == ["1", "2"]
    assert [column.name for column in columns] == list(frame.columns) == ["customer_id", "select", "amount"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"table": "x"}, "There is no table “x” that may be read."),
        ({"query": "SELECT nothing FROM t"}, "nothing"),
        ({"query": "SELECT * FROM t WHERE 1 = 0"}, "There is no row."),
        ({"table": "t", "columns": ("amount", "age")}, "There is no column “age”. There are: customer_id, select"),
        ({}, "A database needs a table or a query."),
    ],
)
def test_what_is_not_there_is_said(database: str, asked: dict, expected: str) -> None:
    assert expected in refused(lambda: fetch(Request(address_of(database), **asked)))


def test_too_many_rows_are_refused(database: str) -> None:
    address = address_from({"url": database, "max_rows": 2}, "bank")
    message = refused(lambda: fetch(Request(address, table="t")))
    assert message.startswith("t of bank: There are more than 2 rows. Choose fewer by a SELECT")


SLOW = {
    "sqlite": "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT max(i) AS i FROM r",
    "duckdb": "SELECT count(*) AS n FROM range(100000000) a, range(100000) b WHERE a.range % 7 = b.range % 3",
    "postgresql": "SELECT count(*) AS n FROM generate_series(1, 100000000) a, generate_series(1, 100000) b",
}


def test_a_query_that_does_not_end_is_ended(database: str) -> None:
    address = address_from({"url": database, "timeout": 1}, "bank")
    said = refused(lambda: fetch(Request(address, query=SLOW[address.scheme])))
    assert "It takes more than 1 s. Read fewer rows or columns, or allow more time" in said


@pytest.mark.parametrize("words", ["no such column: interrupted", 'relation "statement timeout" does not exist'])
def test_a_name_is_not_taken_for_a_time_that_is_over(words: str) -> None:
    assert not TIME_OVER.fullmatch(words)


def test_tables_are_listed_within_the_time_of_the_connection(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    connected = fetching.connected
    monkeypatch.setattr(fetching, "connected", lambda at, seconds: asked.append(seconds) or connected(at, seconds))
    assert tables_of(address_from({"url": sqlite, "timeout": 7}, "bank")) == [TableName("", "t")]
    assert asked == [7]


def test_nothing_is_changed_whatever_a_name_or_query_says(database: str) -> None:
    assert len(INJECTIONS) == 200
    address = address_of(database)
    for text in INJECTIONS:
        refused(lambda text=text: fetch(Request(address, query=text)))
    for text in INJECTIONS[::7]:  # each statement and each mark; a name is looked up, whatever it says
        refused(lambda text=text: fetch(Request(address, table=text)))
        refused(lambda text=text: fetch(Request(address, table="t", columns=(text,))))
    assert [one.name for one in tables_of(address)] == ["t"]
    assert len(rows(Request(address, table="t"))) == 4


@given(st.text(":\\ax1$% ._'é()", max_size=20))
def test_a_query_arrives_letter_by_letter(query: str) -> None:
    for dialect in (postgresql.dialect(paramstyle="named"), sqlite_dialect()):
        assert f"(\n{query}\n) AS q" in statement(Wanted(query=query), (), dialect)


ILL_WILLED = ['t"; DROP TABLE t; --', "a'b", "select", "ünïcode 名", "a.b", "%s :x ?", "-- x"]


@pytest.mark.parametrize("name", ILL_WILLED)
def test_a_table_of_an_ill_willed_name_is_read_like_any_other(tmp_path: Path, postgres: Server, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    made = f"CREATE TABLE {quoted} AS SELECT 7 AS {quoted}"
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.execute(made)
    with duckdb.connect(tmp_path / "x.duckdb") as connection:
        connection.execute(made)
    postgres.run(made, f"GRANT SELECT ON {quoted} TO {READER}")
    try:
        for url in (f"sqlite:///{tmp_path}/x.db", f"duckdb:///{tmp_path}/x.duckdb", postgres.address()):
            assert rows(Request(address_of(url), table=name)) == [[name], ["7"]]
    finally:
        postgres.run(f"DROP TABLE {quoted}")


@given(st.text(max_size=60))
def test_whatever_a_table_is_called_only_one_of_the_list_is_taken(text: str) -> None:
    tables = [TableName("s", "customers"), TableName("", 'x"; DROP')]
    try:
        assert table_named(text, tables) in tables
    except DataError:
        assert text not in {"customers", "s.customers", 'x"; DROP'}


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("SELECT a FROM t;", ""),
        ("; SELECT a FROM t", ""),
        ("SELECT ';' AS a FROM t; -- all of them;", ""),
        ("/* why */ WITH x AS (SELECT 1 AS a) SELECT * FROM x UNION SELECT 2 -- end", ""),
        ("VALUES (1)", "This is no SELECT but VALUES."),
        ("", "There are 0 statements, not one."),
        ("SELECT 1; SELECT 2", "There are 2 statements, not one."),
        ("DELETE FROM t", "This is no SELECT but DELETE."),
        ("SELECT * INTO made FROM t", "The SELECT has INTO in it."),
        ("SELECT * FROM t FOR UPDATE", "The SELECT has LOCK in it."),
        ("WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", "The SELECT has DELETE in it."),
        ("VACUUM", "This is no SELECT but COMMAND."),
        ("SELECT (", "The query cannot be understood at line 1."),
        ("SELECT '" + "x" * 100_000, "The query has 100,008 characters."),
    ],
)
def test_only_one_select_is_run(query: str, refusal: str) -> None:
    if not refusal:
        assert sqlglot.parse_one(checked_query(query, "postgresql")) == sqlglot.parse(query.strip("; "))[0]
        assert not checked_query(query, "postgresql").endswith((";", "them"))
        return
    assert refused(lambda: checked_query(query, "postgresql")).startswith(refusal)


def test_types_that_surprise_are_read_right_or_named(server: Server) -> None:
    server.run(
        "CREATE TYPE tier AS ENUM ('gold', 'silver')",
        """CREATE TABLE odd AS SELECT 12345678901234567890.123456789::numeric(38,9) AS exact,
        '2020-01-01 00:00+11'::timestamptz AS seen, '{1,2}'::int[] AS many, '{"a":1}'::json AS doc,
        'gold'::tier AS tier, 1234.5::money AS paid,
        '11111111-2222-3333-4444-555555555555'::uuid AS id, '\\xdead'::bytea AS bytes,
        'infinity'::date AS until, '1 day'::interval AS term, 0.1::real AS small,
        true AS yes, 'NaN'::numeric AS none""",
        f"GRANT SELECT ON odd TO {READER}",
    )
    try:
        found = fetch(Request(address_of(server.address()), table="odd"))
        table = found.tables().tables[0]
        assert table.frame.astype("str").iloc[0].to_dict() == {
            "exact": "12345678901234567890.123456789", "seen": "2019-12-31 13:00:00+00", "tier": "gold",
            "paid": "$1,234.50", "id": "11111111-2222-3333-4444-555555555555", "until": "infinity", "term": "1 day",
            "small": "0.1", "yes": "True", "none": "NaN",
        }  # fmt: skip
        assert [one.split(" ")[0] for one in dict(found.said)[UNREAD_COLUMNS].split("), ")] == ["many", "doc", "bytes"]
        assert table.decisions["columns not read"].startswith("many (values are no numbers, dates or words), doc")
    finally:
        server.run("DROP TABLE odd", "DROP TYPE tier")


def test_a_table_without_rights_a_wrong_password_and_a_server_that_is_gone(server: Server) -> None:
    server.run("CREATE TABLE hidden AS SELECT 1 AS a")
    try:
        address = address_of(server.address())
        assert "There is no table “hidden” that may be read." in refused(
            lambda: fetch(Request(address, table="hidden"))
        )
        asked = Request(address, query="SELECT * FROM hidden")
        assert "permission denied for table hidden. Ask for the right" in refused(lambda: fetch(asked))
        wrong = address_of(server.address(password=f"not-{PASSWORD}"))
        assert "password authentication failed" in refused(lambda: fetch(Request(wrong, table="t")))
        gone = address_of(f"postgresql://x:{PASSWORD}@127.0.0.1:1/x")
        assert "Check host and port and that the server runs." in refused(lambda: fetch(Request(gone, table="t")))
    finally:
        server.run("DROP TABLE hidden")


def test_of_a_table_only_the_columns_that_the_role_may_read_are_read(server: Server) -> None:
    server.run("CREATE TABLE partly AS SELECT 1 AS id, 'Ann' AS name", f"GRANT SELECT (id) ON partly TO {READER}")
    try:
        found = fetch(Request(address_of(server.address()), table="partly"))
        assert found.tables().tables[0].frame.astype("str").to_dict("list") == {"id": ["1"]}
        assert dict(found.said)[UNREAD_COLUMNS] == "name (the role may not read it)"
    finally:
        server.run("DROP TABLE partly")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"timeout": "long"}, "timeout of the connection bank is no whole number from 0 on."),
        ({"timeout": 10**7}, "timeout of the connection bank is 10,000,000. Write at most timeout = 604800."),
        ({"max_rows": -1}, "max_rows of the connection bank is no whole number from 0 on."),
        ({}, "The connection bank cannot be understood. Give [connections.bank] a url"),
    ],
)
def test_a_setting_that_cannot_be_is_named(settings: dict, message: str) -> None:
    address = {"url": "sqlite:///bank.db"} if settings else {}
    assert refused(lambda: address_from(address | settings, "bank")).startswith(message)


def test_a_kind_of_database_that_nobody_knows_is_said() -> None:
    message = refused(lambda: fetch(Request(address_of("postgers://h/d"), table="t")))
    assert "There is no driver for postgers. Check its spelling, or install" in message
    assert "There is no name behind the $." in refused(lambda: address_of("$"))


def test_a_file_in_another_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "bank.csv").write_bytes("id,name\n1,Zoë\n".encode("latin-1"))
    message = refused(lambda: fetch(Request(address_of(f"duckdb:///{tmp_path}/bank.csv"), table="bank")))
    assert "Save the file in UTF-8, or read it as a file" in message
    assert "Line: 2: Invalid unicode" in message
    (tmp_path / "bank.csv").write_text("id,name\n" + "1,Ann\n" * 30_000 + "2,Secret,x\n")
    message = refused(lambda: fetch(Request(address_of(f"duckdb:///{tmp_path}/bank.csv"), table="bank")))
    assert "Correct that line, or read it as a file" in message
    assert "Secret" not in message


def test_a_connection_that_is_lost_half_way_leaves_nothing(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def cut(_: str) -> None:
        server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'")

    monkeypatch.setattr(fetching, "tell", cut)
    query = "SELECT i AS customer_id, repeat('x', 2000) AS note FROM generate_series(1, 200000) i"
    asked = [
        "segment",
        "--from",
        server.address(),
        "--query",
        query,
        "--as-of",
        "2026-01-01",
        "--out",
        str(tmp_path / "out"),
    ]
    assert main(asked) == 2
    said = "".join(capsys.readouterr())
    assert "The database says: " in said
    assert PASSWORD not in said
    assert not (tmp_path / "out").exists()


def in_server(server: Server, _: Path, rows: int) -> tuple[str, Callable[[], None]]:
    server.run(
        f"CREATE TABLE moving AS SELECT i AS customer_id, repeat('x', 500) AS note FROM generate_series(1, {rows}) i",
        f"GRANT SELECT ON moving TO {READER}",
    )
    return server.address(), lambda: server.run("UPDATE moving SET customer_id = -1", "DELETE FROM moving")


def in_sqlite(_: Server, folder: Path, rows: int) -> tuple[str, Callable[[], None]]:
    def change() -> None:
        with closing(sqlite3.connect(folder / "moving.db")) as other:
            other.execute("DELETE FROM moving")
            other.commit()

    with closing(sqlite3.connect(folder / "moving.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")  # else nobody can write while somebody reads
        pd.DataFrame({"customer_id": range(1, rows + 1), "note": "x"}).to_sql("moving", connection, index=False)
    return f"sqlite:///{folder / 'moving.db'}", change


@pytest.mark.parametrize("made", [in_server, in_sqlite])
def test_a_table_that_changes_while_it_is_read_is_read_as_it_was_at_the_start(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Callable[..., tuple[str, Callable[[], None]]]
) -> None:
    count = 120_000
    address, change = made(server, tmp_path, count)
    heard: list[str] = []

    def tell(said: str) -> None:
        if not heard:
            change()
        heard.append(said)

    monkeypatch.setattr(fetching, "tell", tell)
    frame = fetch(Request(address_of(address), table="moving")).tables().tables[0].frame
    assert len(heard) > 1, "The rows came all at once, before the change."
    assert frame["customer_id"].astype("int64").sort_values().to_list() == [*range(1, count + 1)]
    with pytest.raises(DataError, match="There is no row"):
        fetch(Request(address_of(address), table="moving"))


def test_a_password_of_any_marks_is_used_and_never_shown(server: Server) -> None:
    hard = "my pw/1@:%?#[é"
    server.run(f"CREATE ROLE hard LOGIN PASSWORD '{hard}'", "GRANT SELECT ON t TO hard")
    try:
        url = f"postgresql://hard:{quote(hard, safe='')}@127.0.0.1:{server.port}/postgres"
        address = address_of(url + "?options=-c%20work_mem%3D8MB")
        assert len(rows(Request(address, table="t"))) == 4
        wrong = address_of(url.replace(quote(hard, safe=""), quote(f"{hard}!", safe="")))
        message = refused(lambda: fetch(Request(wrong, table="t")))
        assert hard not in message
    finally:
        server.run("REVOKE ALL ON t FROM hard", "DROP ROLE hard")


@pytest.mark.parametrize("form", ["my pw/1", "my%20pw%2F1", "my%20pw/1", "my+pw%2F1"])
def test_a_password_is_hidden_in_every_form(form: str) -> None:
    address = address_of("postgresql://me:my%20pw%2F1@h/d")
    assert form not in str(worded(ValueError(f"ERROR: cannot use {form} here"), address))


def test_a_name_in_a_message_does_not_choose_the_remedy() -> None:
    address = address_of("postgresql://h/d")
    said = str(worded(ValueError('ERROR: column "blocked_password" does not exist'), address))
    assert said.endswith("Check the names in the query.")


def test_times_with_a_zone_are_the_same_on_every_machine(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = "SELECT 1 AS id, '2002-06-12 00:00+10'::timestamptz AS born"
    server.run(f"CREATE TABLE zoned AS {made}", f"GRANT SELECT ON zoned TO {READER}")
    with duckdb.connect(tmp_path / "z.duckdb") as connection:
        connection.execute(f"CREATE TABLE zoned AS {made}")
    monkeypatch.setenv("PGTZ", "Australia/Sydney")
    monkeypatch.setenv("TZ", "Australia/Sydney")
    try:
        for url in (server.address(), f"duckdb:///{tmp_path}/z.duckdb"):
            table = fetch(Request(address_of(url), table="zoned")).tables().tables[0]
            assert table.frame["born"].astype("str").tolist() == ["2002-06-11 14:00:00+00"]
            assert table.decisions["times with a zone, read in UTC"] == "born"
    finally:
        server.run("DROP TABLE zoned")


def test_the_summary_names_what_was_not_read_and_what_was_read_in_utc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with duckdb.connect("odd.duckdb") as connection:
        connection.execute(
            "CREATE TABLE odd AS SELECT i AS customer_id, 20 + i % 7 + 30 * (i % 2) AS age, i % 5 AS tenure, "
            "[i] AS many, TIMESTAMPTZ '2020-01-01 00:00+10' AS seen FROM range(40) t(i)"
        )
    line = "segment --from duckdb:///odd.duckdb --table odd --as-of 2026-01-31 --k 2 --out out"
    assert main(line.split()) == 0
    said = capsys.readouterr().out
    assert "odd has columns that were not read: many (values are no numbers, dates or words)." in said
    assert "odd has times with a zone, which were read in UTC: seen." in said


def test_the_parser_of_queries_says_nothing_itself(caplog: pytest.LogCaptureFixture) -> None:
    assert "no SELECT but COMMAND" in refused(lambda: checked_query("EXPLAIN ANALYZE SELECT 1", "postgresql"))
    assert not caplog.records


def test_a_cell_of_no_utf_8_names_its_column_and_not_its_text(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bank.db")) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS id, CAST(x'4d61727461204de46c6c0a6572' AS TEXT) AS job")
        connection.commit()
    said = refused(lambda: fetch(Request(address_of(f"sqlite:///{tmp_path / 'bank.db'}"), table="t")))
    assert "Could not decode to UTF-8 column 'job'. Correct that column in the database, or leave it out" in said
    assert "Marta" not in said


def test_the_role_is_advised_to_only_read(server: Server) -> None:
    for user, advised in ((READER, False), (OWNER, True)):
        _, _, advice = preview(Request(address_of(server.address(user)), table="t"))
        assert bool(advice) is advised


def test_a_password_is_in_nothing_that_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    address = address_of(f"postgresql://me:{PASSWORD}@db.example:5433/bank?sslmode=require")
    assert str(address) == "postgresql://db.example:5433/bank"
    assert PASSWORD not in f"{address!r} {Request(address, 't')!r} {Request(address, 't')}"
    monkeypatch.setenv("DATABASE_PASSWORD", PASSWORD)
    monkeypatch.setenv("BANK", "postgresql://me@db.example/bank")
    assert address_of("$BANK").url.password == PASSWORD
    assert address_from({"url": "$BANK"}, "bank").shown == "bank"
    parts = {"dialect": "postgresql", "host": "h", "port": 5, "database": "d", "username": "u", "password": PASSWORD}
    assert address_from(parts, "bank").url == address_of(f"postgresql://u:{PASSWORD}@h:5/d").url
    for text in (f"postgresql://me:{PASSWORD}@h:port/x", f"{PASSWORD}", "$NOBODY_SET_THIS"):
        refused(lambda text=text: address_of(text))
    refused(lambda: address_from({"host": PASSWORD}, "bank"))


def test_duckdb_reads_files_and_no_others(tmp_path: Path) -> None:
    folder = tmp_path / "customers"
    folder.mkdir()
    for number in (2, 1):
        pd.DataFrame({"id": [number], "zip": [f"0{number}"]}).to_csv(folder / f"part{number}.csv", index=False)
        pd.DataFrame({"id": [number], "amount": [number / 2]}).to_parquet(folder / f"part{number}.parquet")
    (tmp_path / "secret.csv").write_text("a\n1\n")
    csv, parquet = address_of(f"duckdb:///{folder}/*.csv"), address_of(f"duckdb:///{folder}/*.parquet")
    assert rows(Request(csv, table="customers")) == [["id", "zip"], ["1", "01"], ["2", "02"]]
    assert rows(Request(parquet, query="SELECT * FROM customers WHERE id > 1")) == [["id", "amount"], ["2", "1"]]
    for query in (f"SELECT * FROM '{tmp_path}/secret.csv'", f"SELECT * FROM read_csv('{tmp_path}/secret.csv')"):
        refused(lambda query=query: fetch(Request(csv, query=query)))


@pytest.mark.parametrize(
    ("kinds", "refused_as"),
    [
        (("BIGINT", "DOUBLE"), "The column id is BIGINT in {0} and DOUBLE in {1}: digits would change."),
        (("FLOAT", "INTEGER"), "The column id is INTEGER in {1} and FLOAT in {0}: digits would change."),
        (("FLOAT", "DOUBLE"), "The column id is FLOAT in {0} and DOUBLE in {1}: digits would change."),
        (("UBIGINT", "DOUBLE"), "The column id is UBIGINT in {0} and DOUBLE in {1}: digits would change."),
        (("DECIMAL(38,2)", "DECIMAL(38,10)"), "The column id is DECIMAL(38,10) in {1} and DECIMAL(38,2) in {0}"),
        (("INTEGER", "BIGINT"), ""),
        (("INTEGER", "DOUBLE"), ""),
        (("BIGINT", "DECIMAL(15,5)"), ""),
        (("DECIMAL(10,2)", "DECIMAL(12,4)"), ""),
        (("BIGINT", "VARCHAR"), ""),
    ],
)
def test_parquet_files_whose_types_change_digits_together_are_refused(
    tmp_path: Path, kinds: tuple[str, str], refused_as: str
) -> None:
    folder = tmp_path / "months"
    folder.mkdir()
    files = [folder / f"{letter}.parquet" for letter in "ab"]
    with duckdb.connect() as connection:
        for file, kind, name in zip(files, kinds, ("id", "ID"), strict=True):
            connection.execute(f"COPY (SELECT CAST(16777217 AS {kind}) AS {name}) TO '{file}'")
    asked = Request(address_of(f"duckdb:///{folder}/*.parquet"), table="months")
    if refused_as:
        assert refused_as.format(*files) in refused(lambda: fetch(asked))
    else:
        assert {float(cell) for (cell,) in rows(asked)[1:]} == {16777217}


def test_a_name_in_double_quotes_is_never_a_text(database: str) -> None:
    address = address_of(database)
    for query in ('SELECT "no_such" FROM t', "SELECT 'é' AS a, amount FROM t WHERE \"no_such\" > '0'"):
        message = refused(lambda query=query: fetch(Request(address, query=query)))
        assert "no_such" in message
        assert "Check the names in the query." in message
    query = """SELECT 'é"x"' AS "a ""`b", "t"."select" AS "c" FROM "t" -- "no_such"\nORDER BY "c" LIMIT 1"""
    assert rows(Request(address, query=query))[0] == ['a "`b', "c"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT customer_id AS a, amount AS a FROM t",
        "WITH x AS (SELECT amount AS a FROM t) SELECT x.a, y.a FROM x, x AS y -- twice",
    ],
)
def test_two_columns_of_one_name_are_refused_alike(database: str, query: str) -> None:
    message = refused(lambda: fetch(Request(address_of(database), query=query)))
    assert message == "Two columns have the name “a”. Give one of them another name by AS."


def test_names_that_differ_in_case_are_one_where_the_database_thinks_so(database: str) -> None:
    asked = Request(address_of(database), query='SELECT customer_id AS a, amount AS "A" FROM t')
    if asked.address.scheme == "postgresql":
        assert rows(asked)[:2] == [["a", "A"], ["1", "1.5"]]
    else:
        assert "Two columns have the name “A”." in refused(lambda: fetch(asked))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT CAST(note AS int) AS a FROM secrets",
        "SELECT CAST(note AS date) AS a FROM secrets",
        "SELECT CAST(number AS smallint) AS a FROM secrets",
        "SELECT number * CAST(9000000000000000000 AS bigint) AS a FROM secrets",
        "SELECT CAST(CAST(number AS text) || 'x' AS int) AS a FROM secrets",
    ],
)
@pytest.mark.parametrize("note", ["Secret", "O'Secret", 'a"Secret"', "a\nERROR: Secret' x"])
def test_an_error_of_a_value_does_not_show_it(duck: str, server: Server, query: str, note: str) -> None:
    made = "CREATE TABLE secrets AS SELECT '{}' AS note, CAST(7654321 AS bigint) AS number".format(
        note.replace("'", "''")
    )
    server.run(made, f"GRANT SELECT ON secrets TO {READER}")
    with duckdb.connect(duck.removeprefix("duckdb:///")) as connection:
        connection.execute(made)
    try:
        for url in (duck, server.address()):
            message = refused(lambda url=url: fetch(Request(address_of(url), query=query)))
            assert "The database says: " in message
            assert "A value is not of the type that is asked for" in message
            assert not any(part in message for part in ("Secret", "7654321"))
    finally:
        server.run("DROP TABLE secrets")


@pytest.mark.parametrize(
    ("kind", "said", "shown"),
    [
        (duckdb.ConstraintException, 'Constraint Error: Duplicate key "id: 2" violates it',
         "Constraint Error: Duplicate key •••"),
        (duckdb.ConversionException, "Conversion Error: Type INT32 with value 300 can't be cast",
         "Conversion Error: Type INT32 with value ••• can't be cast"),
        (duckdb.ConversionException, 'Conversion Error: Casting value "1" to type DECIMAL(4,2) failed',
         "Conversion Error: Casting value •••"),
        (duckdb.ConversionException, 'Conversion Error: column "age": could not cast to DECIMAL(4,2)',
         'Conversion Error: column "age": could not cast to DECIMAL(4,2)'),
        (duckdb.InvalidInputException, "Invalid Input Error: CSV Error on Line: 2\nOriginal Line: \nEve;y\n"
         "Invalid unicode\n\nPossible Solution: x\nPossible Solution: z\n\n  file = /data/2026-01.csv\n  quote = 1",
         'Invalid Input Error: CSV Error on Line: 2: Invalid unicode, in "/data/2026-01.csv"'),
        (duckdb.InvalidInputException, "Invalid Input Error: CSV Error on Line: 2\nOriginal Line: x\nEve",
         "Invalid Input Error: CSV Error on Line: 2"),
        (duckdb.BinderException, 'Binder Error: column "x" and 7 "names"', 'Binder Error: column "x" and 7 "names"'),
    ],
)  # fmt: skip
def test_of_an_error_names_stay_and_values_go(kind: type[Exception], said: str, shown: str) -> None:
    assert f"The database says: {shown}." in str(worded(kind(said), address_of("duckdb:///x.duckdb")))


def test_bytes_of_sqlite_are_not_read_and_named(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bank.db")) as connection, connection:
        connection.execute("CREATE TABLE t (id, photo, late)")
        values = ((i, None if i == 0 else b"\x00\xff", b"\xff" if i == 1_500 else "x") for i in range(2_000))
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", values)
    address = address_of(f"sqlite:///{tmp_path}/bank.db")
    found = fetch(Request(address, table="t", columns=("id", "photo")))
    assert dict(found.said)[UNREAD_COLUMNS] == "photo (values are no numbers, dates or words)"
    assert list(found.tables().tables[0].frame.columns) == ["id"]
    message = refused(lambda: fetch(Request(address, table="t")))
    assert message == "The column “late” has bytes in some rows. Leave it out, or write it as text in a query."


def test_a_cell_of_another_encoding_is_named_by_its_column_and_not_shown(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bank.db")) as connection, connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS id, CAST(x'536563726574eb' AS text) AS name")
    message = refused(lambda: fetch(Request(address_of(f"sqlite:///{tmp_path}/bank.db"), table="t")))
    assert "Could not decode to UTF-8 column 'name'. Correct that column in the database, or leave it out" in message
    assert "Secret" not in message
    assert rows(Request(address_of(f"sqlite:///{tmp_path}/bank.db"), table="t", columns=("id",))) == [["id"], ["1"]]


def test_a_glob_of_no_file_leaves_no_database_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = duckdb.connect()
    monkeypatch.setattr(duckdb, "connect", lambda *_, **__: opened)
    assert "There is no file" in refused(lambda: tables_of(address_of(f"duckdb:///{tmp_path}/*.csv")))
    with pytest.raises(duckdb.ConnectionException):
        opened.execute("SELECT 1")


def test_a_row_of_a_csv_file_that_begins_with_a_hash_is_a_row(tmp_path: Path) -> None:
    (tmp_path / "bank.csv").write_text("id,name\n1,Ann\n#2,Bob\n3,#Cyd\n")
    address = address_of(f"duckdb:///{tmp_path}/bank.csv")
    assert rows(Request(address, table="bank")) == [["id", "name"], ["1", "Ann"], ["#2", "Bob"], ["3", "#Cyd"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Customers of the bank\n\nid,age,city\n" + "1,2,Rome\n" * 9, "DuckDB leaves out the first 2 lines of {}."),
        ("id,age\n1,2\n2,3,4,5\n3\n4,5,6\n5,6,7,8,9\n", "DuckDB leaves out the first 5 lines of {}."),
        ("id;age\n" + "1;2\n1;2;x\n" * 9, "DuckDB finds only one column in {}."),
        ('"id,age"\n' + '"1,2"\n' * 9, "DuckDB finds only one column in {}."),
        ("Customers\nid,age\n" + "1,2\n1,2,x\n" * 9, "DuckDB finds only one column in {}."),
        ("id;age\n" + "1;2\n" * 9, ""),
        ("id\n1\n2\n", ""),
        ('note\n"a, b"\n', ""),
        ('note\n"a\nb, c"\n', ""),
    ],
)
def test_csv_files_that_duckdb_would_not_read_whole_are_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.csv").write_text("id,age\n1,2\n")
    (tmp_path / "b.csv").write_text(text)
    asked = Request(address_of(f"duckdb:///{tmp_path}/*.csv"), table=tmp_path.name)
    if said:
        assert said.format(tmp_path / "b.csv") in refused(lambda: fetch(asked))
    else:
        assert len(rows(asked)) == 1 + 1 + len([*csv.reader(io.StringIO(text))]) - 1


def test_no_result_replaces_a_file_of_a_glob_that_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "customers"
    folder.mkdir()
    read = folder / "customer_data_cleaned.csv"
    read.write_text("customer_id,age\n" + "".join(f"{i},{20 + i}\n" for i in range(30)))
    before = read.read_bytes()
    asked = ["segment", "--from", f"duckdb:///{folder}/*.csv", "--table", "customers", "--as-of", "2026-01-01"]
    assert main([*asked, "--k", "2", "--out", str(folder)]) == 2
    assert f"The results would replace {read}, which is read." in capsys.readouterr().err
    assert read.read_bytes() == before


@pytest.mark.parametrize(
    ("glob", "out", "is_read"),
    [
        ("customers/*.csv", "customers", True),
        ("customers/*.csv", "customers/results", False),
        ("customers/**/*.csv", "customers/new/results", True),
        ("customers/**/*.csv", "results", False),
        ("*/bank*.csv", "customers", False),
        ("*/[!b]*.csv", "results", True),
    ],
)
def test_no_result_is_read_the_next_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], glob: str, out: str, is_read: bool
) -> None:
    folder = tmp_path / "customers"
    folder.mkdir()
    for name in ("bank.csv", "more.csv"):
        (folder / name).write_text("customer_id,age\n" + "".join(f"{i}{name[0]},{20 + i}\n" for i in range(30)))
    table = ["--from", f"duckdb:///{tmp_path}/{glob}", "--query", "SELECT * FROM t"]
    assert main(["segment", *table, "--as-of", "2026-01-01", "--out", str(tmp_path / out)]) == 2  # no such table
    said = capsys.readouterr().err
    assert ("would be read, too, the next time. Choose an --out that is not read." in said) is is_read
    assert ("Check the names in the query" in said) is not is_read


def test_an_address_among_files_and_a_table_without_one_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for line, expected in (
        (["postgresql://h/d"], "Write --from ADDRESS --table NAME."),
        (["--table", "t"], "There is no database. Give its address by --from."),
        (["--from", "sqlite:///x.db"], "A database needs a table or a query."),
        ([], "There is nothing to read."),
    ):
        assert main(["segment", *line, "--as-of", "2026-01-01", "--out", "out"]) == 2
        assert expected in capsys.readouterr().err


def test_the_same_customers_from_everywhere_give_the_same_bytes(tmp_path: Path, server: Server) -> None:
    frame = pd.read_csv(SAMPLE, dtype="str", keep_default_na=False)
    table = frame.where(frame != "")
    sources = tmp_path / "sources"
    sources.mkdir()
    table.to_csv(sources / "customers", index=False)
    table.to_parquet(tmp_path / "customers.parquet")
    with closing(sqlite3.connect(tmp_path / "bank.db")) as connection:
        table.to_sql("customers", connection, index=False)
    with duckdb.connect(tmp_path / "bank.duckdb") as connection:
        connection.execute(f"CREATE TABLE customers AS SELECT * FROM '{tmp_path}/customers.parquet'")
    with adbc_driver_postgresql.dbapi.connect(server.address(OWNER)) as connection, connection.cursor() as cursor:
        cursor.adbc_ingest("customers", pa.Table.from_pandas(table, preserve_index=False))
        connection.commit()
    server.run(f"GRANT SELECT ON customers TO {READER}")
    asked = {
        "csv": [str(sources / "customers")],
        "sqlite": ["--from", f"sqlite:///{tmp_path}/bank.db", "--table", "customers"],
        "duckdb": ["--from", f"duckdb:///{tmp_path}/bank.duckdb", "--table", "customers"],
        "parquet": ["--from", f"duckdb:///{tmp_path}/customers.parquet", "--table", "customers"],
        "postgresql": ["--from", server.address(), "--table", "customers"],
    }
    try:
        for name, arguments in asked.items():
            assert main(["segment", *arguments, "--as-of", "2026-01-01", "--out", str(tmp_path / name)]) == 0
    finally:
        server.run("DROP TABLE customers")
    files = {name: {one.name: one.read_bytes() for one in (tmp_path / name).iterdir()} for name in asked}
    for name in set(asked) - {"csv"}:
        assert files[name] == files["sqlite"], name
    # A file has another digest and encoding than a table, and lines in place of rows; all numbers are the same.
    naming = {"model.json", "steps.json", "summary.zip", "report.html", "rejected_rows.csv"}
    assert set(files["csv"]) == set(files["sqlite"])
    assert {name for name, content in files["csv"].items() if files["sqlite"][name] != content} == naming
    model = {name: json.loads(files[name]["model.json"]) for name in ("csv", "sqlite")}
    for one in model.values():
        del one["input"]["sha256"]
    assert model["csv"] == model["sqlite"]
