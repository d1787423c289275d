"""Texts of the data in charts: whatever a header or a category says, the chart is drawn, and says it."""

import xml.etree.ElementTree as ET
from functools import cache

import altair as alt
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.schema import CLUSTER
from core.views import charts
from core.views.campaigns import selection_rates
from core.views.chart_text import EXPRESSIONS, LONGEST, LONGEST_TITLE, OBJECT_KEYS, UNDRAWABLE, drawable, key, title
from core.views.clickable import clickable
from core.views.quality import quality_bars
from core.views.structure import effects
from core.views.svg import to_svg
from pages.components.tweaks import Unchecked

CODER = "\U0001f469\U0001f3fd\u200d\U0001f4bb"  # a woman, a skin tone, a joiner, a computer: one character
ODD = (
    "a\\b", "\\", "'];alert(1)//", '"', "a\x01b", "a\u2028b", "\u202eabc", "a\nb", "\U0001f600" * 20, CODER * 20,
    "word " * 2000, "a.b[0]", "value:Q", "__proto__", "constructor", "image", "![x](http://127.0.0.1:9/x.png)",
)  # fmt: skip
every_odd_text = pytest.mark.parametrize("text", ODD, ids=[f"{text[:9]!a}" for text in ODD])


def charts_of(text):
    """Each chart that can show a text of the data, with it wherever it can stand."""
    names = {"1": text, "2": f"{text} · {text}", "3": "Other"}
    clusters = pd.Series(list(names), dtype=pd.CategoricalDtype(list(names), ordered=True))
    counts = pd.DataFrame({CLUSTER: clusters, "customers": [5, 4, 3]})
    jobs = counts.assign(job_industry=[text, text, "Other"])
    bins = counts.assign(age=[20.0, 30, 40], **{text: [1.0, 2, 3]})
    means = counts.assign(known_n=[5, 4, 3], known_sum_2=[500, 400, 300])
    states = pd.DataFrame({"state": [text, "NSW"], "customers": [2, 1]}).assign(
        Is_Mass_Affluent_Custom_yes=[1, 1], Is_Mass_Affluent_Custom_known=[2, 1]
    )
    rates = pd.DataFrame({"group": [text, "Other"], "rate": [0.5, 0.2], "low": [0.4, 0.1], "high": [0.6, 0.3]})
    quality = pd.DataFrame({"label": [text, "Age"], "cells": [9, 9], "blank": [1, 0], "invalid": [0, 2]})
    differences = pd.DataFrame(
        {"text": [text, "Age"], "effect": [1.0, -1], "here": ["1", text], "everybody": ["2", "3"]}
    )
    titles = {"age": "Age", text: text}
    return {
        "pie": charts.pie(counts, names=names),
        "bars": charts.mean_bars(means, "known", names=names, title=text),
        "treemap": charts.treemap(jobs, "job_industry", names=names, title=text),
        "scatter": charts.scatter(bins, text, names=names, titles=titles, step=1),
        "states": clickable(charts.ranked_bars(states, "state", title=text), ["inner"], [{"inner": text}]),
        "rates": selection_rates(rates.assign(selected=[5, 2], n=[10, 10])),
        "quality": quality_bars(quality),
        "effects": effects(differences, "#123456"),
    }


@cache
def bars_and_slices(text):
    """How many of them each drawing has."""
    drawn = {name: to_svg(chart, width=500, title=text, name="f") for name, chart in charts_of(text).items()}
    return {name: len(ET.fromstring(svg).findall(".//path")) for name, svg in drawn.items()}


@every_odd_text
def test_every_chart_is_drawn_whatever_a_text_says(text):
    assert bars_and_slices(text) == bars_and_slices("plain")


@every_odd_text
def test_a_browser_is_sent_no_text_that_is_not_drawable(text):
    for chart in charts_of(text).values():
        with alt.data_transformers.enable("default", max_rows=None):
            sent = Unchecked(chart).to_dict()
        assert not [one for one in texts(sent) if drawable(one) != one]


def texts(value):
    """Every text in a chart's description."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = [item for name, item in value.items() if name not in EXPRESSIONS]
    inner = value if isinstance(value, list) else []
    return [text for one in inner for text in texts(one)]


@given(st.text(st.characters(codec=None)))
@example("__proto__")
@example("\ud83d")
def test_a_drawable_text_is_itself_and_has_nothing_that_cannot_be_drawn(text):
    shown = drawable(text)
    assert not UNDRAWABLE.search(shown)
    assert shown not in OBJECT_KEYS
    assert drawable(shown) == shown


def test_what_is_not_drawable_is_told_apart():
    assert [drawable(text) for text in ("a\x01b", "a\x02b", "a\u202eb", "a\nb", "a b", "Ärzte")] == [
        "a‹1›b", "a‹2›b", "a‹202e›b", "a b", "a b", "Ärzte",
    ]  # fmt: skip


@pytest.mark.parametrize("one", ["a", "\U0001f600", "e\u0301", CODER])
@pytest.mark.parametrize(("cut", "longest"), [(title, LONGEST_TITLE), (drawable, LONGEST)])
def test_a_long_text_is_cut_between_characters(cut, longest, one):
    whole = one * (longest // len(one))
    assert cut(whole) == whole
    shown, mark, _ = cut(whole + one * 5).partition("…")
    assert (mark, shown.replace(one, "")) == ("…", "")
    assert longest - 20 < len(shown) < longest


def test_long_texts_that_start_alike_stay_apart():
    one, other = (drawable("a" * 9999 + end) for end in "xy")
    assert one != other
    assert len(one) == len(other) == LONGEST - 1


def test_a_tooltip_neither_fetches_nor_makes_a_heading_of_a_column():
    assert [key(text) for text in ("image", "title", "Images", "a\\b")] == [
        "image\u200b", "title\u200b", "Images", "a\\\\b",
    ]  # fmt: skip


@pytest.mark.parametrize("one", ["\U0001f600", CODER, "\U0001f1e6\U0001f1fa"])
def test_a_label_is_cut_between_characters(one):
    for chart in charts_of(one * 20).values():
        drawing = ET.fromstring(to_svg(chart, width=500, title="t", name="f"))
        cut = [line.text for line in drawing.iter() if "…" in (line.text or "")]
        assert all(set(text.removeprefix("2 ").removeprefix("1 ").split(one)) <= {"", "…", "● "} for text in cut)
    shown = "".join(to_svg(charts_of(one * 20)["states"], width=500, title="t", name="f"))
    assert f"{one * 12}…" in shown
