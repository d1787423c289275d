"""The analyst's rules: frozen, passed to every row rule, written into every export."""

import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal, TypeVar, get_args

import tomli_w

from core.errors import RulesError

DateOrder = Literal["auto", "day_first", "month_first"]
DecimalMark = Literal["auto", "point", "comma"]
# What cleaning can be told not to do: remove the deceased, correct misspellings, blank what is out of range.
Switch = Literal["deceased", "misspellings", "ranges"]
T = TypeVar("T")
MOST = 10**9  # a year, an age or a line of a file is far below it
LONGEST = 80  # characters of a wrong value in a message


@dataclass(frozen=True)
class MassAffluent:
    """Who is mass affluent: an inclusion side, an exclusion side, and a measure to fall back on.

    In: `segments_in`, or `segment_by_valuation` with a property valuation of at least
    `min_property_valuation`. Out: `segments_out`, and the deceased. A segment that is named nowhere
    here says nothing. A file without a wealth segment uses a numeric column instead:
    `min_measure` ≤ `measure` < `max_measure`.
    """

    segments_in: tuple[str, ...] = ("Affluent Customer",)
    segment_by_valuation: tuple[str, ...] = ("Mass Customer",)
    min_property_valuation: float = 9
    segments_out: tuple[str, ...] = ("High Net Worth",)
    measure: str = "balance"
    min_measure: float = 100_000
    max_measure: float = 1_000_000


@dataclass(frozen=True)
class HighPotential:
    """Young and wealthy: under `below_age`, and in `segments` or with a valuation of at least the minimum."""

    below_age: int = 40
    segments: tuple[str, ...] = ("Affluent Customer", "High Net Worth")
    min_property_valuation: float = 9


@dataclass(frozen=True)
class Intake:
    """How files are read, wherever the analyst decides instead of the app.

    Parameters
    ----------
    columns : dict of str to str
        Header → role: the name of a canonical column, "measure", "category", or "" to leave it out.
        Headers are compared by `schema.normalise`.
    date_order : {"auto", "day_first", "month_first"}
        How to read 01/02/1980; "auto" decides once per column from all its values.
    decimal_mark : {"auto", "point", "comma"}
        How to read 1,234; "auto" decides once per column from all its values.
    encoding, delimiter : str
        Of text files; empty to decide per file.
    header_row : int
        Line of the header, from 1; 0 to decide, -1 where there is none.
    sheets : tuple of str
        Sheets of a workbook to use; empty for all.
    off : tuple of {"deceased", "misspellings", "ranges"}
        Steps of cleaning that are left out.
    """

    columns: dict[str, str] = field(default_factory=dict, hash=False)
    date_order: DateOrder = "auto"
    decimal_mark: DecimalMark = "auto"
    encoding: str = ""
    delimiter: str = ""
    header_row: int = 0
    sheets: tuple[str, ...] = ()
    off: tuple[Switch, ...] = ()

    def __post_init__(self) -> None:
        for name, value, known in (
            ("date order", self.date_order, get_args(DateOrder)),
            ("decimal mark", self.decimal_mark, get_args(DecimalMark)),
            *(("step that can be left out", switch, get_args(Switch)) for switch in self.off),
        ):
            if value not in known:
                raise RulesError(f"“{value}” is not a {name}.", f"Use one of {', '.join(known)}.")


