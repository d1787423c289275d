"""The numbers of a plot as a chart of PowerPoint keeps them, in a workbook inside it, and how they are written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from typing import Any, Final

from core.figures import style
from core.number_style import FIRST, NumberStyle
from core.reporting.deck_fit import clean
from core.views.plots import Plot, Series

LONGEST: Final = 44  # characters of a name beside a mark
MILLION, THOUSAND = 1e6, 1e3
EPOCH: Final = datetime(2000, 1, 1)  # of workbooks: no clock is asked
STEPS: Final = ("Up to the lower quartile", "From there to the median", "From there to the upper quartile")


def steps(plot: Plot) -> tuple[Series, ...]:
    """The series as they lie in the chart: quartiles as steps from one to the next, which stack up to them."""
    if plot.kind != "ranges" or not stacks(plot):
        return plot.series
    rows = [(None, *values) for values in zip(*(one.values for one in plot.series), strict=True)]
    parts = [[(high or 0.0) - (low or 0.0) for low, high in pairwise(row)] for row in rows]
    return tuple(Series(name, tuple(part[at] for part in parts)) for at, name in enumerate(STEPS))


def number_format(form: str, sign: str, most: float, marks: NumberStyle | None = None) -> str:
    """The format of a spreadsheet by which a number is written as on a page, as far as formats can.

    Groups of digits and the place of a currency's sign are the country's. The decimal mark is that of whoever opens
    the file: no format has one of its own.
    """
    marks = marks or style()
    if form == "share":
        return f"0{'' if most >= 0.1 else '.0'}{_literal(marks.percent.removesuffix('%'))}%"
    size = abs(most)
    if form == "number" and size >= MILLION and marks.later == FIRST:
        return marks.amount("|", _literal(sign)).replace("|", '0.0,,"\u00a0m"')
    digits = "0.0" if form == "number" and size < THOUSAND else ""
    before, after = marks.amount("|", sign).split("|")
    return f"{_literal(before)}{digits}{_literal(after)}" if digits else _grouped(before, after, size, marks)


def axis_format(plot: Plot, most: float) -> str:
    """The format of an axis: whole numbers where they go far enough."""
    if plot.form == "share":
        return number_format("share", "", 1.0)
    return number_format("number" if most < 5 or most >= MILLION else "count", plot.sign, most)


def _grouped(before: str, after: str, most: float, marks: NumberStyle) -> str:
    """Whole numbers in groups of digits, of a size up to `most`.

    A mark other than a comma stands as a letter, in two sizes of numbers: a format has no more conditions.
    """
    around = _literal(before), _literal(after)
    if marks.group == "," and marks.later == FIRST:
        return f"{around[0]}#,##0{around[1]}"
    mark = _literal(marks.group)
    sections, form, limit = list[str](), "##0", 10**FIRST
    while limit <= max(most, 10**FIRST):
        form = f"{'#' * marks.later}{mark}{form}"
        sections.append(f"[>={limit}]{around[0]}{form}{around[1]}")
        limit *= 10**marks.later
    return ";".join([*reversed(sections[-2:]), f"{around[0]}0{around[1]}"])


def _literal(text: str) -> str:
    return f'"{text}"' if text else ""


def data_of(plot: Plot) -> Any:
    """The data with a workbook that takes no text for a formula or a link, and has no time in it."""
    from pptx.chart.data import CategoryChartData
    from pptx.chart.xlsx import CategoryWorkbookWriter
    from xlsxwriter import Workbook

    class Writer(CategoryWorkbookWriter):  # type: ignore[misc]  # python-pptx is taken for Any
        @contextmanager
        def _open_worksheet(self, xlsx_file: BytesIO) -> Iterator[Any]:
            off = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
            workbook = Workbook(xlsx_file, off)
            workbook.set_properties({"created": EPOCH})
            yield workbook, workbook.add_worksheet()
            workbook.close()

    class Data(CategoryChartData):  # type: ignore[misc]
        @property
        def _workbook_writer(self) -> Any:
            return Writer(self)

    most = max((abs(value) for one in plot.series for value in one.values if value is not None), default=0.0)
    data = Data(number_format=number_format(plot.form, plot.sign, most))
    data.categories = _distinct(plot.categories)
    for one, name in zip(steps(plot), _distinct([one.name for one in steps(plot)]), strict=True):
        data.add_series(name, [None if value is None or value != value else value for value in one.values])
    return data


def _distinct(texts: Any) -> list[str]:
    """The texts, clean and not long; those that become the same are told apart by a number."""
    found: dict[str, None] = {}
    for text in texts:
        short = clean(text, LONGEST) or "–"
        number = 2
        one = short
        while one in found:
            one, number = f"{short} ({number})", number + 1
        found[one] = None
    return [*found]


def stacks(plot: Plot) -> bool:
    """Whether all numbers lie on one side of 0, so that steps from one to the next stack up to them."""
    return all(value is not None and value >= 0 for one in plot.series for value in one.values)
