"""Chart builders: a small table in, an Altair chart out, nothing else read or kept.

`names` maps each cluster label to its segment name; its order is the order of the marks. Text marks
have no colour of their own: the caller sets one that is legible on the theme.
"""

from collections.abc import Mapping, Sequence
from functools import partial

import altair as alt
import pandas as pd

from core import figures
from core.schema import CLUSTER, MASS_AFFLUENT, NO_SEGMENT, UNKNOWN, YES_NO
from core.views import chart_text
from core.views.chart_parts import (
    HEIGHT,
    ROW,
    Names,
    framed,
    labelled,
    layered,
    legend,
    legend_columns,
    number_axis,
    plain_axis,
    room_for_text,
    rows_height,
    segment_axis,
    segment_colour,
    segment_legend,
    tile_text,
    tooltips,
)
from core.views.chart_parts import label as label  # how others write a segment, too
from core.views.palette import CLUSTER_COLOURS, colour, ink_on
from core.views.summary import MOST_BARS, mean, most_frequent, quartiles, share
from core.views.tables import AGE_BIN, WHOLE
from core.views.treemap import SIDE, tiles

BAR = 32  # pixels of a row that a bar has, however few there are
AXIS_AND_LEGEND, LEGEND_ROW = 110, 20  # pixels below stacked bars, and of each further row of the legend
NEUTRAL = "#6f8296"  # a legend symbol that stands for no segment
# The donut's radius leaves room for its labels, however narrow the chart: 54 pixels beside it, 36 above and below.
DONUT = "max(24, min(96, width / 2 - 54, height / 2 - 36))"
SLICE_WITH_TEXT, BAR_WITH_TEXT = 0.03, 0.08  # smallest share with room for its label
OWN_COLOURS = alt.Resolve(scale=alt.ScaleResolveMap(color="independent"))  # of each layer
OPACITY = {"Yes": 1.0, "No": 0.45, UNKNOWN: 0.15}  # of the parts of a stacked bar
PALEST = 0.3  # of a known value among several, darker than the unknown
A_CHARACTER = 0.06  # its width at a bar, as a share of the longest bar's: the plot is some 150 pixels wide


def pie(table: pd.DataFrame, *, names: Names) -> alt.LayerChart:
    """Donut of `customers` by cluster, each slice with its number and share."""
    data = labelled(table, names).assign(share=table["customers"] / table["customers"].sum(), order=range(len(table)))
    data["text"] = [
        f"{'–' if cluster in NO_SEGMENT else cluster}: {figures.share(part)}" if part >= SLICE_WITH_TEXT else ""
        for cluster, part in zip(data[CLUSTER], data["share"], strict=True)
    ]
    base = alt.Chart().encode(
        theta=alt.Theta("customers:Q", stack=True),
        order=alt.Order("order:O"),
        tooltip=tooltips({"segment": "Segment"}, {"customers": figures.COUNT_FORM, "share": figures.SHARE_FORM}),
    )
    arcs = base.mark_arc(innerRadius=alt.expr(f"0.54 * {DONUT}"), outerRadius=alt.expr(DONUT), padAngle=0.012).encode(
        color=segment_colour(names, legend=None)
    )
    texts = base.mark_text(radius=alt.expr(f"{DONUT} + 27"), fontWeight=600, fontSize=12).encode(
        text=alt.Text("text:N")
    )
    return layered(data[["segment", "customers", "share", "order", "text"]], arcs, texts, height=HEIGHT)


