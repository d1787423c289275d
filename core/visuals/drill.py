"""A file of several countries: the map of the world, and of one country in its place while only that is selected."""

from core.countries.country import Country
from core.countries.registry import WORLD, countries
from core.schema import STATE, SUBREGION
from core.visuals.places import own_country
from core.visuals.segmented import SegmentedCustomers


def selected_country(of: SegmentedCustomers) -> Country | None:
    """The country that filters and clicks leave of several, if customers are in regions of it that are known."""
    if of.study.country != WORLD:
        return None
    name, regions = of.only_value(STATE), of.study.formula_columns.get(SUBREGION)
    country = next((one for one in countries().values() if one.name == name), None)
    if country is None or not isinstance(regions, tuple) or country.region_codes.isdisjoint(regions):
        return None
    return country


def undrilled_country(of: SegmentedCustomers) -> Country | None:
    """The customers' own country, or the world, while no one of its countries is drawn in its place."""
    return None if selected_country(of) else own_country(of)
