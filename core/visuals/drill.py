"""A file of several countries: the map of the world, and of one country in its place while only that is selected."""

import pandas as pd

from core.countries.country import Country
from core.countries.registry import WORLD, countries
from core.schema import STATE, SUBREGION
from core.views import tables
from core.visuals.places import own_country
from core.visuals.segmented import SegmentedCustomers


def country_left(of: SegmentedCustomers) -> Country | None:
    """The country that filters and clicks leave of several."""
    name = of.only_value(STATE) if of.study.country == WORLD else ""
    return next((one for one in countries().values() if name and one.name == name), None)


def selected_country(of: SegmentedCustomers) -> Country | None:
    """The country that filters and clicks leave of several, if its customers are in regions of it that are known."""
    country = country_left(of)
    if country is None or not of.has(SUBREGION):
        return None
    found = of.table(tables.places, SUBREGION, of.decimals(of.value))
    known = of.study.formula_columns.get(SUBREGION) if found is None else found[SUBREGION]
    # A code alone does not tell: "WA" of another country's customers is a region of this one, too.
    return country if isinstance(known, tuple | pd.Series) and not country.region_codes.isdisjoint(known) else None


def undrilled_country(of: SegmentedCustomers) -> Country | None:
    """The customers' own country, or the world, while no one of its countries is drawn in its place."""
    return None if selected_country(of) else own_country(of)
