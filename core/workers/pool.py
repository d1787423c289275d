"""Run functions of core in worker processes, bounded in time and memory, and ended when nobody waits any more.

A hostile file can hold Python's lock for minutes, or take all memory. In a worker process it harms only its sender.
A worker serves one call after another, and is replaced after a call that was ended or large.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Client, Connection
from pathlib import Path
from secrets import token_bytes
from threading import RLock, Semaphore
from time import monotonic
from typing import IO, Any, Final, cast

from core.errors import DataError
from core.tweaks import worker_variables
from core.workers.process import KEY_BYTES

ROOT = Path(__file__).parents[2]
TICK = 0.2  # seconds between two calls of `tick`
ENDS_WITHIN = 5  # seconds, after a process has closed its end
WAITING: Final = "Waiting until other files are read"
SECONDS = 600  # per call: ten times what the largest upload of honest content takes
MEMORY = 1_500_000_000  # bytes per call, beside what its files need
REMEDY = "Split the file, leave out columns that are not needed, or use the command line."
SAVE_ANEW = "Save the table anew, best as CSV, and choose that file."
# Exit statuses: an error of Python, one of a library, an end by the system, which ends the largest process first.
OUT_OF_MEMORY = {None, -6, -9}


class ExceededError(DataError):
    """A call has taken more memory or time than it may, or has taken its process down."""


class Workers:
    """A pool of worker processes that import some modules before the first call.

    Parameters
    ----------
    at_once : int
        Calls at a time; a further one waits.
    preload : sequence of str
        Modules to import first, since that takes about a second.
    """

    def __init__(self, at_once: int, *preload: str) -> None:
        self._places, self._preload, self._lock = Semaphore(at_once), preload, RLock()
        self._all: list[_Worker] = []
        self._idle: list[_Worker] = []

    def warm_up(self) -> None:
        """Start a worker before the first call, unless there is one."""
        with self._lock:
            if not self._all:
                self._idle.append(self._start())

    def revive(self) -> bool:
        """Whether a worker runs; one that has ended while it was idle is replaced first."""
        with self._lock:
            if worker := self._idle_one():
                self._idle.append(worker)
            self.warm_up()
            return any(worker.alive for worker in self._all)

    @property
    def processes(self) -> list[int]:
        """The ids of the processes of the workers."""
        with self._lock:
            return [worker.process_id for worker in self._all]

    def call(
        self, function: Callable[..., Any], *arguments: Any, name: str, tick: Callable[[str], None],
        memory: int = MEMORY, seconds: int = SECONDS,
    ) -> Any:  # fmt: skip
        """Call a function in a worker and return its result.

        Parameters
        ----------
        function : callable
            A function of a module; it and its arguments are sent to the worker. It may take `report` as an argument.
        name : str
            What is worked on, for messages.
        tick : callable
            Called with the last step that was reported, now and then. What it raises ends the call and the worker.
        memory, seconds : int
            Bytes and seconds that the call may take; the memory is not bounded on Windows.

        Raises
        ------
        DataError
            Raised by the function.
        ExceededError
            The call has taken more than it may, or its process has crashed.
        RuntimeError
            The function failed; the message is its traceback.
        """
        with self._place(tick), self._worker() as worker:
            worker.send((function, arguments, memory, seconds))
            step, until = "", monotonic() + seconds
            while monotonic() < until:
                match worker.answer(TICK):
                    case "done", value:
                        return value
                    case "step", reported:
                        step = reported
                    case "failed", error:
                        raise error
                    case "crashed", trace:
                        raise RuntimeError(trace)
                    case "ended", status:
                        raise _end_error(name, status, memory, seconds)
                tick(step)
            raise _timeout_error(name, seconds)

    def close(self) -> None:
        """End all workers."""
        with self._lock:
            self._idle.clear()
            while self._all:
                self._end(self._all[0])

    @contextmanager
    def _place(self, tick: Callable[[str], None]) -> Iterator[None]:
        while not self._places.acquire(timeout=TICK):
            tick(WAITING)
        try:
            yield
        finally:
            self._places.release()

    @contextmanager
    def _worker(self) -> Iterator["_Worker"]:
        """An idle worker, or a new one; afterwards it is kept if it can be reused, else ended."""
        worker = self._idle_one() or self._start()
        try:
            yield worker
        finally:
            if worker.reusable:
                self._idle.append(worker)
            else:
                self._end(worker)
                self.warm_up()

    def _idle_one(self) -> "_Worker | None":
        with self._lock:
            while self._idle:
                if (worker := self._idle.pop()).alive:
                    return worker
                self._end(worker)
        return None

    def _start(self) -> "_Worker":
        with self._lock:
            self._all.append(worker := _Worker(self._preload))
        return worker

    def _end(self, worker: "_Worker") -> None:
        worker.end()
        with self._lock:
            self._all.remove(worker)


class _Worker:
    """The caller's end of a worker process."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="worker-")  # of the socket they meet at
        self._key = token_bytes(KEY_BYTES)
        self._connection: Connection[Any, Any] | None = None
        self.reusable = False
        address = str(Path(self._folder.name) / "socket") if hasattr(socket, "AF_UNIX") else ""
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", "from core.workers.process import serve; serve()", address, *preload],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path} | worker_variables(),
        )  # fmt: skip
        self._stdin = cast("IO[bytes]", self._process.stdin)  # both are pipes
        self._stdout = cast("IO[bytes]", self._process.stdout)
        with suppress(OSError):
            self._stdin.write(self._key)
            self._stdin.flush()  # it stays open: the worker ends when it is closed

    def send(self, call: Any) -> None:
        """Ask for a call.

        Raises
        ------
        RuntimeError
            The process did not start.
        """
        self.reusable = False
        if self._connection is None:
            address = self._stdout.readline().decode().strip()
            if not address:
                raise RuntimeError(f"A worker process did not start; it ended with {self._status()}.")
            self._connection = Client(address, authkey=self._key)
        with suppress(OSError):  # it has ended, which `answer` tells
            self._connection.send(call)

    def answer(self, timeout: float) -> tuple[str, Any] | None:
        """Kind and value of the next answer within a timeout, or None; "ended" with the exit status."""
        assert self._connection  # made by `send`
        try:
            if not self._connection.poll(timeout):
                return None
            kind, value, self.reusable = self._connection.recv()
        except (EOFError, OSError):  # also in the middle of an answer
            return "ended", self._status()
        return kind, value

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @property
    def process_id(self) -> int:
        """The id of the process."""
        return self._process.pid

    def end(self) -> None:
        """Kill the process, and remove what it leaves."""
        self._process.kill()
        self._process.wait()
        self._stdout.close()
        with suppress(OSError):
            self._stdin.close()
        if self._connection is not None:
            self._connection.close()
        self._folder.cleanup()

    def _status(self) -> int:
        """The exit status of a process that has closed its end."""
        try:
            return self._process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def _end_error(name: str, status: int | None, memory: int, seconds: int) -> ExceededError:
    """The error for a call that was ended, by the exit status of its worker (None: out of memory)."""
    if status is not None and -status == getattr(signal, "SIGXCPU", None):
        return _timeout_error(name, seconds)
    if status in OUT_OF_MEMORY:
        problem = f"To read this takes more than the {memory / 1e9:.1f} GB of memory that there are for it."
        return ExceededError(problem, REMEDY, file=name)
    return ExceededError("What reads this file has crashed: it may be damaged.", SAVE_ANEW, file=name)


def _timeout_error(name: str, seconds: int) -> ExceededError:
    return ExceededError(f"To read this takes more than {seconds:,} seconds.", REMEDY, file=name)
