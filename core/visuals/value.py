"""The measure that stands for a customer's value, which the arguments of a visual's table may depend on."""

from dataclasses import dataclass
from typing import Any, Final, Protocol

from core.views.tables import Decimals

VALUE: Final = "the value measure"  # in place of a column: the measure that the analyst shows as value


class Measures(Protocol):
    """The value measure and decimals, which the arguments of a visual's table may depend on."""

    @property
    def value(self) -> str:
        """The measure that stands for a customer's value."""

    @property
    def step(self) -> float:
        """The bin width of that measure."""

    def decimals(self, *columns: str) -> Decimals:
        """Those of some numbers that the customers have, with the decimals to sum them in."""


@dataclass(frozen=True)
class ValueMeasure:
    """The measure that stands for value while the visuals are asked what they need (`Measures`)."""

    value: str
    step: float
    numbers: Decimals

    def decimals(self, *columns: str) -> Decimals:
        """Those of the numbers that there are."""
        return {name: self.numbers[name] for name in columns if name in self.numbers}


def named(column: str, of: Measures) -> str:
    """The column itself, or the analyst's value measure for `VALUE`."""
    return of.value if column == VALUE else column


def shared_measures(of: Measures, *more: str) -> tuple[Any, ...]:
    """The arguments of the table by cluster that pie, bars and cards share, so that it is made once."""
    return (of.decimals(of.value, "purchases", *more),)
