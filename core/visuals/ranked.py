"""Where the mass affluent are, as tables: regions, or another kind of place, and the postcodes in them."""

from typing import Final

import pandas as pd

from core.countries.country import Country
from core.countries.registry import country_of
from core.schema import MASS_AFFLUENT, POSTCODE, STATE, UNKNOWN
from core.views.placed import PLACED, added_up, place_numbers
from core.views.sheet import Sheet, SheetColumn
from core.views.suppress import hidden_note
from core.visuals import tables
from core.visuals.drill import country_left, selected_country
from core.visuals.place_names import names_in
from core.visuals.places import own_country
from core.visuals.ranking import KNOWN, RANKED, ranked, ranked_title
from core.visuals.segmented import SegmentedCustomers
from core.visuals.value import PLACE, VALUE, named
from core.visuals.visual import Visual

NO_PLACE: Final = "The file has no regions or other places."
NO_POSTCODES: Final = "The file has no postcodes."
AREA: Final = "postcodes"  # a key of the table: the start of a postcode
NOT_BY_POSTCODE: Final = "This result has no sums by postcode and by all that is filtered."
NO_MEAN: Final = "No averages: this result has no sums by this and by all that is filtered."


def ranked_places(key: str, section: str, *, column: str = PLACE, drilled: bool = False) -> Visual:
    """The table of regions, or of another kind of place where there are none: a click filters by one.

    It stands beside the map that shows the same: `drilled` is that of one of several countries (`selected_country`).
    """

    def sheet(of: SegmentedCustomers, table: pd.DataFrame) -> Sheet:
        place = named(column, of)
        names = names_in(of, place)
        return ranked(
            table, [SheetColumn("name", of.text(place))], **_measure(of),
            label=lambda keys: {"name": keys[place].map(lambda value: names.get(value, value))}, marks=[place],
        )  # fmt: skip

    return Visual(
        key, section, tables.PLACES, lambda of: (named(column, of), of.decimals(of.value)), (column,),
        draw=sheet,
        title=lambda of, data: ranked_title(data, f"by {of.label(named(column, of))}"),
        alt=lambda of: f"Table of mass affluent by {of.label(named(column, of))}",
        missing=lambda _: NO_PLACE,
        clicks=(column,),
        note=_note,
        shape=lambda of, table: _by_place(of, table, named(column, of)),
        optional=(VALUE,),
        also=lambda of: (selected_country(of) is not None) == drilled,
    )  # fmt: skip


def ranked_postcodes(key: str, section: str) -> Visual:
    """The table of postcodes, or of their starts where a country has too many (`PostcodeRule.areas`)."""

    def sheet(of: SegmentedCustomers, table: pd.DataFrame) -> Sheet:
        word, regions, key = _postcode(of, table), names_in(of, STATE), _key(table)
        names = [SheetColumn("name", _postcode_word(of), "code", whole_title=word[:1].upper() + word[1:])]
        names += [SheetColumn("region", of.text(STATE))] if len(_regions(table)) > 1 else []

        def label(keys: pd.DataFrame) -> dict[str, pd.Series]:
            region = {"region": keys[STATE].map(lambda code: regions.get(code, code))} if STATE in keys else {}
            return {"name": keys[key], **region}

        return ranked(table, names, **_measure(of), label=label)

    return Visual(
        key, section, tables.PLACES, lambda of: (STATE, of.decimals(of.value)), (POSTCODE,),
        draw=sheet,
        title=lambda of, data: ranked_title(data, f"by {_postcode(of, data)}{_inside(of, data)}"),
        alt=lambda of: f"Table of mass affluent by {_postcode(of)}",
        missing=lambda _: NO_POSTCODES,
        note=_note,
        shape=_by_area,
        optional=(STATE, VALUE),
    )  # fmt: skip


def _by_place(of: SegmentedCustomers, table: pd.DataFrame, place: str) -> pd.DataFrame:
    """The places without small groups."""
    return of.shown(added_up(table, {place: table[place].astype("str")}))


def _by_area(of: SegmentedCustomers, table: pd.DataFrame) -> pd.DataFrame | None:
    """The postcodes added up by area, without small groups: areas are parts of the regions of the other table.

    Bubbles of the map are sums of areas, too, so that a hidden area must not be what a bubble has more than the others:
    region and place are the keys by which the map hides them (`places.shown_regions`).
    They stay whole where none can be one of the country. None where a result has no postcodes by what is filtered.
    """
    if POSTCODE not in table:
        return None
    home, own, by = _home(of), own_country(of), dict[str, pd.Series]()
    keys, areas = None, table[POSTCODE].astype("str")
    if home and home.postcodes.shapes:
        keys = home.postcodes.keys(areas)
        areas = home.postcodes.areas(keys).replace("", UNKNOWN)
    if STATE in table:
        by[STATE] = table[STATE].astype("str")
        by[PLACED] = place_numbers(table, own, keys if own is home else None)
    by |= {AREA: areas} if (areas != UNKNOWN).any() else {POSTCODE: table[POSTCODE].astype("str")}
    return of.shown(added_up(table, by), nested=True)


def _key(data: pd.DataFrame) -> str:
    """The column of areas, or of whole postcodes."""
    return AREA if AREA in data else POSTCODE


def _note(of: SegmentedCustomers, data: pd.DataFrame | None) -> str:
    """What is hidden, by what the table is ranked, and that averages are lacking."""
    if data is None:
        return NOT_BY_POSTCODE
    ranking = RANKED if data[KNOWN].any() else ""
    lacking = NO_MEAN if of.has(of.value) and of.decimals(of.value) and f"{of.value}_n" not in data else ""
    hidden = hidden_note(data, of=[MASS_AFFLUENT, of.value], shares="")
    return " ".join(filter(None, (hidden, ranking, lacking)))


def _measure(of: SegmentedCustomers) -> dict[str, str]:
    """The value measure and its header, with the sign of its amounts; other units would take too much room."""
    title = f"Average {of.label(of.value)}"
    return {"measure": of.value, "measure_title": title, "sign": of.sign(of.value)}


def _home(of: SegmentedCustomers) -> Country | None:
    """The country that the postcodes are of: one of several while only it is selected."""
    return country_left(of) or country_of(of.study.country)


def _postcode_word(of: SegmentedCustomers) -> str:
    """The country's word for a postcode at the head of a column."""
    country = _home(of)
    return country.postcode if country else of.text(POSTCODE)


def _postcode(of: SegmentedCustomers, data: pd.DataFrame | None = None) -> str:
    """The country's word for a postcode within a sentence, and how much of it names an area."""
    country = _home(of)
    if country is None or (data is not None and _key(data) == POSTCODE):
        return of.label(POSTCODE)
    word = country.postcode if country.postcode.isupper() else country.postcode.lower()
    if length := country.postcodes.area:
        return f"{word} area (first {length})"
    return f"{word} area" if country.postcodes.ignored_end else word


def _inside(of: SegmentedCustomers, data: pd.DataFrame | None) -> str:
    """`" in Victoria"` where all customers shown are in one region."""
    regions = [] if data is None else _regions(data)
    if len(regions) != 1 or regions == [UNKNOWN]:
        return ""
    return f" in {names_in(of, STATE).get(regions[0], regions[0])}"


def _regions(table: pd.DataFrame) -> list[str]:
    """The regions that occur in a table."""
    return [*table[STATE].unique()] if STATE in table else []
