"""Parts of a SQL statement: literals and names."""


def literal(value: float) -> str:
    """An approximate numeric literal: with an exponent it is a double everywhere, not a decimal."""
    text = repr(float(value))
    text = text if "e" in text else f"{text}E0"
    return f"({text})" if text.startswith("-") else text


def quoted(name: str) -> str:
    """The name of a table or a column."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"
