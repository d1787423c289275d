"""The question which country a file is of, where several fit alike."""

from collections.abc import Mapping
from typing import Final

from core.cleaning.values import Fact
from core.countries.country import Country
from core.countries.decide import NONE, names_of
from core.countries.registry import countries
from core.questions import Option, Question
from core.schema import in_sentence

KEY: Final = "intake.country"
MOST_OPTIONS: Final = 5  # countries to choose from; the select of all is beside them


def country_questions(facts: Mapping[str, Fact]) -> tuple[Question, ...]:
    """Which of the countries that fit alike is it? No question where one is decided, or none fits."""
    codes = next((fact.countries for fact in facts.values()), ())
    if not codes:
        return ()
    options = [Option(code, countries()[code].name, _preview(countries()[code])) for code in codes[:MOST_OPTIONS]]
    return (
        Question(
            KEY,
            "Country",
            f"The places and amounts fit several countries: {names_of(codes)}. Without an answer there is no map, and "
            "no zeros are put back in front of postcodes.",
            NONE,
            (*options, Option(NONE, "Leave it open", "no map")),
        ),
    )


def _preview(country: Country) -> str:
    """`state, ZIP, USD`."""
    words = (in_sentence("state", country.region), country.postcode if country.postcodes.shapes else "")
    return ", ".join(filter(None, (*words, country.currency)))
