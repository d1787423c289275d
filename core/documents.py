"""Small JSON and TOML files from outside: bytes → checked values, or an error that says what is wrong, and where.

All that could cost much time or memory is bounded before a parser sees the text: bytes, values, depth, digits of a
number, parts of a dotted key.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from core.errors import DataError, DocumentError
from core.files import first_bytes, larger_than
from core.plain import WrongError, from_plain, shown

T = TypeVar("T")
Syntax = Literal["JSON", "TOML"]
DEEPEST: Final = 20  # lists and tables within each other; no file written here has ten
MOST_VALUES: Final = 500_000  # a model of 30 segments by 2,000 features has a third of it
MOST_PARTS: Final = 8  # of a dotted key: tomllib takes time and memory by their square
MOST_DIGITS: Final = 100  # Python reads a whole number in time by the square of its digits
LARGEST: Final = 1e300  # of a number: far from where a float becomes infinite
WHOLE: Final = 2**53  # whole numbers up to here have a float of their own
LONGEST: Final = 200  # characters of a parser's message
# Texts and comments, in which brackets have no meaning. Possessive, ends optional: each character is read once.
TEXTS: Final[dict[Syntax, re.Pattern[str]]] = {
    "JSON": re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL),
    "TOML": re.compile(
        r'"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5})?'
        r"|'''(?:[^']|'(?!''))*+(?:'{3,5})?"
        r'|"(?:[^"\\\n]|\\.)*+"?'
        r"|'[^'\n]*+'?"
        r"|#[^\n]*+",
        re.DOTALL,
    ),
}
OPENING = "[{"
BRACKETS: Final = re.compile(r"[\[\]{}]")
LONG_NUMBER: Final = re.compile(rf"(?<!\w)[0-9]\w{{{MOST_DIGITS}}}")
LONG_FRACTION: Final = re.compile(rf"\.[0-9]\w{{{MOST_DIGITS}}}")
LONG_KEY: Final = re.compile(rf"(?:\.[ \t]*+[\w\-\"]*+[ \t]*+){{{MOST_PARTS}}}")


def refuse_newer(document: Any, known: int) -> None:
    """Refuse a document whose version is above the one known, before its parts are called unknown.

    Raises
    ------
    WrongError
        It is.
    """
    version = document.get("version") if isinstance(document, dict) else None
    if isinstance(version, int) and version > known:
        raise WrongError(f"its version is {version}, and this program reads up to {known}: a newer one wrote it")


@dataclass(frozen=True)
class Document:
    """A kind of file: its name with an article, its syntax, what to do where a file is none, its most bytes."""

    name: str
    syntax: Syntax
    remedy: str
    most_bytes: int = 2**20

    def bytes_of(self, path: Path) -> bytes:
        """The bytes of a file; of one that is too large, or has no end, one more than allowed."""
        return first_bytes(path, self.most_bytes + 1)

    def plain(self, content: bytes | str, file: str) -> Any:
        """The values in a file, as Python's own types.

        Raises
        ------
        DocumentError
            It is too large, no text, no such syntax, or beyond one of the bounds.
        """
        with self.refusing(file):
            text = self._text(content)
            self._check_bounds(TEXTS[self.syntax].sub('""', text))
            try:
                return PARSERS[self.syntax](text)
            except RecursionError:
                raise WrongError("it is nested too deeply") from None
            except ValueError as error:
                raise WrongError(f"it is not {self.syntax}: {str(error)[:LONGEST]}") from None

    def read(self, kind: type[T], content: bytes | str, file: str) -> T:
        """The dataclass that a file stands for (`plain.from_plain`).

        Raises
        ------
        DocumentError
            As of `plain`; or a part is missing, unknown, of another type, or out of its bounds.
        """
        with self.refusing(file):
            return from_plain(kind, self.plain(content, file))

    @contextmanager
    def refusing(self, file: str) -> Iterator[None]:
        """Make what is wrong inside an error that names the file.

        Raises
        ------
        DocumentError
            Something is wrong.
        """
        try:
            yield
        except WrongError as error:
            raise DocumentError(f"This is not {self.name}: {error}.", self.remedy, file=file) from None
        except DocumentError as error:  # of a document in this one
            raise DocumentError(error.found, self.remedy, file=file) from None
        except DataError as error:
            raise DocumentError(error.found, error.remedy, file=file) from None

    def _text(self, content: bytes | str) -> str:
        if len(content) > self.most_bytes:
            raise WrongError(f"it {larger_than(self.most_bytes)}")
        try:
            return content if isinstance(content, str) else content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise WrongError(f"it is not UTF-8 text at byte {error.start + 1:,}") from None

    def _check_bounds(self, bare: str) -> None:
        """Refuse a text, given without what is quoted, that would take a parser long."""
        if sum(map(bare.count, ",[{=" if self.syntax == "TOML" else ",[{")) > MOST_VALUES:
            raise WrongError(f"it has more than {MOST_VALUES:,} values")
        if _depth(bare) > DEEPEST:
            raise WrongError(f"it is nested more than {DEEPEST} deep")
        if LONG_NUMBER.search(bare) or LONG_FRACTION.search(bare):
            raise WrongError(f"it has a number of more than {MOST_DIGITS} digits")
        if self.syntax == "TOML" and LONG_KEY.search(bare):
            raise WrongError(f"it has a key of more than {MOST_PARTS} parts")


def _depth(bare: str) -> int:
    """The most brackets that are open at a time."""
    depth = most = 0
    for bracket in BRACKETS.findall(bare):
        depth += 1 if bracket in OPENING else -1
        most = max(most, depth)
    return most


def _json(text: str) -> Any:
    value = json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_number, object_pairs_hook=_unique)
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # which no file can hold
        raise ValueError("it has half of a surrogate pair") from None
    return value


def _toml(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=_number)


def _number(text: str) -> int | float:
    """A number for a field of either kind: 5.0 may be a whole number, and one beyond 64 bits cannot be."""
    if text.lstrip("-").isdecimal() and -(2**63) <= (whole := int(text)) < 2**63:
        return whole
    if not abs(value := float(text)) <= LARGEST:
        raise ValueError(f"{shown(text)} is not a finite number")
    return int(value) if value.is_integer() and abs(value) <= WHOLE and str(value) != "-0.0" else value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name, value in pairs:
        if name in table:
            raise ValueError(f"{shown(name)} is there twice in one table")
        table[name] = value
    return table


PARSERS: Final[dict[Syntax, Callable[[str], Any]]] = {"JSON": _json, "TOML": _toml}
