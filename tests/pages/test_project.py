"""Projects, undo and named views in the app."""

import json
from datetime import date
from pathlib import Path
from unittest.mock import patch

import pytest
from streamlit.testing.v1 import AppTest

from core.analysis import Analysis
from core.files import json_bytes
from core.measures.measure import Measure
from core.pipeline import load, segment
from core.project import Project, State, from_json
from core.rules import Rules
from core.sources.file import FileSource
from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign
from core.strategy.scenario import Scenario
from data.generate import SAMPLE
from pages.components import measures, privacy, project, scenarios
from pages.components.history import HISTORY, MOST
from pages.components.link import MOST as MOST_VALUES
from tests.pages import reading
from tests.pages.reading import metrics, opened, settled, started

ROWS = "".join(f"{n},{20 + n % 50},{1000 + 37 * n % 9000},{'north' if n % 3 else 'south'}\n" for n in range(200))
OWN = f"customer_id,age,balance,plan\n{ROWS}".encode()


@pytest.fixture
def on_laptop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder with a file of customers; the app is started with it, and with a project that is not there yet."""
    (tmp_path / "own.csv").write_bytes(OWN)
    arguments = ["--project", str(tmp_path / "p.json"), f"--data={tmp_path / 'own.csv'}"]
    monkeypatch.setattr("sys.argv", ["streamlit_app.py", *arguments])
    return tmp_path


def said(at: AppTest) -> str:
    """All sentences, warnings too, as they are read."""
    return "\n".join([reading.said(at), *(one.value for one in at.warning)]).replace("\\", "")


def press(at: AppTest, key: str) -> AppTest:
    return settled(at.button(key=key).click().run())


def changed(at: AppTest) -> AppTest:
    """After a filter, a click on segment 2 among 6 segments, and a name."""
    settled(at.slider(key="k").set_value(6).run())
    settled(at.multiselect(key="where_plan").select("south").run())
    settled(at.multiselect(key="filtered segments").select("2").run())
    settled(at.switch_page("pages/profiles.py").run())
    (name,) = [one for one in at.main.text_input if one.label == "Name"]
    settled(name.set_value("Savers").run())
    return at


def shown(at: AppTest) -> tuple:
    """What the sidebar is set to, and the segments' names."""
    segments = at.multiselect(key="filtered segments")
    return at.slider(key="k").value, at.multiselect(key="where_plan").value, segments.value, segments.options[0]


@pytest.mark.usefixtures("on_laptop")
def test_each_change_is_a_step_that_can_be_undone_and_done_again() -> None:
    at = changed(started())
    steps = [shown(at), *(shown(press(at, "undo")) for _ in range(4))]
    assert [step[:3] for step in steps] == [
        (6, ["south"], ["2"]), (6, ["south"], ["2"]), (6, ["south"], []), (6, [], []), (5, [], []),
    ]  # fmt: skip
    assert steps[0][3] == "1 Savers"
    assert steps[1][3] != "1 Savers"
    assert at.button(key="undo").disabled
    for step in steps[-2::-1]:
        assert shown(press(at, "redo")) == step
    assert at.button(key="redo").disabled


def test_the_first_pick_on_a_page_is_a_step(app: AppTest) -> None:
    settled(app.switch_page("pages/demographics.py").run())
    picked = app.main.selectbox[0]
    before, other = picked.value, picked.options[-1]
    settled(picked.select(other).run())
    assert app.main.selectbox[0].value != before
    press(app, "undo")
    assert app.main.selectbox[0].value == before


def test_a_change_after_an_undo_takes_the_place_of_what_was_undone(app: AppTest) -> None:
    for k in (6, 7):
        settled(app.slider(key="k").set_value(k).run())
    press(app, "undo")
    settled(app.slider(key="k").set_value(4).run())
    assert app.button(key="redo").disabled
    press(app, "undo")
    assert app.slider(key="k").value == 6
    history = app.session_state[HISTORY]
    with patch("pages.components.history.restore") as restored:
        assert history.go(2), "the browser can still go back to it"
    assert restored.call_args.args[0]["k"] == 7


def test_a_page_or_an_opened_section_is_no_step_and_the_oldest_steps_go(app: AppTest) -> None:
    for page in ("demographics", "strategy", "profiles", "overview"):
        settled(app.switch_page(f"pages/{page}.py").run())
    opened(app, project.SECTION)
    assert app.button(key="undo").disabled
    history = app.session_state[HISTORY]
    for number in range(3 * MOST):
        history.add(history.snapshots[0] if number == 0 else {}, "Filter")
    assert len(history.line) == MOST
    assert len(history.snapshots) <= 2 * MOST


def test_steps_begin_anew_with_other_customers(app: AppTest) -> None:
    settled(app.slider(key="k").set_value(6).run())
    app.file_uploader(key="uploads").upload("own.csv", OWN)
    settled(app.run())
    assert app.button(key="undo").disabled


