"""Which delimiter, quote and escape a text uses: those under which its records are equally wide."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.intake.reading.kinds import header_like, typed_columns
from core.intake.reading.records import BLANK_LINE, NO_DELIMITER, Dialect, cells_of, complete_width, records
from core.schema import BY_HEADER, PERSONAL, normalise

KNOWN = {*BY_HEADER, *PERSONAL, "name"}
USUAL = ",;\t|"
RARE = ":^~ \x01\x1c\x1d\x1e\x1f"
# Parts of numbers, dates, names and addresses: never a delimiter by themselves.
NEVER = set("._-/\\@+()[]{}<>$€£¥%=?\"'`´’“”")
SELDOM = set("#!&*")  # of names, notes and addresses too: a delimiter only if every line, the header too, has two
RARE_WEIGHT = 0.7  # spaces and colons stand in usual text too
NO_HEADER_WEIGHT = 0.85  # numbers above: likelier a delimiter that cuts decimals and times in two
RARE_SHARE = 0.8  # of the records must be equally wide under a rare delimiter
HEADER_WITHIN = 20  # records; titles and notes above a header are fewer
USUAL_SHARE = 0.3  # under a usual one; less is free text with commas
SPACE_WEIGHT = 0.1  # where nothing else fits
TITLE_WORDS = 3  # a line without delimiter above the table, if so long, is a title; else it names the one column
EDGE = f"[{re.escape(USUAL + RARE)}]"
SINGLE_QUOTED = re.compile(rf"(?:^|{EDGE})\s?'(?:[^']|'')+'(?={EDGE}|$)")
DOUBLE_QUOTED = re.compile(rf'(?:^|{EDGE})\s?"')


@dataclass(frozen=True)
class Measured:
    """A dialect, how well it fits a sample, the width of most of its records, and whether it `cuts` figures in two."""

    dialect: Dialect
    score: float
    foreign: int
    width: int
    cuts: bool = False


def choose_dialect(sample: Sequence[str], delimiter: str = "") -> Measured:
    """The dialect that fits the sample's lines best; one column of text where none does.

    Parameters
    ----------
    sample : sequence of str
        Lines with their ends.
    delimiter : str
        Given by the analyst; empty: any.
    """
    quote = _quote(sample)
    escapes: tuple[str, ...] = ("",)
    if any("\\" + quote in line for line in sample):
        escapes = ("", "\\")
    measured = [
        _measure(sample, Dialect(candidate, quote, escape))
        for candidate in ([delimiter] if delimiter else _candidates(sample))
        for escape in escapes
    ]
    best = max(
        measured, key=lambda one: (round(one.score, 3), not one.cuts, -one.foreign, one.width, not one.dialect.escape)
    )
    if delimiter or best.score > 0:
        return best
    return max(
        (_measure(sample, Dialect(NO_DELIMITER, quote, escape)) for escape in escapes), key=lambda one: one.score
    )


def _candidates(sample: Sequence[str]) -> list[str]:
    lines = [line.strip("\r\n") for line in sample if line.strip("\r\n")]
    seen = Counter(character for line in lines for character in set(line))
    others = [
        character
        for character, count in seen.items()
        if count >= (1 if character in SELDOM else RARE_SHARE) * len(lines)
        and not character.isalnum()
        and character not in NEVER
    ]
    return list(dict.fromkeys([*USUAL, *(c for c in RARE if c in seen), *sorted(others)]))


def _quote(sample: Sequence[str]) -> str:
    lines = [line.strip("\r\n") for line in sample]
    single = sum(1 for line in lines if SINGLE_QUOTED.search(line))
    double = sum(1 for line in lines if DOUBLE_QUOTED.search(line))
    return "'" if single > double else '"'


def _measure(sample: Sequence[str], dialect: Dialect) -> Measured:
    alone = Counter(width for line in sample if (width := complete_width(line, dialect)))
    width = _usual(alone)
    quoted = any(dialect.quote in line for line in sample)
    figures = figures_of(sample, dialect, width) if quoted else []
    found = [record for record in records(iter(sample), dialect, width, figures) if record.reason != BLANK_LINE]
    widths = Counter(len(record.cells) for record in found if record.cells)
    width = _table_width(widths, [record.cells for record in found if record.cells])
    if dialect.delimiter == NO_DELIMITER:
        return Measured(dialect, widths[1] / max(1, len(found)), 0, 1)
    rows = [record.cells for record in found if record.cells and len(record.cells) == width]
    unsure = sum(1 for record in found if not record.cells)
    share = len(rows) / max(1, len(found) - unsure / 2)  # a stray quote says little about the delimiter
    if width < (3 if dialect.delimiter in SELDOM else 2) or share < (
        USUAL_SHARE if dialect.delimiter in USUAL else RARE_SHARE
    ):
        return Measured(dialect, 0.0, 0, width)
    if _one_column(sample, found[0].cells, rows, dialect.delimiter) or (
        dialect.delimiter == " " and not _spaced(rows, share)
    ):
        return Measured(dialect, 0.0, 0, width)
    others = set(USUAL) - {dialect.delimiter}
    foreign = sum(1 for row in rows for cell in row if others & set(cell))
    return Measured(
        dialect, share * _weight(dialect.delimiter, rows[0]), foreign, width, _cuts(dialect.delimiter, rows)
    )


def _weight(delimiter: str, first: list[str]) -> float:
    """How much a fit says, by the delimiter and by whether the first row could be a header."""
    usual = SPACE_WEIGHT if delimiter == " " else 1 if delimiter in USUAL else RARE_WEIGHT
    return usual * (1 if header_like(first) and not _cuts(delimiter, [first]) else NO_HEADER_WEIGHT)


def _one_column(sample: Sequence[str], first: Sequence[str], rows: list[list[str]], delimiter: str) -> bool:
    """Whether the first line names a single column, so that the delimiters below it stand inside cells.

    Not so if it is a title: a header stands below, told by the figures under its words, a blank line, many words,
    or by names that are known.
    """
    if len(first) != 1:
        return False
    figures = typed_columns(rows[1:], len(rows[0]))
    if not header_like(rows[0]):
        words = delimiter in USUAL and len(first[0].split()) == len(rows[0]) > 2  # a name for each cell
        return not (words and any(typed_columns(rows, len(rows[0]))))
    filled = [at for at, line in enumerate(sample[:HEADER_WITHIN]) if line.strip()]
    apart = len(filled) > 1 and filled[1] > filled[0] + 1
    known = 2 * sum(normalise(cell) in KNOWN for cell in rows[0]) >= len(rows[0])
    return not any(figures) and not apart and not known and len(first[0].split()) < TITLE_WORDS


def _spaced(rows: list[list[str]], share: float) -> bool:
    """Whether blanks part columns: every line has as many, and a column holds figures."""
    return share == 1 and any(typed_columns(rows[1:] or rows, len(rows[0])))


def _cuts(delimiter: str, rows: list[list[str]]) -> bool:
    """Whether each comma stands between digits, as in decimals."""
    return delimiter == "," and all(
        left[-1:].isdigit() and right[:1].isdigit() for row in rows for left, right in pairwise(row)
    )


def figures_of(lines: Sequence[str], dialect: Dialect, width: int) -> list[bool]:
    """Which columns hold numbers or dates, by the lines that are whole records."""
    rows = [cells_of(line, dialect) for line in lines if complete_width(line, dialect) == width]
    return typed_columns(rows[1:], width)


def _usual(widths: Counter[int]) -> int:
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _table_width(widths: Counter[int], rows: list[list[str]]) -> int:
    """The commonest width; in short files a header's width counts for more than the rows of its width."""
    if not rows:
        return 0
    usual = _usual(widths)
    header = next((row for row in rows[:HEADER_WITHIN] if len(row) > 1 and header_like(row)), rows[0])
    if not header[-1].strip() and usual == len(header) - 1 > 1:
        return usual  # only the header ends in a delimiter
    first = len(header) if header_like(header) and len(header) > 1 else usual
    return first if widths[first] > 1 and 3 * widths[first] >= widths[usual] else usual
