"""What part of the world a map shows: its middle and zoom, by the borders that are drawn and the size of the card."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import asinh, atan, ceil, degrees, log2, pi, radians, sinh, tan
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from core.countries.country import Borders, OpeningView
from core.countries.geometry import polygons

# Pixels of the smallest map, as on a phone or a laptop, over a legend without bubbles: larger ones show more around.
WIDTH, HEIGHT = 320, 232
BUBBLES_HIGH: Final = 52  # pixels that the legend of bubbles takes of the height
MARGIN: Final = 12  # pixels at each side
WORLD_PIXELS: Final = 512  # width of the world at zoom 0
LEAST_ZOOM: Final = log2(HEIGHT / WORLD_PIXELS)  # the world fills the height
FURTHEST: Final = 85.0  # degrees of latitude that the projection shows
NEARER: Final = 3.0  # how much a selection may zoom in on the whole
SMALL_PART: Final = 1.0  # zoom from which on a part is small: the whole is twice as wide
ROOM: Final = 2.0  # a selection is shown with as much again around it
FAR: Final = 0.25  # a region that would make the map smaller by this zoom is far from the others
MOST_FAR: Final = 0.1  # of the regions may be left out of the opening view
WIDE: Final = 30.0  # degrees of longitude from which on a region may have parts overseas
SPECK: Final = 1 / 500  # of the largest region: a smaller one without customers does not move the map
VERY_FAR, MOST_AREA_FAR = 1.0, 0.2  # the same of its parts: zoom, part of its area


@dataclass(frozen=True)
class Box:
    """Longitudes and latitudes, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def area(self) -> float:
        """In square degrees."""
        return (self.east - self.west) * (self.north - self.south)

    def __or__(self, other: "Box") -> "Box":
        """The box around both."""
        return Box(
            min(self.west, other.west), min(self.south, other.south),
            max(self.east, other.east), max(self.north, other.north),
        )  # fmt: skip


def views(
    drawn: Borders, focus: Collection[str] = (), *, occupied: Collection[str] = (), otherwise: OpeningView
) -> tuple[OpeningView, OpeningView]:
    """The view that fits all regions, and the one that fits those in `focus` with room around them.

    Without a focus it fits those with customers (`occupied`) if they are a small part of the whole, else all. A few
    regions that lie far from the others, or tiny ones without customers, are within reach by moving the map.
    `otherwise` is both where nothing is drawn.
    """
    boxes = {region.code: _box(geometry) for region, geometry in drawn}
    if not boxes:
        return otherwise, otherwise
    whole = _view(_main(_without_specks(boxes, occupied)))
    chosen = [boxes[code] for code in focus or occupied if code in boxes]
    if not chosen:
        return whole, whole
    near = _view(_main(chosen, least=0))
    if not focus and near.zoom < whole.zoom + SMALL_PART:
        return whole, whole
    roomy = max(near.zoom - log2(ROOM) / 2, min(near.zoom, whole.zoom))
    return whole, replace(near, zoom=_rounded(min(roomy, whole.zoom + NEARER)))


def above_bubbles(view: OpeningView) -> OpeningView:
    """A view that fits a map that is lower by the legend of its bubbles."""
    room = HEIGHT - 2 * MARGIN
    return replace(view, zoom=_rounded(view.zoom + log2((room - BUBBLES_HIGH) / room)))


def _without_specks(boxes: Mapping[str, Box], occupied: Collection[str]) -> list[Box]:
    """The boxes of all regions but tiny ones without customers, such as islands; all where nobody's region is known."""
    least = SPECK * max(box.area for box in boxes.values())
    known = not {*occupied}.isdisjoint(boxes)
    return [box for code, box in boxes.items() if not known or code in occupied or box.area >= least]


def _main(boxes: Sequence[Box], least: int = 1) -> Box:
    """The box of all regions but a few that lie far from the others; `least` may be left out of however few."""
    main, far = _without_far(boxes, [1.0] * len(boxes), FAR)
    return main if len(far) <= max(least, MOST_FAR * len(boxes)) else reduce(Box.__or__, boxes)


def _without_far(boxes: Sequence[Box], weights: Sequence[float], far_by: float) -> tuple[Box, list[Box]]:
    """The box of the largest group that touch each other, and of those hardly beyond; the boxes that are far."""
    main, far = _largest_group(boxes, weights)
    while near := [box for box in far if _zoom(main) - _zoom(main | box) < far_by]:
        main = reduce(Box.__or__, near, main)
        far = [box for box in far if box not in near]
    return main, far


def _largest_group(boxes: Sequence[Box], weights: Sequence[float]) -> tuple[Box, list[Box]]:
    """The box around the heaviest group that touch each other, directly or by others, and the other boxes."""
    west, south, east, north = np.array([(box.west, box.south, box.east, box.north) for box in boxes]).T
    beside = (west[:, None] <= east) & (west <= east[:, None])
    touching = beside & (south[:, None] <= north) & (south <= north[:, None])
    _, group = connected_components(csr_array(touching), directed=False)
    inside = group == np.bincount(group, weights).argmax()
    ends = west[inside].min(), south[inside].min(), east[inside].max(), north[inside].max()
    return Box(*map(float, ends)), [box for box, within in zip(boxes, inside, strict=True) if not within]


def _box(geometry: Mapping[str, Any]) -> Box:
    """The box of a region, without small parts on the other side of the world."""
    sides = [tuple(zip(*polygon[0], strict=True)) for polygon in polygons(geometry)]
    parts = [Box(min(xs), min(ys), max(xs), max(ys)) for xs, ys in sides]
    everything = reduce(Box.__or__, parts)
    if everything.east - everything.west < WIDE:
        return everything
    areas = [part.area for part in parts]
    main, far = _without_far(parts, areas, VERY_FAR)
    return main if sum(part.area for part in far) <= MOST_AREA_FAR * sum(areas) else everything


def _view(box: Box) -> OpeningView:
    zoom = _rounded(max(_zoom(box), LEAST_ZOOM))
    # Beyond the poles there is nothing: the background would end there.
    most = max(0.0, pi - pi * HEIGHT / (WORLD_PIXELS * 2**zoom))
    middle = max(-most, min(most, (_height(box.north) + _height(box.south)) / 2))
    return OpeningView(round(degrees(atan(sinh(middle))), 4), round((box.west + box.east) / 2, 4), zoom)


def _zoom(box: Box) -> float:
    wide = max((box.east - box.west) / 360, 1e-6) * WORLD_PIXELS
    high = max((_height(box.north) - _height(box.south)) / (2 * pi), 1e-6) * WORLD_PIXELS
    return min(log2((WIDTH - 2 * MARGIN) / wide), log2((HEIGHT - 2 * MARGIN) / high))


def _height(latitude: float) -> float:
    """The height of a latitude in the Mercator projection."""
    return asinh(tan(radians(max(-FURTHEST, min(FURTHEST, latitude)))))


def _rounded(zoom: float) -> float:
    return ceil(zoom * 100) / 100