def test_a_project_brings_everything_back_and_is_written_only_when_asked(on_laptop: Path) -> None:
    at = started()
    assert "No such file" in said(at)
    assert metrics(at)["Total customers"] == "200"
    changed(at)
    at.session_state[measures.STORED] = (Measure("South", 'count(plan = "south")'),)
    at.session_state[scenarios.STORED] = (Scenario("zq", "all", 60, default_campaign(USUAL["Everybody"])),)
    at.number_input(key="below_age").set_value(30)
    settled(at.run())
    assert not (on_laptop / "p.json").exists()
    opened(at, project.SECTION)
    press(at, "save_project")
    assert f"Saved to {on_laptop / 'p.json'}" in said(at)
    written = (on_laptop / "p.json").read_bytes()
    found = from_json(written)
    assert (found.data.kind, found.data.files, found.state.page) == ("files", ("own.csv",), "profiles")
    assert b"1037" not in written, "no customer"

    again = started()
    assert shown(again) == (6, ["south"], ["2"], "1 Savers")
    assert again.number_input(key="below_age").value == 30
    assert [one.name for one in again.session_state[measures.STORED]] == ["South"]
    assert [one.name for one in again.session_state[scenarios.STORED]] == ["zq"]


@pytest.mark.usefixtures("on_laptop")
def test_after_a_reload_the_address_wins_over_the_project() -> None:
    at = changed(started())
    opened(at, project.SECTION)
    press(at, "save_project")
    again = started(data="files", k="4")
    assert shown(again)[:3] == (4, [], [])
    assert shown(settled(again.slider(key="k").set_value(6).run()))[3] == "1 Savers", "names come from the project"


