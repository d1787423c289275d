"""Shares, means and quantiles, taken once from the small tables, ready to draw."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core.schema import CLUSTER, MASS_AFFLUENT, NOT_CLUSTERED

QUARTILES = {"lower": 0.25, "median": 0.5, "upper": 0.75}


def mean(table: pd.DataFrame, measure: str) -> pd.Series:
    """Mean of a summed measure in its own unit; NaN where nobody has it."""
    return table[f"{measure}_sum"] / 100 / table[f"{measure}_n"].where(table[f"{measure}_n"] > 0)


def overall_mean(table: pd.DataFrame, measure: str) -> float:
    """Mean over all rows of a table of sums; NaN where nobody has the measure."""
    known = table[f"{measure}_n"].sum()
    return float(table[f"{measure}_sum"].sum() / 100 / known) if known else float("nan")


def share(table: pd.DataFrame, flag: str) -> pd.Series:
    """Share of Yes among the customers whose flag is known; NaN where nobody's is."""
    known = table[f"{flag}_known"]
    return table[f"{flag}_yes"] / known.where(known > 0)


def percent(part: float, whole: float) -> str:
    """`"31.2%"`; an en dash where there is no whole."""
    return f"{part / whole:.1%}" if whole else "–"


def quartiles(histogram: pd.DataFrame, value: str) -> pd.DataFrame:
    """Five numbers per cluster, exactly those of the rows behind the histogram.

    Quartiles are `numpy.quantile`'s default (linear interpolation); the whiskers end at the
    furthest value within 1.5 interquartile ranges of the box (Tukey 1977).

    Returns
    -------
    DataFrame
        Cluster, customers, low, lower, median, upper, high.
    """
    rows = [
        {
            CLUSTER: cluster,
            "customers": int(group["customers"].sum()),
            **_five_numbers(group[value], group["customers"]),
        }
        for cluster, group in histogram.sort_values(value).groupby(CLUSTER, sort=True, observed=True)
    ]
    return pd.DataFrame(rows, columns=[CLUSTER, "customers", "low", "lower", "median", "upper", "high"])


def _five_numbers(values: pd.Series, counts: pd.Series) -> dict[str, float]:
    upto = counts.cumsum().to_numpy()
    sorted_values = values.to_numpy("float64")

    def at(rank: float) -> float:
        """The value at a fractional rank among all customers, counted from 0."""
        below, above = sorted_values[np.searchsorted(upto, [np.floor(rank), np.ceil(rank)], side="right")]
        return float(below + (above - below) * (rank - np.floor(rank)))

    box = {name: at(quantile * (upto[-1] - 1)) for name, quantile in QUARTILES.items()}
    reach = 1.5 * (box["upper"] - box["lower"])
    inside = sorted_values[(sorted_values >= box["lower"] - reach) & (sorted_values <= box["upper"] + reach)]
    return box | {"low": float(inside.min()), "high": float(inside.max())}


def penetration_cards(clusters: pd.DataFrame, names: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Share of mass affluent (their penetration) in all and per cluster, each with the average tenure."""
    rows = {"All customers": clusters} | {
        f"{cluster} {names[cluster]}" if cluster != NOT_CLUSTERED else NOT_CLUSTERED: clusters[
            clusters[CLUSTER] == cluster
        ]
        for cluster in clusters[CLUSTER].astype("str")
    }
    return {name: (_penetration(table), _tenure(table)) for name, table in rows.items()}


def _penetration(table: pd.DataFrame) -> str:
    return percent(table[f"{MASS_AFFLUENT}_yes"].sum(), table[f"{MASS_AFFLUENT}_known"].sum())


def _tenure(table: pd.DataFrame) -> str:
    mean_years = overall_mean(table, "tenure") if "tenure_n" in table else float("nan")
    return "tenure unknown" if np.isnan(mean_years) else f"avg. tenure {mean_years:.1f} years"
