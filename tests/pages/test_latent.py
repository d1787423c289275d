"""Segments of numbers and categories on every page."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.analysis import Analysis
from core.files import json_bytes
from core.pipeline import load, segment
from core.results import FILES
from core.rules import Rules
from core.segments.latent import LATENT
from core.sources.file import FileSource
from pages.components import structure
from pages.components.recommendation import EVIDENCE
from tests.mixed import bank
from tests.pages.reading import PAGES, charts, said, settled, started

METHODS = "Numbers and categories (latent classes)"


@pytest.fixture
def own(app: AppTest) -> AppTest:
    app.file_uploader(key="uploads").upload("bank.csv", bank())
    return settled(app.run())


def names(at: AppTest) -> list[str]:
    return [row["segment"] for row in charts(at)[0]]


def method(at: AppTest) -> str:
    box = at.selectbox(key="method")
    decided = [one.value for one in at.sidebar.caption if one.value.startswith("Decided: ")]
    return decided[0] if box.value == "auto" else box.value


def made() -> Analysis:
    study = load([FileSource("bank.csv", bank())], Rules(date(2026, 1, 1)))
    return Analysis(study, segment(study, 3, clusterer=LATENT))


def test_a_file_without_the_usual_features_is_segmented_by_its_categories_too(own: AppTest) -> None:
    assert method(own) == "Decided: numbers and categories (latent classes)."
    own.slider(key="k").set_value(3)
    settled(own.run())
    assert names(own)[:3] == [
        "1 High balance · mostly Manager", "2 Mostly Mobile · mostly Nurse", "3 Housing loan mostly no · mostly Clerk",
    ]  # fmt: skip
    for page in (*PAGES, "pages/profiles.py", "pages/number_of_segments.py", "pages/data.py"):
        settled(own.switch_page(page).run())


def test_categories_are_picked_and_k_means_leaves_them_out(own: AppTest) -> None:
    own.multiselect(key="features").set_value(["balance", "job_title"])
    settled(own.run())
    assert method(own) == "Decided: numbers and categories (latent classes)."
    settled(own.selectbox(key="method").set_value("kmeans").run())
    assert "Not used: job title. This method takes numbers only." in said(own).replace("\\", "")
    own.multiselect(key="features").set_value(["balance"])
    settled(own.selectbox(key="method").set_value("auto").run())
    assert method(own) == "Decided: numbers only (k-means)."


def test_categories_are_offered_and_flags_and_ids_are_not(own: AppTest) -> None:
    offered = own.multiselect(key="features").options
    assert {"Job title", "channel", "housing_loan", "marital_status"} <= {*offered}
    assert not {"Customer id", "Is_Mass_Affluent_Custom", "Mass affluent"} & {*offered}


def test_the_evidence_has_the_bic_of_this_method_alone(own: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "KS", range(2, 4))
    monkeypatch.setattr("core.segments.sweep.MOST_K", 3)
    own.session_state[EVIDENCE] = True
    at = settled(own.switch_page("pages/number_of_segments.py").run())
    figures = next(frame.value for frame in at.dataframe if "measure" in frame.value)
    assert figures["bic"].notna().all()
    assert figures.groupby("k")["bic"].nunique().eq(1).all()
    settled(at.selectbox(key="method").set_value("kmeans").run())
    figures = next(frame.value for frame in at.dataframe if "measure" in frame.value)
    assert "bic" not in figures


def test_a_link_carries_the_method() -> None:
    at = started(method=METHODS)
    assert at.selectbox(key="method").value == "latent"


def test_a_saved_model_and_a_result_are_opened(own: AppTest) -> None:
    own.file_uploader(key="model").upload("model.json", json_bytes(made().model.to_dict()))
    settled(own.run())
    assert "3 segments of the saved model, by latent classes" in said(own)
    settled(own.switch_page("pages/profiles.py").run())


def test_a_result_shows_the_segments(app: AppTest) -> None:
    app.file_uploader(key="result").upload("summary.zip", FILES["summary.zip"].make(made()))
    settled(app.run())
    assert names(app)[0] == "1 High balance · mostly Manager"
    for page in (*PAGES, "pages/profiles.py"):
        settled(app.switch_page(page).run())
