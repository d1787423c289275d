"""Structureless data of the same shape: what a method would be given if there were no groups.

Each feature keeps its distribution, made unimodal (Frisén 1986), and any two keep their rank
correlation (a Gaussian copula, Iman and Conover 1982), so that skew, heavy tails, whole numbers and
correlation, which all raise a silhouette, are not taken for groups. The idea of a null model with
the data's own dependence is Hennig and Lin's ("Flexible parametric bootstrap for testing
homogeneity against clustering", 2015); a uniform box (Tibshirani, Walther and Hastie 2001) would
call every skewed or correlated table clustered.
"""

import numpy as np
from scipy.ndimage import median_filter
from scipy.optimize import isotonic_regression
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata

BINS = 32
ROWS_PER_BIN = 10
GRID = 400  # values on so few steps are whole numbers, bands or answers, not a continuum
BANDS = 5  # so few different values are bands or answers: who chose them made the gaps, so the draws have them, too
KNOTS = 64  # per bin whose shape is kept
MANY, HEAPED = 0.05, 3  # of the rows are at the lowest value, and so many times as at the next: they have none

# So many of the rows on a value, and `HEAPED` times as many as on those near it, for so many values with even steps:
# people round.
ROUNDED, NEAR, FEWEST_STEPS = 0.01, 9, 4

Quantiles = tuple[np.ndarray, np.ndarray]  # probabilities and the values at them
Rounding = tuple[np.ndarray, np.ndarray]  # values that people round to, and the share of those near who do


def structureless(points: np.ndarray, draws: int, seed: int) -> tuple[np.ndarray, ...]:
    """Draw reference data.

    Parameters
    ----------
    points : array (rows, features)
    draws : int
        How many arrays of the same shape, mean and standard deviation per feature to draw.
    """
    rows, features = points.shape
    marginals = [_shape(column) for column in points.T]
    root = root_of(rank_correlation(points))
    spread, rng = points.std(axis=0), np.random.default_rng(seed)
    found, roundings = [], [_rounding(column) for column in points.T]
    for _ in range(draws):
        uniforms = ndtr(rng.standard_normal((rows, features)) @ root.T)
        drawn = np.column_stack([np.interp(u, *marginal) for u, marginal in zip(uniforms.T, marginals, strict=True)])
        for column, rounding in zip(drawn.T, roundings, strict=True):
            if rounding is not None:
                column[:] = _rounded(column, rounding, rng)
        own = drawn.std(axis=0)
        found.append((drawn - drawn.mean(axis=0)) / np.where(own > 0, own, 1) * spread + points.mean(axis=0))
    return tuple(found)


def rank_correlation(points: np.ndarray) -> np.ndarray:
    """Pearson's correlation of normal scores; a constant feature is correlated with nothing."""
    scores = ndtri((rankdata(points, axis=0) - 0.5) / len(points))
    spread = scores.std(axis=0)
    scores = (scores - scores.mean(axis=0)) / np.where(spread > 0, spread, 1)
    correlation: np.ndarray = scores.T @ scores / len(points)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def root_of(correlation: np.ndarray) -> np.ndarray:
    """A matrix R with R Rᵀ the correlations: R on independent normal numbers gives numbers so correlated."""
    values, vectors = np.linalg.eigh(correlation)
    root: np.ndarray = vectors * np.sqrt(np.maximum(values, 0))
    return root


def at_lowest(values: np.ndarray) -> float:
    """The share of the rows at the lowest value where this is a heap of its own, such as no balance; else 0."""
    grid = _grid(values)
    if grid is None:
        heap, following = np.count_nonzero(values == values.min()), 1.0
    else:
        heap, following = grid[1][0], grid[1][1] if len(grid[1]) > 1 else np.inf
    return float(heap / len(values)) if heap >= max(MANY * len(values), HEAPED * following) else 0.0


def _rounding(values: np.ndarray) -> Rounding | None:
    """The even steps that people round to, such as full tens, and the share near each who do; None if nobody does."""
    found, counts = np.unique(values, return_counts=True)
    heaps = counts >= np.maximum(ROUNDED * len(values), HEAPED * median_filter(counts, NEAR, mode="nearest"))
    steps = found[heaps]
    if len(steps) < FEWEST_STEPS:
        return None
    width = np.diff(steps).min()
    at = (steps - steps[0]) / width
    if np.abs(at - np.round(at)).max() > 1e-3:
        return None
    cell = np.abs(found[:, None] - steps).argmin(axis=1)
    return steps, counts[heaps] / np.bincount(cell, counts)


