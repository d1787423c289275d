"""Errors an analyst can act on: each names the file, column and line, what was found, and the remedy."""

from collections.abc import Sequence
from typing import Any


class DataError(Exception):
    """The input cannot be used as it is.

    Parameters
    ----------
    found : str
        What was found, as a sentence.
    remedy : str
        What to do about it, as a sentence.
    file, column, line
        Where it was found, as far as it is known; `line` counts from 1, as an editor does.
    choices : sequence of str
        What to choose among, where that is the remedy: sheets, or headers.
    """

    def __init__(
        self,
        found: str,
        remedy: str,
        *,
        file: str = "",
        column: str = "",
        line: int | None = None,
        choices: Sequence[str] = (),
    ) -> None:
        place = ", ".join(
            part
            for part in (
                file,
                f"column “{column}”" if column else "",
                f"line {line:,}" if line else "",
            )
            if part
        )
        super().__init__(f"{place}: {found} {remedy}" if place else f"{found} {remedy}")
        self.found, self.remedy, self.file, self.column, self.line = found, remedy, file, column, line
        self.choices = tuple(choices)

    def __reduce__(self) -> tuple[Any, ...]:
        """How a cache or another process copies it."""
        return _made_of, (type(self), self.parts)

    @property
    def parts(self) -> dict[str, Any]:
        """What it was made of, as JSON can hold it: an error of another process is made anew from this."""
        return {name: getattr(self, name) for name in ("found", "remedy", "file", "column", "line", "choices")}


class UnreadableFileError(DataError):
    """The bytes are not a table of text."""


class UnknownSheetError(UnreadableFileError):
    """A chosen sheet is not in the workbook; `choices` are the sheets that are."""


class UnusableTableError(DataError):
    """The table was read, but holds no column the dashboard can use, or no customer."""


class UnknownColumnsError(UnusableTableError):
    """No column has a role on the dashboard; `choices` are their headers."""


class UnjoinableTablesError(DataError):
    """Several tables that do not share a customer id; `choices` are the sheets, if some come from a workbook."""


class AmbiguousDatesError(DataError):
    """Every date of a column can be read day first and month first."""


class AmbiguousNumbersError(DataError):
    """Every number of a column can be read with a decimal point and with a decimal comma."""


class RulesError(DataError):
    """A setting that cannot be."""


class DocumentError(DataError):
    """A file of rules, measures or scenarios, a saved model, or a result, that is none or was changed."""


class DrawingWarning(UserWarning):
    """A chart could not be drawn, and a sentence stands in its place. Tests take it for an error."""


class MeasureError(DataError):
    """A formula that cannot be understood; `position` is the character it fails at, from 0."""

    def __init__(self, found: str, remedy: str, formula: str, position: int) -> None:
        super().__init__(found, remedy)
        self.formula, self.position = formula, position

    def __reduce__(self) -> tuple[type, tuple[str, str, str, int]]:
        """How a cache or another process copies it."""
        return type(self), (self.found, self.remedy, self.formula, self.position)

    def pointer(self) -> str:
        """The formula on one line, and a `^` under the character."""
        line = "".join(" " if mark.isspace() else mark for mark in self.formula)
        return f"{line}\n{' ' * self.position}^"


def _made_of(kind: type[DataError], parts: dict[str, Any]) -> DataError:
    return kind(**parts)
