"""A KPI card as text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A figure: what it is, its value, what it is a part of, and a hint."""

    label: str
    value: str
    note: str = ""
    hint: str = ""
