"""What a column means that is none of the schema's: by the words of its header and by its values."""

from collections.abc import Callable, Mapping
from typing import Final

import pandas as pd

from core.cleaning.bands import is_scale
from core.figures import share
from core.intake.column_profile import ColumnProfile
from core.intake.meaning import fit
from core.intake.meaning.header import parse_header
from core.intake.meaning.role import CATEGORY, COUNTING, MEASURE, NO_ROLE, PERSONAL_EVIDENCE, PERSONAL_ROLE, Match
from core.intake.meaning.vocabulary import Sense, senses
from core.meanings import MEANINGS, meaning_of
from core.schema import BY_NAME, CODES

NUMERIC: Final = 0.95  # share of filled cells that makes a column a measure
RECOGNISED: Final = 0.9  # share of values by which a column is recognised without its header
FITS: Final = 0.5  # share of values that must be what the header says
FEW_NUMBERS: Final = 5  # small whole numbers of which nothing is known; more may be counts
MIN_COUNTING = 50  # fewer numbers without a gap may be a rating
BY_WORDS, BY_WEAK_WORDS, BY_VALUES = 0.9, 0.7, 0.5  # confidence
WEAK: Final = 4  # weight of a sense from which its words are no weak ones
# What a column of text can mean beside a category: it has no amounts.
OF_TEXT: Final = frozenset(("outcome", "place", "currency", "code", "category", "personal", "result"))
NAMED_BY_NUMBER: Final = frozenset(("place", "currency"))  # numbers of many places are their codes
COUNTABLE: Final = frozenset(("assets", "balance", "debt"))  # of which a customer has some number
# What makes a band or an ordered answer no more than a category, whatever amounts it may be of.
OF_BANDS: Final = frozenset(("outcome", "code", "result", "area"))
AMOUNTS, ORDERED = "bands of amounts", "ordered answers"
# Words that say that a column has bands, not what they are of: "income level", "savings category".
BANDING: Final = frozenset(("band", "category", "class", "group", "level", "segment", "status", "tier", "type"))
NO_NAME: Final = "column"  # a header that the file lacks is called "column 3" when it is read


def own_match(header: str, profile: ColumnProfile) -> Match:
    """The role and meaning of a column of the file's own."""
    if not profile.distinct:
        return Match(header, NO_ROLE, 1.0, "no value in it")
    found = senses(parse_header(header).words)
    if profile.banded >= FITS:
        return _of_band(header, found, AMOUNTS)
    if profile.numeric >= NUMERIC or (found and _mostly_numbers(found[0], profile)):
        return _of_numbers(header, found, profile)
    if profile.dated >= NUMERIC:
        return Match(header, NO_ROLE, 0.7, "dates", meaning="date")
    if is_scale(profile.values) and fit.is_category(profile):
        return _of_band(header, found, ORDERED)
    return _of_text(header, found, profile)


def meant(means: str) -> str:
    """The meaning of a sense, which may be the name of a column of the schema."""
    return BY_NAME[means].meaning if means in BY_NAME and means not in MEANINGS else means


def chosen_match(header: str, role: str, evidence: str, profile: ColumnProfile) -> Match:
    """The match of a column that the analyst chose a role or a meaning for."""
    if role in BY_NAME:
        return Match(header, role, 1.0, evidence, meaning=BY_NAME[role].meaning)
    if role == MEASURE:
        sense = next((one for one in senses(parse_header(header).words) if fit.fit(one, profile) >= FITS), None)
        meaning = meant(sense.means) if sense else "number"
        return Match(header, role, 1.0, evidence, meaning=meaning if meaning_of(meaning).family else "number")
    if role in (CATEGORY, PERSONAL_ROLE, NO_ROLE):
        return Match(header, role, 1.0, evidence, meaning=role)
    numbers = profile.numeric >= NUMERIC and not (role in AS_CATEGORY and profile.distinct <= fit.MOST_CATEGORIES)
    return Match(header, MEASURE if numbers else CATEGORY, 1.0, evidence, meaning=role)


