"""Texts that fit: how much room they take, and where they are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reporting.deck_fit import clean, cut, fit, height, lines, width


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("short", 10, "short"),
        ("Older customers with much", 20, "Older customers…"),
        ("one, two, three", 10, "one, two…"),
        ("x" * 30, 10, "x" * 9 + "…"),
        ("family 👩‍👩‍👧 here", 10, "family…"),
        ("e\u0301" * 10, 4, "e\u0301…"),
    ],
)
def test_a_text_is_cut_at_a_word_and_never_inside_a_character(text, most, expected):
    assert cut(text, most) == expected


def test_what_xml_lacks_is_left_out_and_white_space_is_single():
    assert clean("a\x00b\x0b c\n\td\ud800\ufffe \u202e") == "ab c d"
    assert clean("5\u00a0%") == "5\u00a0%", "a number and its unit stay on one line"
    assert len(clean("long " * 10_000)) <= 4_000


def test_lines_are_counted_by_words():
    room = width("two words", 12)
    assert [lines(text, room, 12) for text in ("two words", "two words more", "x" * 40, "")] == [1, 2, 5, 1]


@given(st.text(max_size=300), st.floats(60, 900), st.floats(20, 400))
def test_what_is_fitted_fits(text, room, high):
    shown, size = fit(clean(text), room, high, (26, 20, 14, 10))
    assert height(shown, room, size) <= high or len(shown) <= 2
    assert size == 10 or shown == clean(text)
