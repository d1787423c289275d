"""Numbers as people write them: currencies, thousands, decimal commas."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.cleaning.currencies import CODES, SIGNS, SIMPLE, different, marks_of, sign_of_word
from core.cleaning.durations import durations
from core.cleaning.number_text import DASHES, FACTORS, is_dash, plain_number
from core.cleaning.search import any_with

Mark = Literal["point", "comma"]

AMOUNTS: Final = "amounts"  # the key that counts all values, beside the marks of currencies
CURRENCY_OF: Final = "currency "  # before the marks of currencies among the votes
RARE: Final = 0.01  # share of values; fewer in another currency are typing errors
# Numbers that fit one mark only; a single group of three digits ("1,234") fits both.
_COMMA_ONLY = r"[-+]?(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:\.\d{3}){2,})"
_INDIAN = r"\d{1,2}(?:,\d{2})+,\d{3}"  # 12,34,567
_POINT_ONLY = (
    r"[-+]?(?:\d{1,3}(?:,\d{3})+\.\d+|\d*\.(?:\d{1,2}|\d{4,})|0?\.\d+|\d{1,3}(?:,\d{3}){2,}"
    rf"|{_INDIAN}(?:\.\d*)?)"
)
_AMBIGUOUS = r"[-+]?[1-9]\d{0,2}\.\d{3}"  # 1.234
_MARKS = "[.,]"
_PLAIN: Final[Mapping[Mark, str]] = {  # what needs no more than a conversion
    "point": r"^(?:-?[0-9]{1,15}(?:\.[0-9]+)?)?$",
    "comma": r"^(?:-?[0-9]{1,15})?$",
}
_FACTOR = f"[{''.join(FACTORS)}{''.join(FACTORS).upper()}]"
_PLAIN_AMOUNT = re.compile(r"-?[0-9][0-9.,]*")
_DASH = f"[{DASHES}]"
# Accounting formats pad a number on both sides, put brackets around a negative one, and show zero as a dash.
_CREDIT = re.compile(r"(?<=\d)\s*cr\.?(?=\s*$)", re.I)
_DEBIT = re.compile(r"^\s*dr\b|\d\s*dr\.?\s*$", re.I)
_LARGE = re.compile(r"\d{4}|\d,\d")  # no one has a thousand crore, but many have a thousand rupees
_LAKH = re.compile(r"(?<=\d)\s*l\.?(?=\s*$)", re.I)
_INDIA = re.compile(rf"₹|\b(?:INR|Rs|lakhs?|lacs?|crores?)(?![a-z])|{_LAKH.pattern}", re.I)
_ACCOUNTING = r"^\s+\S.*\s$|\(.*\d.*\)"


def decimal_mark(text: pd.Series) -> Mark:
    """The decimal mark that most unambiguous values of a column have; a point if there are none."""
    if not any_with(text, _MARKS):
        return "point"
    return likelier_mark(_votes(_without_symbols(text), {"comma": _COMMA_ONLY, "point": _POINT_ONLY}))


def likelier_mark(votes: Mapping[str, int]) -> Mark:
    """The mark with more votes, a point where neither has."""
    return "comma" if votes["comma"] > votes["point"] else "point"


def proven_mark(votes: Mapping[str, int]) -> Mark | Literal[""]:
    """The mark that some values of a column prove and none contradicts; empty if there is none."""
    comma, point = votes["comma"], votes["point"]
    return "" if bool(comma) == bool(point) else "comma" if comma else "point"


def mark_votes(text: pd.Series, low: float, high: float) -> tuple[dict[str, int], str]:
    """Counts of the values that fit each mark, and the first ambiguous value.

    Counts of two parts of a column add up. `low` and `high` bound the values of the column.
    """
    marked = int(text.str.contains(_MARKS).sum())
    if not marked:
        return dict.fromkeys(("comma", "point", "telling", "marked", "fitting", "round"), 0), ""
    plain = _without_symbols(text)
    ambiguous = plain.str.fullmatch(_AMBIGUOUS).to_numpy(bool)
    comma, point = plain.str.fullmatch(_COMMA_ONLY), plain.str.fullmatch(_POINT_ONLY)
    votes = {"comma": int(comma.sum()), "point": int(point.sum()), "telling": int((comma | point).sum())}
    fitting = to_numbers(text[ambiguous], "comma").between(low, high)
    votes |= {
        "marked": marked,
        "fitting": int(fitting.sum()),
        "round": int(plain[ambiguous].str.endswith("0").sum()),
    }
    return votes, str(text[ambiguous].iloc[0]) if ambiguous.any() else ""


def currency_votes(text: pd.Series) -> dict[str, int]:
    """Number of values with each mark of a currency (`CURRENCY_OF`), and of all values (`AMOUNTS`); none is blank.

    Counts of two parts of a column add up.
    """
    votes = {AMOUNTS: len(text)}
    if text.str.contains(r"[^0-9.,+\-eE\s]").any():
        votes |= {CURRENCY_OF + str(mark): int(n) for mark, n in marks_of(text).dropna().value_counts().items()}
    return votes


def common_sign(votes: Mapping[str, int]) -> str:
    """The sign or code that all values have, a code for a word of one currency; empty where there is none."""
    marks = Counter[str]()
    for key, number in votes.items():
        if key.startswith(CURRENCY_OF):
            mark = key.removeprefix(CURRENCY_OF)
            marks[mark if mark in (*SIGNS, *CODES) else mark.casefold()] += number
    mark = next((mark for mark, number in marks.items() if 0 < number == votes[AMOUNTS]), "")
    return mark if mark in (*SIGNS, *CODES) else sign_of_word(mark)


def mixed_currencies(votes: Mapping[str, int]) -> tuple[str, ...]:
    """The marks of several currencies in one column; none where all its amounts can be of one."""
    return different(_marks(votes))


def other_currency(votes: Mapping[str, int], code: str) -> str:
    """The mark of amounts that cannot be of the currency that their header names; empty where there is none."""
    return next((mark for mark in _marks(votes) if code and different((code, mark))), "")


def _marks(votes: Mapping[str, int]) -> list[str]:
    """The marks of currencies that more than a few amounts have."""
    least = RARE * votes.get(AMOUNTS, 0)
    return [name.removeprefix(CURRENCY_OF) for name, n in votes.items() if name.startswith(CURRENCY_OF) and n > least]


def dash_votes(text: pd.Series) -> dict[str, int]:
    """Number of values that are a dash alone, and of values in an accounting format. Counts of two parts add up."""
    if not text.str.contains(rf"{_DASH[:-1]}(]|\s$").any():
        return {"dashes": 0, "accounting": 0}
    dashes = text[text.str.contains(_DASH) & ~text.str.contains(r"\d")]
    alone = [is_dash(value) for value in dashes.tolist()]
    signed = sum(alone) - int(dashes[alone].str.strip(f"{DASHES} ").eq("").sum())  # with a currency beside the dash
    return {"dashes": sum(alone) - signed, "accounting": int(text.str.contains(_ACCOUNTING).sum()) + signed}


def is_bare_dash(text: pd.Series) -> pd.Series:
    """Which values are a dash alone."""
    return text.str.strip().str.fullmatch(f"{_DASH}{{1,2}}")


def credit_votes(text: pd.Series) -> dict[str, int]:
    """Number of values with CR, with DR, with CR behind a thousand or more, and of rupees or lakh.

    Counts of two parts of a column add up.
    """
    if not text.str.contains("[A-Za-z₹]").any():
        return dict.fromkeys(("credit", "debit", "large credit", "indian"), 0)
    credit = text.str.contains(_CREDIT)
    return {
        "credit": int(credit.sum()),
        "debit": int(text.str.contains(_DEBIT).sum()),
        "large credit": int((credit & text.str.contains(_LARGE)).sum()),
        "indian": int(text.str.contains(_INDIA).sum()),
    }


def cr_is_crore(votes: Mapping[str, int]) -> bool:
    """Whether CR means crore: beside rupees, lakh or L, with no DR, and never behind a large amount."""
    return bool(votes["credit"] and votes["indian"] and not votes["debit"] and not votes["large credit"])


def with_crore(text: pd.Series) -> pd.Series:
    """The text with `crore` for a CR behind an amount, and `lakh` for an L."""
    return text.str.replace(_CREDIT, " crore", regex=True).str.replace(_LAKH, " lakh", regex=True)


def in_crore(text: pd.Series) -> pd.Series:
    """The text of a whole column `with_crore`, if CR means that in it."""
    return with_crore(text) if any_with(text, r"(?i)\d\s*cr") and cr_is_crore(credit_votes(text)) else text


def may_be_thousands(votes: Mapping[str, int]) -> bool:
    """Whether a column has values such as `1.500`, which may be thousands, and no unambiguous value.

    One of them must end in 0, which programs that write decimals leave out.
    """
    return not votes["telling"] and votes["round"] > 0 and votes["fitting"] > 0


def _votes(plain: pd.Series, forms: Mapping[str, str]) -> dict[str, int]:
    return {name: int(plain.str.fullmatch(form).sum()) for name, form in forms.items()}


def to_numbers(text: pd.Series, mark: Mark = "point") -> pd.Series:
    """Text → float64, NaN where it is no number.

    Currencies, a percent sign, thousands separators, a K or M for thousand or million, a minus behind, DR and CR,
    and accounting parentheses are read through: `"$1,234.50"`, `"12.691,51- €"`, `"(60K)"`, `"12,34,567 CR"`.
    Durations are years: `"7 yrs 6 mon"`.
    """
    cells = pc.utf8_trim_whitespace(pa.array(text, pa.large_string()))
    if pc.all(pc.match_substring_regex(cells, _PLAIN[mark]), skip_nulls=False).as_py():
        return _converted(cells, text.index)  # most columns; takes a hundredth of the time
    if not any_with(text, r"[0-9]|[^\x00-\x7f]"):  # most columns of words
        return pd.Series(np.nan, index=text.index)
    years = durations(text)
    plain = _without_symbols(text)
    point, group = (".", ",") if mark == "point" else (",", ".")
    grouping = rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+" + (f"|{_INDIAN}" if mark == "point" else "")
    grouped = plain.str.fullmatch(rf"[-+]?(?:{grouping})(?:{re.escape(point)}\d*)?{_FACTOR}?")
    plain = plain.mask(grouped, plain.str.replace(group, "", regex=False))
    if mark == "comma":
        plain = plain.where(~plain.str.contains(".", regex=False), "").str.replace(",", ".", regex=False)
    # pandas reads "1_000", "inf" and "True" as numbers; a customer file means text by them.
    written = plain.str.fullmatch(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+|" + _FACTOR + ")?")
    plain = plain.where(written)
    times = plain.str[-1:].str.lower().map(FACTORS)
    digits = plain.mask(times.notna(), plain.str[:-1])
    # astype reads to the last bit; pandas.to_numeric does not in every version.
    values = digits.astype("float64") * times.astype("float64").fillna(1.0)
    return values.replace([np.inf, -np.inf], np.nan).fillna(years)


def _converted(cells: pa.LargeStringArray, index: pd.Index) -> pd.Series:
    """Plain numbers (`_PLAIN`) → float64, NaN for an empty text."""
    numbers = pc.cast(pc.if_else(pc.equal(cells, ""), None, cells), pa.float64())
    return pd.Series(numbers.to_numpy(zero_copy_only=False), index)


def _without_symbols(text: pd.Series) -> pd.Series:
    """The text without currencies, percent signs and spaces; a minus in front for each way to write one."""
    plain = text.str.strip()
    strange = plain.str.contains(r"[^0-9.,+\-eE]|-$", regex=True)
    if not strange.any():
        return plain
    amounts = pc.replace_substring_regex(pa.array(plain[strange], pa.string()), SIMPLE, r"\1\2").to_pylist()
    # One by one takes ten times as long.
    numbers = [amount if _PLAIN_AMOUNT.fullmatch(amount) else plain_number(amount) for amount in amounts]
    return plain.mask(strange, pd.Series(numbers, plain.index[strange], "str"))
