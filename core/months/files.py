"""The table of months and the moves between them, as files for machines."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from core.months.dates import written
from core.months.moves import Moves
from core.months.table import OverTime
from core.views.export import to_csv, without_noise
from core.views.moves import AFTER, BEFORE

MONTHS_CSV: Final = "months.csv"
MOVES_CSV: Final = "moves.csv"


def month_files(over: OverTime, names: Mapping[str, str], moves: Sequence[Moves | None] = ()) -> dict[str, bytes]:
    """The files by name; there is only the first where no two months have ids.

    `months.csv` has a row per month, with `customers_…` and `share_…` of each group. `moves.csv` has one per pair of
    months, segment before and segment after: those of each month to the next, and those of `moves`.
    """
    files = {MONTHS_CSV: to_csv(without_noise(_months(over)))}
    tables = [_moves(one, names) for one in (*over.moves, *moves) if one is not None]
    return files | ({MOVES_CSV: to_csv(pd.concat(tables))} if tables else {})


def _months(over: OverTime) -> pd.DataFrame:
    wide = over.months.rename(columns={name: f"mass_affluent_{name}" for name in ("known", "share", "low", "high")})
    wide = wide.rename(columns={"became": "became_mass_affluent", "ceased": "no_longer_mass_affluent"})
    for name in ("customers", "share"):
        for label, cells in over.by_group(name).items():
            wide[f"{name}_{label.casefold().replace(' ', '_')}"] = cells.to_numpy("float64")
    return wide


def _moves(one: Moves, names: Mapping[str, str]) -> pd.DataFrame:
    table = one.segments
    return pd.DataFrame(
        {
            "from_month": written(one.earlier), "to_month": written(one.later),
            "from": table[BEFORE], "to": table[AFTER],
            "from_name": table[BEFORE].map(lambda label: names.get(label, label)),
            "to_name": table[AFTER].map(lambda label: names.get(label, label)),
            "customers": table["customers"],
        }
    )  # fmt: skip