def _rounded(values: np.ndarray, rounding: Rounding, rng: np.random.Generator) -> np.ndarray:
    steps, shares = rounding
    cell = np.abs(values[:, None] - steps).argmin(axis=1)
    return np.where(rng.random(len(values)) < shares[cell], steps[cell], values)


def _shape(values: np.ndarray) -> Quantiles:
    """The quantile function of the structureless distribution nearest to the values': a heap of those who have none
    stays, as k-means would sell it everywhere, and the others get one mode.
    """
    share = at_lowest(values)
    if not share or share == 1:
        return _unimodal_quantiles(values)
    lowest = values.min()
    chances, others = _unimodal_quantiles(values[values > lowest])
    return np.concatenate([[0, share], share + (1 - share) * chances]), np.concatenate([[lowest] * 2, others])


def _unimodal_quantiles(values: np.ndarray) -> Quantiles:
    """The quantile function of the unimodal distribution nearest to the values'."""
    grid = _bands(values) or _grid(values)
    if grid is not None:
        levels, counts = grid
        cumulative = np.concatenate([[0], np.cumsum(_unimodal(counts, np.ones(len(counts))))])
        return np.repeat(cumulative / cumulative[-1], 2)[1:-1], np.repeat(levels, 2)
    edges = np.unique(np.quantile(values, _chances(len(values))))
    counts, widths = np.histogram(values, edges)[0], np.diff(edges)
    density = _unimodal(counts / widths, widths)
    cumulative = np.concatenate([[0], np.cumsum(density * widths)])
    kept = np.isclose(density * widths, counts)
    knots = [
        _inside(values, low, high) if same else np.array([low, high])
        for low, high, same in zip(edges[:-1], edges[1:], kept, strict=True)
    ]
    chances = [
        np.linspace(start, end, len(at)) for at, start, end in zip(knots, cumulative[:-1], cumulative[1:], strict=True)
    ]  # fmt: skip
    return np.concatenate(chances) / cumulative[-1], np.concatenate(knots)


def _chances(rows: int) -> np.ndarray:
    """Where to part the values into bins: evenly, and as finely as can be in both tails, where a small group hides."""
    bins = max(1, min(BINS, rows // ROWS_PER_BIN))
    tail = np.linspace(0, 1 / bins, max(1, rows // bins // ROWS_PER_BIN) + 1)
    return np.unique(np.round(np.concatenate([tail, np.linspace(0, 1, bins + 1), 1 - tail]), 9))


def _bands(values: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The few different values and how many lie on each; None where there are more."""
    found, counts = np.unique(values, return_counts=True)
    return (found, counts.astype(float)) if len(found) <= min(BANDS, len(values) // ROWS_PER_BIN) else None


def _grid(values: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The evenly spaced levels the values lie on and how many lie on each; None for a continuum."""
    found, counts = np.unique(values, return_counts=True)
    if len(found) < 2:
        return found, counts.astype(float)
    step = np.diff(found).min()
    at = (found - found[0]) / step
    if at[-1] > GRID or np.abs(at - np.round(at)).max() > 1e-3:
        return None
    whole = np.zeros(round(at[-1]) + 1)
    whole[np.round(at).astype(int)] = counts
    return found[0] + step * np.arange(len(whole)), whole


def _inside(values: np.ndarray, low: float, high: float) -> np.ndarray:
    inside: np.ndarray = np.quantile(values[(values >= low) & (values <= high)], np.linspace(0, 1, KNOTS))
    return inside


def _unimodal(density: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The nearest density, in weighted least squares, that rises to one mode and falls after it."""
    fits = [_with_mode(density, weights, mode) for mode in range(len(density))]
    return min(fits, key=lambda fit: float((weights * (fit - density) ** 2).sum()))


def _with_mode(density: np.ndarray, weights: np.ndarray, mode: int) -> np.ndarray:
    up = isotonic_regression(density[: mode + 1], weights=weights[: mode + 1]).x
    down = isotonic_regression(density[mode:], weights=weights[mode:], increasing=False).x
    return np.concatenate([up[:-1], [max(up[-1], down[0])], down[1:]])
