"""Text tables → one text table with canonical headers, joined on the customer id."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from core.errors import UnjoinableTablesError, UnusableTableError
from core.intake.read import TextTable
from core.intake.steps import Step, excluded_rows, row_text
from core.schema import BY_HEADER, BY_NAME, ID, PERSONAL, RESERVED, Column, normalise

# An unrecognised column is a measure if this share of its filled cells are numbers.
NUMERIC_SHARE = 0.95


@dataclass(frozen=True)
class MatchedTable:
    """One text table: `columns` describes its columns in order, the index is the row's line in `file`."""

    file: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    steps: tuple[Step, ...]
    excluded: pd.DataFrame


def match(tables: Sequence[TextTable], is_number: Callable[[pd.Series], pd.Series]) -> MatchedTable:
    """Give every column its role and join the tables on the customer id, in any order of upload.

    The table that says most about a customer leads; rows of the others whose id it does not know
    are rejected, its customers whom the others do not know are kept with blanks.

    Parameters
    ----------
    tables : sequence of TextTable
    is_number : function from distinct text values to booleans, to recognise further measures

    Raises
    ------
    UnusableTableError
        No column has a role on the dashboard.
    UnjoinableTablesError
        Several tables, one of them without a customer id or with several rows per customer.
    """
    matched = sorted((_match_headers(table, is_number) for table in tables), key=_says_most)
    if len(matched) > 1:
        matched = [_require_id(table) for table in matched]
    whole = matched[0]
    for other in matched[1:]:
        whole = _join(whole, other)
    if not set(whole.frame.columns) - {ID}:
        raise UnusableTableError(
            f"None of the columns is one the dashboard knows: {', '.join(map(str, tables[0].frame.columns))}.",
            "Name columns as in the bundled sample, for example age, state, property_valuation.",
            file=whole.file,
        )
    return whole if ID in whole.frame else _number_rows(whole)


def _match_headers(table: TextTable, is_number: Callable[[pd.Series], pd.Series]) -> MatchedTable:
    columns: dict[str, Column] = {}
    personal, unused = [], []
    for header in table.frame.columns:
        key = normalise(header)
        column = BY_HEADER.get(key)
        if column and column.name not in {found.name for found in columns.values()}:
            columns[header] = column
        elif key in PERSONAL:
            personal.append(header)
        elif not column and _is_measure(table.frame[header], is_number):
            columns[header] = Column(_measure_name(key, columns), "number", header)
        else:
            unused.append(header)
    frame = table.frame[list(columns)].rename(columns={header: column.name for header, column in columns.items()})
    rows = len(frame)
    read_rows = rows + len(table.rejected)
    steps = [Step(f"Read {table.name} ({table.decisions['encoding']})", read_rows, rows)]
    steps += [
        Step(f"{title} in {table.name}", rows, rows, ", ".join(headers))
        for title, headers in (
            ("Left out personal columns", personal),
            ("Left out columns without a role", unused),
        )
        if headers
    ]
    return MatchedTable(table.name, frame, tuple(columns.values()), tuple(steps), table.rejected)


def _is_measure(text: pd.Series, is_number: Callable[[pd.Series], pd.Series]) -> bool:
    counts = text.value_counts()
    counts = counts[counts.index.str.strip() != ""]
    if not len(counts):
        return False
    return counts[is_number(counts.index.to_series()).to_numpy()].sum() / counts.sum() >= NUMERIC_SHARE


def _measure_name(key: str, taken: dict[str, Column]) -> str:
    names = {column.name for column in taken.values()} | set(BY_NAME) | RESERVED
    name = key or "measure"
    return name if name not in names else f"{name}_{len(taken) + 1}"


def _says_most(table: MatchedTable) -> tuple[int, int, str]:
    return -len(table.columns), -len(table.frame), table.file


def _require_id(table: MatchedTable) -> MatchedTable:
    if ID not in table.frame:
        raise UnjoinableTablesError(
            "This table has no customer id, so it cannot be joined to the others.",
            "Add the customer_id column to it, or upload it alone.",
            file=table.file,
        )
    trimmed = (
        table.frame[ID].cat.rename_categories(str.strip)
        if _trims_safely(table.frame[ID])
        else table.frame[ID].str.strip().astype("category")
    )
    return replace(table, frame=table.frame.assign(**{ID: trimmed}))


def _trims_safely(ids: pd.Series) -> bool:
    return ids.cat.categories.str.strip().is_unique


def _join(base: MatchedTable, other: MatchedTable) -> MatchedTable:
    """Add the other table's columns to the base; its rows without a customer are rejected."""
    single, repeated = _one_row_per_id(other)
    ids = base.frame[ID].astype(str)
    orphan = ~single.frame[ID].isin(ids).to_numpy()
    orphans = _reject(single, orphan, f"No customer with this id in {base.file}")
    kept = single.frame[~orphan].set_index(single.frame.loc[~orphan, ID].astype(str))
    added = [column for column in other.columns if column.name not in base.frame and column.name != ID]
    twice = [column.name for column in other.columns if column.name in base.frame and column.name != ID]
    joined = kept[[column.name for column in added]].reindex(ids)
    missing = int((~ids.isin(kept.index)).sum())
    title = f"Joined {other.file} to {base.file} on the customer id: {missing:,} customers not in it"
    steps = [Step(f"{title}, {int(orphan.sum()):,} of its rows without a customer", len(other.frame), len(kept))]
    if twice:
        steps.append(
            Step(
                f"Kept the values of {base.file} where both tables have the column",
                len(ids),
                len(ids),
                ", ".join(twice),
            )
        )
    return MatchedTable(
        base.file,
        base.frame.assign(**{name: joined[name].array for name in joined}),
        (*base.columns, *added),
        (*base.steps, *other.steps, *steps),
        pd.concat([base.excluded, other.excluded, repeated, orphans], ignore_index=True),
    )


def _one_row_per_id(table: MatchedTable) -> tuple[MatchedTable, pd.DataFrame]:
    """Keep the first row of each id; refuse a table that is made of repeats, such as transactions."""
    repeats = table.frame[ID].duplicated().to_numpy()
    if repeats.sum() > len(repeats) / 2:
        raise UnjoinableTablesError(
            f"It has {len(repeats):,} rows for {int((~repeats).sum()):,} customers.",
            "Upload tables with one row per customer.",
            file=table.file,
            column=ID,
        )
    rejected = _reject(table, repeats, "Another row of this table has the same customer id")
    return replace(table, frame=table.frame[~repeats]), rejected


def _reject(table: MatchedTable, rows: "pd.Series", reason: str) -> pd.DataFrame:
    gone = table.frame[rows]
    return excluded_rows(table.file, gone.index.tolist(), row_text(gone), reason)


def _number_rows(table: MatchedTable) -> MatchedTable:
    blank = table.frame.apply(lambda column: column.str.strip().eq("")).all(axis=1).to_numpy(bool)
    gone, frame = _reject(table, blank, "Every cell that is used is blank"), table.frame[~blank].copy()
    frame.insert(0, ID, pd.Categorical([str(line) for line in frame.index]))
    step = Step("No customer id in the file: the line numbers serve as ids", len(blank), len(frame), ID)
    return replace(
        table,
        frame=frame,
        columns=(BY_HEADER[ID], *table.columns),
        steps=(*table.steps, step),
        excluded=pd.concat([table.excluded, gone], ignore_index=True),
    )
