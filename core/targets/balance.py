"""Whether those who are contacted and those held out are alike: standardised differences."""

from collections.abc import Iterator
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd

from core.schema import UNKNOWN
from core.strategy.control import LEVEL
from core.targets.assignment import CONTROL

MATERIAL: Final = 0.1  # from here on two groups are called different (Austin 2009)
FEW: Final = 0.5  # a medium difference: where chance alone goes so far, the groups tell little of each other
COLUMNS: Final = ("column", "value", "arm", "in_arm", "in_control", "difference", "by_chance", "stands_out")
Row = tuple[str, str, float, float, float]


def balance(customers: pd.DataFrame, arms: pd.Categorical) -> pd.DataFrame:
    """Each number and each value of a category, in each arm and in the control group.

    The standardised difference of a number is (m₁ − m₂) ÷ √((s₁² + s₂²) ÷ 2), of a share
    (p₁ − p₂) ÷ √((p₁ q₁ + p₂ q₂) ÷ 2) (Austin, "Balance diagnostics for comparing the distribution of baseline
    covariates between treatment groups", Statistics in Medicine, 2009).

    Parameters
    ----------
    customers : DataFrame
        Those assigned, a row each; its numbers and categories are compared.
    arms : Categorical
        The arm of each; the last category is the control group.

    Returns
    -------
    DataFrame
        `COLUMNS`: value is empty for a number. `by_chance` is how far chance goes in 19 of 20 such tables, for groups
        of these sizes and so many rows; what is beyond that and beyond `MATERIAL` `stands_out` (Yes or No). No rows
        where a group is empty.
    """
    control = np.asarray(arms == CONTROL)
    found: list[tuple[str, str, str, float, float, float, float]] = []
    for arm in arms.categories[arms.categories != CONTROL]:
        inside = np.asarray(arms == arm)
        sizes = int(inside.sum()), int(control.sum())
        if all(sizes):
            rows = [row for name in customers for row in _rows(str(name), customers[name], inside, control)]
            chance = _chance(*sizes, len(rows))
            found += [(name, value, str(arm), here, there, apart, chance) for name, value, here, there, apart in rows]
    table = pd.DataFrame(found, columns=[*COLUMNS[:-1]])
    beyond = table["difference"].abs() > np.maximum(table["by_chance"], MATERIAL)
    return table.assign(stands_out=np.where(beyond, "Yes", "No"))


def _chance(contacted: int, held_out: int, rows: int) -> float:
    """How far a standardised difference goes by chance, the furthest of so many (Bonferroni)."""
    return NormalDist().inv_cdf(1 - LEVEL / 2 / max(rows, 1)) * float(np.sqrt(1 / contacted + 1 / held_out))


def _rows(name: str, column: pd.Series, inside: np.ndarray, control: np.ndarray) -> Iterator[Row]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        labels = [*map(str, column.cat.categories)]
        codes = column.cat.codes.to_numpy()
        codes = np.where(codes < 0, len(labels), codes)
        counts = [np.bincount(codes[group], minlength=len(labels) + 1) for group in (inside, control)]
        for at, label in enumerate([*labels, UNKNOWN]):
            here, there = (float(each[at] / each.sum()) for each in counts)
            if here or there:
                yield name, label, here, there, _apart(here - there, here * (1 - here), there * (1 - there))
        return
    values = column.to_numpy("float64", na_value=np.nan)
    groups = [values[group][~np.isnan(values[group])] for group in (inside, control)]
    if all(map(len, groups)):
        here, there = (float(group.mean()) for group in groups)
        yield name, "", here, there, _apart(here - there, *(float(group.var()) for group in groups))


def _apart(difference: float, *variances: float) -> float:
    spread = float(np.sqrt(sum(variances) / 2))
    if spread:
        return difference / spread
    return float(np.sign(difference)) * np.inf if difference else 0.0


def in_words(table: pd.DataFrame) -> str:
    """Whether the groups are alike, as a sentence; empty without a control group."""
    if table.empty:
        return ""
    if (table["by_chance"] > FEW).any():
        return "The control group is so small that chance makes it differ from the customers contacted."
    apart = table[table["stands_out"] == "Yes"]
    if apart.empty:
        return "The customers contacted and the control group are alike, but for what chance does."
    order = apart["difference"].abs().sort_values(ascending=False, kind="stable").index
    first = apart.loc[order].head(3)
    names = ", ".join(
        f"{row.column}{f' {row.value}' if row.value else ''}" for row in first.itertuples(index=False, name="Row")
    )
    more = f" and {len(apart) - len(first)} more" if len(apart) > len(first) else ""
    return (
        f"The customers contacted and the control group differ more than chance does, in: {names}{more}. Before the "
        "campaign starts, another salt draws them anew."
    )
