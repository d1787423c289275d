"""Cleaning rules of words: categories, answers, texts and postcodes."""

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import Final

import numpy as np
import pandas as pd

from core.cleaning.dates import is_date_like, no_dates
from core.cleaning.values import Cells, Changes, is_blank, tidy
from core.countries.decide import known_values
from core.countries.registry import country_of
from core.schema import BLANKS, UNKNOWN, YES_NO, Column, normalise

SIGNS: Final = {"+": "Yes", "✓": "Yes", "✔": "Yes", "☑": "Yes", "✗": "No", "✘": "No", "☐": "No"}
# Blanks that programs write; a person writes "unknown".
EMPTY: Final = BLANKS - {"unknown", "missing", "undefined", "?", "-", "--"}
DECEASED: Final = "deceased"  # the rule of the columns in which a date means that somebody has died
NEITHER: Final = "neither yes nor no, set to Unknown"
GENDER: Final = "gender"
# Letters of genders that mean something else in other languages, by all letters of the column.
LETTERS: Final = {
    frozenset(pair): {pair[0]: "Female", pair[1]: "Male"}
    for pair in (
        "mh",  # mujer, hombre
        "hv",  # hembra, varón
        "fh",  # femme, homme
        "km",  # kobieta, mężczyzna
        "ke",  # kadın, erkek
        "vm",  # vrouw, man
        "zm",  # žena, muž
        "pl",  # perempuan, laki-laki
        "du",  # donna, uomo
    )
}
SHORT_WORD = 4  # shorter words are too close to each other to be read as a misspelling
SPELLING = 0.85  # difflib ratio; "Argiculture" against "Agriculture" has 0.91


def usual_spellings(text: pd.Series) -> dict[str, str]:
    """Folded case → the spelling that sorts first, whatever the order of the rows: `{"retail": "Retail"}`."""
    return {spelling.casefold(): spelling for spelling in sorted(tidy(text).tolist(), reverse=True)}


def read_answers(cells: Cells) -> tuple[pd.Series, Changes]:
    """Answers without the decimals of a spreadsheet; signs and dates of death as Yes or No."""
    text = cells.text.str.strip().str.replace(r"^([01])\.0+$", r"\1", regex=True)
    values, _ = read_words(cells, text)
    empty = _is_empty(text)
    signs = text.mask(empty, "").map({**SIGNS, **cells.fact.answers})
    values = values.mask(signs.notna(), signs.astype("str"))
    dated = _dates_of_death(text, cells.column)
    values = values.mask(dated, np.where(no_dates(text), "No", "Yes")) if dated.any() else values
    return values, {
        "a date read as Yes, one that stands for none as No": dated,
        "a blank read as No, since only Yes is filled in": (empty & values.eq("No")).to_numpy(bool) & ~dated,
    }


def answer_votes(text: pd.Series, column: Column) -> dict[str, int]:
    """Number of distinct texts that are filled, mean yes, are a plus, a dash, or stand for no date of death.

    Counts of two parts of a column add up.
    """
    text = text.str.strip().str.replace(r"^([01])\.0+$", r"\1", regex=True)
    text = text[~_is_empty(text)]
    dated = _dates_of_death(text, column)
    no_date = no_dates(text) & dated
    yes = [SIGNS.get(word, column.values.get(normalise(word))) == "Yes" for word in text.tolist()]
    return {
        "filled": len(text),
        "yes": int((np.array(yes, bool) | (dated & ~no_date)).sum()),
        "no date": int(no_date.sum()),
        "plus": int(text.eq("+").sum()),
    }


def answers_by(votes: Mapping[str, int]) -> dict[str, str]:
    """The texts that are answers in one column only: a dash beside plusses, a blank where nothing but yes stands."""
    if votes.get("plus"):
        return {"-": "No"}
    only_yes = votes.get("yes", 0) and votes["yes"] + votes["no date"] == votes["filled"]
    return {"": "No"} if only_yes else {}


def is_answer(text: pd.Series, column: Column) -> np.ndarray:
    """Which texts are understood as an answer, or as a date of death in a column of the deceased."""
    known = [word.strip() in SIGNS or normalise(word) in column.values for word in text.tolist()]
    return np.asarray(np.array(known, bool) | _dates_of_death(text, column))


def _is_empty(text: pd.Series) -> pd.Series:
    return text.str.casefold().isin(EMPTY)


def _dates_of_death(text: pd.Series, column: Column) -> np.ndarray:
    """Which texts of a column of the deceased are dates; the answers 0 and 1 are none."""
    if DECEASED not in column.cleaning:
        return np.zeros(len(text), bool)
    return np.asarray(is_date_like(text) & ~text.str.strip().isin(("0", "1")), bool)


def read_words(cells: Cells, text: pd.Series | None = None) -> tuple[pd.Series, Changes]:
    """Text without needless spaces; blanks become "Unknown"."""
    text = cells.text if text is None else text
    return tidy(text).mask(is_blank(text), UNKNOWN), {}


def gender_letters(usual: Collection[str]) -> Mapping[str, str]:
    """What letters mean in a column of genders that has just these (folded case): M beside H is a woman."""
    letters = frozenset(word for word in usual if len(word) == 1 and word.isalpha())
    return LETTERS.get(letters, {})


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
    if cells.column.name == GENDER:
        known = {**known, **gender_letters(usual)}

    def unified(word: str) -> str:
        return known.get(normalise(word)) or usual.get(word.casefold(), word)

    words = cells.values.tolist()
    return _with_note(cells, [word if word == UNKNOWN else unified(word) for word in words], "spelling unified")


def only_answers(cells: Cells) -> tuple[pd.Series, Changes]:
    """Yes, No or Unknown; an answer that is neither yes nor no becomes Unknown."""
    neither = ~cells.values.isin(YES_NO)
    return cells.values.mask(neither, UNKNOWN), {NEITHER: neither.to_numpy()}


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
