"""The features in which a segment differs most, in words with figures."""

from collections.abc import Collection, Mapping, Sequence

from core.figures import money, share
from core.schema import Column
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

    Each as `"Age 60.8 years (all: 40.3)"`, or `"Car ownership 90% (all: 52%)"`; the strength is the
    standardised difference of the means. `everybody` has the mean of each feature among all of whom it is known,
    clustered or not; without it that of the clustered is given, and called so.
    """
    at = segments.profile["cluster"].tolist().index(cluster)
    row = {name: values.iat[at] for name, values in segments.profile.items()}
    known = {column.name: column for column in columns}
    named = [name for name in segments.features if name not in exclude]
    strongest = sorted(named, key=lambda name: -abs(row[f"{name}_z"]))[:STRONGEST]
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

    return [
        f"{known[name].label} {figure(name, row[name])}{' years' if known[name].unit == 'years' else ''} "
        f"({whole(name)})"
        for name in strongest
    ]
