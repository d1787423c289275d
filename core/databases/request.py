"""What is asked of a database."""

from dataclasses import dataclass
from typing import Literal

from core.databases.address import Address

Way = Literal["", "replace", "append"]  # how a table is written (`core.databases.target.Target`)


@dataclass(frozen=True)
class Request:
    """An address, and a table as it was typed or a query; of its columns those named, or all."""

    address: Address
    table: str = ""
    query: str = ""
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.table or 'a query'} of {self.address.shown}"
