"""A PostgreSQL server of its own for tests, with a role that may change tables and one that may only read."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import adbc_driver_postgresql.dbapi
import pytest

OWNER, READER, PASSWORD = "owner", "reader", "n0t-to-be-seen"
INSTALLED = Path("/usr/lib/postgresql")  # where Debian keeps the programs of each version
NOBODY = "postgres"  # the server refuses to run as root


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    port: int
    folder: Path

    def address(self, user: str = READER, password: str = PASSWORD) -> str:
        """The address of its database."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/postgres"

    def run(self, *statements: str) -> None:
        """Run statements as the owner."""
        with adbc_driver_postgresql.dbapi.connect(self.address(OWNER), autocommit=True) as connection:
            for statement in statements:
                with connection.cursor() as cursor:
                    cursor.execute(statement)

    def control(self, *arguments: str) -> None:
        """Start or stop it."""
        _as_nobody(programs() / "pg_ctl", "-D", self.folder / "data", "-w", *arguments)


def programs() -> Path | None:
    """The folder with the server's programs, the newest version first."""
    found = shutil.which("initdb")
    folders = sorted(INSTALLED.glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    return Path(found).parent if found else next(iter(folders), None)


def need_server() -> None:
    """Skip where there is no server to start."""
    if programs() is None:
        if os.environ.get("CI"):
            pytest.fail("The tests of PostgreSQL need its server.")
        pytest.skip("needs PostgreSQL's server (initdb)")


@contextmanager
def started() -> Iterator[Server]:
    """A new server with empty tables' owner and a reader; it is stopped and removed at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    server = Server(port, folder)
    try:
        (folder / "password").write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (folder, folder / "password"):
                shutil.chown(path, NOBODY)
        _as_nobody(
            programs() / "initdb", "-D", folder / "data", "-U", OWNER, "-A", "scram-sha-256",
            "--pwfile", folder / "password", "-E", "UTF8", "--no-locale", "--no-sync",
        )  # fmt: skip
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=20"
        server.control("-l", str(folder / "log"), "-o", options, "start")
        server.run(f"CREATE ROLE {READER} LOGIN PASSWORD '{PASSWORD}'", "GRANT USAGE ON SCHEMA public TO PUBLIC")
        yield server
    finally:
        server.control("-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _as_nobody(*command: object) -> None:
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run([str(part) for part in command], capture_output=True, cwd="/", **user)
    if done.returncode:
        raise RuntimeError(done.stderr.decode())
