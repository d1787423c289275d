"""Rows into SQLite, DuckDB and PostgreSQL: the old table or the new one, never half, and never one that is read."""

import datetime as dt
import json
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import adbc_driver_postgresql.dbapi
import duckdb
import pyarrow as pa
import pytest

from core.databases.address import Address, address_of
from core.databases.request import Request
from core.databases.target import Target
from core.databases.write import check, written
from core.errors import DataError
from core.files import write_all
from tests.postgres import OWNER, PASSWORD, READER

OLD = pa.table(
    {
        "customer_id": pa.array(["1", "O'Neill", None], pa.large_string()),
        "cluster": pa.array([1, None, 2**40], pa.int64()),
        "margin": [0.25, None, 1e-9],
        "flag": [True, None, False],
    }
)
NEW = pa.table({**dict(zip(OLD.column_names, OLD.columns, strict=True)), "margin": [7.0, 8.0, 9.0]}).slice(1)
DAY, NEXT = dt.date(2026, 1, 31), dt.date(2026, 2, 28)
SPOILT = [
    'x"; DROP TABLE victim; --', "x'; DROP TABLE victim; --", "x`; DROP TABLE victim; --", "x]; DROP TABLE victim; --",
    "x; DROP TABLE victim", "select", "order", "Ünïcode", "a b", "%s", "%(x)s",
    ":x", "?", "$1", "{}", "\\", "--", "/*", '"', "''",
]  # fmt: skip


@dataclass(frozen=True)
class Database:
    """A database to write to: its address, and what another connection finds there."""

    text: str
    query: Callable[[str], list[tuple]]
    quote: Callable[[str], str] = lambda name: '"' + name.replace('"', '""') + '"'

    @property
    def address(self) -> Address:
        return address_of(self.text)

    def rows(self, table: str, columns: str = "customer_id, cluster, margin, flag") -> list[tuple]:
        return sorted(self.query(f"SELECT {columns} FROM {self.quote(table)}"), key=str)


