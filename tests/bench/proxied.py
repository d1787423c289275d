"""Two servers of the app behind the proxy of `.deploy/`, as one address."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.bench.server import ROOT, UP_WITHIN, Server, free_port, serving

APP, CONFIGURATION = ".deploy/server.py", ROOT / ".deploy" / "haproxy.cfg"
HAPROXY = shutil.which("haproxy", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
NAMES = ("one", "two")  # of the servers, as the cookie has them


@dataclass(frozen=True)
class Proxied:
    """The port of the proxy, and its servers by name; the figures are those of both servers together."""

    port: int
    servers: dict[str, Server]

    @property
    def count(self) -> int:
        """How many servers there are."""
        return len(self.servers)

    @property
    def memory(self) -> int:
        """Bytes they hold now."""
        return sum(server.memory for server in self.servers.values())

    @property
    def seconds(self) -> float:
        """Processor time they have taken."""
        return sum(server.seconds for server in self.servers.values())

    @property
    def errors(self) -> list[str]:
        """Lines of their logs that begin a traceback or report an error."""
        return [line for server in self.servers.values() for line in server.errors]


@contextmanager
def proxied(*options: str) -> Iterator[Proxied]:
    """Fresh servers that only this machine can reach, all ready, each on a core of its own if there are as many."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    own_core = dict(zip(NAMES, cores, strict=False)) if len(cores) >= len(NAMES) else {}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(serving(*options, app=APP, core=own_core.get(name))) for name in NAMES}
        for server in servers.values():
            wait_for(server.port, "/ready")
        port = stack.enter_context(_proxy(servers))
        wait_for(port, "/_stcore/health")
        yield Proxied(port, servers)


def status(port: int, path: str) -> int:
    """The HTTP status of an address of this machine; 0 if nobody answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status
    except HTTPError as error:
        return error.code
    except (URLError, ConnectionError, TimeoutError):
        return 0


def text_at(port: int, path: str) -> str:
    """What an address of this machine answers."""
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.read().decode()


def wait_for(port: int, path: str, wanted: int = 200) -> None:
    """Wait until an address answers with a status."""
    until = time.monotonic() + UP_WITHIN
    while (found := status(port, path)) != wanted:
        if time.monotonic() > until:
            raise RuntimeError(f"{path} answers {found}, not {wanted}.")
        time.sleep(0.1)


@contextmanager
def _proxy(servers: dict[str, Server]) -> Iterator[int]:
    port = free_port()
    addresses = {f"SERVER_{name.upper()}": f"127.0.0.1:{server.port}" for name, server in servers.items()}
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w") as log:
        process = subprocess.Popen(
            [str(HAPROXY), "-db", "-f", CONFIGURATION], stdout=log, stderr=subprocess.STDOUT,
            env=os.environ | addresses | {"PUBLIC": f"127.0.0.1:{port}"},
        )  # fmt: skip
        try:
            yield port
        finally:
            process.terminate()
            process.wait(timeout=20)
