"""Several matched tables → one row per customer: stack parts, count transactions, join the rest on the id."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from core.cleaning.values import is_blank
from core.errors import UnjoinableTablesError, UnknownColumnsError
from core.intake.aggregate import DATE, aggregate
from core.intake.facts import Facts
from core.intake.match import MatchedTable, TableSource
from core.intake.roles import CHOSEN
from core.intake.steps import Step, different_numbers, identical, is_in, repeated
from core.rules import Rules
from core.schema import BY_NAME, ID, Column

# A table holds transactions, not customers, if so many of its rows repeat an id; fewer where it has a transaction date.
REPEATS, REPEATS_WITH_DATE = 0.5, 0.1
STACKED = "Put {} below each other: they have the same columns"
JOINED = "Joined {} to {} on the customer id: {:,} customers not in it, {:,} of its rows without a customer"
MEASURED = ("number", "band")  # kinds of a column of a file's own that are enough to show customers by
# What a table is used as, in words.
LEAD, JOINED_ON_ID = "customers", "joined on the customer id"
COUNTED_AND_JOINED = "counted per customer and joined on the customer id"
UNUSED = "not used: no customer id to join it by"


def combine(tables: Sequence[MatchedTable], rules: Rules) -> MatchedTable:
    """Combine all tables into one table of customers; their order does not matter.

    The table with most known columns leads. Rows of the others with an id that it lacks are rejected; customers that
    the others lack get blanks. A table without a customer id is rejected if others have one.

    Raises
    ------
    UnknownColumnsError
        No column has a role on the dashboard.
    UnjoinableTablesError
        Several different tables, none with a customer id.
    """
    tables = _stack_parts(sorted(tables, key=lambda table: says_most(table.columns, len(table.frame))))
    with_id = [number for number, table in enumerate(tables) if ID in table.frame]
    if not with_id and len(tables) > 1:
        raise UnjoinableTablesError(
            f"Neither this table nor {tables[1].name} has a customer id, so they cannot be joined.",
            "Add a customer id to both, or use one of them only.",
            file=tables[0].name,
            choices=_sheets(tables),
        )
    tables = [with_ids(table) if number in with_id else table for number, table in enumerate(tables)]
    counted = [number for number in with_id if is_counted(repeats(tables[number]), tables[number].frame)]
    order = order_of(len(tables), with_id, counted)
    _check_shared_ids(tables, order)
    lead = in_order(tables, order, rules)
    check_known(lead.columns, lead.sources, lead.name)
    return lead if ID in lead.frame else _number_rows(lead)


@dataclass(frozen=True)
class Order:
    """The use of several tables, by position: one leads, others are joined, counted per customer, or left out."""

    lead: int
    joined: tuple[int, ...] = ()
    counted: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()


def order_of(tables: int, with_id: Sequence[int], counted: Sequence[int]) -> Order:
    """The first table of customers leads; if all hold transactions, the first of them, counted per customer."""
    if not with_id:
        return Order(0)
    lead = next((number for number in with_id if number not in counted), with_id[0])
    others = tuple(number for number in with_id if number != lead)
    return Order(lead, others, tuple(counted), tuple(number for number in range(tables) if number not in with_id))


def in_order(
    tables: Sequence[MatchedTable], order: Order, rules: Rules, facts: Mapping[int, Facts] | None = None
) -> MatchedTable:
    """Combine tables in an order; they may hold a part of the customers with all their rows.

    `facts` are those of the whole of each counted table, by position, needed for a part.
    """
    facts = facts or {}
    lead = _with_use(tables[order.lead], use_of(order.lead, order))
    if order.lead in order.counted:
        lead = aggregate(lead, rules, facts.get(order.lead))
    for position in order.joined:
        lead = _join(lead, tables[position], rules, counted=position in order.counted, facts=facts.get(position))
    for position in order.left_out:
        lead = _reject_unjoinable(lead, tables[position])
    return lead


def use_of(number: int, order: Order) -> str:
    """The use of a table in words."""
    if number == order.lead:
        return LEAD
    if number in order.left_out:
        return UNUSED
    return COUNTED_AND_JOINED if number in order.counted else JOINED_ON_ID


def check_known(columns: Iterable[Column], sources: Sequence[TableSource], name: str) -> None:
    """Refuse a table that has only categories of its own, which may be of anything, unless one is chosen.

    Raises
    ------
    UnknownColumnsError
        No column has a role on the dashboard.
    """
    chosen = {match.header for source in sources for match in source.matches if match.evidence == CHOSEN}
    known = [one for one in columns if one.name in BY_NAME or one.kind in MEASURED or one.header in chosen]
    if not {column.name for column in known} - {ID}:
        headers = [match.header for source in sources for match in source.matches]
        raise UnknownColumnsError(
            f"None of the columns is one the dashboard knows: {', '.join(headers)}.",
            "Name columns as in the bundled sample, for example age, state, property_valuation, "
            "or say what one of them is.",
            file=name,
            choices=headers,
        )


def _check_shared_ids(tables: Sequence[MatchedTable], order: Order) -> None:
    lead = tables[order.lead]
    for position in order.joined:
        table = tables[position]
        if not is_in(table.frame[ID], lead.frame[ID]).any():
            raise not_joinable(lead, table)


def not_joinable(base: MatchedTable, other: MatchedTable) -> UnjoinableTablesError:
    """The error for two tables without a common customer id."""
    return UnjoinableTablesError(
        f"None of its customer ids ({_sample_ids(other)}) is in {base.name} ({_sample_ids(base)}).",
        "Make both write the ids alike, or use one of them only.",
        file=other.name,
        choices=_sheets([base, other]),
    )


def with_ids(table: MatchedTable) -> MatchedTable:
    """The table with an id in each row: its own without blanks around it, or the line numbers."""
    return _trim_ids(table) if ID in table.frame else _number_rows(table)


def _sheets(tables: Sequence[MatchedTable]) -> list[str]:
    return list(dict.fromkeys(sheet for table in tables for source in table.sources for sheet in source.sheets))


def says_most(columns: Sequence[Column], rows: int) -> tuple[int, int, list[str]]:
    """Sort key of tables: most known columns first, then most rows. Names of files do not matter."""
    names = sorted(column.name for column in columns)
    return -sum(name in BY_NAME for name in names), -rows, names


def _stack_parts(tables: Sequence[MatchedTable]) -> list[MatchedTable]:
    """Stack tables with the same columns, such as the monthly parts of one export."""
    parts: dict[frozenset[str], list[MatchedTable]] = defaultdict(list)
    for table in tables:
        parts[frozenset(table.frame.columns)].append(table)
    return [_stack(parts_alike) if len(parts_alike) > 1 else parts_alike[0] for parts_alike in parts.values()]


def _stack(tables: Sequence[MatchedTable]) -> MatchedTable:
    first, names = tables[0], [column.name for column in tables[0].columns]
    starts, frames, start = [], [], 0
    for table in tables:
        starts.append((start, table.name))
        frames.append(table.frame[names].set_axis(table.frame.index + start))
        start += int(table.frame.index.max()) + 1
    index = frames[0].index.append([frame.index for frame in frames[1:]]).rename("line")
    data = {name: _concatenate([frame[name] for frame in frames]) for name in names}
    title = STACKED.format(", ".join(table.name for table in tables))
    return replace(
        first,
        ids_differ=False,
        frame=pd.DataFrame(data, index=index),
        starts=tuple(starts),
        steps=(*(step for table in tables for step in table.steps), Step(title, len(index), len(index))),
        rejected=pd.concat([table.rejected for table in tables], ignore_index=True),
        sources=tuple(source for table in tables for source in table.sources),
    )


def _concatenate(parts: Sequence[pd.Series]) -> pd.Categorical | pd.api.extensions.ExtensionArray:
    return pd.concat(parts).array if parts[0].name == ID else union_categoricals(parts)


def _trim_ids(table: MatchedTable) -> MatchedTable:
    """The ids without blanks around them; nothing to do if they are different whole numbers."""
    if different_numbers(table.frame[ID]):
        return replace(table, ids_differ=True)
    return replace(table, frame=table.frame.assign(**{ID: table.frame[ID].str.strip()}))


def repeats(table: MatchedTable) -> tuple[int, int]:
    """Number of rows that repeat an id but not the whole row, and of all different rows. Parts add up."""
    ids = table.frame[ID]
    if table.ids_differ or not repeated(ids).any():
        return 0, len(ids)
    different = ids[~identical(table.frame)]
    return int(repeated(different).sum()), len(different)


def is_counted(repeats: tuple[int, int], columns: Container[str]) -> bool:
    """Whether a table holds transactions, not customers: most rows repeat an id (`repeats`)."""
    return repeats[0] > (REPEATS_WITH_DATE if DATE in columns else REPEATS) * repeats[1]


def _join(base: MatchedTable, other: MatchedTable, rules: Rules, *, counted: bool, facts: Facts | None) -> MatchedTable:
    """Add the other table's columns to the base; its rows without a customer are rejected."""
    ids = base.frame[ID]
    unmatched = ~is_in(other.frame[ID], ids)
    other = other.without(unmatched, f"No customer with this id in {base.name}")
    if counted:
        other = aggregate(other, rules, facts)
    repeats = repeated(other.frame[ID])
    other = other.without(repeats, "Another row of this table has the same customer id")
    kept = other.frame.set_index(ID, drop=False)
    added = [column for column in other.columns if column.name not in base.frame and column.name != ID]
    shared = [column.name for column in other.columns if column.name in base.frame and column.name != ID]
    joined = kept[[column.name for column in added]].reindex(ids)
    missing = int((~is_in(ids, kept.index)).sum())
    title = JOINED.format(other.name, base.name, missing, int(unmatched.sum()))
    steps = [Step(title, len(unmatched), len(kept))]
    filled, filled_steps = _fill_blanks(base, kept[shared].reindex(ids), other.name)
    use = COUNTED_AND_JOINED if counted else JOINED_ON_ID
    return replace(
        base,
        frame=base.frame.assign(**filled, **{name: joined[name].array for name in joined}),
        columns=(*base.columns, *added),
        steps=(*base.steps, *other.steps, *steps, *filled_steps),
        rejected=pd.concat([base.rejected, other.rejected], ignore_index=True),
        sources=(*base.sources, *_with_use(other, use).sources),
        merged=base.merged + other.merged + len(kept),
        computed=base.computed | other.computed,
    )


