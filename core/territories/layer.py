"""A GeoJSON or TopoJSON document → layers of territories: areas with texts that name them. Nothing in it is trusted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.errors import UnreadableFileError
from core.plain import shown
from core.territories.rings import Point, Polygon, ShapeError, polygons_of, positions_in
from core.territories.topology import arcs_of, unfolded

MOST_BYTES: Final = 20_000_000  # of a file of borders: 200,000 points written out take 8 MB
MOST_FEATURES: Final = 2_000
MOST_LAYERS: Final = 50  # of a file: each is compared with each column
MOST_POINTS: Final = 200_000
MOST_PROPERTIES: Final = 100  # of a feature
LONGEST: Final = 200  # characters of a name
MOST_NAMED: Final = 3  # features that a sentence names
TYPES: Final = {"FeatureCollection": "features", "Topology": "objects", "Feature": "geometry"}  # → what it must have
NO_AREAS: Final = frozenset(("Point", "MultiPoint", "LineString", "MultiLineString"))
# Coordinate systems whose longitudes and latitudes are those of WGS 84 to some metres, which no map here shows.
DEGREES: Final = ("CRS84", "4326", "4283", "7844", "4269", "4258", "4617", "4674", "4148", "4167", "4171")
SIMPLIFY: Final = "Simplify the borders, in QGIS or at mapshaper.org, and drop the file again."
WGS_84: Final = "Export the borders in WGS 84 (EPSG:4326), with longitude before latitude."
NO_BORDERS: Final = "Export the territories as areas (polygons), and customers as a table such as CSV."


@dataclass(frozen=True, eq=False)
class Feature:
    """A feature with an area: the texts among its properties, and its polygons."""

    properties: Mapping[str, str]
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True, eq=False)
class Layer:
    """The features of a file, or of one object of a TopoJSON file, that have an area.

    `left_out` counts the others; `said` has sentences on them.
    """

    file: str
    features: tuple[Feature, ...]
    left_out: int = 0
    said: tuple[str, ...] = ()


def is_borders(value: object) -> bool:
    """Whether a JSON value, or the first record of several, is GeoJSON or TopoJSON and no table of records."""
    if isinstance(value, list) and value:
        value = value[0]
    return isinstance(value, dict) and isinstance(kind := value.get("type"), str) and TYPES.get(kind, kind) in value


def layers_of(file: str, value: Any, size: int) -> tuple[Layer, ...]:
    """The layers of a GeoJSON or TopoJSON value of `size` bytes, whose numbers may be texts.

    A list is one of features.

    Raises
    ------
    UnreadableFileError
        Beyond a bound, in other coordinates than longitude and latitude, or without any area.
    """
    if size > MOST_BYTES:
        found = f"It has {size:,} bytes of borders; the limit is {MOST_BYTES:,}."
        raise UnreadableFileError(found, SIMPLIFY, file=file)
    reader = _Reader(file)
    _check_coordinates(file, value)
    if isinstance(value, dict) and value.get("type") == "Topology":
        objects = value["objects"] if isinstance(value["objects"], dict) else {}
        if len(objects) > MOST_LAYERS:
            found = f"It has more than {MOST_LAYERS:,} layers."
            raise UnreadableFileError(found, "Keep the layer of your territories.", file=file)
        arcs = reader.arcs(value)
        layers = [
            reader.layer(file if len(objects) == 1 else f"{file}: {name[:LONGEST]}", unfolded(one, arcs, reader.check))
            for name, one in objects.items()
        ]
    else:
        features = value if isinstance(value, list) else value.get("features", [value])
        layers = [reader.layer(file, features if isinstance(features, list) else [])]
    if not any(layer.features for layer in layers):
        said = " ".join(sentence for layer in layers for sentence in layer.said)
        raise UnreadableFileError(f"There is no territory in it. {said}".strip(), NO_BORDERS, file=file)
    return tuple(layer for layer in layers if layer.features)


class _Reader:
    """Reads the features of one file, and counts its points and features across all layers."""

    def __init__(self, file: str) -> None:
        self.file, self.points, self.number = file, 0, 0

    def layer(self, name: str, features: Iterable[Any]) -> Layer:
        """The features that have an area; the others are counted."""
        kept: list[Feature] = []
        without: Counter[str] = Counter()
        wrong: list[str] = []
        before = self.number
        for feature in features:
            self.number += 1
            if self.number > MOST_FEATURES:
                found = f"It has more than {MOST_FEATURES:,} features."
                raise UnreadableFileError(found, "Join small territories into larger ones.", file=self.file)
            geometry = feature.get("geometry") if isinstance(feature, dict) else None
            try:
                polygons = tuple(self.polygons(geometry, without))
            except ShapeError as error:
                wrong.append(f"feature {self.number:,} {error}")
                continue
            if polygons:
                kept.append(Feature(_texts(feature), polygons))
            elif not isinstance(geometry, dict):
                wrong.append(f"feature {self.number:,} has no geometry")
        return Layer(name, tuple(kept), self.number - before - len(kept), tuple(_about(without, wrong)))

    def polygons(self, geometry: Any, without: Counter[str]) -> Iterator[Polygon]:
        """The polygons of a geometry; points and lines in it are counted."""
        for kind, coordinates in _areas(geometry, without):
            points = positions_in(kind, coordinates)
            self.check(points)
            self.points += points  # also of a ring that is refused: reading it takes as long
            found = polygons_of(kind, coordinates)
            for polygon in found:
                self._check_degrees(polygon)
            yield from found

    def check(self, points: int) -> None:
        """Refuse the file if so many more points are too many."""
        if self.points + points > MOST_POINTS:
            raise UnreadableFileError(f"It has more than {MOST_POINTS:,} points.", SIMPLIFY, file=self.file)

    def _check_degrees(self, polygon: Polygon) -> None:
        for ring in polygon:
            outside = [(x, y) for x, y in ring if not (-180 <= x <= 180 and -90 <= y <= 90)]
            if outside:
                x, y = outside[0]
                found = f"Feature {self.number:,} has a point at {x:.6g}, {y:.6g}: this is no longitude and latitude."
                raise UnreadableFileError(found, WGS_84, file=self.file)

    def arcs(self, topology: dict[str, Any]) -> list[list[Point]]:
        """The arcs of a topology, or a refusal of the file."""
        arcs = topology.get("arcs")
        self.check(sum(len(arc) for arc in arcs if isinstance(arc, list)) if isinstance(arcs, list) else 0)
        try:
            return arcs_of(topology)
        except ShapeError as error:
            raise UnreadableFileError(f"Its arcs cannot be read: one {error}.", NO_BORDERS, file=self.file) from None


def _areas(geometry: Any, without: Counter[str], depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Type and coordinates of the polygons in a geometry, or in a collection of geometries."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind in ("Polygon", "MultiPolygon"):
        yield kind, geometry.get("coordinates")
    elif kind == "GeometryCollection" and depth < 4:
        parts = geometry.get("geometries")
        for part in parts if isinstance(parts, list) else ():
            yield from _areas(part, without, depth + 1)
    elif isinstance(kind, str) and kind in NO_AREAS:
        without["points" if "Point" in kind else "lines"] += 1
    elif kind is not None:
        raise ShapeError(f"has a geometry of type {shown(kind)}")


def _texts(feature: Mapping[str, Any]) -> dict[str, str]:
    """The properties that can be a name, and the id of the feature."""
    properties = feature.get("properties")
    named = list(properties.items())[:MOST_PROPERTIES] if isinstance(properties, dict) else []
    texts = ((name, value.strip()) for name, value in (("id", feature.get("id")), *named) if isinstance(value, str))
    return {name: text for name, text in texts if 0 < len(text) <= LONGEST and 0 < len(name) <= LONGEST}


def _about(without: Mapping[str, int], wrong: Sequence[str]) -> Iterator[str]:
    if without:
        counted = " and ".join(f"{number:,} {kind}" for kind, number in sorted(without.items()))
        yield f"{counted} in it are no areas and are left out."
    if wrong:
        more = len(wrong) - MOST_NAMED
        listed = ", ".join(wrong[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        yield f"Left out: {listed}."


def _check_coordinates(file: str, value: Any) -> None:
    """Refuse a file that names another coordinate system than longitude and latitude."""
    crs = value.get("crs") if isinstance(value, dict) else None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if isinstance(name, str) and name.strip() and not name.strip().endswith(DEGREES):
        raise UnreadableFileError(f"Its borders are in the coordinates {shown(name)}.", WGS_84, file=file)