@pytest.fixture(params=["sqlite", "duckdb", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":

        def ask(sql):
            with closing(sqlite3.connect(tmp_path / "a.db")) as connection, connection:
                return connection.execute(sql).fetchall()

        return Database(f"sqlite:///{tmp_path / 'a.db'}", ask)
    if request.param == "duckdb":

        def ask(sql):
            with duckdb.connect(tmp_path / "a.duckdb") as connection:
                return connection.execute(sql).fetchall()

        return Database(f"duckdb:///{tmp_path / 'a.duckdb'}", ask)
    return in_postgresql(request)


def in_postgresql(request: pytest.FixtureRequest) -> Database:
    """The database of the server, without a table."""
    server = request.getfixturevalue("postgres")
    server.run("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "GRANT USAGE ON SCHEMA public TO PUBLIC")

    def ask(sql):
        address = server.address(OWNER)
        with (
            adbc_driver_postgresql.dbapi.connect(address, autocommit=True) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
            return cursor.fetchall() if sql.startswith("SELECT") else []

    return Database(server.address(OWNER), ask)


def put(database: Database, rows: pa.Table, table: str = "segments", way: str = "", run: str = "", day: dt.date = DAY):
    target = Target(database.address, table, way, run)
    check(target, rows.slice(0, 0))
    with written([(target, rows)], day):
        pass


def plain(rows: pa.Table) -> list[tuple]:
    return sorted((tuple(row.values()) for row in rows.to_pylist()), key=str)


def test_rows_arrive_with_their_types_and_with_when_and_by_which_run(database):
    put(database, OLD)
    found = database.rows("segments")
    assert [tuple(bool(v) if i == 3 and v is not None else v for i, v in enumerate(row)) for row in found] == plain(OLD)
    assert {(str(day), run) for day, run in database.rows("segments", "as_of, run_id")} == {
        ("2026-01-31", "2026-01-31")
    }
    kinds = {
        "sqlite": "SELECT name, type FROM pragma_table_info('segments')",
    }.get(database.text.partition(":")[0]) or (
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'segments'"
    )
    assert {name: kind.upper() for name, kind in database.query(kinds)} in (
        {"customer_id": text, "cluster": "BIGINT", "margin": double, "flag": "BOOLEAN", "as_of": "DATE", "run_id": text}
        for text, double in (("TEXT", "DOUBLE"), ("VARCHAR", "DOUBLE"), ("TEXT", "DOUBLE PRECISION"))
    )


def test_a_second_run_replaces_the_rows(database):
    put(database, OLD)
    put(database, NEW, day=NEXT)
    assert len(database.rows("segments")) == 2
    put(database, NEW, day=NEXT)
    assert len(database.rows("segments")) == 2


def test_append_keeps_other_runs_and_replaces_its_own(database):
    put(database, OLD, way="append")
    put(database, NEW, way="append", day=NEXT)
    once = database.rows("segments", "*")
    assert len(once) == 5
    put(database, NEW, way="append", day=NEXT)
    assert database.rows("segments", "*") == once
    put(database, NEW, way="append", run="again", day=NEXT)
    assert len(database.rows("segments")) == 7


@pytest.mark.parametrize("way", ["", "append"])
def test_a_table_of_other_columns_is_not_touched_unless_replace_is_asked(database, way):
    database.query("CREATE TABLE segments (customer_id int, name text)")
    database.query("INSERT INTO segments VALUES (7, 'kept')")
    with pytest.raises(DataError, match=r"lacks cluster, margin, flag, as_of, run_id and has name"):
        put(database, OLD, way=way)
    assert database.rows("segments", "*") == [(7, "kept")]
    put(database, OLD, way="replace")
    assert len(database.rows("segments")) == 3


@pytest.mark.parametrize(
    ("made", "lost"),
    [
        ("ALTER TABLE segments ENABLE ROW LEVEL SECURITY", "row-level security"),
        ("CREATE POLICY own ON segments USING (true)", "row-level security"),
        (f"GRANT SELECT (id) ON segments TO {READER}", "grants of columns"),
        (
            "CREATE TRIGGER t BEFORE UPDATE ON segments FOR EACH ROW "
            "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "triggers",
        ),
        ("CREATE TABLE part PARTITION OF parted DEFAULT", "partitions"),
    ],
)
def test_a_table_that_would_lose_its_guards_is_not_made_anew(request, made, lost):
    database = in_postgresql(request)
    table = "parted" if lost == "partitions" else "segments"
    database.query(f"CREATE TABLE {table} (id int)" + " PARTITION BY LIST (id)" * (lost == "partitions"))
    database.query(made)
    with pytest.raises(DataError, match=f"has {lost}: a new one would not. Write to another table"):
        check(Target(database.address, table, "replace"), OLD)
    assert database.query(f"SELECT count(*) FROM {table}") == [(0,)]


def test_a_table_of_other_types_is_not_touched_either(database):
    put(database, OLD.set_column(2, "margin", pa.array([1, 2, 3])))
    with pytest.raises(DataError, match="has other types"):
        put(database, OLD, way="append")
    put(database, OLD, way="replace")
    assert len(database.rows("segments")) == 3


@pytest.mark.parametrize("name", SPOILT)
def test_a_table_of_an_ill_willed_name_is_made_under_that_name(database, name):
    database.query("CREATE TABLE victim (a int)")
    put(database, OLD, name)
    put(database, NEW, name)
    put(database, NEW, name, way="append", run="more")
    assert len(database.rows(name)) == 4
    assert database.rows("victim", "*") == []


@pytest.mark.parametrize("name", ["a.b", 'public"."victim'])
def test_before_a_dot_is_a_schema_where_there_are_schemas(database, name):
    database.query("CREATE TABLE victim (a int)")
    if database.address.scheme == "sqlite":
        put(database, OLD, name)
        assert len(database.rows(name)) == 3
    else:
        with pytest.raises(DataError, match="There is no schema"):
            put(database, OLD, name)
    assert database.rows("victim", "*") == []


@pytest.mark.parametrize("name", ["a\0b", "a\nb", "", " ", "\x1b[2J"])
def test_a_name_that_no_table_should_have_is_refused(database, name):
    with pytest.raises(DataError, match="cannot be used"):
        put(database, OLD, name)


def test_a_run_id_of_other_marks_is_refused(database):
    with pytest.raises(DataError, match="run id"):
        put(database, OLD, run="x' OR '1'='1")


def test_a_view_is_not_written_to(database):
    database.query("CREATE VIEW segments AS SELECT 1 AS one")
    with pytest.raises(DataError, match="is no table"):
        put(database, OLD)


@pytest.mark.parametrize("way", ["", "replace", "append"])
def test_what_fails_before_the_end_leaves_the_old_table(database, way):
    put(database, OLD)
    before = database.rows("segments", "*")
    with (
        pytest.raises(KeyboardInterrupt),
        written([(Target(database.address, "segments", way), NEW), (Target(database.address, "more"), NEW)], NEXT),
    ):
        raise KeyboardInterrupt  # as a full disk for the folder beside it
    assert database.rows("segments", "*") == before
    with pytest.raises(Exception, match="more"):
        database.rows("more")


def test_a_check_changes_nothing(database):
    put(database, OLD)
    before = database.rows("segments", "*")
    for way in ("", "append", "replace"):
        check(Target(database.address, "segments", way), OLD.slice(0, 0))
    check(Target(database.address, "segments", "replace"), OLD.slice(0, 0).drop_columns("flag"))
    check(Target(database.address, "new"), OLD.slice(0, 0))
    assert database.rows("segments", "*") == before
    with pytest.raises(Exception, match="new"):
        database.rows("new")


@pytest.mark.parametrize(
    ("read", "into"),
    [
        ({"table": "customers"}, "customers"),
        ({"table": "Customers"}, "customers"),
        ({"table": "customers"}, "public.customers"),
        ({"table": "public.customers"}, "customers"),
        ({"query": 'SELECT * FROM "customers" JOIN t USING (id)'}, "customers"),
        ({"query": "WITH a AS (SELECT * FROM public.customers) SELECT * FROM a"}, "customers"),
    ],
)
@pytest.mark.parametrize("way", ["", "replace", "append"])
def test_the_table_that_is_read_is_never_written(database, read, into, way):
    with pytest.raises(DataError, match=f"The table {into} is read from"):
        check(Target(database.address, into, way), OLD, [Request(database.address, **read)])


def test_a_table_is_found_whatever_its_case(database):
    put(database, OLD, "W2")
    put(database, NEW, "w2")
    assert len(database.rows("W2")) == 2
    if database.address.scheme != "postgresql":
        return
    database.query("CREATE TABLE w2 (a int)")
    put(database, OLD, "W2")
    assert len(database.rows("W2")) == 3
    database.query("ALTER TABLE w2 RENAME TO w2_old")
    database.query('CREATE TABLE "w2_OLD" (a int)')
    with pytest.raises(DataError, match=r"There are 2 tables “W2_old”\. Name one: w2_OLD, w2_old"):
        put(database, OLD, "W2_old")
    put(database, OLD, "public.w2")
    assert len(database.rows("W2")) == 3


@pytest.mark.parametrize("read", [{"table": "seen"}, {"query": 'SELECT * FROM "Outer"'}, {"table": "outer"}])
def test_the_table_that_is_read_through_views_is_never_written(database, read):
    put(database, OLD)
    database.query("CREATE VIEW seen AS SELECT customer_id FROM segments WHERE flag")
    database.query('CREATE VIEW "Outer" AS SELECT * FROM seen AS s')
    with pytest.raises(DataError, match="The table segments is read from"):
        check(Target(database.address, "segments"), OLD, [Request(database.address, **read)])
    check(Target(database.address, "others"), OLD, [Request(database.address, **read)])


def test_another_table_of_the_same_database_is_written(database):
    if database.address.scheme == "duckdb":
        database.query("CREATE SCHEMA public")
    requests = [Request(database.address, table="customers"), Request(database.address, table="other.segments")]
    check(Target(database.address, "public.segments"), OLD, requests)
    check(Target(database.address, "customers"), OLD, [Request(address_of("sqlite:///other.db"), table="customers")])


@pytest.mark.parametrize("other", ["postgresql://o@h", "postgresql://o@h/?dbname=bank"])
def test_a_database_that_its_address_does_not_name_may_be_the_same(other):
    target = Target(address_of("postgresql://o@h/bank"), "customers", "replace")
    with pytest.raises(DataError, match="is read from"):
        check(target, OLD, [Request(address_of(other), table="customers")])


def test_a_constraint_of_the_table_says_what_to_do(database):
    put(database, OLD.slice(0, 1))
    database.query("CREATE UNIQUE INDEX one ON segments (run_id)")
    with pytest.raises(DataError, match=r"constraint.* drop that constraint, or write to another one"):
        put(database, NEW)


def test_a_hard_link_of_a_file_is_the_same_database(tmp_path):
    (tmp_path / "a.db").touch()
    (tmp_path / "b.db").hardlink_to(tmp_path / "a.db")
    one, other = (address_of(f"sqlite:///{tmp_path}/{name}") for name in ("a.db", "b.db"))
    with pytest.raises(DataError, match="is read from"):
        check(Target(one, "customers", "replace"), OLD, [Request(other, table="customers")])


def test_a_constraint_of_the_table_does_not_show_a_customer(database):
    put(database, OLD.slice(0, 1))
    database.query("CREATE UNIQUE INDEX one ON segments (customer_id)")
    twins = pa.concat_tables([OLD.slice(1, 1)] * 2)
    with pytest.raises(DataError, match=r"(?i)constraint.* drop that constraint") as said:
        put(database, twins)
    assert "Neill" not in str(said.value)


def test_the_same_file_by_another_path_is_the_same_database(tmp_path):
    one, other = (address_of(f"sqlite:///{tmp_path}/{name}") for name in ("a.db", "../" + tmp_path.name + "/a.db"))
    with pytest.raises(DataError, match="is read from"):
        check(Target(one, "t", "replace"), OLD, [Request(other, table="t")])


@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
def test_a_new_file_is_gone_if_writing_fails_and_not_made_by_a_check(tmp_path, scheme):
    target = Target(address_of(f"{scheme}:///{tmp_path / 'new.db'}"), "segments")
    check(target, OLD)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyboardInterrupt), written([(target, OLD)], DAY):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "table", "message"),
    [
        ("duckdb:///{}/new.duckdb", "marts.segments", "There is no schema “marts”"),
        ("duckdb:///{}/new.parquet", "segments", "duckdb:///{}/new.parquet is no database file"),
        ("duckdb:///{}/new.duckdb", "é" * 32, "at most 63 bytes"),
    ],
)
def test_a_new_file_that_could_not_be_written_is_refused_by_the_check(tmp_path, text, table, message):
    with pytest.raises(DataError) as said:
        check(Target(address_of(text.format(tmp_path)), table), OLD)
    assert message.format(tmp_path) in str(said.value)
    assert list(tmp_path.iterdir()) == []


def test_the_audit_trail_says_what_was_written_and_nothing_is_without_it(tmp_path, monkeypatch):
    target = Target(address_of(f"sqlite:///{tmp_path / 'a.db'}"), "segments")
    monkeypatch.setenv("AUDIT_LOG", str(tmp_path / "audit.jsonl"))
    with written([(target, OLD)], DAY):
        pass
    line = json.loads((tmp_path / "audit.jsonl").read_text())
    assert (line["event"], line["rows"], line["run"]) == ("exported", 3, "2026-01-31")
    assert line["table"] == f"segments of sqlite:///{tmp_path / 'a.db'}"
    monkeypatch.setenv("AUDIT_LOG", str(tmp_path))
    with pytest.raises(DataError, match="audit trail"), written([(target, NEW)], NEXT):
        pass
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        assert connection.execute("SELECT count(*) FROM segments").fetchall() == [(3,)]


@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
def test_a_file_that_another_process_has_filled_meanwhile_is_kept(tmp_path, scheme, monkeypatch):
    target = Target(address_of(f"{scheme}:///{tmp_path / 'a.db'}"), "segments")
    with written([(target, OLD)], DAY):
        pass
    monkeypatch.setattr("core.databases.write._is_new_file", lambda _: True)
    with pytest.raises(KeyboardInterrupt), written([(target, NEW)], NEXT):
        raise KeyboardInterrupt
    connect = sqlite3.connect if scheme == "sqlite" else duckdb.connect
    with closing(connect(tmp_path / "a.db")) as connection:
        assert connection.execute("SELECT count(*) FROM segments").fetchall() == [(3,)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sqlite:///{}/no/a.db", "There is no folder"),
        ("duckdb:///{}/*.parquet", "is no database file"),
        ("sqlite://", "in memory"),
        ("duckdb:///:memory:", "in memory"),
        ("sqlite:///{}/text.csv", "not a database"),
        ("duckdb:///{}/text.txt", "not a valid DuckDB"),
    ],
)
def test_what_is_no_database_to_write_to_is_refused(tmp_path, text, message):
    (tmp_path / "text.csv").write_text("a,b\n" * 999)
    (tmp_path / "text.txt").write_text("a,b\n" * 999)
    (tmp_path / "*.parquet").write_text("")
    target = Target(address_of(text.format(tmp_path)), "segments")
    with pytest.raises(DataError, match=message):
        check(target, OLD)
    assert (tmp_path / "text.csv").read_text() == "a,b\n" * 999


