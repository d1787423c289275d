"""How far a long step is, told to whoever waits for it: a step deep below need not be handed whom to tell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event, Thread
from typing import Final

Progress = Callable[[str], None]
EVERY: Final = 0.5  # seconds between two looks at a step that is running: it does not feel them

_TOLD: Final[ContextVar[Progress]] = ContextVar("progress", default=lambda _: None)


@contextmanager
def told_to(progress: Progress) -> Iterator[None]:
    """Tell the steps of a block to a function; a thread that the block starts tells nobody."""
    before = _TOLD.set(progress)
    try:
        yield
    finally:
        _TOLD.reset(before)


def tell(step: str) -> None:
    """Tell a step."""
    _TOLD.get()(step)


@contextmanager
def watched(step: Callable[[], str], *, every: float = EVERY) -> Iterator[None]:
    """Tell, while a block runs, what `step` says now and then; a thread of its own asks it.

    Nobody is told of a block that takes less than `every` seconds. What fails in the thread ends it and nothing else.
    """
    progress, over = _TOLD.get(), Event()

    def watch() -> None:
        while not over.wait(every):
            try:
                progress(step())
            except (OSError, ValueError):  # the caller is gone, or the file is closed
                return

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
