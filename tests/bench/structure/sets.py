"""The sets of data by family: those that bounds were chosen on, those they were not, and noise."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from tests.bench.structure import noise, shapes
from tests.bench.structure.mixtures import mixture


@dataclass(frozen=True)
class Set:
    """Points (rows, features), how many groups they have, None without any, and the most that are tried."""

    name: str
    points: np.ndarray
    k: int | None
    most: int


def _drawn(kinds: dict[str, tuple[noise.Draw, int | None]], first: int, seeds: int, rows: int) -> Iterator[Set]:
    for name, (draw, k) in kinds.items():
        for seed in range(first, first + (1 if name in shapes.REAL else seeds)):
            points = draw(np.random.default_rng([first, seed]), rows)
            yield Set(f"{name}, seed {seed}", points, k, 8 if not k or k <= 6 else 12 if k <= 9 else min(30, k + 5))


def _mixtures(first: int, seeds: int, rows: int) -> Iterator[Set]:
    for seed in range(first, first + seeds * MIXTURES):
        points, k = mixture(np.random.default_rng([first, seed]), rows)
        yield Set(f"mixture {seed}", points, k, 8)


def _without(kinds: dict[str, noise.Draw]) -> dict[str, tuple[noise.Draw, int | None]]:
    return {name: (draw, None) for name, draw in kinds.items()}


MIXTURES: Final = 30  # for each seed that is asked for
FAMILIES: Final[dict[str, Callable[[int, int], Iterator[Set]]]] = {  # of seeds and rows
    "shapes, for tuning": partial(_drawn, shapes.TUNING, 0),
    "mixtures, for tuning": partial(_mixtures, 0),
    "shapes, held out": partial(_drawn, shapes.HELD_OUT, 1000),
    "mixtures, held out": partial(_mixtures, 1000),
    "noise": partial(_drawn, _without(noise.EASY), 0),
    "noise, held out": partial(_drawn, _without(noise.EASY), 1000),
    "harder noise": partial(_drawn, _without(noise.HARDER), 0),
    "harder noise, held out": partial(_drawn, _without(noise.HARDER), 1000),
}
