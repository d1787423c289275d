"""Text from a file never becomes Markdown."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from pages.components.text import WORD_JOINER, escape_markdown

MARKS = r"[\\`*_{}\[\]()#+\-.!|<>~:$&^=]"


@given(st.text())
@example("![x](http://example.com/x.png)")
@example(":material/home: :red[x] $x^2$ a_b")
def test_every_mark_is_escaped_and_nothing_else_is_changed(text: str) -> None:
    unescaped = re.sub(rf"\\({MARKS})", "", escape_markdown(text))
    assert not re.search(MARKS, unescaped)
    shown = re.sub(rf"\\({MARKS})", r"\1", escape_markdown(text)).replace(WORD_JOINER, "")
    assert shown == " ".join(text.split()).replace(WORD_JOINER, "")
    assert not re.search(":material/\\w+:", re.sub(rf"\\({MARKS})", r"\1", escape_markdown(text)))
