"""Tables in, an Excel workbook out: typed cells, frozen headers, filters, widths, charts, and no cell that runs.

Excel takes 1,048,576 rows a sheet, 32,767 UTF-16 units a cell, and names of sheets of up to 31.
"""

import io
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import chain, islice
from math import isfinite
from textwrap import wrap
from typing import Any, Final, NamedTuple

from core.figures import money
from core.reporting.workbook_tab import Cell, Field, Tab, code
from core.reporting.workbook_text import in_footer, names, plain
from core.views.export import FORMULA_START

MOST_ROWS: Final = 1_048_576 - 200  # of a table, below its title, notes and header
FIRST_DAY: Final = date(1900, 3, 1)  # Excel's calendar has a day before it that never was
WIDTHS: Final = (9, 60)  # characters
SAMPLED: Final = 500  # rows that a column's width is taken from
EXAMPLE_DAY: Final = "2026-01-31"
CHART: Final = (480, 300)  # pixels
BESIDE: Final = 2  # charts in a row
ROOM_FOR_LABELS: Final = {"x": 0.34, "y": 0.16, "width": 0.5, "height": 0.78}  # names before bars, numbers after them
ROWS_OF_CHART: Final = 17
LINE, TALLEST, TITLE = 15, 400, 24  # points of a line of text, of the highest row, and of a title
MARGIN: Final = 2  # characters of a column's width that no text has
LEAST_NOTE: Final = 70  # characters of a line that a note is wrapped in
MOST_FROZEN: Final = 4  # notes above a table whose header stays on the screen
WORDS: Final = ("text", "code")
INK: Final = "#1f2a35"
HEAD: Final = "#e8edf2"


class _Place(NamedTuple):
    sheet: str
    first: int
    last: int
    titles: list[str]


def write(tabs: Sequence[Tab], *, title: str, made: date, footer: str, constant_memory: bool = False) -> bytes:
    """The workbook; equal tables give equal bytes, since `made` stands in it as the day it was made.

    `constant_memory` is for a million rows: they go through a temporary file, one after the other.
    """
    from xlsxwriter import Workbook  # here, as hardly any run writes a workbook

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    memory = {"constant_memory": True} if constant_memory else {"in_memory": True}
    with Workbook(out, {**options, **memory}) as book:
        book.set_properties({"title": plain(title), "created": datetime(made.year, made.month, made.day, tzinfo=UTC)})
        book.set_calc_mode("auto")
        sheets = [
            (book.add_worksheet(name), tab) for name, tab in zip(names([one.name for one in tabs]), tabs, strict=True)
        ]
        formats = _formats(book)
        places = {tab.key: _write_tab(book, sheet, tab, formats, footer) for sheet, tab in sheets}
        for sheet, tab in sheets:
            _add_charts(book, sheet, tab, places)
    return out.getvalue()


def _formats(book: Any) -> Callable[..., Any]:
    """What gives the format of some looks, each once."""
    kept: dict[tuple[tuple[str, Any], ...], Any] = {}

    def formats(**looks: Any) -> Any:
        key = tuple(sorted(looks.items()))
        if key not in kept:
            kept[key] = book.add_format({"valign": "top", **looks})
        return kept[key]

    return formats


def _write_tab(book: Any, sheet: Any, tab: Tab, formats: Callable[..., Any], footer: str) -> _Place:
    """Write a sheet from top to bottom, as a file that is written once asks for."""
    peeked = [*islice(rows := iter(tab.rows), SAMPLED)]
    widths = [field.width or _width(field, [row[at] for row in peeked]) for at, field in enumerate(tab.fields)]
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    sheet.set_row(0, TITLE)
    sheet.write_string(0, 0, plain(tab.title or tab.name), formats(bold=True, font_size=14, font_color=INK))
    for at, note in enumerate(tab.notes, 1):
        _write_note(sheet, at, plain(note), widths, formats)
    head = len(tab.notes) + 2
    _set_height(sheet, head, [field.title for field in tab.fields], widths)
    for at, field in enumerate(tab.fields):
        right = {"align": "left", "indent": 1} if field.form in WORDS else {"align": "right"}
        look = formats(bold=True, bg_color=HEAD, font_color=INK, bottom=1, text_wrap=True, **right)
        sheet.write_string(head, at, plain(field.title), look)
    put = [_writer(sheet, field, formats) for field in tab.fields]
    wraps = any(field.form == "text" for field in tab.fields)
    last = head
    for last, row in enumerate(islice(chain(peeked, rows), MOST_ROWS), head + 1):
        if wraps:
            _set_height(sheet, last, row, widths)
        for at, value in enumerate(row):
            if type(value) is Cell:
                _writer(sheet, value.field, formats)(last, at, value.value)
            else:
                put[at](last, at, value)
    _finish(book, sheet, tab, (head, last), footer)
    return _Place(sheet.get_name(), head + 1, last, [field.title for field in tab.fields])


def _write_note(sheet: Any, row: int, note: str, widths: Sequence[float], formats: Callable[..., Any]) -> None:
    """A line above a table, across its columns where these are wide enough to read it."""
    look = formats(font_color=INK, text_wrap=True, align="left")
    if (wide := sum(widths)) >= LEAST_NOTE and len(widths) > 1:
        _set_height(sheet, row, [note], [wide])
        sheet.merge_range(row, 0, row, len(widths) - 1, "", look)
        sheet.write_string(row, 0, note, look)
    else:
        sheet.write_string(row, 0, note, formats(font_color=INK))


