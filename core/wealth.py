"""The wealth measure and the band of the mass affluent: facts about all customers, by which each is told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Annotated, Final

import pandas as pd
from msgspec import Meta

from core.figures import exact
from core.meanings import meaning_of
from core.plain import check_fields
from core.rules import AUTO_MEASURE, MOST_MONEY, MassAffluent
from core.schema import BY_NAME, Column

Bound = Annotated[float, Meta(ge=-MOST_MONEY, le=MOST_MONEY)]
HUNDREDS: Final = 100
MEASURED: Final = ("net_worth", "assets", "balance")  # meanings that are wealth itself; the others stand in for it


@dataclass(frozen=True)
class Wealth:
    """How wealth is told, decided once for all customers.

    Parameters
    ----------
    measure, source, meaning : str
        The column that measures wealth, its header in the file, its meaning; empty where there is none.
    low, high : float, optional
        The mass affluent have from `low` to below `high`, in the unit of the column. Without `high` there is no upper
        end, without `low` no band.
    relative : bool
        Whether the band is one of percentiles, so that it says nothing about amounts.
    currency : str
        ISO 4217 code of the amounts, where it is known.
    by_segment : bool
        Whether a column of wealth segments tells the mass affluent, and not the band.
    why : str
        Why the band is this one, or why there is none.
    doubt : str
        Why the share of the mass affluent cannot be trusted, as a sentence.
    """

    measure: str = ""
    source: str = ""
    meaning: str = ""
    low: Bound | None = None
    high: Bound | None = None
    relative: bool = False
    currency: str = ""
    by_segment: bool = False
    why: str = ""
    doubt: str = ""

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def has_band(self) -> bool:
        """Whether the band tells anybody."""
        return self.low is not None and not self.by_segment

    @property
    def name(self) -> str:
        """The measure as the analyst knows it: by the header of the file."""
        return self.source or self.measure.replace("_", " ")

    @property
    def tells(self) -> bool:
        """Whether there is anything that tells the mass affluent."""
        return self.by_segment or self.has_band

    @property
    def band(self) -> str:
        """The band in words."""
        if self.low is None:
            return ""
        return f"{_short(self.low)} " + ("or more" if self.high is None else f"to below {_short(self.high)}")

    def tried(self, rule: MassAffluent) -> "Wealth":
        """The same measure with the bounds of a rule that is tried."""
        return replace(self, low=rule.min_measure, high=rule.max_measure, relative=False, why=GIVEN)

    def contains(self, values: pd.Series) -> pd.Series:
        """Whether numbers (Float64) lie in the band; missing where the number is, or there is no band."""
        if self.low is None:
            return pd.Series(pd.NA, index=values.index, dtype="boolean")
        return (values >= self.low) & (values < self.high if self.high is not None else values >= self.low)


def _short(bound: float) -> str:
    """A bound as it is read: nobody needs more than two decimals of hundreds."""
    return exact(round(bound, 2) if abs(bound) >= HUNDREDS else bound)


def wealth_columns(columns: Sequence[Column]) -> list[Column]:
    """The columns that can measure wealth, best first: by their meaning, columns of the schema first."""
    return best_first([one for one in columns if one.kind == "number" and meaning_of(one.meaning).wealth_rank])


def best_first(columns: Sequence[Column], means: Mapping[str, float] | None = None) -> list[Column]:
    """Columns that can measure wealth, best first: by their meaning, columns of the schema, the largest `means`.

    Assets below the balances beside them are a part of these customers' wealth, such as a pension: they come after
    the balances.
    """
    means = means or {}
    balance = max((means.get(one.name, -inf) for one in columns if one.meaning == "balance"), default=-inf)

    def place(column: Column) -> tuple[int, bool, bool, float, str]:
        mean = means.get(column.name, inf)
        is_part = column.meaning == "assets" and mean < balance
        rank = meaning_of("balance" if is_part else column.meaning).wealth_rank
        return rank, is_part, column.name not in BY_NAME, -mean, column.name

    return sorted(columns, key=place)


def measure_named(name: str, columns: Sequence[Column]) -> Column | None:
    """The column of numbers that a rule names, or else the first with the meaning it names; None without any."""
    numbers = [one for one in columns if one.kind == "number"]
    named = (one for one in numbers if one.name == name)
    meant = (one for one in [*wealth_columns(columns), *numbers] if one.meaning == name)
    return next(named, None) or next(meant, None)


def ruled(rule: MassAffluent, names: Collection[str], *, by_segment: bool) -> Wealth:
    """What a rule says alone, without looking at the customers: a band if it gives both bounds of a column."""
    if by_segment or rule.measure == AUTO_MEASURE or rule.measure not in names or rule.min_measure is None:
        return Wealth(by_segment=by_segment, why=NO_MEASURE)
    known = BY_NAME.get(rule.measure)
    meaning = known.meaning if known else ""
    return Wealth(rule.measure, meaning=meaning, low=rule.min_measure, high=rule.max_measure, why=GIVEN)


GIVEN: Final = "as the rules say"
NO_MEASURE: Final = "no column measures wealth"
