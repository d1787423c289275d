"""Text that comes from a file, made safe to put where Streamlit reads Markdown."""

import re


def escape_markdown(text: str) -> str:
    """Escape Markdown, so that a value such as `![](http://…)` is shown and not fetched."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~:$&^=])", r"\\\1", " ".join(text.split()))
