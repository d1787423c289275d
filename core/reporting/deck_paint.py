"""Colours and sizes of a deck: those of the theme where it has them, so that a bank's template gives the colours."""

from typing import Any, Final

from core.schema import NO_SEGMENT
from core.views.palette import CLUSTER_COLOURS, NEUTRAL, PAIR

ACCENTS: Final = 6
LATER: Final = 0.45  # how much paler the accents are in their second turn


def paint(fill: Any, cluster: str, *, own: bool) -> None:
    """Fill in the colour of a segment: an accent of the theme, so that a bank's template gives the colours."""
    from pptx.enum.dml import MSO_THEME_COLOR

    fill.solid()
    if cluster in NO_SEGMENT or not cluster.isdecimal():
        fill.fore_color.rgb = rgb(NEUTRAL.get(cluster, PAIR[1]))
        return
    turn, at = divmod((int(cluster) - 1) % len(CLUSTER_COLOURS), ACCENTS)
    if turn and own:
        fill.fore_color.rgb = rgb(CLUSTER_COLOURS[at + ACCENTS])
        return
    fill.fore_color.theme_color = MSO_THEME_COLOR[f"ACCENT_{at + 1}"]
    if turn:
        fill.fore_color.brightness = LATER


def ink(font: Any) -> None:
    """The colour of the theme's texts."""
    from pptx.enum.dml import MSO_THEME_COLOR

    font.color.theme_color = MSO_THEME_COLOR.TEXT_1


def white(font: Any) -> None:
    """White, for a text on a segment's colour."""
    font.color.rgb = rgb("#ffffff")


def rgb(colour: str) -> Any:
    """`#0066ee` as python-pptx has it."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.lstrip("#").upper())


def points(size: float) -> Any:
    """Points as python-pptx has them."""
    from pptx.util import Pt

    return Pt(size)
