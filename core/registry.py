"""A registry: entries of one kind by their own keys, each checked when it is added."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class Registry(Mapping[str, T]):
    """Entries by key, in the order they were added.

    Parameters
    ----------
    what : str
        What an entry is, in words: "a cleaning rule".
    kind : type
        The class of the entries, or a protocol with the members that each must have.
    key : str
        The member that has the key of an entry.
    check : callable, optional
        Raises ValueError where an entry has another fault.
    """

    def __init__(
        self, what: str, kind: type[Any], *, key: str = "key", check: Callable[[T], None] = lambda _: None
    ) -> None:  # `type[T]` would refuse protocols
        self._what, self._kind, self._key, self._check = what, kind, key, check
        self._entries: dict[str, T] = {}

    def add(self, entry: T) -> None:
        """Add an entry after all others.

        Raises
        ------
        ValueError
            It lacks a member, its key is empty or taken, or the registry's own check refuses it.
        """
        self._check_kind(entry)
        key = getattr(entry, self._key)
        if not isinstance(key, str) or not key:
            raise ValueError(f"{key!r} cannot be the {self._key} of {self._what}: give it a text.")
        if key in self._entries:
            raise ValueError(f"There is {self._what} {key!r} already: choose another {self._key}.")
        self._check(entry)
        self._entries[key] = entry

    @contextmanager
    def added(self, entry: T) -> Iterator[T]:
        """Add an entry for a while, as tests do."""
        self.add(entry)
        try:
            yield entry
        finally:
            del self._entries[getattr(entry, self._key)]

    def __getitem__(self, key: str) -> T:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def _check_kind(self, entry: object) -> None:
        if isinstance(entry, type):
            raise ValueError(f"{entry.__name__} is a class: add an object of it as {self._what}.")
        if isinstance(entry, self._kind):
            return
        members = sorted(name for name in dir(self._kind) if not name.startswith("_"))
        lacking = [name for name in members if not hasattr(entry, name)]
        lacks = f": it lacks {', '.join(lacking)}" if lacking else ""
        raise ValueError(f"{entry!r} is no {self._kind.__name__}{lacks}.")
