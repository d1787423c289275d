"""The cleaning rules: one entry each, applied in this order to the columns it is for.

A rule is for all columns of some kinds, or for those whose description names it (`schema.Column.cleaning`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.cleaning import amounts, dates, words
from core.cleaning.values import Cells, Changes, Fact
from core.registry import Registry
from core.schema import CUSTOMER, Column, Kind


@dataclass(frozen=True, kw_only=True)
class CleaningRule:
    """What all rules have in common.

    Parameters
    ----------
    key : str
        Names the rule in a rules file and in `Column.cleaning`.
    label, does : str
        The rule as the analyst reads it, and what it does in a sentence.
    can_be_off : bool
        Whether the analyst can switch it off.
    kinds : tuple of str
        The kinds of columns it is for, whatever their description says.
    """

    key: str
    label: str
    does: str
    can_be_off: bool
    kinds: tuple[Kind, ...] = ()

    @property
    def switch(self) -> str:
        """The key by which a step can be switched off; empty if it cannot."""
        return self.key if self.can_be_off else ""

    def applies_to(self, column: Column) -> bool:
        """Whether the rule is for a column."""
        return column.kind in self.kinds or self.key in column.cleaning


@dataclass(frozen=True, kw_only=True)
class ValueRule(CleaningRule):
    """A rule that changes values: `clean` takes the distinct ones and returns new ones, and which changed by note.

    Where several rules change a value, the note of the last one counts.
    """

    clean: Callable[[Cells], tuple[pd.Series, Changes]]


@dataclass(frozen=True, kw_only=True)
class RowRule(CleaningRule):
    """A rule that removes rows: `removes` says which, by the clean values of the column.

    `step` and `reason` name it among the applied steps and beside each row. `uses_up` drops the column, which has
    nothing more to say once the rows are gone.
    """

    removes: Callable[[pd.Series], np.ndarray]
    step: str
    reason: str
    uses_up: bool = False


@dataclass(frozen=True)
class Change:
    """Which distinct values were changed, with a note that says how, and the key that switches the change off."""

    note: str
    switch: str
    where: np.ndarray


BUILT_IN: Sequence[CleaningRule] = (
    ValueRule(
        key="numbers", label="Read numbers", does="Reads a number as people write it.",
        can_be_off=False, kinds=("number",), clean=amounts.read_numbers,
    ),
    ValueRule(
        key="ranges", label="Set values out of range to missing",
        does="Sets a number to missing that its column cannot have, such as an age of 400.",
        can_be_off=True, kinds=("number",), clean=amounts.in_range,
    ),
    ValueRule(
        key="whole_years", label="Round down to whole years", does="Counts an age in whole years.",
        can_be_off=False, clean=amounts.whole_years,
    ),
    ValueRule(
        key="dates", label="Read dates", does="Reads a date as people write it; one that cannot be is missing.",
        can_be_off=False, kinds=("date",), clean=dates.read_dates,
    ),
    ValueRule(
        key="words", label="Trim texts", does="Drops needless spaces; a blank becomes Unknown.",
        can_be_off=False, kinds=("category", "band", "text"), clean=words.read_words,
    ),
    ValueRule(
        key="answers", label="Trim answers", does="Drops needless spaces and decimals; a blank becomes Unknown.",
        can_be_off=False, kinds=("yes_no",), clean=words.read_answers,
    ),
    ValueRule(
        key="misspellings", label="Correct misspellings",
        does="Reads a word that is nearly a known one, such as Argiculture, as that one.",
        can_be_off=True, kinds=("category", "yes_no"), clean=words.correct_misspellings,
    ),
    ValueRule(
        key="spellings", label="Unify spellings", does="Gives all spellings of one value the same one.",
        can_be_off=False, kinds=("category", "yes_no"), clean=words.unify_spellings,
    ),
    ValueRule(
        key="yes_or_no", label="Keep yes and no", does="Sets an answer that is neither yes nor no to Unknown.",
        can_be_off=False, kinds=("yes_no",), clean=words.only_answers,
    ),
    ValueRule(
        key="postcodes", label="Read postcodes", does="Drops decimals and restores the zeros in front.",
        can_be_off=False, kinds=("postcode",), clean=words.read_postcodes,
    ),
    RowRule(
        key="deceased", label="Remove the deceased", does="Removes customers who have died.",
        can_be_off=True, removes=lambda values: values.eq("Yes").to_numpy(),
        step="Removed the deceased", reason="Deceased", uses_up=True,
    ),
)  # fmt: skip


def _check_rule(rule: CleaningRule) -> None:
    if not rule.kinds and not any(rule.key in column.cleaning for column in CUSTOMER):
        raise ValueError(
            f"The cleaning rule {rule.key!r} is for no column: give it kinds, or name it in Column.cleaning."
        )


RULES: Final[Registry[CleaningRule]] = Registry("a cleaning rule", CleaningRule, check=_check_rule)


def switches() -> list[CleaningRule]:
    """The rules that the analyst can switch off, sorted by key."""
    return sorted((rule for rule in RULES.values() if rule.can_be_off), key=lambda rule: rule.key)


def row_rules(columns: Sequence[Column]) -> list[tuple[str, RowRule]]:
    """The rules that remove rows, each with the name of its column."""
    rules = [rule for rule in RULES.values() if isinstance(rule, RowRule)]
    return [(column.name, rule) for rule in rules for column in columns if rule.applies_to(column)]


def clean_values(
    text: pd.Series, column: Column, fact: Fact, *, as_of: date, off: Sequence[str] = ()
) -> tuple[pd.Series, list[Change]]:
    """Clean the distinct values of one column of any kind but the id, and say what was changed.

    `off` has the keys of the rules that are switched off.
    """
    cells, changes = Cells(text, text, column, fact, as_of), list[Change]()
    for rule in RULES.values():
        if isinstance(rule, ValueRule) and rule.applies_to(column) and rule.key not in off:
            values, notes = rule.clean(cells)
            cells = Cells(text, values, column, fact, as_of)
            for note, where in notes.items():
                if where.any():
                    changes = [Change(change.note, change.switch, change.where & ~where) for change in changes]
                    changes.append(Change(note, rule.switch, where))
    return cells.values, changes


def _check_columns() -> None:
    """Refuse a column that names an unknown rule."""
    unknown = {key for column in CUSTOMER for key in column.cleaning} - {*RULES}
    if unknown:
        raise ValueError(f"Column.cleaning names rules there are not: {', '.join(sorted(unknown))}.")


for _rule in BUILT_IN:
    RULES.add(_rule)
_check_columns()
