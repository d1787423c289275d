"""Several matched tables → one row per customer: parts stacked, transactions counted, the rest joined on the id."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from core.errors import UnjoinableTablesError, UnknownColumnsError
from core.intake.aggregate import DATE, aggregate
from core.intake.match import MatchedTable
from core.intake.steps import Step, identical, repeated
from core.intake.values import is_blank
from core.rules import Rules
from core.schema import BY_NAME, ID

# A table holds transactions, not customers, if so many of its rows repeat an id; fewer where it has a transaction date.
REPEATS, REPEATS_WITH_DATE = 0.5, 0.1


def combine(tables: Sequence[MatchedTable], rules: Rules) -> MatchedTable:
    """One table of customers from all tables, whatever the order they come in.

    The table that says most about a customer leads; rows of the others whose id it does not know
    are rejected, its customers whom the others do not know are kept with blanks. A table without a
    customer id is left aside where others have one: rows are never joined by guess.

    Raises
    ------
    UnknownColumnsError
        No column has a role on the dashboard.
    UnjoinableTablesError
        Several different tables, none with a customer id.
    """
    tables = _stack_parts(sorted(tables, key=_says_most))
    with_id = [_trim_ids(table) for table in tables if ID in table.frame]
    if not with_id and len(tables) > 1:
        raise UnjoinableTablesError(
            f"Neither this table nor {tables[1].name} has a customer id, so they cannot be joined.",
            "Add a customer id to both, or use one of them only.",
            file=tables[0].name,
            choices=_sheets(tables),
        )
    lead, others = _lead(with_id, rules) if with_id else (tables[0], [])
    for other in others:
        lead = _join(lead, other, rules)
    for left in (table for table in tables if with_id and ID not in table.frame):
        lead = _set_aside(lead, left)
    if not set(lead.frame.columns) - {ID}:
        headers = ", ".join(found.header for source in lead.sources for found in source.matches)
        raise UnknownColumnsError(
            f"None of the columns is one the dashboard knows: {headers}.",
            "Name columns as in the bundled sample, for example age, state, property_valuation, "
            "or say what one of them is.",
            file=lead.name,
            choices=[found.header for source in lead.sources for found in source.matches],
        )
    return with_ids(lead)


def with_ids(table: MatchedTable) -> MatchedTable:
    """The table with an id in each row: its own without blanks around it, or the line numbers."""
    return _trim_ids(table) if ID in table.frame else _number_rows(table)


def _sheets(tables: Sequence[MatchedTable]) -> list[str]:
    return list(dict.fromkeys(sheet for table in tables for source in table.sources for sheet in source.sheets))


def _says_most(table: MatchedTable) -> tuple[int, int, list[str]]:
    """By content alone: a file's name decides nothing."""
    names = sorted(column.name for column in table.columns)
    return -sum(name in BY_NAME for name in names), -len(table.frame), names


def _stack_parts(tables: Sequence[MatchedTable]) -> list[MatchedTable]:
    """Put tables with the same columns below each other, as the monthly parts of one export are."""
    parts: dict[frozenset[str], list[MatchedTable]] = defaultdict(list)
    for table in tables:
        parts[frozenset(table.frame.columns)].append(table)
    return [_stack(same) if len(same) > 1 else same[0] for same in parts.values()]


def _stack(tables: Sequence[MatchedTable]) -> MatchedTable:
    first, names = tables[0], [column.name for column in tables[0].columns]
    starts, frames, start = [], [], 0
    for table in tables:
        starts.append((start, table.name))
        frames.append(table.frame[names].set_axis(table.frame.index + start))
        start += int(table.frame.index.max()) + 1
    index = frames[0].index.append([frame.index for frame in frames[1:]]).rename("line")
    data = {name: _below_each_other([frame[name] for frame in frames]) for name in names}
    title = f"Put {', '.join(table.name for table in tables)} below each other: they have the same columns"
    return replace(
        first,
        frame=pd.DataFrame(data, index=index),
        starts=tuple(starts),
        steps=(*(step for table in tables for step in table.steps), Step(title, len(index), len(index))),
        excluded=pd.concat([table.excluded for table in tables], ignore_index=True),
        sources=tuple(source for table in tables for source in table.sources),
    )


def _below_each_other(parts: Sequence[pd.Series]) -> pd.Categorical | pd.api.extensions.ExtensionArray:
    return pd.concat(parts).array if parts[0].name == ID else union_categoricals(parts)


def _trim_ids(table: MatchedTable) -> MatchedTable:
    return replace(table, frame=table.frame.assign(**{ID: table.frame[ID].str.strip()}))


def _is_repeats(table: MatchedTable) -> bool:
    """Whether most rows repeat an id, and not simply the whole row."""
    repeats = repeated(table.frame[ID][~identical(table.frame)]).mean()
    return bool(repeats > (REPEATS_WITH_DATE if DATE in table.frame else REPEATS))


