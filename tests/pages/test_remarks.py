"""The analyst's notes in the app: written beside a title, shown below it, undone, kept in the project."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.project import from_json
from core.remarks import Remark
from pages.components import project, remarks
from tests.pages import reading
from tests.pages.reading import opened, settled, started


@pytest.fixture(scope="module")
def app() -> AppTest:
    return started()


def write(at: AppTest, of: str, text: str) -> AppTest:
    """Open the note on something and write one."""
    opened(at, f"remark {of} box")
    (area,) = [one for one in at.main.text_area if one.key.startswith(f"remark {of} ")]
    return settled(area.set_value(text).run())


def shown(at: AppTest) -> str:
    return "\n".join(one.value for one in at.main.markdown)


def test_a_note_is_shown_as_text_below_its_title_and_can_be_undone(app: AppTest) -> None:
    at = write(app, "pie", "![x](http://a.b) *two*")
    assert at.session_state[remarks.STORED] == (Remark("pie", "![x](http://a.b) *two*"),)
    assert "\\!\\[x\\]\\(http\\:" in shown(at)
    assert at.button(key="undo").proto.help == "Undo: Note"
    settled(at.button(key="undo").click().run())
    assert remarks.STORED not in at.session_state
    assert "two" not in shown(at)
    settled(at.button(key="redo").click().run())
    assert "two" in shown(at)
    write(at, "pie", "")
    assert at.session_state[remarks.STORED] == ()


def test_a_note_on_a_segment_is_shown_with_its_card_and_waits_while_there_are_others(app: AppTest) -> None:
    settled(app.switch_page("pages/profiles.py").run())
    (box,) = [one for one in app.main.get("popover") if "segment" in one.proto.popover.id]
    of = next(key for key in box.proto.popover.id.split("remark ") if key.startswith("segment:")).removesuffix(" box")
    write(app, of, "The old ones.")
    assert "The old ones" in shown(app)
    settled(app.switch_page("pages/overview.py").run())
    assert shown(app).count("The old ones") == 1
    settled(app.slider(key="k").set_value(6).run())
    assert "The old ones" not in shown(app)
    opened(app, project.SECTION)
    assert "Note on a segment that is not made now" in reading.said(app).replace("\\", "")
    settled(app.button(key="delete_remark 0").click().run())
    assert app.session_state[remarks.STORED] == ()


def test_a_project_file_has_the_notes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.argv", ["streamlit_app.py", "--project", str(tmp_path / "p.json")])
    at = write(started(), "pie", "Look.")
    at.session_state[remarks.STORED] = (*at.session_state[remarks.STORED], Remark("gone", "Kept."))
    settled(at.run())
    opened(at, project.SECTION)
    assert "Note on a chart that is not shown now" in reading.said(at).replace("\\", "")
    settled(at.button(key="save_project").click().run())
    assert from_json((tmp_path / "p.json").read_bytes()).remarks == (Remark("pie", "Look."), Remark("gone", "Kept."))
    assert "Look" in shown(started())
