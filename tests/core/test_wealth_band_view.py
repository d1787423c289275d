"""The spread of the wealth measure: percentiles to choose by, bins that add up, a chart with the band on it."""

import numpy as np
import pandas as pd
import pytest

from core.views.suppress import shown
from core.views.wealth_band import (
    INSIDE,
    OUTSIDE,
    band_histogram,
    bins_of,
    measure_histogram,
    percentiles,
    percents_of,
)

HUNDRED = pd.Series(np.arange(1, 101) * 1234.0)


def test_percentiles_are_rounded_and_hold_all_values_between_them():
    known = percentiles(HUNDRED)
    assert len(known) == 101
    assert (known[0], known[50], known[70], known[100]) == (1000, 62_900, 87_600, 124_000)
    assert list(known) == sorted(known)
    assert known[0] <= HUNDRED.min()
    assert known[100] > HUNDRED.max()
    assert percentiles(pd.Series([np.nan])) == ()


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(87_614.0, 118_000.0, (70, 95)), (0.0, None, (0, 100)), (None, 62_900.0, (0, 50)), (1e9, 2e9, (100, 100))],
)
def test_a_band_stands_at_the_nearest_percentiles(low, high, expected):
    assert percents_of(low, high, percentiles(HUNDRED)) == expected


def test_bins_add_up_over_parts_and_leave_out_the_unknown():
    customers = pd.DataFrame({"balance": [5.0, 15, 25, 1e9, np.nan, -3]})
    whole = measure_histogram(customers, "balance", 10.0, 0.0, 30.0)
    assert whole.to_numpy().tolist() == [[0, 2], [10, 1], [20, 1], [30, 1]]
    parts = [measure_histogram(customers[rows], "balance", 10.0, 0.0, 30.0) for rows in (slice(0, 2), slice(2, 6))]
    added = pd.concat(parts).groupby("balance", as_index=False)["customers"].sum()
    assert added.to_numpy().tolist() == whole.to_numpy().tolist()


def test_counted_customers_give_the_bins_they_are_counted_by():
    cells = pd.DataFrame({"balance by 10": [0.0, 10, 10, np.nan], "customers": [4, 1, 2, 9]})
    assert measure_histogram(cells, "balance", 10.0).to_numpy().tolist() == [[0, 4], [10, 3]]


def test_a_few_very_rich_do_not_flatten_the_others():
    values = pd.Series([*np.arange(1000.0), 1e12])
    step, least, most = bins_of(percentiles(values))
    assert len(measure_histogram(pd.DataFrame({"balance": values}), "balance", step, least, most)) > 12


def test_bins_of_few_customers_can_be_hidden():
    table = measure_histogram(pd.DataFrame({"balance": [*[5.0] * 40, 15.0, *[25.0] * 30]}), "balance", 10.0)
    assert shown(table)["customers"].tolist() == [40]  # and the next larger, which a subtraction would give away


def test_bars_in_the_band_have_another_colour_and_its_ends_are_lines():
    table = pd.DataFrame({"balance": [0.0, 10, 20], "customers": [5, 6, 7]})
    chart = band_histogram(table, 10.0, 10.0, 20.0, title="Balance")
    bars, lines = (layer.data for layer in chart.layer)
    assert bars["band"].tolist() == [OUTSIDE, INSIDE, OUTSIDE]
    assert lines["end"].tolist() == [10, 20]
    assert band_histogram(table, 10.0, None, None, title="Balance").layer[0].data["band"].unique() == [OUTSIDE]
