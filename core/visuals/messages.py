"""What a visual shows in one sentence, from its numbers."""

from collections.abc import Callable
from functools import partial
from typing import Final

from core import figures
from core.schema import NO_SEGMENT
from core.views import headline
from core.views.headline import HARDLY, Difference
from core.views.plots import Plot
from core.visuals.headlines import differences
from core.visuals.segmented import SegmentedCustomers
from core.visuals.visual import Visual

SAME: Final = "is the same in all segments"


def messages(of: SegmentedCustomers) -> dict[str, str]:
    """The sentences of the visuals on how segments differ, by key (`headlines.differences`)."""
    return {key: difference_text(found) for key, found in differences(of).items()}


def difference_text(found: Difference) -> str:
    """A difference as a sentence."""
    if found.effect < HARDLY or not found.furthest:
        return f"The segments hardly differ in {found.label}."
    label = found.label[:1].upper() + found.label[1:]
    return f"{label}: {found.furthest}."


def plot_text(plot: Plot, of: SegmentedCustomers) -> str:
    """The highest and the lowest of a plot's numbers by segment or another key; empty where it has several series."""
    values = plot.series[0].values if len(plot.series) == 1 else ()
    keys = plot.clusters or plot.categories
    named = [(value, key) for value, key in zip(values, keys, strict=False) if value is not None and value == value]
    named = [one for one in named if one[1] not in NO_SEGMENT] if plot.clusters else named
    if not named:
        return ""
    write = written(plot)
    high, low = max(named, key=lambda one: one[0]), min(named, key=lambda one: one[0])
    who = (lambda key: headline.segment(key, of.names)) if plot.clusters else str
    if plot.form == "count" and len(named) == len(values) == 1:
        return f"All customers shown are in {who(high[1])}."
    if plot.form == "count":
        first = who(high[1])
        part = figures.percent(high[0], sum(value for value in values if value is not None))
        return f"{first[:1].upper()}{first[1:]}{',' * bool(plot.clusters)} has most customers: {part} of those shown."
    if len(named) == 1:
        return f"{plot.title} is {write(high[0])} in {who(high[1])}."
    if write(high[0]) == write(low[0]):
        return f"{plot.title} {SAME}: {write(high[0])}."
    return f"{plot.title} is highest in {who(high[1])} ({write(high[0])}), lowest in {who(low[1])} ({write(low[0])})."


def message(visual: Visual, title: str, plot: Plot | None, of: SegmentedCustomers, said: dict[str, str]) -> str:
    """The sentence of a visual: how segments differ, else its highest and lowest; its title where neither is known."""
    return said.get(visual.key) or (plot_text(plot, of) if plot else "") or title


def written(plot: Plot) -> Callable[[float], str]:
    """What writes a number of a plot."""
    if plot.form == "count":
        return figures.count
    if plot.form == "share":
        return figures.share
    return partial(figures.short_if_large, currency=plot.sign, digits=1)