def test_a_project_among_the_customer_files_is_opened_and_can_be_undone(
    on_laptop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = changed(started())
    opened(own, project.SECTION)
    press(own, "save_project")
    content = (on_laptop / "p.json").read_bytes()
    monkeypatch.setattr("sys.argv", ["streamlit_app.py"])
    app = started()
    settled(app.slider(key="k").set_value(3).run())

    app.file_uploader(key="uploads").upload("p.json", content)
    settled(app.run())
    assert "made with own.csv, not open now" in said(app)
    press(app, "undo")
    assert app.slider(key="k").value == 3

    press(app, "redo")
    app.file_uploader(key="uploads").upload("own.csv", OWN)
    settled(app.run())
    assert shown(app) == (6, ["south"], ["2"], "1 Savers")


def test_other_files_than_those_of_a_project_are_named(on_laptop: Path) -> None:
    (on_laptop / "p.json").write_bytes(
        json.dumps({
            "format": "segmentation project", "version": 1, "rules": {"as_of": "2026-01-01"}, "state": {"k": 3},
            "data": {"kind": "files", "files": ["other.csv"], "sha256": "ab"},
        }).encode()
    )  # fmt: skip
    at = started()
    assert at.slider(key="k").value == 3
    assert "p.json was made with other.csv; open now: own.csv" in said(at)


def saved(at: AppTest) -> None:
    opened(at, project.SECTION)
    press(at, "save_project")


def test_scenarios_wait_in_the_file_for_the_data_they_were_made_with(on_laptop: Path) -> None:
    scenario = Scenario("zq", "all", 60, default_campaign(USUAL["Everybody"]))
    at = started()
    at.session_state[scenarios.STORED] = (scenario,)
    saved(at)
    (on_laptop / "own.csv").write_bytes(OWN + b"999,44,1234,north\n")
    for _ in range(2):  # a month later, and once more from the file that was saved then
        at = started()
        assert scenarios.STORED not in at.session_state
        saved(at)
    (on_laptop / "own.csv").write_bytes(OWN)
    assert started().session_state[scenarios.STORED] == (scenario,)


def test_few_customers_of_a_scenario_are_left_out_and_said(on_laptop: Path) -> None:
    at = started()
    at.session_state[scenarios.STORED] = (Scenario("zq", "all", 6, default_campaign(USUAL["Everybody"])),)
    settled(at.toggle(key="hide").set_value(True).run())
    saved(at)
    assert "Without scenarios for few customers while small groups are hidden." in said(at)
    assert b"zq" not in (on_laptop / "p.json").read_bytes()


@pytest.mark.parametrize("newer", [True, False])
def test_a_project_that_was_not_opened_or_saved_here_is_replaced_only_at_the_second_press(
    on_laptop: Path, *, newer: bool
) -> None:
    file = on_laptop / "p.json"
    if newer:
        file.write_bytes(b'{"format": "segmentation project", "version": 2}')
    at = started()
    if not newer:
        saved(started(k="9"))  # another window
    before = file.read_bytes()
    saved(at)
    assert "Not saved: p.json is not the one" in said(at)
    assert file.read_bytes() == before
    saved(at)
    assert from_json(file.read_bytes()).state.k == 5
    saved(settled(at.slider(key="k").set_value(6).run()))
    assert from_json(file.read_bytes()).state.k == 6


@pytest.mark.parametrize(("content", "message"), [(b"{", "p.json: This is not a project"), (None, "No such file")])
def test_a_damaged_or_absent_project_of_the_command_line_is_said(
    on_laptop: Path, content: bytes | None, message: str
) -> None:
    if content:
        (on_laptop / "p.json").write_bytes(content)
    at = started()
    assert message in said(at)
    assert metrics(at)["Total customers"] == "200"


def test_an_absent_file_of_the_command_line_is_said_instead_of_the_sample(on_laptop: Path) -> None:
    (on_laptop / "own.csv").unlink()
    at = started()
    assert "own.csv: No such file or directory. Correct --data." in said(at)
    assert not at.metric


def test_what_a_project_picks_is_set_only_where_it_is_an_option(app: AppTest) -> None:
    settled(app.toggle(key="hide").set_value(True).run())
    picks = dict.fromkeys(("undo", "k", "history", "hide", "waiting", "uploads"), "false") | {"tiles": "gone"}
    content = Project(Rules(date(2026, 1, 1)), state=State(k=7, picks=picks)).to_json()
    app.file_uploader(key="uploads").upload("p.json", content)
    settled(settled(app.run()).run())
    assert (app.slider(key="k").value, app.toggle(key="hide").value) == (7, True)


def test_a_project_sets_as_many_clicks_and_values_as_a_link(app: AppTest) -> None:
    many = State(
        filters={"state": tuple(map(str, range(2 * MOST_VALUES)))}, clicks=(*(f"pie:{n}" for n in range(999)),)
    )
    app.file_uploader(key="uploads").upload("p.json", Project(Rules(date(2026, 1, 1)), state=many).to_json())
    settled(app.run())
    assert sum(str(one.key).startswith("chip ") for one in app.button) == 2 * MOST_VALUES


@pytest.mark.usefixtures("on_laptop")
def test_the_command_line_is_ignored_on_a_shared_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(privacy.SHARED, "1")
    at = started()
    assert metrics(at)["Total customers"] == "3,996"
    assert "Both are ignored" in said(at)


def test_a_named_view_is_gone_to_from_another_page_and_deleted(app: AppTest) -> None:
    settled(app.multiselect(key="job_industry").select("Health").run())
    settled(app.slider(key="k").set_value(6).run())
    opened(app, project.SECTION)
    app.text_input(key="bookmark_name").set_value("Health")
    press(app, "save_bookmark")
    press(app, "reset")
    settled(app.slider(key="k").set_value(3).run())
    settled(app.switch_page("pages/strategy.py").run())
    opened(app, project.SECTION)
    press(app, "go_to_bookmark")
    assert app.title[0].value == "Segment overview"
    assert app.slider(key="k").value == 6
    assert app.multiselect(key="job_industry").value == ["Health"]
    opened(app, project.SECTION)
    press(app, "delete_bookmark")
    assert "A named view is the page" in said(app)


@pytest.mark.usefixtures("on_laptop")
def test_nothing_of_the_command_line_comes_back_after_deleting() -> None:
    at = started()
    press(at, "delete_data")
    assert metrics(at)["Total customers"] == "3,996"


def test_a_project_has_the_saved_model_in_use_unless_small_groups_are_hidden(on_laptop: Path) -> None:
    study = load([FileSource("before.csv", OWN)], Rules(date(2026, 1, 1)))
    model = Analysis(study, segment(study, 3)).model
    at = started()
    at.file_uploader(key="model").upload("model.json", json_bytes(model.to_dict()))
    settled(at.run())
    opened(at, project.SECTION)
    press(at, "save_project")
    written = from_json((on_laptop / "p.json").read_bytes())
    assert written.model == json.loads(json_bytes(model.to_dict()))
    again = started()
    assert len(again.multiselect(key="filtered segments").options) == 3
    assert "The model of p.json." in said(again)
    settled(again.toggle(key="hide").set_value(True).run())
    opened(again, project.SECTION)
    press(again, "save_project")
    assert from_json((on_laptop / "p.json").read_bytes()).model is None
    press(again, "drop_model")
    assert len(again.multiselect(key="filtered segments").options) == 5


def test_a_lost_session_says_what_else_is_gone() -> None:
    assert "If you saved a project, open it" in said(started(data="files"))


def test_the_sample_is_no_project() -> None:
    at = started()
    at.file_uploader(key="uploads").upload(SAMPLE.name, SAMPLE.read_bytes())
    assert metrics(settled(at.run()))["Total customers"] == "3,996"
