"""The features in which a segment differs most, in words with figures."""

from collections.abc import Collection, Mapping, Sequence

from core.figures import money, share
from core.schema import YES_NO, Column
from core.segments.category_profile import Level
from core.segments.profile import Segments

STRONGEST = 3
NOISE = 1e-6  # standard deviations: what rounding leaves of a mean of 0


def distinguishing_traits(
    segments: Segments,
    cluster: str,
    columns: Sequence[Column],
    exclude: Collection[str] = (),
    *,
    everybody: Mapping[str, float],
) -> list[str]:
    """The features in which a segment differs most from all clustered customers, strongest first, `exclude` aside.

    Each as `"Age 60.8 years (all: 40.3)"`, `"Car ownership 90% (all: 52%)"` or `"Industry Retail 63% (all: 12%)"`; the
    strength is the standardised difference of the means, or Cohen's h of the shares. `everybody` has the mean of each
    number among all of whom it is known, clustered or not; without it that of the clustered is given, and called so.
    """
    at = segments.profile["cluster"].tolist().index(cluster)
    row = {name: values.iat[at] for name, values in segments.profile.items()}
    known = {column.name: column for column in columns}
    named = [name for name in segments.features if name not in exclude]
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

    traits = [
        (
            abs(row[f"{name}_z"]),
            f"{known[name].label} {figure(name, row[name])}{' years' if known[name].unit == 'years' else ''} "
            f"({whole(name)})",
        )
        for name in named
    ]
    levels = [one for one in segments.strongest_levels(cluster) if one.category.name not in exclude]
    traits += [(abs(one.effect), _share(one, known, segments)) for one in levels]
    return [text for _, text in sorted(traits, key=lambda trait: -trait[0])[:STRONGEST]]


def _share(level: Level, known: Mapping[str, Column], segments: Segments) -> str:
    name = level.category.name
    label = known[name].label if name in known else name
    text = "" if level.category.yes_no and level.text == YES_NO[0] else f" {level.text}"
    whole = "clustered" if segments.not_clustered or segments.outliers else "all"
    return f"{label}{text} {share(level.here, 0)} ({whole}: {share(level.everybody, 0)})"
