"""Shares, means and quantiles, taken once from the small tables, ready to draw."""

import numpy as np
import pandas as pd

from core.schema import CLUSTER, MASS_AFFLUENT

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


def penetration(clusters: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Per cluster: its label, its share of mass affluent (penetration), its average tenure, ready to show."""
    shares = share(clusters, MASS_AFFLUENT)
    tenures = mean(clusters, "tenure") if "tenure_n" in clusters else shares * np.nan
    return [
        (str(cluster), "–" if np.isnan(part) else f"{part:.1%}", "unknown" if np.isnan(years) else f"{years:.1f} years")
        for cluster, part, years in zip(clusters[CLUSTER], shares, tenures, strict=True)
    ]
