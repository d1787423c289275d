"""The address of a database: where it is, for a driver, and what of it may be shown."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, quote_plus

from core.errors import DataError

if TYPE_CHECKING:  # SQLAlchemy is loaded where an address is made: commands and pages without one start without it
    from sqlalchemy.engine import URL

PASSWORD: Final = "DATABASE_PASSWORD"  # the environment variable of an address without a password
FORM: Final = "Write it as postgresql://user@host/database, sqlite:///file.db or duckdb:///file.duckdb."
EMBEDDED: Final = "duckdb"
WILD: Final = "*?["  # marks of a glob
STORES: Final = ("s3",)  # schemes of stores that DuckDB reads
OPTIONS: Final = {"timeout": 604_800, "max_rows": 10**12}  # of a connection, no part of its address → the most


@dataclass(frozen=True)
class Address:
    """Where a database is.

    `url` has all that a driver needs, with the password; it is never shown. `name` is what the operator calls it, empty
    without a name. `timeout` is how many seconds reading may take, `max_rows` how many rows there may be, 0 for the
    bounds of `core.databases.fetch`.
    """

    url: "URL" = field(repr=False)
    name: str = ""
    timeout: int = 0
    max_rows: int = 0

    @property
    def scheme(self) -> str:
        """The kind of database, without its driver: `postgresql`."""
        return self.url.get_backend_name()

    @property
    def path(self) -> str:
        """The file, folder or glob of an embedded database."""
        return self.url.database or ""

    @cached_property
    def shown(self) -> str:
        """The address without user, password and options, as pages, files and messages may have it."""
        if self.name:
            return self.name
        if self.url.host is None:
            return f"{self.scheme}:///{self.path}"
        return (
            type(self.url)
            .create(self.scheme, host=self.url.host, port=self.url.port, database=self.url.database)
            .render_as_string()
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that must not be shown: password and values of options, in every form that an address can have.

        The longest come first.
        """
        values = {str(self.url.password or ""), *map(str, self.url.query.values())} - {""}
        forms = {form for value in values for form in (value, quote(value), quote(value, safe=""), quote_plus(value))}
        return tuple(sorted((form for form in forms if len(form) > 2), key=len, reverse=True))

    @property
    def files(self) -> tuple[Path, ...]:
        """The local files that it names, which no result may replace."""
        if not self.path or self.url.host is not None:
            return ()
        path = Path(self.path)
        found = Path(path.anchor).glob(str(path.relative_to(path.anchor))) if self.is_glob else (path,)
        return tuple(filter(Path.is_file, found))

    @property
    def is_glob(self) -> bool:
        """Whether it names local files by wild cards."""
        wild = self.scheme == EMBEDDED and any(mark in self.path for mark in WILD)
        return wild and "://" not in self.path and not Path(self.path).is_file()

    def __str__(self) -> str:
        return self.shown


def address_of(text: str) -> Address:
    """An address as the command line and a job file have it; `$NAME` is an environment variable that has it.

    A password that is not in it comes from the environment variable `DATABASE_PASSWORD`, or from where the driver looks
    for one, such as `~/.pgpass`.

    Raises
    ------
    DataError
        It is none, or the variable is not set.
    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    if text.startswith("$"):
        name = text.removeprefix("$").strip("{}")
        if not name:
            raise DataError("There is no name behind the $.", "Write --from '$NAME', in quotes, for a variable NAME.")
        if not (text := os.environ.get(name, "")):
            raise DataError(f"The environment variable {name} is not set.", "Set it to the address of the database.")
    if text.partition("://")[0] in STORES:
        text = f"{EMBEDDED}:///{text}"
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise DataError("This is no address of a database.", FORM) from None  # the text may hold a password
    if "://" not in text:
        raise DataError("This is no address of a database.", FORM)
    return with_password(Address(url))


def address_from(settings: Mapping[str, Any], name: str) -> Address:
    """An address from a section `[connections.NAME]`: `url`, or its parts (dialect, host, database, username, …).

    Raises
    ------
    DataError
        A part is missing or of another type.
    """
    from sqlalchemy.engine import URL
    from sqlalchemy.exc import ArgumentError

    remedy = f"Give [connections.{name}] a url, or dialect, host, database and username."
    timeout, max_rows = (_whole(settings, option, name) for option in OPTIONS)
    try:
        if "url" in settings:
            return replace(address_of(str(settings["url"])), name=name, timeout=timeout, max_rows=max_rows)
        driver = f"+{settings['driver']}" if settings.get("driver") else ""
        url = URL.create(
            f"{settings['dialect']}{driver}", settings.get("username"), settings.get("password"),
            settings.get("host"), int(settings["port"]) if "port" in settings else None,
            settings.get("database"), settings.get("query") or {},
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, ArgumentError):
        raise DataError(f"The connection {name} cannot be understood.", remedy) from None
    return with_password(Address(url, name, timeout, max_rows))


def _whole(settings: Mapping[str, Any], option: str, name: str) -> int:
    """An option that is a whole number, 0 without it."""
    value, most = settings.get(option, 0), OPTIONS[option]
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise DataError(f"{option} of the connection {name} is no whole number from 0 on.", f"Write {option} = 60.")
    if value > most:
        raise DataError(f"{option} of the connection {name} is {value:,}.", f"Write at most {option} = {most}.")
    return value


def with_password(address: Address) -> Address:
    """The address with the password of the environment, where it has a user and none of its own."""
    password = os.environ.get(PASSWORD)
    if address.url.password or not address.url.username or not password:
        return address
    return replace(address, url=address.url.set(password=password))
