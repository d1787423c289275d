"""Rules for all segments and what decides the segment, on the profiles."""

from streamlit.testing.v1 import AppTest

from tests.pages.reading import said, settled


def tables(at: AppTest) -> list[list[str]]:
    return [list(frame.value.columns) for frame in at.dataframe]


def test_more_rules_agree_with_more_customers_and_a_feature_is_as_important_as_whom_it_moves(app: AppTest) -> None:
    at = settled(app.switch_page("pages/profiles.py").run())
    k = at.slider(key="k").value
    rules = at.slider(key=f"rules_of {k}")
    assert (rules.min, rules.max) == (k, 2 * k)
    frame = next(one.value for one in at.dataframe if "rule" in one.value)
    assert frame["customers"].sum() == 3912, "all who are in a segment"
    assert set(frame["Cluster"]) == {str(one + 1) for one in range(k)}
    settled(rules.set_value(k).run())
    fewer = next(one.value for one in at.dataframe if "rule" in one.value)
    assert len(fewer) == k
    assert "of the customers get their own segment by these rules; the spread within segments is " in said(at)
    moved = next(one.value for one in at.dataframe if "changed" in one.value)["changed"].tolist()
    assert moved == sorted(moved, reverse=True)
    assert 0 < moved[-1] <= moved[0] < 1


def test_rules_are_off_while_small_groups_are_hidden_and_where_there_is_one_segment(app: AppTest) -> None:
    at = settled(app.switch_page("pages/profiles.py").run())
    settled(at.toggle(key="hide").set_value(True).run())
    assert not [one for one in at.dataframe if "rule" in one.value or "changed" in one.value]
    assert "it would show values of single customers" in said(at)
    settled(at.toggle(key="hide").set_value(False).run())
    settled(at.slider(key="k").set_value(1).run())
    assert not [one for one in at.dataframe if "rule" in one.value or "changed" in one.value]
