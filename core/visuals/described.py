"""What the columns of some customers are called: a place by the word that fits its values."""

from collections.abc import Set
from dataclasses import replace

from core.countries.decide import headed, in_words_of
from core.countries.registry import country_of
from core.customer_base import CustomerBase
from core.schema import BY_NAME, POSTCODE, STATE, UNKNOWN, Column


def described(name: str, base: CustomerBase) -> Column | None:
    """The description of a column, of the files or of the schema, in the words of the country."""
    column = base.column(name)
    if name == STATE:
        found = base.formula_columns.get(STATE)
        values = {*found} - {UNKNOWN} if isinstance(found, tuple) else set()
        return _fitting(column or BY_NAME[STATE], base.country, values)
    return column or (in_words_of(BY_NAME[name], base.country) if name in BY_NAME else None)


def is_header(column: Column, code: str) -> bool:
    """Whether the label of a place is the header of the file, and no word of ours or of the country."""
    country = country_of(code)
    if column.name not in (STATE, POSTCODE) or column.label != headed(column.header):
        return False
    return column.label not in {BY_NAME[column.name].label, *([country.region, country.postcode] if country else [])}


def _fitting(column: Column, code: str, values: Set[str]) -> Column:
    """The column of regions in words that fit its values.

    The file's own word where none of them is in the country, the country's word for its nations where all are such.
    """
    country = country_of(code)
    if country is None or not values:
        return in_words_of(column, code)
    if country.region_codes.isdisjoint(values):
        return in_words_of(replace(column, label=BY_NAME[STATE].label), "")
    nations = {region.code for region in country.regions if not region.parent}
    return replace(column, label=country.nation) if country.nation and values <= nations else in_words_of(column, code)
