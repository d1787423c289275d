"""A header in two rows: names of groups, each over several columns, above the names of the columns."""

from collections.abc import Sequence
from typing import Final

from core.intake.reading.kinds import filled, missing, noted, typed, typed_columns
from core.meanings import MEANINGS
from core.schema import BY_HEADER, PERSONAL, normalise

KNOWN: Final = {*BY_HEADER, *PERSONAL, "name"}
LONGEST: Final = 5  # words of a group's name; a title has more
Rows = Sequence[Sequence[str]]


def group_row(rows: Rows, lines: Sequence[int], first: int) -> int:
    """Position of the row of groups, below which the names stand; -1 if there is none.

    Parameters
    ----------
    rows : sequence of rows
        Those at the head of the file.
    lines : sequence of int
        Their lines.
    first : int
        Position of the first full row.
    """
    for upper in (first - 1, first):
        if 0 <= upper < len(rows) - 2 and lines[upper + 1] == lines[upper] + 1 and _is_pair(rows, upper):
            return upper
    return -1


def joined_names(groups: Sequence[str], names: Sequence[str]) -> list[str]:
    """The names of columns with those of their groups in front, where they add something.

    A known name that stands there once is enough, but not that of an amount: a balance may be that of a loan.
    """
    joined, group = [], ""
    for above, name in zip(groups, names, strict=True):
        group = above.strip() or group
        known = BY_HEADER.get(normalise(name))
        amount = known is not None and MEANINGS[known.meaning].money
        enough = normalise(name) in KNOWN and names.count(name) == 1 and not amount
        joined.append(name if enough or normalise(group) in normalise(name) else f"{group} {name}".strip())
    return joined


def _is_pair(rows: Rows, upper: int) -> bool:
    """Whether a row of groups stands above one of names: words both, which name every column between them."""
    groups, names, below = rows[upper], rows[upper + 1], rows[upper + 2 :]
    words = [cell for cell in (*groups, *names) if cell.strip()]
    if not _spans(groups, names) or not all(map(str.strip, map("".join, zip(groups, names, strict=True)))):
        return False
    if any(typed(cell) or missing(cell) or noted(cell) or len(cell.split()) > LONGEST for cell in words):
        return False
    numeric = typed_columns(below, len(names))
    return filled(names) > 1 and any(numeric) and not _is_row(names, below, numeric)


def _is_row(names: Sequence[str], below: Rows, numeric: Sequence[bool]) -> bool:
    """Whether names are a row of data: one of them stands in its column once more."""
    return any(
        name.strip() and not number and any(row[at].strip() == name.strip() for row in below)
        for at, (name, number) in enumerate(zip(names, numeric, strict=True))
    )


def _spans(groups: Sequence[str], names: Sequence[str]) -> bool:
    """Whether two columns with a name lie below one group: there is a gap at its right."""
    return filled(groups) > 1 and any(
        groups[at].strip() and not groups[at + 1].strip() and names[at].strip() and names[at + 1].strip()
        for at in range(len(groups) - 1)
    )
