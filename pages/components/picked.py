"""What the box of a source has."""

from dataclasses import dataclass
from typing import Final

from core.errors import DataError
from core.sources.kinds import SourceKind
from core.sources.source import Source

OPENED: Final = "opened source"  # session state: the `Picked` of a box for something else than files


@dataclass(frozen=True)
class Picked:
    """The content of the box: its sources, a stamp that identifies them, and why they cannot be read, if so."""

    kind: SourceKind
    sources: tuple[Source, ...] = ()
    stamp: tuple[str, ...] = ()
    error: DataError | None = None

    @property
    def names(self) -> str:
        """The names of the sources."""
        return ", ".join(sorted(source.name for source in self.sources))

    def __bool__(self) -> bool:
        """Whether there is anything in the box."""
        return bool(self.stamp)
