"""Decide the country of a file by the values of its columns: regions, postcodes, currencies, words of headers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from core.countries.country import Country
from core.countries.currencies import code_of, currencies, sign_of, users_of
from core.countries.registry import WORLD, countries, country_of, currency_of
from core.countries.votes import KNOWN, LETTERS, SHORT, VALUES, regions_in
from core.schema import CURRENCY, MIXED, POSTCODE, STATE, SUBREGION, UNKNOWN, Column, normalise

AUTO, NONE = "auto", "none"  # what rules can say in place of a code: decide by the values; there is none
MIN_VALUES_SHARE: Final = 0.5  # share of the different values of a state column that must be regions of the country
MIN_REGION_SHARE: Final = 0.8  # the same of those that any country knows: Texas is no region of Australia
MIN_POSTCODE_SHARE: Final = 0.5  # share of the different postcodes that must fit the country
MIN_ALONE: Final = 0.9  # the same where no region says it
LEAD: Final = 0.15  # points by which a country must lead
HINT: Final = 0.25  # points of a currency, and of a header; regions and postcodes have up to one each
RESERVE: Final = "USD"  # a currency that is used far from home
FAR: Final = frozenset({RESERVE, "EUR"})  # those that do not say that a file is of another country
MOST_NAMES: Final = 3  # of countries in a sentence
START_ONLY: Final = 0.1  # points less where all postcodes are starts of the country's: 10115 is whole elsewhere
NO_TABLE: Final = 0.5  # points of postcodes of the right shape where it is not known which there are

Votes = Mapping[str, int]


@dataclass(frozen=True)
class Evidence:
    """What tells the country of a file.

    Parameters
    ----------
    states, postcodes : mapping of int
        Votes of the columns of regions and of postcodes (`votes.state_votes`, `votes.postcode_votes`).
    nations : mapping of int
        Votes of a column of countries that stands beside them.
    headers : collection of str
        The words of all headers (`schema.normalise`).
    currencies : collection of str
        Signs and codes of the amounts.
    phones : collection of str
        The countries whose calling code most phone numbers have (`votes.called`); `ELSEWHERE` for one not known.
    """

    states: Votes = field(default_factory=dict)
    postcodes: Votes = field(default_factory=dict)
    nations: Votes = field(default_factory=dict)
    headers: Collection[str] = ()
    currencies: Collection[str] = ()
    phones: Collection[str] = ()


def only(codes: Sequence[str]) -> str:
    """The only code; empty if there is none, or several."""
    return codes[0] if len(codes) == 1 else ""


def leading_countries(evidence: Evidence) -> tuple[str, ...]:
    """The codes of the countries that fit best, none of which leads clearly if there are several; best first."""
    nation = _only_nation(evidence.nations)
    if nation in countries():
        return (nation,)
    shapes = {key: number for key, number in evidence.postcodes.items() if "9" in _shape(key)}  # others are words
    evidence = replace(evidence, postcodes=shapes)
    points = _points(evidence, _points_by_states) or _points(evidence, _points_by_postcodes)
    if not points:
        return _by_codes(evidence) or _by_hints(evidence)
    best = max(points.values(), default=0.0)
    return tuple(code for code in sorted(points, key=lambda code: (-points[code], code)) if points[code] > best - LEAD)


def chosen_countries(choice: str, evidence: Callable[[], Evidence]) -> tuple[str, ...]:
    """The code that the rules choose (`AUTO`, `NONE` or a code); where they leave it open, `leading_countries`."""
    if choice == AUTO:
        return leading_countries(evidence())
    return () if choice == NONE else (choice,)


def names_of(codes: Sequence[str]) -> str:
    """The names of some countries in words, the first few of many."""
    names = [countries()[code].name for code in codes[:MOST_NAMES]]
    *first, last = [*names, "another"] if len(codes) > MOST_NAMES else names
    return " or ".join(filter(None, (", ".join(first), last)))


def outside_country(states: pd.Series, code: str) -> np.ndarray:
    """Which clean values of a state column are known, and no regions of the country."""
    country = country_of(code)
    inside = country.region_codes if country else frozenset[str]()
    return np.asarray(~states.isin([*inside, UNKNOWN]), bool)


def known_values(column: Column, code: str) -> Mapping[str, str]:
    """The spellings that are known of a column's values, in a file of this country."""
    if column.name != STATE:
        return column.values
    country = country_of(code)
    return country.spellings if country else {}


