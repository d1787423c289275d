"""How many customers a campaign speaks to."""

import pandas as pd
import pytest

from core.schema import CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT
from core.strategy.audience import COUNTED_BY, audience_size

BY_CLUSTER = pd.DataFrame(
    {
        CLUSTER: pd.Categorical(["1", "2", "Not clustered"], ["1", "2", "3", "Not clustered"], ordered=True),
        "customers": [10, 20, 3],
        f"{MASS_AFFLUENT}_yes": [4, 5, 1],
        f"{MASS_AFFLUENT}_known": [9, 20, 2],
        f"{HIGH_POTENTIAL}_yes": [2, 0, 0],
        f"{HIGH_POTENTIAL}_known": [10, 20, 3],
    }
)


@pytest.mark.parametrize(
    ("clusters", "group", "expected"),
    [
        ([], "Everybody", 33),
        ([], "Mass affluent", 10),
        ([], "High potential", 2),
        (["1"], "Mass affluent", 4),
        (["1", "Not clustered"], "Everybody", 13),
        (["3"], "Everybody", 0),  # a segment of which the slicers left nobody
    ],
)
def test_the_audience_is_the_group_in_the_chosen_segments(clusters, group, expected):
    assert audience_size(BY_CLUSTER, clusters, group) == expected


@pytest.mark.parametrize("group", COUNTED_BY)
def test_segments_chosen_one_by_one_sum_to_all(group):
    assert sum(audience_size(BY_CLUSTER, [one], group) for one in BY_CLUSTER[CLUSTER]) == audience_size(
        BY_CLUSTER, [], group
    )
