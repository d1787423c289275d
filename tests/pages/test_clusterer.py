"""A second clustering method is offered in the sidebar, and shown on every page."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.analysis import Analysis
from core.files import json_bytes
from core.pipeline import load, segment
from core.results import FILES
from core.rules import Rules
from core.sources.file import FileSource
from data.generate import SAMPLE
from pages.components import result
from pages.components.recommendation import EVIDENCE
from tests.pages.reading import PAGES, charts, metrics, opened, said, settled, started
from tests.quantiles import Quantiles, registered


@pytest.fixture
def method() -> Iterator[Quantiles]:
    with registered() as method:
        yield method


def made(method: Quantiles) -> Analysis:
    study = load([FileSource(SAMPLE.name, SAMPLE.read_bytes())], Rules(date(2026, 1, 1)))
    return Analysis(study, segment(study, 3, clusterer=method))


def sizes(at: AppTest) -> dict[str, int]:
    return {row["segment"]: row["customers"] for row in charts(at)[0]}


def test_the_method_is_decided_by_the_data_until_one_is_picked(app: AppTest) -> None:
    assert app.selectbox(key="method").options == [
        "By the data", "Numbers only (k-means)", "Numbers and categories (latent classes)",
    ]  # fmt: skip
    decided = "Decided: numbers only (k-means)."
    assert decided in said(app).replace("\\", "")
    settled(app.selectbox(key="method").set_value("kmeans").run())
    assert decided not in said(app).replace("\\", "")


def test_another_method_is_picked_and_shown_on_every_page(method: Quantiles) -> None:
    at = started(k="3")
    assert at.selectbox(key="method").options == [
        "By the data",
        "Numbers only (k-means)",
        "Numbers and categories (latent classes)",
        "Quantiles",
    ]
    assert list(sizes(at).values()) == [745, 1493, 1674, 84]
    settled(at.selectbox(key="method").set_value(method.key).run())
    assert list(sizes(at).values()) == [1419, 1202, 1291, 84]  # thirds, in whole years of age
    for page in (*PAGES, "pages/profiles.py", "pages/number_of_segments.py"):
        settled(at.switch_page(page).run())
    opened(at, EVIDENCE)
    figures = next(frame.value for frame in at.dataframe if "measure" in frame.value)
    assert sorted(figures["k"].unique()) == list(range(2, 13))
    opened(at, "downloads")
    assert "segments by quantiles cannot be written as SQL" in said(at).replace("\\", "")


def test_a_link_carries_the_method(method: Quantiles) -> None:
    assert started(method="Quantiles").selectbox(key="method").value == method.key


def test_its_saved_model_is_used(app: AppTest, method: Quantiles) -> None:
    app.file_uploader(key="model").upload("model.json", json_bytes(made(method).model.to_dict()))
    settled(app.run())
    assert "3 segments of the saved model, by quantiles" in said(app)


def test_its_result_is_opened(app: AppTest, method: Quantiles, monkeypatch: pytest.MonkeyPatch) -> None:
    def here(function: Callable[..., Any], *arguments: Any, **_: Any) -> Any:
        return function(*arguments)  # a worker process does not know a method that a test has registered

    monkeypatch.setattr(result, "in_worker", here)
    app.file_uploader(key="result").upload("summary.zip", FILES["summary.zip"].make(made(method)))
    settled(app.run())
    assert metrics(app)["Total customers"] == "3,996"
    assert list(sizes(app).values()) == [1419, 1202, 1291, 84]


@pytest.mark.usefixtures("method")
def test_its_small_segments_are_hidden() -> None:
    at = started(method="Quantiles", k="8", state="TAS")
    assert min(sizes(at).values()) < 10
    settled(at.toggle(key="hide").set_value(True).run())
    assert min(sizes(at).values()) >= 10
