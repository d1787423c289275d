"""A workbook → one table per sheet that holds one, by the layout rules of text files."""

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol
from xml.etree.ElementTree import ParseError

from python_calamine import CalamineError, PasswordError

from core.errors import UnreadableFileError
from core.intake.reading.cells import SheetCells
from core.intake.reading.ods import Ods, is_ods
from core.intake.reading.package import AS_CSV, Package, damaged, password
from core.intake.reading.sheet_rows import MAIN
from core.intake.reading.sheets import HIDDEN_SHEETS, check_sheets, read_sheets
from core.intake.reading.tables import NamedBytes, ReadChoices, Reading
from core.intake.reading.xls import Xls
from core.intake.reading.xlsb import Xlsb
from core.intake.reading.xlsx import Xlsx

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
DATE_SYSTEM: Final = "date system"  # subject of a decision: bare numbers may be days since 1904
# Exceptions that readers of zip archives, XML, records and cells raise for damaged bytes.
DAMAGE: Final = (zipfile.BadZipFile, zlib.error, struct.error, ParseError, LookupError, ValueError, TypeError,
                 AttributeError, ArithmeticError, OSError, EOFError, RuntimeError, CalamineError)  # fmt: skip

OTHER_DOCUMENTS: Final = ("word/", "ppt/", "visio/", "content.xml")
PANIC: Final = "PanicException"  # of calamine's language; Python cannot import the class


class Workbook(Protocol):
    """A workbook of any format.

    `titles` are its sheets, `hidden` those its author hid; `uncomputed` counts formulas without a stored value, and
    `from_1904` says whether days are counted from 1904 instead of 1900.
    """

    titles: list[str]
    hidden: list[str]
    uncomputed: int

    @property
    def from_1904(self) -> bool: ...  # noqa: D102

    def cells(self, titles: Sequence[str]) -> Iterator[tuple[str, SheetCells]]:
        """The cells of some sheets."""


def read_workbook(file: NamedBytes, choices: ReadChoices) -> Reading:
    """Read the sheets of a workbook as text.

    Raises
    ------
    UnreadableFileError
        Damaged, hostile, beyond a bound, or no sheet holds a table.
    """
    try:
        book = _open(file)
        check_sheets(file.name, book.titles, choices.sheets)
        hidden = [] if choices.sheets or len(book.hidden) == len(book.titles) else book.hidden
        wanted = [title for title in book.titles if title in (choices.sheets or book.titles) and title not in hidden]
        return read_sheets(file.name, book.cells(wanted), book.titles, choices, _decisions(book, hidden), hidden)
    except UnreadableFileError:
        raise
    except PasswordError:
        raise password(file.name) from None
    except DAMAGE:
        raise damaged(file.name) from None
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise damaged(file.name) from None


def _decisions(book: Workbook, hidden: Sequence[str]) -> Callable[[], dict[str, str]]:
    """What is said of each table of a workbook."""

    def decisions() -> dict[str, str]:
        count = f"{book.uncomputed:,} in the workbook, read as blank"
        found = {"formulas without a stored value": count} if book.uncomputed else {}
        found |= {DATE_SYSTEM: "1904"} if book.from_1904 else {}
        return found | ({HIDDEN_SHEETS: ", ".join(hidden)} if hidden else {})

    return decisions


def _open(file: NamedBytes) -> Workbook:
    if file.content.startswith(OLD_WORKBOOK):
        return Xls(file)
    package = Package(file.name, file.content)
    if is_ods(package):
        return Ods(package)
    part = next((part for kind, part in package.related("").values() if kind.endswith("/officeDocument")), "")
    if part.endswith(".bin"):
        return Xlsb(package, part)
    if part.endswith(".xml") and package.children(part, f"{MAIN}sheets"):
        return Xlsx(package, part)
    if part or any(name.startswith(OTHER_DOCUMENTS) for name in package.archive.namelist()):
        raise UnreadableFileError("This is an Office document, not a workbook.", AS_CSV, file=file.name)
    raise damaged(file.name, ": the list of its parts is missing")
