"""The app's lines of the audit trail."""

import json
from pathlib import Path

import pytest

from core.trail import FILE
from pages.components import trail
from tests.pages.reading import started
from tests.pages.test_upload import SMALL, upload


def test_an_upload_and_a_download_are_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "trail.jsonl"
    monkeypatch.setenv(FILE, str(path))
    at = upload(started(), forty_csv=SMALL)
    (read,) = map(json.loads, path.read_text().splitlines())
    assert (read["event"], read["sources"], read["rows"]) == ("read", ["forty.csv"], 40)
    assert read["who"] == "test@example.com"
    assert at.session_state[trail.LOOKED_AT].startswith("40 of 40 customers")
    trail._noted(lambda: "id,x\n1,2\n", "list.csv", "ann@bank.example", at.session_state[trail.LOOKED_AT])
    line = json.loads(path.read_text().splitlines()[-1])
    assert (line["who"], line["event"], line["rows"], line["columns"]) == (
        "ann@bank.example",
        "exported",
        1,
        ["id", "x"],
    )


def test_every_download_goes_through_the_one_button() -> None:
    pages = Path(trail.__file__).parents[1]
    using = {path.name for path in pages.rglob("*.py") if "st.download_button(" in path.read_text()}
    assert using == {"trail.py"}
