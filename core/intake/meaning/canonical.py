"""Which columns of the schema a column may be: by its header, by words in it, or by its values."""

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cache
from typing import Final

from core import figures
from core.cleaning.dates import is_bare_number
from core.cleaning.words import is_answer
from core.countries.votes import place_share
from core.intake.column_profile import ColumnProfile
from core.intake.meaning import fit
from core.intake.meaning.header import Header, parse_header
from core.intake.meaning.own import RECOGNISED, WEAK, meant
from core.intake.meaning.role import Match
from core.intake.meaning.vocabulary import Sense, senses
from core.meanings import meaning_of
from core.schema import BY_HEADER, BY_NAME, CURRENCY, CUSTOMER, PERSONAL, STATE, Column, normalise

# Confidence in a header, or in values without a known header.
EXACT, ALIAS, STRIPPED, SIMILAR, BY_VALUES = 1.0, 0.98, 0.9, 0.6, 0.6
BY_WORDS, BY_WEAK_WORDS = 0.85, 0.65
# A known header is accepted even above unexpected values; cleaning reports those.
ACCEPTED = {EXACT: 0.35, ALIAS: 0.35, STRIPPED: 0.35}
ACCEPTED_OTHERWISE = 0.5
SAME_WORD = 0.88  # difflib ratio
LONGEST_TENURE = {"tenure": 50, "tenure_months": 1200}  # years and months; a tenure that goes beyond has another unit
NOISE_BEFORE = ("customer", "cust", "client", "cl", "cst", "member", "current", "primary", "main")
NOISE_AFTER = ("code", "cd", "name", "desc", "description", "flag", "ind", "indicator", "value", "category", "type")
# Categories that are recognised by their values.
RECOGNISED_BY_VALUES: Final = ("gender", "state", "wealth_segment", "job_industry")
# Columns of amounts keep the name in the file unless their header is known: there are several kinds of each.
BY_KNOWN_HEADER: Final = frozenset(
    column.name for column in CUSTOMER if column.unit == CURRENCY or column.name in ("property_valuation", "purchases")
)
# The header of one form is that of another, by the values: "Customer since" has dates or years.
OTHER_FORMS: Final = {"joined_on": ("joined_year",), "date_of_birth": ("birth_year",)}
A_YEAR_HAS: Final = {"days": 365.2425, "months": 12.0}
UNITS_OF_TENURE: Final = {"days": "tenure_days", "months": "tenure_months", "years": "tenure"}


def candidates(header: str, profile: ColumnProfile) -> Iterable[Match]:
    """The columns of the schema that a column may be, with a confidence."""
    parsed = parse_header(header)
    key, found = header_key(parsed.label), senses(parsed.words)
    scores = {column.name: _name_score(header, key, column, similar=not found) for column in CUSTOMER}
    for name, (score, evidence) in scores.items():
        if score:
            confidence = score * (0.3 + 0.7 * _fit(profile, BY_NAME[name], parsed))
            if confidence >= ACCEPTED.get(score, ACCEPTED_OTHERWISE):
                yield _in_unit(_match(header, name, confidence, evidence, found), profile, parsed)
    yield from _by_words(header, found, profile, parsed, {name for name, (score, _) in scores.items() if score})
    yield from _by_values(header, profile)


def _match(header: str, name: str, confidence: float, evidence: str, found: tuple[Sense, ...] = ()) -> Match:
    """The match; its meaning is what the header says, where that is of the column's family."""
    own = BY_NAME[name].meaning
    said = meant(found[0].means) if found else own
    family = meaning_of(own).family
    same = family == "wealth" and meaning_of(said).family == family
    return Match(header, name, round(confidence, 2), evidence, meaning=said if same else own)


def _by_words(
    header: str, found: tuple[Sense, ...], profile: ColumnProfile, parsed: Header, known: set[str]
) -> Iterable[Match]:
    """The column that the likeliest words name, if the values can be it."""
    fitting = ((sense, name) for sense in found for name in (sense.means, *OTHER_FORMS.get(sense.means, ())))
    for sense, name in fitting:
        if name not in BY_NAME:  # a meaning: likelier than what the next words say, if the values fit
            # A code may be the customer's, and a place a region.
            if name not in ("code", "place") and fit.fit(sense, profile) >= RECOGNISED:
                return
        elif name not in BY_KNOWN_HEADER and name not in known:
            share = min(_fit(profile, BY_NAME[name], parsed), fit.fit(replace(sense, means=name), profile))
            confidence = (BY_WORDS if sense.weight >= WEAK else BY_WEAK_WORDS) * (0.3 + 0.7 * share)
            if share and confidence >= ACCEPTED_OTHERWISE:
                yield _in_unit(_match(header, name, confidence, f"“{sense.phrase}” in the header"), profile, parsed)
                return
        elif fit.fit(sense, profile) >= RECOGNISED:
            return


