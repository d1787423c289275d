"""One country as data: a folder with its regions and their spellings, borders, places, postcodes and currency."""

import csv
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from core.countries.postcodes import PostcodeRule
from core.plain import WrongError, from_plain, shown
from core.schema import normalise

T = TypeVar("T")


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
class PostcodeArea:
    """A range of postcodes in a region, drawn as one bubble at an approximate point."""

    first: str
    last: str
    name: str
    region: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class _About:
    """A `country.toml`."""

    name: str
    currency: str
    view: OpeningView
    shapes: tuple[str, ...]
    shortest: int = 0
    ignored_end: int = 0


@dataclass(frozen=True)
class _Spelling:
    """A row of `spellings.csv`."""

    code: str
    spelling: str


@dataclass(frozen=True)
class _Range:
    """A row of `places.csv`; what is not given is that of the region."""

    first: str
    region: str
    last: str = ""
    name: str = ""
    latitude: float | None = None
    longitude: float | None = None


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
        with _naming(self.folder / "borders.geojson") as text:
            features = json.loads(text)["features"]
            return tuple((self._region(feature["properties"]["code"]), feature["geometry"]) for feature in features)

    @cached_property
    def places(self) -> tuple[PostcodeArea, ...]:
        """The ranges of postcodes; a row without a name or a point has those of its region."""
        with _naming(self.folder / "places.csv", optional=True) as text:
            return tuple(_place(row, self._region(row.region)) for row in _rows(text, _Range))

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

    def _region(self, code: str) -> Region:
        found = next((region for region in self.regions if region.code == code), None)
        if found is None:
            raise WrongError(f"{shown(code)} is no region of regions.csv")
        return found

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

    It holds `country.toml` (name, currency, view, shapes of postcodes, and if needed their shortest and ignored_end),
    `regions.csv` (code, name, longitude, latitude) and `borders.geojson` (features with the property `code`). It may
    hold `spellings.csv` (code, spelling) and `places.csv` (first, region, and if known last, name, latitude,
    longitude): the starts of postcodes from `first` to `last`.

    Raises
    ------
    ValueError
        A file or a part of it is missing, unknown, or of another type; the message names the file and the part. So
        it does for a spelling that has no region, or two. Borders and places are checked when they are first needed.
    """
    with _naming(folder / "country.toml") as text:
        about = from_plain(_About, tomllib.loads(text))
    with _naming(folder / "regions.csv") as text:
        regions = tuple(_rows(text, Region))
    with _naming(folder / "spellings.csv", optional=True) as text:
        spellings = _spellings(regions, _rows(text, _Spelling))
    rule = PostcodeRule(about.shapes, about.shortest, about.ignored_end)
    return Country(folder.name, about.name, about.currency, regions, spellings, about.view, rule, folder)


def _spellings(regions: Sequence[Region], rows: Iterable[_Spelling]) -> dict[str, str]:
    """Spelling → code; a region's code and name are spellings too."""
    codes = {region.code for region in regions}
    codes_by_spelling = {normalise(text): region.code for region in regions for text in (region.code, region.name)}
    for row in rows:
        key = normalise(row.spelling)
        if row.code not in codes or codes_by_spelling.get(key, row.code) != row.code:
            raise WrongError(f"the spelling {row.spelling!r} of {row.code!r} has no region, or two")
        codes_by_spelling[key] = row.code
    return codes_by_spelling


@contextmanager
def _naming(path: Traversable, *, optional: bool = False) -> Iterator[str]:
    """The text of a file, empty where an optional one is missing; errors name the file and its folder."""
    try:
        yield path.read_text("utf-8") if path.is_file() or not optional else ""
    except (WrongError, ValueError, OSError) as error:
        raise ValueError(f"{path}: {error}.") from error
    except (LookupError, TypeError) as error:
        raise ValueError(f"{path}: it lacks {error}, or has another form.") from error


def _rows(text: str, kind: type[T]) -> Iterator[T]:
    """The rows of a CSV file, blank cells left out."""
    rows = csv.DictReader(text.splitlines(), restkey="cell without a header")
    for row in rows:
        cells = {name: cell for name, cell in row.items() if cell}
        yield from_plain(kind, cells, f"line {rows.line_num}", strict=False)


def _place(row: _Range, region: Region) -> PostcodeArea:
    return PostcodeArea(
        row.first,
        row.last or row.first,
        row.name or region.name,
        region.code,
        region.latitude if row.latitude is None else row.latitude,
        region.longitude if row.longitude is None else row.longitude,
    )


def _postcode_starts(place: PostcodeArea) -> Sequence[str]:
    """Every start of a postcode in the range."""
    if place.first == place.last:
        return [place.first]
    return [str(number).zfill(len(place.first)) for number in range(int(place.first), int(place.last) + 1)]
