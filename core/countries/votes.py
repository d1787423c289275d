"""Counts over the distinct values of a column that tell its country; those of two parts of a column add up."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from core.countries.country import Country
from core.countries.postcodes import LONGEST, bare, written_shape
from core.countries.registry import countries
from core.schema import BLANKS, normalise

VALUES: Final = "values"  # the key that counts all values, beside the codes of countries
ELSEWHERE: Final = "elsewhere"  # among the countries of phone numbers: one that is not known here
KNOWN: Final = "known"  # those that any country knows
SHORT: Final = "short"  # of these, the codes
LETTERS: Final = "letters"  # of these, the single letters: ratings and answers have them, too
SHORT_CODE: Final = 3  # characters: WA, NSW; a longer word is a name, of which few mean two things
START: Final = 3  # characters of a postcode that are counted: enough for all but a few exceptions
MOST_PHONES: Final = 0.5  # share of the numbers from abroad that must have the calling code
_FROM_ABROAD: Final = re.compile(r"\s*(?:\+|00)[\s(]*([1-9][\d\s()/.\-]{6,})$")
MIN_CODES: Final = 5  # distinct codes of two letters that are no chance: a rating has fewer


@dataclass(frozen=True)
class PlaceShare:
    """The country that knows most of a column's values as its regions, and their share, from 0 to 1."""

    country: str = ""
    share: float = 0.0


def state_votes(values: Iterable[str]) -> dict[str, int]:
    """Number of distinct values of a state column, by who knows them.

    The keys: a country (`US`), a region of a country (`US:TX`), any country (`KNOWN`), any by a code (`SHORT`) or a
    letter (`LETTERS`), and all values (`VALUES`).
    """
    words = [normalise(value) for value in values if value.strip().casefold() not in BLANKS]
    places = _places_by_word(_all())
    known = [word for word in words if word in places]
    found = Counter(key for word in known for code, region in places[word] for key in (code, f"{code}:{region}"))
    found[SHORT] = sum(len(word) <= SHORT_CODE for word in known)
    found[LETTERS] = sum(len(word) == 1 for word in known)
    return {VALUES: len(words)} | ({KNOWN: len(known), **found} if known else {})


def regions_in(votes: Mapping[str, int], code: str) -> set[str]:
    """The regions of a country that `state_votes` counted."""
    return {key.removeprefix(f"{code}:") for key in votes if key.startswith(f"{code}:")}


def postcode_votes(values: Iterable[str]) -> dict[str, int]:
    """Number of distinct postcodes by shape, with a hyphen between digits, and start: `{"A9A9A9 K1A": 2}`."""
    texts = (value.strip().removesuffix(".0") for value in values)
    return dict(Counter(f"{written_shape(text)} {bare(text)[:START]}" for text in texts if 0 < len(text) <= LONGEST))


def called(phones: Iterable[str]) -> tuple[str, ...]:
    """The countries whose calling code most phone numbers with one have (`+44 20 …`); none where there are none.

    `ELSEWHERE` stands for a country that is not known.
    """
    numbers = [re.sub(r"\D", "", found[1]) for text in phones if (found := _FROM_ABROAD.match(text))]
    known = {country.calling_code for country in _all()} - {""}
    by_code = Counter(
        next((number[:length] for length in (3, 2, 1) if number[:length] in known), "") for number in numbers
    )
    (code, times), *_ = by_code.most_common(1) or [("", 0)]
    if not times or times < MOST_PHONES * len(numbers):
        return ()
    return tuple(country.code for country in _all() if code and country.calling_code == code) or (ELSEWHERE,)


def place_share(words: Sequence[str], cells: Sequence[int] | None = None, *, named: bool = False) -> PlaceShare:
    """The country that knows most of a column's distinct values (`schema.normalise`) as its regions.

    Parameters
    ----------
    cells : sequence of int, optional
        How many cells hold each value; one each unless given.
    named : bool
        Whether the header says that the column is of places. Otherwise single letters tell nothing, and codes of two
        letters only if there are several: such words are ratings and answers, too.
    """
    weights = cells if cells is not None else [1] * len(words)
    places = _places_by_word(_all())
    shares, codes = Counter[str](), Counter[str]()
    known = [(word, int(weight), places[word]) for word, weight in zip(words, weights, strict=True) if word in places]
    for word, weight, found in known:
        for code in {code for code, _ in found if named or len(word) > 1}:
            shares[code] += weight
            codes[code] += len(word) < SHORT_CODE
    names = Counter(code for word, _, found in known for code, _ in found if len(word) >= SHORT_CODE)
    fitting = [code for code in shares if named or names[code] or codes[code] >= MIN_CODES]
    best = max(sorted(fitting), key=lambda code: shares[code], default="")
    total = sum(map(int, weights))
    return PlaceShare(best, shares[best] / total) if best and total else PlaceShare()


def _all() -> tuple[Country, ...]:
    return tuple(countries().values())


@lru_cache(maxsize=4)  # tests add countries
def _places_by_word(known: tuple[Country, ...]) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Spelling → each country that knows it, with the code of the region there."""
    places: dict[str, tuple[tuple[str, str], ...]] = {}
    for country in known:
        for word, region in country.spellings.items():
            places[word] = (*places.get(word, ()), (country.code, region))
    return places
