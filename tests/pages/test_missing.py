"""Own data that is gone or was refused: no figure of the sample stands in for it, and the sample is called so."""

import io

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core.analysis import Analysis
from core.results import FILES
from pages.components import downloads
from tests.pages.reading import charts, metrics, opened, said, settled, started
from tests.pages.test_upload import PNG, SMALL, shown, upload

PAGES = [
    f"pages/{name}.py" for name in ("overview", "demographics", "strategy", "profiles", "number_of_segments", "data")
]
BADGE = "Sample data"


def figures(at: AppTest) -> list[object]:
    """All on the page that could hold a figure of somebody's customers."""
    return [
        *at.metric, *charts(at), *at.get("deck_gl_json_chart"), *at.dataframe, *at.get("download_button"),
        *at.get("bidi_component"),
    ]  # fmt: skip


def without_files(at: AppTest) -> AppTest:
    at.file_uploader(key="uploads").set_value([])
    return settled(at.run())


def test_the_sample_has_figures_of_every_kind(app: AppTest) -> None:
    assert {type(one).__name__ for one in figures(app)} >= {"Metric", "list", "UnknownElement"}
    settled(app.switch_page("pages/strategy.py").run())
    assert app.get("deck_gl_json_chart")
    assert app.get("bidi_component")
    assert app.get("download_button")


@pytest.mark.parametrize(("origin", "what"), [("files", "customer files"), ("result", "a result")])
def test_an_address_of_own_data_shows_no_figure_on_any_page(origin: str, what: str) -> None:
    at = started(data=origin, state="TAS")
    for page in PAGES:
        settled(at.switch_page(page).run())
        assert f"This page was made with {what}, which the server does not have." in at.warning[0].value.replace(
            "\\", ""
        )
        assert figures(at) == []
        assert "3,996" not in said(at)
        assert BADGE not in said(at)
        assert [button.label for button in at.main.button] == ["Show the sample data"]
        assert at.query_params["data"] == origin


OWN = b"customer_id,age,balance,income,tenure,state\n" + b"".join(
    b"%d,%d,%d,%d,%d,%s\n" % (i, 20 + i, i * 1000, i * 500, i % 9, b"zq" if i % 4 else b"NSW") for i in range(40)
)


def settings(at: AppTest) -> dict[str, object]:
    """What is set in the sidebar, and how many customers it leaves."""
    boxes = {"k": at.slider, "min_measure": at.number_input, "features": at.multiselect, "state": at.multiselect}
    boxes |= {"value": at.selectbox, "measure": at.selectbox, "Age_Group": at.pills}
    return {key: kind(key=key).value for key, kind in boxes.items()} | {"customers": metrics(at)["Total customers"]}


SET = {
    "k": 3, "min_measure": 7000, "features": ["tenure"], "state": ["zq"], "value": "income", "measure": "income",
    "Age_Group": ["25–34"], "customers": "8",
}  # fmt: skip


def test_filters_and_settings_of_the_address_wait_for_the_files() -> None:
    address = {"features": "Tenure", "value": "Income", "measure": "Income", "state": "zq", "Age_Group": "25–34"}
    at = started(data="files", k="3", min_measure="7000", **address)
    settled(at.switch_page("pages/demographics.py").run())
    settled(at.switch_page("pages/overview.py").run())
    upload(at, own_csv=OWN)
    assert settings(at) == SET


def test_filters_and_settings_of_the_session_wait_for_the_files(app: AppTest) -> None:
    upload(app, own_csv=OWN)
    app.slider(key="k").set_value(3)
    app.number_input(key="min_measure").set_value(7000)
    app.multiselect(key="features").set_value(["tenure"])
    app.multiselect(key="state").set_value(["zq"])
    app.selectbox(key="value").set_value("income")
    app.selectbox(key="measure").set_value("income")
    app.pills(key="Age_Group").set_value(["25–34"])
    assert settings(settled(app.run())) == SET
    without_files(app)
    assert figures(app) == []
    upload(app, again_csv=OWN)
    assert settings(app) == SET


def test_the_sample_comes_back_only_when_it_is_asked_for(app: AppTest) -> None:
    assert "data" not in app.query_params
    upload(app, forty_csv=SMALL)
    assert app.query_params["data"] == "files"
    assert BADGE not in said(app)
    without_files(app)
    assert "No longer among the customer files: forty.csv." in app.warning[0].value.replace("\\", "")
    assert figures(app) == []
    settled(app.button(key="show_sample").click().run())
    assert metrics(app)["Total customers"] == "3,996"
    assert BADGE in said(app)
    assert "data" not in app.query_params


def test_the_sample_can_be_asked_for_instead_of_a_file_that_cannot_be_read(app: AppTest) -> None:
    upload(app, bad_csv=PNG)
    assert app.query_params["data"] == "files"
    settled(app.button(key="show_sample").click().run())
    assert metrics(app)["Total customers"] == "3,996"
    assert "bad.csv" not in shown(app)
    app.file_uploader(key="uploads 1").upload("forty.csv", SMALL)
    settled(app.run())
    assert metrics(app)["Total customers"] == "40"


def test_what_is_deleted_is_not_asked_for_again(app: AppTest) -> None:
    upload(app, forty_csv=SMALL)
    without_files(app)
    settled(app.button(key="delete_data").click().run())
    assert "forty.csv" not in shown(app)
    assert BADGE in said(app)
    assert "data" not in app.query_params


def test_another_value_in_the_address_means_the_sample() -> None:
    assert BADGE in said(started(data="<b>"))


def test_every_page_calls_the_sample_so_beside_its_title(app: AppTest) -> None:
    for page in PAGES:
        settled(app.switch_page(page).run())
        assert BADGE in app.main.markdown[0].value, page
    upload(app, forty_csv=SMALL)
    for page in PAGES:
        settled(app.switch_page(page).run())
        assert BADGE not in said(app), page


def test_the_link_says_what_whoever_opens_it_sees(app: AppTest) -> None:
    assert "it shows the sample data" in said(app)
    upload(app, forty_csv=SMALL)
    assert "is asked for the same files, and sees no figure until then" in said(app)


def test_the_downloads_know_whether_the_customers_are_made_up(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    made_of: list[Analysis] = []
    monkeypatch.setattr(downloads, "results", lambda analysis, *_: made_of.append(analysis) or {})
    opened(app, "downloads")
    upload(app, forty_csv=SMALL)
    assert [one.sample for one in made_of] == [True, False]


def test_the_downloads_have_how_each_segment_is_found_among_more_and_fewer(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_of: list[Analysis] = []
    monkeypatch.setattr(downloads, "results", lambda analysis, *_: made_of.append(analysis) or {})
    opened(app, "downloads")
    (analysis,) = made_of
    rows = pd.read_csv(io.BytesIO(FILES["segment_evidence.csv"].make(analysis)))
    assert len(rows) == analysis.segments.k
    assert rows["across"].between(0.5, 1).all()
