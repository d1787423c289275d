"""Slides drawn into a presentation: placeholders by their type, text boxes where a template lacks them."""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from core.reporting.deck_chart import add_chart
from core.reporting.deck_fit import BOLD, POINT, clean, fit, height
from core.reporting.deck_paint import ink
from core.reporting.deck_parts import Cards, Chart, Image, Interval, Part, Points, Rows, Slide, alone
from core.reporting.deck_template import BODIES, TITLES, Base, has_title, placeholders
from core.reporting.deck_text import (
    QUIET,
    Box,
    add_cards,
    add_interval,
    add_table,
    no_margins,
    write_box,
    write_points,
    write_run,
)
from core.reporting.deck_xml import element_of, found, remove

TITLE_SIZES: Final = (26, 24, 22, 20, 18, 16, 14)
COVER_SIZES: Final = (40, 36, 32, 28, 24)
SUBTITLE_SIZES: Final = (20, 18, 16, 14, 12)
NOTE_SIZES: Final = (11, 10, 9)
FOOT: Final = 9
MARGIN: Final = 0.04  # of the width, where a layout has no title
TITLE: Final = (0.05, 0.125)  # top and height, likewise
TOP_GAP, NOTE_HEIGHT, COLUMN_GAP = 10, 30, 20  # points
LOWEST: Final = 0.8  # of the height: a foot lies below
FOOT_GAP: Final = 6
BOTTOM: Final = 0.92  # of the height, where a layout has no foot
MOST_NOTE: Final = 0.3  # of the room
MOST_SLIDES: Final = 12  # on which one part goes on
FIELD: Final = (
    '<a:fld {{}} id="{{{{5A1C7F0E-6E0B-4B7D-9B1F-2D6C7A0E4F11}}}}" type="slidenum">'
    '<a:rPr {}lang="en-US"/><a:t>{}</a:t></a:fld>'
)
TEMPLATE_SAFETY: Final = 1.08  # a bank's font may be wider


@dataclass(frozen=True)
class Canvas:
    """A slide that is drawn on, and the room for its parts (EMU)."""

    base: Base
    slide: Any
    box: Box

    @property
    def shapes(self) -> Any:
        """The shapes of the slide."""
        return self.slide.shapes


def draw(base: Base, slides: Iterable[Slide], foot: str) -> None:
    """Add slides to a presentation, each with its number and the text at its foot; what does not fit goes on."""
    for slide in slides:
        rests = [*_draw(base, slide, foot)]
        for rest in rests:
            left: Part | None = rest
            for _ in range(MOST_SLIDES):
                if left is None:
                    break
                more = Slide(f"{slide.title} (continued)", alone(left), spoken=slide.spoken)
                left = next(iter(_draw(base, more, foot)), None)


def _draw(base: Base, slide: Slide, foot: str) -> Sequence[Part]:
    """Draw one slide; the parts of it that did not fit."""
    only = slide.lines[0].parts[0][1] if len(slide.lines) == 1 and len(slide.lines[0].parts) == 1 else None
    layout = base.cover if slide.cover else base.text if isinstance(only, Points) else base.plain
    made = base.presentation.slides.add_slide(layout)
    canvas = Canvas(base, made, _room(base, layout))
    _write_title(canvas, layout, slide)
    left: list[Part] = []
    if slide.cover:
        _write_subtitle(canvas, layout, slide.note)
    elif isinstance(only, Points) and layout is not base.plain and (body := _taken(canvas, layout, BODIES)):
        left += _in_body(canvas, body, only)
    else:
        left += _draw_lines(canvas, slide)
    for one in [*made.placeholders]:
        if not one.has_text_frame or not one.text_frame.text:
            one._element.getparent().remove(one._element)
    _write_foot(canvas, layout, "" if slide.cover else foot)
    _write_notes(made, slide)
    return left


