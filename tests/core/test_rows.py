"""Moments that no order and no parting of the rows changes, and exact sums behind them."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.segments.binned_sums import grain, totals, value
from core.segments.points import distinct
from core.segments.rows import MOST_VALUES, InMemory, counted, joined, moments

NUMBERS = st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=30)


@dataclass(frozen=True)
class InParts:
    """Rows in several blocks, as machines have them."""

    blocks: list

    def map(self, values):
        return InParts([values(block) for block in self.blocks])

    def partial_sums(self, ask):
        total = {}
        for block in self.blocks:
            told = ask(block)
            total |= {name: joined(name, total[name], one) if name in total else one for name, one in told.items()}
        return total


def test_moments_are_least_most_mean_and_standard_deviation():
    found = moments(InMemory(np.array([[1.0, -5], [3, -5], [8, -5]])))
    assert (found.rows, found.least.tolist(), found.most.tolist()) == (3, [1, -5], [8, -5])
    assert found.mean.tolist() == [4, -5]
    assert found.deviation.tolist() == pytest.approx([np.sqrt(26 / 3), 0])


def test_unknown_numbers_are_left_out_of_the_moments_of_their_column():
    nan = np.nan
    found = moments(InMemory(np.array([[1.0, nan, 2], [nan, nan, 4], [5, nan, 9]])))
    assert found.mean.tolist() == [3, 0, 5]
    assert found.deviation.tolist() == pytest.approx([2, 0, np.sqrt(26 / 3)])


def test_no_row_has_moments_of_zero():
    found = moments(InMemory(np.empty((0, 2))))
    assert (found.rows, found.mean.tolist(), found.deviation.tolist()) == (0, [0, 0], [0, 0])


@settings(derandomize=True, deadline=None, max_examples=50)
@given(NUMBERS, st.randoms(use_true_random=False), st.integers(0, 30))
def test_moments_are_the_same_bits_in_any_order_and_parts(numbers, random, cut):
    shuffled = random.sample(numbers, len(numbers))
    parts = [np.array(part, "float64").reshape(-1, 1) for part in (shuffled[:cut], shuffled[cut:])]
    whole, apart = moments(InMemory(np.array(numbers)[:, None])), moments(InParts(parts))
    assert (apart.mean.tolist(), apart.deviation.tolist()) == (whole.mean.tolist(), whole.deviation.tolist())


@settings(derandomize=True, deadline=None, max_examples=50)
@given(NUMBERS)
def test_sums_by_group_keep_about_thirty_digits(numbers):
    most, groups = max(map(abs, numbers)), np.arange(len(numbers)) % 2
    grains = [grain(most, len(numbers))]
    found = value(totals(np.array(numbers)[:, None], grains, groups, k=2), grains)[:, 0]
    exact = [float(sum(map(Fraction, numbers[start::2]), Fraction(0))) for start in (0, 1)]
    assert found.tolist() == pytest.approx(exact, rel=1e-15, abs=most * 1e-25)


def test_the_numbers_at_some_ranks_of_each_column_leave_unknown_ones_last():
    rows = InMemory(np.array([[3.0, np.nan], [1, 7], [2, 5]]))
    assert [at.tolist() for at in rows.ranked([[0, 2], [1]])] == [[1, 3], [7]]


def test_the_different_values_of_two_parts_are_counted_together():
    parts = [counted(np.array(part)) for part in ([2.0, np.nan, 1, 2], [-0.0, 2], [])]
    assert joined("values of age", joined("values of age", parts[0], parts[1]), parts[2]).tolist() == [
        [0, 1, 2],
        [1, 1, 3],
    ]


def test_more_values_than_are_counted_stay_more_however_they_are_parted():
    many = np.arange(MOST_VALUES + 100.0)
    whole, parts = counted(many), [counted(part) for part in (many[::2], many[1::2])]
    assert whole.shape == (2, MOST_VALUES + 1)
    assert joined("values", *parts).tolist() == whole.tolist()


@pytest.mark.parametrize(
    ("name", "expected"), [("least", [1, 0]), ("most of it", [2, 3]), ("sum", [3, 3])], ids=["least", "most", "sum"]
)
def test_other_answers_are_joined_by_the_first_word_of_their_name(name, expected):
    assert joined(name, np.array([1.0, 3]), np.array([2.0, 0])).tolist() == expected


def test_points_of_two_parts_are_those_of_the_whole():
    values = np.array([[1.0, 2], [0, 5], [1, 2], [0, 5], [3, 3]])
    parts = [distinct(part, 2.0)[0].array for part in (values[:2], values[2:])]
    assert joined("points", *parts).tolist() == distinct(values, 2.0)[0].array.tolist()
