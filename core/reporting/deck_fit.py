"""How much room a text takes, without its font: what fits is chosen by the widths of Arial, and wider for safety."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from core.views.chart_text import UNDRAWABLE

POINT: Final = 12_700  # EMU
LINE: Final = 1.2  # a line's height in sizes of its font
SAFETY: Final = 1.18  # where there is no Arial, a font that is wider may stand in
BOLD: Final = 1.14  # of the width of plain text
# Widths in sizes of the font, as Adobe's metrics of Helvetica have them, gathered into a few classes.
NARROW, SLIM, CAPITAL, BROAD, LOWER, ANY, FULL = 0.26, 0.34, 0.69, 0.88, 0.54, 0.62, 1.05
CLASSES: Final = {
    **dict.fromkeys("ijl.,:;'|!’‘·", NARROW), **dict.fromkeys("frtI()[]-/ “”\u00a0", SLIM),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", CAPITAL), **dict.fromkeys("mwMW%@—…", BROAD),
}  # fmt: skip
CUT: Final = "…"
LEAST_WORD: Final = 0.6  # of the room: a cut goes back to the end of a word if so much is left
LONGEST: Final = 4_000  # characters of any text


def clean(text: str, most: int = LONGEST) -> str:
    """The text on one line, without what XML lacks or what turns text around, and cut at a word beyond `most`."""
    text = UNDRAWABLE.sub(lambda match: " " if match[0].isspace() else "", text[: most * 4])
    return cut(re.sub(r"[ \t\n\r\f\v]+", " ", text).strip(), most)


def cut(text: str, most: int) -> str:
    """At most so many characters, cut at the end of a word where there is one, with an ellipsis."""
    if len(text) <= most:
        return text
    kept = text[: max(most - 1, 0)]
    at = kept.rfind(" ")
    kept = kept[:at] if at >= LEAST_WORD * most else kept
    while kept and _joins(text[len(kept)]):  # no accent, and no half of an emoji, is torn off
        kept = kept[:-1]
    return kept.rstrip(" ,;:·–-(“") + CUT


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line in points."""
    return (BOLD if bold else 1.0) * SAFETY * size * sum(map(_width, text))


def lines(text: str, room: float, size: float) -> int:
    """How many lines a text takes in a room of so many points."""
    found, at = 1, 0.0
    space = width(" ", size)
    for word in text.split(" "):
        needs = width(word, size)
        if at and at + space + needs > room:
            found, at = found + 1, 0.0
        elif at:
            at += space
        if needs > room:  # a word that is broken
            found += int((at + needs) // room)
            at = (at + needs) % room
        else:
            at += needs
    return found


def height(text: str, room: float, size: float) -> float:
    """The height of a text in points."""
    return lines(text, room, size) * size * LINE


def fit(text: str, room: float, high: float, sizes: Sequence[float]) -> tuple[str, float]:
    """The text, cut where it must be, and the largest of the sizes (in points, falling) in which it fits."""
    for size in sizes:
        if height(text, room, size) <= high:
            return text, size
    size = sizes[-1]
    most = len(text)
    while most > 1 and height(text, room, size) > high:
        most = min(most - 1, int(most * 0.93))
        text = cut(text, most)
    return text, size


def _joins(sign: str) -> bool:
    return unicodedata.category(sign).startswith("M") or sign == "\u200d" or "\U0001f3fb" <= sign <= "\U0001f3ff"


def _width(sign: str) -> float:
    if (known := CLASSES.get(sign)) is not None:
        return known
    if sign < "\x7f":
        return LOWER if sign.islower() or not sign.isalpha() else CAPITAL
    if unicodedata.category(sign).startswith(("M", "C")):
        return 0.0
    return FULL if unicodedata.east_asian_width(sign) in "WF" or sign > "\uffff" else ANY
