"""Kinds of visuals, for any column: `treemap("jobs", "demographics", "job_industry")` is one of `registry.ENTRIES`."""

from types import ModuleType

import pandas as pd

from core.schema import BY_NAME, CLUSTER, CURRENCY, GROUPS, NUMBERS, in_sentence, one_of
from core.views.summary import beyond
from core.views.suppress import OF_SHOWN, SHORT_BARS, hidden_note, of_whom_shown
from core.visuals import tables
from core.visuals.segmented import SegmentedCustomers
from core.visuals.value import VALUE, named, shared_measures
from core.visuals.visual import Visual, text, unit

# Numbers of few values: of money and of coordinates there are as many as customers.
COUNTED = tuple(name for name in NUMBERS if BY_NAME[name].unit not in (CURRENCY, "°"))


def pie(key: str, section: str) -> Visual:
    """Donut of the customers by segment."""

    def title(of: SegmentedCustomers, data: pd.DataFrame | None) -> str:
        return "Customers by segment" + ("" if data is None else f" (% {of_whom_shown(data, of.study.size)})")

    return Visual(
        key, section, tables.BY_CLUSTER, shared_measures, (),
        draw=lambda of, data: charts().pie(data, names=of.names),
        title=title,
        alt=lambda _: "Share of customers by segment",
        missing=lambda _: "There are no customers.",
        clicks=(CLUSTER,),
        height=250,
    )  # fmt: skip


def mean_bars(key: str, section: str, measure: str) -> Visual:
    """Bars of a number's mean by segment."""
    one_of(measure, (VALUE, *NUMBERS))

    def title(of: SegmentedCustomers, _: object = None) -> str:
        column = named(measure, of)
        return f"Average {in_sentence(column, of.titles(column)[column])}"

    return Visual(
        key, section, tables.BY_CLUSTER, lambda of: shared_measures(of, named(measure, of)), (measure,),
        draw=lambda of, data: charts().mean_bars(data, named(measure, of), names=of.names, title=title(of)),
        title=title,
        alt=lambda of: f"{title(of)} by segment",
        missing=lambda of: f"The data has no {of.label(named(measure, of))}.",
        clicks=(CLUSTER,),
        note=lambda of, data: hidden_note(data, of=[named(measure, of)]),
        wide=False,
    )  # fmt: skip


def boxplot(key: str, section: str, column: str, *, missing: str = "") -> Visual:
    """A box by segment of a column of whole numbers, such as years."""
    one_of(column, COUNTED)
    return Visual(
        key, section, tables.HISTOGRAM, lambda _: (column,), (column,),
        draw=lambda of, data: charts().boxplot(data, column, names=of.names, title=of.titles(column)[column]),
        title=lambda of, _: f"{text(column, of)} by segment{unit(column, of)}",
        alt=lambda of: f"Boxplot of {of.label(column)} by segment",
        missing=lambda of: missing or f"The data has no {of.label(column)}.",
        clicks=(CLUSTER,),
        note=lambda of, data: hidden_note(data) or _unknown(of, data, column),
    )  # fmt: skip


def treemap(key: str, section: str, column: str) -> Visual:
    """Tiles of the values of a column within each segment."""
    one_of(column, GROUPS)
    return Visual(
        key, section, tables.COUNT, lambda _: ((CLUSTER, column),), (column,),
        draw=lambda of, data: charts().treemap(data, column, names=of.names, title=text(column, of)),
        title=lambda of, _: f"{text(column, of)} by segment (area: customers)",
        alt=lambda of: f"Treemap of {_within(column, of)} by segment",
        missing=lambda of: f"The file has no {_within(column, of)}.",
        clicks=(CLUSTER, column),
        note=lambda _, data: _hidden_or_beyond(data, column),
        height=560,
    )  # fmt: skip


def stacked_shares(key: str, section: str, column: str, *, legend: str = "") -> Visual:
    """Bars to 100% by segment, split by the few values of a column."""
    one_of(column, GROUPS)
    return Visual(
        key, section, tables.COUNT, lambda _: ((CLUSTER, column),), (column,),
        draw=lambda of, data: charts().stacked_shares(
            data, column, names=of.names, legend_title=legend or text(column, of)
        ),
        title=lambda of, _: f"{text(column, of)} by segment",
        alt=lambda of: f"Shares of {_within(column, of)} by segment",
        missing=lambda of: f"The file has no {_within(column, of)}.",
        clicks=(CLUSTER, column),
        note=lambda _, data: _hidden_or_beyond(data, column, SHORT_BARS),
    )  # fmt: skip


def age_by_value(key: str, section: str) -> Visual:
    """Bubbles of age and the value measure by segment."""
    return Visual(
        key, section, tables.AGE_BY_VALUE, lambda of: (of.value, of.step), ("age", VALUE),
        draw=lambda of, data: charts().scatter(
            data, of.value, names=of.names, step=of.step, titles=of.titles("age", of.value)
        ),
        title=lambda of, _: f"Age and {of.label(of.value)} by segment (area: customers)",
        alt=lambda of: f"Scatter of age and {of.label(of.value)} by segment",
        missing=lambda of: f"The scatter needs two columns: age and {of.label(of.value)}.",
        clicks=(CLUSTER,),
        note=lambda of, data: hidden_note(data) or _unknown(of, data, "age", of.value),
        height=400,
    )  # fmt: skip


def charts() -> ModuleType:
    """The chart builders. They load Altair, which the command line needs for the report only."""
    from core.views import charts

    return charts


def _within(column: str, of: SegmentedCustomers) -> str:
    """A column's label within a sentence."""
    return in_sentence(column, text(column, of))


def _unknown(of: SegmentedCustomers, data: pd.DataFrame, *columns: str) -> str:
    return of.left_out(data, of.totals.customers, f"of unknown {' or '.join(map(of.label, columns))}")


def _hidden_or_beyond(data: pd.DataFrame, column: str, shares: str = OF_SHOWN) -> str:
    return hidden_note(data, shares=shares) or beyond(data, column)
