"""Text of the data in a form that is safe in a chart.

Vega-Lite copies titles, sort orders and clicked values into expressions, Vega uses values as keys of JavaScript
objects and cuts labels by UTF-16 units. So one unusual header or category could break the chart, or the whole report.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate
from typing import Any, Final

import pandas as pd
from pandas.api.types import is_numeric_dtype

LONGEST_TITLE: Final = 60  # code points of a title beside a chart; the card around it has it whole
LONGEST: Final = 200  # of any text: to fit one of 10,000 into a label takes seconds
EXPRESSIONS: Final = ("expr", "labelExpr")  # ours, with no text of the data in them
# Control characters, half of a surrogate pair, characters that XML lacks, and those that change the direction of text.
UNDRAWABLE: Final = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# Names that every object of JavaScript has: as a key, each finds a value that is not of the data.
OBJECT_KEYS: Final = frozenset(
    (
        "constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString",
        "valueOf", "__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
    )
)  # fmt: skip
TOOLTIP_KEYS: Final = frozenset(("title", "image"))  # a tooltip makes a heading of one, and fetches the other
UNSEEN: Final = "\u200b"  # a space of no width, which makes a different key that looks the same
# Regular expressions as an expression of Vega holds them. A character is what a reader takes for one: with its
# accents, skin tone, and what is joined to it.
ASTRAL: Final = r"regexp('[\\ud800-\\udfff]')"
CHARACTER: Final = r"(?:\\p{RI}{2}|.)(?:[\\p{M}\\u200d\\u{1F3FB}-\\u{1F3FF}]|(?<=\\u200d).)*"
WIDE: Final = 1.25  # width of an emoji, in font sizes


def drawable(text: str) -> str:
    """The text with the code in place of each character that cannot be drawn, and never the key of an object.

    A long one is cut; the code at its end tells it from others that start alike.
    """
    shown = UNDRAWABLE.sub(_code, text)
    if len(shown) > LONGEST:
        shown = f"{_start(shown, LONGEST - 12)}…‹{hashlib.sha256(shown.encode()).hexdigest()[:8]}›"
    return shown + UNSEEN if shown in OBJECT_KEYS else shown


def drawable_spec(value: Any) -> Any:
    """A chart's description with every text in it `drawable`; its keys are names of our own."""
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, dict):
        return {name: item if name in EXPRESSIONS else drawable_spec(item) for name, item in value.items()}
    return [drawable_spec(item) for item in value] if isinstance(value, list | tuple) else value


def drawable_table(table: pd.DataFrame) -> pd.DataFrame:
    """A chart's data with every text in it `drawable`; its columns are names of our own."""
    texts = {name: table[name].tolist() for name, kind in table.dtypes.items() if not is_numeric_dtype(kind)}
    drawn = {name: [drawable_spec(text) for text in values] for name, values in texts.items()}
    changed = {name: values for name, values in drawn.items() if values != texts[name]}
    return table.assign(**changed) if changed else table


def title(text: str) -> str:
    """A text of the data as the title beside an axis: not too long."""
    return text if len(text) <= LONGEST_TITLE else _start(text, LONGEST_TITLE - 1) + "…"


def key(text: str) -> str:
    r"""A text of the data as the title of an encoding, which Vega-Lite puts between quotes in expressions.

    It escapes quotes itself, and nothing else: `a\b` would lose its backslash, and a last one end no text.
    """
    shown = title(text).replace("\\", "\\\\")
    return shown + UNSEEN if shown in TOOLTIP_KEYS else shown


def fitted(text: str, pixels: str, size: int) -> str:
    """The expression of a text cut to some pixels by characters, if Vega could cut inside one of them.

    Parameters
    ----------
    text, pixels : str
        Expressions of the text and of the pixels it has.
    size : int
        Size of its font in pixels.
    """
    most = f"max(0, floor(({pixels}) / {WIDE * size}))"
    whole = rf"(?=({CHARACTER}))\\2"  # a lookahead gives nothing back: no part of a character is left for the rest
    cut = f"replace({text}, regexp('^((?:{whole}){{' + {most} + '}}).+$', 'su'), '$1…')"
    return f"(test({ASTRAL}, {text}) ? {cut} : {text})"


def limit(text: str, pixels: str) -> str:
    """The expression of the pixels at which Vega cuts a text: none where `fitted` has cut it."""
    return f"test({ASTRAL}, {text}) ? 0 : {pixels}"


def _code(match: re.Match[str]) -> str:
    return " " if match[0].isspace() else f"‹{ord(match[0]):x}›"


def _start(text: str, most: int) -> str:
    """As many whole characters of a text as have at most so many code points."""
    ends = accumulate(map(len, _characters(text[: most + 1])))
    return text[: max((end for end in ends if end <= most), default=0)]


def _characters(text: str) -> Iterator[str]:
    """The text in pieces that a reader takes for one character each (a part of Unicode's annex 29)."""
    chunk = ""
    for sign in text:
        joins = unicodedata.category(sign).startswith("M") or sign == "\u200d" or "\U0001f3fb" <= sign <= "\U0001f3ff"
        if chunk and not joins and not chunk.endswith("\u200d"):
            yield chunk
            chunk = ""
        chunk += sign
    if chunk:
        yield chunk