def _room(base: Base, layout: Any) -> Box:
    """The room for parts: that of the text in the layout with one, else what lies below the title; above the foot."""
    wide, high = base.presentation.slide_width, base.presentation.slide_height
    title = _placeholder(layout, TITLES) if has_title(layout, (wide, high)) else None
    body = _placeholder(base.text, BODIES)
    feet = [one.top for one, kind in placeholders(layout) if kind in ("FOOTER", "SLIDE_NUMBER") and one.top]
    bottom = min([top for top in feet if top > LOWEST * high] + [int(BOTTOM * high)]) - FOOT_GAP * POINT
    top = (title.top + title.height if title is not None else int(sum(TITLE) * high)) + TOP_GAP * POINT
    if base.text is not base.plain and body is not None:
        return body.left, top, body.width, min(bottom, max(body.top + body.height, top)) - top
    left = title.left if title is not None else int(MARGIN * wide)
    return left, top, wide - 2 * left, bottom - top


def _placeholder(shapes: Any, kinds: Sequence[str]) -> Any:
    return next((one for one, kind in placeholders(shapes) if kind in kinds), None)


def _taken(canvas: Canvas, layout: Any, kinds: Sequence[str]) -> Any:
    """The slide's placeholder of one of the kinds, where the layout has it: some programs give two the same number."""
    one, model = _placeholder(canvas.slide, kinds), _placeholder(layout, kinds)
    if one is None or model is None:
        return None
    place = model.left, model.top, model.width, model.height
    if (one.left, one.top, one.width, one.height) != place:
        one.left, one.top, one.width, one.height = place
    return one


def _write_title(canvas: Canvas, layout: Any, slide: Slide) -> None:
    presentation = canvas.base.presentation
    wide, high = presentation.slide_width, presentation.slide_height
    sizes = COVER_SIZES if slide.cover else TITLE_SIZES
    text = clean(slide.title)
    title = _taken(canvas, layout, TITLES)
    if title is None or not (slide.cover or has_title(layout, (wide, high))):
        box = canvas.box[0], int(TITLE[0] * high), canvas.box[2], int(TITLE[1] * high)
        write_box(canvas.shapes, box, text, sizes, bold=True)
        return
    frame, safety = title.text_frame, 1.0 if canvas.base.own else TEMPLATE_SAFETY
    room = (title.width - frame.margin_left - frame.margin_right) / POINT / safety / BOLD
    shown, size = fit(text, room, (title.height - frame.margin_top - frame.margin_bottom) / POINT, sizes)
    frame.word_wrap = True
    write_run(frame.paragraphs[0], shown, size, on=None)


