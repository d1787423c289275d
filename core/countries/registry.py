"""All countries the app knows: those in `data/countries`, a folder each, and any that are registered."""

from functools import cache
from pathlib import Path
from typing import Final

from core.countries.country import Country, read_country

FOLDER: Final = Path(__file__).parents[2] / "data" / "countries"
REGISTERED: dict[str, Country] = {}


def countries() -> dict[str, Country]:
    """Code → country. Nothing is read before the first call; borders and places not before they are drawn."""
    return {**_bundled(), **REGISTERED}


def country_of(code: str) -> Country | None:
    """The country with this code; None for the empty code, where none was decided, and for one not known here."""
    return countries().get(code)


def register(country: Country) -> None:
    """Add a country.

    Raises
    ------
    ValueError
        There is one with this code.
    """
    if country.code in countries():
        raise ValueError(f"There is a country {country.code} already.")
    REGISTERED[country.code] = country


@cache
def _bundled() -> dict[str, Country]:
    folders = sorted(path.parent for path in FOLDER.glob("*/country.toml"))
    return {folder.name: read_country(folder) for folder in folders}
