"""Texts that a workbook can hold: no characters that XML lacks, no markup, no name or cell that is too long."""

import re
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 32_767  # UTF-16 units of a cell
LONGEST_NAME: Final = 31  # of a sheet
NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ESCAPE: Final = re.compile("_(?=x[0-9a-fA-F]{4}_)")  # Excel reads `_x0041_` as "A"
MOST_OF_FOOTER: Final = 90  # characters of a part of a footer, of 255 in all


def names(wanted: Iterable[str]) -> list[str]:
    """Names of sheets that Excel takes, each once whatever its case."""
    found: dict[str, str] = {"history": ""}  # Excel keeps that name for itself
    for name in wanted:
        short = cut(NOT_IN_NAMES.sub(" ", plain(name)).strip(" '"), LONGEST_NAME).strip(" '") or "Sheet"
        one, number = short, 2
        while one.casefold() in found:
            end = f" ({number})"
            one, number = cut(short, LONGEST_NAME - len(end)) + end, number + 1
        found[one.casefold()] = one
    return [*found.values()][1:]


def plain(text: str) -> str:
    """A text that a cell can hold, and that no program takes for markup of its own."""
    text = NOT_IN_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = ESCAPE.sub("_\u200b", text)
    # XlsxWriter writes what looks like its own rich text as it is.
    return cut(f"{text} " if text.startswith("<r>") else text, LONGEST)


def cut(text: str, most: int) -> str:
    """The text with at most so many UTF-16 units."""
    if len(text) * 2 <= most or len(text.encode("utf-16-le")) // 2 <= most:
        return text
    return text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore") + "…"


def in_footer(text: str) -> str:
    """A text of data in a header or footer, where `&` begins a command."""
    return cut(plain(text).replace("\n", " "), MOST_OF_FOOTER).replace("&", "&&")
