"""Segments as latent classes: in each, every number is normal and every category has its own shares of levels."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, pi
from typing import Any, Final

import numpy as np

from core.segments.sql_text import literal

BLOCK: Final = 8_192  # points at a time: they stay in the processor's cache


@dataclass(frozen=True)
class MixtureClustering:
    """Each point belongs to the class that it is likeliest of, the first of those equally likely.

    A point has its standardised numbers first, then the code of its level in each category; a code below 0 is no level,
    and says nothing.

    Parameters
    ----------
    means, deviations : array (k, numbers)
        In standardised units.
    weights : array (k,)
        The share of the customers in each class.
    chances : tuple of array (k, levels)
        By category the probability of each level in each class.
    """

    means: np.ndarray
    deviations: np.ndarray
    weights: np.ndarray
    chances: tuple[np.ndarray, ...]
    method: str = "latent"
    sql_note: str = (
        "latent class model: the class of the lowest negative log-likelihood, which is summed feature by feature"
    )

    @cached_property
    def _constants(self) -> np.ndarray:
        found: np.ndarray = np.log(self.deviations).sum(axis=1) - np.log(self.weights)
        return found

    @cached_property
    def _halves(self) -> np.ndarray:
        return 1 / (2 * self.deviations**2)

    @cached_property
    def _surprises(self) -> tuple[np.ndarray, ...]:
        """By category the cost of each level in each class: (k, levels + 1), the last for no level."""
        return tuple(np.hstack([-np.log(chance), np.zeros((len(chance), 1))]) for chance in self.chances)

    def costs(self, points: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        """Some points at a time, the negative log-likelihood in each class: (k, points), but for a constant.

        Terms are added feature by feature, so that a database that does the same gets the same bits.
        """
        numbers = self.means.shape[1]
        for begin in range(0, len(points), BLOCK):
            block = slice(begin, begin + BLOCK)
            columns = np.ascontiguousarray(points[block].T)
            codes = columns[numbers:].astype("int64")
            found = np.empty((len(self.means), columns.shape[1]))
            for at, total in enumerate(found):
                total[:] = self._constants[at]
                for column, mean, half in zip(columns[:numbers], self.means[at], self._halves[at], strict=True):
                    away = column - mean
                    away *= away
                    away *= half
                    total += away
                for code, surprise in zip(codes, self._surprises, strict=True):
                    total += surprise[at].take(code)
            yield block, found

    def _by_point(self, points: np.ndarray, answer: Callable[[np.ndarray], np.ndarray], kind: str) -> np.ndarray:
        found = np.zeros(len(points), kind)
        for block, costs in self.costs(points):
            found[block] = answer(costs)
        return found

    def assign(self, points: np.ndarray) -> np.ndarray:
        """`Clustering.assign`."""
        return self._by_point(points, lambda costs: costs.argmin(axis=0), "int64")

    def margins(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """`GivesMargin.margins`: the margin is the posterior probability of the likeliest class."""
        second, margins = np.full(len(points), -1), np.ones(len(points))
        for block, costs in self.costs(points):
            first, every = costs.argmin(axis=0), np.arange(costs.shape[1])
            margins[block] = 1 / np.exp(costs[first, every] - costs).sum(axis=0)
            if len(costs) > 1:
                costs[first, every] = np.inf
                second[block] = costs.argmin(axis=0)
        return second, margins

    @property
    def parameters(self) -> int:
        """How many of its numbers are free: the weights add up to 1, and so do the chances of a category's levels."""
        k, numbers = self.means.shape
        return int(k - 1 + k * (2 * numbers + sum(chance.shape[1] - 1 for chance in self.chances)))

    def bic(self, points: np.ndarray, weights: np.ndarray) -> float:
        """`GivesBic.bic`, of the numbers' density in standardised units."""
        likelihood, customers = 0.0, float(weights.sum())
        for block, costs in self.costs(points):
            least = costs.min(axis=0)
            likelihood += float(weights[block] @ (np.log(np.exp(least - costs).sum(axis=0)) - least))
        likelihood -= customers * self.means.shape[1] * log(2 * pi) / 2  # the constant that `costs` leave out
        return float(self.parameters * log(customers) - 2 * likelihood)

    def reordered(self, order: np.ndarray) -> "MixtureClustering":
        """`Clustering.reordered`."""
        return MixtureClustering(
            self.means[order], self.deviations[order], self.weights[order], tuple(one[order] for one in self.chances)
        )

    def to_dict(self) -> dict[str, Any]:
        """`Clustering.to_dict`."""
        return {
            "segments": [
                {
                    "mean": self.means[at].tolist(),
                    "deviation": self.deviations[at].tolist(),
                    "weight": float(weight),
                    "chances": [chance[at].tolist() for chance in self.chances],
                }
                for at, weight in enumerate(self.weights)
            ]
        }

    def sql_costs(self, values: Sequence[str]) -> list[str]:
        """`WritesSql.sql_costs`: `costs`, in the same arithmetic; a category's value is the code of its level."""
        numbers = self.means.shape[1]
        return [
            " + ".join([
                literal(self._constants[at]),
                *(
                    f"({z} - {literal(mean)}) * ({z} - {literal(mean)}) * {literal(half)}"
                    for z, mean, half in zip(values[:numbers], self.means[at], self._halves[at], strict=True)
                ),
                *(
                    _case(name, surprise[at])
                    for name, surprise in zip(values[numbers:], self._surprises, strict=True)
                ),
            ])
            for at in range(len(self.means))
        ]  # fmt: skip


def _case(name: str, surprises: np.ndarray) -> str:
    *levels, other = surprises
    cases = " ".join(f"WHEN {code} THEN {literal(cost)}" for code, cost in enumerate(levels))
    return f"CASE {name} {cases} ELSE {literal(other)} END"
