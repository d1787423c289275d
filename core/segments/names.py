"""Names of segments, made from their largest differences."""

from collections.abc import Sequence

import numpy as np

from core.labels import spelt
from core.schema import Column

# A mean this many standard deviations from everybody's is worth a word; Cohen calls 0.2 small, 0.5 medium.
NOTABLE = 0.4
SLIGHT = 0.2  # enough for a third word where two segments have the same name
TRAITS = 2
MATERIAL = 0.05  # of the larger of two means, or of all customers of a share: less is nothing to act on


def names_of(
    z: np.ndarray, features: Sequence[str], columns: Sequence[Column], further: Sequence[Sequence[tuple[float, str]]]
) -> list[str]:
    """Up to two notable differences, largest first (`Older · high valuation`); a slight third where names agree.

    `z` (k, features) has the standardised differences of the means; `further` by segment more traits, by their size.
    """
    words = {column.name: _words(column) for column in columns}
    rows = [
        sorted([*_traits(one, features, words), *more], key=lambda trait: -trait[0])
        for one, more in zip(z, further, strict=True)
    ]
    names = [_join(traits[:TRAITS], NOTABLE) for traits in rows]
    said = [frozenset(name.casefold().split(" · ")) for name in names]
    names = [_join(row[: TRAITS + 1], SLIGHT) if said.count(one) > 1 else name
             for row, one, name in zip(rows, said, names, strict=True)]  # fmt: skip
    return [f"{name} ({i + 1})" if names.count(name) > 1 else name for i, name in enumerate(names)]


def material(here: np.ndarray, whole: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Whether means, or `shares`, differ from everybody's in their own unit, and so are worth a word."""
    larger = np.where(shares, 1.0, np.maximum(np.abs(here), np.abs(whole)))
    differ: np.ndarray = np.abs(here - whole) >= MATERIAL * larger
    return differ


def _words(column: Column) -> tuple[str, str]:
    label = spelt(column.label)
    return (column.less or f"low {label}", column.more or f"high {label}")


def _traits(z: np.ndarray, features: Sequence[str], words: dict[str, tuple[str, str]]) -> list[tuple[float, str]]:
    strongest_first = np.argsort(-np.abs(z), kind="stable")
    return [(abs(z[i]), words[features[i]][int(z[i] > 0)]) for i in strongest_first]


def _join(traits: list[tuple[float, str]], least: float) -> str:
    text = " · ".join(word for size, word in traits if size >= least)
    return text[:1].upper() + text[1:] if text else "Close to the average"
