"""Number of segments and Segment profiles: whether the segments are real, what they are like, what they are called."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from streamlit.elements.lib import policies
from streamlit.testing.v1 import AppTest

from core.pipeline import load, segment, segment_by
from core.rules import Rules
from core.segments.choice import FeatureChoice
from core.segments.model import Model, freeze
from core.sources.file import FileSource
from core.study import Study
from pages.components import structure
from pages.components.recommendation import EVIDENCE
from pages.components.structure import structure_of
from tests.pages.reading import charts, opened, said, settled, started

CLUSTERED = 3996 - 84
# Customers without groups.
SPREAD = "\n".join(["customer_id,age,tenure", *(f"{n},{18 + n * 37 % 61},{n * 53 % 29}" for n in range(150))]).encode()
VERDICT = "these segments are natural groups (the silhouette is 0"


def shown(at: AppTest) -> str:
    """All sentences, without the marks that keep a value from being read as Markdown."""
    return said(at).replace("\\", "")


def test_the_page_recommends_the_groups_of_the_sample_and_takes_them_at_a_click(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)
    monkeypatch.setattr(policies._LOGGER, "propagate", True)
    at = settled(started(k="3").switch_page("pages/number_of_segments.py").run())
    assert shown(at).count("5 segments are recommended: 20 of 20 resamples agree.") == 1
    assert at.subheader[0].value == "Why 5"
    assert "In use: 3 segments." in shown(at)
    curve, matrix = charts(at)
    assert {row["text"] for row in curve if "text" in row} == {"In use", "Recommended"}
    assert sum(int(row["counted"].replace(",", "")) for row in matrix) == CLUSTERED
    assert "**From 3 to 5 segments.**" in shown(at)
    assert [frame for frame in at.dataframe if "measure" in frame.value] == []
    settled(at.button(key="use_k").click().run())
    assert at.slider(key="k").value == 5
    assert "default value" not in caplog.text
    assert f"Strong structure: {VERDICT}" in shown(at)


def test_the_evidence_has_all_indices_and_how_stable_each_segment_is(app: AppTest) -> None:
    at = opened(settled(app.switch_page("pages/number_of_segments.py").run()), EVIDENCE)
    assert len(charts(at)) == 2 + 7
    figures = next(frame.value for frame in at.dataframe if "measure" in frame.value)
    assert sorted(figures["k"].unique()) == list(range(2, 13))
    assert "Silhouette" in set(figures["measure"]), "in words"
    real = next(frame.value for frame in at.dataframe if "Real" in frame.value)
    assert real["Real"].tolist() == ["Yes"] * 5
    assert "One cloud with" not in real, "none has a neighbour in its cloud"
    assert "Segments 1, 2, 3, 4 and 5 are real groups." in shown(at)
    assert structure.NONE_REAL not in shown(at)
    settled(at.slider(key="k").set_value(6).run())
    real = next(frame.value for frame in at.dataframe if "Real" in frame.value)
    assert {*real["One cloud with"]} == {"", "4", "5"}, "a segment without a neighbour has no text, such as None"


def test_a_segment_that_stands_apart_is_not_real_where_all_together_are_slices(app: AppTest) -> None:
    settled(app.file_uploader(key="uploads").upload("spread.csv", SPREAD, "text/csv").run())
    at = opened(settled(app.switch_page("pages/number_of_segments.py").run()), EVIDENCE)
    real = next(frame.value for frame in at.dataframe if "Real" in frame.value)
    assert not {"Yes", "In part"} & {*real["Real"]}
    assert structure.NONE_REAL in shown(at)


def test_any_two_numbers_are_compared_and_one_of_them_is_taken(app: AppTest) -> None:
    at = settled(app.switch_page("pages/number_of_segments.py").run())
    assert "**From 5 to 6 segments.**" in shown(at)
    settled(at.selectbox(key="Compare 5 6").set_value(4).run())
    assert "**From 4 to 6 segments.**" in shown(at)
    settled(at.selectbox(key="with 5 6").set_value(4).run())
    assert "100% of the customers stay with most of their segment." in shown(at)
    settled(at.button(key="use before").click().run())
    assert at.slider(key="k").value == 4


def test_the_page_goes_on_where_the_largest_number_tried_is_the_best(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(structure, "KS", range(2, 4))
    monkeypatch.setattr("core.segments.sweep.MOST_K", 5)
    monkeypatch.setattr("core.segments.sweep.unfinished", lambda scores: scores[-1].k == 3)
    app.session_state[EVIDENCE] = True
    at = settled(app.switch_page("pages/number_of_segments.py").run())
    assert "5 segments are recommended: " in shown(at)
    figures = next(frame.value for frame in at.dataframe if "measure" in frame.value)
    assert sorted(figures["k"].unique()) == [2, 3, 4, 5]


def test_more_than_a_dozen_segments_are_tried_and_used(app: AppTest) -> None:
    settled(app.file_uploader(key="uploads").upload("spread.csv", SPREAD, "text/csv").run())
    at = settled(app.switch_page("pages/number_of_segments.py").run())
    assert at.slider(key="k").max == 12
    at.session_state["most_k"] = 20
    settled(at.run())
    settled(at.selectbox(key="with 5 6").set_value(14).run())
    settled(at.button(key="use after").click().run())
    assert (at.slider(key="k").value, at.slider(key="k").max) == (14, 30)
    assert "In use: 14 segments." in shown(at)


def test_every_page_says_how_natural_the_segments_are_and_what_protected_attribute_drives_them(app: AppTest) -> None:
    for page in ("overview", "demographics", "strategy", "profiles"):
        at = settled(app.switch_page(f"pages/{page}.py").run())
        assert f"Strong structure: {VERDICT}" in shown(at)
        assert any("It is a protected attribute" in caption.value for caption in at.main.caption)
        (notes,) = [block for block in at.main.get("popover") if block.proto.popover.label == "4 notes"]
        statistics = [text for text in said(at).splitlines() if "silhouette" in text]
        assert statistics
        assert {*statistics} <= {*(caption.value for caption in notes.caption)}
        assert sum("Segments: natural groups" in one.value for one in at.main.markdown) == 1


def test_the_data_page_says_nothing_of_the_structure(app: AppTest) -> None:
    at = settled(app.switch_page("pages/data.py").run())
    assert "Segments: " not in said(at)
    assert not any("structure" in caption.value for caption in at.main.caption)


def test_a_segment_is_explained_and_named_and_keeps_its_name_on_all_pages(app: AppTest) -> None:
    at = settled(app.switch_page("pages/profiles.py").run())
    name = next(field for field in at.text_input if field.label == "Name")
    assert name.value == "Older · long tenure"
    assert "Age from 51 and purchases up to 67 and tenure from 13." in shown(at)
    assert "98% of the customers who meet it are in this segment" in shown(at)
    typical = next(table.value for table in at.table if list(table.value) == ["Column", "Value"])
    assert dict(typical.itertuples(index=False))["Tenure"].replace("\\", "").startswith("19 (middle half: ")
    settled(name.set_value("Golden *years*").run())
    settled(at.switch_page("pages/overview.py").run())
    assert "1 Golden \\*years\\*" in said(at)
    settled(at.slider(key="k").set_value(4).run())
    assert "Golden" not in said(at)
    settled(at.slider(key="k").set_value(5).run())
    settled(at.switch_page("pages/profiles.py").run())
    name = next(field for field in at.text_input if field.label == "Name")
    assert name.value == "Golden *years*"
    settled(name.set_value(" ").run())
    assert next(field for field in at.text_input if field.label == "Name").value == "Older · long tenure"


def test_few_customers_are_no_error(app: AppTest) -> None:
    rows = pd.DataFrame({"customer_id": range(6), "age": [20, 30, 40, 50, 60, 70]}).to_csv(index=False).encode()
    settled(app.file_uploader(key="uploads").upload("few.csv", rows, "text/csv").run())
    for page in ("number_of_segments", "profiles"):
        at = settled(app.switch_page(f"pages/{page}.py").run())
        assert "Structure unknown: there are too few different customers to tell groups from chance." in shown(at)


def test_the_verdict_under_a_saved_model_is_that_of_the_customers_shown() -> None:
    spread = pd.DataFrame({"customer_id": range(80), "age": range(18, 98), "tenure": [i * 7 % 23 for i in range(80)]})
    heaps = spread.assign(
        age=[20 + 60 * (i % 2) for i in range(80)], tenure=[1 + 20 * (i % 2) + i % 3 for i in range(80)]
    )
    verdicts = []
    with_model = freeze_of(heaps)
    for rows in (heaps, spread):
        found = study_of(rows)
        verdicts.append(structure_of(found, FeatureChoice(), segment_by(found, with_model), with_model).level)
    assert verdicts == ["strong", "none"]


def study_of(rows: pd.DataFrame) -> Study:
    return load([FileSource("made.csv", rows.to_csv(index=False).encode())], Rules(date(2026, 1, 1)))


def freeze_of(rows: pd.DataFrame) -> Model:
    study = study_of(rows)
    return freeze(segment(study, 2), study.rules, files=study.files, digest=study.digest)


def test_groups_in_one_feature_alone_are_taken_at_a_click(app: AppTest) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(0, 1, (300, 4)), columns=["balance", "spending", "visits", "score"])
    frame.loc[:100, "balance"] += 7
    frame.insert(0, "customer_id", range(300))
    settled(app.file_uploader(key="uploads").upload("one.csv", frame.to_csv(index=False).encode(), "text/csv").run())
    app.session_state["features"] = ["balance", "spending", "visits", "score"]
    at = settled(app.switch_page("pages/number_of_segments.py").run())
    assert "2 segments by balance alone are recommended" in shown(at)
    assert "There are 2 groups in balance alone" in shown(at)
    settled(at.button(key="use_features").click().run())
    assert (at.session_state["features"], at.slider(key="k").value) == (["balance"], 2)
    assert "2 segments are recommended" in shown(at)
