"""The help page: a topic per Markdown file, linked from what it explains."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from core.results import FILES
from pages.components.help import FOLDER, TOPICS, help_text
from tests.pages.reading import settled, started


def test_every_file_is_a_topic_and_every_topic_has_a_file() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.md")) == sorted(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_begins_with_its_title(topic: str) -> None:
    assert help_text(topic).splitlines()[0] == f"# {TOPICS[topic]}"


def test_every_output_file_is_in_a_topic() -> None:
    texts = "".join(map(help_text, TOPICS))
    assert [name for name in FILES if name not in texts] == []


def test_every_topic_but_those_of_servers_is_linked_from_the_app() -> None:
    pages = FOLDER.parent
    code = "".join(path.read_text("utf-8") for path in [*pages.rglob("*.py"), pages.parent / "streamlit_app.py"])
    assert [topic for topic in TOPICS if f'help_link("{topic}")' not in code] == ["schedule", "deploying"]


def test_the_page_shows_the_topic_that_is_picked(app: AppTest) -> None:
    settled(app.switch_page("pages/help.py").run())
    assert app.main.markdown[0].value == help_text("files")
    app.selectbox(key="topic").select("hiding")
    assert settled(app.run()).main.markdown[0].value == help_text("hiding")


def links(at: AppTest) -> list[str]:
    """The labels of the links to topics."""
    return [link.proto.label for link in at.get("page_link") if link.proto.page == "help"]


def test_help_is_readable_without_data_and_the_page_without_figures_links_to_it() -> None:
    at = started(data="files")
    assert "What a file needs" in links(at)
    settled(at.switch_page("pages/help.py").run())
    assert at.main.markdown[0].value == help_text("files")
    at.selectbox(key="topic").select("hiding")
    assert settled(at.run()).main.markdown[0].value == help_text("hiding")
    settled(at.switch_page("pages/overview.py").run())
    assert "topic" not in at.query_params
    assert at.query_params["data"] == "files"


def test_no_link_on_the_help_page_looks_like_the_current_page(app: AppTest) -> None:
    assert "Hiding small groups" in links(app)
    settled(app.switch_page("pages/help.py").run())
    assert links(app) == []


def test_a_share_has_no_blank_before_its_sign() -> None:
    texts = [*FOLDER.glob("*.md"), *FOLDER.parent.glob("components/*.py")]
    assert [path.name for path in texts if re.search(r"\d %", path.read_text("utf-8"))] == []