def counts_rows(profile: ColumnProfile) -> bool:
    """Whether values are 1, 2, 3 … without a gap, like row numbers. They are a feature only if chosen."""
    profiled = profile.numbers.dropna()
    if len(profiled) <= MIN_COUNTING or not profiled.is_unique or (profiled % 1).any():
        return False
    if profile.whole and profiled.max() - profiled.min() >= len(profile.all_values):  # so there are gaps
        return False
    numbers = profile.all_numbers.dropna()
    return bool(numbers.is_unique and numbers.max() - numbers.min() == len(numbers) - 1)


def _mostly_numbers(sense: Sense, profile: ColumnProfile) -> bool:
    """Whether the header names an amount and most values are numbers: cleaning reports the others."""
    named = meaning_of(meant(sense.means)).family and sense.weight >= WEAK
    return bool(named) and profile.numeric >= FITS and not profile.banded  # "3+" is no fault


def _of_band(header: str, found: tuple[Sense, ...], evidence: str) -> Match:
    """A band is of the amount that its header names; ordered words are, too, where it names nothing likelier."""
    kinds = OF_BANDS if evidence == AMOUNTS else OF_BANDS | {"category"}
    meanings = [(meant(sense.means), sense) for sense in found if sense.phrase not in BANDING]
    if meanings and meanings[0][0] in kinds:
        return Match(header, CATEGORY, BY_WORDS, _because(meanings[0][1]), meaning=meanings[0][0])
    for meaning, sense in meanings:
        of = meaning_of(meaning)
        if of.money or (of.family and evidence == AMOUNTS):
            return Match(header, CATEGORY, BY_WEAK_WORDS, f"{_because(sense)}; {evidence}", meaning=meaning)
    return Match(header, CATEGORY, 0.6, evidence, meaning="category")


def _of_text(header: str, found: tuple[Sense, ...], profile: ColumnProfile) -> Match:
    fitting = [one for one in found if meant(one.means) in OF_TEXT and fit.fit(one, profile) >= FITS]
    sense = fitting[0] if fitting else None
    if sense and meant(sense.means) in ("code", "category"):  # a branch is a place where its name is written
        sense = next((one for one in fitting if meant(one.means) == "place"), sense)
    meaning = meant(sense.means) if sense else "category"
    if meaning == "personal":
        return Match(header, PERSONAL_ROLE, 1.0, PERSONAL_EVIDENCE, meaning=meaning)
    if profile.constant:
        return Match(header, NO_ROLE, 0.9, "the same for everybody", meaning="constant")
    if meaning == "result":
        return Match(header, NO_ROLE, BY_WORDS, "a result of an earlier run", meaning=meaning)
    few = fit.is_places(profile) if meaning == "place" else fit.is_category(profile)
    if not few or (not sense and profile.numeric >= FITS and not profile.banded):
        return Match(header, NO_ROLE, 0.5, _why_unused(found, profile), meaning=meaning)
    if sense:
        return Match(header, CATEGORY, BY_WORDS, _because(sense), meaning="category" if meaning == "code" else meaning)
    return Match(header, CATEGORY, BY_VALUES, f"{profile.distinct} different values", meaning=meaning)


def _why_unused(found: tuple[Sense, ...], profile: ColumnProfile) -> str:
    if found and meaning_of(meant(found[0].means)).family:
        return f"{_because(found[0])}, but {share(profile.numeric, 0)} of the values are numbers"
    if profile.numeric >= FITS:
        return f"{share(profile.numeric, 0)} of the values are numbers"
    many = profile.distinct > fit.MOST_CATEGORIES
    return f"text of more than {fit.MOST_CATEGORIES} different values" if many else "no role on the dashboard"


