"""What a visual shows in one sentence, from its numbers."""

from collections.abc import Callable, Sequence
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
MOST_NAMED: Final = 2  # of those with the same number


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
    high, low = (write(end(value for value, _ in named)) for end in (max, min))
    who = {
        end: [headline.segment(key, of.names) if plot.clusters else key for value, key in named if write(value) == end]
        for end in (high, low)
    }
    groups = "segments" if plot.clusters else "groups"
    whole = f"{figures.count(len(named))} {groups}"
    if plot.form == "count" and len(named) == len(values) == 1:
        return f"All customers shown are in {who[high][0]}."
    if plot.form == "count":
        most, everybody = max(value for value, _ in named), sum(value for value in values if value is not None)
        part = f"{figures.percent(most, everybody)}{' each' * (len(who[high]) > 1)} of those shown"
        if high == low and len(named) > 1:
            every = f"Both {groups}" if len(named) == 2 else f"All {whole}"
            return f"{every} have the same number of customers: {part}."
        first = _listed([f"{one}{',' * bool(plot.clusters)}" for one in who[high]], whole)
        return f"{first[:1].upper()}{first[1:]} {'has' if len(who[high]) == 1 else 'have'} most customers: {part}."
    if len(named) == 1:
        return f"{plot.title} is {high} in {who[high][0]}."
    if high == low:
        return f"{plot.title} {SAME}: {high}."
    highest, lowest = (f"{_listed(who[end], whole)} ({end})" for end in (high, low))
    return f"{plot.title} is highest in {highest}, lowest in {lowest}."


def _listed(who: Sequence[str], whole: str) -> str:
    """One or two by their names, more as a part of the whole."""
    return " and ".join(who) if len(who) <= MOST_NAMED else f"{figures.count(len(who))} of {whole}"


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
