"""Kinds of visuals, for any column: `treemap("jobs", "demographics", "job_industry")` is one of `registry.ENTRIES`."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any, Final

import pandas as pd

from core.schema import BY_NAME, CLUSTER, CURRENCY, GROUPS, NUMBERS, in_sentence, one_of
from core.views import plots
from core.views.summary import alike, beyond
from core.views.suppress import OF_SHOWN, SHORT_BARS, hidden_note, of_whom_shown
from core.visuals import tables
from core.visuals.choices import PICKED
from core.visuals.option import Option, of_category
from core.visuals.segmented import SegmentedCustomers
from core.visuals.value import ACTIVITY, OF_CATEGORIES, SPREAD, VALUE, Measures, named, shared_measures
from core.visuals.visual import Visual

# Numbers of few values: of money and of coordinates there are as many as customers.
COUNTED = tuple(name for name in NUMBERS if BY_NAME[name].unit not in (CURRENCY, "°"))

LEGENDS: Final[Mapping[str, str]] = {"owns_car": "Owns a car"}
AREA: Final = " (area: customers)"
NO_CATEGORY: Final = "The file has no {}: choose on the Data page which column it is."


def pie(key: str, section: str) -> Visual:
    """Donut of the customers by segment."""

    def title(of: SegmentedCustomers, data: pd.DataFrame | None) -> str:
        return "Customers by segment" + ("" if data is None else f" (% {of_whom_shown(data, of.study.size)})")

    return Visual(
        key, section, tables.BY_CLUSTER, shared_measures, (),
        draw=lambda of, data: charts().pie(
            data, names=of.names, whole=of.before_clicks(tables.BY_CLUSTER.build, *shared_measures(of))
        ),
        plot=lambda of, data: plots.doughnut(data, names=of.names),
        title=title,
        alt=lambda _: "Share of customers by segment",
        missing=lambda _: "There are no customers.",
        clicks=(CLUSTER,),
        height=250,
    )  # fmt: skip


def mean_bars(key: str, section: str, measure: str) -> Visual:
    """Bars of a number's mean by segment."""
    one_of(measure, (VALUE, *NUMBERS, ACTIVITY))

    def title(of: SegmentedCustomers, _: object = None) -> str:
        return f"Average {of.title_within(named(measure, of))}"

    def draw(of: SegmentedCustomers, data: pd.DataFrame) -> Any:
        name = named(measure, of)
        whole = of.before_clicks(tables.BY_CLUSTER.build, *shared_measures(of, name))
        return charts().mean_bars(data, name, names=of.names, title=title(of), sign=of.sign(name), whole=whole)

    def plot(of: SegmentedCustomers, data: pd.DataFrame) -> plots.Plot:
        name = named(measure, of)
        return plots.mean_bars(data, name, names=of.names, title=title(of), sign=of.sign(name))

    return Visual(
        key, section, tables.BY_CLUSTER, lambda of: shared_measures(of, named(measure, of)), (measure,),
        draw=draw,
        plot=plot,
        title=title,
        alt=lambda of: f"{title(of)} by segment",
        missing=lambda of: f"The data has no {of.label(named(measure, of))}.",
        clicks=(CLUSTER,),
        note=lambda of, data: hidden_note(data, of=[named(measure, of)]),
        wide=False,
    )  # fmt: skip


def boxplot(key: str, section: str, column: str) -> Visual:
    """A box by segment of a number: of years and other whole numbers exactly, of others by fine bins."""
    one_of(column, (*COUNTED, SPREAD))

    def draw(of: SegmentedCustomers, data: pd.DataFrame) -> Any:
        name = named(column, of)
        return charts().boxplot(data, name, names=of.names, title=of.titles(name)[name], sign=of.sign(name))

    def plot(of: SegmentedCustomers, data: pd.DataFrame) -> plots.Plot:
        name = named(column, of)
        return plots.boxes(data, name, names=of.names, title=of.titles(name)[name], sign=of.sign(name))

    def counted(of: Measures) -> tuple[str | float, ...]:
        name = named(column, of)
        step = of.box_step(name)
        return name, *(() if step == 1 else (step,))

    return Visual(
        key, section, tables.HISTOGRAM, counted, (column,),
        draw=draw,
        plot=plot,
        title=lambda of, _: f"{of.text(named(column, of))} by segment",
        alt=lambda of: f"Boxplot of {of.label(named(column, of))} by segment",
        missing=lambda of: f"The data has no {of.label(named(column, of)) or 'whole numbers'}.",
        clicks=(CLUSTER,),
        note=lambda of, data: hidden_note(data) or _unknown(of, data, named(column, of)),
    )  # fmt: skip


