"""Make a chart's marks clickable, and the clicked ones stand out."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

PICK, ADD = "pick", "add"  # the chart's parameters: a click, and one with Ctrl, ⌘ or Shift held
HELD = "event.ctrlKey || event.metaKey || event.shiftKey"
EVENTS = {PICK: f"click[!({HELD})]", ADD: f"click[{HELD}]"}
FIRST = "marks"  # the layer that is clicked
PALER = 0.25
# Mark → the opacity that shows what is clicked. `opacity` itself encodes a legend in one chart.
OPACITY = {
    "arc": "fillOpacity",
    "bar": "fillOpacity",
    "rect": "fillOpacity",
    "circle": "fillOpacity",
    "tick": "fillOpacity",
    "rule": "strokeOpacity",
}


def clickable(chart: Any, fields: Sequence[str], clicked: Sequence[Mapping[str, str]]) -> Any:
    """The chart with a parameter per kind of click, its marks paler except the clicked ones.

    Parameters
    ----------
    chart : Chart or LayerChart
        Its data has the `fields`.
    fields : sequence of str
        The data fields whose values tell one mark from another; a selection names these.
    clicked : sequence of mapping
        Field → value of each mark already clicked; none leaves all marks as they are.
    """
    layers = chart.layer if isinstance(chart, alt.LayerChart) else [chart]
    layers[0].name = FIRST  # of several layers the first, which Vega-Lite makes listen for all
    # In place, as `add_params` copies all layers several times.
    chart.params = [
        alt.TopLevelSelectionParameter(
            name=name,
            select=alt.PointSelectionConfig(type="point", fields=list(fields), on=event, clear=False, toggle=False),
            views=[FIRST],
        )
        for name, event in EVENTS.items()
    ]
    for layer in layers:
        mark = layer.mark if isinstance(layer.mark, str) else layer.mark.type
        if clicked and mark in OPACITY:
            layer.encoding[OPACITY[mark]] = _paler_unless(clicked)
    return chart


def _paler_unless(clicked: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Field predicates, not an expression: values of the file are compared and never run."""
    marks = [{"and": [{"field": field, "equal": value} for field, value in mark.items()]} for mark in clicked]
    return {"condition": {"test": {"or": marks}, "value": 1}, "value": PALER}
