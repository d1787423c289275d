"""Which one of the values in a customer's rows is kept: the latest, the most frequent, the longest, a last balance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from core.cleaning.values import RowOrder, is_blank
from core.intake.match import MatchedTable
from core.intake.rows.dates import NEVER
from core.intake.steps import Step
from core.schema import Column

IN_ORDER: Final = 0.95  # of the neighbouring rows of customers; the others are late bookings
FEWEST: Final = 8  # neighbouring rows of other times: fewer stand in an order by chance
UNITS: Final = 10_000  # of one: balances are compared in whole numbers
# How the last of several balances was found.
CHAIN: Final = "{}: of several {}, took the one that the amounts of the rows lead to"
ORDER: Final = "{}: of several {}, took the latest row by the order of the file, which is {}"
LOWEST: Final = (
    "{}: of several {}, neither amounts nor the order of the rows say which is the last, so the lowest is used"
)


@dataclass(frozen=True)
class Groups:
    """The customer of each row (`codes`, from 0), their number, and the time of each row, if it is known."""

    codes: np.ndarray
    size: int
    times: np.ndarray | None = None


class Place(NamedTuple):
    """Where each row stands: the number of its file, and its line."""

    files: np.ndarray
    lines: np.ndarray


def latest(text: pd.Series, groups: Groups) -> np.ndarray:
    """Mask of the rows with a customer's latest value that is known; without times, of all that are known."""
    codes = text.cat.codes.to_numpy().astype("int64")
    known = np.append(~is_blank(distinct(text)).to_numpy(), False)[codes]
    if groups.times is not None:
        last = np.full(groups.size, NEVER)
        np.maximum.at(last, groups.codes[known], groups.times[known])
        known &= groups.times == last[groups.codes]
    return np.asarray(known)


def usual(text: pd.Series, groups: Groups, known: np.ndarray) -> pd.Categorical:
    """The most frequent value of each customer in some rows, which have one (a mask).

    Of equally frequent values it is the first in the alphabet, so that the order of the rows decides nothing.
    """
    codes = text.cat.codes.to_numpy().astype("int64")
    used, places = np.unique(codes[known], return_inverse=True)
    texts = distinct(text).to_numpy(object)[used]
    order = np.argsort(texts, kind="stable")
    return _chosen(groups, known, np.argsort(order)[places], texts[order], frequent=True)


def least(text: pd.Series, sizes: np.ndarray, groups: Groups) -> pd.Categorical:
    """The value of each customer whose size is the least; `sizes` are of the distinct values, missing for none."""
    codes = text.cat.codes.to_numpy().astype("int64")
    known = np.append(~np.isnan(sizes), False)[codes]
    texts = distinct(text).to_numpy(object)
    order = np.lexsort((texts.astype("U"), sizes))
    return _chosen(groups, known, np.argsort(order)[codes[known]], texts[order], frequent=False)


def distinct(text: pd.Series) -> pd.Series:
    """The distinct texts of categories."""
    return text.cat.categories.to_series().reset_index(drop=True).astype("str")


