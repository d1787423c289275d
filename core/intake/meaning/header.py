"""A header taken apart: its words, and the unit and currency that it names."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from core.countries.currencies import currencies, users_of
from core.word_tables import rows_of

# Between words: a small letter or a digit before a capital, and the last capital of several before a small letter.
KEPT: Final = 4096  # headers that are remembered, and no more: they are of visitors' files
LONGEST: Final = 200  # characters that are looked at
_CAMEL: Final = re.compile(r"(?<=[a-z0-9ß-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zß-ÿ])")
_BETWEEN_LETTERS_AND_DIGITS: Final = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_WORD: Final = re.compile(r"[^\W_]+|[#%]")
_BRACKETS: Final = re.compile(r"\s*[(\[{（［]([^()\[\]{}（）［］]*)[)\]}）］]")
_SIGN: Final = r"[$€£¥₹₺₽₴₩฿₫₦₪₱৳₵₸₼₾₡₲%]"
_UNIT_WORD: Final = re.compile(rf"[^\W\d_]*{_SIGN}|[^\W_]+")
_CODE_BEHIND: Final = re.compile(r"(?<=_)[A-Za-z]{3}(?=_|$)")  # balance_pkr
# Codes of currencies that are words or short for some: only capitals in brackets are a currency.
_WORDS: Final = frozenset(
    ("all", "bam", "bnd", "bob", "cdf", "cop", "cup", "ern", "gel", "lak", "mad", "mop", "pen", "sos", "svc", "try")
)
_RANGE: Final = re.compile(r"\s*\d+\s*(?:-|–|to|\.\.)\s*\d+\s*")  # "(0-100)"
_STROKES: Final = str.maketrans("łøđħı", "lodhi")  # strokes and the dotless i are no accents that come off
_THOUSAND_SIGN: Final = re.compile(r"([kKmM])(\W)|(\W)([kKmM])")  # "k$" and "$k"


class _Unit(NamedTuple):
    """What a unit's spelling says; `bare` units count without brackets too."""

    name: str
    times: float
    currency: str
    bare: bool


@dataclass(frozen=True)
class Header:
    """One header.

    Parameters
    ----------
    text, label : str
        As the file has it, and without a unit in brackets or a sign of a currency.
    words : tuple of str
        Its words, folded, in order: `"AvgQtrBal (INR)"` → `avg`, `qtr`, `bal`.
    times : float
        What turns a number of the column into its unit: 1000 for `(k$)`.
    currency : str
        ISO 4217 code; empty where none, or one of several, is named.
    units : frozenset of str
        Names of further units, such as `days`, `a month`, `%`.
    """

    text: str
    label: str
    words: tuple[str, ...]
    times: float = 1.0
    currency: str = ""
    units: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The words as one name: `"CustomerID"` → `customer_id`."""
        return "_".join(self.words)


@lru_cache(KEPT)
def parse_header(text: str) -> Header:
    """Take a header apart."""
    text = text[:LONGEST]
    units: list[_Unit] = []

    def unit_taken(found: re.Match[str]) -> str:
        inside = _units_in(found[1])
        units.extend(inside or [])
        return found[0] if inside is None else ""

    label = _BRACKETS.sub(unit_taken, text)
    words = words_of(label)
    units += [unit for word in _UNIT_WORD.findall(label) if (unit := _units().get(fold(word))) and unit.bare]
    units += [_Unit("", 1.0, code, True) for code in map(str.upper, _CODE_BEHIND.findall(label)) if _is_currency(code)]
    label = re.sub(rf"\s*{_SIGN}\s*$", "", label).strip() or text
    times = next((unit.times for unit in units if unit.times != 1), 1.0)
    currencies = {unit.currency for unit in units if unit.currency}
    names = frozenset(unit.name for unit in units if unit.name)
    return Header(text, label, words, times, currencies.pop() if len(currencies) == 1 else "", names)


def without_unit(header: str) -> str:
    """A header to stand beside numbers that have their unit: `"Guthaben (EUR)"` → `Guthaben`."""
    return parse_header(header).label


def words_of(text: str) -> tuple[str, ...]:
    """The words of a header, folded: `"NumOfProducts"` → `num`, `of`, `products`."""
    split = _BETWEEN_LETTERS_AND_DIGITS.sub(" ", _CAMEL.sub(" ", text))
    return tuple(_WORD.findall(fold(split)))


def fold(text: str) -> str:
    """Small letters without accents."""
    plain = text.casefold()
    if plain.isascii():
        return plain
    plain = plain.translate(_STROKES)
    return "".join(mark for mark in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(mark))


def _units_in(inside: str) -> list[_Unit] | None:
    """The units between brackets; None if something else stands there."""
    if _RANGE.fullmatch(inside):
        return []
    spaced = _THOUSAND_SIGN.sub(lambda found: " ".join(filter(None, found.groups())), inside)
    words = [inside] if fold(inside) in _units() else _UNIT_WORD.findall(spaced)
    units = [_units().get(fold(word)) or _code_in(word) for word in words]
    return [unit for unit in units if unit] if units and all(units) else None


def _code_in(word: str) -> _Unit | None:
    """The code of a currency between brackets."""
    code = word.upper()
    return _Unit("", 1.0, code, False) if word in currencies() or _is_currency(code) else None


def _is_currency(code: str) -> bool:
    """Whether a word can be nothing but the code of a currency."""
    return code in currencies() and code.lower() not in _WORDS


@cache
def _units() -> dict[str, _Unit]:
    """Every spelling of a unit, and the signs that one currency has."""
    users = {one.sign: users_of(one.sign) for one in currencies().values() if one.sign and not one.sign.isalpha()}
    signs = {sign: codes for sign, codes in users.items() if len(codes) == 1}
    return {fold(sign): _Unit("", 1.0, min(codes), False) for sign, codes in signs.items()} | {
        fold(spelling): _Unit(row["unit"], float(row["times"]), row["currency"], row["bare"] == "yes")
        for row in rows_of("units")
        for spelling in row["spellings"].split("|")
    }
