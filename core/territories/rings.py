"""Coordinates of areas: read from JSON, drawn with fewer points, and the point where a label stands."""

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import Any, Final

import numpy as np

Point = tuple[float, float]  # longitude, latitude
Ring = tuple[Point, ...]  # closed: its last point is the first
Polygon = tuple[Ring, ...]  # the outer ring, then holes

MOST_DRAWN: Final = 250_000  # bytes of all rings as a page gets them
DECIMALS: Final = 5  # of a degree: a metre
STEPS: Final = tuple(step * 10.0**-place for place in range(DECIMALS, -2, -1) for step in (1, 2, 5))
POLE: Final = 85.0  # degrees; beyond, the map's projection does not end
FEWEST: Final = 4  # points of a ring
CORNERS: Final = 4  # points of a territory that is too small to be drawn exactly
PARTS: Final = 500  # steps of rounding across a map: pixels of a card
EVERY: Final = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)  # of so many points one is kept


class ShapeError(Exception):
    """Coordinates that are no area; the message goes on from "feature 7"."""


def positions_in(kind: str, coordinates: Any) -> int:
    """How many positions a Polygon's or MultiPolygon's coordinates have, before any of them is read.

    Raises
    ------
    ShapeError
        Coordinates that are no lists.
    """
    return sum(len(_list(ring)) for part in _parts(kind, coordinates) for ring in _list(part))


def polygons_of(kind: str, coordinates: Any) -> list[Polygon]:
    """The polygons of a Polygon's or MultiPolygon's coordinates.

    Raises
    ------
    ShapeError
        Coordinates that are no numbers, or a ring of fewer than three different points.
    """
    polygons = (tuple(_ring(_list(ring)) for ring in _list(part)) for part in _parts(kind, coordinates))
    if not (found := [polygon for polygon in polygons if polygon]):
        raise ShapeError("has an area without coordinates")
    return found


def _parts(kind: str, coordinates: Any) -> Sequence[Any]:
    return [coordinates] if kind == "Polygon" else _list(coordinates)


def point(position: Any) -> Point:
    """A position; what comes after longitude and latitude is height."""
    try:
        x, y = (float(one) for one in position[:2] if type(one) in (str, float, int))
    except (TypeError, ValueError, OverflowError):
        raise ShapeError("has a position that is no pair of numbers") from None
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ShapeError("has a position that is no pair of numbers")
    return x, y


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise ShapeError("has coordinates that are no list")
    return value


def _ring(positions: Sequence[Any]) -> Ring:
    ring = tuple(map(point, positions))
    if (different := len({*ring})) < FEWEST - 1:
        raise ShapeError(f"has a ring of {different} different points; an area has at least three")
    return ring if ring[0] == ring[-1] else (*ring, ring[0])


@dataclass(frozen=True)
class Rounding:
    """How areas are drawn with fewer points: rounded to a step, every so many kept, rings of at least an area."""

    step: float
    every: int = 1
    least: float = 0.0


def drawable(
    areas: Mapping[str, Sequence[Polygon]], most: int = MOST_DRAWN
) -> tuple[dict[str, list[Polygon]], Rounding]:
    """Areas by name with so few points that they take about `most` bytes, and how that was done.

    Rounding moves a point that two areas share to the same place in both, so that no gap opens between them. Where the
    coarsest step that nobody sees is not enough, points are left out, then small parts. No area is lost.
    """
    rings = [ring for polygons in areas.values() for polygon in polygons for ring in polygon]
    points = np.array([*chain.from_iterable(rings)])
    firsts = np.cumsum([0, *map(len, rings[:-1])])
    ways = list(_roundings(points))
    best = bisect_left(ways, -most, key=lambda how: -_bytes(points, firsts, how))
    how = ways[min(best, len(ways) - 1)]
    drawn = _rings(points, firsts, how)
    return {name: _rounded(polygons, drawn) or [_corners(polygons)] for name, polygons in areas.items()}, how


def _roundings(points: np.ndarray) -> Iterator[Rounding]:
    """Ways to round, the finest first."""
    extent = float(np.ptp(points, axis=0).max())
    steps = [step for step in STEPS if step <= extent / PARTS] or [STEPS[0]]
    yield from map(Rounding, steps)
    yield from (Rounding(steps[-1], every) for every in EVERY)
    yield from (Rounding(steps[-1], EVERY[-1], (extent / part) ** 2) for part in range(PARTS, 0, -10))


