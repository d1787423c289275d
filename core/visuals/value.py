"""Placeholders of columns in visuals: the column that each stands for is decided by what the customers have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from core.views.tables import Decimals

VALUE: Final = "the value measure"  # in place of a column: the measure that the analyst shows as value
TILES: Final = "the category of the tiles"
PARTS: Final = "the category of the bars"
PLACE: Final = "the place"
REGION: Final = "the region of the map"
ACTIVITY: Final = "the activity measure"
SPREAD: Final = "the number whose spread is shown"
ACROSS: Final = "the number beside value"
MONETARY: Final = "the number of the monetary score"
# Placeholder → the column that it stands for where the customers have it. Links name it without saying so.
USUAL: Final[Mapping[str, str]] = {
    TILES: "job_industry", PARTS: "owns_car", PLACE: "state", REGION: "state", ACTIVITY: "purchases", SPREAD: "age",
    ACROSS: "age",
}  # fmt: skip
OF_CATEGORIES: Final = (TILES, PARTS, PLACE)
WIDEST: Final = 500.0  # bins of a number whose whole values are counted one by one: 13 of them are 6,500 values
WHOLE_DEGREES: Final = (1.0, 1.0)  # the size of a cell where that of these customers is not known
FINER: Final = 50  # bins of a box in one of a scatter: the quartiles are then right to 1/600 of the range


class Measures(Protocol):
    """The value measure, decimals and placeholders, which the arguments of a visual's table may depend on."""

    @property
    def value(self) -> str:
        """The measure that stands for a customer's value."""

    @property
    def step(self) -> float:
        """The bin width of that measure."""

    @property
    def columns_shown(self) -> Mapping[str, str]:
        """Placeholder → the column that it stands for, empty where there is none."""

    def width(self, column: str) -> float:
        """The width of the bins of a number."""

    def box_step(self, column: str) -> float:
        """The width of the bins that a box of a number is made from."""

    def decimals(self, *columns: str) -> Decimals:
        """Those of some numbers that the customers have, with the decimals to sum them in."""

    @property
    def cell_size(self) -> tuple[float, float]:
        """Height and width, in degrees, of the cells in which customers with coordinates are counted."""


def box_steps(column: str, of: Measures) -> tuple[float, ...]:
    """The widths of the bins that a box can be made from, the best first: 1, that is exact, for few whole numbers."""
    width = of.width(column)
    if of.decimals(column).get(column, 0) <= 0 and width <= WIDEST:
        return (1.0,)
    return width / FINER, width  # a result that has no other bins knows the fine ones alone


@dataclass(frozen=True)
class ValueMeasure:
    """What stands for value, and for each placeholder, while the visuals are asked what they need (`Measures`)."""

    value: str
    step: float
    numbers: Decimals
    chosen: Mapping[str, str] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)
    cell_size: tuple[float, float] = WHOLE_DEGREES

    @property
    def columns_shown(self) -> Mapping[str, str]:
        """The usual columns but for those `chosen`."""
        return {**USUAL, **self.chosen, VALUE: self.value}

    def width(self, column: str) -> float:
        """The width of the bins of a number."""
        return self.widths.get(column, 1.0)

    def box_step(self, column: str) -> float:
        """The width of the bins that a box of a number is made from."""
        return box_steps(column, self)[0]

    def decimals(self, *columns: str) -> Decimals:
        """Those of the numbers that there are."""
        return {name: self.numbers[name] for name in columns if name in self.numbers}


def named(column: str, of: Measures) -> str:
    """The column itself, or the one that a placeholder stands for."""
    return of.columns_shown.get(column, column)


def shared_measures(of: Measures, *more: str) -> tuple[Any, ...]:
    """The arguments of the table by cluster that pie, bars and cards share, so that it is made once."""
    return (of.decimals(of.value, named(ACTIVITY, of), *more),)
