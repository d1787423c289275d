"""A plot as a chart of PowerPoint: its numbers lie in a workbook inside the chart, so that they can be edited."""

from collections.abc import Mapping
from math import floor, log10
from typing import Any, Final

from core.reporting.deck_fit import clean
from core.reporting.deck_numbers import axis_format, data_of, number_format, stacks
from core.reporting.deck_paint import LATER, ink, paint, points, rgb, white
from core.reporting.deck_xml import element_of, found
from core.views.plots import Plot

TYPES: Final[Mapping[str, str]] = {
    "doughnut": "DOUGHNUT", "bars": "BAR_CLUSTERED", "columns": "COLUMN_CLUSTERED", "stacked": "BAR_STACKED",
    "ranges": "BAR_STACKED",
}  # fmt: skip
GAP: Final = 60  # percent of a bar that lies between two
GAPS: Final = {1: 400, 2: 200, 3: 100}  # few bars are not as thick as the slide is high
LEAST_TEXT: Final = 0.05  # share of the longest bar that a part needs for its number
MARK: Final = 3  # points that the mark of a range without a width is wide
SIZE, SMALL = 12, 10  # points


def add_chart(shapes: Any, plot: Plot, box: tuple[int, int, int, int], alt: str, *, own: bool) -> Any:
    """Draw a plot into a box (EMU); `own` says that the theme is the app's. Returns the shape."""
    from pptx.enum.chart import XL_CHART_TYPE

    apart = plot.kind == "ranges" and not stacks(plot)
    kind = "BAR_CLUSTERED" if apart else TYPES[plot.kind]
    frame = shapes.add_chart(XL_CHART_TYPE[kind], *box, data_of(plot))
    frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(alt, 500))
    chart = frame.chart
    chart.font.size = points(SIZE)
    ink(chart.font)
    chart.has_title = False
    if plot.kind == "doughnut":
        _as_doughnut(chart, plot, own=own)
    else:
        _as_bars(chart, plot, own=own)
    return frame


def _as_doughnut(chart: Any, plot: Plot, *, own: bool) -> None:
    chart.has_legend = False  # the table beside it has the names and colours
    series = chart.plots[0].series[0]
    whole = sum(value or 0.0 for value in plot.series[0].values) or 1.0
    for at, cluster in enumerate(plot.clusters):
        paint(series.points[at].format.fill, cluster, own=own)
    labels = series.data_labels
    labels.show_percentage, labels.show_value, labels.show_legend_key = True, False, False
    labels.number_format, labels.number_format_is_linked = number_format("share", "", 1.0), False
    labels.font.size, labels.font.bold = points(SIZE), True
    white(labels.font)
    for at, value in enumerate(plot.series[0].values):
        if (value or 0.0) / whole < LEAST_TEXT:
            _drop_label(series, at)


def _as_bars(chart: Any, plot: Plot, *, own: bool) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION

    bars, single = chart.plots[0], len(plot.series) == 1
    stacked = plot.kind == "stacked" or (plot.kind == "ranges" and stacks(plot))
    bars.gap_width, bars.overlap = GAPS.get(len(plot.categories), GAP), 100 if stacked else 0
    bars.vary_by_categories = False
    across, up = chart.category_axis, chart.value_axis
    across.format.line.fill.background()
    across.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    across.reverse_order = plot.kind != "columns"
    across.tick_labels.font.size = points(SIZE if len(plot.categories) <= 8 else SMALL)
    ink(across.tick_labels.font)
    up.has_major_gridlines = not single
    if up.has_major_gridlines:
        up.major_gridlines.format.line.color.rgb = rgb("#dde3ea")
        up.major_gridlines.format.line.width = points(0.75)
    up.visible = not single
    up.format.line.fill.background()
    up.tick_labels.font.size = points(SMALL)
    ink(up.tick_labels.font)
    most = max((abs(value) for one in plot.series for value in one.values if value is not None), default=0.0)
    up.tick_labels.number_format, up.tick_labels.number_format_is_linked = axis_format(plot, most), False
    up.tick_label_position = XL_TICK_LABEL_POSITION.HIGH if plot.kind != "columns" else XL_TICK_LABEL_POSITION.LOW
    _scale(up, plot)
    chart.has_legend = not single and plot.kind != "ranges"
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.legend.font.size = points(SMALL)
        ink(chart.legend.font)
    _colour_series(bars, plot, own=own)
    if single or stacked:
        _label(bars, plot, single=single)


