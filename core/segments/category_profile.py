"""What segments are like in their categories: shares of levels, and words for those that differ most."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.labels import spelt
from core.schema import YES_NO, Column, in_sentence
from core.segments.category_features import LEAST_KNOWN, CategoryFeature
from core.segments.effect_sizes import cohens_h

MOSTLY = 0.5  # share of a segment from which on most of its customers have a level
LONGEST = 30  # characters of a level in a name
PLAIN = 3  # letters from which on a level is a word that is understood without its category


@dataclass(frozen=True)
class Level:
    """A level of a category in a segment: its share there and among everybody, of those whose level is known."""

    category: CategoryFeature
    text: str
    here: float
    everybody: float

    @property
    def effect(self) -> float:
        """Cohen's h of the two shares."""
        return float(cohens_h(self.here, self.everybody))


def category_counts(
    codes: np.ndarray, within: np.ndarray, categories: Sequence[CategoryFeature], k: int
) -> tuple[np.ndarray, ...]:
    """By category how many customers of each segment have each level: (k, levels)."""
    found = []
    for code, category in zip(codes.T, categories, strict=True):
        size = len(category.levels)
        known = code >= 0
        at = within[known] * size + code[known]
        found.append(np.bincount(at, minlength=k * size).reshape(k, size))
    return tuple(found)


def level_shares(counts: np.ndarray) -> np.ndarray:
    """The share of each level among those of a segment whose level is known."""
    found: np.ndarray = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return found


def strongest_levels(
    categories: Sequence[CategoryFeature], counts: Sequence[np.ndarray], sizes: Sequence[int] | np.ndarray
) -> Iterator[list[Level]]:  # fmt: skip
    """For each segment the level of each category that differs most from everybody who is clustered.

    A category is left out of a segment, of `sizes` customers, where few of them have a known level: it says little of
    the others.
    """
    tables = [
        (category, level_shares(one), level_shares(one.sum(axis=0, keepdims=True))[0])
        for category, one in zip(categories, counts, strict=True)
    ]
    known = [one.sum(axis=1) for one in counts]
    for at, size in enumerate(sizes if counts else ()):
        yield [
            _strongest(category, here[at], everybody)
            for (category, here, everybody), having in zip(tables, known, strict=True)
            if having[at] >= LEAST_KNOWN * size
        ]


def _strongest(category: CategoryFeature, here: np.ndarray, everybody: np.ndarray) -> Level:
    levels = [
        Level(category, text, float(p), float(q)) for text, p, q in zip(category.levels, here, everybody, strict=True)
    ]
    if category.yes_no:  # a share of No mirrors that of Yes
        return next((one for one in levels if one.text == YES_NO[0]), levels[0])
    return max(levels, key=lambda one: round(one.effect, 9))


def in_words(level: Level, columns: Sequence[Column], categories: Sequence[CategoryFeature] = ()) -> str:
    """A trait for a segment's name: `"mostly Manufacturing"`, `"many Retail"`, `"car owner mostly yes"`.

    A level that another of the categories has as well is said with its own: `"mostly product size medium"`.
    """
    column = next((one for one in columns if one.name == level.category.name), None)
    label = spelt(in_sentence(column.name, column.label) if column else level.category.name)
    most = level.here >= MOSTLY
    if level.category.yes_no:
        if level.effect > 0:
            return (column and column.more) or f"{label} {'mostly' if most else 'more often'} yes"
        return (column and column.less) or f"{label} {'less often yes' if most else 'mostly no'}"
    plain = len(level.text) >= PLAIN and not any(mark.isdigit() for mark in level.text)
    shared = any(level.text in one.levels for one in categories if one.name != level.category.name)
    short = level.text if len(level.text) <= LONGEST else f"{level.text[: LONGEST - 1].rstrip()}…"
    text = short if plain and not shared else f"{label} {short}"
    return f"{'mostly' if most else 'many'} {text}"


def shares_sheet(categories: Sequence[CategoryFeature], counts: Sequence[np.ndarray]) -> pd.DataFrame:
    """A column per level with its share in each segment, `"industry: Manufacturing"`, for the table of segments."""
    columns = {
        f"{category.name}: {level}": share
        for category, one in zip(categories, counts, strict=True)
        for level, share in zip(category.levels, level_shares(one).T, strict=True)
    }
    return pd.DataFrame(columns)