def _name_score(header: str, key: str, column: Column, *, similar: bool) -> tuple[float, str]:
    spellings = _spellings(column)
    if key == column.name:
        return EXACT, "header"
    if key in spellings:
        return ALIAS, f"header “{header}”"
    bare = without_noise_words(key)
    if bare in spellings:
        return STRIPPED, f"header like “{bare}”"
    for spelling in spellings if similar else ():
        if len(spelling) > 4 and alike(key, spelling):
            return SIMILAR, f"header like “{spelling}”"
    return 0.0, ""


@cache
def _spellings_of(name: str) -> dict[str, None]:
    return dict.fromkeys((name, *BY_NAME[name].headers))


def _spellings(column: Column) -> dict[str, None]:
    return _spellings_of(column.name)


def alike(key: str, spelling: str) -> bool:
    """Whether difflib's ratio is high enough, after two faster upper bounds."""
    min_common = SAME_WORD / 2 * (len(key) + len(spelling))  # characters in common
    if min(len(key), len(spelling)) < min_common or sum(map(spelling.__contains__, key)) < min_common:
        return False
    return SequenceMatcher(None, key, spelling).ratio() >= SAME_WORD


def header_key(header: str) -> str:
    """A header, normalised for comparison: `"CustomerID"` → `customer_id`."""
    key = normalise(header)
    return key if key in BY_HEADER or key in PERSONAL else normalise(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", header))


def without_noise_words(key: str) -> str:
    """A key without a word such as "customer" before it and one such as "code" behind it."""
    words = key.split("_")
    if len(words) > 1 and words[0] in NOISE_BEFORE:
        words = words[1:]
    if len(words) > 1 and words[-1] in NOISE_AFTER:
        words = words[:-1]
    return "_".join(words)


def _fit(profile: ColumnProfile, column: Column, parsed: Header) -> float:
    """The share of values of the column's kind; at least half for categories, since files have words of their own."""
    times = age_times(profile, parsed) if column.name == "age" else 1.0
    if column.name == "purchases" and not profile.whole_numbers:  # amounts spent, not their number
        return 0.0
    if column.unit == CURRENCY:
        return fit.amounts(profile)
    if column.name == "tenure":  # in whatever unit: `_in_unit`
        column = BY_NAME["tenure_days"]
    if column.kind == "number":
        return max(profile.share((profile.numbers * times).between(column.low, column.high)), profile.banded)
    if column.kind == "date":
        # Systems write dates as numbers, too, but so are days since a date: only a known header decides.
        return max(profile.dated, 0.5 * profile.share(is_bare_number(profile.values)))
    if column.kind == "yes_no":
        return profile.share(is_answer(profile.values, column))
    if column.kind == "category":
        if profile.numeric == 1 and not (profile.whole_numbers and profile.distinct <= fit.MOST_CATEGORIES):
            return 0.0
        return 0.5 + 0.5 * _share_known(profile, column, named=True)
    if column.kind == "postcode":
        return profile.share(profile.values.str.fullmatch(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 \-]{2,9}(\.0)?"))
    return 1.0 - profile.numeric if column.kind == "text" else 1.0


def age_times(profile: ColumnProfile, parsed: Header) -> float:
    """What turns an age in the unit of its header into years; days before today are below 0."""
    unit = next((per_year for name, per_year in A_YEAR_HAS.items() if name in parsed.units), 1.0)
    return (-1.0 if profile.limits[1] < 0 else 1.0) / unit


def _by_values(header: str, profile: ColumnProfile) -> Iterable[Match]:
    for name in RECOGNISED_BY_VALUES:
        share = _share_known(profile, BY_NAME[name])
        if share >= RECOGNISED and len(profile.values) > 1:
            evidence = f"{figures.share(share, 0)} of the values are known as {name}"
            yield _match(header, name, BY_VALUES * share, evidence)


def _share_known(profile: ColumnProfile, column: Column, *, named: bool = False) -> float:
    """The share of cells with a known value of the column, in the country that knows the most of them."""
    if column.name == STATE:
        return place_share(profile.words, profile.cells.tolist(), named=named).share
    return profile.share_known(column.values)


def _in_unit(match: Match, profile: ColumnProfile, parsed: Header) -> Match:
    """A tenure in the unit that its header names, or else by how long it is."""
    if match.role != "tenure":
        return match
    units = parsed.units & {*UNITS_OF_TENURE}
    if len(units) == 1:
        return replace(match, role=UNITS_OF_TENURE[next(iter(units))])
    longest = profile.all_numbers.max()
    if not longest > LONGEST_TENURE["tenure"]:
        return match
    months = not longest > LONGEST_TENURE["tenure_months"]
    evidence = f"{match.evidence}; up to {figures.exact(longest)}, too long for {'years' if months else 'months'}"
    role = "tenure_months" if months else "tenure_days"
    return replace(match, role=role, confidence=round(match.confidence * 0.8, 2), evidence=evidence)
