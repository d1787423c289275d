"""Rules for all segments and what decides the segment, on the profiles."""

import re

import pandas as pd
from streamlit.testing.v1 import AppTest

from tests.pages.reading import said, settled


def rules_of(at: AppTest) -> pd.DataFrame:
    return next(one.value for one in at.table if "Customers with" in one.value)


def shown(at: AppTest) -> list[object]:
    """The tables of rules and of features."""
    rules = [one for one in at.table if "Customers with" in one.value]
    return [*rules, *(one for one in at.dataframe if "changed" in one.value)]


def test_more_rules_agree_with_more_customers_and_a_feature_is_as_important_as_whom_it_moves(app: AppTest) -> None:
    at = settled(app.switch_page("pages/profiles.py").run())
    k = at.slider(key="k").value
    rules = at.slider(key=f"rules_of {k}")
    assert (rules.min, rules.max) == (k, 2 * k)
    frame = rules_of(at)
    assert sum(int(one.replace(",", "")) for one in frame["Customers"]) == 3912, "all who are in a segment"
    assert set(frame["Segment"]) == {str(one + 1) for one in range(k)}
    settled(rules.set_value(k).run())
    assert len(rules_of(at)) == k
    about = r"These rules give \d+% of the customers the segment that they are in\. Segments .* times as spread out\."
    assert re.search(about, said(at))
    moved = next(one.value for one in at.dataframe if "changed" in one.value)["changed"].tolist()
    assert moved == sorted(moved, reverse=True)
    assert 0 < moved[-1] <= moved[0] < 1


def test_rules_are_off_while_small_groups_are_hidden_and_where_there_is_one_segment(app: AppTest) -> None:
    at = settled(app.switch_page("pages/profiles.py").run())
    settled(at.toggle(key="hide").set_value(True).run())
    assert not shown(at)
    assert "it would show values of single customers" in said(at)
    settled(at.toggle(key="hide").set_value(False).run())
    settled(at.slider(key="k").set_value(1).run())
    assert not shown(at)
