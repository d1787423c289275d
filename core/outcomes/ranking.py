"""Whether contacting some segments first would have beaten contacting at random: Qini curve and RATE."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd

from core.outcomes.effects import LEVEL
from core.outcomes.trial import ARM, SEGMENT, Trial

FOLDS: Final = 2
LEAST: Final = 20  # customers of a segment in an arm: ten in each half, whose spread is needed
SHARES: Final = np.linspace(0, 1, 41)  # points of the curve


@dataclass(frozen=True)
class Rate:
    """A rank-weighted average effect per customer, with its interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Ranking:
    """The gain from contacting segments in the order of their uplift.

    `curve` has share of the customers contacted, `gain` and `random`: what it adds per customer of the campaign, in the
    order of the segments and at random. `qini` is the area between the two and `autoc` the one that weighs the first
    customers more (Yadlowsky and others, "Evaluating treatment prioritization rules via rank-weighted average
    treatment effects", 2021). `left_out` are segments with too few customers in an arm.
    """

    curve: pd.DataFrame
    qini: Rate
    autoc: Rate
    left_out: tuple[str, ...] = ()


def rank_segments(trial: Trial, measure: str, arm: str, level: float = LEVEL) -> Ranking | None:
    """Order the segments by their uplift and count what that would have brought; None with fewer than two segments.

    The order is made for each half of the customers from the other half, so that nobody's outcome helps to rank their
    own segment (cross-fitting), and the curves of the halves are averaged (Qini: Radcliffe, "Using control groups to
    target on predicted lift", 2007). Effects are those of the segments, weighted by their customers, so that segments
    of which another share was held out do no harm. Within a half the area is a weighted sum of means, whose variances
    add up, as order and sizes are given there. The two halves go up and down together, since each is weighed by the
    order of the other: the error of their mean is taken as the mean of their errors, which can be no less.
    """
    cells, left_out = _cells(trial, measure, arm)
    if cells is None:
        return None
    n, mean, variance = cells  # fold × segment × (control, arm)
    sizes = n.sum(axis=2)
    gains = list[np.ndarray]()
    areas: dict[str, list[tuple[float, float]]] = {"qini": [], "autoc": []}
    for fold in range(FOLDS):
        order = np.argsort(-_uplift_without(n, mean, fold), kind="stable")
        effect = (mean[fold, :, 1] - mean[fold, :, 0])[order]
        error = (variance[fold] / n[fold]).sum(axis=1)[order]
        part = sizes[fold, order] / sizes[fold].sum()
        ends = np.r_[0.0, np.cumsum(part)]
        gains.append(np.interp(SHARES, ends, np.r_[0.0, np.cumsum(part * effect)]))
        for name, weight in (("qini", _qini_weights(ends)), ("autoc", _autoc_weights(ends))):
            areas[name].append((float((part * weight * effect).sum()), float(((part * weight) ** 2 * error).sum())))
    gain = np.mean(gains, axis=0)
    curve = pd.DataFrame({"share": SHARES, "gain": gain, "random": SHARES * gain[-1]})
    return Ranking(curve, _rate(areas["qini"], level), _rate(areas["autoc"], level), left_out)


def _cells(
    trial: Trial, measure: str, arm: str
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray] | None, tuple[str, ...]]:  # fmt: skip
    """Customers, mean and variance by fold, segment and side; without segments that have too few customers."""
    customers = trial.customers
    inside = customers[ARM].isin([arm, trial.control]).to_numpy(bool)
    segment = customers[SEGMENT].cat.codes.to_numpy()[inside]
    side = customers[ARM].eq(arm).to_numpy(bool)[inside].astype("int64")
    values = customers[measure].to_numpy("float64")[inside]
    k = len(trial.segments)
    sizes = np.bincount(segment * 2 + side, minlength=2 * k).reshape(k, 2)
    enough = sizes.min(axis=1) >= LEAST
    left_out = tuple(name for name, kept in zip(trial.segments, enough, strict=True) if not kept)
    if enough.sum() < 2:
        return None, left_out
    cell = (_folds(segment * 2 + side) * k + segment) * 2 + side
    n = np.bincount(cell, minlength=FOLDS * k * 2)
    mean = np.bincount(cell, values, minlength=n.size) / np.maximum(n, 1)
    squares = np.bincount(cell, (values - mean[cell]) ** 2, minlength=n.size)
    variance = squares / np.maximum(n - 1, 1)
    found = [array.reshape(FOLDS, k, 2)[:, enough] for array in (n.astype("float64"), mean, variance)]
    return (found[0], found[1], found[2]), left_out


def _folds(groups: np.ndarray) -> np.ndarray:
    """The fold of each customer: even in every group, and by nothing that a file may be sorted by."""
    shuffled = np.random.default_rng(0).permutation(len(groups))
    order = shuffled[np.argsort(groups[shuffled], kind="stable")]
    starts = np.searchsorted(groups[order], groups[order])
    fold = np.empty(len(groups), "int64")
    fold[order] = (np.arange(len(groups)) - starts) % FOLDS
    return fold


def _uplift_without(n: np.ndarray, mean: np.ndarray, fold: int) -> np.ndarray:
    """The uplift of each segment in all folds but one."""
    others = np.arange(len(n)) != fold
    means = (n * mean)[others].sum(axis=0) / n[others].sum(axis=0)
    uplift: np.ndarray = means[:, 1] - means[:, 0]
    return uplift


def _qini_weights(ends: np.ndarray) -> np.ndarray:
    """½ less the middle of each segment on the curve: summed with its gain, the area above the line of chance."""
    weights: np.ndarray = 0.5 - (ends[:-1] + ends[1:]) / 2
    return weights


def _autoc_weights(ends: np.ndarray) -> np.ndarray:
    """The mean of −ln(place) − 1 over each segment's places, the weight of AUTOC."""
    whole = ends * (1 - np.log(np.where(ends > 0, ends, 1.0)))  # the integral of −ln
    width = np.diff(ends)
    weights: np.ndarray = np.diff(whole) / np.where(width > 0, width, 1.0) - 1
    return weights


def _rate(parts: list[tuple[float, float]], level: float) -> Rate:
    estimates, variances = np.array(parts).T
    error = float(np.sqrt(variances).mean())
    half = NormalDist().inv_cdf(1 - level / 2) * error
    estimate = float(estimates.mean())
    return Rate(estimate, estimate - half, estimate + half)
