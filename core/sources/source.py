"""The protocol of a source of customers."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Protocol

from core.intake.read import ReadChoices, Reading


class Source(Protocol):
    """One source of customers: a file, a query of a database.

    A source is pickled and read in a worker process, so its class is defined at the top of a module and holds no open
    connection. It is read again when a customer is looked up: while its digest is the same, its tables are the same.
    """

    @property
    def name(self) -> str:
        """The name on the pages and in messages. The names of its tables begin with it."""

    @property
    def digest(self) -> str:
        """Hexadecimal digits that differ for other content, whatever its name.

        A file has the SHA-256 of its bytes. A source without bytes digests what determines its rows, such as the query
        and the time of its snapshot. Pages ask for the digest in every run, so it must be quick or cached.
        """

    @property
    def size(self) -> int:
        """About how many bytes the rows take: the memory that a worker may use grows with it."""

    def tables(self, choices: ReadChoices) -> Reading:
        """Read every table as text, with the rows that belong to no table.

        The index of a table says where each row came from, and `TextTable.position` says what the index counts. A
        source ignores choices that mean nothing to it. `core.sources.arrow.text_table` makes a table from chunks.

        Raises
        ------
        core.errors.DataError
            It cannot be read.
        """


def each_once(sources: Sequence[Source]) -> list[Source]:
    """Each content once. Neither the given order nor a name decides the order."""
    if len(sources) == 1:  # its digest may still have to be worked out
        return list(sources)
    contents = {source.digest: source for source in sources}
    return [contents[digest] for digest in sorted(contents)]


def digest_of(digests: Iterable[str]) -> str:
    """The SHA-256 over several digests, in their order."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()
