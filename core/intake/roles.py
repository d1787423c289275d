"""Propose the role of each column of a table, by its header and its values."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

import pandas as pd

from core import figures
from core.cleaning.dates import is_bare_number, is_date_like
from core.cleaning.numbers import is_band
from core.cleaning.words import is_answer
from core.countries.votes import place_share
from core.errors import RulesError
from core.intake.column_profile import ColumnProfile, profile_column
from core.schema import BY_HEADER, BY_NAME, CODES, CUSTOMER, PERSONAL, PERSONAL_WORDS, STATE, Column, normalise

MEASURE, CATEGORY, PERSONAL_ROLE, NO_ROLE = "measure", "category", "personal", ""
# Roles beside the canonical columns, as the analyst reads them.
OTHER_ROLES: Final = {
    MEASURE: "Another number",
    CATEGORY: "Another category",
    PERSONAL_ROLE: "Personal, left out",
    NO_ROLE: "Not used",
}

COUNTING: Final = "numbers that name or count rows"
CHOSEN: Final = "chosen"
MIN_COUNTING = 50  # fewer numbers without a gap may be a rating
# Confidence in a header, or in values without a known header.
EXACT, ALIAS, STRIPPED, CONTAINED, SIMILAR, BY_VALUES = 1.0, 0.98, 0.9, 0.7, 0.6, 0.6
# A known header is accepted even above unexpected values; cleaning reports those.
ACCEPTED = {EXACT: 0.35, ALIAS: 0.35, STRIPPED: 0.35}
ACCEPTED_OTHERWISE = 0.5
SAME_WORD = 0.88  # difflib ratio
RECOGNISED = 0.9  # share of values by which a column is recognised without its header
NUMERIC = 0.95  # share of filled cells that makes a column a measure
DATE_WORDS = {"date", "dt", "day", "datum", "fecha"}
LONGEST_TENURE = 50  # years; a column called tenure that goes beyond counts months
NOISE_BEFORE = ("customer", "cust", "client", "cl", "cst", "member", "current", "primary", "main")
NOISE_AFTER = ("code", "cd", "name", "desc", "description", "flag", "ind", "indicator", "value", "category", "type")
# Categories that are recognised by their values.
RECOGNISED_BY_VALUES: Final = ("gender", "state", "wealth_segment", "job_industry")


@dataclass(frozen=True)
class Match:
    """The role of one column: a canonical column's name or one of `OTHER_ROLES`.

    `confidence` is from 0 to 1, `evidence` is the reason in words, `samples` are some values of the column.
    `meaning` is a key of `core.meanings.MEANINGS`; `times` and `currency` are those of `schema.Column`.
    """

    header: str
    role: str
    confidence: float
    evidence: str
    samples: tuple[str, ...] = ()
    meaning: str = ""
    times: float = 1.0
    currency: str = ""

    @property
    def label(self) -> str:
        """The role as the analyst reads it."""
        return BY_NAME[self.role].label if self.role in BY_NAME else OTHER_ROLES[self.role]


def propose(frame: pd.DataFrame, chosen: Mapping[str, str]) -> tuple[Match, ...]:
    """Give every column of a table a role, each canonical one at most once; the analyst's choices come first.

    Raises
    ------
    RulesError
        The analyst chose a role that there is not.
    """
    return propose_by({header: profile_column(frame[header]) for header in frame.columns}, chosen)


def propose_by(profiles: Mapping[str, ColumnProfile], chosen: Mapping[str, str]) -> tuple[Match, ...]:
    """The roles of columns by the profile of each (`propose`)."""
    choices = {normalise(header): role for header, role in chosen.items()}
    matches = {
        header: Match(header, _check_role(choices[normalise(header)]), 1.0, CHOSEN)
        for header in profiles
        if normalise(header) in choices
    }
    taken = {match.role for match in matches.values()}
    candidates = [
        match
        for header, profile in profiles.items()
        if header not in matches and not _is_personal(header, profile)
        for match in _candidates(header, profile)
    ]
    for match in sorted(candidates, key=lambda match: -match.confidence):
        if match.header not in matches and match.role not in taken:
            matches[match.header] = match
            taken.add(match.role)
    others = {header: _without_role(header, profile) for header, profile in profiles.items() if header not in matches}
    by_header = {**matches, **others}
    return tuple(
        replace(by_header[header], samples=_samples(by_header[header], profile)) for header, profile in profiles.items()
    )


def left_out(matches: Iterable[Match]) -> dict[str, Match]:
    """Columns without a role, by the name they would have; not those that the analyst left out."""
    return {normalise(match.header): match for match in matches if match.role == NO_ROLE and match.evidence != CHOSEN}


def known_column(header: str) -> Column | None:
    """The canonical column that a header names, whatever its values; None for any other header."""
    key = header_key(header)
    return BY_HEADER.get(key) or BY_HEADER.get(_without_noise_words(key))


def _check_role(role: str) -> str:
    if role not in BY_NAME and role not in OTHER_ROLES:
        known = ", ".join(name for name in (*BY_NAME, *OTHER_ROLES) if name)
        raise RulesError(f"“{role}” is not a role of a column.", f'Use one of {known}, or "" for none.')
    return role


def _samples(match: Match, profile: ColumnProfile) -> tuple[str, ...]:
    """A few values; none of a personal column."""
    return () if match.role == PERSONAL_ROLE else tuple(value[:40] for value in profile.values.head(3))


def _candidates(header: str, profile: ColumnProfile) -> Iterable[Match]:
    key = header_key(header)
    for column in CUSTOMER:
        score, evidence = _name_score(header, key, column)
        if score:
            confidence = score * (0.3 + 0.7 * _fit(profile, column))
            if confidence >= ACCEPTED.get(score, ACCEPTED_OTHERWISE):
                yield _months_or_years(Match(header, column.name, round(confidence, 2), evidence), profile)
    yield from _by_values(header, profile)


def _name_score(header: str, key: str, column: Column) -> tuple[float, str]:
    spellings = (column.name, *column.headers)
    if key == column.name:
        return EXACT, "header"
    if key in spellings:
        return ALIAS, f"header “{header}”"
    bare = _without_noise_words(key)
    if bare in spellings:
        return STRIPPED, f"header like “{bare}”"
    words = set(key.split("_"))
    for spelling in spellings:
        if len(spelling) > 3 and set(spelling.split("_")) <= words:
            return CONTAINED, f"header holds “{spelling}”"
    for spelling in spellings:
        if len(spelling) > 4 and _alike(key, spelling):
            return SIMILAR, f"header like “{spelling}”"
    return 0.0, ""


def _alike(key: str, spelling: str) -> bool:
    """Whether difflib's ratio is high enough, after two faster upper bounds."""
    min_common = SAME_WORD / 2 * (len(key) + len(spelling))  # characters in common
    if min(len(key), len(spelling)) < min_common or sum(map(spelling.__contains__, key)) < min_common:
        return False
    return SequenceMatcher(None, key, spelling).ratio() >= SAME_WORD


