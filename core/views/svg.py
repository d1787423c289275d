"""Altair charts as SVG text that can stand in an HTML page: drawn offline, safe, the same every time."""

import json
import re
import xml.etree.ElementTree as ET
from typing import Any, Final

import altair as alt
import pandas as pd
from defusedxml.ElementTree import fromstring

from core.views.chart_text import drawable, drawable_spec, drawable_table

FONT: Final = "Arial, 'Liberation Sans', Helvetica, sans-serif"  # of the same widths, so that text fits on all systems
INK, QUIET, LINE = "#1b2733", "#4b5967", "#dde3ea"
STYLE: Final = {
    "background": None,
    "font": FONT,
    "axis": {"labelColor": INK, "titleColor": QUIET, "titleFontWeight": "normal", "gridColor": LINE}
    | {"domainColor": LINE, "tickColor": LINE},
    "legend": {"labelColor": INK, "titleColor": QUIET, "titleFontWeight": "normal", "labelLimit": 300},
}
# The elements and attributes of drawings. None of them can run, link or load anything.
ELEMENTS: Final = frozenset({"svg", "g", "path", "rect", "line", "circle", "text", "tspan"}) | {
    "defs", "clipPath", "linearGradient", "stop",
}  # fmt: skip
ATTRIBUTES: Final = frozenset({"viewBox", "width", "height", "transform", "id", "clip-path", "opacity", "offset"}) | {
    "d", "x", "y", "dx", "dy", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fill", "fill-opacity", "stroke",
    "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
    "font-family", "font-size", "font-weight", "font-style", "text-anchor", "stop-color",
}  # fmt: skip


class DrawingError(Exception):
    """The drawing engine could not draw a chart."""


def to_svg(chart: Any, *, width: int, title: str, name: str) -> str:
    """The chart as one SVG element that scales with its page.

    Parameters
    ----------
    chart : Chart or LayerChart
        With its data inside it.
    width : int
        Pixels, axes and legends included.
    title : str
        The text for a screen reader.
    name : str
        Prefix of the ids, unique on the page.

    Raises
    ------
    DrawingError
        The drawing engine refuses the chart, or draws nothing.
    """
    import vl_convert  # slow to load, and only a report needs it

    try:
        root = fromstring(vl_convert.vegalite_to_svg(_spec(chart, width), config=STYLE, allowed_base_urls=[]))
    except (ValueError, ET.ParseError) as error:
        raise DrawingError(str(error)) from error
    if not any("role-mark" in element.get("class", "") for element in root.iter()):
        raise DrawingError("The drawing has no marks.")  # Vega only logs errors while drawing
    return _safe(root, drawable(title), name)


def to_png(chart: Any, *, width: int, scale: float = 2.0) -> bytes:
    """The chart on white as a picture of `scale` times so many pixels, for a file that has no SVG.

    Raises
    ------
    DrawingError
        The drawing engine refuses the chart.
    """
    import vl_convert

    config = {**STYLE, "background": "#ffffff"}
    try:
        png: bytes = vl_convert.vegalite_to_png(_spec(chart, width), scale=scale, config=config, allowed_base_urls=[])
    except ValueError as error:
        raise DrawingError(str(error)) from error
    return png


def _spec(chart: Any, width: int) -> Any:
    """The chart's description in Vega-Lite, so many pixels wide with axes and legends."""
    sized = chart.properties(width=width, autosize=alt.AutoSizeParams(type="fit", contains="padding"))
    # A character that XML lacks would make the converter end the whole process.
    return drawable_spec(_with_rows(sized).configure_text(color=INK).to_dict(validate=False))


def _with_rows(chart: Any) -> Any:
    """The chart with its data as plain rows. Altair's conversion depends on settings of all threads."""
    chart = chart.copy(deep=False)
    if isinstance(chart.data, pd.DataFrame):
        rows = drawable_table(chart.data).to_json(orient="records", double_precision=15)
        chart.data = alt.InlineData(values=json.loads(rows))
    if isinstance(chart, alt.LayerChart):
        chart.layer = [_with_rows(layer) for layer in chart.layer]
    return chart


def _safe(root: ET.Element, title: str, name: str) -> str:
    """The known elements and attributes of a drawing, with ids from 1: the converter counts on between drawings."""
    ids: dict[str, str] = {}
    safe = _copy_safe(root, ids, name)
    for size in ("width", "height"):
        safe.attrib.pop(size, None)
    safe.attrib |= {"role": "img", "aria-label": title}
    return ET.tostring(safe, encoding="unicode")


def _copy_safe(element: ET.Element, ids: dict[str, str], name: str) -> ET.Element:
    copy = ET.Element(_local(element.tag))
    for key, value in element.attrib.items():
        if key in ATTRIBUTES:
            copy.set(key, _renumbered(key, value, ids, name))
    copy.text = element.text
    copy.extend(
        _copy_safe(child, ids, name)
        for child in element
        if _local(child.tag) in ELEMENTS and child.get("display") != "none"
    )
    return copy


def _renumbered(key: str, value: str, ids: dict[str, str], name: str) -> str:
    old = value if key == "id" else next(iter(re.findall(r"^url\(#(.+)\)$", value)), "")
    if not old:
        return value
    new = ids.setdefault(old, f"{name}-{len(ids) + 1}")
    return new if key == "id" else f"url(#{new})"


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
