"""One number as a system writes it → digits with a minus in front: `"12.345,00-"`, `"$(567.00)"`, `"1.234,56 EUR"`."""

import re
import unicodedata
from typing import Final

from core.cleaning.currencies import CURRENCY

# Factors as one letter each, by the words for them; Indian banks count in lakh and crore.
FACTORS: Final = {"k": 1e3, "l": 1e5, "m": 1e6, "c": 1e7, "b": 1e9}
_WORDS: Final = {
    "k": "k", "tsd": "k", "thousand": "k", "m": "m", "mn": "m", "mm": "m", "mio": "m", "million": "m", "b": "b",
    "bn": "b", "billion": "b", "mrd": "b", "lakh": "l", "lakhs": "l", "lac": "l", "lacs": "l", "crore": "c",
    "crores": "c",
}  # fmt: skip
DASHES: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
MARKED: Final = " _*"  # marks of a footnote or of a doubt around a number
_SCRIPTS: Final = (0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10)  # zeros: Arabic, Persian, Devanagari, Bengali, full width
_PLAIN: Final = (
    dict.fromkeys(map(ord, DASHES), "-")
    | dict.fromkeys(map(ord, "\u00a0\u2007\u2008\u2009\u200a\u202f\u205f\u3000"), " ")
    | dict.fromkeys(map(ord, "’‘`´ʼ"), "'")
    | {0x066B: ".", 0x066C: ",", 0xFF0E: ".", 0xFF0C: ",", 0xFF05: "%", 0x066A: "%", 0xFF08: "(", 0xFF09: ")"}
    | {zero + digit: str(digit) for zero in _SCRIPTS for digit in range(10)}
)
_AROUND = re.compile(r"(?P<front>[^\d.,]*)(?P<digits>[.,]?\d[\d.,' ]*(?:[eE][-+]?\d+(?![\d.,]))?)(?P<back>\D*)")
_GROUPS = re.compile(r"(?<=\d)[' ](?=\d{3}(?!\d))")
_FRONT = re.compile(r"'?(?P<minus>-|dr)?(?:\+|cr)?(?P<open>\()?(?P<inner>-)?", re.I)
_BACK = re.compile(rf"(?P<factor>{'|'.join(_WORDS)})?\.?%?(?P<close>\))?%?(?P<minus>--?|dr|s)?(?:cr|h)?\.?", re.I)
_UNUSUAL = re.compile(r"[^\d.,+\-() %']")
_RUPEES_IN_LAKH = re.compile(r"((?:₹|\bRs\b|\bINR\b).*\d)\s*L\.?$", re.I)  # elsewhere an L may be litres
_SIDE = re.compile(r"[.,]\d\d ?[SHsh]$")  # Soll and Haben stand behind amounts with cents; 5S is a code


def plain_number(text: str) -> str:
    """The digits, marks and factor of a number with a minus in front; the text itself if it is no number."""
    visible = (text if text.isascii() else visible_text(text)).strip()
    visible = _RUPEES_IN_LAKH.sub(r"\1 lakh", visible)
    plain = CURRENCY.sub("", visible).strip(MARKED) if _UNUSUAL.search(visible) else visible
    parts = _AROUND.fullmatch(plain)
    if not parts:
        return "0" if plain != visible and plain.strip(" ()") in ("-", "--") else text
    front, back = _FRONT.fullmatch(parts["front"].replace(" ", "")), _BACK.fullmatch(parts["back"].replace(" ", ""))
    if not front or not back or bool(front["open"]) != bool(back["close"]):
        return text
    if parts["back"].strip().casefold() in ("s", "h") and not _SIDE.search(plain):
        return text
    digits = _GROUPS.sub("", parts["digits"].strip())
    cents = digits[-1:] in (".", ",") and (back["minus"] or "").startswith("-")  # 1'234.- has no cents
    minus = bool(front["minus"] or front["open"] or front["inner"] or (back["minus"] and not cents))
    factor = _WORDS[back["factor"].lower()] if back["factor"] else ""
    return "-" * minus + (digits[:-1] if cents else digits) + factor


def is_dash(text: str) -> bool:
    """Whether a cell has nothing but a dash, and perhaps a currency: accounting formats write a zero so."""
    return CURRENCY.sub("", visible_text(text)).strip(" ()") in ("-", "--")


def visible_text(text: str) -> str:
    """The text with the digits, dashes and spaces of a keyboard, and without marks that are not seen."""
    plain = text.translate(_PLAIN)
    return plain if plain.isascii() else "".join(mark for mark in plain if unicodedata.category(mark) != "Cf")
