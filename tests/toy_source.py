"""A kind of source that has no bytes: made-up customers in chunks of Arrow, which `toy:ROWS` names."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from core.errors import DataError
from core.intake.read import ReadChoices, Reading
from core.intake.steps import rejected_frame
from core.sources.arrow import text_table
from core.sources.kinds import SourceKind

CHUNK = 25  # rows


@dataclass(frozen=True)
class Toy:
    """So many customers: the third has no id, and the last two alone live in the ACT."""

    rows: int

    @property
    def name(self) -> str:
        return f"toy of {self.rows}"

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()

    @property
    def size(self) -> int:
        return 0

    def tables(self, _: ReadChoices) -> Reading:
        table = text_table(self.name, self._chunks(), {"format": "toy"})
        return Reading((table,), rejected_frame(self.name, [], [], []))

    def _chunks(self) -> Iterator[pa.RecordBatch]:
        for start in range(0, self.rows, CHUNK):
            rows = range(start, min(start + CHUNK, self.rows))
            yield pa.record_batch(
                {
                    "customer_id": ["" if row == 2 else f"c{row + 1}" for row in rows],
                    "age": [20 + row * 7 % 60 for row in rows],
                    "property_valuation": [row % 12 + 1 for row in rows],
                    "tenure": [row * 5 % 17 for row in rows],
                    "state": ["ACT" if row >= self.rows - 2 else ("NSW", "VIC")[row % 2] for row in rows],
                }
            )


def _opened(argument: str) -> list[Toy]:
    rows = argument.removeprefix("toy:")
    if not rows.isdecimal():
        raise DataError("A toy has a number of rows.", "Write toy:60.", file=argument)
    return [Toy(int(rows))]


TOY = SourceKind(
    "toy",
    label="Toy table",
    plural="toy tables",
    argument="toy:ROWS",
    help="made-up customers",
    recognises=lambda argument: argument.startswith("toy:"),
    open=_opened,
)
