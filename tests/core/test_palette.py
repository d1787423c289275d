"""One colour per cluster, distinct, legible on both themes, the same as the theme's own."""

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import core
from core.schema import NOT_CLUSTERED, OUTLIERS
from core.views.palette import CLUSTER_COLOURS, GREY, INK, NEUTRAL, PAIR, colour, colours, ink_on
from core.views.shares import SHADES

THEME = tomllib.loads((Path(core.__file__).parents[1] / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]


def linear(hex_colour):
    """Red, green and blue without the sRGB transfer curve, as WCAG 2.2 and CIE want them."""
    channels = np.array([int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(hex_colour):
    return linear(hex_colour) @ [0.2126, 0.7152, 0.0722]


def lab(channels):
    """CIELAB under D65 (IEC 61966-2-1) of linear red, green and blue."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ channels / [0.9505, 1, 1.089]
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


# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009:
# the whole loss of a kind of cone, on linear RGB.
EYES = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def difference(one, other):
    """CIEDE2000 between two colours in CIELAB (Sharma, Wu and Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1 + 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25.0**7)))
    c1, c2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    h1, h2 = (np.degrees(np.arctan2(b, stretch * a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = (h2 - h1 + 180) % 360 - 180
    hue, light, chroma = (h1 + turn / 2) % 360, (l1 + l2) / 2, (c1 + c2) / 2
    wave = 1 - 0.17 * cos(hue - 30) + 0.24 * cos(2 * hue) + 0.32 * cos(3 * hue + 6) - 0.2 * cos(4 * hue - 63)
    parts = (
        (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)),
        (c2 - c1) / (1 + 0.045 * chroma),
        2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * chroma * wave),
    )
    twist = np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2)))
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(twist)
    return np.sqrt(sum(part**2 for part in parts) + rotation * parts[1] * parts[2])


def cos(degrees):
    return np.cos(np.radians(degrees))


def least_difference(several, eyes):
    seen = [lab(np.clip(np.array(EYES[eyes]) @ linear(one), 0, 1)) for one in several]
    return min(difference(one, other) for one, other in combinations(seen, 2))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # of the test data that Sharma, Wu and Dalal publish
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ],
)
def test_the_difference_of_colours_is_that_of_the_published_examples(one, other, expected):
    assert difference(one, other) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("eyes", EYES)
def test_all_colours_can_be_told_apart_by_all_eyes(eyes):
    """1 is just noticeable side by side; marks stand apart and are small."""
    assert least_difference(CLUSTER_COLOURS, eyes) >= 9
    assert least_difference(CLUSTER_COLOURS[:6], eyes) >= 13
    assert least_difference(PAIR, eyes) >= 15


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
@pytest.mark.parametrize("one", [*CLUSTER_COLOURS, *NEUTRAL.values(), *PAIR])
def test_every_mark_stands_out_on_both_themes(one, theme):
    assert contrast(one, THEME[theme]["backgroundColor"]) >= 3


@pytest.mark.parametrize("background", [*CLUSTER_COLOURS, *PAIR, "#000000", "#ffffff"])
def test_ink_on_a_mark_is_legible(background):
    assert contrast(ink_on(background), background) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_legible_on_the_page_in_charts_and_in_captions(theme):
    """Streamlit writes captions in 60 % of the colour of text."""
    for surface in (THEME[theme], THEME[theme]["sidebar"]):
        for background in (surface["backgroundColor"], surface["secondaryBackgroundColor"]):
            assert contrast(INK[theme], background) >= 4.5
            assert contrast(blended(THEME[theme]["textColor"], background, 0.6), background) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("opacity", SHADES)
def test_the_shares_in_a_table_in_shades_are_legible(theme, opacity):
    cell = blended(PAIR[0], THEME[theme]["backgroundColor"], opacity)
    assert contrast(INK[theme], cell) >= 4.5


def blended(colour, background, opacity):
    both = zip(*([int(one[i : i + 2], 16) for i in (1, 3, 5)] for one in (colour, background)), strict=True)
    return "#" + "".join(f"{round(opacity * top + (1 - opacity) * below):02x}" for top, below in both)
