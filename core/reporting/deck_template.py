"""The presentation that a deck is written into: the app's own, or a template of the bank with its masters and theme."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from core import figures
from core.archives import ArchiveError, Limits, open_archive
from core.errors import DocumentError
from core.files import MEGABYTE, check_bytes, read_file, zip_bytes
from core.reporting.deck_layouts import fill_slides
from core.reporting.deck_own import own_presentation
from core.reporting.deck_xml import found, remove

NAME: Final = "template"
MOST: Final = 50 * MEGABYTE
LIMITS: Final = Limits(members=5_000, unpacked=300 * MEGABYTE, ratio=200, ratio_from=20 * MEGABYTE)
REMEDY: Final = "Give a .pptx or .potx without macros, as PowerPoint saves it."
TYPES: Final = "[Content_Types].xml"
TEMPLATE: Final = b"presentationml.template.main+xml"
PRESENTATION: Final = b"presentationml.presentation.main+xml"
# What comes along and is none of the deck's: a picture of the old first slide, a machine's printer.
DROPPED: Final = ("thumbnail", "printerSettings")
PROPERTIES: Final = "core-properties"
# LibreOffice has another name for it: python-pptx would write them twice.
PROPERTIES_OF: Final = "http://schemas.openxmlformats.org/package/2006/relationships/metadata"
# A placeholder whose text runs downwards.
TURNED: Final = "p:nvSpPr/p:nvPr/p:ph[@orient='vert'] | p:txBody/a:bodyPr[@vert and @vert!='horz']"
SECTIONS: Final = "p:extLst/p:ext[*[local-name()='sectionLst']]"
LOWEST_TITLE: Final = 0.4  # of a slide's height: a title that ends below is that of a divider
LARGE_BODY: Final = 0.3  # of a slide's area

CENTIMETRE: Final = 360_000  # EMU
SMALLEST: Final = (19 * CENTIMETRE, 14 * CENTIMETRE)  # width and height of slides that have room for the parts
PLACED_BY_US: Final = ("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER")
TITLES: Final = ("TITLE", "CENTER_TITLE")
BODIES: Final = ("BODY", "OBJECT")


@dataclass(frozen=True)
class Base:
    """A presentation without slides, and its layouts: of the first slide, of a title alone, of a title and a text.

    `own` says that it is the app's.
    """

    presentation: Any
    cover: Any
    plain: Any
    text: Any
    own: bool


def base_of(template: bytes = b"") -> Base:
    """The presentation to write into; the app's own without a template.

    Raises
    ------
    DocumentError
        The template is none, has macros, is too large, or has no layout.
    """
    return _base(opened(template) if template else own_presentation(), own=not template)


def _base(presentation: Any, *, own: bool) -> Base:
    _empty(presentation)
    fill_slides(presentation)
    layouts = [*presentation.slide_layouts] or [
        one for master in presentation.slide_masters for one in master.slide_layouts
    ]
    if not layouts:
        raise _refused("It has no slide layout.")
    size = presentation.slide_width, presentation.slide_height
    plain = min(layouts, key=lambda one: (not has_title(one, size), len(kinds(one))))
    cover = min(layouts, key=lambda one: _for_cover(one))
    text = next((one for one in layouts if _is_text(one, size)), plain)
    return Base(presentation, cover if _for_cover(cover) < 2 else plain, plain, text, own)


def template_of(path: Path) -> bytes:
    """The bytes of a template that can be used, before hours of other work.

    Raises
    ------
    DataError
        It is none (`usable`).
    OSError
        There is none, or it may not be read.
    """
    return usable(read_file(path, MOST))


def usable(content: bytes) -> bytes:
    """The bytes of a file that somebody gave as a template, which may be empty.

    Raises
    ------
    DocumentError
        It is no template, has macros, is too large, or has no layout.
    """
    _base(opened(content), own=False)
    return content


def opened(content: bytes) -> Any:
    """A template as python-pptx opens it.

    Raises
    ------
    DocumentError
        It cannot be used.
    """
    from pptx import Presentation

    check_bytes(NAME, len(content), MOST, "Leave out its pictures and films.")
    safe = _checked(content)
    try:
        presentation = Presentation(io.BytesIO(safe))
        sound = bool(presentation.slide_width and presentation.slide_height) and len(presentation.slide_masters)
    except Exception as error:  # a damaged one fails in any way
        raise _refused("It is damaged, or no presentation.") from error
    if not sound:
        raise _refused("It has no slide master.")
    size = presentation.slide_width, presentation.slide_height
    if any(one < least for one, least in zip(size, SMALLEST, strict=True)):
        wide, high, *least = (figures.exact(round(one / CENTIMETRE, 1)) for one in (*size, *SMALLEST))
        raise DocumentError(
            f"Its slides are {wide} by {high} cm, too small for charts and tables.",
            f"Give one whose slides have {least[0]} by {least[1]} cm or more.",
            file=NAME,
        )
    return presentation


def kinds(layout: Any) -> list[str]:
    """The types of a layout's placeholders by name, without those of the foot."""
    return [kind for _, kind in placeholders(layout) if kind not in PLACED_BY_US]


