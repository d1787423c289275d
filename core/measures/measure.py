"""A measure: a formula with a name and a format; as TOML, and as text ready to show."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal, get_args

import pandas as pd
import tomli_w

from core import figures
from core.documents import Document
from core.errors import MeasureError, RulesError
from core.measures.columns import Columns
from core.measures.evaluate import counts, evaluate
from core.measures.nodes import Node
from core.measures.parse import parse
from core.plain import check_fields
from core.schema import CLUSTER

Format = Literal["number", "%", "money"]
FORMATS: Final = get_args(Format)
MOST: Final = 24  # measures at a time
LONGEST_NAME: Final = 60  # characters
DOCUMENT: Final = Document("a file of measures", "TOML", "Load one that was downloaded here.", 2**18)


@dataclass(frozen=True)
class Measure:
    """A formula (`parse`), the name it is shown under, and how its values are written."""

    name: str
    formula: str
    format: Format = "number"

    def __post_init__(self) -> None:
        if not 0 < len(self.name.strip()) <= LONGEST_NAME:
            raise RulesError("The measure has no name, or a long one.", f"Give 1 to {LONGEST_NAME} characters.")
        check_fields(self)

    def write(self, value: float, currency: str = "") -> str:
        """A value in the measure's format, money with the sign of a currency; an en dash where there is none."""
        if pd.isna(value):
            return figures.NONE
        size = abs(float(value))
        written = {
            "number": figures.number(size, 0 if size.is_integer() else 2),
            "%": f"{figures.number(size * 100, 1)}{figures.style().percent}",
            "money": figures.money(size, currency, 2),
        }
        return figures.signed(value, written[self.format])


@dataclass(frozen=True)
class _Entry(Measure):
    """A measure in a file; in one of before, money is called by the sign it had."""

    format: Format | Literal["$"] = "number"  # type: ignore[assignment]  # wider, as it is only read

    def measure(self) -> Measure:
        return Measure(self.name, self.formula, "money" if self.format == "$" else self.format)


@dataclass(frozen=True)
class _File:
    measures: tuple[_Entry, ...]


@dataclass(frozen=True)
class Result:
    """A measure's text in total (label "") and by cluster; or the error of its formula."""

    measure: Measure
    values: tuple[tuple[str, str], ...] = ()
    error: MeasureError | None = None


def results(
    customers: pd.DataFrame, measures: Sequence[Measure], columns: Columns, currency: str = ""
) -> tuple[Result, ...]:
    """All measures of the customers, from one table; a formula that fails keeps its error and no other's value.

    `columns` is `columns_of` of all customers, so that no filter takes a value out of the language, or changes how
    a column is summed. `currency` is the sign that money is written with.
    """
    read = {measure: _read(measure, columns) for measure in measures}
    nodes = {measure: node for measure, node in read.items() if not isinstance(node, MeasureError)}
    errors = {measure: error for measure, error in read.items() if isinstance(error, MeasureError)}
    table = counts(customers, list(nodes.values()), columns) if nodes else pd.DataFrame({CLUSTER: []})
    return tuple(
        Result(one, error=errors[one])
        if one in errors
        else Result(
            one, tuple((label, one.write(value, currency)) for label, value in evaluate(nodes[one], table).items())
        )
        for one in measures
    )


def with_measure(measures: Sequence[Measure], new: Measure, instead_of: str = "") -> tuple[Measure, ...]:
    """The measures and a new one, in place of the one it was made from, or of its own name.

    Raises
    ------
    RulesError
        There are as many as fit a page.
    """
    place = next((i for i, one in enumerate(measures) if one.name == (instead_of or new.name)), len(measures))
    kept = [new if i == place else one for i, one in enumerate(measures) if i == place or one.name != new.name]
    result = tuple(kept) if place < len(measures) else (*kept, new)
    if len(result) > MOST:
        raise RulesError(f"There are {MOST} measures already.", "Remove one first.")
    return result


def with_measures(measures: Sequence[Measure], more: Sequence[Measure]) -> tuple[Measure, ...]:
    """The measures and some more, in place of those of the same name.

    Raises
    ------
    RulesError
        There are more than fit a page.
    """
    for one in more:
        measures = with_measure(measures, one)
    return tuple(measures)


def to_toml(measures: Sequence[Measure]) -> str:
    """The measures as a TOML document that `from_toml` reads back."""
    return tomli_w.dumps({"measures": [asdict(one) for one in measures]})


def from_toml(content: bytes | str, file: str = "measures.toml") -> tuple[Measure, ...]:
    """Read measures; their formulas are checked when they meet data.

    Raises
    ------
    DocumentError
        Not TOML, no list of measures, or a wrong entry.
    """
    entries = DOCUMENT.read(_File, content, file).measures
    with DOCUMENT.refusing(file):
        return with_measures((), [one.measure() for one in entries])


def _read(measure: Measure, columns: Columns) -> Node | MeasureError:
    try:
        return parse(measure.formula, columns)
    except MeasureError as error:
        return error
