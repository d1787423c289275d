"""What part of the world a map shows: its middle and zoom, by the borders that are drawn and the size of the card."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import asinh, atan, degrees, log2, pi, radians, sinh, tan
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from core.countries.country import Borders, OpeningView

WIDTH, HEIGHT = 336, 380  # pixels of the map on a phone: wider ones show more to the sides
MARGIN: Final = 12  # pixels at each side
WORLD_PIXELS: Final = 512  # width of the world at zoom 0
FURTHEST: Final = 85.0  # degrees of latitude that the projection shows
NEARER: Final = 3.0  # how much a selection may zoom in on the whole
ROOM: Final = 2.0  # a selection is shown with as much again around it
FAR: Final = 0.25  # a region that would make the map smaller by this zoom is far from the others
MOST_FAR: Final = 0.1  # of the regions may be left out of the opening view


@dataclass(frozen=True)
class Box:
    """Longitudes and latitudes, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def __or__(self, other: "Box") -> "Box":
        """The box around both."""
        return Box(
            min(self.west, other.west), min(self.south, other.south),
            max(self.east, other.east), max(self.north, other.north),
        )  # fmt: skip


def opening_view(drawn: Borders, focus: Collection[str] = (), *, otherwise: OpeningView) -> OpeningView:
    """The view that fits the regions in `focus`, else all but a few that lie far from the others.

    Those are within reach by moving the map. `otherwise` is the view where nothing is drawn.
    """
    boxes = {region.code: _box(geometry) for region, geometry in drawn}
    if not boxes:
        return otherwise
    whole = _view(_main(list(boxes.values())))
    chosen = [boxes[code] for code in focus if code in boxes]
    if not chosen:
        return whole
    near = _view(reduce(Box.__or__, chosen))
    roomy = max(near.zoom - log2(ROOM) / 2, min(near.zoom, whole.zoom))
    return OpeningView(near.latitude, near.longitude, _rounded(min(roomy, whole.zoom + NEARER)))


def _main(boxes: Sequence[Box]) -> Box:
    """The box of the regions that touch each other, and of those that hardly make it larger; else that of all."""
    everything = reduce(Box.__or__, boxes)
    main, far = _largest_group(boxes)
    while near := [box for box in far if _zoom(main) - _zoom(main | box) < FAR]:
        main = reduce(Box.__or__, near, main)
        far = [box for box in far if box not in near]
    return main if len(far) <= max(1, MOST_FAR * len(boxes)) else everything


def _largest_group(boxes: Sequence[Box]) -> tuple[Box, list[Box]]:
    """The box around the most regions that touch each other, directly or by others, and the other boxes."""
    west, south, east, north = np.array([(box.west, box.south, box.east, box.north) for box in boxes]).T
    beside = (west[:, None] <= east) & (west <= east[:, None])
    touching = beside & (south[:, None] <= north) & (south <= north[:, None])
    _, group = connected_components(csr_array(touching), directed=False)
    inside = group == np.bincount(group).argmax()
    main = Box(
        float(west[inside].min()), float(south[inside].min()), float(east[inside].max()), float(north[inside].max())
    )
    return main, [box for box, within in zip(boxes, inside, strict=True) if not within]


def _box(geometry: Mapping[str, Any]) -> Box:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    sides = [tuple(zip(*polygon[0], strict=True)) for polygon in polygons]
    xs, ys = ([value for side in sides for value in side[axis]] for axis in (0, 1))
    return Box(min(xs), min(ys), max(xs), max(ys))


def _view(box: Box) -> OpeningView:
    middle = degrees(atan(sinh((_height(box.north) + _height(box.south)) / 2)))
    return OpeningView(round(middle, 4), round((box.west + box.east) / 2, 4), _rounded(_zoom(box)))


def _zoom(box: Box) -> float:
    wide = max((box.east - box.west) / 360, 1e-6) * WORLD_PIXELS
    high = max((_height(box.north) - _height(box.south)) / (2 * pi), 1e-6) * WORLD_PIXELS
    return min(log2((WIDTH - 2 * MARGIN) / wide), log2((HEIGHT - 2 * MARGIN) / high))


def _height(latitude: float) -> float:
    """The height of a latitude in the Mercator projection."""
    return asinh(tan(radians(max(-FURTHEST, min(FURTHEST, latitude)))))


def _rounded(zoom: float) -> float:
    return round(zoom, 2)
