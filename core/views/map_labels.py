"""What stands on the regions of a map: a short code, else the name where it fits, else what is short for it."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import pandas as pd

from core.countries.country import Borders, Region
from core.countries.geometry import polygons
from core.views.map_view import WORLD_PIXELS

LONGEST_CODE: Final = 3  # characters; the tooltip has the name
LETTER: Final = 7  # pixels: width of a character
HEIGHT: Final = 11  # of a label


class Label(NamedTuple):
    """A text at the point of a region."""

    region: Region
    text: str


def labelled(drawn: Borders, zoom: float, states: pd.DataFrame) -> list[Label]:
    """The labels that do not cover each other: of the regions with most customers first, then of the largest.

    Parameters
    ----------
    drawn : Borders
        The regions of the map.
    zoom : float
        Of the map, from which follows how many pixels a degree has.
    states : DataFrame
        The customers that are shown, by `state`. Only their regions have an abbreviation where a name does not fit.
    """
    pixels = WORLD_PIXELS * 2**zoom / 360  # a degree
    customers = dict(zip(states["state"].astype("str"), states["customers"].fillna(0), strict=True))
    sizes = {region.code: _size(geometry) for region, geometry in drawn}
    twice = Counter(abbreviated(region.name) for region, _ in drawn)  # of two regions it tells neither
    kept: list[Label] = []
    for region, _ in sorted(drawn, key=lambda one: (-customers.get(one[0].code, 0), -sizes[one[0].code][1])):
        short = abbreviated(region.name) if region.code in customers else ""
        texts = _texts(region, sizes[region.code][0] * pixels, short if twice[short] == 1 else "")
        free = (Label(region, text) for text in texts)
        kept += [label for label in free if not any(_cover(label, other, pixels) for other in kept)][:1]
    return kept


def abbreviated(name: str) -> str:
    """`"North Rhine-Westphalia"` → `"NRW"`, `"Saarland"` → `"Saa."`; empty for what does not begin with a letter."""
    capitals = "".join(word[0] for word in re.split(r"[\s-]+", name) if word[:1].isupper())
    if 1 < len(capitals) <= LONGEST_CODE:
        return capitals
    return f"{name[:LONGEST_CODE]}." if name[:1].isalpha() else ""


def _texts(region: Region, room: float, short: str) -> list[str]:
    """What can stand on a region that is so many pixels wide, the best first."""
    if len(region.code) <= LONGEST_CODE and " " not in region.code:  # the code of a square is two numbers
        return [region.code]
    name = region.name if len(region.name) * LETTER <= room else ""
    return [text for text in (name, short) if text]


def _cover(one: Label, other: Label, pixels: float) -> bool:
    """Whether two labels cover each other where a degree has so many pixels."""
    wide, high = (len(one.text) + len(other.text)) / 2 * LETTER, HEIGHT
    near = abs(one.region.longitude - other.region.longitude) * pixels < wide
    return near and abs(one.region.latitude - other.region.latitude) * pixels < high


def _size(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """The width of a region's largest part, in degrees, and the size of the box around it, in square degrees."""
    sides = (tuple(zip(*polygon[0], strict=True)) for polygon in polygons(geometry))
    boxes = ((max(xs) - min(xs), max(ys) - min(ys)) for xs, ys in sides)
    width, height = max(boxes, key=lambda box: box[0] * box[1])
    return float(width), float(width * height)
