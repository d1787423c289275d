"""Features with their scaling, a saved model, and one customer looked into, in the app."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.files import json_bytes
from core.pipeline import load, segment
from core.rules import Rules
from core.segments import score
from core.segments.features import matrix_under
from core.segments.model import freeze
from core.sources.file import FileSource
from data.generate import SAMPLE
from tests.pages.reading import charts, metrics, said, settled


def shown(app: AppTest) -> str:
    return said(app).replace("\\", "")


@pytest.fixture(scope="module")
def model() -> bytes:
    """A model of three segments of the sample, two years before."""
    study = load([FileSource(SAMPLE.name, SAMPLE.read_bytes())], Rules(date(2024, 1, 1)))
    return json_bytes(freeze(segment(study, 3), study.rules, files=study.files, digest=study.digest).to_dict())


def test_outliers_of_a_logarithm_are_a_group_on_the_page(app: AppTest) -> None:
    app.multiselect(key="features").select("purchases").select("owns_car")
    app.multiselect(key="log").select("purchases")
    app.toggle(key="outliers").set_value(True)
    settled(app.run())
    apart = int(metrics(app)["Outliers"])
    assert apart > 0
    sizes = {row["segment"]: row["customers"] for row in charts(app)[0]}
    assert sizes["Outliers"] == apart
    assert sum(sizes.values()) == 3996
    assert f"{apart} customers are outliers" in shown(app)


def test_a_saved_model_fixes_the_segments_until_it_is_removed(
    app: AppTest, model: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(score, "matrix_under", lambda *given: asked.append(given) or matrix_under(*given))
    app.file_uploader(key="model").upload("model.json", model)
    settled(app.run())
    assert app.slider(key="k").disabled
    assert "3 segments of the saved model" in shown(app)
    assert "**A shift beyond chance in age: its stability index, the largest, is 0.0" in shown(app)
    assert "Population stability index of the segments" in shown(app)
    assert "A refit on these customers would put " in shown(app)
    assert "3 segments: what sets each apart" in [one.value for one in app.header]
    assert len(asked) == 1, "the segments and the verdict share one matrix"
    app.file_uploader(key="model").set_value([])
    settled(app.run())
    assert not app.slider(key="k").disabled
    assert "5 segments: what sets each apart" in [one.value for one in app.header]
    assert "Population stability index" not in shown(app)


def test_a_file_that_is_no_model_leaves_the_segments(app: AppTest) -> None:
    app.file_uploader(key="model").upload("model.json", b"{}")
    settled(app.run())
    assert "model.json: This is not a saved model" in shown(app)
    assert "5 segments: what sets each apart" in [one.value for one in app.header]


def test_a_model_made_by_hand_is_refused_or_shown(app: AppTest, model: bytes) -> None:
    for old, new, said_then in (
        (b'"seed": 0', b'"seed": 1' + b"0" * 400, "This is not a saved model"),
        (b'"name": "', b'"name": "\\ud800', "it has half of a surrogate pair"),
        (b'"scaling": "standard"', b'"scaling": "log"', "3 segments of the saved model"),
    ):
        app.file_uploader(key="model").set_value([])
        settled(app.run())
        app.file_uploader(key="model").upload("model.json", model.replace(old, new))
        settled(app.run())
        assert said_then in shown(app)


def test_a_model_whose_features_the_data_lacks_is_not_used(app: AppTest, model: bytes) -> None:
    app.file_uploader(key="model").upload("model.json", model.replace(b'"tenure"', b'"spend"'))
    settled(app.run())
    assert "The saved model is not used. sample_customers.csv: The model needs" in shown(app)
    assert "5 segments: what sets each apart" in [one.value for one in app.header]


def test_a_customer_can_be_looked_into(app: AppTest) -> None:
    settled(app.switch_page("pages/data.py").run())
    settled(app.text_input(key="audit").set_value("34").run())
    assert "Customer **34**: segment" in shown(app)
    settled(app.text_input(key="audit").set_value("nobody").run())
    assert "No customer has the id nobody" in shown(app)
