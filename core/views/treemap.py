"""The layout of a treemap of two levels."""

from itertools import accumulate, pairwise
from typing import Any

import pandas as pd
import squarify

from core.schema import CLUSTER, NO_SEGMENT
from core.views.palette import ink_of

# Tiles are laid out in a square of this side and stretched to the room the chart gets.
SIDE = 100.0
TALL = 2.2  # height of the room to its width on a page, for which the tiles are squarish
NUMBERS = 7.0  # … beside which this much is left for the numbers of the segments
TILE_WITH_TEXT = (6.0, 3.5)  # smallest width and height of a tile with room for a label
BAND_WITH_NUMBER = 2.5  # smallest height of a band with room for its segment's number
SEGMENT_SEAM, TILE_SEAM = 0.15, 0.08


def tiles(table: pd.DataFrame, inner: str) -> pd.DataFrame:
    """Lay out clusters in bands, in their order from above, and within each the values of `inner`, areas by customers.

    The tiles of a band are squarified (Bruls, Huizing and van Wijk, "Squarified treemaps", 2000).

    Returns
    -------
    DataFrame
        Cluster, inner (the value), customers, share (of the cluster), x, y, x2, y2 (0 to `SIDE`, y
        downwards), text (empty where there is no room), ink (the text's colour, empty on a hollow tile), number (the
        segment's, at the first tile of its band).
    """
    parts: dict[str, list[tuple[str, int]]] = {}
    largest_first = table.sort_values("customers", ascending=False, kind="stable")
    for cluster, value, customers in zip(*(largest_first[name] for name in (CLUSTER, inner, "customers")), strict=True):
        parts.setdefault(str(cluster), []).append((str(value), int(customers)))
    totals = {cluster: sum(customers for _, customers in parts[cluster]) for cluster in sorted(parts)}
    clusters = [str(cluster) for cluster in table[CLUSTER].astype("category").cat.categories if str(cluster) in totals]
    rows: list[dict[str, Any]] = []
    for cluster, outer in zip(clusters, _bands([totals[cluster] for cluster in clusters]), strict=True):
        inside = _squares([customers for _, customers in parts[cluster]], _shrink(outer, SEGMENT_SEAM))
        for (value, customers), tile in zip(parts[cluster], inside, strict=True):
            row = {CLUSTER: cluster, "inner": value, "customers": customers, "share": customers / totals[cluster]}
            rows.append(row | _corners(tile) | {"text": _text(value, tile), "ink": ink_of(cluster), "number": ""})
        if outer[3] >= BAND_WITH_NUMBER:
            rows[-len(inside)]["number"] = "–" if cluster in NO_SEGMENT else cluster
    return pd.DataFrame(rows)


Box = tuple[float, float, float, float]  # left, top, width, height


def _bands(sizes: list[int]) -> list[Box]:
    """One box below the other, of the whole width."""
    edges = [SIDE * edge / sum(sizes) for edge in accumulate(sizes, initial=0)]
    return [(0.0, top, SIDE, bottom - top) for top, bottom in pairwise(edges)]


def _squares(sizes: list[int], box: Box) -> list[Box]:
    left, top, width, height = box
    areas = squarify.normalize_sizes(sizes, width, TALL * height)
    tiles = squarify.squarify(areas, left, TALL * top, width, TALL * height)
    return [(tile["x"], tile["y"] / TALL, tile["dx"], tile["dy"] / TALL) for tile in tiles]


def _shrink(box: Box, seam: float) -> Box:
    left, top, width, height = box
    across, down = min(seam, width / 4), min(seam, height / 4)
    return left + across, top + down, width - 2 * across, height - 2 * down


def _corners(box: Box) -> dict[str, float]:
    left, top, width, height = _shrink(box, TILE_SEAM)
    return {"x": left, "y": top, "x2": left + width, "y2": top + height}


def _text(value: str, box: Box) -> str:
    return value if box[2] >= TILE_WITH_TEXT[0] and box[3] >= TILE_WITH_TEXT[1] else ""
