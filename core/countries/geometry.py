"""The geometry of regions (GeoJSON)."""

from collections.abc import Mapping, Sequence
from typing import Any


def polygons(geometry: Mapping[str, Any]) -> Sequence[Any]:
    """The polygons of a Polygon or MultiPolygon, each the rings of its coordinates: the outer one first."""
    found: Sequence[Any] = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return found
