"""Currencies as data: their codes, signs and words, and the band of wealth that counts as mass affluent in each."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from core.plain import from_plain
from core.schema import normalise

CODE: Final = 3  # letters
FILE: Final = files("data") / "currencies.csv"


@dataclass(frozen=True)
class Currency:
    """A currency.

    Parameters
    ----------
    code : str
        ISO 4217.
    sign : str
        The sign that tells it from other currencies, such as `A$`; empty where it has none but its code.
    home_sign : str
        The sign in its own country, such as `$`.
    marks : str
        What stands beside its amounts in the cells of a column, signs and words, divided by `|`.
    spellings : str
        Further words for it, divided by `|`; some of them are no marks, since they mean other things beside a number.
    band_low, band_high : float, optional
        Where mass affluent wealth begins and ends, in this currency; not known for all.
    ppp : float, optional
        Units that buy what one US dollar buys in the United States; the band is worked out from it.
    """

    code: str
    sign: str = ""
    home_sign: str = ""
    marks: str = ""
    spellings: str = ""
    band_low: float | None = None
    band_high: float | None = None
    ppp: float | None = None


@cache
def currencies() -> Mapping[str, Currency]:
    """Code → currency, in the order of `data/currencies.csv`; not Tonga's TOP, since "TOP 10" is no amount."""
    rows = csv.DictReader(FILE.read_text("utf-8").splitlines())
    made = (from_plain(Currency, {name: cell for name, cell in row.items() if cell}, strict=False) for row in rows)
    return {currency.code: currency for currency in made}


def band_of(code: str) -> tuple[float, float] | None:
    """The lowest wealth of the mass affluent and the first above it, in units of a currency; None if not known."""
    known = currencies().get(code)
    if known is None or known.band_low is None or known.band_high is None:
        return None
    return known.band_low, known.band_high


def sign_of(code: str, home: str = "") -> str:
    """The sign of a currency, the short one where it is that of the country (`home`); the code itself if not known."""
    known = currencies().get(code)
    if known is None:
        return code
    return (known.home_sign if code == home else known.sign) or code


def code_of(text: str, home: str = "") -> str:
    """The code of a currency by its code, sign or name; empty if it is none, or could be several.

    A sign that several share, such as `$`, is that of the country's currency (`home`).
    """
    word, home_currency = text.strip(), currencies().get(home)
    if home_currency and (word == home_currency.home_sign or home in users_of(word)):
        return home
    return _codes_by_word().get(word) or _codes_by_word().get(normalise(word), "")


@cache
def _codes_by_word() -> Mapping[str, str]:
    """Sign or normalised word → code; a word of several currencies is left out."""
    codes: dict[str, set[str]] = {}
    for one in currencies().values():
        # the sign as written: without its marks `$` is an empty word
        signs = (one.sign, one.home_sign)
        for word in {*signs, *map(normalise, (*signs, one.code, *one.spellings.split("|")))} - {""}:
            codes.setdefault(word, set()).add(one.code)
    return {word: next(iter(found)) for word, found in codes.items() if len(found) == 1}


def users_of(mark: str) -> frozenset[str]:
    """The codes of all currencies that a code, sign or word can stand for; empty if it is none of them."""
    word = mark.strip()
    known = _users_by_mark().get(word) or _users_by_mark().get(word.upper() if len(word) == CODE else normalise(word))
    return known or frozenset(filter(None, [code_of(word)]))


@cache
def _users_by_mark() -> Mapping[str, frozenset[str]]:
    """Code, sign or mark → the currencies that have it."""
    codes: dict[str, set[str]] = {}
    for one in currencies().values():
        for mark in {one.code, one.sign, one.home_sign, *one.marks.split("|")} - {""}:
            codes.setdefault(mark, set()).add(one.code)
    return {mark: frozenset(found) for mark, found in codes.items()}
