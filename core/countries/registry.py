"""All countries the app knows: those in `data/countries`, a folder each, and any that are added."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from core.countries.country import Country, read_country
from core.countries.currencies import sign_of
from core.registry import Registry

FOLDER: Final[Traversable] = files("data") / "countries"  # in an archive on the workers of Spark
WORLD: Final = "world"  # the country whose regions are countries


@cache
def countries() -> Registry[Country]:
    """Code → country. Nothing is read before the first call, and what is large not before it is needed."""
    known: Registry[Country] = Registry("a country", Country, key="code")
    folders = (folder for folder in FOLDER.iterdir() if (folder / "country.toml").is_file())
    for folder in sorted(folders, key=lambda folder: folder.name):
        known.add(read_country(folder))
    return known


def country_of(code: str) -> Country | None:
    """The country with this code; None for the empty code, where none was decided, and for one not known here."""
    return countries().get(code)


def home_of(code: str) -> str:
    """The code of a country's currency; empty where no country is known."""
    country = country_of(code)
    return country.currency if country else ""


def currency_of(code: str) -> str:
    """The sign of a country's currency; empty where no country is known."""
    home = home_of(code)
    return sign_of(home, home)
