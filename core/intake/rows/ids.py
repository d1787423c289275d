"""Customer ids of several tables: spelt alike where one is the other, and refused where Excel has ruined them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import DataError
from core.ids import INVISIBLE, NO_MARKS, mended
from core.intake.match import MatchedTable, TableSource
from core.intake.steps import Step, different_numbers
from core.schema import ID

# What Excel writes for a number of more than eleven digits, and what is left of one of more than fifteen.
SCIENTIFIC: Final = r"\d(?:[.,]\d+)?[eE]\+?\d{2}"
ROUNDED: Final = r"\d{15}0+"
SPELT = "Spelt {:,} customer ids of {} as {} has them, which differ in leading zeros, “.0”, blanks or case"


def trimmed(table: MatchedTable) -> MatchedTable:
    """The table's ids without blanks and invisible marks; whether all differ is found out."""
    if table.ids_differ or different_numbers(table.frame[ID]):
        return replace(table, ids_differ=True)
    ids = table.frame[ID].str.strip()
    cells = pa.array(ids, pa.large_string())
    if not pc.all(pc.string_is_ascii(cells)).as_py():
        marked = ids.str.contains(f"[{INVISIBLE}]", regex=True).to_numpy(bool)
        ids = ids.mask(marked, ids.str.translate(NO_MARKS).str.strip())
        cells = pa.array(ids, pa.large_string())
    differ = pc.count_distinct(cells).as_py() == len(ids) and not pc.any(pc.equal(cells, "")).as_py()
    return replace(table, frame=table.frame.assign(**{ID: ids}), ids_differ=differ)


def check_not_ruined(table: MatchedTable) -> None:
    """Refuse ids in scientific notation, or rounded to fifteen digits, that stand in several rows.

    Raises
    ------
    DataError
        They may be the ids of different customers.
    """
    if ruined := ruined_rows(table):
        raise ruined_ids(table.name, ruined, id_header(table.sources), table.frame[ID])


def ruined_rows(table: MatchedTable) -> int:
    """The number of rows with an id that Excel has ruined, if they share one."""
    if table.ids_differ:
        return 0
    ids = table.frame[ID]
    scientific = ids[ids.str.fullmatch(SCIENTIFIC).to_numpy(bool)]
    if scientific.duplicated().any():
        return len(scientific)
    rounded = ids.duplicated().any() and ids.str.fullmatch(ROUNDED).all()
    return len(ids) if rounded else 0


def ruined_ids(table: str, rows: int, header: str = ID, ids: pd.Series | None = None) -> DataError:
    """The error for ids that Excel has ruined."""
    example = "6.10243E+15" if ids is None else ids[ids.str.fullmatch(f"{SCIENTIFIC}|{ROUNDED}").to_numpy(bool)].min()
    return DataError(
        f"{rows:,} rows have an id in scientific notation or rounded to fifteen digits, such as {example}, and share it"
        " with others: Excel has cut the ids off, and customers cannot be told apart.",
        "Export the file again with the ids as text. To go on without them, say that the column has no role"
        ' (rules: intake.columns, "").',
        file=table,
        column=header,
    )


def spelt_alike(tables: Sequence[MatchedTable]) -> list[MatchedTable]:
    """The tables with the same spelling of an id, where two that no other table has differ in nothing else.

    The spelling of the first table with the id counts. Ids that would no longer differ within a table stay.
    """
    done: list[MatchedTable] = []
    for table in tables:
        for earlier in done if ID in table.frame else ():
            if ID in earlier.frame:
                table = _spelt_as(table, earlier)
        done.append(table)
    return done


def _spelt_as(table: MatchedTable, earlier: MatchedTable) -> MatchedTable:
    ids, known = table.frame[ID], earlier.frame[ID]
    new = mended(ids, known)
    if not new:
        return table
    changed = ids.isin(new)
    step = Step(SPELT.format(len(new), table.name, earlier.name), len(ids), len(ids), ID, int(changed.sum()), _one(new))
    spelt = ids.mask(changed, ids.map(new))
    return replace(table, frame=table.frame.assign(**{ID: spelt}), steps=(*table.steps, step), ids_differ=False)


def _one(new: dict[str, str]) -> str:
    before = min(new)
    return f"{before} → {new[before]}"


def id_header(sources: Sequence[TableSource]) -> str:
    """The header of the customer id in the file."""
    return next((match.header for source in sources for match in source.matches if match.role == ID), ID)
