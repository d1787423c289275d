"""Numbers as text for people: one way to write each kind, on pages, charts, in the report and on the command line.

No exponents below 16 digits, no "−0", an en dash where there is no finite number. Files for machines (CSV, JSON) take
none of this.
The marks are those of the `style` in force: a page, the report and the command line each set that of their analysis.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from functools import partial
from itertools import pairwise
from math import isfinite
from typing import Final

import numpy as np

from core.number_style import ENGLISH, SPACE, WORDS_TO, NumberStyle

NONE: Final = "–"
NEAR_ZERO: Final = "near 0"
WHOLE_FROM: Final = 1000  # from here on decimals say nothing
FIGURES: Final = 3  # of a number below 1
LONG: Final = 1e15  # from here on, which is 16 digits, nobody counts them
LEAST: Final = 1e-12  # smaller is what rounding leaves of 0
EDGE_DECIMALS: Final = 9  # of the edge of a bin: 0.3, and not 0.30000000000000004
LEAST_SHARE: Final = 1e-8  # rarer than any customer; computed means are sure to 9 decimals
# The same for Vega-Lite, by kind (d3-format). `~r` rounds to figures without exponents.
COUNT_FORM, SHARE_FORM = ",", ".1%"
AXIS_FORM = "~f"

_STYLE: Final[ContextVar[NumberStyle]] = ContextVar("number style", default=ENGLISH)  # a thread has its own


def style() -> NumberStyle:
    """The style in force."""
    return _STYLE.get()


def write_as(chosen: NumberStyle) -> None:
    """Write numbers in a style from here on, at most to the end of the `written_as` around it."""
    _STYLE.set(chosen)


@contextmanager
def written_as(chosen: NumberStyle = ENGLISH) -> Iterator[None]:
    """Write the numbers of a block in a style."""
    before = _STYLE.set(chosen)
    try:
        yield
    finally:
        _STYLE.reset(before)


def number(value: float, digits: int = 1, *, trim: bool = False) -> str:
    """A measured number by its size: `"58,941"`, `"23.8"`, `"0.0042"`.

    Whole from a thousand on, `digits` decimals from 1 on, three figures below. `trim` drops zeros at the end, for
    the value of one customer: `"27"`.
    """
    if not isfinite(value):
        return NONE
    size = abs(float(value))
    if size >= LONG:
        return signed(value, _with_exponent(f"{size:.{FIGURES - 1}e}"))
    if round(size, digits) >= WHOLE_FROM:
        return signed(value, marked(f"{Decimal(repr(size)):.0f}"))  # as its shortest decimal: no noise in a long number
    if 0 < size < LEAST:
        return NEAR_ZERO
    text = f"{size:.{digits}f}"
    if 0 < size < 1 and len(figures := _first_figures(size)) > len(text):
        text = figures
    return signed(value, marked(text.rstrip("0").rstrip(".") if trim and "." in text else text))


def marked(digits: str) -> str:
    """Plain digits with the marks of the style in force."""
    return style().marked(digits)


def _first_figures(size: float) -> str:
    return np.format_float_positional(size, FIGURES, fractional=False, trim="-")


def number_form(values: Iterable[float]) -> str:
    """The format by which Vega-Lite writes some numbers beside each other as `number` writes the largest."""
    most = max((abs(value) for value in values if isfinite(value)), default=0.0)
    if most >= LONG:
        return f".{FIGURES - 1}~e"
    return ",.0f" if most >= WHOLE_FROM else ",.1f" if most >= 1 or not most else f",.{FIGURES}~r"


def exact(value: float) -> str:
    """A number with all its figures, to be typed again (so with a hyphen): `-100000.0` → `"-100,000"`."""
    if not isfinite(value):
        return NONE
    if abs(value) >= LONG:
        return "-" * (value < 0) + _with_exponent(np.format_float_scientific(abs(value), trim="-"))
    text = f"{Decimal(np.format_float_positional(value + 0.0, trim='-')):f}"
    return "-" + marked(text[1:]) if text.startswith("-") else marked(text)


def coefficient(value: float, digits: int = 2) -> str:
    """A silhouette, a correlation or another number whose scale is known, by `digits` decimals: `"0.22"`."""
    return _fixed(value, digits)


def count(value: float) -> str:
    """A number of customers or rows, also an expected one: `1234.4` → `"1,234"`."""
    return _fixed(value, 0)


def _fixed(value: float, digits: int) -> str:
    if not isfinite(value) or abs(value) >= LONG:
        return number(value)
    return signed(value, marked(f"{abs(value):.{digits}f}"))


def _with_exponent(text: str) -> str:
    """`"1.50e+300"` → `"1.5e300"`, with the marks of the style."""
    figures, _, exponent = text.partition("e")
    figures = figures.rstrip("0").rstrip(".") if "." in figures else figures
    return f"{marked(figures)}e{int(exponent)}"


def money(value: float, currency: str, digits: int | None = None, *, trim: bool = False) -> str:
    """`-1234.5` → `"−£1,234"` with the sign of a currency, which is empty where none is known.

    An amount is whole unless `digits` are given, as `number` takes them. An en dash where there is no finite number.
    """
    if not isfinite(value):
        return NONE
    size = abs(float(value))
    if LONG <= size < WORDS_TO:
        return short(value, currency)
    return _signed_amount(value, count(size) if digits is None else number(size, digits, trim=trim), currency)


def amount(value: float, currency: str) -> str:
    """An amount with all its figures, as `exact` has them: `-100000.0` → `"-£100,000"`."""
    return "-" * (value < 0) + style().amount(exact(abs(value)), currency) if isfinite(value) else NONE


def short(value: float, currency: str = "") -> str:
    """A number in a word or less, for a place that is narrow: `"12.4 k"`, `"−£3.1 m"`, `"₹12.3 lakh"`."""
    if not isfinite(value):
        return NONE
    scale, word = _scale(value)
    if not word:
        return money(value, currency, 1, trim=True)
    return _signed_amount(value, f"{number(abs(value) / scale, trim=True)}{SPACE}{word}", currency)


def short_between(low: float, high: float, currency: str = "") -> str:
    """The ends of an interval as `short` has the larger one: `"−$0.2 k to $3.2 k"`."""
    scale, word = _scale(max(abs(low), abs(high)))
    if not word:
        return between(partial(short, currency=currency), low, high)

    def form(value: float) -> str:
        return _signed_amount(value, f"{coefficient(abs(value) / scale, 1)}{SPACE}{word}", currency)

    return between(form, low, high)


def _scale(value: float) -> tuple[float, str]:
    """What a number is divided by to be short, and the word for it; 1 and none where it is short by itself."""
    size, scales = abs(float(value)), (*style().scales, (1.0, ""))
    for (scale, word), (below, _) in pairwise(scales) if size < WORDS_TO else ():
        if round(size / below, 1) * below >= scale:  # 999,960 is 1 m, not 1,000 k
            return scale, word
    return 1.0, ""


def short_if_large(value: float, currency: str = "", digits: int | None = None, large: float | None = None) -> str:
    """An amount on a card: as `money` has it, as `short` has it from `large` on, by itself a million or a lakh."""
    large = style().large if large is None else large
    return short(value, currency) if large <= abs(value) < np.inf else money(value, currency, digits)


def _signed_amount(value: float, text: str, currency: str) -> str:
    return signed(value, text if text == NEAR_ZERO else style().amount(text, currency))


def share(value: float, digits: int = 1) -> str:
    """`0.526` → `"52.6%"`; some but hardly any are `"under 0.1%"`, and not quite all `"over 99.9%"`."""
    if not isfinite(value):
        return NONE
    if abs(value) * 100 >= LONG:
        return signed(value, number(abs(value) * 100) + style().percent)
    text, least = f"{abs(value):.{digits}%}"[:-1], 10.0**-digits
    if LEAST_SHARE < value < 1 - LEAST_SHARE and float(text) in (0.0, 100.0):
        word, bound = ("under", least) if value < 0.5 else ("over", 100 - least)
        return f"{word} {marked(f'{bound:.{digits}f}')}{style().percent}"
    return signed(value, marked(text) + style().percent)


def percent(part: float, whole: float) -> str:
    """A part as a share of a whole: `"31.2%"`; an en dash where there is no whole."""
    return share(part / whole) if whole else NONE


def rate(value: float) -> str:
    """A conversion rate to a tenth of a percent; `"never"` where none is high enough."""
    return "never" if value == np.inf else share(value)


def between(form: Callable[[float], str], low: float, high: float) -> str:
    """`"1% to 3%"`, or the one figure where both ends read the same."""
    ends = form(low), form(high)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def band(low: float, width: float, currency: str = "") -> str:
    """`"45 to below 50"`: a bin of a number as text, or its one number where the width is 1."""
    least = amount(low, currency)
    return least if width == 1 else f"{least} to below {amount(round(low + width, EDGE_DECIMALS), currency)}"


def signed(value: float, text: str) -> str:
    """With a minus sign, except before a zero."""
    return f"−{text}" if value < 0 and text != NEAR_ZERO and any(digit in text for digit in "123456789") else text


def axis_labels(sign: str = "") -> str:
    """The expression of Vega that writes an axis's numbers short, with the sign of their currency: `£12.4 k`.

    The sign must be one of our own list.
    """
    if not sign:
        return style().axis_labels()
    before, after = style().amount("|", sign).split("|")
    size = style().axis_labels("abs(datum.value)")
    return f"(datum.value < 0 ? '−' : '') + {json.dumps(before)} + ({size}) + {json.dumps(after)}"