def _fill_blanks(base: MatchedTable, other: pd.DataFrame, name: str) -> tuple[dict[str, pd.Categorical], list[Step]]:
    """Fill blanks of columns that both tables have; other cells keep the value of the base."""
    filled, steps = {}, []
    for column in other:
        own = base.frame[column].astype("str").fillna("")
        theirs = other[column].astype("str").fillna("").set_axis(own.index)
        blank = is_blank(own) & ~is_blank(theirs)
        filled[column] = pd.Categorical(own.mask(blank, theirs))
        title = f"Kept {column} of {base.name}, and filled its blanks from {name}"
        steps.append(Step(title, len(own), len(own), str(column), int(blank.sum())))
    return filled, steps


def _sample_ids(table: MatchedTable) -> str:
    return ", ".join(sorted(table.frame[ID].head(3))) + ", …"


def _reject_unjoinable(lead: MatchedTable, left: MatchedTable) -> MatchedTable:
    """Reject every row of a table that cannot be joined."""
    all_rows = np.ones(len(left.frame), bool)
    title = f"Left {left.name} out: it has no customer id to join it by"
    left_out = left.without(all_rows, "Its table has no customer id to join it by", step=title)
    return replace(
        lead,
        steps=(*lead.steps, *left_out.steps),
        rejected=pd.concat([lead.rejected, left_out.rejected], ignore_index=True),
        sources=(*lead.sources, *_with_use(left_out, UNUSED).sources),
    )


def _number_rows(table: MatchedTable) -> MatchedTable:
    """Line numbers serve as ids; in stacked files, with the number of the file before them."""
    blank = table.frame.apply(lambda column: column.str.strip().eq("")).all(axis=1).to_numpy(bool)
    rows = len(table.frame)
    table = _with_use(table.without(blank, "Every cell that is used is blank"), LEAD)
    files, lines = table.located(table.frame.index)
    order = {file: number for number, (_, file) in enumerate(table.starts, start=1)}
    ids = [f"{order[file]}-{line}" if order else str(line) for file, line in zip(files, lines, strict=True)]
    frame = table.frame.copy()
    frame.insert(0, ID, pd.array(ids, "str"))
    step = Step("No customer id in the file: the line numbers serve as ids", rows, len(frame), ID)
    return replace(table, frame=frame, columns=(BY_NAME[ID], *table.columns), steps=(*table.steps, step))


def _with_use(table: MatchedTable, use: str) -> MatchedTable:
    return replace(table, sources=tuple(replace(source, use=use) for source in table.sources))
