"""The currency of some customers' amounts, and how numbers about them are written."""

from core.countries.currencies import currencies, sign_of
from core.countries.decide import AUTO, NONE
from core.countries.registry import currency_of, home_of
from core.customer_base import CustomerBase
from core.number_style import NumberStyle, style_of


def sign_for(base: CustomerBase) -> str:
    """The sign that amounts are shown with: the currency that the rules choose, that of all amounts, or the country's.

    Empty where no currency is known.
    """
    if base.rules.intake.currency != AUTO:
        return sign_of(code_for(base), home_of(base.country))
    signs = {column.sign for column in base.columns if column.sign}
    return signs.pop() if len(signs) == 1 else currency_of(base.country)


def code_for(base: CustomerBase) -> str:
    """The ISO 4217 code of the currency of `sign_for`; empty where it is not known."""
    chosen = base.rules.intake.currency
    if chosen != AUTO:
        return "" if chosen == NONE else chosen
    codes = {column.currency for column in base.columns if column.sign}
    return codes.pop() if len(codes) == 1 else home_of(base.country)


def ppp_for(base: CustomerBase) -> float | None:
    """Units of that currency that buy what a dollar buys in the United States, where they are known."""
    known = currencies().get(code_for(base))
    return known.ppp if known else None


def style_for(base: CustomerBase, numbers: str = "") -> NumberStyle:
    """How numbers about the customers are written: as asked for (`Rules.numbers`), or as their rules say."""
    return style_of(numbers or base.rules.numbers, code_for(base))
