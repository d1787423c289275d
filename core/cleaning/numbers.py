"""Numbers as people write them: currencies, thousands, decimal commas."""

import re
from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import pandas as pd

Mark = Literal["point", "comma"]

SIGNS: Final = ("A$", "NZ$", "US$", "R$", "$", "€", "£", "¥", "₹")  # those that end in another one come first
AMOUNTS: Final = "amounts"  # the key that counts all values, beside the signs
_SIGN = "|".join(map(re.escape, SIGNS))
_CURRENCY = rf"(?:{_SIGN}|\b(?:AUD|NZD|USD|EUR|GBP|CHF|CAD|SGD|INR)\b)"
_MULTIPLIERS = {"k": 1e3, "m": 1e6}
# Numbers that fit one mark only; a single group of three digits ("1,234") fits both.
_COMMA_ONLY = r"[-+]?(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3}){2,})"
_POINT_ONLY = r"[-+]?(?:\d{1,3}(?:,\d{3})+\.\d+|\d*\.(?:\d{1,2}|\d{4,})|\d{1,3}(?:,\d{3}){2,})"
_AMBIGUOUS = r"[-+]?[1-9]\d{0,2}\.\d{3}"  # 1.234
_MARKS = "[.,]"
_PLAIN: Final[Mapping[Mark, str]] = {  # what needs no more than a conversion
    "point": r"(?:[-+]?[0-9]{1,15}(?:\.[0-9]+)?)?",
    "comma": r"(?:[-+]?[0-9]{1,15})?",
}
_UNAMBIGUOUS = rf"{_COMMA_ONLY}|{_POINT_ONLY}|[-+]?0\.\d+"


def decimal_mark(text: pd.Series) -> Mark:
    """The decimal mark that most unambiguous values of a column have; a point if there are none."""
    if not text.str.contains(_MARKS).any():
        return "point"
    return likelier_mark(_votes(_without_symbols(text), {"comma": _COMMA_ONLY, "point": _POINT_ONLY}))


def likelier_mark(votes: Mapping[str, int]) -> Mark:
    """The mark with more votes, a point where neither has."""
    return "comma" if votes["comma"] > votes["point"] else "point"


def mark_votes(text: pd.Series, low: float, high: float) -> tuple[dict[str, int], str]:
    """Counts of the values that fit each mark, and the first ambiguous value.

    Counts of two parts of a column add up. `low` and `high` bound the values of the column.
    """
    marked = int(text.str.contains(_MARKS).sum())
    if not marked:
        return dict.fromkeys(("comma", "point", "telling", "marked", "fitting", "round"), 0), ""
    plain = _without_symbols(text)
    ambiguous = plain.str.fullmatch(_AMBIGUOUS).to_numpy(bool)
    votes = _votes(plain, {"comma": _COMMA_ONLY, "point": _POINT_ONLY, "telling": _UNAMBIGUOUS})
    fitting = to_numbers(text[ambiguous], "comma").between(low, high)
    votes |= {
        "marked": marked,
        "fitting": int(fitting.sum()),
        "round": int(plain[ambiguous].str.endswith("0").sum()),
    }
    return votes, str(text[ambiguous].iloc[0]) if ambiguous.any() else ""


def sign_votes(text: pd.Series) -> dict[str, int]:
    """Number of values with each sign of a currency, and of all values (`AMOUNTS`); none of them may be blank.

    Counts of two parts of a column add up.
    """
    votes = {AMOUNTS: len(text)}
    if text.str.contains("[$€£¥₹]").any():
        votes |= {str(sign): int(n) for sign, n in text.str.extract(f"({_SIGN})", expand=False).value_counts().items()}
    return votes


def common_sign(votes: Mapping[str, int]) -> str:
    """The sign that all values have; empty where there is none."""
    return next((sign for sign in SIGNS if 0 < votes.get(sign, 0) == votes[AMOUNTS]), "")


def may_be_thousands(votes: Mapping[str, int]) -> bool:
    """Whether a column has values such as `1.500`, which may be thousands, and no unambiguous value.

    One of them must end in 0, which programs that write decimals leave out.
    """
    return not votes["telling"] and votes["round"] > 0 and votes["fitting"] > 0


def _votes(plain: pd.Series, forms: Mapping[str, str]) -> dict[str, int]:
    return {name: int(plain.str.fullmatch(form).sum()) for name, form in forms.items()}


def to_numbers(text: pd.Series, mark: Mark = "point") -> pd.Series:
    """Text → float64, NaN where it is no number.

    Currencies, a percent sign, thousands separators, a K or M for thousand or million and accounting
    parentheses are read through: `"$1,234.50"`, `"12.691,51 €"`, `"(60K)"`.
    """
    plain = text.str.strip()
    if plain.str.fullmatch(_PLAIN[mark]).all():  # most columns; takes a thirtieth of the time
        return plain.mask(plain == "").astype("float64")
    if not plain.str.contains(r"\d").any():  # most columns of words
        return pd.Series(np.nan, index=text.index)
    plain = _without_symbols(text)
    point, group = (".", ",") if mark == "point" else (",", ".")
    grouped = plain.str.fullmatch(rf"[-+]?\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(point)}\d*)?[kKmM]?")
    plain = plain.mask(grouped, plain.str.replace(group, "", regex=False))
    if mark == "comma":
        plain = plain.where(~plain.str.contains(".", regex=False), "").str.replace(",", ".", regex=False)
    # pandas reads "1_000", "inf" and "True" as numbers; a customer file means text by them.
    written = plain.str.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+|[kKmM])?")
    plain = plain.where(written)
    times = plain.str[-1:].str.lower().map(_MULTIPLIERS)
    digits = plain.mask(times.notna(), plain.str[:-1])
    # astype reads to the last bit; pandas.to_numeric does not in every version.
    values = digits.astype("float64") * times.astype("float64").fillna(1.0)
    return values.replace([np.inf, -np.inf], np.nan)


def _without_symbols(text: pd.Series) -> pd.Series:
    """The text without currencies, percent signs and spaces; a minus for parentheses."""
    plain = text.str.strip().str.replace(r"^\((.+)\)$", r"-\1", regex=True)
    if not plain.str.contains(r"[^\d.,+\-eE]", regex=True).any():
        return plain
    plain = plain.str.replace(_CURRENCY, "", regex=True).str.replace(r"\s*%$", "", regex=True)
    return plain.str.replace(r"(?<=\d)['’\s](?=\d{3})|^\s+|\s+$|(?<=^[-+])\s+|\s+(?=[kKmM]$)", "", regex=True)
