"""Texts and tables of a deck, in boxes of a size: what does not fit is returned, for the next slide."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from core.reporting.deck_fit import BOLD, LINE, POINT, clean, fit, height, width
from core.reporting.deck_paint import ink, paint, points, rgb
from core.reporting.deck_parts import Cards, Interval, Points, Rows
from core.reporting.deck_xml import element_of, found, remove

Box = tuple[int, int, int, int]  # left, top, width, height in EMU
SIZES: Final = (20, 18, 16, 14, 12)  # of sentences, in points
CELLS: Final = (16, 15, 14, 13, 12, 11, 10)  # of a table
GAP: Final = 8  # points between sentences
PAD: Final = (5, 3)  # points beside and above a cell's text
LONGEST: Final = 700  # characters of a sentence
CELL: Final = 260
QUIET, LINE_COLOUR, PANEL = "#6b7885", "#c6ced6", "#f4f6f8"
NO_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # a table without a style of its own
LEAST_WORDS: Final = 0.35  # share of the width that is kept for columns of words
MOST_SPARE: Final = 60.0  # points that a column is wider than it needs
RULE: Final = '<a:lnB {{}} w="{}"><a:solidFill><a:srgbClr val="{}"/></a:solidFill></a:lnB>'
SWATCH: Final = "■ "


def write_box(shapes: Any, box: Box, text: str, sizes: Sequence[float], **look: Any) -> Any:
    """A text in a box of its own, cut and as small as it must be."""
    shape = shapes.add_textbox(*box)
    frame = shape.text_frame
    no_margins(frame)
    room = box[2] / POINT / (BOLD if look.get("bold") else 1.0)
    shown, size = fit(clean(text), room, box[3] / POINT, sizes)
    write_run(frame.paragraphs[0], shown, size, **look)
    return shape


def write_run(
    paragraph: Any, text: str, size: float | None, *, bold: bool = False, colour: str = "", on: Any = ink
) -> Any:
    """A run of text at the end of a paragraph."""
    run = paragraph.add_run()
    run.text = text
    if size:
        run.font.size = points(size)
    if bold:
        run.font.bold = True
    if colour:
        run.font.color.rgb = rgb(colour)
    elif on:
        on(run.font)
    return run


def no_margins(frame: Any) -> None:
    """Let a frame break its lines, keep its size, and have its text at its edges."""
    from pptx.enum.text import MSO_AUTO_SIZE

    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0


def write_points(frame: Any, part: Points, room: tuple[float, float], *, bullets: bool) -> Points | None:
    """Sentences in a text frame whose room is in points; those that do not fit are returned.

    `bullets` says that the frame has none of its own.
    """
    texts = [clean(text, LONGEST) for text in part.texts]
    words = part.words or ("",) * len(texts)
    indent = 14.0
    size = next((size for size in SIZES if _together(texts, words, room[0] - indent, size) <= room[1]), SIZES[-1])
    used, shown = 0.0, 0
    for text, word in zip(texts, words, strict=True):
        used += _together([text], [word], room[0] - indent, size)
        if used > room[1] and shown:
            break
        paragraph = frame.paragraphs[0] if not shown else frame.add_paragraph()
        paragraph.space_after = points(GAP)
        paragraph.line_spacing = 1.0
        if bullets:
            _bullet(paragraph, indent, none=bool(word))
        if word:
            write_run(paragraph, f"{word}  ", size, bold=True)
        kept, _ = fit(text, room[0] - indent, room[1], (size,))
        write_run(paragraph, kept, size)
        shown += 1
    left = part.texts[shown:]
    return Points(left, part.words[shown:]) if left else None


def _together(texts: Sequence[str], words: Sequence[str], room: float, size: float) -> float:
    both = zip(texts, words, strict=True)
    return sum(height(f"{word}   {text}" if word else text, room, size) + GAP for text, word in both)


def _bullet(paragraph: Any, indent: float, *, none: bool) -> None:
    from pptx.oxml.ns import qn

    properties = paragraph._p.get_or_add_pPr()
    if none:
        return
    properties.set("marL", str(int(indent * POINT)))
    properties.set("indent", str(-int(indent * POINT)))
    sign = properties.makeelement(qn("a:buChar"), {"char": "•"})
    properties.append(sign)


def add_table(shapes: Any, part: Rows, box: Box, *, own: bool) -> Rows | None:
    """A table with as many rows as fit; the others are returned."""
    table, room = part.table, box[2] / POINT
    header = [clean(text, 60) for text in table.header]
    rows = [[clean(text, CELL) for text in row] for row in table.rows]
    swatch = SWATCH if any(part.clusters) else ""
    for row in rows if swatch else ():
        row[0] = swatch + row[0]
    for size in CELLS:
        widths = _widths([header, *rows], table.texts, room, size)
        heights = [_row_height(row, widths, size) for row in [header, *rows]]
        if sum(heights) <= box[3] / POINT:
            break
    number, high = 0, heights[0]
    while number < len(rows) and (high + heights[number + 1] <= box[3] / POINT or not number):
        high += heights[number + 1]
        number += 1
    if number:
        shape = shapes.add_table(number + 1, len(header), box[0], box[1], box[2], int(high * POINT))
        shape._element.nvGraphicFramePr.cNvPr.set("descr", clean(f"Table: {', '.join(header)}", 300))
        _fill(shape, [header, *rows[:number]], widths, heights, size, table.texts, ("", *part.clusters), own)
    if number == len(rows):
        return None
    return Rows(replace(table, rows=table.rows[number:]), part.clusters[number:])


def _widths(rows: Sequence[Sequence[str]], texts: int, room: float, size: float) -> list[float]:
    """The widths of the columns in points: as wide as they need, else what is left of the figures, shared by words."""
    columns = [*zip(*rows, strict=True)]
    needs = [max(_need(text, size, bold=not at) for at, text in enumerate(column)) for column in columns]
    if (spare := room - sum(needs)) >= 0:
        return [need + min(spare / len(needs), MOST_SPARE) for need in needs]
    least = [max(_need(word, size, bold=not at) for at, text in enumerate(column) for word in text.split(" ")[:30])
             for column in columns]  # fmt: skip
    figures = [need if at >= texts else 0.0 for at, need in enumerate(needs)]
    if sum(figures) > (1 - LEAST_WORDS) * room:  # titles of figures break between their words
        figures = [
            min(need, one) if at >= texts else 0.0 for at, (need, one) in enumerate(zip(needs, least, strict=True))
        ]
    left = max(room - sum(figures), LEAST_WORDS * room)
    words = _shared(needs[:texts], [min(one, left / (2 * max(texts, 1))) for one in least[:texts]], left)
    found = [*words, *figures[texts:]]
    scale = min(1.0, room / sum(found))
    return [one * scale for one in found]


def _need(text: str, size: float, *, bold: bool) -> float:
    return width(text, size, bold=bold) + 2 * PAD[0] + 2


def _shared(needs: Sequence[float], least: Sequence[float], left: float) -> list[float]:
    """The room of columns of words: short ones get what they need, the long ones the rest in equal parts."""
    found, order = [0.0] * len(needs), sorted(range(len(needs)), key=lambda at: needs[at])
    for place, at in enumerate(order):
        fair = left / (len(order) - place)
        found[at] = max(min(needs[at], fair), least[at])
        left = max(left - found[at], 0.0)
    return found


def _row_height(row: Sequence[str], widths: Sequence[float], size: float) -> float:
    inside = [max(width_ - 2 * PAD[0] - 1, size) for width_ in widths]
    return max(height(text, room, size) for text, room in zip(row, inside, strict=True)) + 2 * PAD[1] + 1


def _fill(
    shape: Any, rows: Sequence[Sequence[str]], widths: Sequence[float], heights: Sequence[float], size: float,
    texts: int, clusters: Sequence[str], own: bool,
) -> None:  # fmt: skip
    from pptx.enum.text import PP_ALIGN

    table = shape.table
    for style in found(table._tbl.tblPr, "a:tableStyleId"):
        style.text = NO_STYLE
    table.horz_banding = False
    for at, one in enumerate(widths):
        table.columns[at].width = int(one * POINT)
    for place, row in enumerate(rows):
        table.rows[place].height = int(heights[place] * POINT)
        for at, text in enumerate(row):
            cell = table.cell(place, at)
            cell.margin_left = cell.margin_right = points(PAD[0])
            cell.margin_top = cell.margin_bottom = points(PAD[1])
            cell.text_frame.word_wrap = True
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.LEFT if at < texts else PP_ALIGN.RIGHT
            cluster = clusters[place] if at == 0 and place < len(clusters) else ""
            if cluster:
                paint(write_run(paragraph, SWATCH, size, on=None).font.fill, cluster, own=own)
                text = text.removeprefix(SWATCH)
            if text:
                write_run(paragraph, text, size, bold=place == 0)
            else:  # its line would be as high as the default size
                paragraph._p.get_or_add_endParaRPr().set("sz", str(int(size * 100)))
            _rule(cell, strong=place == 0)


def _rule(cell: Any, *, strong: bool) -> None:
    """A line below a cell."""
    width_, colour = (12_700, QUIET) if strong else (6_350, LINE_COLOUR)
    cell._tc.get_or_add_tcPr().insert(0, element_of(RULE.format(width_, colour[1:].upper())))


def add_cards(shapes: Any, part: Cards, box: Box) -> None:
    """KPIs on panels: label, value, what it is a part of."""
    from pptx.enum.shapes import MSO_SHAPE

    number, gap = max(len(part.cards), 1), 10 * POINT
    wide = (box[2] - gap * (number - 1)) // number
    for at, card in enumerate(part.cards):
        left = box[0] + at * (wide + gap)
        panel = shapes.add_shape(MSO_SHAPE.RECTANGLE, left, box[1], wide, box[3])
        panel.fill.solid()
        panel.fill.fore_color.rgb = rgb(PANEL)
        panel.line.fill.background()
        remove(panel._element, "p:style")
        inside, pad = wide - 20 * POINT, 10 * POINT
        parts = ((card.label, (12, 11, 10, 9), 0.10, 0.22, {"colour": QUIET}),
                 (card.value, (26, 22, 18, 14), 0.33, 0.36, {"bold": True, "colour": "#1b2733"}),
                 (card.note, (11, 10, 9), 0.72, 0.24, {"colour": QUIET}))  # fmt: skip
        for text, sizes, top, high, look in parts:
            place = left + pad, box[1] + int(top * box[3]), inside, int(high * box[3])
            if text:
                write_box(shapes, place, text, sizes, **look)


def add_interval(shapes: Any, part: Interval, box: Box, *, own: bool) -> None:
    """A line from the least to the most, the interval as a bar, the likely value as a mark, and zero as a stroke."""
    from pptx.enum.shapes import MSO_SHAPE

    low, likely, high, zero = part.places
    pad = int(0.04 * box[2])
    left, wide, thick = box[0] + pad, box[2] - 2 * pad, 14 * POINT
    top = box[1] + box[3] // 2 - thick // 2

    def mark(kind: Any, start: float, span: float, tall: int, fill: str = "") -> Any:
        shape = shapes.add_shape(
            kind, int(left + start * wide), top + (thick - tall) // 2, max(int(span * wide), 2 * POINT), tall
        )
        paint(shape.fill, "1", own=own) if not fill else shape.fill.solid()
        if fill:
            shape.fill.fore_color.rgb = rgb(fill)
        shape.line.fill.background()
        remove(shape._element, "p:style")
        return shape

    mark(MSO_SHAPE.RECTANGLE, 0.0, 1.0, 2 * POINT, LINE_COLOUR)
    bar = mark(MSO_SHAPE.RECTANGLE, low, high - low, thick)
    bar.fill.fore_color.brightness = 0.45
    bar._element.nvSpPr.cNvPr.set("descr", clean(part.alt, 300))
    mark(MSO_SHAPE.RECTANGLE, zero, 0.0, 3 * thick, QUIET)
    mark(MSO_SHAPE.RECTANGLE, max(likely - 0.004, 0.0), 0.008, 2 * thick)
    _label(shapes, left + int(zero * wide), top + 2 * thick, "0", box)
    for place, text in zip((low, high), (part.texts[0], part.texts[2]), strict=True):
        if abs(place - zero) > 0.08:
            _label(shapes, left + int(place * wide), top + 2 * thick, text, box)
    _label(shapes, left + int(likely * wide), top - 2 * thick - 4 * POINT, part.texts[1], box, bold=True)


def _label(shapes: Any, middle: int, top: int, text: str, box: Box, *, bold: bool = False) -> None:
    from pptx.enum.text import PP_ALIGN

    wide = 110 * POINT
    left = min(max(middle - wide // 2, box[0]), box[0] + box[2] - wide)
    shape = write_box(shapes, (left, top, wide, int(16 * LINE) * POINT), text, (12, 10), bold=bold)
    paragraph = shape.text_frame.paragraphs[0]
    near_left, near_right = left > middle - wide // 2, left < middle - wide // 2
    paragraph.alignment = PP_ALIGN.LEFT if near_left else PP_ALIGN.RIGHT if near_right else PP_ALIGN.CENTER
