"""Hide small groups, so that nobody can be singled out in one, or by subtracting one group from another.

Primary suppression hides groups under a minimum, complementary suppression further ones (Hundepool et
al., "Statistical Disclosure Control", 2012, chapter 4). It protects one picture and the totals that it
shows, not the comparison of several selections. What shares and means are made of is rounded (`views.rounding`).
"""

import re
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import accumulate
from typing import Any, Final

import numpy as np
import pandas as pd

from core.views.rounding import rounded
from core.views.summary import counted, of_whom
from core.views.tables import WHOLE

MINIMUM: Final = 10  # customers; the usual threshold of statistical offices
HIDDEN: Final = "groups hidden"  # in a table's `attrs`
BLANK: Final = "figures hidden"  # in a table's `attrs`: how many shares or means, by flag or measure
OF_SHOWN: Final = "Shares are of the groups shown."
SHORT_BARS: Final = "A bar ends short by their share."

Margins = Sequence[tuple[str, ...]]  # sets of keys by which totals are shown beside the cells


def shown(
    table: pd.DataFrame, *, cells: bool = True, whole: pd.DataFrame | None = None, nested: bool = False,
    margins: Margins | None = None,
) -> pd.DataFrame:  # fmt: skip
    """The rows that may be shown (`hide_small`), without the shares and means that would show small groups.

    Other shares and means are of rounded numbers: `customers` alone are exact.
    `whole` has everybody by the first key, for a table that leaves some of them out. `nested` says that each key is a
    part of the one before it, as a postcode of a state, and that the totals of each are shown beside the rows;
    `margins` are other sets of keys whose totals are. The `attrs` say how many groups and figures are hidden, and how
    many customers each first key still there has with them.
    """
    keys = _keys(table)
    full = table if whole is None else with_rest(table, whole)
    margins = [*accumulate(((key,) for key in keys[:-1]), tuple.__add__)] if nested else margins
    visible = ~_hidden(full, margins if cells else [(keys[0],)], cells=cells)
    listed = full[keys].notna().all(axis=1).to_numpy()
    flags, measures = _named(full, "_yes"), {name: sums for name in _named(full, "_n") for sums in _sums(full, name)}
    blanked, known = full, {}
    for flag in flags:
        blanked, known[flag] = hide_shares(blanked, flag, margins), f"{flag}_known"
    for measure in measures:
        blanked, known[measure] = hide_means(blanked, measure, margins), f"{measure}_n"
    hidden_figures = {name: int(((full[n] > 0) & (blanked[n] == 0) & visible).sum()) for name, n in known.items()}
    rows = rounded(blanked[visible & listed].reset_index(drop=True), flags, measures)
    sums = full[full[keys[0]].isin(rows[keys[0]])].groupby(keys[0], observed=True)["customers"].sum()
    rows.attrs[WHOLE] = sums.to_dict()  # of what is shown only: Arrow sends `attrs` along
    rows.attrs[HIDDEN] = len(table) - len(rows) if cells else table[keys[0]].nunique() - rows[keys[0]].nunique()
    rows.attrs[BLANK] = hidden_figures
    return rows


def is_hideable(table: Any) -> bool:
    """Whether `shown` can hide in a table: it has keys, customers, and only columns that `tables.count` makes."""
    if not isinstance(table, pd.DataFrame) or not table.columns.is_unique or "customers" not in table.columns[1:]:
        return False
    flags, measures = _named(table, "_yes"), _named(table, "_n")
    known = {f"{flag}_{end}" for flag in flags for end in ("yes", "known")}
    known |= {name for measure in measures for name in (f"{measure}_n", *_sums(table, measure))}
    return set(table.columns[len(_keys(table)) + 1 :]) == known


def hidden_note(*tables: pd.DataFrame | None, of: Sequence[str] = (), shares: str = OF_SHOWN) -> str:
    """How many groups, and figures `of` flags or measures, are hidden (`shown`), and why; empty if none is."""
    attrs = [table.attrs for table in tables if table is not None]
    groups = sum(values.get(HIDDEN, 0) for values in attrs)
    figures = sum(values.get(BLANK, {}).get(name, 0) for values in attrs for name in of)
    counts = [*([counted(groups, "group")] if groups else []), *([counted(figures, "figure")] if figures else [])]
    if not counts:
        return ""
    why = f"fewer than {MINIMUM} customers, or subtraction would reveal such a group."
    return f"{' and '.join(counts)} hidden: {why} {shares}".rstrip()


def of_whom_shown(table: pd.DataFrame, everybody: int) -> str:
    """`of_whom` of a table's shares, which are of the groups shown where some are hidden."""
    return "of those shown" if table.attrs.get(HIDDEN) else of_whom(int(table["customers"].sum()), everybody)