def _bytes(points: np.ndarray, firsts: np.ndarray, how: Rounding) -> int:
    """The bytes of rounded rings in JSON."""
    return len(_points(points, firsts, how)[0]) * (2 * (_decimals(how.step) + 1) + 10)


def _decimals(step: float) -> int:
    return max(0, -math.floor(math.log10(step) + 1e-9))


def _points(points: np.ndarray, firsts: np.ndarray, how: Rounding) -> tuple[np.ndarray, np.ndarray]:
    """The points of rounded rings, in steps, and how many are of each ring: none of one that has no area left.

    All rings are in one array, each from its place in `firsts` on: there can be fifty thousand.
    """
    points = np.round(np.clip(points, (-180, -POLE), (180, POLE)) / how.step)
    is_new = np.concatenate([[True], (points[1:] != points[:-1]).any(axis=1)])
    is_new[firsts] = True
    points, sizes = points[is_new], np.add.reduceat(is_new, firsts, dtype=np.int64)
    firsts = np.cumsum(sizes) - sizes
    x, y = (points - np.repeat(points[firsts], sizes, axis=0)).T
    # Twice the area of the triangle of the first point with each side; nothing between a ring and the next one.
    turns = np.append(x[:-1] * y[1:] - x[1:] * y[:-1], 0.0)
    is_drawn = (sizes >= FEWEST) & np.logical_or.reduceat(turns != 0, firsts)
    is_drawn &= np.abs(np.add.reduceat(turns, firsts) / 2) * how.step**2 >= how.least
    strides = np.maximum(1, np.minimum(how.every, (sizes - 1) // (FEWEST - 1)))
    places = np.arange(len(points)) - np.repeat(firsts, sizes)
    is_kept = (places % np.repeat(strides, sizes) == 0) | (places == np.repeat(sizes - 1, sizes))
    is_kept &= np.repeat(is_drawn, sizes)
    return points[is_kept], np.add.reduceat(is_kept, firsts, dtype=np.int64)


def _rings(points: np.ndarray, firsts: np.ndarray, how: Rounding) -> Iterator[Ring]:
    """The rounded rings in turn; an empty one has no area left."""
    kept, sizes = _points(points, firsts, how)
    drawn = map(tuple, np.round(kept * how.step, _decimals(how.step)).tolist())
    return (tuple(islice(drawn, size)) for size in sizes.tolist())


def _rounded(polygons: Sequence[Polygon], drawn: Iterator[Ring]) -> list[Polygon]:
    """Polygons of their rings as they are drawn, which come next."""
    found = []
    for polygon in polygons:
        outer, *holes = islice(drawn, len(polygon))
        if outer:
            found.append((outer, *filter(None, holes)))
    return sorted(found, key=lambda polygon: (-abs(area(polygon[0])), polygon))


def _corners(polygons: Sequence[Polygon]) -> Polygon:
    """The largest ring of an area, with few points."""
    ring = max((polygon[0] for polygon in polygons), key=lambda ring: (abs(area(ring)), ring))
    chosen = ring[:-1][:: max(1, math.ceil((len(ring) - 1) / CORNERS))]
    chosen = chosen if len(chosen) >= FEWEST - 1 else ring[:-1]
    points = [(round(x, 7), round(max(-POLE, min(y, POLE)), 7)) for x, y in chosen]
    return ((*points, points[0]),)


def area(ring: Ring) -> float:
    """The area of a ring in square degrees, negative if it is drawn clockwise."""
    x0, y0 = ring[0]
    return sum((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def label_point(polygon: Polygon) -> Point:
    """A point in a polygon: the middle of its widest part at the height of its middle."""
    ys = [y for _, y in polygon[0]]
    height = (min(ys) + max(ys)) / 2
    crossings = sorted(_crossings(polygon, height))
    spans = [(right - left, (left + right) / 2) for left, right in zip(crossings[::2], crossings[1::2], strict=False)]
    return (max(spans)[1], height) if spans else polygon[0][0]


def _crossings(polygon: Polygon, height: float) -> Iterator[float]:
    """Where the rings of a polygon cross a latitude."""
    for ring in polygon:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 <= height) != (y2 <= height):
                yield x1 + (x2 - x1) * (height - y1) / (y2 - y1)
