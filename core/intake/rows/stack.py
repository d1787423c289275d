"""Tables of the same columns, or of most of them → one table, one below the other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from core.errors import DataError
from core.intake.match import MatchedTable
from core.intake.rows.dates import name_dates
from core.intake.steps import Step
from core.schema import ID, Column

STACKED = "Put {} below each other: they have the same columns"
UNITED = "Put {} below each other: {} is blank where a file lacks it"
ALIKE = 2 / 3  # of the columns of the smaller table, beside the id: those of one export that has changed
MEASURED = ("number", "band")  # kinds of columns that have a unit
SHARED = 0.5  # of the ids of the smaller table: with more, a table says more of the same customers


def stack_parts(tables: Sequence[MatchedTable]) -> list[MatchedTable]:
    """Stack tables with the same columns, such as the monthly parts of one export, then those with mostly the same.

    Raises
    ------
    DataError
        As `check_units` does.
    """
    parts: dict[frozenset[str], list[MatchedTable]] = defaultdict(list)
    for table in tables:
        parts[frozenset(table.frame.columns)].append(table)
    stacked = [_stack(alike) if len(alike) > 1 else alike[0] for alike in parts.values()]
    return _unite(stacked)


def check_units(columns: Iterable[tuple[str, Column]]) -> None:
    """Refuse columns of one name, each with its file, whose headers name other units or currencies.

    One unit is used for all rows of a table, so the numbers of one file would be wrong.

    Raises
    ------
    DataError
        Two files cannot be put below each other.
    """
    found: dict[tuple[str, str], tuple[float | str, str, str]] = {}
    for file, column in columns:
        if column.kind not in MEASURED:
            continue
        for what, told in (("unit", column.times), ("currency", column.currency)):
            if not told:  # a file that names no currency can be in that of the others
                continue
            first_told, first_file, header = found.setdefault((column.name, what), (told, file, column.header))
            if told != first_told:
                raise DataError(
                    f"It is in another {what} than the column “{column.header}” of {file}, and the rows of both"
                    " would be put below each other.",
                    f"Give one of the two files only, or write both in the same {what}.",
                    file=first_file,
                    column=header,
                )


def _unite(tables: list[MatchedTable]) -> list[MatchedTable]:
    """Stack a table on one that has its columns, or most, if they are of other customers, or of other months."""
    done: list[MatchedTable] = []
    for table in sorted(tables, key=lambda table: -len(table.columns)):
        at = next((at for at, wider in enumerate(done) if _belongs_below(table, wider)), None)
        if at is None:
            done.append(table)
        else:
            done[at] = _stack([done[at], table])
    order = {id(table): at for at, table in enumerate(tables)}
    return sorted(done, key=lambda table: order.get(id(table), -1))  # those made here come first


def _belongs_below(table: MatchedTable, wider: MatchedTable) -> bool:
    if not are_alike(set(table.frame), set(wider.frame)):
        return False
    ids, others = table.frame[ID].drop_duplicates(), wider.frame[ID].drop_duplicates()
    if _repeats(table) or _repeats(wider):
        return not ids.isin(others).any()
    if ids.isin(others).sum() <= SHARED * min(len(ids), len(others)):
        return True
    names = [name for one in (wider, table) for name in ([n for _, n in one.starts] or [one.name])]
    return are_months(names)


def are_months(names: Sequence[str]) -> bool:
    """Whether names of files differ in their dates only."""
    return name_dates(names) is not None and len({_without_digits(name) for name in names}) == 1


def are_alike(own: Set[str], others: Set[str]) -> bool:
    """Whether the columns of two tables have an id, and the second most of the first one's."""
    if ID not in own & others or len(own) == 1:
        return False
    return len(own & others) - 1 >= ALIKE * (len(own) - 1)


def _repeats(table: MatchedTable) -> bool:
    """Whether an id stands several times in one file."""
    starts = [start for start, _ in table.starts] or [0]
    files = np.searchsorted(starts, table.frame.index, side="right")
    return bool(pd.DataFrame({ID: table.frame[ID].to_numpy(), "file": files}).duplicated().any())


def _without_digits(name: str) -> str:
    return "".join(mark for mark in name if not mark.isdigit())


def _stack(tables: Sequence[MatchedTable]) -> MatchedTable:
    check_units((_file_of(column, table), column) for table in tables for column in table.columns)
    first, columns = tables[0], _columns_of(tables)
    starts, frames, raw, start = [], [], [], 0
    for table in tables:
        starts += [(start + own, name) for own, name in table.starts] or [(start, table.name)]
        raw += [(start + own, rows) for own, rows in table.raw]
        frames.append(_with_columns(table, columns).set_axis(table.frame.index + start))
        start += int(table.frame.index.max()) + 1
    index = frames[0].index.append([frame.index for frame in frames[1:]]).rename("line")
    data = {column.name: _concatenate([frame[column.name] for frame in frames]) for column in columns}
    return replace(
        first,
        columns=columns,
        ids_differ=False,
        frame=pd.DataFrame(data, index=index),
        starts=tuple(starts),
        steps=(*(step for table in tables for step in table.steps), Step(_title(tables), len(index), len(index))),
        rejected=pd.concat([table.rejected for table in tables], ignore_index=True),
        sources=tuple(source for table in tables for source in table.sources),
        raw=tuple(raw),
    )


def _file_of(column: Column, table: MatchedTable) -> str:
    """The file that a column of a table comes from: the first that has its header."""
    having = (one.table for one in table.sources if any(match.header == column.header for match in one.matches))
    return next(having, table.name)


def united_columns(columns: Iterable[Column]) -> tuple[Column, ...]:
    """The first column of each name; where it names no currency, in that of the first that does."""
    found: dict[str, Column] = {}
    for column in columns:
        first = found.setdefault(column.name, column)
        if column.currency and not first.currency:
            found[column.name] = replace(first, currency=column.currency, header=column.header)
    return tuple(found.values())


def _columns_of(tables: Sequence[MatchedTable]) -> tuple[Column, ...]:
    """The columns of the first table, then what the others have besides."""
    return united_columns(column for table in tables for column in table.columns)


def _with_columns(table: MatchedTable, columns: Sequence[Column]) -> pd.DataFrame:
    names = [column.name for column in columns]
    lacking = {name: pd.Categorical([""] * len(table.frame)) for name in names if name not in table.frame}
    return table.frame.assign(**lacking)[names] if lacking else table.frame[names]


def _title(tables: Sequence[MatchedTable]) -> str:
    names = ", ".join(table.name for table in tables)
    columns = [column.name for column in _columns_of(tables)]
    lacking = [name for name in columns if any(name not in table.frame for table in tables)]
    return UNITED.format(names, ", ".join(lacking)) if lacking else STACKED.format(names)


def _concatenate(parts: Sequence[pd.Series]) -> pd.Categorical | pd.api.extensions.ExtensionArray:
    return pd.concat(parts).array if parts[0].name == ID else union_categoricals(parts)
