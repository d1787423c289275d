"""One colour per cluster on every visual, on light and dark backgrounds alike."""

from collections.abc import Iterable

from core.schema import NOT_CLUSTERED, OUTLIERS

# Twelve hues with a name each, at 2.2 : 1 or more on white and on the dark theme; the first six, which
# most dashboards need, stay apart for protan and deutan eyes too (Machado 2009).
CLUSTER_COLOURS = (
    "#2f7ed8", "#1a9e89", "#d99a1c", "#d1553a", "#a0358e", "#47b4ea",
    "#4747ea", "#c0154e", "#bca475", "#7d9a1f", "#e58fc0", "#8a5a34",
)  # fmt: skip
GREY = "#aab3bd"
NEUTRAL = {OUTLIERS: "#6b7580", NOT_CLUSTERED: GREY}  # groups that are no segments
LIGHT_INK, DARK_INK = "#ffffff", "#14202b"
DARK_INK_LUMINANCE = 0.0636  # relative luminance of DARK_INK, plus the 0.05 of the contrast formula


def colour(cluster: str) -> str:
    """The colour of a cluster label; a grey for the outliers and the customers who are not clustered."""
    return NEUTRAL.get(cluster) or CLUSTER_COLOURS[(int(cluster) - 1) % len(CLUSTER_COLOURS)]


def colours(clusters: Iterable[str]) -> list[str]:
    """The colours of several labels, in their order."""
    return [colour(cluster) for cluster in clusters]


def by_label(clusters: Iterable[str]) -> dict[str, str]:
    """Label → colour, as a model keeps it."""
    return {cluster: colour(cluster) for cluster in clusters}


def ink_on(background: str) -> str:
    """The text colour with the higher contrast (WCAG 2 relative luminance) on a background."""
    channels = (int(background[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return LIGHT_INK if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / DARK_INK_LUMINANCE else DARK_INK
