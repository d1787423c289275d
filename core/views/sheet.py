"""A table that page and report show as it is: cells as texts for people, sorted by the values behind them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal, Self

import pandas as pd

from core import figures
from core.schema import titled

Form = Literal["text", "code", "count", "number", "share"]
SHORT_FROM: Final = 10_000.0  # from here on a short number has three figures, such as 69.2 k
ENDS: Final = ("_from", "_to")  # after the name of a share: the columns with the ends of its interval
TWO_FIGURES: Final = 0.0995  # from here on a share in whole percents has two figures


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet; a share has its interval in the columns `<name>_from` and `<name>_to`.

    `whole_title` is the title in a file and on paper, where that on a page is short. `sign` is that of the currency of
    a number that is money. Large numbers are short, so that no figure is cut off: a file has them whole.
    """

    name: str
    title: str
    form: Form = "text"
    hint: str = ""
    whole_title: str = ""
    sign: str = ""

    @property
    def write(self) -> Callable[[Any], str]:
        """What writes a value of it; a share is written with its interval."""
        write: Mapping[Form, Callable[[Any], str]] = {
            "count": figures.count,
            "number": partial(figures.short_if_large, currency=self.sign, digits=1, large=SHORT_FROM),
        }
        return write.get(self.form, _words)

    @property
    def file_title(self) -> str:
        """The title in a file and on paper."""
        return self.whole_title or self.title


class _Worded(float):
    """A number with its text, which says more than the number: pandas writes a cell by its value alone."""

    def __new__(cls, number: float, text: str) -> Self:
        """The number that compares and sorts as before."""
        one = super().__new__(cls, number)
        one.text = text
        return one

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Sheet:
    """A table for people.

    Parameters
    ----------
    columns : sequence of SheetColumn
        What is shown, in order.
    rows : DataFrame
        The rows that are shown; NaN where a figure is not known, or hidden.
    everything : DataFrame
        All rows, for a download, which adds their `figures`: few are shown of what can be a million.
    marks : sequence of tuple of str
        Of each row shown, the values that a click on it filters by, in the order of `Visual.clicks`; empty for a row
        that is no group, such as the sum of others.
    figures : callable
        It adds to `everything` the columns that it lacks.
    """

    columns: Sequence[SheetColumn]
    rows: pd.DataFrame
    everything: pd.DataFrame
    marks: Sequence[tuple[str, ...]] = ()
    figures: Callable[[pd.DataFrame], pd.DataFrame] = lambda rows: rows

    @property
    def header(self) -> tuple[str, ...]:
        """The whole titles of the columns."""
        return tuple(column.file_title for column in self.columns)

    @property
    def texts(self) -> list[tuple[str, ...]]:
        """The rows shown as texts."""
        return [tuple(_text(column, row) for column in self.columns) for row in self.rows.to_dict("records")]

    @property
    def words(self) -> int:
        """How many of the first columns are words."""
        return sum(column.form in ("text", "code") for column in self.columns)


def with_texts(table: pd.DataFrame, write: Mapping[str, Callable[[Any], str]]) -> Any:
    """A table as a pandas Styler: a browser sorts by the values and shows the texts that `write` gives by column."""
    return table.style.format({**write}, na_rep=figures.NONE)


def styled(sheet: Sheet) -> Any:
    """The rows shown, with their texts (`with_texts`)."""
    shown, write = {}, {}
    for column in sheet.columns:
        shown[column.name], write[column.name] = sheet.rows[column.name], column.write
        if column.form == "share":
            cells = [_Worded(row[column.name], _text(column, row)) for row in sheet.rows.to_dict("records")]
            shown[column.name], write[column.name] = pd.Series(cells, sheet.rows.index, "object"), str
    return with_texts(pd.DataFrame(shown), write)


def file_of(sheet: Sheet) -> pd.DataFrame:
    """All rows with the titles of the columns as headers; the ends of a share's interval are columns after it.

    Numbers are plain here, so that the sign of their currency stands in the header.
    """
    everything = sheet.figures(sheet.everything)
    columns: dict[str, pd.Series] = {}
    for column in sheet.columns:
        title = column.file_title
        columns[titled(title, column.sign)] = everything[column.name]
        if column.form == "share":
            columns |= {f"{title}{end.replace('_', ' ')}": everything[column.name + end] for end in ENDS}
    return pd.DataFrame(columns)


def _text(column: SheetColumn, row: Mapping[str, Any]) -> str:
    value = row[column.name]
    if column.form == "share" and value == value:
        low, high = (_end(row[column.name + end]) for end in ENDS)
        return f"{figures.share(value)} ({low.removesuffix(figures.style().percent)}–{high})"
    return column.write(value)


def _end(share: float) -> str:
    """An end of an interval by two figures: it is never surer."""
    return figures.share(share, digits=1 if share < TWO_FIGURES else 0)


def _words(value: Any) -> str:
    return str(value) if value == value else figures.NONE
