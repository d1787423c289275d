"""The deck's template: asked for among the downloads, checked at once."""

import io

import pytest
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from core.analysis import Analysis
from pages.components import downloads
from tests.pages.reading import opened, settled


def test_a_template_that_can_be_used_goes_into_the_deck_and_another_is_refused(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_of: list[Analysis] = []
    monkeypatch.setattr(downloads, "results", lambda analysis, *_: made_of.append(analysis) or {})
    file = io.BytesIO()
    Presentation().save(file)
    opened(app, "downloads")
    app.file_uploader(key="deck_template").upload("bank.pptx", file.getvalue())
    settled(app.run())
    assert not app.error
    app.file_uploader(key="deck_template").set_value([]).upload("bank.potx", b"no archive")
    settled(app.run())
    assert "It is damaged, or no presentation" in app.error[0].value
    app.file_uploader(key="deck_template").set_value([]).upload("empty.pptx", b"")
    settled(app.run())
    assert "It is damaged, or no presentation" in app.error[0].value
    assert [one.template for one in made_of] == [b"", file.getvalue(), b"", b""]
