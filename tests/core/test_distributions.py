"""What the customers of each segment are like, column by column."""

import numpy as np
import pandas as pd

from core.schema import BY_NAME, MASS_AFFLUENT
from core.segments.distributions import distributions
from core.segments.features import feature_matrix
from core.segments.find import find_segments

AGES = [30.0, 31, 32, 33, 34, np.nan, 60, 61, 62, 63]
CUSTOMERS = pd.DataFrame(
    {
        "property_valuation": [9.0] * 6 + [2] * 4,
        "age": AGES,
        "balance": [1e-7, 2e-7, 3e-7, 4e-7, 5e-7, np.inf, 1e6, 2e6, 3e6, 4e6],
        "state": pd.Categorical(["NSW"] * 3 + ["VIC"] * 2 + ["Unknown", "QLD", "QLD", "WA", "Unknown"]),
        MASS_AFFLUENT: pd.Categorical(["Yes"] * 4 + ["No"] * 2 + ["No"] * 4),
    }
)
COLUMNS = tuple(BY_NAME[name] for name in CUSTOMERS if name in BY_NAME)


def found(customers=CUSTOMERS, least=2):
    matrix = feature_matrix(customers, ["property_valuation"])
    segments = find_segments(customers, COLUMNS, matrix, 2)
    table = distributions(customers, COLUMNS, segments, least=least)
    assert list(table) == ["cluster", "column", "label", "value"]
    return {cluster: dict(zip(part["label"], part["value"], strict=True)) for cluster, part in table.groupby("cluster")}


def test_numbers_have_a_median_and_a_middle_half_and_categories_their_commonest_answers():
    assert found() == {
        "1": {
            "Property valuation": "9 (middle half: 9 to 9)",
            "Age": "32 (middle half: 31 to 33)",
            "Balance": "0.0000003 (middle half: 0.0000002 to 0.0000004)",
            "Region": "NSW 60%, VIC 40%",
            "Mass affluent": "Yes 67%, No 33%",
        },
        "2": {
            "Property valuation": "2 (middle half: 2 to 2)",
            "Age": "61.5 (middle half: 60.8 to 62.2)",
            "Balance": "2,500,000 (middle half: 1,750,000 to 3,250,000)",
            "Region": "QLD 67%",
            "Mass affluent": "No 100%",
        },
    }


def test_what_few_customers_have_is_left_out():
    assert found(least=5) == {
        "1": {
            "Property valuation": "9 (middle half: 9 to 9)",
            "Age": "32 (middle half: 31 to 33)",
            "Balance": "0.0000003 (middle half: 0.0000002 to 0.0000004)",
        }
    }


def test_the_order_of_the_rows_changes_nothing():
    order = np.random.default_rng(1).permutation(len(CUSTOMERS))
    assert found(CUSTOMERS.iloc[order].reset_index(drop=True)) == found()
