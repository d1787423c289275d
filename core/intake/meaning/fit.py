"""Whether the values of a column can be what its header says: from 0, not at all, to 1."""

from collections.abc import Callable, Mapping
from typing import Final

from core.countries.votes import place_share
from core.intake.column_profile import ColumnProfile
from core.intake.meaning.vocabulary import Sense
from core.meanings import MEANINGS
from core.schema import ANSWERS

MOST_CATEGORIES: Final = 50  # distinct values of a category; more make no slicer
MOST_PLACES: Final = 2000  # distinct towns or branches: those with most customers are shown
# Amounts of money differ and are large; whole numbers up to here, in a column of some length, count or name something.
LARGEST_SMALL: Final = 20
MIN_CELLS: Final = 20  # fewer say nothing of what an amount looks like
FEW: Final = 3  # distinct answers, such as yes, no and unknown
STRONG, WEAK = 7, 2  # weights of senses: believed whatever the values; believed only with typical values
CERTAIN: Final = 10
COUNTS: Final = 5  # weight of a sense above which the header says that something is counted
FEW_BELOW: Final = 0.25  # share of cells
ADULT: Final = (15, 100)  # years
RARE_TENURE: Final = 40  # years; ages of customers go beyond
YEARS: Final = (1900, 2100)
PLACE_WORD: Final = 3  # weight of words for a place that may be a region, or another one
MIN_REGIONS: Final = 0.5  # share of cells that are regions of one country
FEWEST_DAYS: Final = 7000  # since 1970 or earlier: in 1989


def fit(sense: Sense, profile: ColumnProfile) -> float:
    """How well the values fit a sense of the header."""
    special = FITS.get(sense.means)
    if special:
        return special(profile, sense.weight)
    return amounts(profile) if MEANINGS[sense.means].money else profile.numeric


def amounts(profile: ColumnProfile) -> float:
    """The share of amounts of money or bands of them; none in a column of a few small whole numbers."""
    return 0.0 if few_small(profile) else max(profile.numeric, profile.banded)


def few_small(profile: ColumnProfile) -> bool:
    """Whether all of many values are small whole numbers, too small for money."""
    low, high = profile.limits
    filled, whole = int(profile.cells.sum()), not (profile.numbers % 1).any()  # 1.500 is not small, or not whole
    return filled >= MIN_CELLS and -LARGEST_SMALL <= low <= high <= LARGEST_SMALL and high > 0 and whole


def is_answer(profile: ColumnProfile) -> bool:
    """Whether the values are two or three answers that repeat, such as yes and no."""
    return 2 <= profile.distinct <= FEW and profile.repeats


def answers_only(profile: ColumnProfile) -> bool:
    """Whether the values are yes, no, or both, in any spelling, and repeat."""
    return 1 <= profile.distinct <= FEW and profile.repeats and profile.share_known(ANSWERS) == 1


def is_category(profile: ColumnProfile) -> bool:
    """Whether there are few values, and they repeat."""
    return 2 <= profile.distinct <= MOST_CATEGORIES and profile.repeats


def is_places(profile: ColumnProfile) -> bool:
    """Whether the values repeat as the names of places do."""
    return 2 <= profile.distinct <= MOST_PLACES and profile.repeats


def _age(profile: ColumnProfile, weight: int) -> float:
    low, high = profile.limits
    if weight <= WEAK and not (ADULT[0] <= low and RARE_TENURE < high <= ADULT[1]):
        return 0.0
    if weight >= STRONG:  # its unit is in the header
        return profile.numeric
    return max(profile.share(profile.numbers.between(0, 120)), profile.banded)


def _count(profile: ColumnProfile, weight: int) -> float:
    """Whole numbers; below 0 only a few returns or codes, and only where the header says that it is a count."""
    below = profile.share(profile.numbers < 0) if profile.limits[0] < 0 else 0.0
    few = below <= FEW_BELOW * (weight > COUNTS)
    return profile.numeric if profile.whole_numbers and few else 0.0


def _category(profile: ColumnProfile, _: int) -> float:
    """Text, or whole numbers that are few."""
    few = profile.whole_numbers and profile.distinct <= MOST_CATEGORIES
    return 1.0 - profile.numeric * (not few)


def _outcome(profile: ColumnProfile, weight: int) -> float:
    """Few answers, or probabilities; any number where the header leaves no doubt."""
    low, high = profile.limits
    certain = weight >= CERTAIN or profile.distinct <= FEW or (low >= 0 and high <= 1)
    return 1.0 if certain or (not profile.numeric and is_category(profile)) else 0.0


def _personal(profile: ColumnProfile, _: int) -> float:
    """Yes and no, whether there is a phone, are nobody's name or number; nor are a few small numbers that repeat."""
    return 0.0 if answers_only(profile) or (few_small(profile) and profile.repeats) else 1.0


def _id(profile: ColumnProfile, weight: int) -> float:
    return 1.0 if weight >= STRONG or profile.unique else 0.0


def _numbers_without_answers(profile: ColumnProfile, _: int) -> float:
    return 0.0 if is_answer(profile) else max(profile.numeric, profile.banded)


def _date(profile: ColumnProfile, _: int) -> float:
    """Dates, or whole numbers that write one: 930101 is no amount."""
    return max(profile.dated, profile.numeric * profile.whole_numbers)


def _dates(profile: ColumnProfile, _: int) -> float:
    return profile.dated


def _joined(profile: ColumnProfile, _: int) -> float:
    """Dates, or whole numbers that count from a first day; those below are years, or count something."""
    counted = profile.share(profile.numbers >= FEWEST_DAYS) if profile.whole_numbers else 0.0
    return max(profile.dated, counted)


def _years(profile: ColumnProfile, _: int) -> float:
    """Calendar years."""
    return profile.share(profile.numbers.between(*YEARS)) if profile.whole_numbers else 0.0


def _region(profile: ColumnProfile, weight: int) -> float:
    """Anything under a word for regions; under one for any place, such as "county", regions of one country."""
    if weight > PLACE_WORD:
        return 1.0
    return float(place_share(profile.words, profile.cells.tolist(), named=True).share >= MIN_REGIONS)


def _any(_: ColumnProfile, __: int) -> float:
    return 1.0


FITS: Final[Mapping[str, Callable[[ColumnProfile, int], float]]] = {
    "age": _age,
    "activity": _count,
    "quantity": _count,
    "recency": _numbers_without_answers,
    "score": _numbers_without_answers,
    "category": _category,
    "place": _category,
    "currency": _category,
    "outcome": _outcome,
    "personal": _personal,
    "customer_id": _id,
    "date_of_birth": _dates,
    "joined_on": _joined,
    "last_activity_on": _dates,
    "date": _date,
    "birth_year": _years,
    "joined_year": _years,
    "tenure": _numbers_without_answers,
    "tenure_months": _numbers_without_answers,
    "state": _region,
    **dict.fromkeys(("code", "result", "gender", "postcode", "job_title", "deceased"), _any),
}
