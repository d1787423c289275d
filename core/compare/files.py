"""What has changed between two months, as files for machines."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from core.compare.months import Changes
from core.months.dates import written
from core.views.export import to_csv, without_noise

CHANGES_CSV: Final = "changes.csv"
PEOPLE_CSV: Final = "mass_affluent_moves.csv"


def changes_csv(changes: Sequence[Changes]) -> bytes:
    """A row per pair of months, figure and segment (empty for all): before, after, change, low, high."""
    tables = [
        one.table.assign(from_month=written(one.earlier), to_month=written(one.later)) for one in changes
    ]  # fmt: skip
    table = pd.concat(tables, ignore_index=True)
    return to_csv(without_noise(table[["from_month", "to_month", *changes[0].table.columns]]))


def people_csv(people: pd.DataFrame) -> bytes:
    """A row per customer of `months.people_between`. It names persons by their id."""
    return to_csv(people)
