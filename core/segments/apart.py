"""What sets a segment apart, in words with figures."""

from collections.abc import Sequence

from core.schema import Column
from core.segments.profile import Segments

STRONGEST = 3


def apart(segments: Segments, cluster: str, columns: Sequence[Column]) -> list[str]:
    """The features in which a segment differs most from all clustered customers, strongest first.

    Each as `"Age 60.8 years (all: 40.3)"`; the strength is the standardised difference of the means.
    """
    row = segments.profile.set_index("cluster").loc[cluster]
    known = {column.name: column for column in columns}
    strongest = sorted(segments.features, key=lambda name: -abs(row[f"{name}_z"]))[:STRONGEST]
    everybody = dict(zip(segments.features, segments.mean, strict=True))
    return [
        f"{known[name].label} {_figure(row[name], known[name])} (all: {_figure(everybody[name])})" for name in strongest
    ]


def _figure(value: float, column: Column | None = None) -> str:
    figure = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.1f}"
    return f"{figure} {column.unit}" if column and column.unit == "years" else figure
