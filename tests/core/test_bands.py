"""Bands of amounts and ordered words as numbers: middles, ranks and their order."""

import numpy as np
import pandas as pd
import pytest

from core.cleaning.bands import band_middle, band_order, band_rank, is_band, is_scale


@pytest.mark.parametrize(
    ("text", "middle"),
    [
        ("$60K - $80K", 70_000),
        ("0-20k", 10_000),
        ("1K-3K", 2_000),
        ("Less than $40K", 20_000),
        ("menos que $40K", 20_000),
        ("moins de 1 000 €", 500),
        ("bis 1000", 500),
        ("<= 20000", 10_000),
        ("mehr als 5.000 €", 5_000),
        ("$120K +", 120_000),
        ("65+", 65),
        ("10 000 - 20 000 EUR", 15_000),
        ("R$ 2.000 a R$ 4.000", 3_000),
        ("0 <= ... < 200", 100),
        ("100<=X<500", 300),
        ("< 0", 0),
        (">50K", 50_000),
        ("18-24", 21),
    ],
)
def test_a_band_has_a_middle_and_an_open_one_its_bound(text, middle):
    assert is_band(pd.Series([text], dtype="str")).all()
    assert band_middle(text) == middle


@pytest.mark.parametrize(
    "text",
    [
        "31/12/2018",
        "0412 345 678",
        "12-2019",
        "Over 100 Main St",
        "about 5",
        "abc",
        "5",
        "",
        "7 yrs 11 mon",
        "21 yrs 4 mon",
    ],
)
def test_what_is_no_band_has_no_middle(text):
    assert not is_band(pd.Series([text], dtype="str")).any()
    assert np.isnan(band_middle(text))


@pytest.mark.parametrize(
    "lowest_first",
    [
        ["little", "moderate", "quite rich", "rich"],
        ["Very low", "Low", "Medium", "High"],
        ["niedrig", "mittel", "hoch"],
        ["baixo", "médio", "alto"],
        ["Less than $40K", "$40K - $60K", "$120K +"],
        ["< 0", "0 <= ... < 200", ">= 200"],
    ],
)
def test_bands_and_words_are_in_order(lowest_first):
    places = [band_order(text) for text in lowest_first]
    assert places == sorted(set(places))


def test_words_are_a_scale_only_together():
    assert is_scale(["low", "High", "n/a"])
    assert not is_scale(["low"])
    assert not is_scale(["low", "blue"]), "words of two scales"
    assert not is_scale(["low", "green"])
    assert np.isnan(band_rank("green"))


def test_a_long_run_of_digits_is_no_band():
    """A pattern that tries every way to part the digits takes minutes for each of these."""
    longs = [f"{'1' * 3000} to {'1' * 3000}x", f"{'1 000' * 500} - {'000' * 1000} 000x"]
    assert is_band(pd.Series(longs, dtype="str")).tolist() == [False, False]
