"""Text that comes from a file, made safe to put where Streamlit reads Markdown, and titles of cards."""

import re
from typing import Any, Final

import streamlit as st

# A code of an icon or emoji, which Streamlit replaces in the text that is left when Markdown has been read.
CODE: Final = re.compile(r":(?=[\w+\-]+(?:/\w+)?:)")
WORD_JOINER: Final = "\u2060"  # nobody sees it


def escape_markdown(text: str) -> str:
    """Escape Markdown, so that a value such as `![](http://…)` is shown and not fetched."""
    plain = CODE.sub(f":{WORD_JOINER}", " ".join(text.split()))
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~:$&^=])", r"\\\1", plain)


def card_title(title: str, **how: Any) -> None:
    """A title as a heading, to which a screen reader can jump."""
    st.subheader(escape_markdown(title), anchor=False, **how)
