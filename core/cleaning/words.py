"""Cleaning rules of words: categories, answers, texts and postcodes."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache

import numpy as np
import pandas as pd

from core.cleaning.values import Cells, Changes, is_blank, tidy
from core.countries.decide import known_values
from core.countries.registry import country_of
from core.schema import UNKNOWN, YES_NO, normalise

SHORT_WORD = 4  # shorter words are too close to each other to be read as a misspelling
SPELLING = 0.85  # difflib ratio; "Argiculture" against "Agriculture" has 0.91


def usual_spellings(text: pd.Series) -> dict[str, str]:
    """Folded case → the spelling that sorts first, whatever the order of the rows: `{"retail": "Retail"}`."""
    return {spelling.casefold(): spelling for spelling in sorted(tidy(text).tolist(), reverse=True)}


def read_answers(cells: Cells) -> tuple[pd.Series, Changes]:
    """Answers without the decimals that a spreadsheet gives to 1 and 0."""
    return read_words(cells, cells.text.str.replace(r"^([01])\.0+$", r"\1", regex=True))


def read_words(cells: Cells, text: pd.Series | None = None) -> tuple[pd.Series, Changes]:
    """Text without needless spaces; blanks become "Unknown"."""
    text = cells.text if text is None else text
    return tidy(text).mask(is_blank(text), UNKNOWN), {}


def correct_misspellings(cells: Cells) -> tuple[pd.Series, Changes]:
    """Words close to a known spelling → its value."""
    known = known_values(cells.column, cells.fact.country)
    if not known:
        return cells.values, {}

    @cache
    def corrected(word: str) -> str | None:
        return None if word in known else _nearest(word, known)

    words = cells.values.tolist()
    corrected_words = [word if word == UNKNOWN else corrected(normalise(word)) or word for word in words]
    return _with_note(cells, corrected_words, "misspelling corrected")


def unify_spellings(cells: Cells) -> tuple[pd.Series, Changes]:
    """Known spellings → their canonical value; others in the spelling of the file that sorts first."""
    known, usual = known_values(cells.column, cells.fact.country), cells.fact.usual

    def unified(word: str) -> str:
        return known.get(normalise(word)) or usual.get(word.casefold(), word)

    words = cells.values.tolist()
    return _with_note(cells, [word if word == UNKNOWN else unified(word) for word in words], "spelling unified")


def only_answers(cells: Cells) -> tuple[pd.Series, Changes]:
    """Yes, No or Unknown; an answer that is neither yes nor no becomes Unknown."""
    neither = ~cells.values.isin(YES_NO)
    return cells.values.mask(neither, UNKNOWN), {"neither yes nor no, set to Unknown": neither.to_numpy()}


def read_postcodes(cells: Cells) -> tuple[pd.Series, Changes]:
    """Postcodes as text, with changes by a spreadsheet undone: `2000.0` → `2000`, zeros as the country has them."""
    text, blank = cells.text.str.strip(), is_blank(cells.text)
    whole = text.str.replace(r"\.0+$", "", regex=True)
    country = country_of(cells.fact.country)
    values = (country.postcodes.restored(whole) if country else whole).mask(blank, UNKNOWN)
    changed = ((values != text) & ~blank).to_numpy()
    return values, {"leading zero restored or decimals dropped": changed}


def _with_note(cells: Cells, words: Sequence[str], note: str) -> tuple[pd.Series, Changes]:
    values = pd.Series(pd.array(words, "str"), index=cells.values.index)
    return values, {note: np.asarray(values != cells.values, bool)}


def _nearest(spelling: str, values: Mapping[str, str]) -> str | None:
    if len(spelling) <= SHORT_WORD:
        return None
    # A misspelling keeps the first letter; "non-affluent" and "unaffluent" do not, and mean the opposite.
    words = [word for word in values if len(word) > SHORT_WORD and word[0] == spelling[0]]
    matches = get_close_matches(spelling, words, n=1, cutoff=SPELLING)
    return values[matches[0]] if matches else None
