"""The help page: a topic per Markdown file, linked from what it explains."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.help import FOLDER, TOPICS, help_text
from tests.pages.reading import settled


def test_every_file_is_a_topic_and_every_topic_has_a_file() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.md")) == sorted(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_begins_with_its_title(topic: str) -> None:
    assert help_text(topic).splitlines()[0] == f"# {TOPICS[topic]}"


def test_every_topic_but_deploying_is_linked_from_the_app() -> None:
    pages = FOLDER.parent
    code = "".join(path.read_text("utf-8") for path in [*pages.rglob("*.py"), pages.parent / "streamlit_app.py"])
    assert [topic for topic in TOPICS if f'help_link("{topic}")' not in code] == ["deploying"]


def test_the_page_shows_the_topic_that_is_picked(app: AppTest) -> None:
    settled(app.switch_page("pages/help.py").run())
    assert app.main.markdown[0].value == help_text("files")
    app.selectbox(key="topic").select("hiding")
    assert settled(app.run()).main.markdown[0].value == help_text("hiding")
