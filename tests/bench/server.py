"""A server of the app in a process of its own, its memory and its log."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
UP_WITHIN = 60  # seconds


@dataclass(frozen=True)
class Server:
    """A running server: its port, process and log."""

    port: int
    process: subprocess.Popen
    log: Path
    count = 1  # of servers at the port

    @property
    def memory(self) -> int:
        """Bytes it holds now."""
        return _status(self.process.pid, "VmRSS")

    @property
    def peak(self) -> int:
        """Bytes it held at most since `forget_peak`."""
        return _status(self.process.pid, "VmHWM")

    @property
    def seconds(self) -> float:
        """Processor time it has taken."""
        user, system = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def forget_peak(self) -> None:
        """Count the peak from now on."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    @property
    def errors(self) -> list[str]:
        """Lines of its log that begin a traceback or report an error."""
        return [line for line in self.log.read_text().splitlines() if "Traceback" in line or "ERROR" in line]


@contextmanager
def serving(
    *options: str, core: int | None = None, changed: str = "", app: str = "streamlit_app.py", port: int = 0
) -> Iterator[Server]:
    """A fresh server that only this machine can reach; on one core, if given, of an app `changed` by statements."""
    port = port or free_port()
    pinned = ["taskset", "-c", str(core)] if core is not None and shutil.which("taskset") else []
    streamlit = f"{changed}\nfrom streamlit.web.cli import main\nmain()"
    command = [*pinned, sys.executable, "-c", streamlit, "run", app, "--server.headless=true"]
    local = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w") as log:
        process = subprocess.Popen([*command, *local, *options], cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait(port, process)
            yield Server(port, process, Path(folder) / "log")
        finally:
            process.terminate()
            process.wait(timeout=20)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait(port: int, process: subprocess.Popen) -> None:
    until = time.monotonic() + UP_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5) as answer:
                if answer.read() == b"ok":
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError("The server did not start.")


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))
