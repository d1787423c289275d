"""Chart builders: a small table in, an Altair chart out, nothing else read or kept.

`names` maps each cluster label to its segment name; its order is the order of the marks. Text marks
have no colour of their own: the caller sets one that is legible on the theme.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from core import figures
from core.schema import CLUSTER, MASS_AFFLUENT
from core.views import chart_text
from core.views.bubbles import scatter as scatter
from core.views.chart_parts import (
    AVERAGE,
    CUSTOMERS,
    DASHED,
    HEIGHT,
    IN_NO_SEGMENT,
    NO_NUMBER,
    PART,
    ROW,
    SEGMENT,
    SHARE,
    Names,
    average_axis,
    hollow,
    labelled,
    layered,
    number_axis,
    plain_axis,
    room_for_text,
    rows_height,
    segment_axis,
    segment_colour,
    spoken,
    tooltips,
)
from core.views.chart_parts import label as label  # how others write a segment, too
from core.views.palette import CLUSTER_COLOURS, GREY
from core.views.shares import stacked_shares as stacked_shares
from core.views.shares import treemap as treemap
from core.views.summary import MOST_BARS, mean, most_frequent, quartiles, share
from core.views.tables import WHOLE, total

PALE: Final = 0.25  # opacity of what was there before a click on another visual
BEFORE: Final = {"all": "Before the click"}
BAR = 32  # pixels of a row that a bar has, however few there are
# The donut's radius leaves room for its labels, however narrow the chart: 54 pixels beside it, 36 above and below.
DONUT = "max(24, min(96, width / 2 - 54, height / 2 - 36))"
KNOWN: Final = f"format(datum.known, '{figures.COUNT_FORM}') + ' customers with a value'"
TOTAL: Final = f"format(datum.sum_customers, '{figures.COUNT_FORM}') + ' customers in all'"
SLICE_WITH_TEXT = 0.03  # smallest share with room for its label
A_CHARACTER = 0.1  # its width at a bar, as a share of the longest bar's: the plot is some 115 pixels wide on a laptop


def pie(table: pd.DataFrame, *, names: Names, whole: pd.DataFrame | None = None) -> alt.LayerChart:
    """Donut of `customers` by cluster, each slice with its number and share, the number of all in the middle.

    `whole` has the customers before a click on another visual: slices are of these, pale, and the part of each that is
    in `table` has the full colour.
    """
    data = labelled(table, names).assign(share=table["customers"] / table["customers"].sum())
    data["text"] = [
        f"{NO_NUMBER.get(cluster, cluster)}: {figures.share(part)}" if part >= SLICE_WITH_TEXT else ""
        for cluster, part in zip(data[CLUSTER], data["share"], strict=True)
    ]
    if whole is not None:
        data = _within(data, labelled(whole, names)).fillna({"text": ""})
        data["start"] = data["all"].cumsum() - data["all"]
        data["end"] = data["start"] + data["customers"]
    data["order"] = range(len(data))
    slices: dict[str, Any] = {"innerRadius": alt.expr(f"0.54 * {DONUT}"), "outerRadius": alt.expr(DONUT)}
    around = alt.Scale(domain=[0, int(data["customers" if whole is None else "all"].sum())], nice=False)
    base = alt.Chart().encode(
        theta=alt.Theta(f"{'customers' if whole is None else 'all'}:Q", stack=True, scale=around),
        order=alt.Order("order:O"),
        tooltip=tooltips(
            {"segment": "Segment"},
            {"customers": figures.COUNT_FORM, "share": figures.SHARE_FORM} | _all(whole, figures.COUNT_FORM),
            BEFORE,
        ),
    )
    arcs = base.mark_arc(**slices, padAngle=0.012, strokeDash=DASHED, opacity=1 if whole is None else PALE).encode(
        color=segment_colour(names, legend=None), description=spoken(SEGMENT, SHARE, CUSTOMERS), **hollow()
    )
    parts = base.mark_arc(
        aria=False, **slices, strokeDash=DASHED, opacity=alt.expr("datum.customers > 0 ? 1 : 0")
    ).encode(
        theta=alt.Theta("start:Q", stack=None, scale=around),
        theta2=alt.Theta2("end:Q"),
        color=segment_colour(names, legend=None),
        **hollow(),
    )
    texts = base.mark_text(aria=False, radius=alt.expr(f"{DONUT} + 27"), fontWeight=600, fontSize=12).encode(
        text=alt.Text("text:N")
    )
    total = (
        alt.Chart()
        .mark_text(radius=0, fontWeight=600, fontSize=alt.expr(f"max(12, 0.23 * {DONUT})"))
        .encode(text=alt.Text("sum(customers):Q", format=figures.COUNT_FORM), description=spoken(TOTAL))
    )
    data = data.drop(columns=[name for name in (CLUSTER, *table) if name in data and name != "customers"])
    return layered(data, arcs, *([] if whole is None else [parts]), texts, total, height=HEIGHT)


def mean_bars(
    table: pd.DataFrame, measure: str, *, names: Names, title: str, sign: str = "", whole: pd.DataFrame | None = None
) -> alt.LayerChart:
    """Bars of a measure's mean by cluster, its value at each, whole in tooltips if large; money has a `sign`.

    `whole` has the customers before a click on another visual: their means stand behind, pale. A dashed line is the
    average of all customers of `whole`, or of `table`.
    """
    everybody = table if whole is None else whole
    data = _means(table, measure, names)
    if whole is not None:
        data = _within(data, _means(whole, measure, names).rename(columns={"mean": "customers"}))
    form = figures.number_form(data["mean"])
    means = data["mean"].to_numpy()
    behind = data.get("all", data["mean"]).to_numpy()
    longest = float(np.nanmax(np.abs([means, behind]), initial=0.0))
    written = bool(sign) or longest >= figures.style().large
    write = partial(figures.short_if_large, currency=sign, digits=1) if written else figures.number
    texts = ["" if mean != mean else write(mean) for mean in means]
    if written or whole is not None:
        data["text"] = texts
    if written:
        data["whole"] = [figures.money(mean, sign, 2) for mean in means]
    average = float(total(everybody, measure).sum() / max(everybody[f"{measure}_n"].sum(), 1))
    line = average_axis(average, write(average))
    data["at"] = at = _beside(np.fmax(means, behind), average, texts, longest)
    room = room_for_text(at, 1 + A_CHARACTER * max(map(len, texts), default=0))
    axis = line if len(data) > 1 else None  # of every layer: Vega-Lite cannot put different ones together
    base = alt.Chart().encode(
        y=segment_axis(names),
        x=alt.X("mean:Q", axis=axis, scale=room),
        tooltip=tooltips(
            {"segment": "Segment"} | ({"whole": title} if written else {}),
            ({} if written else {"mean": form.replace(".1f", ".2f")})
            | {"known": figures.COUNT_FORM}
            | _all(whole, form),
            BEFORE | {"mean": title, "known": "Customers with a value"},
        ),
    )
    look = {"color": segment_colour(names, legend=None), **hollow()}
    value = "datum.whole" if written else f"format(datum.mean, '{form}')"
    bars = base.mark_bar(cornerRadiusEnd=3, size=BAR if whole is None else BAR - 12, strokeDash=DASHED).encode(
        description=spoken(SEGMENT, value, KNOWN), **look
    )
    behind = base.mark_bar(aria=False, cornerRadiusEnd=3, size=BAR, opacity=PALE).encode(
        x=alt.X("all:Q", axis=axis), **look
    )
    text = alt.Text("text:N") if "text" in data else alt.Text("mean:Q", format=form)
    numbers = base.mark_text(aria=False, align="left", dx=5, fontSize=12).encode(x=alt.X("at:Q", axis=axis), text=text)
    return layered(data, *([] if whole is None else [behind]), bars, numbers, height=rows_height(data, below=AVERAGE))


def _means(table: pd.DataFrame, measure: str, names: Names) -> pd.DataFrame:
    known = table[f"{measure}_n"].to_numpy()
    shown = known > 0
    segments = [label(cluster, names) for cluster in table.loc[shown, CLUSTER].astype("str")]
    return pd.DataFrame({"segment": segments, "mean": mean(table, measure).to_numpy()[shown], "known": known[shown]})


def _within(data: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """A row per segment of `whole`, whose `customers` are `all`, with the columns of `data`: none where it is empty."""
    behind = whole[["segment", "customers"]].rename(columns={"customers": "all"})
    return behind.merge(data, on="segment", how="left").fillna({"customers": 0, "known": 0, "share": 0.0})


def _beside(at: np.ndarray, average: float, texts: Sequence[str], longest: float) -> np.ndarray:
    """Where the texts at the ends of bars start, so that none stands on the line of the average."""
    ends = at + A_CHARACTER * longest * np.array([*map(len, texts)], "float64")
    return np.where((at <= average) & (average <= ends), average, at)


def _all(whole: pd.DataFrame | None, form: str) -> dict[str, str]:
    """The line of a tooltip on what stands pale behind a mark, if anything does."""
    return {} if whole is None else {"all": form}


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
    scale, axis = alt.Scale(zero=False, nice=True), number_axis(title, data["high"].max(), sign)
    whiskers = base.mark_rule(aria=False, strokeWidth=1.5).encode(
        x=alt.X("low:Q", title=chart_text.key(title), scale=scale, axis=axis),
        x2=alt.X2("high:Q"),
        color=segment_colour(names, legend=None),
    )
    bars = base.mark_bar(size=22, cornerRadius=3, strokeDash=DASHED).encode(
        x=alt.X("lower:Q"),
        x2=alt.X2("upper:Q"),
        color=segment_colour(names, legend=None),
        description=_spoken_box(bool(sign)),
        **hollow(),
    )
    medians = base.mark_tick(aria=False, size=22, thickness=3).encode(
        x=alt.X("median:Q"), color=alt.ColorValue("#ffffff", condition=IN_NO_SEGMENT | {"value": GREY})
    )
    shown = data[list(dict.fromkeys(["segment", *detail, *texts, *forms]))]
    return layered(shown, whiskers, bars, medians, height=rows_height(data, below=40))


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
    bars = base.mark_bar(cornerRadiusEnd=3, size=BAR, color=CLUSTER_COLOURS[0]).encode(
        description=spoken(PART, CUSTOMERS)
    )
    texts = base.mark_text(aria=False, align="left", dx=5, fontSize=12).encode(text=alt.Text("text:N"))
    return layered(data, bars, texts, height=ROW * len(data))


def _spoken_box(written: bool) -> alt.DescriptionValue:
    """A box's text for a screen reader: its middle half and its median, `written` already where they are of money."""
    low, middle, high = (
        f"datum.{name}_text" if written else f"format(datum.{name}, ',.1~f')" for name in ("lower", "median", "upper")
    )
    return spoken(SEGMENT, f"'median ' + {middle}", f"'half are between ' + {low} + ' and ' + {high}")
