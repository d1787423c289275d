"""The sentence that opens a page: what its small tables say, in words.

All figures come from tables that may be shown, so a sentence says nothing of a hidden group.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from core.figures import count, percent, share
from core.schema import CLUSTER, MASS_AFFLUENT, NO_SEGMENT, UNKNOWN
from core.strategy.rates import wilson
from core.views.summary import Crossed, counted

FEWEST: Final = 30  # customers of a place or segment that is named
HARDLY: Final = 0.01  # Cohen (1988): a smaller part of the variance is less than a small effect
MANY_UNKNOWN: Final = 0.05  # share of the customers from which on a sentence says of how many something is known
YES, KNOWN = f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"
Names = Mapping[str, str]


class Affluent(NamedTuple):
    """How many customers are mass affluent, of how many this is known (None: not shown)."""

    yes: int
    known: int | None


@dataclass(frozen=True)
class Difference:
    """How much segments differ in a column (0 to 1 of its variance), its label, and the two furthest apart as text."""

    label: str
    effect: float
    furthest: str


def overview(customers: int, everybody: int, clusters: pd.DataFrame, names: Names, affluent: Affluent | None) -> str:
    """How many customers are mass affluent, and the segment that has most of them; else the largest segment.

    `clusters` is the table by cluster (`tables.by_cluster`) without its hidden rows; `affluent` is None where nothing
    tells it, or it is hidden.
    """
    shown = in_segments(clusters)
    whom = _whom(customers, everybody)
    if affluent is None:
        if len(shown) < 2:
            return f"{_capital(whom)}{_in_one(shown, customers, names)}."
        largest = shown[shown["customers"] == shown["customers"].max()]
        part = percent(largest["customers"].iloc[0], customers)
        if len(largest) > 1:
            return f"{len(largest)} segments are the largest: each has {part} of {whom}."
        return f"{_capital(segment(largest[CLUSTER].iloc[0], names))}, is the largest: {part} of {whom}."
    if affluent.known is not None and affluent.known < (1 - MANY_UNKNOWN) * customers:
        whom = f"the {count(affluent.known)} customers of whom it is known"
    said = f"{count(affluent.yes)} of {whom} {'is' if affluent.yes == 1 else 'are'} mass affluent"
    if not affluent.yes:
        return f"None of {whom} is mass affluent."
    if len(shown) < 2:
        return f"{said}{_in_one(shown, customers, names)}."
    most = shown.loc[shown[YES].idxmax()]
    held = f"; {segment(most[CLUSTER], names)}, holds {share(min(most[YES] / affluent.yes, 1), 0)} of them"
    return f"{said}{held if most[YES] else ''}."


def demographics(differences: Sequence[Difference]) -> str:
    """In what the segments differ most, and which two; empty without any difference."""
    if not differences:
        return ""
    most = max(differences, key=lambda one: one.effect)
    if most.effect < HARDLY:
        return f"The segments hardly differ in {_listed([one.label for one in differences], 'or')}."
    return f"Segments differ most in {most.label}: {most.furthest}."


def only_one(clusters: pd.DataFrame, names: Names) -> str:
    """That only one segment of the table by cluster is shown; empty where that is not so."""
    shown = in_segments(clusters)
    if len(shown) != 1:
        return ""
    return f"Only {segment(shown[CLUSTER].iloc[0], names)}, is shown: there is no other to compare it with."


def strategy(
    places: pd.DataFrame | None, clusters: pd.DataFrame, names: Names, *, word: str = "",
    place_names: Names | None = None,
) -> str:  # fmt: skip
    """Where the share of the mass affluent is highest, and in which segment, each if it is so for sure.

    Parameters
    ----------
    places : DataFrame, optional
        The places that are shown, by their first column, with the counts of mass affluent.
    clusters : DataFrame
        The table by cluster without its hidden rows.
    word, place_names
        What a place is called, such as state; the names of those that have codes.
    """
    said = [_highest_place(places, word, place_names or {}), _segment_first(clusters, names)]
    text = "; ".join(filter(None, said))
    return f"{_capital(text)}." if text else ""


def segment(cluster: str, names: Names) -> str:
    """`segment 2, “Younger · short tenure”`."""
    return f"segment {cluster}, “{names[cluster]}”"


def in_segments(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of customers who are in a segment; labels are text."""
    labels = table[CLUSTER].astype("str").to_numpy("object")
    shown = ~np.isin(labels, [*NO_SEGMENT]) & (table["customers"].to_numpy() > 0)
    return table[shown].assign(**{CLUSTER: labels[shown]})


