"""Detect the delimiter, quote and escape of a text: those that give records of equal width."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.intake.reading.kinds import header_like, typed_columns
from core.intake.reading.records import BLANK_LINE, NO_DELIMITER, Dialect, cells_of, complete_width, records
from core.schema import BY_HEADER, PERSONAL, normalise

KNOWN_HEADERS = {*BY_HEADER, *PERSONAL, "name"}
USUAL_DELIMITERS = ",;\t|"
RARE_DELIMITERS = ":^~ \x01\x1c\x1d\x1e\x1f"
# Parts of numbers, dates, names and addresses: never a delimiter by themselves.
NOT_DELIMITERS = set("._-/\\@+()[]{}<>$€£¥%=?\"'`´’“”")
RARE_PUNCTUATION = set(
    "#!&*"
)  # of names, notes and addresses too: a delimiter only if every line, the header too, has two
RARE_WEIGHT = 0.7  # spaces and colons stand in usual text too
NO_HEADER_WEIGHT = 0.85  # numbers above: likelier a delimiter that cuts decimals and times in two
RARE_SHARE = 0.8  # of the records must be equally wide under a rare delimiter
HEADER_WITHIN = 20  # records; titles and notes above a header are fewer
USUAL_SHARE = 0.3  # under a usual one; less is free text with commas
SPACE_WEIGHT = 0.1  # where nothing else fits
TITLE_WORDS = 3  # a line without delimiter above the table, if so long, is a title; else it names the one column
CELL_EDGE = f"[{re.escape(USUAL_DELIMITERS + RARE_DELIMITERS)}]"
SINGLE_QUOTED = re.compile(rf"(?:^|{CELL_EDGE})\s?'(?:[^']|'')+'(?={CELL_EDGE}|$)")
DOUBLE_QUOTED = re.compile(rf'(?:^|{CELL_EDGE})\s?"')


@dataclass(frozen=True)
class Measured:
    """A dialect, its score on a sample, the width of most records, and whether it cuts decimals in two (`cuts`)."""

    dialect: Dialect
    score: float
    foreign: int
    width: int
    cuts: bool = False


def choose_dialect(sample: Sequence[str], delimiter: str = "") -> Measured:
    """Choose the dialect that fits the sample's lines best; one column of text if none fits.

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
        measured, key=lambda fit: (round(fit.score, 3), not fit.cuts, -fit.foreign, fit.width, not fit.dialect.escape)
    )
    if delimiter or best.score > 0:
        return best
    return max(
        (_measure(sample, Dialect(NO_DELIMITER, quote, escape)) for escape in escapes), key=lambda fit: fit.score
    )


def _candidates(sample: Sequence[str]) -> list[str]:
    lines = [line.strip("\r\n") for line in sample if line.strip("\r\n")]
    counts = Counter(character for line in lines for character in set(line))
    further = [
        character
        for character, count in counts.items()
        if count >= (1 if character in RARE_PUNCTUATION else RARE_SHARE) * len(lines)
        and not character.isalnum()
        and character not in NOT_DELIMITERS
    ]
    return list(dict.fromkeys([*USUAL_DELIMITERS, *(c for c in RARE_DELIMITERS if c in counts), *sorted(further)]))


def _quote(sample: Sequence[str]) -> str:
    lines = [line.strip("\r\n") for line in sample]
    single = sum(1 for line in lines if SINGLE_QUOTED.search(line))
    double = sum(1 for line in lines if DOUBLE_QUOTED.search(line))
    return "'" if single > double else '"'


