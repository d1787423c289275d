"""What each chart draws: its data, its encodings, its colours."""

import re
from datetime import date
from html import unescape

import altair as alt
import pandas as pd
import pytest
import vl_convert

from core.figures import written_as
from core.number_style import style_of
from core.pipeline import load, segment
from core.rules import Rules
from core.schema import CLUSTER, MASS_AFFLUENT, NOT_CLUSTERED
from core.sources.file import FileSource
from core.views import charts, tables
from core.views.chart_parts import NO_SEGMENT_FILL, framed, short_axis
from core.views.palette import CLUSTER_COLOURS, GREY, ink_of
from core.views.shares import shaded_table
from core.views.summary import alike
from core.views.suppress import shown

NAMES = {"1": "Older · high valuation", "2": "Younger", "3": "Rare buyers", NOT_CLUSTERED: NOT_CLUSTERED}
LABELS = ["1 Older · high valuation", "2 Younger", "3 Rare buyers", NOT_CLUSTERED]
COLOURS = [*CLUSTER_COLOURS[:3], GREY]
KEYS = pd.CategoricalDtype(list(NAMES), ordered=True)


def table(**columns):
    """A small table whose first column is the cluster."""
    clusters = pd.Series(columns.pop("cluster"), dtype=KEYS)
    return pd.DataFrame({CLUSTER: clusters, **columns})


CUSTOMERS = table(cluster=list(NAMES), customers=[50, 30, 16, 4])
MEANS = table(cluster=list(NAMES), purchases_n=[2, 4, 1, 0], purchases_sum_2=[500, 1800, 100, 0])
AGES = table(cluster=["1", "1", "2", "3", NOT_CLUSTERED], age=[60.0, 70, 20, 30, 40], customers=[1, 1, 3, 1, 1])
INDUSTRIES = table(
    cluster=["1", "1", "2", "3", NOT_CLUSTERED],
    job_industry=["Health", "IT", "Health", "Retail", "IT"],
    customers=[30, 10, 40, 10, 10],
)
CARS = table(
    cluster=["1", "1", "1", "2", "3", NOT_CLUSTERED],
    owns_car=["Unknown", "No", "Yes", "Yes", "No", "Yes"],
    customers=[1, 3, 4, 5, 2, 1],
)
BINS = table(
    cluster=["1", "2", "3", NOT_CLUSTERED],
    age=[60.0, 20, 25, 40],
    balance=[0.0, 1_250_000, 0, 0],
    customers=[5, 3, 2, 1],
)
STATES = pd.DataFrame(
    {
        "state": ["NSW", "VIC", "Unknown"],
        "customers": [2137, 1020, 4],
        f"{MASS_AFFLUENT}_yes": [961, 510, 0],
        f"{MASS_AFFLUENT}_known": [2136, 1020, 0],
    }
)
TITLES = {"age": "Age (years)", "balance": "Balance ($)"}
BY_SEGMENT = {
    "pie": (CUSTOMERS, lambda one: charts.pie(one, names=NAMES)),
    "mean bars": (MEANS, lambda one: charts.mean_bars(one, "purchases", names=NAMES, title="Average purchases")),
    "bars of money": (
        MEANS, lambda one: charts.mean_bars(one, "purchases", names=NAMES, title="Average purchases", sign="£")
    ),
    "box of money": (AGES, lambda one: charts.boxplot(one, "age", names=NAMES, title="Age", sign="£")),
    "boxplot": (AGES, lambda one: charts.boxplot(one, "age", names=NAMES, title="Age (years)")),
    "treemap": (INDUSTRIES, lambda one: charts.treemap(one, "job_industry", names=NAMES, title="Job industry")),
    "stacked": (CARS, lambda one: charts.stacked_shares(one, "owns_car", names=NAMES, legend_title="Owns a car")),
    "scatter": (BINS, lambda one: charts.scatter(one, "balance", names=NAMES, titles=TITLES, step=50_000)),
}  # fmt: skip
ALL = BY_SEGMENT | {"ranked bars": (STATES, lambda one: charts.ranked_bars(one, "state", title="State"))}
by_segment = pytest.mark.parametrize(("data", "draw"), BY_SEGMENT.values(), ids=BY_SEGMENT)
every_chart = pytest.mark.parametrize(("data", "draw"), ALL.values(), ids=ALL)


