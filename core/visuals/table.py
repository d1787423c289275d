"""Descriptions of tables: columns that are needed, and how small groups are hidden. They are found by the builder.

A table without a description is hidden row by row, and refused where that is not possible. Opened results lack it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.customer_base import CustomerBase

Build = Callable[..., Any]
SUMS: Final = "sums"  # in `Table.spared`: all sums that the table needs


@dataclass(frozen=True)
class Hiding:
    """How a table hides small groups (`suppress.shown`), or the `reason` why it is not hidden.

    `cells` says whether each row is a group that is shown. `whole` makes the table of everybody by the first key,
    for a table that leaves some of them out.
    """

    cells: bool = True
    whole: Build | None = None
    reason: str = ""


BY_ROW: Final = Hiding()


@dataclass(frozen=True)
class CountedBy:
    """What an opened result is counted by for a table that no visual asks for.

    `keys` are columns, `further` those that are left out where the groups are too many. Without one of the columns
    in `only_with` there is nothing to count.
    """

    keys: tuple[str, ...]
    further: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table that `build` makes of customers.

    Parameters
    ----------
    build : callable
        Customers and arguments in, table out.
    columns : callable
        The columns it needs, given its arguments: keys by their name, sums as `<number>_n`.
    hiding : Hiding
        How it hides small groups.
    spared : sequence of str
        Columns, or `SUMS`, without which it says less, but nothing wrong, in the order in which they are left out.
    counted_by : CountedBy, optional
        What an opened result is counted by for it, beyond what the visuals ask for.
    has_texts : bool
        Whether its figures are texts, in the style in force (`figures.style`).
    why_lacking : callable
        Why an opened result lacks it, as a sentence; empty for the usual reason, that the groups are too many.
    """

    build: Build
    columns: Callable[..., Iterable[str]]
    hiding: Hiding
    spared: Sequence[str] = ()
    counted_by: CountedBy | None = None
    has_texts: bool = False
    why_lacking: Callable[[CustomerBase, Sequence[Any]], str] = lambda *_: ""

    def enough(self, *arguments: Any) -> Iterator[set[str]]:
        """The columns it needs, first all of them, then without more and more of the spared ones."""
        needed = {*self.columns(*arguments)}
        yield needed
        for spared in self.spared:
            needed = {name for name in needed if name != spared and not (spared == SUMS and name.endswith("_n"))}
            yield needed


TABLES: Final[dict[Build, Table]] = {}


def describe(table: Table) -> Table:
    """Add a description.

    Raises
    ------
    ValueError
        It does not say how small groups are hidden, or there is another one of the same builder.
    """
    name = _name(table.build)
    if not isinstance(table.hiding, Hiding):
        raise ValueError(f"The table {name} does not say how it hides small groups: give it a Hiding, such as BY_ROW.")
    if TABLES.setdefault(table.build, table) is not table:
        raise ValueError(f"The table {name} is described twice: use the description in TABLES.")
    return table


def hiding_of(build: Build) -> Hiding:
    """How a table hides small groups: row by row unless its description says otherwise."""
    return TABLES[build].hiding if build in TABLES else BY_ROW


def refused(build: Build) -> TypeError:
    """The error of a table that has no description and is not of a form that can be hidden."""
    return TypeError(
        f"What {_name(build)} makes may tell of few customers: count by `tables.count`, or describe its Hiding "
        "in core/visuals/tables.py."
    )


def _name(build: Build) -> str:
    return str(getattr(build, "__qualname__", build))