@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
@pytest.mark.parametrize("way", ["", "replace"])
def test_a_process_that_is_killed_leaves_the_old_table(tmp_path, scheme, way):
    text = f"{scheme}:///{tmp_path / 'a.db'}"
    target = Target(address_of(text), "segments")
    with written([(target, OLD)], DAY):
        pass
    code = f"""
        import os, signal
        from core.databases.target import Target
        from core.databases.write import written
        from tests.core.test_write import NEW, NEXT, address_of
        rows = NEW.drop_columns("flag") if {way!r} else NEW
        with written([(Target(address_of({text!r}), "segments", {way!r}), rows)], NEXT):
            os.kill(os.getpid(), signal.SIGKILL)
    """
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=root, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    connect = sqlite3.connect if scheme == "sqlite" else duckdb.connect
    with closing(connect(tmp_path / "a.db")) as connection:
        assert connection.execute("SELECT count(*), min(run_id) FROM segments").fetchall() == [(3, "2026-01-31")]


def test_a_reader_of_sqlite_sees_the_old_rows_until_the_end(tmp_path):
    target = Target(address_of(f"sqlite:///{tmp_path / 'a.db'}"), "segments")
    with written([(target, OLD)], DAY):
        pass
    with closing(sqlite3.connect(tmp_path / "a.db")) as reader:
        with written([(target, NEW)], NEXT):
            assert reader.execute("SELECT count(*) FROM segments").fetchall() == [(3,)]
        assert reader.execute("SELECT count(*) FROM segments").fetchall() == [(2,)]