def hide_small(
    table: pd.DataFrame, *, cells: bool = True, minimum: int = MINIMUM, margins: Margins | None = None
) -> pd.DataFrame:
    """The rows of a small table that may be shown.

    Parameters
    ----------
    table : DataFrame
        Key columns, then `customers` (int), then the other counts.
    cells : bool
        Whether the rows themselves are shown, as tiles are, and not only what they add up to by the
        first key, as the ages in a box.
    minimum : int
        The smallest group that is shown.
    margins : sequence of tuple, optional
        The sets of keys whose totals are shown beside the rows, each key by itself unless given.

    Returns
    -------
    DataFrame
        Rows of `minimum` customers or more. Within the whole, and within each value of each key,
        what is hidden is nothing, everything, or several groups of `minimum` customers or more
        together. A value that is hidden as a total is hidden in all its rows.
    """
    margins = margins if cells else [(_keys(table)[0],)]
    return table[~_hidden(table, margins, cells=cells, minimum=minimum)].reset_index(drop=True)


def hide_shares(
    table: pd.DataFrame, flag: str, margins: Margins | None = None, *, minimum: int = MINIMUM
) -> pd.DataFrame:
    """The table with a flag's counts set to 0 wherever its share would give away a small group.

    Shown are the shares of each row, those by each of the `margins`, by default each of several keys, and the number
    with the flag in all.
    """
    keys = _keys(table)
    yes, known = table[f"{flag}_yes"], table[f"{flag}_known"]
    rows = table[keys].assign(row=np.arange(len(table)))
    parts = pd.concat([rows.assign(part=part, customers=n) for part, n in {"yes": yes, "no": known - yes}.items()])
    parts = parts[parts["customers"] > 0].reset_index(drop=True)
    several = [(key,) for key in keys] if margins is None else margins
    # A row of nested keys is a total of finer rows elsewhere, as a bubble is of postcodes: they hide it as a margin.
    row = ("row",) if margins is None else tuple(keys)
    by_key = [margin for keys in several for margin in (keys, (*keys, "part"))] + [row]
    hidden = _hidden(parts, [*(by_key if len(keys) > 1 else [(keys[0],)]), ("part",)], minimum=minimum)
    few = rows["row"].isin(parts.loc[hidden, "row"]) | _few_known(table, known, margins, minimum)
    return _blank(table, few, f"{flag}_yes", f"{flag}_known")


def hide_means(table: pd.DataFrame, measure: str, margins: Margins | None = None) -> pd.DataFrame:
    """The table with a measure's counts and sums set to 0 where few have it or lack it, or would give that away.

    Shown are the means of each row, and how many have the measure in all and by each of the `margins`.
    """
    few = _few_known(table, table[f"{measure}_n"], margins, MINIMUM)
    return _blank(table, few, f"{measure}_n", *_sums(table, measure))


