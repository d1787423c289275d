"""Charts whose marks can be clicked: the parameters they carry, and which marks stand out."""

import altair as alt
import pandas as pd
import pytest

from core.views.clickable import ADD, PALER, PICK, clickable

DATA = pd.DataFrame({"segment": ["1 Older", "2 </script>"], "inner": ["Health", "IT"], "customers": [3, 2]})


def chart():
    base = alt.Chart(DATA).encode(x="customers:Q", y="segment:N")
    return base.mark_bar() + base.mark_text().encode(text="inner:N")


def test_a_click_names_marks_by_the_fields_and_so_does_one_with_ctrl():
    whole = clickable(chart(), ["segment", "inner"], []).to_dict()
    found = {one["name"]: one["select"] for one in whole["params"]}
    assert set(found) == {PICK, ADD}
    for select in found.values():
        assert (select["type"], select["fields"]) == ("point", ["segment", "inner"])
        assert (select["toggle"], select["clear"]) == (False, False)
    assert found[PICK]["on"] == f"click[!({found[ADD]['on'].removeprefix('click[').removesuffix(']')})]"
    assert "opacity" not in str(whole).lower()


@pytest.mark.parametrize(
    ("mark", "channel"),
    [("bar", "fillOpacity"), ("arc", "fillOpacity"), ("circle", "fillOpacity"), ("rule", "strokeOpacity")],
)
def test_marks_are_paler_except_the_clicked_and_texts_stay_legible(mark, channel):
    clicked = {"segment": "2 </script>", "inner": "IT"}
    base = alt.Chart(DATA, mark=mark).encode(x="customers:Q")
    marks, texts = clickable(base + base.mark_text(), list(clicked), [clicked]).to_dict()["layer"]
    assert marks["encoding"][channel] == {
        "condition": {"test": {"or": [{"and": [{"field": f, "equal": v} for f, v in clicked.items()]}]}, "value": 1},
        "value": PALER,
    }
    assert channel not in texts["encoding"]


def test_a_chart_of_one_layer_is_clickable_too():
    single = clickable(alt.Chart(DATA).mark_circle().encode(x="customers:Q"), ["segment"], [{"segment": "1 Older"}])
    assert {one["name"] for one in single.to_dict()["params"]} == {PICK, ADD}
    assert "fillOpacity" in single.to_dict()["encoding"]
