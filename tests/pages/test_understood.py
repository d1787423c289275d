"""The panel of what was understood, and the editor of the band: each interaction, and what it leaves."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.analysis import Analysis
from core.cli import main
from core.pipeline import load, matrix_of, segment, structure
from core.results import FILES
from core.rules import Rules, from_toml
from core.segments.evidence import sample
from core.sources.file import FileSource
from pages.components.band import EDITOR
from pages.components.checked import CHECKED
from pages.components.result import FIXED
from tests.pages.reading import PAGES, charts, metrics, opened, settled, started
from tests.pages.test_answers import dropped, pressed
from tests.pages.test_upload import shown, upload

DATA = "pages/data.py"
UNDEFINED = b"customer_id,age,tenure,churn\n" + b"".join(
    b"c%d,%d,%d,%d\n" % (i, 20 + i, i % 9, i % 2) for i in range(60)
)
WEALTHY = b"customer_id,age,balance,income\n" + b"".join(
    b"c%d,%d,%d,%d\n" % (i, 20 + i % 50, 1000 * (i + 1), 40_000 + i * 7919 % 50_000) for i in range(100)
)
# Half of the customers have two rows, whose people differ in nothing but a balance.
TWICE = b"customer_id,age,balance\n" + b"".join(
    b"c%d,%d,%d\n" % (i // 2 if i < 100 else i, 20 + (i // 2) % 50, 1000 + i * 37) for i in range(150)
)


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def moved(inputs: Iterable[Any], key: str) -> Any:
    """An input of the band, whose key has a number behind it."""
    return next(one for one in inputs if str(one.key).startswith(key))


def rules_of(at: AppTest) -> object:
    return at.session_state["loaded"].study.rules


def test_the_sample_has_no_panel_on_page_one_and_one_line_on_the_data_page(app: AppTest) -> None:
    assert "What we understood" not in shown(app)
    settled(app.switch_page(DATA).run())
    assert "What we understood" not in shown(app)
    assert "3,996 customers, one per row · wealth: the wealth segment · features: age, property valuation" in shown(app)


def test_a_file_with_a_doubt_asks_until_it_looks_right_and_next_months_file_does_not(app: AppTest) -> None:
    upload(app, first_csv=UNDEFINED)
    assert "What we understood" in shown(app)
    assert "Nothing tells the mass affluent." in shown(app)
    pressed(app, "Looks right")
    assert "What we understood" not in shown(app)
    assert "60 customers, one per row" in shown(app)
    dropped(app, "next.csv", UNDEFINED.replace(b"c1,", b"d1,"))
    assert "What we understood" not in shown(app)
    dropped(app, "other.csv", UNDEFINED.replace(b"churn", b"visits"))
    assert "What we understood" in shown(app)


def test_what_looks_right_goes_into_link_and_rules_and_comes_back_from_both(app: AppTest) -> None:
    upload(app, first_csv=UNDEFINED)
    pressed(app, "Looks right")
    settled(app.switch_page(DATA).run())
    confirmed = app.session_state[CHECKED]
    assert app.query_params[CHECKED] in (confirmed[0], [confirmed[0]])
    assert from_toml(rules_of(app).to_toml()).checked == confirmed
    assert "What we understood" not in shown(upload(started(checked=confirmed[0]), first_csv=UNDEFINED))
    at = upload(started(), first_csv=UNDEFINED)
    settled(at.switch_page(DATA).run())
    at.file_uploader(key=_box(at)).upload("rules.toml", rules_of(app).to_toml().encode())
    settled(at.run())
    assert "What we understood" not in shown(at)


def _box(at: AppTest) -> str:
    return next(one.key for one in at.file_uploader if str(one.key).startswith("rules file"))


def test_a_clear_file_has_a_line_that_opens_the_panel(app: AppTest) -> None:
    upload(app, wealthy_csv=WEALTHY)
    assert "What we understood" not in shown(app)
    pressed(app, "Change")
    assert "What we understood" in shown(app)
    pressed(app, "Looks right")
    assert "What we understood" not in shown(app)


def test_features_are_chips_that_can_be_taken_out_and_put_back(app: AppTest) -> None:
    upload(app, wealthy_csv=WEALTHY)
    pressed(app, "Change")
    chips = app.multiselect(key="understood features")
    assert chips.value == ["age", "balance", "income"]
    settled(chips.set_value(["age", "balance"]).run())
    assert app.multiselect(key="features").value == ["age", "balance"]
    settled(app.multiselect(key="understood features").set_value(["age", "balance", "income"]).run())
    assert app.multiselect(key="features").value == []  # the default again


def test_a_country_can_be_chosen(app: AppTest) -> None:
    upload(app, wealthy_csv=WEALTHY)
    pressed(app, "Change")
    settled(app.selectbox(key="understood country").set_value("DE").run())
    assert rules_of(app).intake.country == "DE"
    assert app.session_state["loaded"].study.country == "DE"


def test_a_question_is_answered_on_page_one_and_its_examples_stand_on_the_data_page(app: AppTest) -> None:
    upload(app, twice_csv=TWICE)
    study = app.session_state["loaded"].study
    (question,) = study.questions
    radio = next(one for one in app.radio if str(one.key).startswith("answer"))
    assert radio.value == question.proposal
    assert not any("customer c" in caption for caption in radio.proto.captions)
    settled(app.switch_page(DATA).run())
    radio = next(one for one in app.radio if str(one.key).startswith("answer"))
    assert list(radio.proto.captions)
    assert app.code[0].value.splitlines() == list(question.sample)
    other = next(option.value for option in question.options if option.value != question.proposal)
    settled(radio.set_value(other).run())
    assert rules_of(app).intake.rows == other
    assert app.session_state["loaded"].study.questions == ()
    pressed(app, "Change")
    settled(app.selectbox(key="understood rows").set_value("auto").run())
    assert app.session_state["loaded"].study.questions == (question,)


def test_examples_are_not_shown_while_small_groups_are_hidden(app: AppTest) -> None:
    upload(app, twice_csv=TWICE)
    settled(app.toggle(key="hide").set_value(True).run())
    settled(app.switch_page(DATA).run())
    assert len(app.code) == 0
    radio = next(one for one in app.radio if str(one.key).startswith("answer"))
    assert not list(radio.proto.captions)


@pytest.mark.parametrize("page", [PAGES[0], PAGES[2]])
def test_the_band_is_moved_by_percentiles_or_numbers_and_reset(app: AppTest, page: str) -> None:
    upload(app, wealthy_csv=WEALTHY)
    settled(app.switch_page(page).run())
    opened(app, EDITOR)
    assert "25 mass affluent · 25.0% of 100, relative" in shown(app).replace("**", "")
    assert moved(app.slider, "band percents").value == (70, 95)
    settled(moved(app.slider, "band percents").set_value((50, 100)).run())
    assert "50 mass affluent" in shown(app).replace("**", "")
    assert moved(app.slider, "band percents").key.endswith(" 0")  # it keeps the focus; the numbers are drawn anew
    assert moved(app.number_input, "band min_measure").value == rules_of(app).mass_affluent.min_measure
    settled(moved(app.number_input, "band min_measure").set_value(91_000.0).run())
    assert moved(app.slider, "band percents").value == (90, 100)
    assert app.number_input(key="min_measure").value == 91_000
    assert "10 mass affluent" in shown(app).replace("**", "")
    assert rules_of(app).mass_affluent.min_measure == 91_000
    pressed(app, "Reset to automatic")
    assert rules_of(app).mass_affluent.is_open
    assert "25 mass affluent" in shown(app).replace("**", "")


def test_an_end_that_is_not_moved_keeps_its_number(app: AppTest) -> None:
    upload(app, wealthy_csv=WEALTHY)
    opened(app, EDITOR)
    settled(moved(app.number_input, "band max_measure").set_value(95_250.0).run())
    settled(moved(app.slider, "band percents").set_value((50, 94)).run())
    rule = rules_of(app).mass_affluent
    assert (rule.min_measure, rule.max_measure) == (51_000, 95_250)


def test_another_measure_has_its_own_band_and_histogram(app: AppTest) -> None:
    upload(app, wealthy_csv=WEALTHY)
    opened(app, EDITOR)
    before = charts(app)
    assert any({"from", "to", "customers", "band", "range"} == {*rows[0]} for rows in before if rows)
    settled(moved(app.number_input, "band min_measure").set_value(91_000.0).run())
    settled(app.selectbox(key="band measure").set_value("income").run())
    wealth = app.session_state["loaded"].study.wealth
    assert (wealth.measure, wealth.relative) == ("income", True)
    assert app.selectbox(key="measure").value == "income"
    assert charts(app) != before


def test_the_valuation_of_the_wealth_segment_is_edited_in_the_same_place(app: AppTest) -> None:
    opened(app, EDITOR)
    before = metrics(app)["Total mass affluent"]
    settled(app.number_input(key="band value").set_value(12).run())
    assert app.number_input(key="min_valuation").value == 12
    assert metrics(app)["Total mass affluent"] != before
    pressed(app, "Reset to automatic")
    assert metrics(app)["Total mass affluent"] == before


def test_where_nothing_tells_the_mass_affluent_it_is_not_defined_and_can_be(app: AppTest) -> None:
    upload(app, none_csv=UNDEFINED)
    assert metrics(app)["Total mass affluent"] == "Not defined"
    opened(app, EDITOR)
    settled(app.selectbox(key="band measure").set_value("tenure").run())
    assert metrics(app)["Total mass affluent"].isdecimal()


def test_the_command_line_prints_every_warning_of_the_app(
    app: AppTest, tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    doubtful = UNDEFINED.replace(b"c3,23", b"c3,much").replace(b"tenure", b"balance").replace(b",8,", b",zzz,")
    monkeypatch.chdir(tmp_path)
    for name, content in {"none.csv": UNDEFINED, "twice.csv": TWICE, "doubtful.csv": doubtful}.items():
        dropped(app, name, content)
        warned = [one.value.replace("\\", "") for one in app.warning]
        assert warned
        (tmp_path / name).write_bytes(content)
        assert main(["segment", name, "--as-of", "2026-01-01", "--out", f"out {name}"]) == 0
        printed = capsys.readouterr().out.splitlines()
        assert [sentence for sentence in warned if sentence not in printed] == []


def test_the_band_of_an_opened_result_is_shown_and_fixed(app: AppTest) -> None:
    study = load([FileSource("wealthy.csv", WEALTHY)], Rules(date(2026, 1, 1)))
    matrix = matrix_of(study)
    segments = segment(study, 2, matrix=matrix)
    result = FILES["summary.zip"].make(Analysis(study, segments, structure(segments, sample(matrix))))
    app.file_uploader(key="result").upload("summary.zip", result)
    opened(settled(app.run()), EDITOR)
    assert "25 mass affluent" in shown(app).replace("**", "")
    assert FIXED in shown(app)
    (bars,) = ([row for row in rows if "range" in row] for rows in charts(app) if rows and "range" in rows[0])
    assert sum(row["customers"] for row in bars) == 100
    assert not [one for one in app.number_input if str(one.key).startswith("band")]
    settled(app.switch_page(DATA).run())
    assert "100 customers, one per row · wealth: balance, 71,000 to below 96,000" in shown(app)
    assert "Change" not in labels(app)


def test_bins_of_few_customers_are_hidden_with_small_groups(app: AppTest) -> None:
    upload(app, wealthy_csv=WEALTHY)
    settled(app.toggle(key="hide").set_value(True).run())
    opened(app, EDITOR)
    bars = [row for rows in charts(app) for row in rows if "range" in row]
    assert all(row["customers"] >= 10 for row in bars)
    assert "hidden" in shown(app)
    assert (moved(app.slider, "band percents").min, moved(app.slider, "band percents").max) == (5, 95)
