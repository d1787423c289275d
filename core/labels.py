"""Labels of columns as titles and sentences have them."""

from collections.abc import Sequence


def spelt(label: str) -> str:
    """A label in words, where it is a header of the file in snake_case: `"bedroom_count"` → `bedroom count`."""
    return " ".join(label.replace("_", " ").split()) if "_" in label else label


def at_start(label: str) -> str:
    """A label at the start of a title: with a capital, unless it has its own ones, as `iPhone` has."""
    shown = spelt(label)
    return f"{shown[:1].upper()}{shown[1:]}" if shown.islower() else shown


def listed(words: Sequence[str], last: str = "and") -> str:
    """One or more words in a sentence: `"state, job and age"`; `last` stands before the last of them."""
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end
