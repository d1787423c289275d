"""One country as data: a folder with its regions and their spellings, borders, places, postcodes and currency."""

import csv
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any

from core.countries.postcodes import PostcodeRule
from core.schema import normalise


@dataclass(frozen=True)
class OpeningView:
    """The middle of the map when it opens, and how far it is zoomed in."""

    latitude: float
    longitude: float
    zoom: float


@dataclass(frozen=True)
class Region:
    """A region of a country, such as a state: its code is the value in the data; its label stands at a point."""

    code: str
    name: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Place:
    """A range of postcodes in a region, drawn as one bubble at an approximate point."""

    first: str
    last: str
    name: str
    region: str
    latitude: float
    longitude: float


@dataclass(frozen=True, eq=False)  # one object per country: compared and hashed by identity
class Country:
    """A country.

    Parameters
    ----------
    code : str
        ISO 3166-1 alpha-2.
    currency : str
        The sign in the titles of amounts.
    regions : tuple of Region
        Its regions; those without a border are not drawn.
    spellings : mapping of str
        Spelling (`schema.normalise`) → the code of the region.
    folder : Traversable
        Holds `borders.geojson` and, if there are places, `places.csv`; both are read when they are first needed.
    """

    code: str
    name: str
    currency: str
    regions: tuple[Region, ...]
    spellings: Mapping[str, str]
    view: OpeningView
    postcodes: PostcodeRule
    folder: Traversable

    @cached_property
    def region_codes(self) -> frozenset[str]:
        """The values of a state column that are regions of the country."""
        return frozenset(region.code for region in self.regions)

    @cached_property
    def borders(self) -> tuple[tuple[Region, Mapping[str, Any]], ...]:
        """Each region with its geometry (GeoJSON), in the order of the file."""
        regions = {region.code: region for region in self.regions}
        features = json.loads((self.folder / "borders.geojson").read_text("utf-8"))["features"]
        return tuple((regions[feature["properties"]["code"]], feature["geometry"]) for feature in features)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The ranges of postcodes; a row without a name or a point has those of its region."""
        path = self.folder / "places.csv"
        regions = {region.code: region for region in self.regions}
        return tuple(_place(row, regions[row["region"]]) for row in _rows(path)) if path.is_file() else ()

    def place_of(self, postcode: str, region: str) -> int | None:
        """The position in `places` of the one that a postcode of a region lies in.

        That is the narrowest range that fits: some ranges cross borders, and the file knows the region better.
        """
        key = self.postcodes.key(postcode)
        for length in self._start_lengths if key else ():
            position = self._places_by_start.get((key[:length], region))
            if position is not None:
                return position
        return None

    @cached_property
    def _start_lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(place.first) for place in self.places}, reverse=True))

    @cached_property
    def _places_by_start(self) -> Mapping[tuple[str, str], int]:
        """(Start of a postcode, region) → position of the place, the narrowest one."""
        positions: dict[tuple[str, str], int] = {}
        for number in sorted(
            range(len(self.places)), key=lambda number: (-len(_postcode_starts(self.places[number])), -number)
        ):
            place = self.places[number]
            positions |= dict.fromkeys(((start, place.region) for start in _postcode_starts(place)), number)
        return positions


def read_country(folder: Traversable) -> Country:
    """The country in a folder named by its code.

    It holds `country.toml` (name, currency, view, shapes, shortest and ignored_end of postcodes), `regions.csv` (code,
    name, longitude, latitude), `spellings.csv` (code, spelling), `borders.geojson` (features with the property
    `code`), and may hold `places.csv` (first, region, and if known last, name, latitude, longitude): the starts of
    postcodes from `first` to `last`.

    Raises
    ------
    ValueError
        A region is without a spelling, or a spelling has no region or two.
    """
    about = tomllib.loads((folder / "country.toml").read_text("utf-8"))
    regions = tuple(
        Region(row["code"], row["name"], float(row["longitude"]), float(row["latitude"]))
        for row in _rows(folder / "regions.csv")
    )
    rule = {name: about[name] for name in ("shortest", "ignored_end") if name in about}
    return Country(
        folder.name,
        about["name"],
        about["currency"],
        regions,
        _spellings(folder, regions),
        OpeningView(**about["view"]),
        PostcodeRule(tuple(about.get("shapes", ())), **rule),
        folder,
    )


def _spellings(folder: Traversable, regions: Sequence[Region]) -> dict[str, str]:
    """Spelling → code; a region's code and name are spellings too."""
    codes = {region.code for region in regions}
    codes_by_spelling = {normalise(text): region.code for region in regions for text in (region.code, region.name)}
    for row in _rows(folder / "spellings.csv"):
        key, code = normalise(row["spelling"]), row["code"]
        if code not in codes or codes_by_spelling.get(key, code) != code:
            raise ValueError(f"{folder.name}: the spelling {row['spelling']!r} of {code!r} has no region, or two.")
        codes_by_spelling[key] = code
    return codes_by_spelling


def _rows(path: Traversable) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def _place(row: Mapping[str, str], region: Region) -> Place:
    return Place(
        row["first"],
        row.get("last") or row["first"],
        row.get("name") or region.name,
        region.code,
        float(row.get("latitude") or region.latitude),
        float(row.get("longitude") or region.longitude),
    )


def _postcode_starts(place: Place) -> Sequence[str]:
    """Every start of a postcode in the range."""
    if place.first == place.last:
        return [place.first]
    return [str(number).zfill(len(place.first)) for number in range(int(place.first), int(place.last) + 1)]
