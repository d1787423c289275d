"""Patterns that tell headers, data and notes apart."""

import re
from collections.abc import Sequence
from functools import lru_cache

# Amounts with currency, percent, thousands marks; dates and times in figures or with a month's name.
NUMBER = re.compile(r"[-+(]?\s*[$€£¥]?\s*[-+]?(\d[\d.,' ]*|\.\d+)([eE][-+]?\d+)?\s*[%$€£¥]?\s*\)?")
DATE = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ].*)?|\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{2,4}|\d{1,2}:\d\d(:\d\d.*)?"
)
# Spellings of "nothing here" that may stand in a column of numbers.
MISSING = {"", "na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", ".", "unknown", "missing", "#n/a", "\\n"}
TOTAL = re.compile(r"(grand\s+|sub[- ]?)?totals?\b|sum(me)?\s*:?$|average\s*:?$|mean\s*:?$", re.I)
# A row of sums inside a table, by its first cell: in English, German, French, Spanish, Portuguese, Italian, Dutch.
SUBTOTAL = re.compile(
    r"\s*((grand|sub|running|page)[- ]?)?totale?s?\b(?!\s*\w+\s*\d).*|.+\s((grand|sub)[- ]?)?totale?s?\s*:?\s*"
    r"|\s*((gesamt|zwischen|teil)[- ]?)?summe\b.*|\s*(sous|sub|sotto)[- ]?totale?\b.*|\s*(gesamt|somme|suma|soma|somma"
    r"|totaal|subtotaal|som|insgesamt)\s*:?\s*",
    re.I,
)
NOTE = re.compile(
    r"\(?\d[\d,. ]*\s+(rows?|records?|customers?|lines?)\b.*|(source|sources|notes?|footnotes?|disclaimer|generated"
    r"|exported|printed|prepared|created|report|copyright|confidential|end of|page)\b(\s*:|\s+\w|$).*"
    r"|rows?\s*:?\s*\d+|©.*|\*.*|\[\d+\].*",
    re.I | re.S,
)
RULE_CHARACTERS = re.compile(r"[-=_+*|# ]*")
RULE_START = re.compile(r"[-=_]{2}")
LONGEST = 64  # characters that tell a number, a date or a note; the patterns take the square or cube of it


def typed(cell: str) -> bool:
    """Whether a cell is a number or a date."""
    cell = cell.strip()
    return len(cell) <= LONGEST and _typed(cell)


@lru_cache(maxsize=10_000)  # the search for the header looks at most cells several times
def _typed(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell) or DATE.fullmatch(cell))


def missing(cell: str) -> bool:
    """Whether a cell is blank or says that it is."""
    return cell.strip().lower() in MISSING


def filled(cells: Sequence[str]) -> int:
    """Number of cells that are not blank."""
    return sum(1 for cell in cells if cell.strip())


def header_like(cells: Sequence[str]) -> bool:
    """Whether cells could be names: text, all different, few of them blank."""
    names = [cell.strip() for cell in cells if cell.strip()]
    return 2 * len(names) >= len(cells) and len(set(names)) == len(names) and not any(map(typed, names))


def ruled(cells: Sequence[str]) -> bool:
    """Whether a row is a line drawn with dashes."""
    return filled(cells) > 0 and all(
        RULE_CHARACTERS.fullmatch(cell) and RULE_START.search(cell) for cell in cells if cell.strip()
    )


def noted(cell: str) -> bool:
    """Whether a cell starts like a note below a table."""
    return bool(NOTE.fullmatch(cell[:LONGEST]))


def typed_columns(rows: Sequence[Sequence[str]], width: int, share: float = 0.8) -> list[bool]:
    """For each column, whether nearly all of its cells that are not missing are numbers or dates."""
    answers = []
    for position in range(width):
        cells = [row[position] for row in rows if not missing(row[position])]
        not_typed = len(cells) - sum(map(typed, cells))
        answers.append(bool(cells) and (not_typed <= (1 - share) * len(cells) or (not_typed == 1 and len(cells) > 2)))
    return answers