def _write_subtitle(canvas: Canvas, layout: Any, text: str) -> None:
    body = _taken(canvas, layout, ("SUBTITLE", *BODIES))
    if body is None:
        left, top, wide, high = canvas.box
        write_box(canvas.shapes, (left, top + high // 3, wide, high // 3), text, SUBTITLE_SIZES)
        return
    shown, size = fit(clean(text), body.width / POINT / TEMPLATE_SAFETY, 0.9 * body.height / POINT, SUBTITLE_SIZES)
    write_run(body.text_frame.paragraphs[0], shown, size, on=None)


def _in_body(canvas: Canvas, body: Any, part: Points) -> Iterator[Part]:
    frame = body.text_frame
    frame.word_wrap = True
    safety = 1.0 if canvas.base.own else TEMPLATE_SAFETY
    high = min(body.height, canvas.box[1] + canvas.box[3] - body.top)
    room = (body.width - frame.margin_left - frame.margin_right) / POINT / safety - 24
    left = write_points(frame, part, (room, high / POINT / safety), bullets=False)
    if left:
        yield left


def _draw_lines(canvas: Canvas, slide: Slide) -> Iterator[Part]:
    left, top, wide, high = canvas.box
    if slide.note:
        tall = _note_height(slide.note, (wide, high))
        write_box(canvas.shapes, (left, top + high - tall, wide, tall), slide.note, NOTE_SIZES, colour=QUIET)
        high -= tall + 4 * POINT
    whole, at = sum(line.height for line in slide.lines) or 1.0, top
    gap = TOP_GAP * POINT
    room = high - gap * max(len(slide.lines) - 1, 0)
    for line in slide.lines:
        tall = int(room * line.height / whole)
        across, total = left, sum(share for share, _ in line.parts)
        inside = wide - COLUMN_GAP * POINT * (len(line.parts) - 1)
        for share, part in line.parts:
            broad = int(inside * share / total)
            rest = _part(canvas, part, (across, at, broad, tall))
            if rest is not None:
                yield rest
            across += broad + COLUMN_GAP * POINT
        at += tall + gap


def _note_height(note: str, room: tuple[int, int]) -> int:
    """The height of the note below the parts (EMU): more than usual where its smallest letters need it."""
    needs = height(clean(note), room[0] / POINT, NOTE_SIZES[-1]) + 1
    return int(min(max(needs, NOTE_HEIGHT) * POINT, MOST_NOTE * room[1]))


def _part(canvas: Canvas, part: Part, box: Box) -> Part | None:
    own = canvas.base.own
    if isinstance(part, Chart):
        add_chart(canvas.shapes, part.plot, box, part.alt, own=own)
    elif isinstance(part, Image):
        _add_image(canvas.shapes, part, box)
    elif isinstance(part, Rows):
        return add_table(canvas.shapes, part, box, own=own)
    elif isinstance(part, Cards):
        add_cards(canvas.shapes, part, box)
    elif isinstance(part, Interval):
        add_interval(canvas.shapes, part, box, own=own)
    else:
        frame = canvas.shapes.add_textbox(*box).text_frame
        no_margins(frame)
        return write_points(frame, part, (box[2] / POINT, box[3] / POINT), bullets=True)
    return None


def _add_image(shapes: Any, part: Image, box: Box) -> None:
    """A picture as large as fits, in the middle of its box."""
    picture = shapes.add_picture(BytesIO(part.content), box[0], box[1])
    scale = min(box[2] / picture.width, box[3] / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    picture.left = box[0] + (box[2] - picture.width) // 2
    picture.top = box[1] + (box[3] - picture.height) // 2
    picture._element.nvPicPr.cNvPr.set("descr", clean(part.alt, 500))


def _write_foot(canvas: Canvas, layout: Any, foot: str) -> None:
    """The text at the foot and the slide's number, where the layout has them, or in boxes of their own."""
    presentation = canvas.base.presentation
    wide, high = presentation.slide_width, presentation.slide_height
    if not foot:
        return
    boxes = {
        "FOOTER": (canvas.box[0], int(0.935 * high), int(0.8 * wide), int(0.04 * high)),
        "SLIDE_NUMBER": (int(0.86 * wide), int(0.935 * high), int(0.1 * wide), int(0.04 * high)),
    }
    for kind, box in boxes.items():
        at = next((one for one, name in placeholders(layout) if name == kind), None)
        shape = _copied(canvas, at) if at is not None else canvas.shapes.add_textbox(*box)
        frame = shape.text_frame
        paragraph = frame.paragraphs[0]
        if kind == "SLIDE_NUMBER":
            _number(paragraph, len(presentation.slides), at is None)
            continue
        room = (at.width if at is not None and at.width else box[2]) / POINT / TEMPLATE_SAFETY - 14
        tall = (at.height if at is not None and at.height else box[3]) / POINT
        shown, size = fit(clean(foot), room, max(tall, 12.0), (FOOT, 8, 7))
        write_run(paragraph, shown, size, on=None if at is not None else ink)


def _copied(canvas: Canvas, placeholder: Any) -> Any:
    """A placeholder of the layout on the slide, empty, where the layout has it."""
    element = deepcopy(placeholder._element)
    for path in ("p:spPr/*", "p:txBody/a:p[position()>1]", "p:txBody/a:p/*", "p:txBody/a:lstStyle/*"):
        remove(element, path)
    tree = canvas.shapes._spTree
    number = 1 + max(int(one.get("id")) for one in found(tree, ".//p:cNvPr"))
    found(element, "p:nvSpPr/p:cNvPr")[0].set("id", str(number))
    tree.append(element)
    return canvas.shapes[len(canvas.shapes) - 1]


def _number(paragraph: Any, number: int, alone_: bool) -> None:
    from pptx.enum.text import PP_ALIGN

    size = f'sz="{FOOT * 100}" ' if alone_ else ""
    paragraph._p.append(element_of(FIELD.format(size, number)))
    if alone_:
        paragraph.alignment = PP_ALIGN.RIGHT


def _write_notes(made: Any, slide: Slide) -> None:
    if slide.spoken and (frame := made.notes_slide.notes_text_frame) is not None:
        frame.text = "\n".join(map(clean, slide.spoken.splitlines()))
