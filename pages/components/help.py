"""Help topics: one Markdown file each in `pages/topics`, linked from the visual that they explain."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

from pages import HELP, TITLE

FOLDER: Final = Path(__file__).parents[1] / "topics"
PAGE: Final = "pages/help.py"
TOPIC: Final = "topic"  # the widget's key, which is its name in the address
# Topic, which is the name of its file → its title, in the order of the list.
TOPICS: Final[Mapping[str, str]] = {
    "files": "What a file needs",
    "databases": "Customers of a database",
    "understanding": "How a file is understood",
    "segments": "Rules, flags and segments",
    "structure": "Are the segments real?",
    "months": "Over time",
    "simulation": "The strategy simulation",
    "target_lists": "Target lists and control groups",
    "campaign_results": "Campaign results",
    "measures": "Your own measures",
    "hiding": "Hiding small groups",
    "projects": "Projects and undo",
    "sharing": "Filter, link and report",
    "results": "Open a result",
    "command_line": "The command line",
    "schedule": "Run it on a schedule",
    "deploying": "Deploying",
}


def topic_choice() -> str:
    """The topic that the reader picks, or that the address names."""
    return st.selectbox("Topic", [*TOPICS], format_func=TOPICS.__getitem__, key=TOPIC, bind="query-params")


def help_text(topic: str) -> str:
    """The Markdown of a topic."""
    return _text(FOLDER / f"{topic}.md")


def help_link(topic: str) -> None:
    """A link to the topic that explains the elements above; none on the Help page, which lists all topics."""
    if st.session_state[TITLE] == HELP:
        return  # Streamlit would mark each link there as the current page, whatever its topic
    st.page_link(PAGE, label=TOPICS[topic], icon=":material/help:", query_params={TOPIC: TOPICS[topic]})


@cache
def _text(path: Path) -> str:
    return path.read_text("utf-8").rstrip()
