"""One colour per cluster, distinct, legible on both themes, the same as the theme's own."""

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import core
from core.schema import NOT_CLUSTERED, OUTLIERS
from core.views.palette import CLUSTER_COLOURS, DARK_INK, GREY, LIGHT_INK, NEUTRAL, colour, colours, ink_on

THEME = tomllib.loads((Path(core.__file__).parents[1] / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]


def linear(hex_colour):
    """Red, green and blue without the sRGB transfer curve, as WCAG 2.2 and CIE want them."""
    channels = np.array([int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(hex_colour):
    return linear(hex_colour) @ [0.2126, 0.7152, 0.0722]


def lab(hex_colour):
    """CIELAB under D65 (IEC 61966-2-1)."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ linear(hex_colour) / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_the_theme_has_the_colours_of_the_clusters():
    assert THEME["chartCategoricalColors"] == list(CLUSTER_COLOURS)


def test_each_of_twelve_clusters_has_its_own_colour():
    assert colours(map(str, range(1, 13))) == list(CLUSTER_COLOURS)
    assert len({*CLUSTER_COLOURS, GREY}) == 13


def test_no_two_colours_are_nearly_alike():
    """A CIELAB distance of 2.3 is just noticeable side by side; marks stand apart and are small."""
    places = [lab(one) for one in (*CLUSTER_COLOURS, *NEUTRAL.values())]
    assert min(np.linalg.norm(one - other) for one, other in combinations(places, 2)) > 20


@pytest.mark.parametrize(
    ("cluster", "expected"),
    [
        ("1", CLUSTER_COLOURS[0]),
        ("12", CLUSTER_COLOURS[11]),
        ("13", CLUSTER_COLOURS[0]),
        (NOT_CLUSTERED, GREY),
        (OUTLIERS, NEUTRAL[OUTLIERS]),
    ],
)
def test_a_cluster_has_the_colour_of_its_number(cluster, expected):
    assert colour(cluster) == expected


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("one", CLUSTER_COLOURS)
def test_every_colour_stands_out_on_both_themes(one, theme):
    assert contrast(one, THEME[theme]["backgroundColor"]) >= 2.3


@pytest.mark.parametrize("background", [*CLUSTER_COLOURS, GREY, "#000000", "#ffffff"])
def test_ink_has_the_higher_contrast_of_the_two(background):
    assert ink_on(background) == max((LIGHT_INK, DARK_INK), key=lambda ink: contrast(ink, background))
