"""A grid over the customers' coordinates: the size of its cells, and the cells as a country of square regions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import pandas as pd

from core.countries.country import Borders, Country, OpeningView, Region
from core.countries.geometry import polygons
from core.countries.postcodes import PostcodeRule
from core.figures import exact
from core.views.map_view import Box

# A cell has at least this part of the extent of the customers, and is a kilometre high: it is counts of an area, never
# the place where somebody lives, whether small groups are hidden or not. At most 26 × 26 cells (`MOST`) are sent to a
# page: those with most customers, where some lie far beyond the others.
ACROSS: Final = 25
MOST: Final = (ACROSS + 1) ** 2
TURN: Final = 360.0  # degrees
LEAST: Final = 0.01  # degrees
MIDDLE: Final = (0.02, 0.98)  # quantiles: a few wrong coordinates must not make all cells large
STEEPEST: Final = 80.0  # degrees of latitude, beyond which cells are not made wider any more
ROUND: Final = (1, 2, 5, 10)
SPARE: Final = 0.5  # of the extent, at each end: what lies further out may be a swapped pair

Size = tuple[float, float]  # height and width of a cell, in degrees of latitude and longitude


def cells_of(customers: pd.DataFrame) -> Size | None:
    """The size of the cells for some customers, None where they have no coordinates."""
    there = {"latitude", "longitude"} <= {*customers}
    return cell_size(customers["latitude"], customers["longitude"]) if there else None


def cell_size(latitude: pd.Series, longitude: pd.Series) -> Size | None:
    """The size of the cells for the middle of some customers; None where nobody has both coordinates.

    The height is 1, 2 or 5 times a power of ten. The width is as long on the ground, to two figures.
    """
    known = pd.DataFrame({"latitude": latitude, "longitude": longitude}).dropna().astype("float64")
    if known.empty:
        return None
    kept, _ = split_swapped(known.assign(customers=1))
    south, north = np.quantile(kept["latitude"], MIDDLE)
    longitudes = kept["longitude"].to_numpy()
    west, east = np.quantile(longitudes % 360 if is_over_180(longitudes) else longitudes, MIDDLE)
    narrower = float(np.cos(np.radians(min(abs(south + north) / 2, STEEPEST))))
    least = max((north - south) / ACROSS, (east - west) * narrower / ACROSS, LEAST)
    power = 10.0 ** np.floor(np.log10(least))
    height = next(step * power for step in ROUND if step * power >= least * (1 - 1e-9))
    return float(f"{height:.6g}"), float(f"{height / narrower:.2g}")


def is_over_180(longitudes: np.ndarray) -> bool:
    """Whether the shorter way round from the first to the last, but for a few, is that over 180 degrees, as in Fiji."""
    if not len(longitudes):
        return False
    straight, around = (float(np.ptp(np.quantile(one, MIDDLE))) for one in (longitudes, longitudes % 360))
    return around < straight - 1


def split_swapped(cells: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cells, and those whose customers seem to have latitude and longitude in each other's place.

    These lie far from the middle of all customers, and the other way round they lie in it. `cells` has the columns
    latitude, longitude (edges) and customers.
    """
    if cells.empty:
        return cells, cells
    weights = cells["customers"].to_numpy()
    latitudes, longitudes = (cells[name].to_numpy("float64") for name in ("latitude", "longitude"))
    (south, north), (west, east) = _middle(latitudes, weights), _middle(longitudes, weights)

    def inside(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
        found: np.ndarray = (latitude >= south) & (latitude <= north) & (longitude >= west) & (longitude <= east)
        return found

    swapped = ~inside(latitudes, longitudes) & inside(longitudes, latitudes)
    return cells[~swapped], cells[swapped]


def _middle(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """The ends of the middle of weighted values, with room at both."""
    order = np.argsort(values, kind="stable")
    upto = np.cumsum(weights[order]) / weights.sum()
    ends = np.minimum(np.searchsorted(upto, [0.05, 0.95]), len(values) - 1)
    least, most = values[order][ends].tolist()
    spare = max((most - least) * SPARE, 1.0)
    return least - spare, most + spare


@dataclass(frozen=True, eq=False, kw_only=True)
class Grid(Country):
    """The cells of a grid as the regions of a country, so that a map draws them as it draws states.

    `size` is that of a cell, `edges` has the south-western corner of each by its code. `under` is the country, or the
    world, whose borders are drawn below. With `over_180` the cells of the west are drawn to the east of 180 degrees.
    """

    size: Size
    edges: Mapping[str, tuple[float, float]]
    under: Country
    over_180: bool = False

    @cached_property
    def borders(self) -> Borders:
        """Each cell with its square."""
        height, width = self.size
        cells = ((code, south, west, TURN * (self.over_180 and west < 0)) for code, (south, west) in self.edges.items())
        return tuple(_cell(*cell, height, width) for cell in cells)

    def drawn(self, states: Mapping[str, float] | Iterable[str]) -> Borders:
        """The cells among the states."""
        wanted = {*states}
        return tuple((region, geometry) for region, geometry in self.borders if region.code in wanted)

    def ground(self, room: float) -> tuple[Mapping[str, Any], ...]:
        """The borders below the grid and around it, as far as `room` times its extent, as geometries."""
        box = _box_of(self, room)
        beyond = replace(box, west=box.west - TURN, east=box.east - TURN)
        turned = within(self.under.borders, beyond) if box.east > TURN / 2 else ()
        return *within(self.under.borders, box), *(_turned(one) for one in turned)


def grid_of(cells: pd.DataFrame, size: Size, country: Country) -> Grid:
    """The grid of cells with their `state` (code), latitude and longitude, over the borders of a country."""
    rows = cells[["state", "latitude", "longitude"]].itertuples(index=False, name=None)
    over = is_over_180(cells["longitude"].to_numpy("float64"))
    return Grid(
        code="grid", name="the grid", currency="", view=OpeningView(0.0, 0.0, 0.0), postcodes=PostcodeRule(),
        folder=country.folder, region="Square", size=size, edges={code: (south, west) for code, south, west in rows},
        under=country, over_180=over,
    )  # fmt: skip


def within(borders: Borders, box: Box) -> tuple[Mapping[str, Any], ...]:
    """The parts of the borders that lie in a box: the world is too large for a page, and mostly out of view."""
    found = ([_clipped(polygon[0], box) for polygon in polygons(geometry)] for _, geometry in borders)
    rings = ([[ring] for ring in one if len(ring) > 3] for one in found)
    return tuple({"type": "MultiPolygon", "coordinates": one} for one in rings if one)


def _turned(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """A geometry once around the earth, to the east."""
    rings = [[[[x + TURN, y] for x, y, *_ in ring] for ring in polygon] for polygon in polygons(geometry)]
    return {"type": "MultiPolygon", "coordinates": rings}


def _box_of(grid: Grid, room: float) -> Box:
    """The box of a grid with room around it."""
    corners = np.array([polygon[0] for _, geometry in grid.borders for polygon in polygons(geometry)]).reshape(-1, 2)
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    more = max(east - west, north - south) * room
    return Box(float(west - more), float(south - more), float(east + more), float(north + more))


def _clipped(ring: Sequence[Sequence[float]], box: Box) -> list[Sequence[float]]:
    """The part of a ring in a box (Sutherland and Hodgman, "Reentrant polygon clipping", 1974)."""
    points: list[Sequence[float]] = [*ring[:-1]]
    for axis, bound, sign in ((0, box.west, 1), (0, box.east, -1), (1, box.south, 1), (1, box.north, -1)):
        kept: list[Sequence[float]] = []
        for one, other in zip([*points[-1:], *points[:-1]], points, strict=True):
            inside = [sign * (point[axis] - bound) >= 0 for point in (one, other)]
            if inside[0] != inside[1]:
                part = (bound - one[axis]) / (other[axis] - one[axis])
                kept.append([round(a + part * (b - a), 3) for a, b in zip(one[:2], other[:2], strict=True)])
            if inside[1]:
                kept.append(other)
        points = kept
    return [*points, *points[:1]]


def _cell(
    code: str, south: float, west: float, turn: float, height: float, width: float
) -> tuple[Region, dict[str, Any]]:
    """A cell as far as the earth goes; its square is drawn `turn` degrees further east."""
    (south, north), (west, east) = _ends(south, height, 90.0), _ends(west, width, 180.0)
    name = f"{_degrees(south, north, 'NS')}, {_degrees(west, east, 'EW')}"
    west, east = west + turn, east + turn
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    region = Region(code, name, (west + east) / 2, (south + north) / 2)
    return region, {"type": "Polygon", "coordinates": [corners]}


def _ends(low: float, size: float, most: float) -> tuple[float, float]:
    """The ends of a cell within ±most; the last one can begin at the end of the earth."""
    low = most - size if low >= most else low
    return max(low, -most), min(float(f"{low + size:.8g}"), most)


def _degrees(low: float, high: float, letters: str) -> str:
    """`"52.4–52.6° N"`; on both sides of 0 the numbers keep their signs."""
    if low < 0 < high:
        return f"{_plain(low)} to {_plain(high)}° {letters[0]}".replace("-", "−")
    near, far = sorted((abs(low), abs(high)))
    return f"{_plain(near)}–{_plain(far)}° {letters[high <= 0]}"


def _plain(degrees: float) -> str:
    """`"52.4"`, to six figures."""
    return exact(float(f"{degrees:g}"))
