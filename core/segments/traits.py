"""The features in which a segment differs most, in words with figures."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from core.figures import money, share
from core.labels import at_start, spelt
from core.schema import YES_NO, Column, in_sentence
from core.segments.category_profile import Level
from core.segments.profile import Segments

STRONGEST = 3
NOISE = 1e-6  # standard deviations: what rounding leaves of a mean of 0


class Trait(NamedTuple):
    """A feature of a segment: its label at the start of a sentence and within one, its mean there and of all."""

    label: str
    word: str
    here: str
    whole: str

    @property
    def text(self) -> str:
        """`"Age 60.8 years (all: 40.3)"`."""
        return f"{self.label} {self.here} ({self.whole})"

    @property
    def within(self) -> str:
        """The same within a sentence: `"age 60.8 years (all: 40.3)"`."""
        return f"{self.word} {self.here} ({self.whole})"


def distinguishing_traits(
    segments: Segments,
    cluster: str,
    columns: Sequence[Column],
    exclude: Collection[str] = (),
    *,
    everybody: Mapping[str, float],
) -> list[str]:
    """The traits (`traits`) as texts."""
    return [trait.text for trait in traits(segments, cluster, columns, exclude, everybody=everybody)]


def traits(
    segments: Segments,
    cluster: str,
    columns: Sequence[Column],
    exclude: Collection[str] = (),
    *,
    everybody: Mapping[str, float],
) -> list[Trait]:
    """The features in which a segment differs most from all clustered customers, strongest first, `exclude` aside.

    Their strength is the standardised difference of the means, or Cohen's h of the shares of a category's level; a
    yes/no feature has the share of Yes. `everybody` has the mean of each number among all of whom it is known,
    clustered or not; without it that of the clustered is given, and called so.
    """
    known = {column.name: column for column in columns}
    at = _row(segments, cluster)
    clustered = dict(zip(segments.features, segments.mean, strict=True))
    spread = dict(zip(segments.features, segments.scale, strict=True))
    answers = {feature.name for feature in segments.feature_specs if feature.yes_no}

    def figure(name: str, value: float) -> str:
        rounded = value if abs(value) > NOISE * spread[name] else 0.0
        return share(value, 0) if name in answers else money(rounded, known[name].sign, 1)

    def whole(name: str) -> str:
        if name in everybody:
            return f"all: {figure(name, everybody[name])}"
        return f"clustered: {figure(name, clustered[name])}"

    def trait(name: str) -> Trait:
        column, unit = known[name], " years" if known[name].unit == "years" else ""
        word = spelt(in_sentence(name, column.label))
        return Trait(at_start(column.label), word, f"{figure(name, at[name])}{unit}", whole(name))

    found = [(abs(at[f"{name}_z"]), trait(name)) for name in _features(segments, exclude)]
    found += [(abs(one.effect), _of_level(one, known, segments)) for one in _levels(segments, cluster, exclude)]
    return [one for _, one in sorted(found, key=lambda each: -each[0])[:STRONGEST]]


def _of_level(level: Level, known: Mapping[str, Column], segments: Segments) -> Trait:
    name = level.category.name
    label = known[name].label if name in known else name
    text = "" if level.category.yes_no and level.text == YES_NO[0] else f" {level.text}"
    whole = "clustered" if segments.not_clustered or segments.outliers else "all"
    word = spelt(in_sentence(name, label))
    return Trait(
        at_start(label) + text, word + text, share(level.here, 0), f"{whole}: {share(level.everybody, 0)}"
    )  # fmt: skip


def distance(segments: Segments, cluster: str, exclude: Collection[str] = ()) -> float:
    """How far a segment is from everybody: Euclidean, of the means in their standard deviations and of Cohen's h."""
    at = _row(segments, cluster)
    levels = (one.effect for one in _levels(segments, cluster, exclude))
    return math.hypot(*(at[f"{name}_z"] for name in _features(segments, exclude)), *levels)


def _features(segments: Segments, exclude: Collection[str]) -> list[str]:
    return [name for name in segments.features if name not in exclude]


def _levels(segments: Segments, cluster: str, exclude: Collection[str]) -> list[Level]:
    return [one for one in segments.strongest_levels(cluster) if one.category.name not in exclude]


def _row(segments: Segments, cluster: str) -> Mapping[str, float]:
    at = segments.profile["cluster"].tolist().index(cluster)
    return {name: values.iat[at] for name, values in segments.profile.items()}