def placeholders(shapes: Any) -> Iterator[tuple[Any, str]]:
    """The placeholders of a slide or layout with the names of their types, without those whose text is turned."""
    for one in shapes.placeholders:
        kind = one.placeholder_format.type
        if not found(one._element, TURNED):
            yield one, kind.name if kind is not None else "OBJECT"


def has_title(layout: Any, size: tuple[int, int]) -> bool:
    """Whether a layout has a title at the top."""
    return any(kind in TITLES and _is_high(one, size) for one, kind in placeholders(layout))


def _is_high(one: Any, size: tuple[int, int]) -> bool:
    top, height = one.top, one.height
    return top is not None and height is not None and top + height <= LOWEST_TITLE * size[1]


def _is_text(layout: Any, size: tuple[int, int]) -> bool:
    """Whether a layout has a title at the top, one large text, and nothing else."""
    if not has_title(layout, size) or len(kinds(layout)) != 2:
        return False
    bodies = [one for one, kind in placeholders(layout) if kind in BODIES]
    return any((one.width or 0) * (one.height or 0) >= LARGE_BODY * size[0] * size[1] for one in bodies)


def _for_cover(layout: Any) -> int:
    """0 for a layout of a first slide, 1 for one that can be it, 2 for others."""
    has = kinds(layout)
    if "CENTER_TITLE" in has and len(has) <= 2:
        return 0
    return 1 if "SUBTITLE" in has and {*has} & {*TITLES} and len(has) <= 2 else 2


def _checked(content: bytes) -> bytes:
    """The bytes of a package that declares no more than the limits, has no macros, and calls itself a presentation."""
    try:
        with open_archive(content, LIMITS) as archive:
            files = {one.filename: archive.read(one) for one in archive.infolist() if not one.is_dir()}
    except ArchiveError as error:
        raise _refused(f"It is not opened: {error}.") from error
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise _refused("It is damaged, or no presentation.") from error
    except Exception as error:  # zlib.error
        raise _refused("It is damaged.") from error
    types = files.get(TYPES, b"")
    if b"macroEnabled" in types or any("vbaproject" in name.lower() for name in files):
        raise _refused("It has macros.")
    if any(b"<!DOCTYPE" in text or b"<!ENTITY" in text for name, text in files.items() if _is_xml(name)):
        raise _refused("Its XML defines entities.")
    if PRESENTATION not in types and TEMPLATE not in types:
        raise _refused("It is no presentation.")
    return zip_bytes({TYPES: types.replace(TEMPLATE, PRESENTATION)} | {n: c for n, c in files.items() if n != TYPES})


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _empty(presentation: Any) -> None:
    """Take out the slides, what lists them, and what is of another presentation or machine."""
    listed = presentation.slides._sldIdLst
    for one in [*listed]:
        presentation.part.rels.pop(one.rId)
        listed.remove(one)
    root = presentation.part._element
    for path in ("p:custShowLst", SECTIONS):
        remove(root, path)
    for rels in (presentation.part.rels, presentation.part.package._rels):
        for name in [name for name, one in rels.items() if _is_dropped(one.reltype)]:
            rels.pop(name)


def _is_dropped(kind: str) -> bool:
    """Whether a relation of a kind leads to what is none of the deck's, such as the properties by another's name."""
    *start, last = kind.split("/")
    return last in DROPPED or (last == PROPERTIES and "/".join(start) != PROPERTIES_OF)


def _refused(found: str) -> DocumentError:
    return DocumentError(found, REMEDY, file=NAME)
