"""Coordinates of areas: read from JSON, drawn with fewer points, and the point where a label stands."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
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
CORNERS: Final = 12  # points of a territory that is too small to be drawn exactly


class ShapeError(Exception):
    """Coordinates that are no area; the message goes on from "feature 7"."""


def polygons_of(kind: str, coordinates: Any, most: int) -> list[Polygon]:
    """The polygons of a Polygon's or MultiPolygon's coordinates; reading ends soon after `most` points.

    Raises
    ------
    ShapeError
        Coordinates that are no numbers, or a ring of fewer than three different points.
    """
    found, points = [], 0
    for part in [coordinates] if kind == "Polygon" else _list(coordinates):
        rings = []
        for ring in _list(part):
            rings.append(_ring(_list(ring)[: most + 1]))
            points += len(rings[-1])
            if points >= most:
                break
        if rings:
            found.append(tuple(rings))
        if points >= most:
            break
    if not found:
        raise ShapeError("has an area without coordinates")
    return found


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
    if len({*ring}) < FEWEST - 1:
        raise ShapeError(f"has a ring of {len({*ring})} different points; an area has at least three")
    return ring if ring[0] == ring[-1] else (*ring, ring[0])


def drawable(areas: Mapping[str, Sequence[Polygon]], most: int = MOST_DRAWN) -> tuple[dict[str, list[Polygon]], float]:
    """Areas by name with rounded points, so many that they take at most `most` bytes; and the step of rounding.

    Rounding moves a point that two areas share to the same place in both, so that no gap opens between them. Parts
    smaller than a step vanish, but of every area something is left.
    """
    rings = [np.array(ring) for polygons in areas.values() for polygon in polygons for ring in polygon]
    step = next((step for step in STEPS if sum(_bytes(ring, step) for ring in rings) <= most), STEPS[-1])
    return {name: _rounded(polygons, step) or [_corners(polygons)] for name, polygons in areas.items()}, step


def _bytes(ring: np.ndarray, step: float) -> int:
    """The bytes of a rounded ring in JSON."""
    kept = _kept(np.round(ring / step))
    decimals = _decimals(step)
    return len(kept) * (2 * (decimals + 1) + 10) if len(kept) >= FEWEST else 0


def _decimals(step: float) -> int:
    return max(0, -math.floor(math.log10(step) + 1e-9))


def _kept(points: np.ndarray) -> np.ndarray:
    """The points without those that are the same as the one before."""
    return np.asarray(points[np.concatenate([[True], (points[1:] != points[:-1]).any(axis=1)])])


def _rounded(polygons: Sequence[Polygon], step: float) -> list[Polygon]:
    found = []
    for polygon in polygons:
        outer, *holes = (_rounded_ring(ring, step) for ring in polygon)
        if outer:
            found.append((outer, *filter(None, holes)))
    return sorted(found, key=lambda polygon: (-abs(area(polygon[0])), polygon))


def _rounded_ring(ring: Ring, step: float) -> Ring:
    """A ring with rounded points; none if it has no area left."""
    points = np.clip(np.array(ring), (-180, -POLE), (180, POLE))
    kept = _kept(np.round(points / step))
    if len(kept) < FEWEST or not np.any(np.linalg.norm(_turns(kept))):
        return ()
    return tuple((float(x), float(y)) for x, y in np.round(kept * step, _decimals(step)).tolist())


def _turns(points: np.ndarray) -> np.ndarray:
    """Twice the area of the triangle of the first point with each side."""
    x, y = (points - points[0]).T
    return np.asarray(x[:-1] * y[1:] - x[1:] * y[:-1])


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
