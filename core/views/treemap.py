"""The layout of a treemap of two levels."""

from typing import Any

import pandas as pd
import squarify

from core.schema import CLUSTER
from core.views.palette import colour, ink_on

# Tiles are laid out in a square of this side and stretched to the room the chart gets.
SIDE = 100.0
TILE_WITH_TEXT = (11.0, 4.5)  # smallest width and height of a tile with room for a label
TILE_WITH_TURNED_TEXT = (4.0, 6.5)  # … for a label that is turned by 90 degrees
SEGMENT_SEAM, TILE_SEAM = 0.15, 0.08


def tiles(table: pd.DataFrame, inner: str) -> pd.DataFrame:
    """Lay out clusters, and within each the values of `inner`, with areas by customers.

    Squarified (Bruls, Huizing and van Wijk, "Squarified treemaps", 2000).

    Returns
    -------
    DataFrame
        Cluster, inner (the value), customers, share (of the cluster), x, y, x2, y2 (0 to `SIDE`, y
        downwards), text (empty where there is no room), turned (the text where there is room for it downwards only),
        ink (the text's colour).
    """
    parts: dict[str, list[tuple[str, int]]] = {}
    largest_first = table.sort_values("customers", ascending=False, kind="stable")
    for cluster, value, customers in zip(*(largest_first[name] for name in (CLUSTER, inner, "customers")), strict=True):
        parts.setdefault(str(cluster), []).append((str(value), int(customers)))
    totals = {cluster: sum(customers for _, customers in parts[cluster]) for cluster in sorted(parts)}
    clusters = sorted(totals, key=lambda cluster: -totals[cluster])
    outside = _squares([totals[cluster] for cluster in clusters], (0.0, 0.0, SIDE, SIDE))
    rows: list[dict[str, Any]] = []
    for cluster, outer in zip(clusters, outside, strict=True):
        inside = _squares([customers for _, customers in parts[cluster]], _shrink(outer, SEGMENT_SEAM))
        for (value, customers), tile in zip(parts[cluster], inside, strict=True):
            row = {CLUSTER: cluster, "inner": value, "customers": customers, "share": customers / totals[cluster]}
            rows.append(row | _corners(tile) | _texts(value, tile) | {"ink": ink_on(colour(cluster))})
    return pd.DataFrame(rows)


Box = tuple[float, float, float, float]  # left, top, width, height


def _squares(sizes: list[int], box: Box) -> list[Box]:
    left, top, width, height = box
    areas = squarify.normalize_sizes(sizes, width, height)
    return [
        (tile["x"], tile["y"], tile["dx"], tile["dy"]) for tile in squarify.squarify(areas, left, top, width, height)
    ]


def _shrink(box: Box, seam: float) -> Box:
    left, top, width, height = box
    across, down = min(seam, width / 4), min(seam, height / 4)
    return left + across, top + down, width - 2 * across, height - 2 * down


def _corners(box: Box) -> dict[str, float]:
    left, top, width, height = _shrink(box, TILE_SEAM)
    return {"x": left, "y": top, "x2": left + width, "y2": top + height}


def _texts(value: str, box: Box) -> dict[str, str]:
    """The label across the tile, or down it, or none."""
    across, down = (box[2] >= room[0] and box[3] >= room[1] for room in (TILE_WITH_TEXT, TILE_WITH_TURNED_TEXT))
    return {"text": value if across else "", "turned": value if down and not across else ""}
