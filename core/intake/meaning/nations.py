"""Files of several countries: these are the regions of the map, and a column beside them has their regions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from core.countries.country import Country
from core.countries.registry import WORLD, countries
from core.intake.column_profile import ColumnProfile
from core.intake.meaning.header import parse_header
from core.intake.meaning.role import CATEGORY, CHOSEN, Match
from core.intake.meaning.vocabulary import senses
from core.schema import STATE, SUBREGION

MIN_NATIONS: Final = 0.5  # share of cells that must be countries
FEWEST: Final = 2  # regions of further countries: one beside many may be a typing error


def with_nations(matches: Mapping[str, Match], profiles: Mapping[str, ColumnProfile]) -> dict[str, Match]:
    """The matches, with the countries as `STATE` and their regions as `SUBREGION` where a table has several of both."""
    found = {
        header: match
        for header, match in matches.items()
        if match.role in (STATE, CATEGORY) and match.evidence != CHOSEN
    }
    nations = [header for header in found if _names_nations(header, profiles[header])]
    regions = [header for header in found if header not in nations and _names_regions(header, found[header])]
    if len(nations) != 1 or not regions:
        return dict(matches)
    nation, region = nations[0], max(regions, key=lambda header: (found[header].role == STATE, header))
    if not _of_several(profiles[region].words, _nations_in(profiles[nation].words)):
        return dict(matches)
    return {
        **matches,
        nation: replace(found[nation], role=STATE, evidence="several countries", meaning="place"),
        region: replace(found[region], role=SUBREGION, evidence=f"regions of what “{nation}” names", meaning="place"),
    }


def _names_nations(header: str, profile: ColumnProfile) -> bool:
    """Whether a column is of several countries, by its header and its values."""
    words = parse_header(header).words
    if {*words, "_".join(words)}.isdisjoint(countries()[WORLD].headers):
        return False
    spellings = countries()[WORLD].spellings
    names = {spellings[word] for word in profile.words if word in spellings}
    return len(names) > 1 and profile.share_known(spellings) >= MIN_NATIONS


def _names_regions(header: str, match: Match) -> bool:
    return match.role == STATE or any(sense.means == STATE for sense in senses(parse_header(header).words))


def _nations_in(words: Sequence[str]) -> list[Country]:
    """The countries, whose regions are known, among some words (`schema.normalise`)."""
    spellings, known = countries()[WORLD].spellings, {country.name: country for country in countries().values()}
    names = dict.fromkeys(spellings[word] for word in words if word in spellings)
    return [known[name] for name in names if name in known]


def _of_several(words: Sequence[str], nations: Sequence[Country]) -> bool:
    """Whether words are regions of several of these countries: further ones have a few, or as many as the first."""
    known = [{word for word in words if word in country.spellings} for country in nations]
    most = max(known, key=len, default=set())
    further = set[str]().union(*known) - most
    return len(further) >= min(FEWEST, len(most)) > 0
