"""How numbers are written: marks, groups of digits, scales, the place of a currency's sign (CLDR, by Babel).

Words stay English. A currency's sign stands where its own country writes it; the euro's where the style does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

if TYPE_CHECKING:
    from babel import Locale

Numbers = Literal["auto", "en", "de", "fr", "de_CH", "en_IN"]
AUTO: Final = "auto"
FIRST: Final = 3  # digits before the decimal mark that stand together
SPACE: Final = "\u00a0"  # keeps a number and its word on one line
SIGN: Final = "¤"  # in the patterns of CLDR
WORDS_TO: Final = 1e18  # a million of the largest word: from here on an exponent is shorter
# Numbers from here on are written with a word, the largest first.
SCALES: Final = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))
INDIAN_SCALES: Final = ((1e7, "crore"), (1e5, "lakh"), (1e3, "k"))


@dataclass(frozen=True)
class NumberStyle:
    """A way to write numbers and amounts of one currency; that of English unless told otherwise.

    Parameters
    ----------
    decimal, group : str
        The decimal mark, and the mark between groups of digits.
    later : int
        Digits of a group after the first three: 2 where lakh and crore are counted.
    percent : str
        What stands after a share in percent.
    sign_first : bool
        Whether a currency's sign stands before the number.
    gap : str
        What stands between the sign and the number.
    """

    decimal: str = "."
    group: str = ","
    later: int = 3
    percent: str = "%"
    sign_first: bool = True
    gap: str = ""

    @property
    def scales(self) -> tuple[tuple[float, str], ...]:
        """Size → word, the largest first."""
        return SCALES if self.later == FIRST else INDIAN_SCALES

    @property
    def large(self) -> float:
        """From here on a card has the short form of a number: a million, or a lakh."""
        return self.scales[-2][0]

    @property
    def is_english(self) -> bool:
        """Whether marks and groups are those that charts have by themselves."""
        return self.chart_locale == ENGLISH.chart_locale

    def marked(self, digits: str) -> str:
        """Plain digits with the marks: `"1234567.5"` → `"1,234,567.5"`."""
        whole, point, rest = digits.partition(".")
        groups = [whole[-FIRST:]]
        at = len(whole) - FIRST
        while at > 0:
            groups.append(whole[max(at - self.later, 0) : at])
            at -= self.later
        return self.group.join(reversed(groups)) + (self.decimal + rest if point else "")

    def amount(self, number: str, sign: str) -> str:
        """A written number with the sign of its currency; the number alone where the sign is empty."""
        if not sign:
            return number
        if not self.sign_first:
            return f"{number}{self.gap}{sign}"
        gap = self.gap or (SPACE if sign[-1].isalpha() else "")  # CLDR: letters do not touch digits
        return f"{sign}{gap}{number}"

    @property
    def chart_locale(self) -> Mapping[str, Any]:
        """The marks as charts take them (d3-format's `formatLocale`)."""
        return {
            "decimal": self.decimal,
            "thousands": self.group,
            "grouping": [FIRST, *[self.later] * 8],
            "currency": ["", ""],
            "percent": self.percent,
        }

    def axis_labels(self, value: str = "datum.value") -> str:
        """The expression of Vega that writes an axis's numbers short: `12.4 k`."""
        short = f"format({value}, ',.6~r')"
        for size, word in reversed(self.scales):
            short = f"abs({value}) >= {size:.0f} ? format({value} / {size:.0f}, ',.6~r') + '{SPACE}{word}' : {short}"
        return f"abs({value}) >= {WORDS_TO:.0f} ? replace(format({value}, '.3~e'), 'e+', 'e') : {short}"


ENGLISH: Final = NumberStyle()


@cache
def style_of(numbers: str = AUTO, code: str = "") -> NumberStyle:
    """The style that is asked for, with the sign of a currency in its place.

    Parameters
    ----------
    numbers : str
        One of `Numbers`; "auto" is English, in groups of two digits if the currency's country has them.
    code : str
        The ISO 4217 code of the currency; empty where none is known.
    """
    from babel import Locale  # not on the workers of Spark, which write no number for people

    home = _home(code)
    if numbers == AUTO:
        numbers = "en_IN" if home and home.decimal_formats[None].grouping[1] != FIRST else "en"
    locale = Locale.parse(numbers)
    marks = locale.number_symbols["latn"]
    pattern = (home or locale).currency_formats["standard"].pattern.split(";")[0]
    return NumberStyle(
        marks["decimal"],
        "’" if marks["group"] == "'" else marks["group"],
        locale.decimal_formats[None].grouping[1],
        locale.percent_formats[None].pattern.split("0")[1],
        pattern.startswith(SIGN),
        SPACE if SPACE in pattern else "",
    )


def examples() -> dict[str, str]:
    """A number in each style that can be asked for."""
    return {numbers: style_of(numbers).marked("1234567.89") for numbers in get_args(Numbers) if numbers != AUTO}


def _home(code: str) -> "Locale | None":
    """The language of the country that a currency is named after; None for the euro, and where it runs to the left."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(f"und_{code[:2]}") if code else None
    except (UnknownLocaleError, ValueError):
        return None
    return locale if locale and locale.text_direction == "ltr" else None
