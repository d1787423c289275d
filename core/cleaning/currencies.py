"""How amounts name their currency: signs, words and ISO 4217 codes."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

SIGNS: Final = (  # those that end in another one come first
    "A$", "NZ$", "US$", "R$", "C$", "CA$", "S$", "HK$", "NT$", "MX$", "$", "€", "£", "¥", "₹", "₽", "₺", "₩", "₦",
    "₱", "฿", "₫", "₴", "₪", "₲", "₡", "₸", "₼", "₾", "﷼",
)  # fmt: skip
# Words in any case; a full stop may follow.
WORDS: Final = (
    "Rs", "kr", "zł", "zl", "Kč", "Ft", "лв", "руб", "р", "SFr", "Fr", "RM", "Rp", "KSh", "Dhs", "euro", "euros", "eur",
    "dollars", "usd", "aud", "inr", "gbp", "chf", "sek", "nok", "dkk", "pln", "rupees",
)  # fmt: skip
# ISO 4217, the active codes of countries; not Tonga's TOP, since "TOP 10" is no amount.
_ISO_4217: Final = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RMB RON "
    "RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL "
)
CODES: Final = tuple(_ISO_4217.split())
# The currencies that one sign or word is used for; every dollar has "$".
USED_FOR: Final = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR", "A$": "AUD", "aud": "AUD", "NZ$": "NZD", "US$": "USD",
    "usd": "USD", "R$": "BRL", "C$": "CAD", "CA$": "CAD", "S$": "SGD", "HK$": "HKD", "NT$": "TWD", "MX$": "MXN",
    "$": "USD AUD NZD CAD SGD HKD MXN TWD ARS CLP COP", "dollars": "USD AUD NZD CAD SGD HKD", "£": "GBP EGP LBP SYP",
    "gbp": "GBP", "¥": "JPY CNY RMB", "₹": "INR", "inr": "INR", "rs": "INR PKR LKR NPR MUR",
    "rupees": "INR PKR LKR NPR",
    "kr": "SEK NOK DKK ISK", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "zł": "PLN", "zl": "PLN", "pln": "PLN",
    "kč": "CZK", "ft": "HUF", "лв": "BGN", "руб": "RUB", "р": "RUB", "₽": "RUB", "₺": "TRY", "₩": "KRW KPW",
    "₦": "NGN", "₱": "PHP", "฿": "THB", "₫": "VND", "₴": "UAH", "₪": "ILS", "sfr": "CHF", "fr": "CHF XOF XAF",
    "chf": "CHF", "rm": "MYR", "rp": "IDR", "ksh": "KES", "dhs": "AED MAD", "RMB": "CNY RMB",
}  # fmt: skip

CODE: Final = "code "  # before a code among the votes
NO_CODE: Final = "no code"

_SIGN: Final = "|".join(map(re.escape, SIGNS))
_WORD: Final = "|".join(sorted(WORDS, key=lambda word: -len(word)))
# Rand are written with an R: only before a space or grouped digits, since R1 is a code.
CURRENCY: Final = re.compile(
    rf"{_SIGN}|(?<![^\W\d_])(?:(?:{'|'.join(CODES)})|(?i:{_WORD})\.?)(?![^\W\d_])|(?<!\w)R(?=\s\d)"
)

_WORDS_APART: Final = rf"(?:^|[^A-Za-z])(?P<mark>{'|'.join(CODES)}|(?i:{_WORD}))(?:[^A-Za-z]|$)"
# An amount with at most one sign or code on either side, which Arrow reads at once: a minus, and digits with marks.
SIMPLE: Final = rf"^(-?)(?:{_SIGN}|{'|'.join(CODES)})?\s?([0-9][0-9.,]*)\s?(?:{_SIGN}|{'|'.join(CODES)}|%)?$"


def marks_of(text: pd.Series) -> pd.Series:
    """The sign, word or code that stands in each amount; missing where none does."""
    texts = pa.array(text, pa.string())
    signs = pc.struct_field(pc.extract_regex(texts, f"(?P<mark>{_SIGN})"), "mark")
    words = pc.struct_field(pc.extract_regex(texts, _WORDS_APART), "mark")
    return pd.Series(pc.coalesce(signs, words).to_pandas(), dtype="str")


def different(marks: Iterable[str]) -> tuple[str, ...]:
    """The marks in the order of the alphabet if they are of several currencies; none if all can be of one.

    >>> different(["$", "USD"]), different(["€", "USD"])
    ((), ('USD', '€'))
    """
    marks = sorted(marks)
    possible = [set((USED_FOR.get(mark) or USED_FOR.get(mark.casefold()) or mark).split()) for mark in marks]
    return () if not marks or set.intersection(*possible) else tuple(marks)


def code_votes(distinct: pd.Series) -> dict[str, int]:
    """Number of texts with each code, if a column has codes only, and of other texts. Counts of two parts add up."""
    words = [word for word in distinct.str.strip().tolist() if word]
    return dict(Counter(CODE + word if word in CODES else NO_CODE for word in words))


def codes_by(votes: Mapping[str, int]) -> tuple[str, ...]:
    """The codes of a column that has nothing else."""
    return () if votes.get(NO_CODE) else tuple(sorted(key.removeprefix(CODE) for key in votes if key.startswith(CODE)))