def mean_bars(table: pd.DataFrame, measure: str, *, names: Names, title: str, sign: str = "") -> alt.LayerChart:
    """Bars of a measure's mean by cluster, its value at each, whole in tooltips if large; money has a `sign`."""
    means = pd.DataFrame({CLUSTER: table[CLUSTER], "mean": mean(table, measure), "known": table[f"{measure}_n"]})
    data = labelled(means[means["known"] > 0], names)[["segment", "mean", "known"]]
    form, texts = figures.number_form(data["mean"]), list(map(figures.number, data["mean"]))
    written = bool(sign) or data["mean"].abs().max() >= figures.style().large
    if written:
        texts = [figures.short_if_large(mean, sign, 1) for mean in data["mean"]]
        data = data.assign(text=texts, whole=[figures.money(mean, sign, 2) for mean in data["mean"]])
    room = 1 + A_CHARACTER * max(map(len, texts), default=0)
    base = alt.Chart().encode(
        y=segment_axis(names),
        x=alt.X("mean:Q", axis=None, scale=room_for_text(data["mean"], room)),
        tooltip=tooltips(
            {"segment": "Segment"} | ({"whole": title} if written else {}),
            ({} if written else {"mean": form.replace(".1f", ".2f")}) | {"known": figures.COUNT_FORM},
            {"mean": title, "known": "Customers with a value"},
        ),
    )
    bars = base.mark_bar(cornerRadiusEnd=3, size=BAR).encode(color=segment_colour(names, legend=None))
    text = alt.Text("text:N") if written else alt.Text("mean:Q", format=form)
    texts = base.mark_text(align="left", dx=5, fontSize=12).encode(text=text)
    return layered(data, bars, texts, height=rows_height(data))


def boxplot(histogram: pd.DataFrame, column: str, *, names: Names, title: str, sign: str = "") -> alt.LayerChart:
    """Box per cluster from the histogram of a column of whole numbers; whiskers reach 1.5 interquartile ranges.

    Money has its `sign` in the tooltips.
    """
    boxes = quartiles(histogram, column)
    data = labelled(boxes, names)
    detail = {
        "median": "Median", "lower": "Lower quartile", "upper": "Upper quartile", "low": "Lower whisker",
        "high": "Upper whisker",
    }  # fmt: skip
    forms = dict.fromkeys([] if sign else detail, ",.1~f")
    texts = {f"{name}_text": label for name, label in detail.items()} if sign else {}
    for name in texts:
        data[name] = [figures.money(value, sign, 1, trim=True) for value in data[name.removesuffix("_text")]]
    if WHOLE not in histogram.attrs:  # else a segment minus its box gives the hidden unknown ones
        forms["customers"] = figures.COUNT_FORM
    base = alt.Chart().encode(
        y=segment_axis(names),
        tooltip=tooltips({"segment": "Segment"} | texts, forms, detail),
    )
    scale, axis = alt.Scale(zero=False, nice=True), number_axis(title, data["high"].max())
    whiskers = base.mark_rule(strokeWidth=1.5).encode(
        x=alt.X("low:Q", title=chart_text.key(title), scale=scale, axis=axis),
        x2=alt.X2("high:Q"),
        color=segment_colour(names, legend=None),
    )
    bars = base.mark_bar(size=22, cornerRadius=3).encode(
        x=alt.X("lower:Q"), x2=alt.X2("upper:Q"), color=segment_colour(names, legend=None)
    )
    medians = base.mark_tick(size=22, thickness=3, color="#ffffff").encode(x=alt.X("median:Q"))
    shown = data[list(dict.fromkeys(["segment", *detail, *texts, *forms]))]
    return layered(shown, whiskers, bars, medians, height=rows_height(data, below=40))


