"""What a sheet of the workbook has: a table of typed columns below a title and notes, and charts of its cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from core.figures import WHOLE_FROM, style
from core.number_style import FIRST

Form = Literal["text", "code", "count", "number", "share", "date"]
DAY: Final = "yyyy-mm-dd"
# Groups of lakh and crore: Excel has no other code for them than one by size.
INDIAN: Final = (("[>=10000000]", r"##\,##\,##\,##0"), ("[>=100000]", r"##\,##\,##0"), ("", "#,##0"))


class Field(NamedTuple):
    """A column: its title, what its cells are, the sign of their currency, decimals of a number, its width if fixed."""

    title: str
    form: Form = "text"
    sign: str = ""
    digits: int = 0
    width: int = 0


class Cell(NamedTuple):
    """A value that is not of the form of its column."""

    value: Any
    field: Field


class Bars(NamedTuple):
    """A chart of two columns of a table, whose cells it refers to: labels and values by the titles of their columns."""

    title: str
    of: str  # the key of a `Tab`
    labels: str
    values: str
    colours: tuple[str, ...] = ()
    kind: Literal["bar", "doughnut"] = "bar"


@dataclass(frozen=True)
class Tab:
    """A sheet with one table below a title and notes; cells that are None or NaN stay empty.

    `key` stands in the name of the range, `name` on the tab. `charts` stand below the table.
    """

    key: str
    name: str
    fields: Sequence[Field]
    rows: Iterable[Sequence[Any]]
    title: str = ""
    notes: Sequence[str] = ()
    charts: Sequence[Bars] = ()


def number_field(title: str, values: Iterable[float], sign: str = "") -> Field:
    """The field of some numbers: whole from a thousand on, or where all are, as a page writes them."""
    known = [abs(float(value)) for value in values if value == value and value is not None]
    most = max(known, default=0.0)
    digits = 0 if most >= WHOLE_FROM or all(value.is_integer() for value in known) else 2 if most >= 1 else 4
    return Field(title, "number", sign, digits)


def code(field: Field) -> str:
    """Excel's code for the numbers of a field, in the groups of the style in force, with the sign of a currency.

    Marks are those of the program that shows the cell.
    """
    if field.form == "share":
        return "0.0%"
    if field.form == "date":
        return DAY
    decimals = f".{'0' * field.digits}" if field.digits else ""
    before, after = style().amount("|", field.sign).split("|") if field.sign else ("", "")
    sizes = (("", "#,##0"),) if style().later == FIRST else INDIAN
    return ";".join(f"{when}{_quoted(before)}{digits}{decimals}{_quoted(after)}" for when, digits in sizes)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "") + '"' if text else ""