def test_a_database_of_another_kind_takes_rows_by_sqlalchemy(tmp_path, monkeypatch):
    target = Target(address_of(f"sqlite:///{tmp_path / 'a.db'}"), "segments")
    with written([(target, OLD)], DAY):
        pass
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        by_driver = connection.execute("SELECT * FROM segments").fetchall()
    monkeypatch.setattr("core.databases.write_others._Writer._is_sqlite", False)
    check(target, OLD.slice(0, 0))
    with written([(target, OLD)], DAY):
        pass
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        assert connection.execute("SELECT * FROM segments").fetchall() == by_driver


def test_a_database_that_cannot_undo_a_drop_replaces_rows_only(tmp_path, monkeypatch):
    monkeypatch.setattr("core.databases.write_others.ENDS_TRANSACTION", {"sqlite"})
    target = Target(address_of(f"sqlite:///{tmp_path / 'a.db'}"), "segments", "replace")
    for _ in range(2):
        with written([(target, OLD)], DAY):
            pass
    with pytest.raises(DataError, match="cannot do that in one transaction"):
        check(target, OLD.drop_columns("flag"))


@pytest.fixture
def server(postgres):
    postgres.run("DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "GRANT USAGE ON SCHEMA public TO PUBLIC")
    return postgres


def ask(address: str, sql: str) -> list[tuple]:
    with adbc_driver_postgresql.dbapi.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def own(server, table: str = "segments", way: str = "") -> Target:
    return Target(address_of(server.address(OWNER)), table, way)


@pytest.mark.parametrize("way", ["", "replace"])
def test_a_connection_that_is_lost_leaves_the_old_table_and_no_password(server, way):
    with written([(own(server), OLD)], DAY):
        pass
    rows = NEW.drop_columns("flag") if way else NEW
    with (
        pytest.raises(DataError, match=r"The database says") as said,
        written([(own(server, way=way), rows)], NEXT),
    ):
        server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    assert ask(server.address(OWNER), "SELECT count(*), min(run_id) FROM segments") == [(3, "2026-01-31")]
    assert PASSWORD not in str(said.value)
    assert said.value.__cause__ is None


def test_files_stay_as_they_were_where_the_table_cannot_be_committed(server, tmp_path):
    with written([(own(server), OLD)], DAY):
        pass
    write_all(tmp_path, {"segments.csv": b"old"})
    server.run(
        "CREATE TABLE known (id text PRIMARY KEY)",
        "ALTER TABLE segments ADD FOREIGN KEY (customer_id) REFERENCES known DEFERRABLE INITIALLY DEFERRED NOT VALID",
    )
    with pytest.raises(DataError, match="The table takes no such rows"):
        write_all(tmp_path, {"segments.csv": b"new"}, with_them=written([(own(server), NEW)], NEXT))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"segments.csv": b"old"}
    assert ask(server.address(OWNER), "SELECT count(*), min(run_id) FROM segments") == [(3, "2026-01-31")]