def treemap(table: pd.DataFrame, inner: str, *, names: Names, title: str) -> alt.LayerChart:
    """Nested tiles: clusters, and within each the values of `inner`, which has a title, area by customers."""
    laid_out = labelled(tiles(most_frequent(table, inner), inner), names)
    unit = alt.Scale(domain=[0, SIDE], nice=False, zero=False)
    down = alt.Scale(domain=[0, SIDE], nice=False, zero=False, reverse=True)
    base = alt.Chart().encode(
        x=alt.X("x:Q", axis=None, scale=unit),
        y=alt.Y("y:Q", axis=None, scale=down),
        tooltip=tooltips(
            {"segment": "Segment", "inner": title},
            {"customers": figures.COUNT_FORM, "share": figures.SHARE_FORM},
            {"share": "Share of the segment"},
        ),
    )
    rects = base.mark_rect(cornerRadius=2).encode(
        x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"), color=segment_colour(names, legend=segment_legend())
    )
    texts = base.mark_text(
        align="left",
        baseline="top",
        dx=5,
        dy=5,
        **tile_text("datum.text", f"max(0, (datum.x2 - datum.x) / {SIDE} * width - 8)", 11),
    ).encode(color=alt.Color("ink:N", scale=None))
    turned = base.mark_text(
        align="left",
        baseline="bottom",
        angle=90,
        dx=5,  # both in the direction of the text: down, and to the right
        dy=-4,
        **tile_text("datum.turned", f"max(0, (datum.y2 - datum.y) / {SIDE} * height - 8)", 10),
    ).encode(color=alt.Color("ink:N", scale=None))
    chart = layered(laid_out.drop(columns=CLUSTER), rects, texts, turned, height=_treemap_height(table))
    chart.resolve = OWN_COLOURS
    return chart


