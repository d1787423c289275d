"""The worker process: answers the calls of `pool.Workers`, each within its limits."""

import os
import sys
import traceback
from contextlib import suppress
from errno import ENOMEM
from importlib import import_module
from math import ceil
from multiprocessing.connection import Connection, Listener
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from threading import Thread

from core.errors import DataError
from core.tweaks import lower_priority

try:
    import resource
except ImportError:  # Windows has no such bounds
    resource = None  # type: ignore[assignment]

KEY_BYTES = 32  # of the key that the two ends of a connection prove to each other
LARGE = 400_000_000  # bytes a worker may have held at most to serve another call: an idle one should be small

_caller: Connection | None = None  # the other end


def report(step: str) -> None:
    """In a worker: tell the caller how far the call is."""
    if _caller is not None:
        _caller.send(("step", step, False))


def serve() -> None:
    """The main loop of a worker: import modules, then answer calls until the caller is gone.

    Its arguments are the address to listen at, empty for any, and the modules.
    """
    global _caller
    address, *modules = sys.argv[1:]
    with Listener(address or None, authkey=os.read(0, KEY_BYTES)) as listener:
        Thread(target=_end_with_the_server, daemon=True).start()
        print(listener.address, flush=True)
        os.dup2(2, 1)  # what libraries print must not stay in a pipe that nobody reads
        lower_priority()
        _caller = listener.accept()
    with suppress(EOFError, OSError, KeyboardInterrupt):
        with suppress(Exception):  # what cannot be imported is told to whoever calls it
            for module in modules:
                import_module(module)
        while True:
            _caller.send_bytes(_answer(_caller.recv_bytes()))
    os._exit(0)  # not by way of the thread, which waits


def _end_with_the_server() -> None:
    """The server never writes to this pipe again: it is closed when the server is gone, however it ended."""
    os.read(0, 1)
    os._exit(0)


def _answer(call: bytes) -> memoryview:
    """Kind and value of the answer to a call, and whether the worker may serve another one, as they are sent."""
    try:
        function, arguments, memory, seconds = ForkingPickler.loads(call)
        _set_limits(memory, seconds)
        return ForkingPickler.dumps(("done", function(*arguments), _peak_memory() < LARGE))
    except DataError as error:
        return ForkingPickler.dumps(("failed", error, _peak_memory() < LARGE))
    except Exception as error:
        kind_and_value = ("ended", None) if _out_of_memory(error) else ("crashed", traceback.format_exc())
        return ForkingPickler.dumps((*kind_and_value, False))


def _out_of_memory(error: Exception) -> bool:
    """Whether an error comes of the bound on memory; a thread that cannot start lacks memory for its stack."""
    return isinstance(error, MemoryError) or getattr(error, "errno", 0) == ENOMEM or "start new thread" in str(error)


def _set_limits(memory: int, seconds: int) -> None:
    """Limit the time and memory of the process from now on, if the system can."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower_limit(resource.RLIMIT_CPU, ceil(used.ru_utime + used.ru_stime) + seconds)
    with suppress(OSError):  # only Linux says how much is mapped
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        _lower_limit(resource.RLIMIT_AS, mapped + memory)


def _lower_limit(limit: int, value: int) -> None:
    _, most = resource.getrlimit(limit)
    resource.setrlimit(limit, (value if most == resource.RLIM_INFINITY else min(value, most), most))


def _peak_memory() -> int:
    """Bytes of memory that the process has held at most, as far as the system says: `ru_maxrss` counts the server's."""
    with suppress(OSError):
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    return LARGE