def test_a_refused_table_leaves_no_empty_folder(server, tmp_path):
    server.run("CREATE TABLE segments (a int)")
    with pytest.raises(DataError, match="other columns"):
        write_all(tmp_path / "new", {"segments.csv": b"new"}, with_them=written([(own(server), NEW)], NEXT))
    assert not (tmp_path / "new").exists()


def test_where_a_file_cannot_take_its_place_it_is_said_that_the_table_is_new(server, tmp_path, monkeypatch):
    def locked(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("core.files.os.replace", locked)
    with pytest.raises(DataError, match=r"some there may be old: Permission denied\. .*a table of it has its new rows"):
        write_all(tmp_path, {"segments.csv": b"new"}, with_them=written([(own(server), NEW)], NEXT))
    assert ask(server.address(OWNER), "SELECT count(*) FROM segments") == [(2,)]


def test_a_reader_of_postgresql_never_waits_and_keeps_its_rights_and_views(server):
    with written([(own(server), OLD)], DAY):
        pass
    server.run(f"GRANT SELECT ON segments TO {READER}", "CREATE VIEW v AS SELECT customer_id FROM segments")
    with written([(own(server), NEW)], NEXT):
        assert ask(server.address(READER), "SELECT count(*) FROM segments") == [(3,)]
    assert ask(server.address(READER), "SELECT count(*) FROM segments") == [(2,)]
    assert ask(server.address(OWNER), "SELECT count(*) FROM v") == [(2,)]


def test_a_table_that_is_made_anew_keeps_its_grants(server):
    server.run("CREATE TABLE segments (a int)", f"GRANT SELECT, INSERT ON segments TO {READER} WITH GRANT OPTION")
    server.run("GRANT SELECT ON segments TO PUBLIC")
    sql = (
        "SELECT x.grantee::regrole::text, x.privilege_type, x.is_grantable FROM pg_class, aclexplode(relacl) x "
        "WHERE relname = 'segments' ORDER BY 1, 2"
    )
    before = ask(server.address(OWNER), sql)
    with written([(own(server, way="replace"), OLD)], DAY):
        pass
    assert ask(server.address(OWNER), sql) == before
    assert ask(server.address(READER), "SELECT count(*) FROM segments") == [(3,)]


def test_a_table_that_a_view_needs_is_not_dropped(server):
    server.run("CREATE TABLE segments (a int)", "CREATE VIEW v AS SELECT a FROM segments")
    with pytest.raises(DataError, match="Views or others need the table as it is"):
        check(own(server, way="replace"), OLD)
    assert ask(server.address(OWNER), "SELECT count(*) FROM v") == [(0,)]


def test_a_role_without_rights_is_told_which_it_needs(server):
    with written([(own(server), OLD)], DAY):
        pass
    server.run(f"GRANT SELECT ON segments TO {READER}")
    for table in ("segments", "new"):
        target = Target(address_of(server.address(READER)), table)
        with pytest.raises(DataError, match="Ask for the right to create the table, or to SELECT, INSERT and DELETE"):
            check(target, OLD)


def test_a_schema_is_found_before_a_dot_and_a_longer_name_refused(server):
    server.run("CREATE SCHEMA IF NOT EXISTS marts", "DROP TABLE IF EXISTS marts.segments")
    with written([(own(server, "marts.segments"), OLD)], DAY):
        pass
    assert ask(server.address(OWNER), "SELECT count(*) FROM marts.segments") == [(3,)]
    with pytest.raises(DataError, match="There is no schema “none”"):
        check(own(server, "none.segments"), OLD)
    with pytest.raises(DataError, match="at most 63 bytes"):
        check(own(server, "é" * 32), OLD)


def test_two_writers_do_not_double_the_rows(server):
    from threading import Thread

    with written([(own(server), OLD)], DAY):
        pass

    def write():
        with written([(own(server), NEW)], NEXT):
            pass

    with written([(own(server), NEW)], NEXT):
        other = Thread(target=write)
        other.start()
    other.join()
    assert ask(server.address(OWNER), "SELECT count(*) FROM segments") == [(2,)]
