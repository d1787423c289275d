"""All countries the app knows: those in `data/countries`, a folder each, and any that are registered."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from core.countries.country import Country, read_country

FOLDER: Final[Traversable] = files("data") / "countries"  # in an archive on the workers of Spark
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
    folders = {folder.name: folder for folder in FOLDER.iterdir() if (folder / "country.toml").is_file()}
    return {code: read_country(folders[code]) for code in sorted(folders)}
