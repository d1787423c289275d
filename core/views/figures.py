"""Figures as text: dollars, shares and points, and the interval around them."""

from collections.abc import Callable

import numpy as np

NONE = "–"


def dollars(value: float) -> str:
    """`-1234.5` → `"−$1,234"`; an en dash where there is no finite number."""
    return signed(value, f"${abs(value):,.0f}") if np.isfinite(value) else NONE


def whole(value: float) -> str:
    """`1234.5` → `"1,234"`, and one decimal below a hundred: `"23.8"`."""
    if not np.isfinite(value):
        return NONE
    return signed(value, f"{abs(value):,.0f}" if abs(value) >= 100 else f"{abs(value):,.1f}")


def number(value: float, digits: int = 2) -> str:
    """`1234.5` → `"1,234"`, below a hundred `digits` decimals: `"2.50"`; three figures of a small one: `"0.0042"`."""
    if not np.isfinite(value):
        return NONE
    size = abs(value)
    if 0 < size < 0.1:
        return signed(value, _small(size))
    return signed(value, f"{size:,.{0 if size >= 100 else digits}f}")


def _small(size: float) -> str:
    return np.format_float_positional(size, 3, fractional=False, trim="-") if size > 1e-7 else f"{size:.2e}"


def share(value: float, digits: int = 0) -> str:
    """`0.526` → `"53%"`, rounded to `digits`; an en dash where there is no finite number."""
    return signed(value, f"{abs(value):,.{digits}%}") if np.isfinite(value) else NONE


def rate(value: float) -> str:
    """A conversion rate to a tenth of a percent; `"never"` where none is high enough."""
    return "never" if value == np.inf else share(value, 1)


def between(form: Callable[[float], str], low: float, high: float) -> str:
    """`"$1 to $3"`, or the one figure where both ends read the same."""
    ends = form(low), form(high)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def signed(value: float, text: str) -> str:
    """With a minus sign, except before a zero."""
    return f"−{text}" if value < 0 and any(digit in text for digit in "123456789") else text
