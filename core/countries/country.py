"""One country as data: a folder with its regions and their spellings, borders, places, postcodes and currency."""

import csv
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from typing import Any, Literal, TypeVar

from core.countries.parts import not_drawn
from core.countries.postcodes import PostcodeRule
from core.plain import WrongError, from_plain, shown
from core.schema import normalise

T = TypeVar("T")
Projection = Literal["mercator", "albersUsa", "equalEarth"]


@dataclass(frozen=True)
class OpeningView:
    """The middle of the map when it opens, and how far it is zoomed in."""

    latitude: float
    longitude: float
    zoom: float


@dataclass(frozen=True)
class Region:
    """A region of a country, such as a state: its code is the value in the data; its label stands at a point.

    `parent` is the region that it is a part of, as the North West of England; a file has either of them.
    """

    code: str
    name: str
    longitude: float
    latitude: float
    parent: str = ""


Borders = Sequence[tuple[Region, Mapping[str, Any]]]  # regions with their geometry (GeoJSON)


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
    starts: tuple[str, ...] = ()
    area: int = 0
    hyphened: tuple[str, ...] = ()
    region: str = "Region"
    postcode: str = "Postcode"
    headers: tuple[str, ...] = ()
    projection: Projection = "mercator"
    calling_code: str = ""
    nation: str = ""


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
    """A country. All but what `country.toml` says is read when it is first needed.

    Parameters
    ----------
    code : str
        ISO 3166-1 alpha-2, or `world`, whose regions are the countries.
    currency : str
        ISO 4217; empty for the world.
    region, postcode, nation : str
        What a region, a postcode and a region that is no part of another one are called in the country.
    headers : tuple of str
        Words in the headers of a file (`schema.normalise`) that are a hint at the country.
    projection : str
        How the map is drawn on paper.
    calling_code : str
        What phone numbers from abroad begin with, such as 44; several countries can have one.
    folder : Traversable
        Holds `regions.csv`, `borders.geojson` and, where there are any, `spellings.csv`, `places.csv` and
        `postcodes.csv`.
    """

    code: str
    name: str
    currency: str
    view: OpeningView
    postcodes: PostcodeRule
    folder: Traversable
    region: str = "Region"
    postcode: str = "Postcode"
    headers: tuple[str, ...] = ()
    projection: Projection = "mercator"
    calling_code: str = ""
    nation: str = ""

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """Its regions; those without a border are not drawn."""
        with _naming(self.folder / "regions.csv") as text:
            return tuple(_rows(text, Region))

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Spelling (`schema.normalise`) → the code of the region; its code and name are spellings, too."""
        with _naming(self.folder / "spellings.csv", optional=True) as text:
            return _spellings(self.regions, _pairs(text, "code", "spelling"))

    @cached_property
    def region_codes(self) -> frozenset[str]:
        """The values of a state column that are regions of the country."""
        return frozenset(region.code for region in self.regions)

    @cached_property
    def borders(self) -> Borders:
        """Each region with its geometry (GeoJSON), in the order of the file."""
        with _naming(self.folder / "borders.geojson") as text:
            features = json.loads(text)["features"]
            return tuple((self._region(feature["properties"]["code"]), feature["geometry"]) for feature in features)

    def drawn(self, states: Mapping[str, float] | Iterable[str]) -> Borders:
        """Each region to draw with its geometry, by the customers of each (`parts.not_drawn`): it or its parts."""
        left_out = not_drawn(self.regions, states)
        return tuple((region, geometry) for region, geometry in self.borders if region.code not in left_out)

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """Start of a postcode → the code of the region; the longest one that fits counts."""
        with _naming(self.folder / "postcodes.csv", optional=True) as text:
            return {prefix: self._region(code).code for prefix, code in _pairs(text, "prefix", "code")}

    def region_of(self, postcode: str) -> str:
        """The code of the region that a postcode lies in; empty if that is not known."""
        return self.region_at(self.postcodes.key(postcode))

    def region_at(self, key: str) -> str:
        """The code of the region by the start of a postcode (`PostcodeRule.key`); empty if that is not known."""
        found = (self.prefixes.get(key[:length]) for length in self._prefix_lengths)
        return next(filter(None, found), "")

    @cached_property
    def places(self) -> tuple[PostcodeArea, ...]:
        """The ranges of postcodes; a row without a name or a point has those of its region."""
        with _naming(self.folder / "places.csv", optional=True) as text:
            return tuple(_place(row, self._region(row.region)) for row in _rows(text, _Range))

    def place_at(self, key: str, region: str) -> int | None:
        """The position in `places` by the start of a postcode (`PostcodeRule.key`) of a region.

        That is the narrowest range that fits: some ranges cross borders, and the file knows the region better.
        """
        for length in self._start_lengths if key else ():
            position = self._places_by_start.get((key[:length], region))
            if position is not None:
                return position
        return None

    def _region(self, code: str) -> Region:
        if code not in self._regions_by_code:
            raise WrongError(f"{shown(code)} is no region of regions.csv")
        return self._regions_by_code[code]

    @cached_property
    def _regions_by_code(self) -> Mapping[str, Region]:
        return {region.code: region for region in self.regions}

    @cached_property
    def _prefix_lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(prefix) for prefix in self.prefixes}, reverse=True))

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

    It holds `country.toml` (the fields of `_About`), `regions.csv` (code, name, longitude, latitude, and if needed
    parent) and `borders.geojson` (features with the property `code`), perhaps `spellings.csv` (code, spelling),
    `postcodes.csv` (prefix, code) and `places.csv` (first, region, and if known last, name, latitude, longitude): the
    starts of postcodes from `first` to `last`.

    Raises
    ------
    ValueError
        A part of `country.toml` is missing, unknown, or of another type; the message names it. So are the other files
        checked when they are first needed, and a spelling that has no region, or two.
    """
    with _naming(folder / "country.toml") as text:
        about = from_plain(_About, tomllib.loads(text))
    rule = PostcodeRule(about.shapes, about.shortest, about.ignored_end, about.starts, about.area, about.hyphened)
    return Country(
        folder.name, about.name, about.currency, about.view, rule, folder,
        about.region, about.postcode, about.headers, about.projection, about.calling_code,
        about.nation,
    )  # fmt: skip


def _spellings(regions: Sequence[Region], rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    codes = {region.code for region in regions}
    codes_by_spelling = {normalise(text): region.code for region in regions for text in (region.code, region.name)}
    for code, spelling in rows:
        key = normalise(spelling)
        if code not in codes or codes_by_spelling.get(key, code) != code:
            raise WrongError(f"the spelling {spelling!r} of {code!r} has no region, or two")
        codes_by_spelling[key] = code
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


def _pairs(text: str, first: str, second: str) -> Iterator[tuple[str, str]]:
    """The rows of a CSV file of two columns: thousands of them are read before a country is decided."""
    rows = csv.reader(text.splitlines())
    if (header := next(rows, [first, second])) != [first, second]:
        raise WrongError(f"its header is {','.join(header)[:40]!r}, not '{first},{second}'")
    for row in rows:
        if len(row) != 2:
            raise WrongError(f"“line {rows.line_num}” has {len(row)} cells, not 2")
        yield row[0], row[1]


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