def stacked_shares(table: pd.DataFrame, inner: str, *, names: Names, legend_title: str) -> alt.LayerChart:
    """Bars to 100 % by cluster, split by the values of `inner`: the cluster's colour, paler from value to value.

    Where groups are hidden from the table, a bar ends short by their share.
    """
    opacity = _opacities(table[inner])
    whole = table.attrs.get(WHOLE) or table.groupby(CLUSTER, observed=True)["customers"].sum().to_dict()
    table = most_frequent(table, inner)
    data = labelled(table, names).assign(inner=table[inner].astype("str"))
    data = data.sort_values("inner", key=lambda values: values.map([*opacity].index), kind="stable", ignore_index=True)
    data["share"] = data["customers"] / data[CLUSTER].map(whole).astype("float64")
    data["end"] = data.groupby(CLUSTER)["share"].cumsum()
    data["start"] = data["end"] - data["share"]
    data["middle"] = (data["start"] + data["end"]) / 2
    has_text = (data["inner"] == next(iter(opacity), "")) & (data["share"] >= BAR_WITH_TEXT)
    data["text"] = data["share"].map(lambda part: figures.share(part, 0)).where(has_text, "")
    data["ink"] = data[CLUSTER].map(lambda cluster: ink_on(colour(cluster)))
    base = alt.Chart().encode(
        y=segment_axis(names),
        tooltip=tooltips(
            {"segment": "Segment", "inner": legend_title},
            {"customers": figures.COUNT_FORM, "share": figures.SHARE_FORM},
        ),
    )
    paler = alt.Scale(domain=[*opacity], range=[*opacity.values()])
    columns = legend_columns([*opacity])
    below = AXIS_AND_LEGEND + LEGEND_ROW * (-(-len(opacity) // columns) - 1)
    percent_axis = alt.Axis(format="%", tickCount=5)
    bars = base.mark_bar(size=BAR).encode(
        x=alt.X("start:Q", title="Share of the segment's customers", axis=percent_axis, scale=alt.Scale(domain=[0, 1])),
        x2=alt.X2("end:Q"),
        color=segment_colour(names, legend=None),
        opacity=alt.Opacity(
            "inner:N", title=legend_title, scale=paler, legend=legend(symbolFillColor=NEUTRAL, columns=columns)
        ),
    )
    texts = base.mark_text(fontSize=12, fontWeight=600).encode(
        x=alt.X("middle:Q"), text=alt.Text("text:N"), color=alt.Color("ink:N", scale=None)
    )
    chart = layered(data.drop(columns=[CLUSTER, inner]), bars, texts, height=rows_height(data, below=below))
    chart.resolve = OWN_COLOURS
    return chart


def scatter(
    table: pd.DataFrame, measure: str, *, names: Names, titles: Mapping[str, str], step: float, across: str = "age",
    width: float = AGE_BIN, signs: Sequence[str] = ("", ""),
) -> alt.Chart:  # fmt: skip
    """Bubbles of age × measure bins by cluster, area by customers; `step` is the measure's bin width.

    Another number can stand `across` in place of age, in bins of its own `width`. `signs` are those of money: of the
    number across, and of the measure.
    """
    data = labelled(table.rename(columns={across: "age", measure: "value"}), names).drop(columns=CLUSTER)
    for (name, bins), sign in zip({"age": width, "value": step}.items(), signs, strict=True):
        write = partial(figures.amount, currency=sign)
        data[f"{name}_bin"] = [
            write(low) if bins == 1 else f"{write(low)} to below {write(low + bins)}" for low in data[name]
        ]
        data[name] += bins / 2 if bins != 1 else 0
    chart: alt.Chart = (
        alt.Chart(data)
        .mark_circle(opacity=0.65, stroke="#ffffff", strokeWidth=0.4)
        .encode(
            x=alt.X(
                "age:Q",
                title=chart_text.key(titles[across]),
                scale=alt.Scale(zero=False, padding=12),
                axis=number_axis(titles[across], width),
            ),
            y=alt.Y(
                "value:Q",
                title=chart_text.key(titles[measure]),
                scale=alt.Scale(zero=False, padding=12),
                axis=number_axis(titles[measure], step),
            ),
            size=alt.Size("customers:Q", scale=alt.Scale(range=[8, 420]), legend=None),
            color=segment_colour(names, legend=segment_legend()),
            order=alt.Order("customers:Q", sort="descending"),
            tooltip=tooltips(
                {"segment": "Segment", "age_bin": titles[across], "value_bin": titles[measure]},
                {"customers": figures.COUNT_FORM},
            ),
        )
    )
    framed(chart, height=480)
    return chart


def ranked_bars(table: pd.DataFrame, inner: str, *, title: str) -> alt.LayerChart:
    """Customers by the values of `inner`, most first, with the share of mass affluent written beside each."""
    table = most_frequent(table, inner, MOST_BARS)
    penetration = share(table, MASS_AFFLUENT)
    data = pd.DataFrame({"inner": table[inner], "customers": table["customers"]}).assign(
        share=penetration,
        text=[
            f"{figures.count(n)}  ({figures.share(part)})" if part == part else figures.count(n)
            for n, part in zip(table["customers"], penetration, strict=True)
        ],
    )
    base = alt.Chart().encode(
        y=alt.Y("inner:N", sort=alt.SortField("customers", "descending"), title=None, axis=plain_axis()),
        x=alt.X("customers:Q", axis=None, scale=room_for_text(data["customers"], 1.6)),
        tooltip=tooltips(
            {"inner": title},
            {"customers": figures.COUNT_FORM, "share": figures.SHARE_FORM},
            {"share": "Mass affluent, of those known"},
        ),
    )
    bars = base.mark_bar(cornerRadiusEnd=3, size=BAR, color=CLUSTER_COLOURS[0], opacity=0.75)
    texts = base.mark_text(align="left", dx=5, fontSize=12).encode(text=alt.Text("text:N"))
    return layered(data, bars, texts, height=ROW * len(data))


def _opacities(values: pd.Series) -> dict[str, float]:
    """Value → how opaque its part of a bar is: from dark to pale in the order of the categories, Unknown last."""
    occurring = values.astype("category").cat.remove_unused_categories().cat.categories.astype("str")
    known = [value for value in occurring if value != UNKNOWN]
    if set(known) <= set(YES_NO):
        return OPACITY
    paler = (1 - PALEST) / max(len(known) - 1, 1)
    shades = {value: round(1 - i * paler, 3) for i, value in enumerate(known)}
    return shades | ({UNKNOWN: OPACITY[UNKNOWN]} if UNKNOWN in occurring else {})


def _treemap_height(table: pd.DataFrame) -> int:
    """As tall as the two charts by segment that stand beside it."""
    return 2 * max(HEIGHT - 40, ROW * int(table[CLUSTER].nunique())) + 120 + AXIS_AND_LEGEND
