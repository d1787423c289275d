"""What sets a segment apart, in words with figures."""

from collections.abc import Sequence

from core.schema import Column
from core.segments.profile import Segments

STRONGEST = 3


def apart(segments: Segments, cluster: str, columns: Sequence[Column]) -> list[str]:
    """The features in which a segment differs most from all clustered customers, strongest first.

    Each as `"Age 60.8 years (all: 40.3)"`, or `"Car ownership 90% (all: 52%)"`; the strength is the
    standardised difference of the means.
    """
    row = segments.profile.set_index("cluster").loc[cluster]
    known = {column.name: column for column in columns}
    strongest = sorted(segments.features, key=lambda name: -abs(row[f"{name}_z"]))[:STRONGEST]
    everybody = dict(zip(segments.features, segments.mean, strict=True))
    answers = {feature.name for feature in segments.details if feature.yes_no}
    forms = {name: "{:z.0%}".format if name in answers else _figure for name in strongest}
    units = {name: " years" if known[name].unit == "years" else "" for name in strongest}
    return [
        f"{known[name].label} {forms[name](row[name])}{units[name]} (all: {forms[name](everybody[name])})"
        for name in strongest
    ]


def _figure(value: float) -> str:
    if 0 < abs(value) < 0.1:
        return f"{value:.3g}"
    return f"{value:z,.0f}" if abs(value) >= 1000 else f"{value:z,.1f}"
