"""One colour per cluster on every visual, on light and dark backgrounds alike."""

from collections.abc import Iterable

from core.schema import NOT_CLUSTERED, OUTLIERS

# Twelve colours at 3 : 1 or more on white and on the dark theme (WCAG 1.4.11), found by search: the least difference
# of two (CIEDE2000) was made as large as can be for normal, protan, deutan and tritan eyes (Machado and others 2009).
# It is 9 among the twelve, and 13 among the first six, which most dashboards need. A test computes both.
CLUSTER_COLOURS = (
    "#0066ee", "#119977", "#cc7700", "#bb3311", "#885588", "#aa88aa",
    "#007766", "#666644", "#8888ee", "#cc00bb", "#889955", "#ff4488",
)  # fmt: skip
GREY = "#7a8794"
NEUTRAL = {OUTLIERS: "#6b7885", NOT_CLUSTERED: GREY}  # groups that are no segments: charts draw them hollow
PAIR = ("#536577", "#86929e")  # two ends of one thing, in no segment's colour
LIGHT_INK, DARK_INK = "#ffffff", "#000000"  # only black and white reach 4.5 : 1 on every colour between them
DARK_INK_LUMINANCE = 0.05  # relative luminance of DARK_INK, plus the 0.05 of the contrast formula
# Text in a chart, which does not follow the theme by itself.
INK = {"light": "#3c4a58", "dark": "#c9d3dd"}


def colour(cluster: str) -> str:
    """The colour of a cluster label; a grey for the outliers and the customers who are not clustered."""
    return NEUTRAL.get(cluster) or CLUSTER_COLOURS[(int(cluster) - 1) % len(CLUSTER_COLOURS)]


def colours(clusters: Iterable[str]) -> list[str]:
    """The colours of several labels, in their order."""
    return [colour(cluster) for cluster in clusters]


def by_label(clusters: Iterable[str]) -> dict[str, str]:
    """Label → colour, as a model keeps it."""
    return {cluster: colour(cluster) for cluster in clusters}


def ink_of(cluster: str) -> str:
    """The colour of a text on a mark of a label; empty on a hollow one, for the colour of all text."""
    return "" if cluster in NEUTRAL else ink_on(colour(cluster))


def ink_on(background: str) -> str:
    """The text colour with the higher contrast (WCAG 2 relative luminance) on a background."""
    channels = (int(background[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return LIGHT_INK if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / DARK_INK_LUMINANCE else DARK_INK