def header_key(header: str) -> str:
    """A header, normalised for comparison: `"CustomerID"` → `customer_id`."""
    key = normalise(header)
    return key if key in BY_HEADER or key in PERSONAL else normalise(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", header))


def _without_noise_words(key: str) -> str:
    words = key.split("_")
    if len(words) > 1 and words[0] in NOISE_BEFORE:
        words = words[1:]
    if len(words) > 1 and words[-1] in NOISE_AFTER:
        words = words[:-1]
    return "_".join(words)


def _fit(profile: ColumnProfile, column: Column) -> float:
    """The share of values of the column's kind; at least half for categories, since files have words of their own."""
    if column.kind == "number":
        numbers = profile.numbers
        fits = profile.share(numbers.between(column.low, column.high))
        return max(fits, profile.share(is_band(profile.values)))
    if column.kind == "date":
        # Systems write dates as numbers, too, but so are days since a date: only a known header decides.
        return max(profile.share(is_date_like(profile.values)), 0.5 * profile.share(is_bare_number(profile.values)))
    if column.kind == "yes_no":
        return profile.share(is_answer(profile.values, column))
    if column.kind == "category":
        return 0.5 + 0.5 * _share_known(profile, column)
    if column.kind == "postcode":
        return profile.share(profile.values.str.fullmatch(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 \-]{2,9}(\.0)?"))
    return 1.0


def _by_values(header: str, profile: ColumnProfile) -> Iterable[Match]:
    for name in RECOGNISED_BY_VALUES:
        share = _share_known(profile, BY_NAME[name])
        if share >= RECOGNISED and len(profile.values) > 1:
            yield Match(
                header,
                name,
                round(BY_VALUES * share, 2),
                f"{figures.share(share, 0)} of the values are known as {name}",
            )


def _share_known(profile: ColumnProfile, column: Column) -> float:
    """The share of cells with a known value of the column, in the country that knows the most of them."""
    if column.name == STATE:
        return place_share(profile.words, profile.cells.tolist()).share
    return profile.share_known(column.values)


def _months_or_years(match: Match, profile: ColumnProfile) -> Match:
    if match.role != "tenure" or "year" in match.header.casefold():
        return match
    longest = profile.all_numbers.max()
    if not longest > LONGEST_TENURE:
        return match
    evidence = f"{match.evidence}; up to {figures.exact(longest)}, too long for years"
    return replace(match, role="tenure_months", confidence=round(match.confidence * 0.8, 2), evidence=evidence)


def _is_personal(header: str, profile: ColumnProfile) -> bool:
    key = header_key(header)
    words = key.split("_")
    if words[-1] not in BY_HEADER and set(words) & PERSONAL_WORDS:
        return True
    if key in PERSONAL or _without_noise_words(key) in PERSONAL - {"name"}:
        return True
    return key not in BY_HEADER and profile.holds_contacts


def _without_role(header: str, profile: ColumnProfile) -> Match:
    if _is_personal(header, profile):
        return Match(header, PERSONAL_ROLE, 1.0, "names, addresses and the like are left out")
    if not len(profile.values):
        return Match(header, NO_ROLE, 1.0, "no value in it")
    if profile.share(is_band(profile.values)) >= RECOGNISED:
        return Match(header, CATEGORY, 0.6, "bands of amounts")
    words = header_key(header).split("_")
    if set(words) & DATE_WORDS and profile.share(is_date_like(profile.values)) >= NUMERIC:
        return Match(header, NO_ROLE, 0.7, "dates")
    numbers = profile.numbers
    if profile.share(numbers.notna()) < NUMERIC:
        return Match(header, NO_ROLE, 0.5, "no role on the dashboard")
    if words[-1] in CODES or _counts_rows(profile):
        return Match(header, NO_ROLE, 0.7, COUNTING)
    return Match(header, MEASURE, 0.7, "numbers")


def _counts_rows(profile: ColumnProfile) -> bool:
    """Whether values are 1, 2, 3 … without a gap, like row numbers. They are a feature only if chosen."""
    profiled = profile.numbers.dropna()
    if len(profiled) <= MIN_COUNTING or not profiled.is_unique or (profiled % 1).any():
        return False
    if profile.whole and profiled.max() - profiled.min() >= len(profile.all_values):  # so there are gaps
        return False
    numbers = profile.all_numbers.dropna()
    return bool(numbers.is_unique and numbers.max() - numbers.min() == len(numbers) - 1)
