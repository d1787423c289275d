"""A formula's text as tokens, each with its place."""

import re
from dataclasses import dataclass
from typing import Final, Literal, cast

from core.errors import MeasureError

Kind = Literal["number", "text", "name", "sign", "end"]
LONGEST: Final = 500  # characters of a formula, and so at most 250 terms
PATTERN: Final = re.compile(
    r"""\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<name>[^\W\d]\w*)
    |(?P<sign><=|>=|!=|<>|==|[-+*/()=<>]))""",
    re.VERBOSE,
)

MEANT: Final = {",": "where", "&": "and", "|": "or", "“": '"', "”": '"', "„": '"', "≥": ">=", "≤": "<=", "≠": "!="}

WITH_COMMA: Final = re.compile(r"[0-9][0-9.,]*,[0-9.,]*[0-9]")
BETWEEN: Final = 3  # digits between the marks of thousands


@dataclass(frozen=True)
class Token:
    """One word of a formula; `position` counts characters from 0."""

    kind: Kind
    text: str
    position: int

    def is_word(self, word: str) -> bool:
        """Whether it is a word of the language, in any case."""
        return self.kind == "name" and self.text.casefold() == word


def tokens(formula: str) -> list[Token]:
    """The tokens of a formula and an end.

    Raises
    ------
    MeasureError
        A character that is no part of the language, a text without its end, or too long a formula.
    """
    if len(formula) > LONGEST:
        raise MeasureError(f"The formula is longer than {LONGEST} characters.", "Split it.", formula, LONGEST)
    found, end = [], len(formula.rstrip())
    position = 0
    while position < end:
        match = PATTERN.match(formula, position)
        if not match:
            raise _stray(formula, position)
        kind = cast(Kind, match.lastgroup)  # one of the groups of PATTERN
        found.append(Token(kind, match[kind], match.start(kind)))
        position = match.end()
    return [*found, Token("end", "", end)]


def _stray(formula: str, position: int) -> MeasureError:
    position += len(formula[position:]) - len(formula[position:].lstrip())
    if formula[position] in "\"'":
        return MeasureError("A text has no end.", f"Close it with {formula[position]}.", formula, position)
    if spelt := _without_comma(formula, position):
        return MeasureError("A number has a decimal point and no other mark.", f"Write {spelt}.", formula, position)
    near = f"Did you mean {MEANT[formula[position]]}? " if formula[position] in MEANT else ""
    return MeasureError(
        f"“{formula[position]}” has no meaning here.",
        f"{near}Use numbers, names, + - * / ( ) and comparisons.",
        formula,
        position,
    )


def _without_comma(formula: str, position: int) -> str:
    """How the number around a comma is written, which may be one of thousands; empty where none is around it."""
    found = next((each[0] for each in WITH_COMMA.finditer(formula) if each.start() < position < each.end()), "")
    whole, _, decimals = found.partition(",")
    if not (whole + decimals).isdigit():
        return "it such as 1234.5" if found else ""
    either = f"{whole}{decimals} or " if len(decimals) == BETWEEN else ""
    return f"{either}{whole}.{decimals}"
