"""The app's own presentation: 16:9, its palette as the accents of the theme, a font that all systems have."""

import re
from collections.abc import Mapping
from typing import Any, Final

from core.reporting.deck_xml import element_of, found, remove
from core.views.palette import CLUSTER_COLOURS

WIDTH, HEIGHT = 12_192_000, 6_858_000  # EMU of a slide, 16:9
FONT: Final = "Arial"
INK, QUIET_INK, PAPER = "1B2733", "4B5967", "F4F6F8"
ACCENTS: Final = 6
KEPT: Final = ("Title Slide", "Title and Content", "Title Only")  # of the layouts of python-pptx's presentation
MARGIN: Final = 0.04  # of the width
# Type of a placeholder → left, top, width, height as shares of the slide: of the master, and of the first slide.
MASTER: Final[Mapping[str, tuple[float, float, float, float]]] = {
    "TITLE": (MARGIN, 0.05, 0.92, 0.125),
    "BODY": (MARGIN, 0.215, 0.92, 0.68),
    "DATE": (0.70, 0.935, 0.14, 0.04),
    "FOOTER": (MARGIN, 0.935, 0.80, 0.04),
    "SLIDE_NUMBER": (0.86, 0.935, 0.10, 0.04),
}
COVER: Final = {"CENTER_TITLE": (0.08, 0.30, 0.84, 0.2), "SUBTITLE": (0.08, 0.52, 0.84, 0.22)}
TITLE_SIZE, COVER_SIZE, FOOT_SIZE = 2600, 4000, 900  # hundredths of a point
LEVEL: Final = '<a:lvl1pPr {{}} algn="l"><a:defRPr sz="{}"/></a:lvl1pPr>'
BAR: Final = (
    '<p:sp {{}}><p:nvSpPr><p:cNvPr id="{number}" name="Accent"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>'
    '<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
    '</a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
)


def own_presentation() -> Any:
    """A presentation of three layouts without a slide."""
    from pptx import Presentation

    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = WIDTH, HEIGHT
    master = presentation.slide_master
    for layout in [one for one in presentation.slide_layouts if one.name not in KEPT]:
        presentation.slide_layouts.remove(layout)
    _place(master, MASTER)
    for layout in presentation.slide_layouts:
        _forget_places(layout)
    _place(presentation.slide_layouts[0], COVER)
    _style_texts(master)
    _style_cover(presentation.slide_layouts[0])
    _bar(master, 0, 0, WIDTH, int(0.012 * HEIGHT))
    _bar(presentation.slide_layouts[0], int(0.08 * WIDTH), int(0.27 * HEIGHT), int(0.12 * WIDTH), int(0.012 * HEIGHT))
    for relation in master.part.rels.values():
        if relation.reltype.endswith("/theme"):
            theme = relation.target_part
            theme._blob = _theme(theme.blob.decode("utf-8")).encode("utf-8")
    _forget_program(presentation.part.package)
    return presentation


def _place(shapes: Any, places: Mapping[str, tuple[float, float, float, float]]) -> None:
    for one in shapes.placeholders:
        kind = one.placeholder_format.type
        if kind is not None and kind.name in places:
            left, top, width, height = places[kind.name]
            one.left, one.top = int(left * WIDTH), int(top * HEIGHT)
            one.width, one.height = int(width * WIDTH), int(height * HEIGHT)


def _forget_places(layout: Any) -> None:
    """Let the placeholders of a layout lie where those of the master do."""
    for one in layout.placeholders:
        remove(one._element, "p:spPr/a:xfrm")


def _style_texts(master: Any) -> None:
    """The titles left and bold, all of them from the top of their box; the foot small."""
    for level in found(master._element, "p:txStyles/p:titleStyle/a:lvl1pPr"):
        level.set("algn", "l")
        for run in found(level, "a:defRPr"):
            run.set("sz", str(TITLE_SIZE))
            run.set("b", "1")
    for one in master.placeholders:
        kind = one.placeholder_format.type.name
        for body in found(one._element, "p:txBody/a:bodyPr"):
            body.set("anchor", {"TITLE": "t", "BODY": "t"}.get(kind, "ctr"))
            for side in ("lIns", "rIns", "tIns", "bIns"):
                body.set(side, "0")
            remove(body, "a:normAutofit")
        for level in found(one._element, "p:txBody/a:lstStyle/a:lvl1pPr"):
            level.set("algn", "r" if kind == "SLIDE_NUMBER" else "l")
            for run in found(level, "a:defRPr"):
                run.set("sz", str(FOOT_SIZE))


def _style_cover(layout: Any) -> None:
    for one in layout.placeholders:
        for body in found(one._element, "p:txBody/a:bodyPr"):
            body.set("anchor", "t")
            remove(body, "a:normAutofit")
        large = one.placeholder_format.type.name == "CENTER_TITLE"
        for style in found(one._element, "p:txBody/a:lstStyle"):
            for level in found(style, "a:lvl1pPr"):
                level.set("algn", "l")
            if large and not found(style, "a:lvl1pPr"):
                style.append(element_of(LEVEL.format(COVER_SIZE)))


def _bar(shapes: Any, x: int, y: int, cx: int, cy: int) -> None:
    tree = found(shapes._element, "p:cSld/p:spTree")[0]
    number = 1 + max(int(one.get("id")) for one in found(tree, ".//p:cNvPr"))
    tree.insert(2, element_of(BAR.format(number=number, x=x, y=y, cx=cx, cy=cy)))


def _theme(text: str) -> str:
    """The theme with the palette's first colours and the font."""
    for number, colour in enumerate(CLUSTER_COLOURS[:ACCENTS], 1):
        text = re.sub(
            rf'(<a:accent{number}>)<a:srgbClr val="\w+"/>', rf'\g<1><a:srgbClr val="{colour[1:].upper()}"/>', text
        )
    for name, colour in {"dk1": INK, "dk2": QUIET_INK, "lt2": PAPER}.items():
        text = re.sub(rf"(<a:{name}>)<a:\w+ [^>]*/>", rf'\g<1><a:srgbClr val="{colour}"/>', text)
    return text.replace('<a:latin typeface="Calibri"/>', f'<a:latin typeface="{FONT}"/>')


def _forget_program(package: Any) -> None:
    """Leave out what says which program on which machine made the file that python-pptx starts from."""
    for name in [name for name, one in package._rels.items() if one.reltype.endswith("/extended-properties")]:
        package._rels.pop(name)