def several(codes: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Which customers have several values in some rows."""
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    np.minimum.at(low, codes, values)
    np.maximum.at(high, codes, values)
    return low < high


def place_of(table: MatchedTable) -> Place:
    """Where the rows of a table stand."""
    lines = table.frame.index.to_numpy()
    return Place(np.searchsorted([start for start, _ in table.starts], lines, side="right"), lines)


def order_votes(groups: Groups, place: Place) -> np.ndarray:
    """How many rows are later, and how many earlier, than the row of their customer before them in the file."""
    if groups.times is None:
        return np.zeros(2, "int64")
    order = np.lexsort((place.lines, place.files, groups.codes))
    known = order[groups.times[order] != NEVER]
    same = (np.diff(groups.codes[known]) == 0) & (np.diff(place.files[known]) == 0)
    steps = np.diff(groups.times[known])[same]
    return np.array([(steps > 0).sum(), (steps < 0).sum()])


def row_order(votes: np.ndarray) -> RowOrder:
    """How the rows of a file stand, by `order_votes`; empty where they do not tell."""
    if votes.sum() < FEWEST or votes.max() < IN_ORDER * votes.sum():
        return ""
    return "oldest first" if votes[0] > votes[1] else "newest first"


def last(
    column: Column, known: np.ndarray, balances: np.ndarray, groups: Groups, place: Place,
    amounts: Callable[[], Sequence[np.ndarray]], order: RowOrder | None,
) -> tuple[np.ndarray, list[Step]]:  # fmt: skip
    """Of rows that are of each customer's last time (a mask), those with the last balance, and what is said of it.

    It is the one that the amounts lead to, where the rows chain; else that of the last row, where the order of the
    file is known; else the lowest, so that no order decides.

    Parameters
    ----------
    balances : array
        Of each row; missing where it is no number.
    amounts : callable
        What may have changed the balance, of each row; asked where customers have several balances.
    order : str, optional
        How the rows of the whole file stand; None to find out, as these are all.
    """
    rows = np.flatnonzero(known & np.isfinite(balances))
    rows = rows[several(groups.codes[rows], balances[rows], groups.size)[groups.codes[rows]]]
    if not len(rows):
        return known, []
    ids, codes = np.unique(groups.codes[rows], return_inverse=True)
    after, found, by = np.rint(balances[rows] * UNITS), np.full(len(ids), np.nan), np.full(len(ids), CHAIN, object)
    for changes in amounts():
        found = np.where(np.isnan(found), _ends(codes, after, np.rint(changes[rows] * UNITS), len(ids)), found)
    order = row_order(order_votes(groups, place)) if order is None else order
    lowest = np.full(len(ids), np.inf)
    np.minimum.at(lowest, codes, after)
    in_order = _in_order(codes, after, Place(place.files[rows], place.lines[rows]), len(ids), order)
    for how, ends in ((ORDER, in_order), (LOWEST, lowest)):
        by[np.isnan(found)] = how
        found = np.where(np.isnan(found), ends, found)
    kept = known & ~np.isin(groups.codes, ids)
    kept[rows[after == found[codes]]] = True
    when = "without a date" if groups.times is None else "with a customer's last date"
    return kept, [
        Step(how.format(column.label, when, order), groups.size, groups.size, column.name, number, warns=how == LOWEST)
        for how in (CHAIN, ORDER, LOWEST)
        if (number := int((by == how).sum()))
    ]


def _ends(codes: np.ndarray, after: np.ndarray, changes: np.ndarray, size: int) -> np.ndarray:
    """The balance that each customer's rows end with, where they chain; missing elsewhere.

    A row leads from one balance to another. All can be put behind each other where they are connected, and only one
    balance is arrived at more often than it is left: the last (Euler's path).
    """
    before = after - changes
    ends = np.column_stack([np.tile(codes, 2), np.concatenate([before, after])])
    nodes, at = np.unique(ends, axis=0, return_inverse=True)
    start, end = np.split(at.ravel(), 2)
    owners = nodes[:, 0].astype("int64")
    surplus = np.bincount(end, minlength=len(nodes)) - np.bincount(start, minlength=len(nodes))
    links = coo_array((np.ones(len(start)), (start, end)), (len(nodes), len(nodes)))
    parts = connected_components(links, directed=False)[1]
    chained = (
        ~several(owners, parts, size)
        & (np.bincount(owners, np.abs(surplus), size) == 2)
        & (np.bincount(codes, np.isnan(before), size) == 0)
    )
    at_end = (surplus == 1) & chained[owners]
    found = np.full(size, np.nan)
    found[owners[at_end]] = nodes[at_end, 1]
    return found


def _in_order(codes: np.ndarray, after: np.ndarray, place: Place, size: int, order: RowOrder) -> np.ndarray:
    """The balance of each customer's last row; missing where rows are in several files, whose order says nothing."""
    found = np.full(size, np.nan)
    if order:
        rows = np.lexsort((place.lines if order == "oldest first" else -place.lines, codes))
        found[codes[rows]] = after[rows]
        found[several(codes, place.files, size)] = np.nan
    return found


def _chosen(
    groups: Groups, known: np.ndarray, ranks: np.ndarray, texts: np.ndarray, *, frequent: bool
) -> pd.Categorical:
    """For each customer the text of the lowest rank among the known rows, or of these the most frequent one."""
    pairs, counts = np.unique(groups.codes[known] * max(len(texts), 1) + ranks, return_counts=True)
    customers, ranks = np.divmod(pairs, max(len(texts), 1))
    order = np.lexsort((ranks, -counts, customers)) if frequent else np.arange(len(pairs))
    first = order[np.append(True, np.diff(customers[order]) > 0)[: len(order)]]
    chosen = np.full(groups.size, len(texts))
    chosen[customers[first]] = ranks[first]
    if (chosen == len(texts)).any():
        texts = np.append(texts, "")
    return pd.Categorical.from_codes(chosen, pd.Index(texts, dtype="str"))
