"""The analyst's rules: frozen, passed to every row rule, written into every export."""

from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Final, Literal

import tomli_w
from msgspec import Meta

from core.cleaning.registry import switches
from core.countries.currencies import currencies
from core.countries.decide import AUTO, NONE
from core.countries.registry import countries
from core.documents import Document
from core.encodings import codec_of
from core.errors import DocumentError, RulesError
from core.number_style import Numbers
from core.plain import check_fields, from_plain

DateOrder = Literal["auto", "day_first", "month_first"]
DecimalMark = Literal["auto", "point", "comma"]
Way = Literal["customer", "snapshot", "account", "transaction", "record"]  # what a row is
Rows = Literal["auto", "customer", "snapshot", "account", "transaction", "record"]
YEARS: Final = (1900, 2199)  # of an as-of date
MOST_AGE_GROUPS: Final = 40  # a bar or a filter each
OLDEST: Final = 150
MOST_MONEY: Final = 1e18  # a whole number of TOML has 64 bits
MOST_LINES: Final = 10**9
AUTO_MEASURE: Final = "auto"
Money = Annotated[float, Meta(ge=-MOST_MONEY, le=MOST_MONEY)]
Age = Annotated[int, Meta(ge=1, le=OLDEST)]
NO_DELIMITER: Final = "\"'\r\n\0"
DOCUMENT: Final = Document("a file of rules", "TOML", "Correct it, or save the rules anew in the app.", 2**18)


@dataclass(frozen=True)
class MassAffluent:
    """Who is mass affluent: an inclusion side, an exclusion side, and a measure to fall back on.

    In: `segments_in`, or `segment_by_valuation` with a property valuation of at least
    `min_property_valuation`. Out: `segments_out`, and the deceased. A segment that is named nowhere
    here says nothing. A file without a wealth segment uses a numeric column instead:
    `min_measure` ≤ `measure` < `max_measure`. `measure` is a column, or a meaning of columns
    (`core.meanings`); "auto" takes the best measure of wealth there is. A bound that is not given is
    decided by the customers (`core.segments.wealth_band`).
    """

    segments_in: tuple[str, ...] = ("Affluent Customer",)
    segment_by_valuation: tuple[str, ...] = ("Mass Customer",)
    min_property_valuation: Money = 9
    segments_out: tuple[str, ...] = ("High Net Worth",)
    measure: str = AUTO_MEASURE
    min_measure: Money | None = None
    max_measure: Money | None = None

    def __post_init__(self) -> None:
        check_fields(self)

    @property
    def is_open(self) -> bool:
        """Whether the customers decide the measure and its band."""
        return (self.measure, self.min_measure, self.max_measure) == (AUTO_MEASURE, None, None)


