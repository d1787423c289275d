"""What a row of a table is: decided once per table from its profile, or by the analyst."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from core.errors import DataError
from core.intake.match import TableSource
from core.intake.rows.keys import FILE, FILE_DATE
from core.intake.rows.profile import STOCKS, Profile, summed
from core.rules import Rows, Way
from core.schema import Column

TRANSACTION_DATE: Final = "transaction_date"
# A table holds transactions if so many of its rows repeat an id; fewer where it has a date or a number of each.
REPEATS, REPEATS_WITH_DATE = 0.5, 0.1
FEW: Final = 0.1  # of the rows may share customer and date, and it is still one row for each
SNAPSHOTS: Final = 0.5  # of the customers are in a snapshot; on a day, hardly a tenth has a transaction
SHARED_DATE: Final = 1.5  # rows of a date, however few customers there are
SLIPS: Final = 0.05  # so few customers with several rows are slips, not accounts
MOST: Final = 0.5
# What a row is, and what is done with the rows of a customer, in words.
ROWS: Final[dict[Way, tuple[str, str]]] = {
    "customer": ("a customer", ""),
    "snapshot": ("a customer at one of several dates", "the latest per customer"),
    "account": ("an account", "accounts added up per customer"),
    "transaction": ("a transaction", "counted per customer"),
    "record": ("an older or newer record of a customer", "the newest record per customer"),
}
A_ROW: Final = "a row"  # among the decisions on a source


@dataclass(frozen=True)
class Decision:
    """What a row is, the reason in words, and whether the file says so; `doubt` is a sentence where it does not."""

    way: Way
    because: str = ""
    doubt: str = ""

    @property
    def said(self) -> str:
        """What a row is, and why."""
        return f"{ROWS[self.way][0]}: {self.because}"


def decide(found: Profile, keys: Collection[str], columns: tuple[Column, ...], chosen: Rows, table: str) -> Decision:
    """Decide what a row of a table is.

    Raises
    ------
    DataError
        Its rows contradict each other, and nothing says which to use.
    """
    if not found.repeats:
        return Decision("customer")
    names = {column.name for column in columns}
    if chosen != "auto":
        return Decision(chosen, "chosen")
    return _by_keys(found, keys, names) or _without_keys(found, keys, columns, table)


def rows_decided(sources: Sequence[TableSource]) -> dict[str, str]:
    """What a row of each table is, where it is no customer."""
    return {f"A row of {one.table}": one.decisions[A_ROW] for one in sources if A_ROW in one.decisions}


def is_counted(found: Profile, *, dated: bool) -> bool:
    """Whether so many rows repeat an id that they are transactions."""
    return found.repeats > (REPEATS_WITH_DATE if dated else REPEATS) * found.rows


def _by_keys(found: Profile, keys: Collection[str], names: Collection[str]) -> Decision | None:
    """What the dates, accounts and references of the file say; None where they say nothing."""
    rows = FEW * found.rows_of_several
    booked = TRANSACTION_DATE in names or "reference" in keys
    if "account" in keys and "reference" not in keys and found.same_account <= rows and found.accounts:
        return Decision("account", "each has its own account or card")
    if "updated" in keys and not booked and found.same_update <= rows:
        return Decision("record", "rows of a customer differ in when they were changed")
    if "date" in keys and not booked and _is_snapshot(found, found.dates, found.same_date, shared=SHARED_DATE):
        return Decision("snapshot", "most customers have a row of each date")
    if booked or "date" in keys:
        many = "reference" in keys or is_counted(found, dated=True)
        otherwise: Way = "customer" if booked else "snapshot"
        return Decision("transaction" if many else otherwise, "rows of a customer have their own dates or numbers")
    if FILE_DATE in keys and _is_snapshot(found, found.file_dates, found.same_date):
        return Decision("snapshot", "the same customers stand in files of several dates")
    return None


def _is_snapshot(found: Profile, dates: int, same: int, *, shared: float = 0.0) -> bool:
    on_a_date = found.rows_of_several / max(dates, 1)
    few = same <= FEW * found.rows_of_several
    return dates > 1 and few and on_a_date >= max(SNAPSHOTS * found.several, shared)


def _without_keys(found: Profile, keys: Collection[str], columns: tuple[Column, ...], table: str) -> Decision:
    """What the numbers say: amounts that differ are of accounts, or of transactions if they flow."""
    many = is_counted(found, dated=False)
    few = found.several <= SLIPS * found.customers
    if found.persons > MOST * found.several:
        return _other_people(found, table, many=many, few=few)
    if FILE in keys and found.same_file <= FEW * found.rows_of_several:
        if found.conflicts > SLIPS * found.several and not few:
            raise _undated_files(found, table)
        return Decision("customer", "rows of a customer in several files say the same")
    amounts = summed(columns)
    stocks = any(column.meaning in STOCKS for column in amounts)
    if many and not (stocks or "product" in keys):
        return Decision("transaction", "most rows repeat a customer")
    if many and not found.amounts:
        return Decision("transaction", "most rows repeat a customer")
    if found.products:
        return Decision("account", "rows of a customer are of different products")
    if not found.amounts:
        return Decision("customer")
    doubt = "some customers have several rows with other amounts"
    return Decision("customer" if few else "account", "amounts of a customer differ", doubt)


def _other_people(found: Profile, table: str, *, many: bool, few: bool) -> Decision:
    """Rows with one id that are of different people: their amounts are not added up."""
    doubt = "some customer ids stand in several rows with the birth or age of different people"
    if many:
        raise DataError(
            f"{found.several:,} of {found.customers:,} ids: {doubt}.",
            "Choose another column as the customer id, or none; or say what a row is (rules: intake.rows, or --rows).",
            file=table,
        )
    return Decision("customer", doubt=doubt if not few else "")


def _undated_files(found: Profile, table: str) -> DataError:
    return DataError(
        f"The same {found.several:,} customers stand in these files with other values, and neither a column nor the"
        " names of the files say which are newer.",
        "Put the month into the names, such as customers_2025-06.csv, or give one of the files only; if each row is"
        " an account, say so (rules: intake.rows, or --rows account).",
        file=table,
    )