def _of_numbers(header: str, found: tuple[Sense, ...], profile: ColumnProfile) -> Match:
    fitting = [(sense, part) for sense in found if (part := fit.fit(sense, profile)) >= FITS]
    sense, part = fitting[0] if fitting else (None, 0.0)
    meaning = meant(sense.means) if sense else ""
    if (not sense or profile.unique) and counts_rows(profile):
        return Match(header, NO_ROLE, 0.7, COUNTING, meaning="code")
    if not sense and {*parse_header(header).words[-1:]} & CODES:
        meaning = "code"
    if found and (other := _instead(found[0], profile)) and (not sense or sense != found[0]):
        sense, meaning = None, other
    if profile.constant:
        return Match(header, MEASURE, 0.9, "the same for everybody", meaning="constant")
    if meaning != "outcome" and set(profile.numbers) <= {0, 1} and fit.is_answer(profile):
        return Match(header, CATEGORY, 0.7, "yes and no as 1 and 0", meaning="category")
    if sense or meaning:
        confidence = (BY_WORDS if not sense or sense.weight >= WEAK else BY_WEAK_WORDS) * (0.3 + 0.7 * (part or 1.0))
        evidence = _because(sense) if sense else f"header “{header}”"
        return ROLE_OF.get(meaning, _measure)(
            Match(header, MEASURE, round(confidence, 2), evidence, (), meaning), profile
        )
    return _by_values(header, profile)


def _instead(sense: Sense, profile: ColumnProfile) -> str:
    """What numbers name or count that are too small, or too many, for what the header says."""
    meaning = meant(sense.means)
    if meaning in NAMED_BY_NUMBER:
        return "code"
    if not meaning_of(meaning).money or not fit.few_small(profile):
        return ""
    return "activity" if meaning in COUNTABLE and profile.limits[0] >= 0 else "code"


def _by_values(header: str, profile: ColumnProfile) -> Match:
    if header.startswith(NO_NAME) and header.removeprefix(NO_NAME).strip().isdigit():
        index = profile.unique and profile.whole_numbers
        return Match(header, NO_ROLE if index else MEASURE, 0.7, COUNTING if index else "no header", meaning="code")
    if profile.whole_numbers and profile.distinct > 1 and profile.share(_is_month(profile.numbers)) == 1:
        return Match(header, NO_ROLE, 0.7, "months of years, such as 202501", meaning="date")
    if profile.distinct <= FEW_NUMBERS and fit.few_small(profile) and fit.is_category(profile):
        return Match(header, CATEGORY, BY_VALUES, f"{profile.distinct} different small numbers", meaning="category")
    return Match(header, MEASURE, BY_VALUES, "numbers", meaning="number")


def _is_month(numbers: pd.Series) -> pd.Series:
    return numbers.between(190_001, 209_912) & (numbers % 100).between(1, 12)


def _because(sense: Sense) -> str:
    return f"“{sense.phrase}” in the header"


def _measure(match: Match, _: ColumnProfile) -> Match:
    return match


def _category(match: Match, profile: ColumnProfile) -> Match:
    """A category if it has few values; otherwise an outcome such as a probability, or a code."""
    if profile.distinct <= fit.MOST_CATEGORIES:
        return _with(match, CATEGORY, match.evidence, match.meaning)
    return match if match.meaning == "outcome" else _with(match, NO_ROLE, COUNTING, "code")


def _code(match: Match, profile: ColumnProfile) -> Match:
    if fit.is_category(profile):
        return _with(match, CATEGORY, match.evidence, "code")
    return _with(match, NO_ROLE, COUNTING, "code")


def _not_used(match: Match, _: ColumnProfile) -> Match:
    return _with(match, NO_ROLE, match.evidence, match.meaning)


def _personal(match: Match, _: ColumnProfile) -> Match:
    return _with(match, PERSONAL_ROLE, PERSONAL_EVIDENCE, match.meaning)


def _with(match: Match, role: str, evidence: str, meaning: str) -> Match:
    return Match(match.header, role, match.confidence, evidence, meaning=meaning)


AS_CATEGORY: Final = frozenset(("outcome", "category", "place", "currency", "code"))
ROLE_OF: Final[Mapping[str, Callable[[Match, ColumnProfile], Match]]] = {
    **dict.fromkeys(("outcome", "category", "place", "currency"), _category),
    "code": _code,
    "date": _not_used,
    "result": _not_used,
    "personal": _personal,
}