def number_difference(label: str, effect: float, medians: Mapping[str, str], names: Names) -> Difference:
    """A difference in a number: `medians` has them as text by segment, the highest first."""
    high, *_, low = medians
    text = f"median {medians[high]} in {segment(high, names)}, {medians[low]} in {segment(low, names)}"
    return Difference(label, effect if medians[high] != medians[low] else 0.0, text)


def category_difference(found: Crossed, label: str, effect: float, names: Names) -> Difference | None:
    """A difference in a category: the value whose share differs most between two segments; None without any.

    `found` counts customers of groups that may be shown.
    """
    enough = found.counts.sum(axis=1) >= FEWEST
    clusters, counts = np.array(found.segments)[enough], found.counts[enough]
    if len(clusters) < 2:
        return None
    shares = counts / counts.sum(axis=1, keepdims=True)
    spread = np.ptp(shares, axis=0)
    if not spread.any():
        return Difference(label, 0.0, "")
    widest = int(spread.argmax())
    high, low = int(shares[:, widest].argmax()), int(shares[:, widest].argmin())
    text = (
        f"{found.values[widest]} is {share(shares[high, widest], 0)} of {segment(clusters[high], names)}, "
        f"{share(shares[low, widest], 0)} of {segment(clusters[low], names)}"
    )
    return Difference(label, effect, text)


def _highest_place(places: pd.DataFrame | None, word: str, place_names: Names) -> str:
    """The place whose interval lies above all others, or that there is none; empty with fewer than two places."""
    if places is None or KNOWN not in places:
        return ""
    place = places.columns[0]
    known = places[(places[place].astype("str") != UNKNOWN) & (places[KNOWN] >= FEWEST)]
    if len(known) < 2:
        return ""
    ranked = _with_rates(known)
    first, others = ranked.iloc[0], ranked.iloc[1:]
    if first["low"] <= others["high"].max():
        return f"no {word} stands out"
    code = str(first[place])
    return f"the mass affluent are most frequent in {place_names.get(code, code)} ({share(first['rate'], 0)})"


def _segment_first(clusters: pd.DataFrame, names: Names) -> str:
    """The segment with the highest share of mass affluent, if it is surely above that of all that are shown."""
    known = in_segments(clusters)
    known = known[known[KNOWN] >= FEWEST]
    if len(known) < 2 or not known[YES].sum():
        return ""
    average, first = known[YES].sum() / known[KNOWN].sum(), _with_rates(known).iloc[0]
    if first["low"] <= average:
        return f"no segment is clearly above the average of {share(average, 0)}"
    return f"{segment(first[CLUSTER], names)}, has the highest share of mass affluent ({share(first['rate'], 0)})"


def _with_rates(table: pd.DataFrame) -> pd.DataFrame:
    """The share of the mass affluent with its 95% interval, the highest first."""
    ends = [wilson(int(yes), int(known)) for yes, known in zip(table[YES], table[KNOWN], strict=True)]
    low, high = zip(*ends, strict=True)
    rates = table.assign(rate=table[YES] / table[KNOWN], low=low, high=high)
    return rates.sort_values("rate", ascending=False, kind="stable")


def _whom(customers: int, everybody: int) -> str:
    number = counted(customers, "customer")
    return number if customers == everybody else f"the {number.replace(' ', ' selected ', 1)}"


def _in_one(shown: pd.DataFrame, customers: int, names: Names) -> str:
    """`", all in segment 2, “…”"` where that is so."""
    everybody = len(shown) == 1 and int(shown["customers"].iloc[0]) == customers
    return f", all in {segment(shown[CLUSTER].iloc[0], names)}" if everybody else ""


def _listed(words: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
