"""What a map says of the region or place under the mouse."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final, NamedTuple

from core.figures import count, money, percent, share
from core.schema import MASS_AFFLUENT
from core.strategy.rates import wilson
from core.views.map_shades import FEW
from core.views.summary import counted

LEVEL: Final = 0.95  # of the intervals of `wilson`


class Average(NamedTuple):
    """What the average of a measure is called, and the sign of its currency; empty where it is no money."""

    title: str
    sign: str = ""


NO_AVERAGES: Final[Mapping[str, Average]] = {}


def tip(title: str, row: Mapping[str, Any] | None, averages: Mapping[str, Average] = NO_AVERAGES) -> dict[str, str]:
    """The tooltip's title and lines as HTML, under the keys that every layer of a deck shares.

    Parameters
    ----------
    title : str
        The name of the place.
    row : mapping, optional
        Its customers, counts of the flag and sums of measures, 0 where they are hidden; None where nobody is shown.
    averages : mapping
        Measure → its average.
    """
    title = escape(title)  # it may come from a file
    if row is None:
        return {"title": title, "line": "No customers shown"}
    lines = [counted(int(row["customers"]), "customer"), *_affluent(row)]
    lines += [line for measure, average in averages.items() for line in _average(row, measure, average)]
    return {"title": title, "line": "\n".join(map(escape, lines))}


def _affluent(row: Mapping[str, Any]) -> list[str]:
    yes, known = int(row[f"{MASS_AFFLUENT}_yes"]), int(row[f"{MASS_AFFLUENT}_known"])
    if not known:
        return []
    low, high = wilson(yes, known)
    few = f"; fewer than {FEW} known" if known < FEW else ""
    return [
        f"{count(yes)} mass affluent, {percent(yes, known)} of {count(known)} known",
        f"{share(LEVEL, 0)} interval {share(low)} to {share(high)}{few}",
    ]


def _average(row: Mapping[str, Any], measure: str, average: Average) -> list[str]:
    known = int(row.get(f"{measure}_n", 0))
    sums = ((name, value) for name, value in row.items() if str(name).startswith(f"{measure}_sum_"))
    means = (value / 10.0 ** int(name.rpartition("_")[2]) / known for name, value in sums if known)
    return [f"{average.title}: {money(mean, average.sign, 1)}" for mean in means]
