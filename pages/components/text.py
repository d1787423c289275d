"""Text that comes from a file, made safe to put where Streamlit reads Markdown."""

import re
from typing import Final

# A code of an icon or emoji, which Streamlit replaces in the text that is left when Markdown has been read.
CODE: Final = re.compile(r":(?=[\w+\-]+(?:/\w+)?:)")
WORD_JOINER: Final = "\u2060"  # nobody sees it


def escape_markdown(text: str) -> str:
    """Escape Markdown, so that a value such as `![](http://…)` is shown and not fetched."""
    plain = CODE.sub(f":{WORD_JOINER}", " ".join(text.split()))
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~:$&^=])", r"\\\1", plain)