def _measure(sample: Sequence[str], dialect: Dialect) -> Measured:
    line_widths = Counter(width for line in sample if (width := complete_width(line, dialect)))
    width = _most_common_width(line_widths)
    quoted = any(dialect.quote in line for line in sample)
    figures = numeric_columns(sample, dialect, width) if quoted else []
    parsed = [record for record in records(iter(sample), dialect, width, figures) if record.reason != BLANK_LINE]
    widths = Counter(len(record.cells) for record in parsed if record.cells)
    width = _table_width(widths, [record.cells for record in parsed if record.cells])
    if dialect.delimiter == NO_DELIMITER:
        return Measured(dialect, widths[1] / max(1, len(parsed)), 0, 1)
    rows = [record.cells for record in parsed if record.cells and len(record.cells) == width]
    unsure = sum(1 for record in parsed if not record.cells)
    share = len(rows) / max(1, len(parsed) - unsure / 2)  # a stray quote says little about the delimiter
    if width < (3 if dialect.delimiter in RARE_PUNCTUATION else 2) or share < (
        USUAL_SHARE if dialect.delimiter in USUAL_DELIMITERS else RARE_SHARE
    ):
        return Measured(dialect, 0.0, 0, width)
    if _is_one_column(sample, parsed[0].cells, rows, dialect.delimiter) or (
        dialect.delimiter == " " and not _is_space_separated(rows, share)
    ):
        return Measured(dialect, 0.0, 0, width)
    other_delimiters = set(USUAL_DELIMITERS) - {dialect.delimiter}
    foreign = sum(1 for row in rows for cell in row if other_delimiters & set(cell))
    return Measured(
        dialect, share * _weight(dialect.delimiter, rows[0]), foreign, width, _cuts_decimals(dialect.delimiter, rows)
    )


def _weight(delimiter: str, first: list[str]) -> float:
    """The weight of a delimiter: less for rare ones, and without a header in the first row."""
    usual = SPACE_WEIGHT if delimiter == " " else 1 if delimiter in USUAL_DELIMITERS else RARE_WEIGHT
    return usual * (1 if header_like(first) and not _cuts_decimals(delimiter, [first]) else NO_HEADER_WEIGHT)


def _is_one_column(sample: Sequence[str], first: Sequence[str], rows: list[list[str]], delimiter: str) -> bool:
    """Whether the first line is the header of a single column, so that delimiters below are part of cells.

    A title is not: it has many words, or a blank line or a header below it.
    """
    if len(first) != 1:
        return False
    numeric = typed_columns(rows[1:], len(rows[0]))
    if not header_like(rows[0]):
        named_cells = (
            delimiter in USUAL_DELIMITERS and len(first[0].split()) == len(rows[0]) > 2
        )  # a name for each cell
        return not (named_cells and any(typed_columns(rows, len(rows[0]))))
    filled_lines = [at for at, line in enumerate(sample[:HEADER_WITHIN]) if line.strip()]
    gap_below = len(filled_lines) > 1 and filled_lines[1] > filled_lines[0] + 1
    known_names = 2 * sum(normalise(cell) in KNOWN_HEADERS for cell in rows[0]) >= len(rows[0])
    return not any(numeric) and not gap_below and not known_names and len(first[0].split()) < TITLE_WORDS


def _is_space_separated(rows: list[list[str]], share: float) -> bool:
    """Whether blanks separate columns: all lines have the same number, and a column is numeric."""
    return share == 1 and any(typed_columns(rows[1:] or rows, len(rows[0])))


def _cuts_decimals(delimiter: str, rows: list[list[str]]) -> bool:
    """Whether each comma stands between digits, as in decimals."""
    return delimiter == "," and all(
        left[-1:].isdigit() and right[:1].isdigit() for row in rows for left, right in pairwise(row)
    )


def numeric_columns(lines: Sequence[str], dialect: Dialect, width: int) -> list[bool]:
    """Which columns hold numbers or dates, judged by lines that are whole records."""
    rows = [cells_of(line, dialect) for line in lines if complete_width(line, dialect) == width]
    return typed_columns(rows[1:], width)


def _most_common_width(widths: Counter[int]) -> int:
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _table_width(widths: Counter[int], rows: list[list[str]]) -> int:
    """The most common width; the header's width if at least a third as many rows have it."""
    if not rows:
        return 0
    most_common = _most_common_width(widths)
    header = next((row for row in rows[:HEADER_WITHIN] if len(row) > 1 and header_like(row)), rows[0])
    if not header[-1].strip() and most_common == len(header) - 1 > 1:
        return most_common  # only the header ends in a delimiter
    header_width = len(header) if header_like(header) and len(header) > 1 else most_common
    return header_width if widths[header_width] > 1 and 3 * widths[header_width] >= widths[most_common] else most_common
