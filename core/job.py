"""A job file: what a scheduler runs each month, in TOML. It becomes one command of the command line, and nothing else.

Paths in it are relative to its folder. It holds no password: an address has none, or is `$NAME` of an environment
variable.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from msgspec import Meta

from core.databases.request import Way
from core.documents import Document
from core.errors import RulesError
from core.plain import check_fields
from core.segments.choose_k import DEFAULT_K, MOST_K
from core.segments.registry import CLUSTERERS
from core.sources.kinds import FILES, kind_of
from core.terminal import Log

DOCUMENT: Final = Document("a job file", "TOML", "Correct it; help has an example.", 2**18)
SCORED: Final = "scored.csv"
EMBEDDED: Final = ("sqlite", "duckdb")
SECRET: Final = ("password", "passwd", "pwd", "token", "secret", "key")  # in the name of an option of an address
INNER: Final = re.compile(r"(\w+)\s*=")  # an option in the value of another, as in `odbc_connect`
PUT: Final = 'Put it into DATABASE_PASSWORD or ~/.pgpass, or the address into a variable: address = "$BANK".'


@dataclass(frozen=True)
class From:
    """Where customers are read: files and folders, or tables or a query of a database."""

    files: tuple[str, ...] = ()
    address: str = ""
    tables: tuple[str, ...] = ()
    query: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Anew:
    """How segments are made anew, as the options of `segment`."""

    features: str = ""
    k: Annotated[int, Meta(ge=1, le=MOST_K)] | Literal["auto"] = DEFAULT_K
    seed: Annotated[int, Meta(ge=0, le=2**32 - 1)] = 0
    method: str = ""
    outliers: bool = False

    def __post_init__(self) -> None:
        check_fields(self)
        if self.method not in ("", *CLUSTERERS):
            raise RulesError(f"There is no method “{self.method}”.", f"Use one of {', '.join(CLUSTERERS)}.")


@dataclass(frozen=True)
class Into:
    """Where results go: a folder, and tables of a database. `table` gets the customers, `shares_table` the segments."""

    folder: str = ""
    address: str = ""
    table: str = ""
    shares_table: str = ""
    write: Way = ""
    run_id: str = ""
    pdf: bool = False
    pptx: bool = False
    xlsx: bool = False


@dataclass(frozen=True)
class Drift:
    """How far customers may be from those of the model (exit status 3 beyond), and the files of then for who moved."""

    above: Annotated[float, Meta(ge=0, le=100)] | None = None
    before: tuple[str, ...] = ()
    before_as_of: date | None = None


@dataclass(frozen=True)
class Job:
    """A job. `rules` is a file of rules, or the rules themselves; `model` is a saved model, empty to make one."""

    source: From
    output: Into
    as_of: date | None = None
    rules: str | dict[str, Any] = field(default="", hash=False)
    model: str = ""
    segments: Anew | None = None
    drift: Drift | None = None
    log: Log = "text"

    def __post_init__(self) -> None:
        check_fields(self)
        for wrong, said, remedy in (*self._faults, *self._faults_of_names):
            if wrong:
                raise RulesError(said, remedy)
        before = self.drift.before if self.drift else ()
        for address in (self.source.address, self.output.address, *self.source.files, *before):
            _refuse_secret(address)

    @property
    def _faults(self) -> Iterator[tuple[object, str, str]]:
        """What cannot be together, with what to say of it."""
        source, into = self.source, self.output
        tables = into.table or into.shares_table
        yield not (source.files or source.address), "Nothing is read.", 'Add files = ["bank.csv"] to [source].'
        yield source.address and not (source.tables or source.query), "No table is read.", 'Add tables = ["customers"].'
        yield (
            not source.address and (source.tables or source.query or source.columns),
            "A table, query or column is of a database.", 'Add its address to [source], such as address = "$BANK".',
        )  # fmt: skip
        yield (
            not into.address and (tables or into.write or into.run_id),
            "table, shares_table, write and run_id are of a database.",
            'Add its address to [output], such as address = "$BANK".',
        )  # fmt: skip
        yield not (into.folder or into.address), "Nothing is written.", 'Add folder = "results" to [output].'
        yield into.address and not tables, "No table is written.", 'Add table = "segments" to [output].'
        yield (
            self.model and (self.rules or self.segments),
            "The model says what rules and segments say, too.", "Leave out these or the model.",
        )  # fmt: skip
        office = next((name for name in ("pdf", "pptx", "xlsx") if getattr(into, name)), "")
        yield office and not into.folder, f"There is no folder for the {office}.", 'Add folder = "results" to [output].'
        yield office and self.model, f"{office} is of segments that are made anew.", f"Leave out {office} or model."
        yield self.drift and not self.model, "Drift is from a model.", 'Add model = "results/model.json".'
        yield (
            self.drift and self.drift.before_as_of and not self.drift.before,
            "before_as_of is of earlier files.", 'Add before = ["then.csv"] to [drift].',
        )  # fmt: skip
        yield (
            into.shares_table and not self.drift,
            "Shares are compared with a model.", "Add a section [drift], or leave out shares_table.",
        )  # fmt: skip

    @property
    def _faults_of_names(self) -> Iterator[tuple[object, str, str]]:
        """What no path or address can be."""
        source, into, drift = self.source, self.output, self.drift or Drift()
        rules = self.rules if isinstance(self.rules, str) else ""
        names = (*source.files, source.address, into.folder, into.address, self.model, rules, *drift.before)
        yield any("\0" in name for name in names), "A path or address has the character NUL.", "Leave it out."
        yield "://" in into.folder, "folder is an address.", 'Name a folder, such as folder = "results".'

    @property
    def command(self) -> str:
        """The command that does it: `segment`, or by a model `score`, or `refresh` where drift is asked for."""
        return "refresh" if self.drift else "score" if self.model else "segment"


def job_of(content: bytes | str, file: str) -> Job:
    """Read a job file.

    Raises
    ------
    DocumentError
        Not TOML, an unknown key, a value that cannot be, or a password.
    """
    return DOCUMENT.read(Job, content, file)


def arguments_of(job: Job, folder: Path) -> list[str]:
    """The arguments of its command, its paths in a folder; rules that are no file are not among them."""
    return [*_options(job, folder), "--", *(_path(file, folder) for file in job.source.files)]


def _options(job: Job, folder: Path) -> Iterator[str]:
    drift, anew = job.drift or Drift(), job.segments or Anew()
    values: dict[str, Any] = {
        "from": _address(job.source.address, folder),
        "table": job.source.tables,
        "query": job.source.query,
        "read-columns": ",".join(job.source.columns),
        "as-of": job.as_of or "",
        "model": _path(job.model, folder),
        "out": _path(job.output.folder, folder, SCORED if job.command == "score" else ""),
        "to": _address(job.output.address, folder),
        "into": job.output.table,
        "write": job.output.write,
        "run-id": job.output.run_id,
    }
    by_command: dict[str, dict[str, Any]] = {
        "segment": {
            "rules": _path(job.rules, folder) if isinstance(job.rules, str) else "",
            **{name: getattr(anew, name) for name in ("features", "k", "seed", "method", "outliers")},
            **{name: getattr(job.output, name) for name in ("pdf", "pptx", "xlsx")},
        },
        "refresh": {
            "shares-into": job.output.shares_table,
            "scored": bool(job.output.folder),
            "drift-above": "" if drift.above is None else drift.above,
            "before-as-of": drift.before_as_of or "",
        },
    }
    yield from _written(values | by_command.get(job.command, {}))
    if drift.before:
        yield from ("--before", *(_path(file, folder) for file in drift.before))


def _written(values: dict[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if value is True:
            yield f"--{name}"
        elif isinstance(value, tuple):
            yield from (f"--{name}={one}" for one in value)
        elif value is not False and value != "":
            yield f"--{name}={value}"


def _path(text: str, folder: Path, more: str = "") -> str:
    """A path of the job file; an address of a store is as it is, and so is no path."""
    if not text or kind_of(text).key != FILES or "://" in text:
        return text
    return str(folder / text / more)


def _address(text: str, folder: Path) -> str:
    """An address, whose file is in a folder unless its path is absolute."""
    scheme, _, path = text.partition(":///")
    if scheme.partition("+")[0] not in EMBEDDED or not path or "://" in path or path.startswith(":"):
        return text
    return f"{scheme}:///{(folder / path).absolute()}"


def _refuse_secret(address: str) -> None:
    """Refuse an address with a password, wherever it is in it."""
    if "://" not in address or address.startswith("$"):
        return
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return  # refused as an address, without a word of it
    named = [*url.query, *INNER.findall(" ".join(map(str, url.query.values())))]
    if url.password is not None or any(word in name.lower() for name in named for word in SECRET):
        raise RulesError("A job file holds no password.", PUT)
