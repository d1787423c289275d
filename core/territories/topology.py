"""TopoJSON: arcs that territories share → the coordinates of each (github.com/topojson/topojson-specification)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from core.territories.rings import Point, ShapeError, point

Arcs = Sequence[Sequence[Point]]
DEEPEST: Final = 4  # levels of collections in each other


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """The arcs of a topology in its coordinates.

    Raises
    ------
    ShapeError
        An arc, or the transform, is not what the specification says.
    """
    transform = topology.get("transform")
    scale = shift = None
    if transform is not None:
        if not isinstance(transform, dict):
            raise ShapeError("has a transform that cannot be read")
        scale, shift = point(transform.get("scale")), point(transform.get("translate"))
    arcs = topology.get("arcs")
    found: list[list[Point]] = []
    for arc in arcs if isinstance(arcs, list) else ():
        if not isinstance(arc, list):
            raise ShapeError("is no list of positions")
        positions = list(map(point, arc))
        found.append(_placed(positions, scale, shift) if scale and shift else positions)
    return found


def _placed(deltas: Sequence[Point], scale: Point, shift: Point) -> list[Point]:
    """The positions of an arc whose points are steps from the one before, in whole units."""
    placed, x, y = [], 0.0, 0.0
    for right, up in deltas:
        x, y = x + right, y + up
        placed.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
    return placed


def unfolded(geometry: Any, arcs: Arcs, check: Callable[[int], None], depth: int = 0) -> Iterator[dict[str, Any]]:
    """The GeoJSON features of an object of a topology: each geometry of a collection is one.

    `check` is told how many points an area has before they are put together: a few bytes can name an arc many times.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "GeometryCollection" and depth < DEEPEST:
        parts = geometry.get("geometries")
        for part in parts if isinstance(parts, list) else ():
            yield from unfolded(part, arcs, check, depth + 1)
        return
    if not isinstance(geometry, dict):
        yield {}
        return
    own = {name: geometry[name] for name in ("id", "properties") if name in geometry}
    yield {"geometry": {"type": kind, "coordinates": _coordinates(kind, geometry.get("arcs"), arcs, check)}} | own


def _coordinates(kind: Any, indexes: Any, arcs: Arcs, check: Callable[[int], None]) -> list[Any] | None:
    """The coordinates of a polygon or several; None where they cannot be put together."""
    if kind not in ("Polygon", "MultiPolygon"):
        return None
    try:
        polygons = [
            [[*map(int, ring)] for ring in polygon] for polygon in ([indexes] if kind == "Polygon" else indexes)
        ]
        check(sum(len(arcs[max(one, ~one)]) for polygon in polygons for ring in polygon for one in ring))
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    found = [[_stitched(ring, arcs) for ring in polygon] for polygon in polygons]
    return found[0] if kind == "Polygon" else found


def _stitched(ring: Sequence[int], arcs: Arcs) -> list[Point]:
    """The positions of arcs one after the other, in which one begins where the other ends; ~n is arc n backwards."""
    positions: list[Point] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        positions.extend(arc[1:] if positions else arc)
    return positions