@dataclass(frozen=True)
class HighPotential:
    """Young and wealthy: under `below_age`, and in `segments` or with a valuation of at least the minimum.

    Where a band tells the mass affluent, its lower bound is enough, too.
    """

    below_age: Annotated[int, Meta(ge=0, le=OLDEST)] = 40
    segments: tuple[str, ...] = ("Affluent Customer", "High Net Worth")
    min_property_valuation: Money = 9

    def __post_init__(self) -> None:
        check_fields(self)


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
    off : tuple of str
        Keys of the cleaning rules that are switched off (`core.cleaning.registry`).
    country : str
        Code of the country that the files are of, "none", "world" for several, or "auto" to decide by their values.
    currency : str
        ISO 4217 code of the currency of all amounts, "none", or "auto" to decide by headers, cells and country.
    rows : {"auto", "customer", "snapshot", "account", "transaction", "record"}
        What a row is where customers have several: a customer; a customer at one of several dates; an account or
        card; a transaction; an older or newer record. "auto" decides per table.
    borders : tuple of str
        The property of a file of borders and the header of the column that are matched; ("none",) to draw none, empty
        to decide by their values.
    """

    columns: dict[str, str] = field(default_factory=dict, hash=False)
    date_order: DateOrder = "auto"
    decimal_mark: DecimalMark = "auto"
    encoding: str = ""
    delimiter: str = ""
    header_row: Annotated[int, Meta(ge=-1, le=MOST_LINES)] = 0
    sheets: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    country: str = AUTO
    currency: str = AUTO
    rows: Rows = "auto"
    borders: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self)
        for name, value, known in (
            ("country", self.country, (AUTO, NONE, *countries())),
            ("currency", self.currency, (AUTO, NONE, *currencies())),
            *(("step that can be left out", key, [rule.key for rule in switches()]) for key in self.off),
        ):
            if value not in known:
                raise RulesError(f"“{value}” is not a {name}.", f"Use one of {', '.join(known)}.")
        if len(self.borders) > 2 or (len(self.borders) == 1 and self.borders != (NONE,)):
            raise RulesError(
                f"“{self.borders[0]}” is no choice of borders.", "Give a property and a column, or “none”."
            )
        if self.encoding:
            codec_of(self.encoding)
        if self.delimiter and (len(self.delimiter) > 1 or self.delimiter in NO_DELIMITER):
            raise RulesError(
                f"{self.delimiter[:10]!r} cannot be a delimiter.", "Choose a single character such as a comma."
            )


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
    checked : tuple of str
        Files whose reading the analyst found right, by `understanding.confirmation`.
    numbers : {"auto", "en", "de", "fr", "de_CH", "en_IN"}
        How numbers are written for people (`core.number_style`), not how they are read.
    """

    as_of: date
    age_starts: Annotated[tuple[Age, ...], Meta(max_length=MOST_AGE_GROUPS)] = (18, 25, 35, 45, 55, 65)
    mass_affluent: MassAffluent = field(default_factory=MassAffluent)
    high_potential: HighPotential = field(default_factory=HighPotential)
    intake: Intake = field(default_factory=Intake)
    checked: tuple[str, ...] = ()
    numbers: Numbers = "auto"

    def __post_init__(self) -> None:
        check_fields(self)
        if not self.age_starts or list(self.age_starts) != sorted(set(self.age_starts)):
            raise RulesError(f"The age groups start at {list(self.age_starts)}.", "List rising ages.")
        if not YEARS[0] <= self.as_of.year <= YEARS[1]:
            raise RulesError(f"“as_of” is in the year {self.as_of.year}.", f"Give one from {YEARS[0]} to {YEARS[1]}.")

    @property
    def of_rows(self) -> "Rules":
        """The rules without what decides nothing about a row: files found right, and how numbers are written."""
        return replace(self, checked=(), numbers="auto")

    @property
    def age_groups(self) -> tuple[str, ...]:
        """Labels in rising order: `<18`, `18–24`, …, `65+`."""
        starts = self.age_starts
        between = (f"{low}–{high - 1}" for low, high in pairwise(starts))
        return (f"<{starts[0]}", *between, f"{starts[-1]}+")

    def to_dict(self) -> dict[str, Any]:
        """Plain values only, for JSON and TOML."""
        plain = {name: _plain(value) for name, value in asdict(self).items()}
        for name in ("country", "currency", "rows"):
            if plain["intake"][name] == AUTO:  # left out, as rules of before have it
                del plain["intake"][name]
        if not self.intake.borders:
            del plain["intake"]["borders"]
        if not self.checked:
            del plain["checked"]
        if self.numbers == AUTO:
            del plain["numbers"]
        affluent = plain["mass_affluent"]  # TOML has no null
        plain["mass_affluent"] = {name: value for name, value in affluent.items() if value is not None}
        return plain

    def to_toml(self) -> str:
        """The rules as a TOML document that `from_toml` reads back to an equal value."""
        return tomli_w.dumps(self.to_dict())


def from_toml(content: bytes | str, *, as_of: date | None = None, file: str = "rules.toml") -> Rules:
    """Read rules from TOML; `as_of`, where given, wins over the document's.

    Raises
    ------
    DocumentError
        Not TOML, an unknown key, a value that cannot be, or no as-of date anywhere.
    """
    values = DOCUMENT.plain(content, file)
    if as_of:
        values["as_of"] = as_of
    elif isinstance(text := values.get("as_of"), str):
        with suppress(ValueError):  # 20260101 is a date, too
            values["as_of"] = date.fromisoformat(text)
    if "as_of" not in values:
        raise DocumentError("There is no as-of date.", 'Add a line such as as_of = "2026-01-01".', file=file)
    with DOCUMENT.refusing(file):
        return from_plain(Rules, values)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)  # 9 and 9.0 are one setting
    return value.isoformat() if isinstance(value, date) else value
