"""Bands as people write them: amounts such as `$60K - $80K`, words such as `low`, `medium`, `high`.

The words are in `data/words`: `bands.csv` has those around amounts, `scales.csv` those of ordered answers.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from core.cleaning.currencies import SIGNS
from core.cleaning.durations import DURATION
from core.cleaning.numbers import to_numbers
from core.cleaning.search import DIGIT, texts_with
from core.schema import BLANKS, normalise
from core.word_tables import rows_of

_SIGN: Final = r"(?:{}|[A-Za-z]{{2,3}}\$?)".format("|".join(map(re.escape, SIGNS)))
_NUMBER: Final = r"\d[\d.,]*(?:\s(?:\d{3})+)*\s*[kKmM]?(?![^\W\d_])"
_AMOUNT: Final = rf"(?:{_SIGN})?\s*{_NUMBER}\s*(?:{_SIGN})?"
_ONE_NUMBER: Final = re.compile(_NUMBER)
_GROUP: Final = re.compile(
    r"(?<=[1-9])[.,\s](?=\d{3}(?!\d))|(?<=\d\d)[.,\s](?=\d{3}(?!\d))"
)  # bands are of whole amounts
_MONTH: Final = r"(?:0?[1-9]|1[0-2])\s*[-–]\s*(?:19|20)\d\d"  # 12-2019
# "0 <= ... < 200" and "100<=X<500": a band between two signs.
_BETWEEN_SIGNS: Final = rf"{_AMOUNT}\s*[<≤]=?\s*(?:\.{{2,3}}|…|[a-zA-Z]\w*)\s*[<≤]=?\s*{_AMOUNT}"
MIN_SCALE: Final = 2  # different words of a scale that make a column one


def is_band(text: pd.Series) -> pd.Series:
    """Which values are a band of amounts, such as `$60K - $80K`, `Less than $40K`, `120K +`, `bis 1000`."""
    found = texts_with(text, DIGIT)
    if found.any():
        found &= texts_with(text, r"[\p{L}\p{Nl}\p{No}<>≤≥–—+-]")
    found[found] = text[found].str.strip().str.fullmatch(_pattern().pattern, flags=re.I)  # takes ten times as long
    return pd.Series(found, index=text.index)


def band_start(text: str) -> float:
    """Where a band begins, to put bands in order; those that are no band come last."""
    if not _pattern().fullmatch(text.strip()):
        return np.inf
    return _bounds(text)[0] - (0.5 if _is_below(text) else 0.0)


def band_order(text: str) -> float:
    """The place of a band, or of a word of a scale, among others of its column; those that are neither come last."""
    return min(band_start(text), _level(text, np.inf))


def band_middle(text: str) -> float:
    """The middle of a band; an open one counts as its bound, one from 0 as half of it. NaN where it is no band."""
    if not _pattern().fullmatch(text.strip()):
        return np.nan
    bounds = _bounds(text)
    if _is_below(text):
        return bounds[0] / 2 if bounds[0] > 0 else bounds[0]
    return sum(bounds[:2]) / len(bounds[:2])


def band_rank(text: str) -> float:
    """The place of a word in its scale, the lowest first; NaN for other words."""
    return _level(text, np.nan)


def is_scale(values: Iterable[str]) -> bool:
    """Whether values are words of one scale, such as low, medium, high; blanks aside."""
    words = {normalise(value) for value in values if value.strip().casefold() not in BLANKS}
    if len(words) < MIN_SCALE or not words <= _levels().keys():
        return False
    return len({_levels()[word].scale for word in words}) == 1


def _level(text: str, otherwise: float) -> float:
    found = _levels().get(normalise(text))
    return found.level if found else otherwise


def _bounds(text: str) -> list[float]:
    """The amounts of a band; a letter for thousands behind the last one counts for both: `0-20k`."""
    found = [re.sub(r"\s", "", _GROUP.sub("", amount)).replace(",", ".") for amount in _ONE_NUMBER.findall(text)]
    if len(found) > 1 and found[-1][-1] in "kKmM" and found[0][-1].isdigit() and _may_be_thousands(found):
        found[0] += found[-1][-1]
    return [float(number) for number in to_numbers(pd.Series(found, dtype="str"))]


def _may_be_thousands(found: list[str]) -> bool:
    return len(re.sub(r"\D", "", found[0])) <= len(re.sub(r"\D", "", found[-1]))


def _is_below(text: str) -> bool:
    return bool(_side("below").match(text.strip()) or _side("below_after").search(text.strip()))


@cache
def _side(kind: str) -> "re.Pattern[str]":
    words = _words(kind)
    return re.compile(rf"(?:{words})(?![^\W\d_])" if kind == "below" else rf"(?:{words})\s*$", re.I)


@cache
def _pattern() -> "re.Pattern[str]":
    before, after = f"{_words('below')}|{_words('above')}", f"{_words('above_after')}|{_words('below_after')}"
    forms = (
        rf"(?:{before})(?![^\W\d_])\s*{_AMOUNT}",
        rf"{_AMOUNT}\s*(?:{_words('to')})\s*{_AMOUNT}",
        rf"{_AMOUNT}\s*(?:{after})",
        _BETWEEN_SIGNS,
    )
    return re.compile(rf"(?!{_MONTH}$)(?!{DURATION}$)(?:{'|'.join(forms)})", re.I)


def _words(kind: str) -> str:
    """The words of a kind as alternatives, the longest first."""
    row = next(row for row in rows_of("bands") if row["kind"] == kind)
    return "|".join(re.escape(word) for word in sorted(row["words"].split("|"), key=len, reverse=True))


class _Level(NamedTuple):
    """The place of a word in a scale; words of one scale have places on one axis."""

    scale: str
    level: float


@cache
def _levels() -> dict[str, _Level]:
    return {
        normalise(word): _Level(row["scale"], float(row["level"]))
        for row in rows_of("scales")
        for word in row["words"].split("|")
    }
