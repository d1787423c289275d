"""What every kind of database can do, which module does it for an address, and how its errors are worded."""

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Protocol

import pyarrow as pa

from core.databases.address import Address
from core.databases.select import TableName, Wanted
from core.errors import DataError
from core.figures import count

CHUNK: Final = 50_000  # rows, where the driver does not choose
NO_NUMBER: Final = "values are no numbers, dates or words"
NO_RIGHT: Final = "the role may not read it"
LESS: Final = "Read fewer rows or columns."
LESS_OR_LONGER: Final = "Read fewer rows or columns, or allow more time by `timeout` of the connection."
REMEDIES: Final = (  # part of a driver's message → what to do; the first that is found
    ("password|authentication|no pg_hba", "Check user and password; the password may be in DATABASE_PASSWORD."),
    ("permission denied|not authorized|access denied", "Ask for the right to SELECT from it."),
    ("out of memory|memory limit", LESS),
    ("lock", "Another program has the file open: close it there, and try again."),
    ("unable to open|no such file|cannot open", "Check the path of the file."),
    ("not utf-8", "Save the file in UTF-8, or read it as a file: then its encoding is found."),
    ("decode to utf-8", "Correct that column in the database, or leave it out: its text is in another encoding."),
    ("csv error", "Correct that line, or read it as a file: then lines that are wrong are counted and left out."),
    (
        "conversion error|invalid input|out of range|overflow|invalid value",
        "A value is not of the type that is asked for: correct it, or the query.",
    ),
    ("not a database|valid duckdb", "Name a file that this kind of database has written."),
    ("does not exist|no such (table|column)|not found|unknown", "Check the names in the query."),
    ("connect|closed|terminat|lost|refused|translate host", "Check host and port and that the server runs. Try again."),
)
TIME_OVER: Final = re.compile(  # as SQLite, DuckDB, PostgreSQL and MySQL say it: a column may be called so
    r"interrupted|INTERRUPT Error: .*|(?:.* )?canceling statement due to statement timeout"
    r"|Query execution was interrupted.*",
)
QUOTED: Final = re.compile(r"([\"'`]).*?\1")
LINE: Final = re.compile(r"\bLine: \d+$")  # the line of a file, which the next line of the message says more of
OF_A_ROW: Final = "Original Line:"  # what a customer's row says is not shown, but why it cannot be read
WHY: Final = re.compile(r".*\n(?!Possible )([^\n]+)\n+Possible ", re.DOTALL)
FILE: Final = re.compile(r"^\s*file = (.+)$", re.MULTILINE)
OF_A_CELL: Final = re.compile(" with text '.*", re.DOTALL)  # nor what a cell says
OF_VALUES: Final = {  # errors that can have a row's values; while rows arrive all are of the last kind
    "DataError", "IntegrityError", "InvalidInputException", "ArrowInvalid", "OSError",
}  # fmt: skip
A_VALUE: Final = re.compile(  # from a quote on that is no name's, or a number that is no type's
    r"\b((?:column|constraint|table|relation|type|file) ([\"'`])[^\"'`]*\2)"
    r"|(?<!\w)[\"'`].*|(?<![\w.,-])(?<!\w\()(?<!\bLine: )-?\d[\w.:+-]*",
)
ELSE: Final = "Check address and query."


@dataclass(frozen=True)
class Column:
    """A column of a table or query: its name, its type in the database's words, and how it is read.

    `as_text` says that the database writes its values as text. `unread` says why it is left out, empty if it is not.
    `zoned` says that its times have a zone: they are read in UTC, where a midnight elsewhere is another day.
    """

    name: str
    type: str
    as_text: bool = False
    unread: str = ""
    zoned: bool = False


class Connection(Protocol):
    """An open connection, in one transaction that only reads."""

    def tables(self) -> list[TableName]:
        """The tables and views that may be read."""

    def columns(self, wanted: Wanted) -> list[Column]:
        """The columns of a table or query, in their order; no row is read."""

    def chunks(self, wanted: Wanted, columns: Sequence[Column], limit: int = 0) -> Iterator[pa.RecordBatch]:
        """The rows of some columns, in an order that is the same whenever the same rows are read."""

    def advice(self) -> str:
        """What to know about the role; empty if it can only read."""


class Engine(Protocol):
    """A kind of database. `errors` are the exceptions of its driver."""

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """The exceptions that its driver raises."""

    def connect(self, address: Address, seconds: int) -> AbstractContextManager[Connection]:
        """Open a connection that reads for at most so many seconds."""


ENGINES: Final = {  # scheme → module; the last reads every other database that SQLAlchemy has a driver for
    "postgresql": "core.databases.postgresql",
    "duckdb": "core.databases.embedded",
    "": "core.databases.others",
}


@contextmanager
def connected(address: Address, seconds: int) -> Iterator[Connection]:
    """A connection for reading; whatever the driver says is worded, without a password.

    Raises
    ------
    DataError
        The database cannot be reached or read, or its driver is not installed.
    """
    engine: Engine = import_module(ENGINES.get(address.scheme, ENGINES[""])).ENGINE
    try:
        with engine.connect(address, seconds) as connection:
            yield connection
    except (*engine.errors, pa.ArrowException, OSError) as error:
        if TIME_OVER.fullmatch(reason(error, address)):
            remedy = LESS_OR_LONGER if address.name else LESS
            raise DataError(f"It takes more than {count(seconds)} s.", remedy, file=address.shown) from None
        raise worded(error, address) from None  # its traceback may have the address


def worded(error: BaseException, address: Address) -> DataError:
    """An error of a driver as a sentence and what to do, without anything that must not be shown."""
    said = reason(error, address)
    return DataError(f"The database says: {said}.", remedy_for(said, REMEDIES) or ELSE, file=address.shown)


def remedy_for(said: str, remedies: Sequence[tuple[str, str]]) -> str:
    """The first remedy whose words are in a driver's message, names in quotes aside; empty if there is none."""
    plain = QUOTED.sub("", said)
    return next((remedy for words, remedy in remedies if re.search(words, plain, re.IGNORECASE)), "")


def reason(error: BaseException, address: Address) -> str:
    """The line of a driver's message that says what is wrong, without secrets."""
    said = getattr(error, "orig", None) or error
    text, of_a_row, rest = OF_A_CELL.sub("", str(said)).partition(OF_A_ROW)
    why, file = WHY.match(rest), FILE.findall(rest)
    lines = [line.strip() for line in [*text.splitlines(), why[1] if why else ""] if line.strip()]
    if lines and LINE.search(lines[0]):
        lines = [": ".join(lines[:2])]
    of_values = not OF_VALUES.isdisjoint(kind.__name__ for kind in type(said).__mro__)
    lines = lines[:1] if of_values else lines  # a value goes on in the next
    marked = [part for line in lines for mark in ("ERROR:", "FATAL:") if (part := line.partition(mark)[2].strip())]
    text = next(iter([*marked, *lines]), type(error).__name__)
    text = A_VALUE.sub(lambda found: found[1] or "•••", text) if of_values else text
    text = f'{text.rstrip(".")}, in "{file[-1]}"' if of_a_row and file else text.rstrip(".")
    for secret in address.secrets:
        text = text.replace(secret, "•••")
    return text


def no_driver(address: Address, package: str = "") -> DataError:
    """What is said where the driver of a database is not installed, or no kind of database is called so."""
    remedy = f"Install {package}." if package else "Check its spelling, or install a driver of SQLAlchemy for it."
    return DataError(f"There is no driver for {address.scheme}.", remedy, file=address.shown)
