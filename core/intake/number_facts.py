"""The facts about a column of numbers: decimal mark, dashes, and currencies."""

from typing import Literal

from core.cleaning.currencies import codes_by
from core.cleaning.numbers import (
    AMOUNTS,
    Mark,
    common_sign,
    cr_is_crore,
    likelier_mark,
    may_be_thousands,
    mixed_currencies,
    other_currency,
    proven_mark,
)
from core.cleaning.values import Fact
from core.errors import AmbiguousNumbersError
from core.intake.votes import Votes, Whole, is_money
from core.rules import Rules
from core.schema import CURRENCY, MIXED, Column


def number_fact(own: Votes, column: Column, whole: Whole, rules: Rules) -> Fact:
    """The facts of a column with the votes `own`."""
    mark, warnings = _decimal_mark(own, column, whole, rules)
    zero = bool(own.counts["dashes"] and own.counts["accounting"])
    if own.counts["dashes"] and not zero and is_money(column):
        warnings.append("a dash alone was not read as 0, since nothing else is in an accounting format")
    mixed = mixed_currencies(own.counts) if is_money(column) else ()
    if is_money(column) and not mixed:
        mixed = _currencies_beside(column, whole)
    if mixed:
        warnings.append(f"amounts in several currencies ({', '.join(mixed)}) are compared as they stand")
    if not mixed and is_money(column) and (other := other_currency(own.counts, column.currency)):
        warnings.append(f"the header says {column.currency}, the amounts {other}: they are taken as {column.currency}")
    currency = common_sign(own.counts) if column.unit == CURRENCY else ""
    crore = cr_is_crore(own.counts)
    if is_money(column) and not crore and not own.counts["debit"] and 0 < own.counts["credit"] < own.counts[AMOUNTS]:
        warnings.append("some amounts have CR and none has DR: those without either are read as they stand")
    return Fact(
        decimal_mark=mark, currency=MIXED if mixed else currency, dash_is_zero=zero, cr_is_crore=crore,
        warnings=tuple(warnings),
    )  # fmt: skip


def _decimal_mark(own: Votes, column: Column, whole: Whole, rules: Rules) -> tuple[Mark, list[str]]:
    """The mark by the column's own values, the analyst's answer, or the other columns of its files, in this order."""
    chosen = rules.intake.decimal_mark
    proven = proven_mark(own.counts)
    if proven:
        said = f"numbers are read with a decimal {proven}, which they prove, and not with a decimal {chosen} as chosen"
        return proven, [said] if chosen not in ("auto", proven) else []
    if own.counts["telling"] and chosen == "auto":
        return likelier_mark(own.counts), []
    beside = _mark_beside(column, whole) if own.counts["marked"] else ""
    if chosen != "auto":
        said = f"numbers are read with a decimal {chosen} as chosen, though other columns have a decimal {beside}"
        return chosen, [said] if beside not in ("", chosen) else []
    if beside:
        return beside, []
    if may_be_thousands(own.counts):
        raise AmbiguousNumbersError(
            f"Numbers such as {own.unsure.strip()} can be thousands, or have three decimals.",
            "Say which: “Decimal mark” on the Data page, or --decimal-mark on the command line.",
            file=whole.table,
            column=whole.headers[column.name],
        )
    return likelier_mark(own.counts), []


def _mark_beside(column: Column, whole: Whole) -> Mark | Literal[""]:
    """The mark that the other columns of the same files prove; empty if none does, or they differ."""
    files = whole.files.get(column.name, frozenset())
    marks = {
        proven_mark(whole.votes_of(other.name).counts)
        for other in whole.columns
        if other.kind == "number" and other.name != column.name and files & whole.files.get(other.name, frozenset())
    } - {""}
    return next(iter(marks)) if len(marks) == 1 else ""


def _currencies_beside(column: Column, whole: Whole) -> tuple[str, ...]:
    """The codes of several currencies in a column of the same files that holds nothing else."""
    files = whole.files.get(column.name, frozenset())
    for other in whole.columns:
        if other.kind == "category" and files & whole.files.get(other.name, frozenset()):
            codes = codes_by(whole.votes_of(other.name).counts)
            if len(codes) > 1:
                return codes
    return ()