def _scale(axis: Any, plot: Plot) -> None:
    values = [value for one in plot.series for value in one.values if value is not None and value == value]
    if plot.form == "share" and plot.kind == "stacked":
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0.0, 1.0, 0.25
    elif plot.kind == "ranges" and stacks(plot) and values:
        low, high = min(values), max(values)
        if low > (high - low) > 0:  # far from 0: bars of a spread need no 0
            axis.minimum_scale = _round_down(low - (high - low) / 2)
    elif len(plot.series) == 1 and values and min(values) >= 0:
        axis.minimum_scale = 0.0


def _round_down(value: float) -> float:
    if value <= 0:
        return 0.0
    unit = 10.0 ** floor(log10(value))
    return floor(value / unit) * unit


def _colour_series(bars: Any, plot: Plot, *, own: bool) -> None:
    shades = _shades(len(plot.series))
    for at, (drawn, one) in enumerate(zip(bars.series, plot.series, strict=True)):
        drawn.invert_if_negative = False
        if plot.kind == "ranges":
            _paint_step(drawn, plot, at, own=own)
        elif one.cluster:
            paint(drawn.format.fill, one.cluster, own=own)
        elif plot.clusters and len(plot.series) == 1:
            for place, cluster in enumerate(plot.clusters):
                paint(drawn.points[place].format.fill, cluster, own=own)
        else:
            paint(drawn.format.fill, "1", own=own)
            if len(plot.series) > 1:
                drawn.format.fill.fore_color.brightness = shades[at]
        if plot.kind == "stacked":
            drawn.format.line.color.rgb, drawn.format.line.width = rgb("#ffffff"), points(0.75)


def _paint_step(drawn: Any, plot: Plot, at: int, *, own: bool) -> None:
    """The first step of a range is air; those below and above the median are dark and pale.

    A range without a width has a border, which not every program draws, and its number.
    """
    if at == 0 and stacks(plot):
        drawn.format.fill.background()
        drawn.format.line.fill.background()
        _number_ranges_without_width(drawn, plot)
        return
    for place, cluster in enumerate(plot.clusters):
        fill = drawn.points[place].format.fill
        paint(fill, cluster, own=own)
        if at == 2:
            fill.fore_color.brightness = LATER
        if at == 1 and plot.series[0].values[place] == plot.series[2].values[place]:
            line = drawn.points[place].format.line
            paint(line.fill, cluster, own=own)
            line.width = points(MARK)


def _number_ranges_without_width(drawn: Any, plot: Plot) -> None:
    """The number that a whole range is, where it would be: at the end of its first step."""
    from pptx.enum.chart import XL_LABEL_POSITION

    lower, _, upper = (one.values for one in plot.series)
    for place in (place for place, (low, high) in enumerate(zip(lower, upper, strict=True)) if low == high):
        label = drawn.points[place].data_label
        label.position = XL_LABEL_POSITION.INSIDE_END
        label.font.size = points(SIZE)
        ink(label.font)


def _label(bars: Any, plot: Plot, *, single: bool) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION

    if plot.kind == "ranges":
        return
    sums = [sum(value or 0.0 for value in row) for row in zip(*(one.values for one in plot.series), strict=True)]
    longest = max(map(abs, sums), default=0.0) or 1.0
    values = [value or 0.0 for one in plot.series for value in one.values]
    most = max(map(abs, values), default=0.0)
    shades = _shades(len(plot.series))
    for at, (drawn, one) in enumerate(zip(bars.series, plot.series, strict=True)):
        labels = drawn.data_labels
        labels.show_value = True
        labels.number_format, labels.number_format_is_linked = number_format(plot.form, plot.sign, most), False
        labels.font.size = points(SIZE if single else SMALL)
        if single:
            labels.position = XL_LABEL_POSITION.OUTSIDE_END
            ink(labels.font)
            continue
        pale = not one.cluster and shades[at] > LATER
        ink(labels.font) if pale else white(labels.font)
        for place, value in enumerate(one.values):
            if value is not None and abs(value) / longest < LEAST_TEXT:
                _drop_label(drawn, place)


def _drop_label(series: Any, at: int) -> None:
    """Show no number at a mark that has no room for it."""
    label = series.points[at].data_label._get_or_add_dLbl()
    for one in found(label, "*[not(self::c:idx)]"):
        label.remove(one)
    label.append(element_of('<c:delete {} val="1"/>'))


def _shades(number: int) -> list[float]:
    """How pale each of several parts of a bar is: 0 is the colour itself."""
    return [0.8 * at / max(number - 1, 1) for at in range(number)]