def _set_height(sheet: Any, row: int, texts: Sequence[Any], widths: Sequence[float]) -> None:
    """Make room for texts of several lines: not every program does it when it opens a file."""
    words = (pair for pair in zip(texts, widths, strict=True) if isinstance(pair[0], str))
    lines = max(
        (sum(_lines(line, int(width) - MARGIN) for line in text.split("\n")) for text, width in words), default=1
    )
    if lines > 1:
        sheet.set_row(row, min(LINE * lines, TALLEST))


def _lines(line: str, room: int) -> int:
    """How many lines a line takes in a cell with room for so many characters."""
    return 1 if len(line) <= room else len(wrap(line, max(room, 1)))


def _writer(sheet: Any, field: Field, formats: Callable[..., Any]) -> Callable[[int, int, Any], None]:
    """What writes a value of a field into a cell."""
    number = formats(num_format=code(field))
    looks = {"align": "left", "indent": 1} | ({"text_wrap": True} if field.form == "text" else {})
    text, quoted = formats(**looks), formats(quote_prefix=True, **looks)

    def put(row: int, column: int, value: Any) -> None:
        if value is None or value != value:
            return
        if isinstance(value, str):
            # The prefix keeps a text a text also where somebody edits the cell.
            look = quoted if FORMULA_START.match(value) else text
            sheet.write_string(row, column, plain(value), look)
        elif isinstance(value, date):
            day = value.date() if isinstance(value, datetime) else value
            if day < FIRST_DAY:
                sheet.write_string(row, column, day.isoformat(), text)
            else:
                sheet.write_datetime(row, column, datetime(day.year, day.month, day.day), number)
        elif isfinite(value):
            sheet.write_number(row, column, value, number)

    return put


def _finish(book: Any, sheet: Any, tab: Tab, rows: tuple[int, int], footer: str) -> None:
    """What a reader needs to move and print: frozen header, filter, a name, the set-up of pages."""
    head, last = rows
    right = max(len(tab.fields) - 1, 0)
    sheet.hide_gridlines(2)
    if len(tab.notes) <= MOST_FROZEN:
        sheet.freeze_panes(head + 1, 0)
    if last > head:
        sheet.autofilter(head, 0, last, right)
        quoted = sheet.get_name().replace("'", "''")
        book.define_name(f"table_{re.sub(r'[^A-Za-z0-9]', '_', tab.key)}", f"='{quoted}'!{_range(head, last, right)}")
        sheet.ignore_errors({"number_stored_as_text": _range(head, last, right).replace("$", "")})
    sheet.repeat_rows(head)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 1 if tab.charts else 0)
    sheet.set_margins(left=0.4, right=0.4)
    sheet.set_header(f"&L&B{in_footer(tab.title or tab.name)}")
    sheet.set_footer(f"&L{in_footer(footer)}&R&P / &N")


def _range(first: int, last: int, right: int) -> str:
    from xlsxwriter.utility import xl_range_abs

    return str(xl_range_abs(first, 0, last, right))


def _width(field: Field, values: Sequence[Any]) -> float:
    """The width of a column by its content; the words of its title may stand below each other."""
    longest = max((len(word) for word in field.title.split()), default=0)
    texts = (_shown(value, field) for value in values)
    lines = max((len(line) for text in texts for line in text.split("\n")), default=0)
    return min(max(longest + 4, len(field.title) // 2 + 4, lines + 4, WIDTHS[0]), WIDTHS[1])


def _shown(value: Any, field: Field) -> str:
    """About what a cell shows."""
    if isinstance(value, Cell):
        return _shown(value.value, value.field)
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return value[: WIDTHS[1]]
    if isinstance(value, date):
        return EXAMPLE_DAY
    return "100.0%" if field.form == "share" else money(value, field.sign, field.digits)


def _add_charts(book: Any, sheet: Any, tab: Tab, places: dict[str, _Place]) -> None:
    """Native charts below the table; they refer to cells, so that a changed number moves its bar."""
    below = places[tab.key].last + 2
    drawn = [bars for bars in tab.charts if places[bars.of].last >= places[bars.of].first]
    for at, bars in enumerate(drawn):
        place = places[bars.of]
        chart = book.add_chart({"type": bars.kind})
        columns = (place.titles.index(title) for title in (bars.labels, bars.values))
        categories, values = ([place.sheet, place.first, column, place.last, column] for column in columns)
        points = [{"fill": {"color": colour}} for colour in bars.colours] or None
        series = {"name": plain(bars.title), "categories": categories, "values": values, "points": points, "gap": 60}
        labels = {"percentage": True} if bars.kind == "doughnut" else {"value": True}
        chart.add_series({**series, "data_labels": labels})
        chart.set_title({"name": plain(bars.title), "name_font": {"size": 12, "color": INK}, "overlay": False})
        if bars.kind == "bar":
            chart.set_legend({"none": True})
            chart.set_plotarea({"layout": ROOM_FOR_LABELS})
            chart.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}})
            chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
        chart.set_size(dict(zip(("width", "height"), CHART, strict=True)))
        sheet.insert_chart(
            below + at // BESIDE * ROWS_OF_CHART, 0, chart,
            {"x_offset": at % BESIDE * (CHART[0] + 16), "description": plain(bars.title), "object_position": 2},
        )  # fmt: skip
