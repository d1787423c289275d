"""Who is in the audience of a list, and the value that ranks each."""

from typing import Final

import numpy as np
import pandas as pd

from core.analysis import Analysis
from core.errors import DataError, MeasureError
from core.measures.columns import Columns, meant, named, numbers
from core.measures.evaluate import holds, row_values
from core.measures.parse import parse_condition, parse_row
from core.schema import CERTAINTY, CLUSTER, HIGH_POTENTIAL, MARGIN, MASS_AFFLUENT
from core.strategy.audience import Audience, under
from core.targets.choice import ListChoice, rankings
from core.targets.reasons import FLAGS

FIGURES: Final = 12  # of a computed value: what stands behind them is noise, which must not tell equals apart


def eligible(of: Analysis, choice: ListChoice) -> pd.DataFrame:
    """The cells, one a customer, of those in the audience.

    Raises
    ------
    MeasureError
        The condition cannot be understood.
    """
    selected = of.selected
    if choice.audience:
        selected = selected[_in_group(of, choice.audience, selected)]
    if choice.where:
        condition = parse_condition(choice.where, of.formula_columns)
        selected = selected[holds(condition, selected)]
    return selected


def flags_of(of: Analysis, audience: Audience | None, customers: pd.DataFrame) -> pd.DataFrame:
    """The flags, the mass affluent by the rule that is tried."""
    flags = customers[[*FLAGS]].copy()
    if audience:
        flags[MASS_AFFLUENT] = under(customers, of.study.rules, audience.rule)
    return flags


def ranking(of: Analysis, choice: ListChoice, chosen: pd.DataFrame) -> tuple[str, np.ndarray]:
    """What ranks, and its value for each customer; NaN for who lacks it.

    Raises
    ------
    DataError
        There is no such number, nobody has one, or the formula cannot be understood.
    """
    if choice.by is None:
        usual = rankings(of)
        return _values(of, usual[0], chosen) if usual else ("", np.full(len(chosen), np.nan))
    by, values = _values(of, choice.by.strip(), chosen)
    if np.isnan(values).all():
        raise DataError(f"Nobody in this audience has a value of “{by}”.", "Rank by another number or formula.")
    return by, values


def _values(of: Analysis, by: str, chosen: pd.DataFrame) -> tuple[str, np.ndarray]:
    columns: Columns = of.formula_columns
    if any(name.casefold() in by.casefold() for name in (MARGIN, CERTAINTY)) and not of.why_no_certainty:
        chosen = chosen.assign(**of.certainties.loc[chosen.index, [MARGIN, CERTAINTY]])
        columns = {**columns, MARGIN: 6, CERTAINTY: 6}
    if (column := named(columns, by)) in numbers(columns):
        return str(column), chosen[column].to_numpy("float64", na_value=np.nan)
    try:
        values = row_values(parse_row(by, columns), chosen)
        return by, np.array([float(f"{value:.{FIGURES}g}") for value in values])
    except MeasureError as error:
        if not by.replace("_", "").isalnum():
            raise
        raise DataError(
            f"Customers cannot be ranked by “{by}”.",
            f"{meant(by, numbers(columns))}Numbers: {', '.join(numbers(columns)) or 'none'}.",
        ) from error


def compared_columns(of: Analysis, chosen: pd.DataFrame) -> list[str]:
    """The columns that tell whether groups are alike: numbers, and categories of few values."""
    return [name for name in chosen if name in {*numbers(of.formula_columns), *of.study.categories, *FLAGS, CLUSTER}]


def _in_group(of: Analysis, audience: Audience, selected: pd.DataFrame) -> np.ndarray:
    inside = np.ones(len(selected), bool)
    if audience.segments:
        inside &= selected[CLUSTER].isin(audience.segments).to_numpy(bool)
    if audience.group != "Everybody":
        inside &= flags_of(of, audience, selected)[
            MASS_AFFLUENT if audience.group == "Mass affluent" else HIGH_POTENTIAL
        ].eq("Yes").to_numpy(bool)  # fmt: skip
    return inside