def with_rest(table: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """The table, and a row per first key for the customers of `whole` that it lacks; their other keys are missing."""
    key, counts = table.columns[0], [name for name in whole.columns[1:] if name in table]
    counted = table.groupby(key, observed=True)[counts].sum()
    rest = whole.set_index(key)[counts].sub(counted, fill_value=0).astype("int64").rename_axis(key).reset_index()
    return pd.concat([table, rest[rest["customers"] > 0]], ignore_index=True)


def is_small(selected: Any, everybody: Any, minimum: int = MINIMUM) -> Any:
    """Whether a selection, or what it leaves out of everybody, has at least one customer but fewer than `minimum`.

    Of two numbers, or of two columns row by row.
    """
    rest = everybody - selected
    return ((selected > 0) & (selected < minimum)) | ((rest > 0) & (rest < minimum))


def _keys(table: pd.DataFrame) -> list[str]:
    return list(table.columns[: table.columns.get_loc("customers")])


def _named(table: pd.DataFrame, end: str) -> list[str]:
    """The names of counts with this ending, without it; keys are left out, since they may have any name."""
    counted = table.columns[len(_keys(table)) + 1 :]
    return [name.removesuffix(end) for name in counted if name.endswith(end)]


def _sums(table: pd.DataFrame, measure: str) -> list[str]:
    """The columns that have the sums of a measure."""
    return [name for name in table if re.fullmatch(rf"{re.escape(measure)}_sum_-?\d+", str(name))]


def _few_known(table: pd.DataFrame, known: pd.Series, margins: Margins | None, minimum: int) -> np.ndarray:
    """The rows where something is known of few, or unknown, and those that with a total of these would tell them."""
    hidden = np.zeros(len(table), bool)
    for number in (known, table["customers"] - known):
        some = (number > 0).to_numpy()
        hidden[some] |= _hidden(table[_keys(table)].assign(customers=number)[some], margins, minimum=minimum)
    return hidden


def _blank(table: pd.DataFrame, few: pd.Series | np.ndarray, *names: str) -> pd.DataFrame:
    return table.assign(**{name: table[name].where(~few, 0) for name in names})


def _hidden(
    table: pd.DataFrame, margins: Margins | None = None, *, cells: bool = True, minimum: int = MINIMUM
) -> np.ndarray:
    """Which rows to hide if totals by each of the `margins` are shown, by default those by each of several keys.

    Rows are sorted by their keys, so that two visuals that show the same totals hide the same rows.
    """
    keys = _keys(table)
    margins = margins if margins is not None else [(key,) for key in keys if len(keys) > 1]
    ranks = [pd.factorize(table[key].astype("str"), sort=True, use_na_sentinel=False)[0] for key in keys]
    order = np.lexsort(ranks[::-1])
    places = [tuple(map(keys.index, margin)) for margin in margins]
    sizes = table["customers"].to_numpy("int64")
    hidden = np.empty(len(table), bool)
    hidden[order] = _hidden_cells(np.column_stack(ranks)[order], sizes[order], places, cells, minimum)
    return hidden


def _hidden_cells(
    keys: np.ndarray, sizes: np.ndarray, margins: Sequence[tuple[int, ...]], cells: bool, minimum: int
) -> np.ndarray:
    """The rows to hide, of sorted rows of numbers with one column per key."""
    hidden, lines = np.zeros(len(sizes), bool), [np.zeros(len(sizes), "int64")]
    for margin in margins:
        first, number = _numbered(keys[:, margin])
        within = [tuple(map(margin.index, coarser)) for coarser in margins if set(coarser) < set(margin)]
        sums = np.bincount(number, sizes, minlength=len(first)).astype("int64")
        totals = _hidden_cells(keys[first][:, margin], sums, within, True, minimum)
        hidden |= totals[number]  # a hidden total is hidden in all its rows
        lines.append(number)
    return _hide(sizes, lines, minimum, hidden) if cells else hidden


def _numbered(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first row of each combination of keys, in their order, and the number of each row's combination."""
    first, number = np.arange(min(len(keys), 1)), np.zeros(len(keys), "int64")
    for column in keys.T:
        _, first, number = np.unique(number * (column.max(initial=0) + 1) + column, True, True)
    return first, number.reshape(-1)


def _hide(sizes: np.ndarray, kinds: Sequence[np.ndarray], minimum: int, already: np.ndarray) -> np.ndarray:
    """Which groups to hide: the small, those already hidden, and more until no line gives one away.

    Each of `kinds` has a line per group by its number: those of rows, of columns, and so on.
    """
    hidden: np.ndarray = (sizes < minimum) | already
    ends = np.cumsum([0, *(int(numbers.max(initial=-1)) + 1 for numbers in kinds)])
    of_group = np.column_stack([numbers + end for numbers, end in zip(kinds, ends, strict=False)])
    lines = _Lines(sizes, hidden, of_group, int(ends[-1]), minimum)
    # One at a time, since a group that is hidden for one line often protects another line: always for the first line
    # that gives one away. A line is looked at again only after one of its groups was hidden: there can be thousands.
    waiting = lines.open.tolist()  # a heap, since it is sorted
    while waiting:
        group = lines.next_to_hide(heappop(waiting))
        if group is not None:
            for number in lines.hide(group):
                heappush(waiting, number)
    return hidden


class _Lines:
    """Per line of groups how many are hidden, their sum, and which is the smallest that is shown.

    All is kept up to date, so that hiding takes about as long as there are groups, and not lines times groups.
    """

    def __init__(self, sizes: np.ndarray, hidden: np.ndarray, of_group: np.ndarray, size: int, minimum: int) -> None:
        number, group = of_group.T.reshape(-1), np.tile(np.arange(len(sizes)), of_group.shape[1])
        gone = hidden[group]
        counts = np.bincount(number[gone], minlength=size)
        sums = np.bincount(number[gone], sizes[group][gone], minlength=size).astype("int64")
        shown = np.bincount(number, minlength=size) - counts
        self.open = np.flatnonzero((counts > 0) & (shown > 0) & ~_safe(sums, counts, minimum))
        self._hidden, self._minimum, self._of_group, self._sizes = hidden, minimum, of_group, sizes
        self._counts, self._sums = counts.tolist(), sums.tolist()
        number, group = number[~gone], group[~gone]
        self._by_size = group[np.lexsort((group, sizes[group], number))]  # of each line, the smallest first
        self._ends = np.cumsum(shown).tolist()
        self._next = [0, *self._ends[:-1]]

    def next_to_hide(self, number: int) -> int | None:
        """The smallest shown group of a line, if its hidden groups could be worked out; else None."""
        if not self._counts[number] or _safe(self._sums[number], self._counts[number], self._minimum):
            return None
        at = self._next[number]
        while at < self._ends[number] and self._hidden[self._by_size[at]]:
            at += 1
        self._next[number] = at
        return int(self._by_size[at]) if at < self._ends[number] else None

    def hide(self, group: int) -> list[int]:
        """Hide a group; the lines that it is in."""
        self._hidden[group] = True
        numbers: list[int] = self._of_group[group].tolist()
        for number in numbers:
            self._counts[number] += 1
            self._sums[number] += int(self._sizes[group])
        return numbers


def _safe(whole: Any, number: Any, minimum: int) -> Any:
    """Whether the sum of so many hidden groups leaves each of them open, however well their bounds are known.

    Every group has at least one customer, and one that is small has less than the minimum: a sum at
    either end of that range would give all of them. Of two numbers, or of two columns line by line.
    """
    return (number > 1) & (whole >= minimum) & (whole != number) & (whole != number * (minimum - 1))
