"""Layouts of a template that were drawn for slides of another size: their placeholders are moved to fill the slides."""

from collections.abc import Iterator
from typing import Any, Final

from core.reporting.deck_xml import found

LEAST: Final = 0.85  # of the slide: where all that is drawn ends before, it was drawn for a smaller one
# A place in whole EMU: those with a unit, such as `1in`, are rare, and left where they are.
PLACE: Final = "*[local-name()='xfrm'][a:off/@x >= -1e9 and a:ext/@cx >= 0]"
SHAPES: Final = f"p:cSld/p:spTree/*/*[self::p:spPr or self::p:grpSpPr]/{PLACE} | p:cSld/p:spTree/p:graphicFrame/{PLACE}"
PLACEHOLDERS: Final = f"p:cSld/p:spTree/p:sp[p:nvSpPr/p:nvPr/p:ph]/p:spPr/{PLACE}"
MAIN: Final = f"p:cSld/p:spTree/p:sp[p:nvSpPr/p:nvPr/p:ph[@type='title' or @type='body']]/p:spPr/{PLACE}"
PICTURE: Final = "p:cSld/p:bg//a:blip"  # of the background: what it shows at the side is not known


def fill_slides(presentation: Any) -> None:
    """Stretch or shrink what masters and layouts have placeholders for to the size of the slides; in place."""
    sizes = {("x", "cx"): presentation.slide_width, ("y", "cy"): presentation.slide_height}
    for master in presentation.slide_masters:
        drawn = [one._element for one in (master, *master.slide_layouts)]
        if any(found(one, PICTURE) for one in drawn):
            continue
        for axis, size in sizes.items():
            scale = _scale(drawn, axis, size)
            for place in (place for one in drawn for place in found(one, PLACEHOLDERS)):
                for name, part in zip(axis, place, strict=False):
                    part.set(name, str(int(int(part.get(name)) * scale)))


def _scale(drawn: list[Any], axis: tuple[str, str], size: int) -> float:
    """By what places along an axis are multiplied, so that both margins are the same; 1 where the slides are full."""
    if max((last for _, last in _ends(drawn[:1], MAIN, axis)), default=0) > size:
        ends = [*_ends(drawn[:1], PLACEHOLDERS, axis)]  # of the master: what lies outside of the slide is not for it
    else:
        ends = [*_ends(drawn, SHAPES, axis)]
        if not ends or max(last for _, last in ends) >= LEAST * size:
            return 1.0
    return size / (max(last for _, last in ends) + max(min(first for first, _ in ends), 0))


def _ends(drawn: list[Any], path: str, axis: tuple[str, str]) -> Iterator[tuple[int, int]]:
    """Where shapes begin and end along an axis (EMU)."""
    for place in (place for one in drawn for place in found(one, path)):
        start, length = (int(part.get(name)) for name, part in zip(axis, place, strict=False))
        yield start, start + length
