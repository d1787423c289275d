"""Territories as they are shown: like the regions of a country, and kept with the customers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Final

from core.countries.country import Borders, Country, OpeningView, PostcodeArea, Projection, Region
from core.countries.postcodes import PostcodeRule
from core.countries.registry import FOLDER
from core.figures import count
from core.plain import WrongError
from core.territories.rings import FEWEST, Polygon, label_point

CODE: Final = "own"
MOST_TERRITORIES: Final = 2_000
MOST_KEPT_POINTS: Final = 50_000  # of a result's file: more than `rings.MOST_DRAWN` bytes can hold
LONGEST: Final = 200  # characters of a name
WIDEST: Final = 180  # degrees of longitude; wider borders are drawn as the world is


@dataclass(frozen=True)
class Territory:
    """A territory: its code is the customers' value, its name the text in the file of borders."""

    code: str
    name: str
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True)
class Fit:
    """A property of a file of borders beside a column: how many of its `values` have one of so many `territories`.

    `joined` are further files that have other territories by the same property.
    """

    file: str
    property: str
    header: str
    matched: int
    values: int
    territories: int
    joined: tuple[str, ...] = ()

    @cached_property  # `property` is a field
    def files(self) -> tuple[str, ...]:
        """The file, and those that are joined to it."""
        return self.file, *self.joined


@dataclass(frozen=True)
class BordersFile:
    """A file of borders, or an object of a topology: how many features have an area, and how many are left out."""

    name: str
    features: int
    left_out: int


@dataclass(frozen=True)
class Territories:
    """What was found in files of borders.

    Parameters
    ----------
    files : tuple of BordersFile
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

    files: tuple[BordersFile, ...] = ()
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
            return f"not drawn, of {', '.join(file.name for file in self.files)}" if self.files else ""
        fit = self.fit
        matched = f"{count(fit.matched)} of {count(fit.values)} values"
        drawn = f"{', '.join(fit.files)}, “{fit.property}” for “{fit.header}”, {matched}"
        empty = f"; {count(self.empty)} of {count(len(self.areas))} territories have no customers"
        return drawn + (empty if self.empty else "")

    def use_of(self, file: BordersFile) -> tuple[str, str]:
        """What a file is used as, and how."""
        if self.fit is None or file.name not in self.fit.files:
            return "borders, not drawn", ""
        number = count(file.features if self.fit.joined else len(self.areas))
        return "borders", f"{number} territories by “{self.fit.property}”"

    def sentences(self, *, few: bool = False) -> list[str]:
        """What was left out, and who is not on the map; `few`: their number must not be shown."""
        if not self.fit:
            return list(self.said)
        who = "1 customer has" if self.unplaced == 1 else f"{count(self.unplaced)} customers have"
        who = "Customers have" if few else who
        unplaced = f"{who} a “{self.fit.header}” without a border: {', '.join(self.outside)}."
        return [*self.said, *([unplaced] if self.unplaced else [])]

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
    xs, ys = zip(*(point for one in areas for polygon in one.polygons for point in polygon[0]), strict=True)
    middle = OpeningView((min(ys) + max(ys)) / 2, (min(xs) + max(xs)) / 2, zoom=1.0)  # maps fit the borders
    projection: Projection = "equalEarth" if max(xs) - min(xs) > WIDEST else "mercator"
    name = ", ".join(PurePath(file).stem for file in fit.files)
    return _Own(CODE, name, "", middle, PostcodeRule(()), FOLDER, region=label, projection=projection, areas=areas)


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
