"""Customers as other banks and companies have them: none of our usual categories, but categories of their own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.pipeline import load
from core.rules import Intake, Rules
from core.sources.file import FileSource
from core.study import Study


@dataclass(frozen=True)
class Kind:
    """A kind of file: its text, the roles of its columns, and the meanings that they get."""

    header: str
    rows: tuple[str, ...]
    roles: Mapping[str, str]
    meanings: Mapping[str, str]
    features: tuple[str, ...]

    @property
    def content(self) -> bytes:
        """The file."""
        return "\n".join([self.header, *self.rows, ""]).encode()


def _telecom(i: int) -> str:
    tenure = (2, 30, 65)[i % 3] + i % 5
    contract = ("Month-to-month", "One year", "Two year")[i % 3 if i % 10 else 0]
    pay = "Barter" if i < 4 else ("Card", "Cheque", "Debit")[(i // 3) % 3 if i % 4 else i % 3]
    return f"T{i},{tenure},{contract},{pay},{20 + i % 7 + 10 * (i % 3)}.5,{tenure * (30 + i % 7)}.25"


TELECOM = Kind(
    "acct,tenure,Contract type,Pay by,MonthlyBill,BilledToDate",
    tuple(_telecom(i) for i in range(240)),
    {"acct": "customer_id", "contract_type": "category", "pay_by": "category"},
    {"monthlybill": "spend", "billedtodate": "spend"},
    ("tenure", "monthlybill"),
)


def _german(i: int) -> str:
    amount = (800, 4000, 12000)[i % 3] + 10 * (i % 13)
    job = ("skilled", "unskilled", "management", "skilled")[i % 4]
    city = ("Hamburg", "Bremen", "Kiel")[i % 7 % 3]
    purpose = ("car", "radio/TV", "education", "business")[(i // 5) % 4]
    return f"G{i},{20 + i % 45},{job},{city},{purpose},{amount},{6 + 6 * (i % 6)}"


GERMAN = Kind(
    "id,Age,Job,City,Purpose,Credit amount,Duration",
    tuple(_german(i) for i in range(240)),
    {"city": "category", "purpose": "category", "credit_amount": "measure", "duration": "measure"},
    {"city": "place", "credit_amount": "debt", "duration": "number"},
    ("credit_amount", "duration"),
)


def bank_of(kind: Kind, **more: Any) -> Study:
    """The customers of a kind of file, with the meanings of its columns set."""
    rules = Rules(date(2026, 1, 1), intake=Intake(columns={**kind.roles}), **more)
    study = load([FileSource("customers.csv", kind.content)], rules)
    columns = tuple(replace(column, meaning=kind.meanings.get(column.name, column.meaning)) for column in study.columns)
    return replace(study, columns=columns)
