"""Territories as they are shown: like the regions of a country, and kept with the customers."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Final

from core.countries.country import Borders, Country, OpeningView, PostcodeArea, Region
from core.countries.postcodes import PostcodeRule
from core.countries.registry import FOLDER
from core.plain import WrongError
from core.territories.rings import FEWEST, POLE, Polygon, label_point

CODE: Final = "own"
MOST_TERRITORIES: Final = 2_000
MOST_KEPT_POINTS: Final = 50_000  # of a result's file: more than `rings.MOST_DRAWN` bytes can hold
LONGEST: Final = 200  # characters of a name
WIDEST: Final = 180  # degrees of longitude; wider borders are drawn as the world is
MAP: Final = (640, 400)  # pixels that the opening view must fit into
WORLD_PIXELS: Final = 512  # width of the world at zoom 0
NEAREST: Final = 14.0  # zoom


@dataclass(frozen=True)
class Territory:
    """A territory: its code is the customers' value, its name the text in the file of borders."""

    code: str
    name: str
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True)
class Fit:
    """A property of a file of borders beside a column: how many of its `values` have one of so many `territories`."""

    file: str
    property: str
    header: str
    matched: int
    values: int
    territories: int


@dataclass(frozen=True)
class Territories:
    """What was found in files of borders.

    Parameters
    ----------
    files : tuple of str
        The files, used or not; none for customers without any.
    fit : Fit, optional
        The property and the column that are matched; None where nothing is drawn.
    column, label : str
        The column of the customers, and what it is called.
    areas : tuple of Territory
        What is drawn, in the order of the codes.
    empty : int
        How many territories have no customers.
    unplaced, outside : int, tuple of str
        How many customers have a value without a border, and some of these values.
    options : tuple of Fit
        The properties and columns that can be matched, the best first.
    said : tuple of str
        Sentences on what was left out.
    doubt : str
        Why nothing is drawn, where no property fits, as a sentence.
    """

    files: tuple[str, ...] = ()
    fit: Fit | None = None
    column: str = ""
    label: str = ""
    areas: tuple[Territory, ...] = ()
    empty: int = 0
    unplaced: int = 0
    outside: tuple[str, ...] = ()
    options: tuple[Fit, ...] = ()
    said: tuple[str, ...] = ()
    doubt: str = ""

    @property
    def described(self) -> str:
        """What is drawn, in a few words; empty for customers without files of borders."""
        if not self.fit:
            return f"not drawn, of {', '.join(self.files)}" if self.files else ""
        fit = self.fit
        return f"{fit.file}, “{fit.property}” for “{fit.header}”, {fit.matched:,} of {fit.values:,} values"

    @property
    def uses(self) -> list[tuple[str, str, str]]:
        """Each file, what it is used as, and how."""
        drawn = {self.fit.file: f"{len(self.areas):,} territories by “{self.fit.property}”"} if self.fit else {}
        return [
            (file, "borders", drawn[file]) if file in drawn else (file, "borders, not drawn", "") for file in self.files
        ]

    def sentences(self, *, few: bool = False) -> list[str]:
        """What was left out, and who is not on the map; `few`: their number must not be shown."""
        if not self.fit:
            return list(self.said)
        empty = f"{self.empty:,} of {len(self.areas):,} territories of {self.fit.file} have no customers."
        who = "1 customer has" if self.unplaced == 1 else f"{self.unplaced:,} customers have"
        who = "Customers have" if few else who
        unplaced = f"{who} a “{self.fit.header}” without a border: {', '.join(self.outside)}."
        return [*self.said, *([empty] if self.empty else []), *([unplaced] if self.unplaced else [])]

    @cached_property
    def country(self) -> Country | None:
        """The territories as a country; None where there are none."""
        return _country(self.fit, self.label, self.areas) if self.fit and self.areas else None


@dataclass(frozen=True, eq=False)
class _Own(Country):
    """A country whose regions are in memory."""

    areas: Sequence[Territory] = ()

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The territories, each with a point in its largest part."""
        return tuple(Region(one.code, one.name, *label_point(one.polygons[0])) for one in self.areas)

    @cached_property
    def borders(self) -> Borders:
        """Each territory with its geometry (GeoJSON)."""
        shapes = ({"type": "MultiPolygon", "coordinates": one.polygons} for one in self.areas)
        return tuple(zip(self.regions, shapes, strict=True))

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """None but the values of the customers."""
        return {}

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """None: a file of borders has no postcodes."""
        return {}

    @cached_property
    def places(self) -> tuple[PostcodeArea, ...]:
        """None: a file of borders has no postcodes."""
        return ()


def _country(fit: Fit, label: str, areas: Sequence[Territory]) -> Country:
    west, south, east, north = _extent(areas)
    return _Own(
        CODE, PurePath(fit.file).stem, "", _view(west, south, east, north), PostcodeRule(()), FOLDER,
        region=label, projection="equalEarth" if east - west > WIDEST else "mercator", areas=areas,
    )  # fmt: skip


def _extent(areas: Sequence[Territory]) -> tuple[float, float, float, float]:
    """The longitudes and latitudes between which all territories lie: west, south, east, north."""
    points = [point for one in areas for polygon in one.polygons for point in polygon[0]]
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _view(west: float, south: float, east: float, north: float) -> OpeningView:
    """The view that all of an extent is in."""
    low, high = _mercator(south), _mercator(north)
    across, up = max(east - west, 1e-3) / 360, max(high - low, 1e-5)
    zoom = min(math.log2(MAP[0] / WORLD_PIXELS / across), math.log2(MAP[1] / WORLD_PIXELS / up), NEAREST)
    middle = math.degrees(math.atan(math.sinh((low + high) * math.pi)))
    return OpeningView(round(middle, 4), round((west + east) / 2, 4), round(max(zoom, 0.0), 2))


def _mercator(latitude: float) -> float:
    """How far north a latitude is drawn, as a part of the world's height."""
    return math.asinh(math.tan(math.radians(max(-POLE, min(latitude, POLE))))) / (2 * math.pi)


def check(territories: Territories, columns: Collection[str]) -> None:
    """Refuse territories of an opened result that are none; `columns` are those whose values can name them.

    Raises
    ------
    WrongError
        What is wrong with them.
    """
    areas = territories.areas
    rings = [ring for one in areas for polygon in one.polygons for ring in polygon]
    points = [point for ring in rings for point in ring]
    texts = [text for one in areas for text in (one.code, one.name)]
    if bool(areas) != bool(territories.fit) or (areas and territories.column not in columns):
        raise WrongError("its territories are of no column")
    if len(areas) > MOST_TERRITORIES or len(points) > MOST_KEPT_POINTS or max(map(len, texts), default=0) > LONGEST:
        raise WrongError("its territories are too many")
    if len({one.code for one in areas}) < len(areas):
        raise WrongError("two of its territories are one")
    if not all(one.polygons and all(one.polygons) for one in areas) or min(map(len, rings), default=FEWEST) < FEWEST:
        raise WrongError("a territory has no area")
    if not all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in points):
        raise WrongError("a territory lies beyond the world")