def _lead(tables: Sequence[MatchedTable], rules: Rules) -> tuple[MatchedTable, list[MatchedTable]]:
    """The table of customers and the rest; where all are transactions, the first of them counted up."""
    customers = [table for table in tables if not _is_repeats(table)]
    lead = customers[0] if customers else tables[0]
    rest = [table for table in tables if table is not lead]
    lead = _used(lead, "customers")
    return (lead, rest) if customers else (aggregate(lead, rules), rest)


def _join(base: MatchedTable, other: MatchedTable, rules: Rules) -> MatchedTable:
    """Add the other table's columns to the base; its rows without a customer are rejected."""
    ids = base.frame[ID]
    counted = _is_repeats(other)
    orphan = ~other.frame[ID].isin(ids).to_numpy()
    if orphan.all():
        raise UnjoinableTablesError(
            f"None of its customer ids ({_some(other)}) is in {base.name} ({_some(base)}).",
            "Make both write the ids alike, or use one of them only.",
            file=other.name,
            choices=_sheets([base, other]),
        )
    other = other.without(orphan, f"No customer with this id in {base.name}")
    if counted:
        other = aggregate(other, rules)
    repeats = repeated(other.frame[ID])
    other = other.without(repeats, "Another row of this table has the same customer id")
    kept = other.frame.set_index(ID, drop=False)
    added = [column for column in other.columns if column.name not in base.frame and column.name != ID]
    twice = [column.name for column in other.columns if column.name in base.frame and column.name != ID]
    joined = kept[[column.name for column in added]].reindex(ids)
    missing = int((~ids.isin(kept.index)).sum())
    title = (
        f"Joined {other.name} to {base.name} on the customer id: {missing:,} customers not in it, "
        f"{int(orphan.sum()):,} of its rows without a customer"
    )
    steps = [Step(title, len(orphan), len(kept))]
    filled, steps_filled = _fill(base, kept[twice].reindex(ids), other.name)
    use = "counted per customer and joined on the customer id" if counted else "joined on the customer id"
    return replace(
        base,
        frame=base.frame.assign(**filled, **{name: joined[name].array for name in joined}),
        columns=(*base.columns, *added),
        steps=(*base.steps, *other.steps, *steps, *steps_filled),
        excluded=pd.concat([base.excluded, other.excluded], ignore_index=True),
        sources=(*base.sources, *_used(other, use).sources),
        merged=base.merged + other.merged + len(kept),
        computed=base.computed | other.computed,
    )


def _fill(base: MatchedTable, other: pd.DataFrame, name: str) -> tuple[dict[str, pd.Categorical], list[Step]]:
    """Fill the blanks of columns that both tables have; elsewhere the base is believed."""
    filled, steps = {}, []
    for column in other:
        own = base.frame[column].astype("str").fillna("")
        theirs = other[column].astype("str").fillna("").set_axis(own.index)
        blank = is_blank(own) & ~is_blank(theirs)
        filled[column] = pd.Categorical(own.mask(blank, theirs))
        title = f"Kept {column} of {base.name}, and filled its blanks from {name}"
        steps.append(Step(title, len(own), len(own), str(column), int(blank.sum())))
    return filled, steps


def _some(table: MatchedTable) -> str:
    return ", ".join(sorted(table.frame[ID].head(3))) + ", …"


def _set_aside(lead: MatchedTable, left: MatchedTable) -> MatchedTable:
    """Keep a table that cannot be joined out of the customers, row by row and in words."""
    everybody = np.ones(len(left.frame), bool)
    title = f"Set {left.name} aside: it has no customer id to join it by"
    aside = left.without(everybody, "Its table has no customer id to join it by", step=title)
    return replace(
        lead,
        steps=(*lead.steps, *aside.steps),
        excluded=pd.concat([lead.excluded, aside.excluded], ignore_index=True),
        sources=(*lead.sources, *_used(aside, "not used: no customer id to join it by").sources),
    )


def _number_rows(table: MatchedTable) -> MatchedTable:
    """Line numbers serve as ids; in stacked files, with the number of the file before them."""
    blank = table.frame.apply(lambda column: column.str.strip().eq("")).all(axis=1).to_numpy(bool)
    rows = len(table.frame)
    table = _used(table.without(blank, "Every cell that is used is blank"), "customers")
    files, lines = table.located(table.frame.index)
    order = {file: number for number, (_, file) in enumerate(table.starts, start=1)}
    ids = [f"{order[file]}-{line}" if order else str(line) for file, line in zip(files, lines, strict=True)]
    frame = table.frame.copy()
    frame.insert(0, ID, pd.array(ids, "str"))
    step = Step("No customer id in the file: the line numbers serve as ids", rows, len(frame), ID)
    return replace(table, frame=frame, columns=(BY_NAME[ID], *table.columns), steps=(*table.steps, step))


def _used(table: MatchedTable, use: str) -> MatchedTable:
    return replace(table, sources=tuple(replace(source, use=use) for source in table.sources))