def localised(column: Column, code: str, sign: str = "", currency: str = AUTO) -> Column:
    """The column in the country's words (`in_words_of`).

    Amounts have a currency: the one that the rules choose (`currency`), else that of the header, of the cells (`sign`),
    of the country.
    """
    country = country_of(code)
    if column.unit == CURRENCY:
        return _in_currency(column, country.currency if country else "", sign, currency)
    return in_words_of(column, code)


def in_words_of(column: Column, code: str) -> Column:
    """The column under the name that the country has for its regions and postcodes; the file's, where that is open."""
    country = country_of(code)
    words = {STATE: country.region, POSTCODE: country.postcode} if country else {}
    if column.header and (column.name == SUBREGION or (column.name in (STATE, POSTCODE) and not country)):
        words = {column.name: headed(column.header)}
    return replace(column, label=words.get(column.name, column.label))


def countries_with(values: Collection[str]) -> tuple[str, ...]:
    """The codes of the countries that know nearly all of some regions, the world aside."""
    keys = [normalise(value) for value in values]
    known = {code: sum(key in one.spellings for key in keys) for code, one in countries().items() if code != WORLD}
    return tuple(code for code, number in known.items() if keys and number >= MIN_REGION_SHARE * len(keys))


def headed(header: str) -> str:
    """The label of a column that is called as in the file."""
    return f"{header[:1].upper()}{header[1:]}"


def _in_currency(column: Column, home: str, sign: str, chosen: str) -> Column:
    if chosen != AUTO and sign != MIXED:
        code = "" if chosen == NONE else chosen
        return replace(column, unit=sign_of(code, home), currency=code)
    named = next((code for code in (column.currency, sign) if code in currencies()), "")
    code = named or (code_of(sign, home) if sign else home)
    shown = sign if sign and not named and not (code and sign.isalpha()) else sign_of(code, home)
    return replace(column, unit=shown, currency=code)


def _points(evidence: Evidence, by: Callable[[Country, Evidence], float]) -> dict[str, float]:
    """The points of each country that fits; a country that is the only one of a column of countries fits, too."""
    points = {code: found for code, country in countries().items() if (found := by(country, evidence))}
    if WORLD in points and (nation := _only_nation(evidence.states)) in countries():
        points[nation] = max(points.pop(WORLD), points.get(nation, 0.0))
    return points


def _points_by_states(country: Country, evidence: Evidence) -> float:
    """The points of a country that knows nearly all regions; 0 if it does not fit."""
    states = evidence.states
    number = states.get(country.code, 0)
    if not number or number < MIN_VALUES_SHARE * states[VALUES] or number < MIN_REGION_SHARE * states[KNOWN]:
        return 0.0
    regions = regions_in(states, country.code)
    fitting, agreeing = _postcode_shares(country, evidence.postcodes, regions)
    if country.postcodes.shapes and evidence.postcodes and fitting < MIN_POSTCODE_SHARE:
        return 0.0  # such as 98101 of another WA than Australia's
    hints = _hints(country, evidence)
    if len(regions) == 1 and not agreeing and _is_elsewhere(country, evidence):
        return 0.0  # Punjab with Pakistan's rupees
    if states[SHORT] == states[KNOWN]:
        alone = all(code not in countries() for code in states if code != country.code)
        if len(regions) == 1 and not alone and not agreeing:
            return 0.0  # WA alone, which no hint can decide
        if not hints and (country.code == WORLD or (states[LETTERS] == states[KNOWN] and not agreeing)):
            return 0.0  # DE is Delaware, too: codes are countries where a header says so; A and B may be ratings
    return number / states[KNOWN] + agreeing + hints


def _points_by_postcodes(country: Country, evidence: Evidence) -> float:
    """The points of a country that has nearly all of the postcodes; 0 if it does not fit, or is not the only one to."""
    fitting, agreeing = _postcode_shares(country, evidence.postcodes, set())
    if _is_elsewhere(country, evidence):
        return 0.0  # four or seven digits are postcodes of many countries
    if not (telling := any(not country.region_at(f"{start:02}") for start in range(100))):
        agreeing *= NO_TABLE  # a table that knows every start
    hints = _hints(country, evidence)
    whole = sum(number for key, number in evidence.postcodes.items() if not country.postcodes.lost_zeros(_shape(key)))
    if not hints and whole < MIN_POSTCODE_SHARE * sum(evidence.postcodes.values()):
        return 0.0  # short numbers, which would be postcodes only with zeros before them
    telling = telling and bool(country.prefixes)
    if fitting < MIN_ALONE or agreeing < (MIN_ALONE if telling else MIN_ALONE * NO_TABLE):
        return 0.0
    starts = sum(number for key, number in evidence.postcodes.items() if _shape(key) in country.postcodes.starts)
    return agreeing + hints - START_ONLY * (starts == sum(evidence.postcodes.values()))


