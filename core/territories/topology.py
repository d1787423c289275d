"""TopoJSON: arcs that territories share → the coordinates of each (github.com/topojson/topojson-specification)."""

from collections.abc import Iterator, Sequence
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


def unfolded(geometry: Any, arcs: Arcs, most: int, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The GeoJSON features of an object of a topology: each geometry of a collection is one."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "GeometryCollection" and depth < DEEPEST:
        parts = geometry.get("geometries")
        for part in parts if isinstance(parts, list) else ():
            yield from unfolded(part, arcs, most, depth + 1)
        return
    if not isinstance(geometry, dict):
        yield {}
        return
    own = {name: geometry[name] for name in ("id", "properties") if name in geometry}
    yield {"geometry": {"type": kind, "coordinates": _coordinates(kind, geometry.get("arcs"), arcs, most)}} | own


def _coordinates(kind: Any, indexes: Any, arcs: Arcs, most: int) -> list[Any] | None:
    """The coordinates of a polygon or several; None where they cannot be put together."""
    polygons = [indexes] if kind == "Polygon" else indexes
    found: list[list[list[Point]]] = []
    try:
        for polygon in polygons:
            found.append([])
            for ring in polygon:
                found[-1].append(_stitched(ring, arcs, most))
                most -= len(found[-1][-1])
                if most <= 0:
                    break
    except (TypeError, ValueError, IndexError):
        return None
    return found[0] if kind == "Polygon" and found else found


def _stitched(ring: Sequence[Any], arcs: Arcs, most: int) -> list[Point]:
    """The positions of arcs one after the other, in which one begins where the other ends; ~n is arc n backwards."""
    positions: list[Point] = []
    for one in ring:
        index = int(one)
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        positions.extend(arc[1:] if positions else arc)
        if len(positions) > most:
            break
    return positions