def drawn(chart):
    """The rows a browser is sent."""
    [rows] = chart.to_dict()["datasets"].values()
    return rows


def layers(chart):
    whole = chart.to_dict()
    return whole.get("layer", [whole])


def walk(node):
    """Every dictionary inside a chart's description."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(child)


def fields(chart):
    """The data columns that any mark, tooltip, order or expression refers to."""
    parts = [part for layer in layers(chart) for part in walk(layer)]
    named = {part["field"] for part in parts if "field" in part}
    named |= {name for part in parts for name in re.findall(r"datum\.(\w+)", part.get("expr", ""))}
    return named - {"label", "sum_customers"}  # of an axis, and of all rows


def segment_scales(chart):
    encodings = [layer["encoding"].get("color", {}) for layer in layers(chart)]
    return [encoding["scale"] for encoding in encodings if encoding.get("field") == "segment"]


def channel(chart, name, layer=0):
    return layers(chart)[layer]["encoding"][name]


@every_chart
def test_a_browser_is_sent_only_the_columns_that_are_drawn(data, draw):
    assert {name for row in drawn(draw(data)) for name in row} == fields(draw(data))


@every_chart
def test_field_names_hold_no_character_with_a_meaning_to_vega(data, draw):
    assert all(re.fullmatch(r"[A-Za-z_]\w*", name) for name in fields(draw(data)))


@every_chart
def test_customers_are_written_with_thousands_separators(data, draw):
    formats = {
        part.get("format")
        for part in walk(draw(data).to_dict())
        if part.get("field") == "customers" and "format" in part
    }
    assert formats <= {","}


@by_segment
@pytest.mark.parametrize("gone", [[], ["1"], ["2", NOT_CLUSTERED], ["1", "2", "3"]], ids=str)
def test_every_segment_keeps_its_colour_whoever_the_filters_remove(data, draw, gone):
    left = data[~data[CLUSTER].isin(gone)].reset_index(drop=True)
    scales = segment_scales(draw(left))
    assert scales
    assert all((scale["domain"], scale["range"]) == (LABELS, COLOURS) for scale in scales)
    expected = {charts.label(cluster, NAMES) for cluster in left[CLUSTER]}
    if "purchases_n" in left:
        expected -= {NOT_CLUSTERED}  # nobody of it has a value
    assert {row["segment"] for row in drawn(draw(left))} == expected


@pytest.mark.parametrize(("cluster", "expected"), list(zip(NAMES, LABELS, strict=True)))
def test_a_segment_is_written_as_number_and_name(cluster, expected):
    assert charts.label(cluster, NAMES) == expected


def test_pie_shares_sum_to_one_and_each_slice_says_its_number():
    rows = drawn(charts.pie(CUSTOMERS, names=NAMES))
    assert rows == [
        {"segment": LABELS[0], "customers": 50, "share": 0.5, "order": 0, "text": "1: 50.0%"},
        {"segment": LABELS[1], "customers": 30, "share": 0.3, "order": 1, "text": "2: 30.0%"},
        {"segment": LABELS[2], "customers": 16, "share": 0.16, "order": 2, "text": "3: 16.0%"},
        {"segment": LABELS[3], "customers": 4, "share": 0.04, "order": 3, "text": "None: 4.0%"},
    ]
    assert sum(row["share"] for row in rows) == pytest.approx(1)


@pytest.mark.parametrize("width", [150, 200, 240, 400])
def test_the_labels_of_the_pie_lie_inside_the_chart(width):
    halves = table(cluster=["1", "2"], customers=[50, 50])  # one label to the right, one to the left
    svg = vl_convert.vegalite_to_svg(charts.pie(halves, names=NAMES).properties(width=width).to_dict())
    middles = [float(x) for x in re.findall(r'text-anchor="middle" transform="translate\(([-\d.]+),', svg)]
    assert len(middles) == 3, "the number of all in the middle, too"
    assert all(22 <= x <= width - 22 for x in middles), "half of “1: 50.0%” takes 20 pixels"


def test_a_sliver_of_the_pie_has_no_text():
    assert [row["text"] for row in drawn(charts.pie(table(cluster=["1", "2"], customers=[999, 1]), names=NAMES))] == [
        "1: 99.9%",
        "",
    ]


def test_mean_bars_leave_out_a_segment_in_which_nobody_has_a_value():
    chart = charts.mean_bars(MEANS, "purchases", names=NAMES, title="Average purchases (past 3 years)")
    assert drawn(chart) == [
        {"segment": LABELS[0], "mean": 2.5, "known": 2, "at": pytest.approx(24 / 7)},  # past the average
        {"segment": LABELS[1], "mean": 4.5, "known": 4, "at": 4.5},
        {"segment": LABELS[2], "mean": 1.0, "known": 1, "at": 1.0},
    ]
    assert [tip["title"] for tip in channel(chart, "tooltip")] == [
        "Segment",
        "Average purchases (past 3 years)",
        "Customers with a value",
    ]


@pytest.mark.parametrize(
    ("hundredths", "bars", "text"),
    [
        (1234, [0, 12.34 * 1.4], ",.1f"),
        (123_456_00, [0, 123_456 * 1.7], ",.0f"),
        (-500, [-5, 0.01 * 1.4], ",.1f"),
        (42, [0, 0.42 * 1.4], ",.3~r"),
    ],
)
def test_bars_start_at_zero_and_leave_room_for_their_text(hundredths, bars, text):
    one = table(cluster=["1"], balance_n=[1], balance_sum_2=[hundredths])
    chart = charts.mean_bars(one, "balance", names=NAMES, title="Average balance ($)")
    assert channel(chart, "x")["scale"]["domain"] == pytest.approx(bars)
    assert channel(chart, "text", layer=1)["format"] == text


def test_bars_of_money_have_their_sign_and_are_short_where_they_are_large():
    one = table(cluster=["1", "2"], balance_n=[1, 1], balance_sum_2=[3_120_000_00, 50_250])
    chart = charts.mean_bars(one, "balance", names=NAMES, title="Average balance (£)", sign="£")
    assert [(row["text"], row["whole"]) for row in drawn(chart)] == [
        ("£3.1\u00a0m", "£3,120,000"),
        ("£502.5", "£502.50"),
    ]
    assert [tip["field"] for tip in channel(chart, "tooltip")] == ["segment", "whole", "known"]
    with written_as(style_of("auto", "INR")):
        chart = charts.mean_bars(one, "balance", names=NAMES, title="Average balance (₹)", sign="₹")
        assert drawn(chart)[0]["text"] == "₹31.2\u00a0lakh"


@every_chart
def test_a_chart_has_the_marks_of_the_style_in_force(data, draw):
    assert "locale" not in draw(data).to_dict()["config"]
    with written_as(style_of("de", "EUR")):
        marks = draw(data).to_dict()["config"]["locale"]["number"]
    assert (marks["decimal"], marks["thousands"], marks["grouping"][:2]) == (",", ".", [3, 3])


@pytest.mark.parametrize(
    ("style", "values", "texts"),
    [
        (style_of("auto", "GBP"), [-2e9, 0, 500, 1_250, 3.1e6], ["−2 bn", "0", "500", "1.25 k", "3.1 m"]),
        (style_of("auto", "GBP"), [0, 4e17, 1.5e300], ["0", "400,000 tn", "1.5e300"]),
        (style_of("auto", "INR"), [0, 12_400, 1e6, 3.1e7], ["0", "12.4 k", "10 lakh", "3.1 crore"]),
        (style_of("de", "EUR"), [0.5, 12_400, 3.1e6], ["0,5", "12,4 k", "3,1 m"]),
    ],
)
def test_an_axis_of_large_numbers_is_short(style, values, texts):
    with written_as(style):
        data = pd.DataFrame({"x": [min(values), max(values)]})
        chart = alt.Chart(data).mark_point().encode(x=alt.X("x:Q", axis=short_axis(values=values, labelOverlap=False)))
        framed(chart, height=100)
    svg = vl_convert.vegalite_to_svg(chart.to_dict())
    found = [text.replace("\u00a0", " ") for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]
    assert [text for text in found if text != "x"] == texts


def test_boxplot_does_not_count_its_customers_where_few_are_hidden():
    hidden = shown(AGES.assign(customers=AGES["customers"] * 10), cells=False)
    assert all("customers" not in row for row in drawn(charts.boxplot(hidden, "age", names=NAMES, title="Age")))


def test_boxplot_draws_the_five_numbers_on_an_axis_in_years():
    chart = charts.boxplot(AGES, "age", names=NAMES, title="Age (years)")
    assert drawn(chart)[:2] == [
        {"segment": LABELS[0], "customers": 2, "low": 60, "lower": 62.5, "median": 65, "upper": 67.5, "high": 70},
        {"segment": LABELS[1], "customers": 3, "low": 20, "lower": 20, "median": 20, "upper": 20, "high": 20},
    ]
    assert channel(chart, "x")["title"] == "Age (years)"
    ends = [(layer["encoding"]["x"]["field"], layer["encoding"].get("x2", {}).get("field")) for layer in layers(chart)]
    assert ends == [("low", "high"), ("lower", "upper"), ("median", None)]


def test_treemap_has_a_tile_per_segment_and_industry():
    rows = drawn(charts.treemap(INDUSTRIES, "job_industry", names=NAMES, title="Job industry"))
    assert {(row["segment"], row["inner"], row["customers"], row["share"]) for row in rows} == {
        (LABELS[0], "Health", 30, 0.75),
        (LABELS[0], "IT", 10, 0.25),
        (LABELS[1], "Health", 40, 1),
        (LABELS[2], "Retail", 10, 1),
        (LABELS[3], "IT", 10, 1),
    }
    assert {(row["segment"], row["ink"]) for row in rows} == {
        (label, ink_of(cluster)) for label, cluster in zip(LABELS, NAMES, strict=True)
    }


def test_stacked_bars_run_from_yes_through_no_to_unknown_and_end_at_one():
    chart = charts.stacked_shares(CARS, "owns_car", names=NAMES, legend_title="Owns a car")
    rows = [
        (row["inner"], row["start"], row["end"], row["share"], row["customers"], row["text"])
        for row in drawn(chart)
        if row["segment"] == LABELS[0]
    ]
    assert rows == [
        ("Yes", 0, 0.5, 0.5, 4, "50%"),
        ("No", 0.5, 0.875, 0.375, 3, ""),
        ("Unknown", 0.875, 1, 0.125, 1, ""),
    ]
    for name in LABELS:
        assert sum(row["share"] for row in drawn(chart) if row["segment"] == name) == pytest.approx(1)
    assert channel(chart, "x")["title"] == "Share of the segment's customers"
    assert channel(chart, "opacity")["scale"] == {"domain": ["Yes", "No", "Unknown"], "range": [1, 0.45, 0.15]}


def test_a_stacked_bar_ends_short_by_the_groups_that_are_hidden():
    cars = table(cluster=["1", "2", "2"], owns_car=["Yes", "Yes", "No"], customers=[70, 40, 60])
    cars.attrs[tables.WHOLE] = {"1": 100, "2": 100}
    chart = charts.stacked_shares(cars, "owns_car", names=NAMES, legend_title="Owns a car")
    assert [(row["segment"], row["inner"], row["share"]) for row in drawn(chart)] == [
        (LABELS[0], "Yes", 0.7),
        (LABELS[1], "Yes", 0.4),
        (LABELS[1], "No", 0.6),
    ]


def test_an_answer_the_dashboard_does_not_know_is_drawn_as_unknown():
    text = "customer_id,age,owns_car\n1,20,Yes\n2,30,sometimes\n3,40,No\n"
    study = load([FileSource("cars.csv", text.encode())], Rules(date(2018, 1, 1)))
    found = segment(study, 1)
    cars = tables.count(study.with_segments(found), (CLUSTER, "owns_car"))
    chart = charts.stacked_shares(cars, "owns_car", names=found.names, legend_title="Owns a car")
    assert [(row["inner"], row["customers"]) for row in drawn(chart)] == [("Yes", 1), ("No", 1), ("Unknown", 1)]


FEW_VALUES = {
    "yes and no": (["No", "Yes"], {"Yes": 1, "No": 0.45, "Unknown": 0.15}),
    "three and unknown": (["Mass", "Rich", "Poor", "Unknown"], {"Mass": 1, "Rich": 0.65, "Poor": 0.3, "Unknown": 0.15}),
    "numbers as text": (["10", "9"], {"10": 1, "9": 0.3}),
}


@pytest.mark.parametrize(("values", "opacity"), FEW_VALUES.values(), ids=FEW_VALUES)
def test_any_column_of_few_values_is_drawn_as_treemap_and_as_stacked_bars(values, opacity):
    inner = pd.Series(pd.Categorical(values * 2, categories=values))
    sizes = [10] * len(values) + [90] + [10] * (len(values) - 1)
    data = table(cluster=["1"] * len(values) + ["2"] * len(values), band=inner, customers=sizes)
    tiles = charts.treemap(data, "band", names=NAMES, title="Wealth band")
    bars = charts.stacked_shares(data, "band", names=NAMES, legend_title="Wealth band")
    for chart in (tiles, bars):
        assert {(row["segment"], row["inner"]) for row in drawn(chart)} == {
            (segment, value) for segment in LABELS[:2] for value in values
        }
        assert [tip["title"] for tip in channel(chart, "tooltip")][:2] == ["Segment", "Wealth band"]
        assert "<svg" in vl_convert.vegalite_to_svg(chart.properties(width=300).to_dict())
    scale = channel(bars, "opacity")["scale"]
    assert dict(zip(scale["domain"], scale["range"], strict=True)) == pytest.approx(opacity)
    in_first = [row["inner"] for row in drawn(bars) if row["segment"] == LABELS[0]]
    assert in_first == [value for value in opacity if value in values], "from dark to pale"


def test_scatter_draws_bins_at_their_middle_and_says_their_bounds():
    chart = charts.scatter(BINS, "balance", names=NAMES, titles=TITLES, step=50_000)
    assert drawn(chart)[1] == {
        "segment": LABELS[1],
        "customers": 3,
        "age": 22.5,
        "age_bin": "20 to below 25",
        "age_low": "20",
        "value_low": "1250000",
        "value": 1_275_000,
        "value_bin": "1,250,000 to below 1,300,000",
    }
    assert channel(chart, "x")["title"] == "Age (years)"
    assert channel(chart, "y")["axis"]["title"] == ["Balance ($)", "0 to 1.3\u00a0m in each row"]
    fields = [channel(chart, name)["field"] for name in ("x", "y", "yOffset", "size")]
    assert fields == ["age", "segment", "value", "customers"]


def test_no_bubble_of_a_segment_lies_in_the_row_of_another_and_more_is_higher():
    two = table(cluster=["1", "1", "2"], age=[20.0, 20, 20], balance=[0.0, 500_000, 0], customers=[1, 2, 3])
    chart = charts.scatter(two, "balance", names={"1": "Older", "2": "Younger"}, titles=TITLES, step=50_000)
    svg = vl_convert.vegalite_to_svg(chart.properties(width=300).to_dict())
    bubble = r'aria-label="Segment (\d)[^"]* (\d) customers?" [^>]* transform="[^,]*,([-\d.]+)'
    heights = {number: (segment, float(y)) for segment, number, y in re.findall(bubble, svg)}
    assert [heights[number][0] for number in "123"] == ["1", "1", "2"]
    low, high, other = (heights[number][1] for number in "123")
    assert 0 < high < low < chart.height / 2 < other < chart.height


def test_the_mean_of_a_single_segment_is_drawn_without_a_line_of_the_average():
    chart = charts.mean_bars(MEANS[:1], "purchases", names=NAMES, title="Average purchases")
    svg = vl_convert.vegalite_to_svg(chart.properties(width=300).to_dict())
    assert ">2.5<" in svg
    assert "Average:" not in svg


def test_no_number_stands_on_the_line_of_the_average():
    means = table(cluster=["1", "2"], purchases_n=[1, 1], purchases_sum_2=[1000, 1200])
    chart = charts.mean_bars(means, "purchases", names=NAMES, title="Average purchases")
    assert [row["at"] for row in drawn(chart)] == [11, 12]
    axis = channel(chart, "x")["axis"]
    assert (axis["values"], axis["labelExpr"]) == ([11.0], "'Average: ' + \"11.0\"")


PART = table(cluster=["1", "3"], customers=[20, 8], purchases_n=[1, 1], purchases_sum_2=[300, 200])


def test_a_click_on_another_visual_leaves_the_whole_slices_pale_behind_the_selected_parts():
    chart = charts.pie(PART, names=NAMES, whole=CUSTOMERS)
    assert [(row["segment"], row["all"], row["customers"], row["start"], row["end"]) for row in drawn(chart)] == [
        (LABELS[0], 50, 20, 0, 20),
        (LABELS[1], 30, 0, 50, 50),
        (LABELS[2], 16, 8, 80, 88),
        (LABELS[3], 4, 0, 96, 96),
    ]
    assert [layer["mark"]["opacity"] for layer in layers(chart)[:1]] == [charts.PALE]
    assert channel(chart, "theta")["scale"]["domain"] == [0, 100] == channel(chart, "theta", layer=1)["scale"]["domain"]


def test_a_click_on_another_visual_leaves_the_means_of_before_pale_behind_those_of_the_selected():
    chart = charts.mean_bars(PART, "purchases", names=NAMES, title="Average purchases", whole=MEANS)
    assert [(row["segment"], row["all"], row["mean"], row["text"]) for row in drawn(chart)] == [
        (LABELS[0], 2.5, 3, "3.0"),
        (LABELS[1], 4.5, None, ""),
        (LABELS[2], 1, 2, "2.0"),
    ]
    assert [channel(chart, "x", layer)["field"] for layer in (0, 1)] == ["all", "mean"]
    assert channel(chart, "x", layer=1)["axis"]["values"] == [pytest.approx(24 / 7)], "the average of before"


HALVES = table(cluster=["1", "1", "2", "2"], owns_car=["Yes", "No"] * 2, customers=[51, 49, 98, 102])


def test_where_segments_are_alike_the_shares_are_written_in_a_table_in_shades():
    for chart in (
        charts.treemap(HALVES, "owns_car", names=NAMES, title="Owns a car"),
        charts.stacked_shares(HALVES, "owns_car", names=NAMES, legend_title="Owns a car"),
    ):
        assert [layer["mark"]["type"] for layer in layers(chart)] == ["rect", "text"]
        assert [(row["segment"], row["inner"], row["text"]) for row in drawn(chart)] == [
            (LABELS[0], "Yes", "51%"), (LABELS[0], "No", "49%"), (LABELS[1], "Yes", "49%"), (LABELS[1], "No", "51%"),
        ]  # fmt: skip


def test_those_in_no_segment_do_not_set_the_shades_of_segments_that_are_alike():
    few = table(cluster=[NOT_CLUSTERED], owns_car=["Yes"], customers=[3])
    chart = charts.treemap(pd.concat([HALVES, few]), "owns_car", names=NAMES, title="Owns a car")
    scale = channel(chart, "opacity")["scale"]
    assert (scale["domain"], scale["clamp"]) == ([0, 0.51], True)
    only = shaded_table(few, "owns_car", ["Yes"], names=NAMES, title="Owns a car")
    assert channel(only, "opacity")["scale"]["domain"] == [0, 1]


@pytest.mark.parametrize(("moved", "expected"), [(9, True), (11, False)])
def test_segments_are_alike_if_less_than_a_tenth_of_the_customers_would_have_to_change(moved, expected):
    half = table(
        cluster=["1", "1", "2", "2"],
        owns_car=["Yes", "No"] * 2,
        customers=[50 + moved, 50 - moved, 50 - moved, 50 + moved],
    )
    assert alike(half, "owns_car") is expected


def test_a_single_segment_is_like_no_other():
    assert not alike(HALVES[:2], "owns_car")


SPOKEN = {
    "pie": "Segment 2 Younger, 30.0%, 30 customers",
    "mean bars": "Segment 2 Younger, 4.5, 4 customers with a value",
    "bars of money": "Segment 2 Younger, £4.50, 4 customers with a value",
    "boxplot": "Segment 2 Younger, median 20, half are between 20 and 20",
    "box of money": "Segment 2 Younger, median £20, half are between £20 and £20",
    "treemap": "Segment 2 Younger, Health, 100.0%, 40 customers",
    "stacked": "Segment 2 Younger, Yes, 100.0%, 5 customers",
    "scatter": "Segment 2 Younger, 20 to below 25, 1,250,000 to below 1,300,000, 3 customers",
    "ranked bars": "VIC, 1,020 customers",
}


@pytest.mark.parametrize("kind", SPOKEN)
def test_a_mark_says_to_a_screen_reader_what_it_shows(kind):
    data, draw = ALL[kind]
    svg = vl_convert.vegalite_to_svg(draw(data).properties(width=300).to_dict())
    labels = [unescape(label) for label in re.findall(r'aria-label="([^"]*)" role="graphics-symbol"', svg)]
    assert SPOKEN[kind] in labels
    named = [label for label in labels if "axis titled" not in label and "legend" not in label]
    assert not [label for label in named if ": " in label], "no names of fields"


def test_groups_that_are_no_segment_are_drawn_hollow():
    svg = vl_convert.vegalite_to_svg(charts.pie(CUSTOMERS, names=NAMES).properties(width=300).to_dict())
    slices = dict(re.findall(r'aria-label="([^",]+), [^>]*?role="graphics-symbol"([^>]*)', svg))
    assert "stroke-dasharray" in slices[NOT_CLUSTERED]
    assert f'fill-opacity="{NO_SEGMENT_FILL}"' in slices[NOT_CLUSTERED]
    assert "stroke=" not in slices["Segment 2 Younger"]


def test_a_bin_of_one_band_is_drawn_at_the_band():
    bands = table(cluster=["1"], age=[60.0], property_valuation=[9.0], customers=[5])
    titles = {"age": "Age (years)", "property_valuation": "Property valuation (band 1–12)"}
    chart = charts.scatter(bands, "property_valuation", names=NAMES, titles=titles, step=1)
    assert (drawn(chart)[0]["value"], drawn(chart)[0]["value_bin"]) == (9, "9")


def test_ranked_bars_write_the_share_of_the_known_beside_the_customers():
    chart = charts.ranked_bars(STATES, "state", title="State")
    assert drawn(chart) == [
        {"inner": "NSW", "customers": 2137, "share": pytest.approx(961 / 2136), "text": "2,137  (45.0%)"},
        {"inner": "VIC", "customers": 1020, "share": 0.5, "text": "1,020  (50.0%)"},
        {"inner": "Unknown", "customers": 4, "share": None, "text": "4"},
    ]
    assert channel(chart, "y")["sort"] == {"field": "customers", "order": "descending"}
    assert chart.height == 3 * charts.ROW, "no empty card below few states"