@dataclass(frozen=True)
class Rules:
    """All that decides a row's flags.

    Parameters
    ----------
    as_of : date
        The day ages are counted at; a parameter, so that a run can be repeated.
    age_starts : tuple of int
        First age, in years, of each age group after the youngest.
    intake : Intake
        What was decided about the files.
    """

    as_of: date
    age_starts: tuple[int, ...] = (18, 25, 35, 45, 55, 65)
    mass_affluent: MassAffluent = field(default_factory=MassAffluent)
    high_potential: HighPotential = field(default_factory=HighPotential)
    intake: Intake = field(default_factory=Intake)

    def __post_init__(self) -> None:
        if not self.age_starts or list(self.age_starts) != sorted(set(self.age_starts)):
            raise RulesError(f"The age groups start at {list(self.age_starts)}.", "List rising ages.")

    @property
    def age_groups(self) -> tuple[str, ...]:
        """Labels in rising order: `<18`, `18–24`, …, `65+`."""
        starts = self.age_starts
        between = (f"{low}–{high - 1}" for low, high in pairwise(starts))
        return (f"<{starts[0]}", *between, f"{starts[-1]}+")

    def to_dict(self) -> dict[str, Any]:
        """Plain values only, for JSON and TOML."""
        return _plain(asdict(self))

    def to_toml(self) -> str:
        """The rules as a TOML document that `from_toml` reads back to an equal value."""
        return tomli_w.dumps(self.to_dict())


def from_toml(text: str, *, as_of: date | None = None, file: str = "rules") -> Rules:
    """Read rules from TOML; `as_of`, where given, wins over the document's.

    Raises
    ------
    RulesError
        Not TOML, an unknown key, a value of the wrong type, or no as-of date anywhere.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"This is not TOML: {error}.", "Correct it, or export the rules anew.", file=file) from None
    if as_of:
        document["as_of"] = as_of.isoformat()
    return from_dict(document, file=file)


def from_dict(document: dict[str, Any], *, file: str = "rules") -> Rules:
    """The rules of plain values (`Rules.to_dict`).

    Raises
    ------
    RulesError
        An unknown key, a value of the wrong type, or no as-of date.
    """
    if "as_of" not in document:
        raise RulesError("There is no as-of date.", 'Add a line such as as_of = "2026-01-01".', file=file)
    return _build(Rules, document, file)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)  # 9 and 9.0 are one setting
    return value.isoformat() if isinstance(value, date) else value


def _build(kind: type[T], values: dict[str, Any], file: str) -> T:
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(values) - set(known)):
        raise RulesError(f"Unknown rule {unknown}.", f"Known rules here: {', '.join(known)}.", file=file)
    return kind(**{name: _convert(known[name].type, value, f"{file}: {name}") for name, value in values.items()})


def _convert(kind: Any, value: Any, place: str) -> Any:
    """A TOML value as the field's type; TOML has no tuples, and a date may be written as text."""
    try:
        if is_dataclass(kind):
            return _build(kind, _checked(value, dict), place)  # type: ignore[arg-type]
        return CONVERT[kind](value)
    except (TypeError, ValueError, OverflowError):
        raise RulesError(
            f"{repr(value)[:LONGEST]} is not a value for this rule.", "See the exported rules for its form.", file=place
        ) from None


def _checked(value: Any, kind: type | tuple[type, ...]) -> Any:
    if not isinstance(value, kind):
        raise TypeError(value)
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or value != value:
        raise TypeError(value)
    return float(_checked(value, (int, float)))


def _whole(value: Any) -> int:
    number = _number(value)
    if not number.is_integer() or abs(number) > MOST:
        raise ValueError(value)
    return int(number)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_checked(item, str) for item in _checked(value, list))


# A TOML value as the type of a rule's field.
CONVERT: dict[Any, Callable[[Any], Any]] = {
    # isoformat first: a TOML date with a time of day is no date
    date: lambda value: date.fromisoformat(value.isoformat() if isinstance(value, date) else value),
    float: _number,
    int: _whole,
    str: lambda value: _checked(value, str),
    DateOrder: lambda value: _checked(value, str),
    DecimalMark: lambda value: _checked(value, str),
    dict[str, str]: lambda value: {key: _checked(item, str) for key, item in _checked(value, dict).items()},
    tuple[int, ...]: lambda value: tuple(map(_whole, _checked(value, list))),
    tuple[str, ...]: _texts,
    tuple[Switch, ...]: _texts,
}
