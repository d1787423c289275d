"""Hide small groups: nobody in a shown group of few can be singled out, nor worked out by subtraction.

Primary suppression hides groups under a minimum, complementary suppression further ones (Hundepool et
al., "Statistical Disclosure Control", 2012, chapter 4). It guards one picture together with the totals
it shows, not the comparison of several selections.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.views.summary import counted
from core.views.tables import FLAGS, WHOLE

MINIMUM: Final = 10  # customers; the usual threshold of statistical offices
HIDDEN: Final = "groups hidden"  # in a table's `attrs`
OF_SHOWN: Final = "Shares are of the groups shown."
SHORT_BARS: Final = "A bar ends short by their share."


def shown(table: pd.DataFrame, *, cells: bool = True) -> pd.DataFrame:
    """The rows that may be shown (`hide_small`), shares of few blanked.

    Its `attrs` say how many groups are hidden, and how many customers each first key still there has with them.
    """
    kept = hide_small(table, cells=cells)
    key = table.columns[0]
    for flag in FLAGS:
        kept = hide_shares(kept, flag) if f"{flag}_yes" in kept else kept
    whole = table[table[key].isin(kept[key])].groupby(key, observed=True)["customers"].sum()
    kept.attrs[WHOLE] = whole.to_dict()  # of what is shown only: Arrow sends `attrs` along
    kept.attrs[HIDDEN] = len(table) - len(kept) if cells else table[key].nunique() - kept[key].nunique()
    return kept


def hidden_note(*tables: pd.DataFrame | None, shares: str = OF_SHOWN) -> str:
    """How many groups are hidden (`shown`), and what that does to shares; empty if none is."""
    number = sum(table.attrs.get(HIDDEN, 0) for table in tables if table is not None)
    if not number:
        return ""
    return (
        f"{counted(number, 'group')} hidden: fewer than {MINIMUM} customers, or would give away one that has. {shares}"
    )


def hide_small(table: pd.DataFrame, *, cells: bool = True, minimum: int = MINIMUM) -> pd.DataFrame:
    """The rows of a small table that may be shown.

    Parameters
    ----------
    table : DataFrame
        Key columns, then `customers` (int), then what else is counted.
    cells : bool
        Whether the rows themselves are shown, as tiles are, and not only what they add up to by the
        first key, as the ages in a box.
    minimum : int
        The smallest group that is shown.

    Returns
    -------
    DataFrame
        Rows of `minimum` customers or more. Within the whole, and within each value of each key,
        what is hidden is nothing, everything, or several groups of `minimum` customers or more
        together. A value that is hidden as a total is hidden in all its rows.
    """
    keys = list(table.columns[: table.columns.get_loc("customers")])
    hidden = np.zeros(len(table), bool)
    for key in keys if cells else keys[:1]:
        sums = table.groupby(key, observed=True)["customers"].sum()
        hidden |= table[key].isin(sums.index[_hide(sums.to_numpy(), [np.arange(len(sums))], minimum)]).to_numpy(bool)
    if cells:
        hidden = _hide(table["customers"].to_numpy("int64"), _lines(table, keys), minimum, hidden)
    return table[~hidden].reset_index(drop=True)


def hide_shares(table: pd.DataFrame, flag: str, *, minimum: int = MINIMUM) -> pd.DataFrame:
    """The table with a flag's counts set to 0 wherever its share would tell the size of a small group."""
    yes, known = table[f"{flag}_yes"].to_numpy("int64"), table[f"{flag}_known"].to_numpy("int64")
    parts = {"yes": yes, "no": known - yes}
    rows = np.arange(len(table))
    counts = pd.concat([pd.DataFrame({"row": rows, "part": part, "customers": n}) for part, n in parts.items()])
    counts = counts[counts["customers"] > 0]
    shown = hide_small(counts, minimum=minimum)
    # A share is shown where both of its parts are.
    hidden = np.bincount(shown["row"], minlength=len(rows)) < np.bincount(counts["row"], minlength=len(rows))
    return table.assign(**{f"{flag}_yes": np.where(hidden, 0, yes), f"{flag}_known": np.where(hidden, 0, known)})


def is_small(selected: int, everybody: int, minimum: int = MINIMUM) -> bool:
    """Whether a selection, or what it leaves out of everybody, is of fewer than `minimum` customers but some."""
    return 0 < selected < minimum or 0 < everybody - selected < minimum


def _lines(table: pd.DataFrame, keys: Sequence[str]) -> list[np.ndarray]:
    """The positions of the rows that each total sums: that of the whole, and by each of several keys."""
    numbered = table.assign(position=np.arange(len(table)))
    by_key = [part for key in keys if len(keys) > 1 for _, part in numbered.groupby(key, observed=True)["position"]]
    return [np.arange(len(table)), *(part.to_numpy() for part in by_key)]


def _hide(
    sizes: np.ndarray, lines: Sequence[np.ndarray], minimum: int, already: np.ndarray | None = None
) -> np.ndarray:
    """Which groups to hide: the small, those already hidden, and more until no line gives one away."""
    hidden = (sizes < minimum) | (False if already is None else already)
    # One at a time: a group hidden for one line often settles another.
    while more := [one for line in lines for one in _next(sizes, hidden, line, minimum)][:1]:
        hidden[more] = True
    return hidden


def _next(sizes: np.ndarray, hidden: np.ndarray, line: np.ndarray, minimum: int) -> list[int]:
    """The smallest shown group of a line, if what is hidden in it gives itself away; else none."""
    gone, shown = sizes[line[hidden[line]]], line[~hidden[line]]
    if not len(gone) or not len(shown) or _safe(gone, minimum):
        return []
    return [int(shown[np.argmin(sizes[shown])])]


def _safe(gone: np.ndarray, minimum: int) -> bool:
    """Whether the sum of the hidden groups leaves each of them open, however well their bounds are known.

    Every group has at least one customer, and one that is small has less than the minimum: a sum at
    either end of that range would give all of them.
    """
    whole, number = gone.sum(), len(gone)
    return number > 1 and whole >= minimum and whole not in (number, number * (minimum - 1))