def treemap(key: str, section: str, column: str) -> Visual:
    """Tiles of the values of a column within each segment."""
    one_of(column, (*GROUPS, *OF_CATEGORIES))

    def draw(of: SegmentedCustomers, data: pd.DataFrame) -> Any:
        name = named(column, of)
        return charts().treemap(data, name, names=of.names, title=of.text(name))

    return Visual(
        key, section, tables.COUNT, lambda of: ((CLUSTER, named(column, of)),), (column,),
        draw=draw,
        plot=lambda of, data: plots.counts(
            data, named(column, of), names=of.names, title=f"Customers by {_within(column, of)}"
        ),
        title=lambda of, data: f"{of.text(named(column, of))} by segment{_shown_as(data, named(column, of), AREA)}",
        alt=lambda of: f"Sizes and shares of {_within(column, of)} by segment",
        missing=lambda of: NO_CATEGORY.format(_within(column, of)),
        clicks=(CLUSTER, column),
        note=lambda of, data: _hidden_or_beyond(data, named(column, of)),
        height=560,
        options=_categories(column, "Tiles by"),
    )  # fmt: skip


def stacked_shares(key: str, section: str, column: str, *, legends: Mapping[str, str] = LEGENDS) -> Visual:
    """Bars to 100% by segment, split by the few values of a column; `legends` has titles other than its label."""
    one_of(column, (*GROUPS, *OF_CATEGORIES))

    def draw(of: SegmentedCustomers, data: pd.DataFrame) -> Any:
        name = named(column, of)
        return charts().stacked_shares(data, name, names=of.names, legend_title=legends.get(name) or of.text(name))

    return Visual(
        key, section, tables.COUNT, lambda of: ((CLUSTER, named(column, of)),), (column,),
        draw=draw,
        plot=lambda of, data: plots.stacked_shares(
            data, named(column, of), names=of.names, title=f"Shares of {_within(column, of)}"
        ),
        title=lambda of, data: f"{of.text(named(column, of))} by segment{_shown_as(data, named(column, of))}",
        alt=lambda of: f"Shares of {_within(column, of)} by segment",
        missing=lambda of: NO_CATEGORY.format(_within(column, of)),
        clicks=(CLUSTER, column),
        note=lambda of, data: _hidden_or_beyond(data, named(column, of), SHORT_BARS),
        options=_categories(column, "Bars by"),
    )  # fmt: skip


def number_by_value(key: str, section: str, across: str) -> Visual:
    """Bubbles of a number, such as age, and the value measure by segment."""

    def bands(of: Measures) -> list[tuple[str, float]]:
        name = named(across, of)
        return [(name, of.width(name)), (of.value, of.step)]

    def binned(of: Measures) -> tuple[str | float, ...]:
        name = named(across, of)
        return of.value, of.step, *(() if name == "age" else (name, of.width(name)))

    def draw(of: SegmentedCustomers, data: pd.DataFrame) -> Any:
        name = named(across, of)
        return charts().scatter(
            data, of.value, names=of.names, step=of.step, titles=of.titles(name, of.value), across=name,
            width=of.width(name), signs=(of.sign(name), of.sign(of.value)),
        )  # fmt: skip

    return Visual(
        key, section, tables.AGE_BY_VALUE, binned, (across, VALUE),
        draw=draw,
        title=lambda of, _: f"{of.text(named(across, of))} and {of.label(of.value)} by segment (area: customers)",
        alt=lambda of: f"Scatter of {of.label(named(across, of))} and {of.label(of.value)} by segment",
        missing=lambda of: f"The scatter needs two columns of numbers: {of.label(of.value)} and another, such as age.",
        clicks=(CLUSTER,),
        bands=bands,
        note=lambda of, data: hidden_note(data) or _unknown(of, data, named(across, of), of.value),
        height=400,
    )  # fmt: skip


def charts() -> ModuleType:
    """The chart builders. They load Altair, which the command line needs for the report only."""
    from core.views import charts

    return charts


def _within(column: str, of: SegmentedCustomers) -> str:
    """A column's label within a sentence."""
    name = named(column, of)
    return in_sentence(name, of.text(name)) or "category"


def _shown_as(data: pd.DataFrame | None, column: str, otherwise: str = "") -> str:
    """What the chart of a category shows, in brackets: shares where segments are alike."""
    return " (% of the segment)" if data is not None and not data.empty and alike(data, column) else otherwise


def _categories(column: str, label: str) -> tuple[Option, ...]:
    return (of_category(column, label),) if column in PICKED else ()


def _unknown(of: SegmentedCustomers, data: pd.DataFrame, *columns: str) -> str:
    return of.left_out(data, of.totals.customers, f"of unknown {' or '.join(map(of.label, columns))}")


def _hidden_or_beyond(data: pd.DataFrame, column: str, shares: str = OF_SHOWN) -> str:
    return hidden_note(data, shares=shares) or beyond(data, column)