def _postcode_shares(country: Country, postcodes: Votes, regions: Collection[str]) -> tuple[float, float]:
    """Share of postcodes of the country's shapes, and of those in its regions that are named (any, if none is)."""
    rule, total = country.postcodes, sum(postcodes.values())
    others = {shape for other in countries().values() for shape in other.postcodes.hyphened} - {*rule.hyphened}
    fitting = agreeing = 0
    for key, number in postcodes.items():
        written, _, start = key.partition(" ")
        shape = _shape(key)
        if written in others or not rule.fits(shape):
            continue
        fitting += number
        lost = rule.lost_zeros(shape)
        region = (
            country.region_at("0" * lost + start if lost else rule.key_of(shape, start)) if country.prefixes else ""
        )
        agreeing += number * (not regions or region in regions) if region else 0
    if not total:
        return 0.0, 0.0
    return fitting / total, agreeing / total if country.prefixes else NO_TABLE * fitting / total


def _shape(key: str) -> str:
    """The shape of a key of `postcode_votes`, without a hyphen."""
    return key.partition(" ")[0].replace("-", "")


def _is_elsewhere(country: Country, evidence: Evidence) -> bool:
    """Whether currencies or phones are of other countries, and none of this one."""
    used = [users for mark in evidence.currencies if (users := users_of(mark))]
    currencies = [country.currency in users for users in used if FAR.isdisjoint(users)]
    phones = [country.code in evidence.phones] if evidence.phones else []
    return bool(country.currency and (currencies or phones) and not any((*currencies, *phones)))


def _hints(country: Country, evidence: Evidence) -> float:
    """The points of currencies, headers and phones."""
    signs = {country.currency, currency_of(country.code), sign_of(country.currency)} - {""}
    hints = (
        not signs.isdisjoint(evidence.currencies),
        not frozenset(country.headers).isdisjoint(evidence.headers),
        country.code in evidence.phones,
    )
    return HINT * sum(hints)


def _by_codes(evidence: Evidence) -> tuple[str, ...]:
    """The countries that know nearly all regions by codes alone, which do not decide: WA is in two countries."""
    states = evidence.states
    if not states.get(KNOWN) or states[LETTERS] == states[KNOWN]:
        return ()
    least = max(MIN_VALUES_SHARE * states[VALUES], MIN_REGION_SHARE * states[KNOWN])
    fitting = [code for code in countries() if states.get(code, 0) >= least]
    fitting.sort(key=lambda code: (-_hints(countries()[code], evidence), code))
    return tuple(fitting) if len(fitting) > 1 else ()


def _by_hints(evidence: Evidence) -> tuple[str, ...]:
    """The countries that phones tell, and currencies where they are of one country, which the dollar is not.

    None has places that are not in the file's columns of places.
    """
    used = {code for mark in evidence.currencies for code in users_of(mark)}
    users = [code for code, country in countries().items() if country.currency in used]
    called = sorted({*evidence.phones} & {*countries()})
    if evidence.phones:
        found = [code for code in users if code in called] or called
    else:
        found = users if len(used) == 1 and used.isdisjoint(FAR) else []
    return tuple(code for code in found if _may_be(countries()[code], evidence))


def _may_be(country: Country, evidence: Evidence) -> bool:
    """Whether the regions and postcodes of a file, where it has any, can be those of the country."""
    states, postcodes = evidence.states, evidence.postcodes
    fitting, _ = _postcode_shares(country, postcodes, set())
    has_states = states.get(country.code, 0) > 0 or not states.get(VALUES, 0)
    return has_states and (not postcodes or not country.postcodes.shapes or fitting >= MIN_POSTCODE_SHARE)


def _only_nation(votes: Votes) -> str:
    """The code of the only country in a column of countries; empty if there are several, or it is none."""
    names = regions_in(votes, WORLD)
    if len(names) != 1 or votes.get(WORLD, 0) < MIN_VALUES_SHARE * votes[VALUES]:
        return ""
    (name,) = names
    return next((code for code, country in countries().items() if country.name == name), "")
