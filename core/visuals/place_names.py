"""The names of places whose values in the data are codes or other spellings: one spelling wherever they are shown."""

from collections.abc import Callable

from core import figures
from core.countries.registry import country_of
from core.schema import STATE, SUBREGION
from core.visuals.bands import band, edge
from core.visuals.drill import country_left
from core.visuals.segmented import SegmentedCustomers


def names_in(of: SegmentedCustomers, column: str) -> dict[str, str]:
    """Code → name of the regions that a column has: the analyst's territories, or those of the customers' country."""
    if column == SUBREGION:
        left = country_left(of)
        return {region.code: region.name for region in left.regions} if left else {}
    own = of.study.territories
    country = own.country if own.column == column else country_of(of.study.country)
    return {region.code: region.name for region in country.regions} if country and column in (STATE, own.column) else {}


def written_in(of: SegmentedCustomers) -> Callable[[str, str], str]:
    """What writes a value of a column for people: the name of a region, a band, any other value as it is."""

    def write(column: str, value: str) -> str:
        found, low = band(column), edge(value)
        if found and low is not None:
            return figures.band(low, found[1], of.sign(found[0]))
        return names_in(of, column).get(value, value)

    return write
