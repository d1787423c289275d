"""The features in which a segment differs most, in words with figures."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from core.figures import money, share
from core.labels import at_start, spelt
from core.schema import Column, in_sentence
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

    Their strength is the standardised difference of the means; a yes/no feature has the share of Yes. `everybody` has
    the mean of each feature among all of whom it is known, clustered or not; without it that of the clustered is given,
    and called so.
    """
    known = {column.name: column for column in columns}
    at = _row(segments, cluster)
    strongest = sorted(_features(segments, exclude), key=lambda name: -abs(at[f"{name}_z"]))[:STRONGEST]
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

    return [trait(name) for name in strongest]


def distance(segments: Segments, cluster: str, exclude: Collection[str] = ()) -> float:
    """How far the means of a segment are from everybody's: Euclidean, in their standard deviations."""
    at = _row(segments, cluster)
    return math.hypot(*(at[f"{name}_z"] for name in _features(segments, exclude)))


def _features(segments: Segments, exclude: Collection[str]) -> list[str]:
    return [name for name in segments.features if name not in exclude]


def _row(segments: Segments, cluster: str) -> Mapping[str, float]:
    at = segments.profile["cluster"].tolist().index(cluster)
    return {name: values.iat[at] for name, values in segments.profile.items()}
