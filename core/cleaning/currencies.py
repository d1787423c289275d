"""How amounts name their currency: signs, words and ISO 4217 codes, all of `data/currencies.csv`."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.countries.currencies import currencies

RAND: Final = "R"  # a letter that is a sign only beside what is an amount for sure


def _used_for() -> dict[str, set[str]]:
    """Signs and words beside amounts → the currencies that each is used for; every dollar has "$"."""
    found: dict[str, set[str]] = {}
    for currency in currencies().values():
        for mark in {*currency.marks.split("|"), currency.sign, currency.home_sign} - {"", RAND, *currencies()}:
            found.setdefault(mark, set()).add(currency.code)
    return found


USED_FOR: Final = _used_for()
# Words that look like codes (RMB) are written as codes are, in capitals.
CODES: Final = (*currencies(), *(mark for mark in USED_FOR if re.fullmatch("[A-Z]{3}", mark)))
SIGNS: Final = tuple(sorted(mark for mark in USED_FOR if not mark.isalpha()))
# Words in any case; a full stop may follow.
WORDS: Final = tuple(sorted(mark for mark in USED_FOR if mark.isalpha() and mark not in CODES))
_CURRENCIES: Final = {code: {code} for code in currencies()} | {
    mark.casefold() if mark in WORDS else mark: codes for mark, codes in USED_FOR.items()
}

CODE: Final = "code "  # before a code among the votes
NO_CODE: Final = "no code"

_SIGN: Final = "|".join(map(re.escape, sorted(SIGNS, key=lambda sign: -len(sign))))
_WORD: Final = "|".join(sorted(WORDS, key=lambda word: -len(word)))
# Rand are written with an R: only before a space, grouped digits or cents, since R1 is a code.
_RAND: Final = (
    r"(?<!\w)R(?=\s\d|\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d+[.,]\d\d(?!\d))"
    r"|(?:(?<=[.,]\d\d)|(?<=[.,]\d\d\s))R(?!\w)"
)
CURRENCY: Final = re.compile(rf"{_SIGN}|(?<![^\W\d_])(?:(?:{'|'.join(CODES)})|(?i:{_WORD})\.?)(?![^\W\d_])|{_RAND}")

_WORDS_APART: Final = rf"(?:^|[^A-Za-z])(?P<mark>{'|'.join(CODES)}|(?i:{_WORD}))(?:[^A-Za-z]|$)"
# An amount with at most one sign or code on either side, which Arrow reads at once: a minus, and digits with marks.
SIMPLE: Final = rf"^(-?)(?:{_SIGN}|{'|'.join(CODES)})?\s?([0-9][0-9.,]*)\s?(?:{_SIGN}|{'|'.join(CODES)}|%)?$"


def marks_of(text: pd.Series) -> pd.Series:
    """The sign, word or code that stands in each amount; missing where none does."""
    texts = pa.array(text, pa.string())
    signs = pc.struct_field(pc.extract_regex(texts, f"(?P<mark>{_SIGN})"), "mark")
    words = pc.struct_field(pc.extract_regex(texts, _WORDS_APART), "mark")
    return pd.Series(pc.coalesce(signs, words).to_pandas(), dtype="str")


def different(marks: Iterable[str]) -> tuple[str, ...]:
    """The marks in the order of the alphabet if they are of several currencies; none if all can be of one.

    >>> different(["$", "USD"]), different(["€", "USD"])
    ((), ('USD', '€'))
    """
    marks = sorted(marks)
    possible = [_CURRENCIES.get(mark) or _CURRENCIES.get(mark.casefold()) or {mark} for mark in marks]
    return () if not marks or set.intersection(*possible) else tuple(marks)


def sign_of_word(word: str) -> str:
    """The code of the currency that a word beside amounts means, or a sign that several have at home (`kr`)."""
    codes = _CURRENCIES.get(word.casefold(), set())
    signs = {currencies()[code].home_sign for code in codes}
    return min(codes) if len(codes) == 1 else next((sign for sign in signs if sign.casefold() == word.casefold()), "")


def code_votes(distinct: pd.Series) -> dict[str, int]:
    """Number of texts with each code, if a column has codes only, and of other texts. Counts of two parts add up."""
    words = [word for word in distinct.str.strip().tolist() if word]
    return dict(Counter(CODE + word if word in CODES else NO_CODE for word in words))


def codes_by(votes: Mapping[str, int]) -> tuple[str, ...]:
    """The codes of a column that has nothing else."""
    return () if votes.get(NO_CODE) else tuple(sorted(key.removeprefix(CODE) for key in votes if key.startswith(CODE)))
