"""Charts as SVG: offline, with nothing in it that runs, and the same every time."""

import xml.etree.ElementTree as ET

import altair as alt
import pandas as pd
import pytest

from core.views.svg import ELEMENTS, DrawingError, to_png, to_svg

HOSTILE = (
    "=1+1",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onload="alert(1)',
    "![x](http://127.0.0.1:9/x.png)",
    "]]><svg onload=alert(1)>",
    "url(#clip1)",
    "&amp; &#60;b&#62;",
)


def bars(texts):
    table = pd.DataFrame({"text": list(texts), "number": range(1, len(texts) + 1)})
    marks = (
        alt.Chart(table)
        .mark_bar()
        .encode(
            x=alt.X("number:Q", title=None), y=alt.Y("text:N", title=None, sort=None, axis=alt.Axis(labelLimit=999))
        )
    )
    return (marks + marks.mark_text().encode(text="text:N")).properties(height=200)


def drawn(chart, **more):
    return to_svg(chart, **{"width": 400, "title": "A chart", "name": "f"} | more)


def test_texts_of_the_data_stay_texts():
    root = ET.fromstring(drawn(bars(HOSTILE), title=HOSTILE[1]))
    assert {element.tag for element in root.iter()} <= ELEMENTS
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on") or "href" in key]
    texts = ["".join(element.itertext()) for element in root.iter("text")]
    assert [text for text in texts if not text.isdecimal()] == [*HOSTILE, *HOSTILE]
    assert root.get("aria-label") == HOSTILE[1]


@pytest.mark.parametrize("malformed", ["\0", "\x08", "\x1b", "\ufffe", "\uffff"])
def test_a_character_that_xml_lacks_is_written_as_its_code(malformed):
    code = f"‹{ord(malformed):x}›"
    assert drawn(bars([f"a{malformed}b"]), title=f"t{malformed}") == drawn(bars([f"a{code}b"]), title=f"t{code}")


def test_the_same_chart_gives_the_same_text_whatever_was_drawn_before():
    first = drawn(bars("ab"))
    drawn(bars("xyz"))
    assert drawn(bars("ab")) == first


def test_two_drawings_on_a_page_share_no_id():
    clipped = alt.Chart(pd.DataFrame({"x": [1, 2]})).mark_bar(clip=True).encode(x="x:Q")
    one, other = (ET.fromstring(drawn(clipped, name=name)) for name in ("f1", "f2"))
    ids = [{element.get("id") for element in root.iter() if element.get("id")} for root in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert f"url(#{min(ids[0])})" in ET.tostring(one, encoding="unicode")


def test_it_scales_with_its_page():
    root = ET.fromstring(drawn(bars("ab"), width=400))
    assert root.get("viewBox") == "0 0 400 200"
    assert "width" not in root.attrib


def test_more_rows_than_altair_takes_by_itself_are_drawn():
    ticks = alt.Chart(pd.DataFrame({"x": range(5001)})).mark_tick(color="#123456").encode(x=alt.X("x:Q", axis=None))
    assert drawn(ticks).count("#123456") == 5001


def test_nothing_is_fetched():
    chart = alt.Chart("http://127.0.0.1:9/d.csv").mark_bar().encode(x="a:Q")
    with pytest.raises(DrawingError, match="not allowed"):
        drawn(chart)


def test_a_chart_at_which_vega_stops_without_saying_so_is_an_error():
    chart = bars("ab").transform_calculate(y="datum.nothing.nothing")
    with pytest.raises(DrawingError, match="no marks"):
        drawn(chart)


def test_a_chart_is_a_picture_of_twice_its_pixels_too():
    picture = to_png(bars(HOSTILE), width=300)
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) == pytest.approx(600, abs=2)
    assert picture == to_png(bars(HOSTILE), width=300)
    with pytest.raises(DrawingError):
        to_png(bars(HOSTILE).transform_filter("no expression ("), width=300)
