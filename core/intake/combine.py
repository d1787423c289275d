"""Several matched tables → one row per customer: stack parts, merge the rows of each, join the rest on the id."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from core.cleaning.values import is_blank
from core.errors import UnjoinableTablesError, UnknownColumnsError
from core.ids import is_in
from core.intake.facts import Facts
from core.intake.match import MatchedTable, TableSource
from core.intake.roles import CHOSEN
from core.intake.rows.ask import question
from core.intake.rows.collapse import collapse, decided
from core.intake.rows.decide import A_ROW, ROWS, Decision
from core.intake.rows.ids import check_not_ruined, spelt_alike, trimmed
from core.intake.rows.keys import raw_of_repeats
from core.intake.rows.stack import stack_parts
from core.intake.steps import Step, repeated
from core.rules import Rules, Way
from core.schema import BY_NAME, ID, Column

JOINED = "Joined {} to {} on the customer id: {:,} customers not in it, {:,} of its rows without a customer"
MEASURED = ("number", "band")  # kinds of a column of a file's own that are enough to show customers by
# What a table is used as, in words.
LEAD, JOINED_ON_ID = "customers", "joined on the customer id"
# Ways of rows that are aggregated, the ones that say more of a customer first.
AGGREGATED: dict[Way, int] = {"account": 1, "transaction": 2}
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
    DataError
        Files put below each other have a column in different units (`rows.stack.check_units`).
    """
    tables = sorted(tables, key=lambda table: says_most(table.columns, len(table.frame)))
    tables = stack_parts(_with_alike_ids(tables))
    with_id = [number for number, table in enumerate(tables) if ID in table.frame]
    if not with_id and len(tables) > 1:
        raise UnjoinableTablesError(
            f"Neither this table nor {tables[1].name} has a customer id, so they cannot be joined.",
            "Add a customer id to both, or use one of them only.",
            file=tables[0].name,
            choices=_sheets(tables),
        )
    tables = [with_ids(table) if number in with_id else table for number, table in enumerate(tables)]
    ways: dict[int, Way] = {}
    for number in with_id:
        tables[number], decision = decided(tables[number], rules)
        tables[number] = _with_decision(tables[number], decision, rules)
        ways[number] = decision.way
    order = order_of(len(tables), with_id, ways)
    _check_shared_ids(tables, order)
    lead = in_order(tables, order, rules)
    check_known(lead.columns, lead.sources, lead.name)
    lead = replace(lead, raw=raw_of_repeats(lead))
    return lead if ID in lead.frame else _number_rows(lead)


def _with_alike_ids(tables: Sequence[MatchedTable]) -> list[MatchedTable]:
    """The tables with trimmed ids, spelt alike where there are several.

    Raises
    ------
    DataError
        Ids that Excel has ruined.
    """
    tables = [trimmed(table) if ID in table.frame else table for table in tables]
    for table in tables:
        if ID in table.frame:
            check_not_ruined(table)
    return spelt_alike(tables) if len(tables) > 1 else tables


def _with_decision(table: MatchedTable, decision: Decision, rules: Rules) -> MatchedTable:
    """The table with what a row of it is among the decisions on its sources, and a question if it is in doubt."""
    asked = (question(table, decision, rules),) if decision.doubt else ()
    if decision.way == "customer":
        return replace(table, questions=asked)
    said = {A_ROW: decision.said}
    sources = tuple(replace(source, decisions={**source.decisions, **said}) for source in table.sources)
    return replace(table, sources=sources, questions=asked)


@dataclass(frozen=True)
class Order:
    """The use of several tables, by position: one leads, others are joined or left out; and what a row of each is."""

    lead: int
    joined: tuple[int, ...] = ()
    ways: Mapping[int, Way] = field(default_factory=dict)
    left_out: tuple[int, ...] = ()

    @property
    def counted(self) -> tuple[int, ...]:
        """The tables that are aggregated per customer."""
        return tuple(number for number, way in self.ways.items() if way in AGGREGATED)


def order_of(tables: int, with_id: Sequence[int], ways: Mapping[int, Way]) -> Order:
    """The first table of customers leads; if there is none, the first of accounts, else of transactions."""
    if not with_id:
        return Order(0)
    lead = min(with_id, key=lambda number: (AGGREGATED.get(ways.get(number, "customer"), 0), number))
    others = tuple(number for number in with_id if number != lead)
    return Order(lead, others, dict(ways), tuple(number for number in range(tables) if number not in with_id))


def in_order(
    tables: Sequence[MatchedTable], order: Order, rules: Rules, facts: Mapping[int, Facts] | None = None
) -> MatchedTable:
    """Combine tables in an order; they may hold a part of the customers with all their rows.

    `facts` are those of the whole of each aggregated table, by position, needed for a part.
    """
    facts = facts or {}
    lead = _with_use(tables[order.lead], use_of(order.lead, order))
    if order.lead in order.ways:
        lead = collapse(lead, order.ways[order.lead], rules, facts.get(order.lead))
    for position in order.joined:
        lead = _join(lead, tables[position], rules, position, order, facts.get(position))
    for position in order.left_out:
        lead = _reject_unjoinable(lead, tables[position])
    return lead


def use_of(number: int, order: Order) -> str:
    """The use of a table in words."""
    how = ROWS[order.ways.get(number, "customer")][1]
    if number == order.lead:
        return f"{LEAD}: {how}" if how else LEAD
    if number in order.left_out:
        return UNUSED
    return f"{how} and {JOINED_ON_ID}" if how else JOINED_ON_ID


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
    return trimmed(table) if ID in table.frame else _number_rows(table)


def _sheets(tables: Sequence[MatchedTable]) -> list[str]:
    return list(dict.fromkeys(sheet for table in tables for source in table.sources for sheet in source.sheets))


def says_most(columns: Sequence[Column], rows: int) -> tuple[int, int, list[str]]:
    """Sort key of tables: most known columns first, then most rows. Names of files do not matter."""
    names = sorted(column.name for column in columns)
    return -sum(name in BY_NAME for name in names), -rows, names


def _join(
    base: MatchedTable, other: MatchedTable, rules: Rules, position: int, order: Order, facts: Facts | None
) -> MatchedTable:
    """Add the other table's columns to the base; its rows without a customer are rejected."""
    ids = base.frame[ID]
    unmatched = ~is_in(other.frame[ID], ids)
    other = other.without(unmatched, f"No customer with this id in {base.name}")
    other = collapse(other, order.ways.get(position, "customer"), rules, facts)
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
    use = use_of(position, order)
    return replace(
        base,
        frame=base.frame.assign(**filled, **{name: joined[name].array for name in joined}),
        columns=(*base.columns, *added),
        steps=(*base.steps, *other.steps, *steps, *filled_steps),
        rejected=pd.concat([base.rejected, other.rejected], ignore_index=True),
        sources=(*base.sources, *_with_use(other, use).sources),
        merged=base.merged + other.merged + len(kept),
        computed=base.computed | other.computed,
        questions=(*base.questions, *other.questions),
    )


def _fill_blanks(base: MatchedTable, other: pd.DataFrame, name: str) -> tuple[dict[str, pd.Categorical], list[Step]]:
    """Fill blanks of columns that both tables have; other cells keep the value of the base."""
    filled, steps = {}, []
    numbers = {column.name for column in base.columns if column.kind == "number"}
    for column in other:
        own = base.frame[column].astype("str").fillna("")
        theirs = other[column].astype("str").fillna("").set_axis(own.index)
        blank = is_blank(own) & ~is_blank(theirs)
        filled[column] = pd.Categorical(own.mask(blank, theirs))
        title = f"Kept {column} of {base.name}, and filled its blanks from {name}"
        steps.append(Step(title, len(own), len(own), str(column), int(blank.sum())))
        if column in numbers and (differing := _differing(own, theirs)):
            title = f"{column} of {name} differs from that of {base.name}, which counts"
            steps.append(Step(title, len(own), len(own), str(column), differing, warns=True))
    return filled, steps


def _differing(own: pd.Series, theirs: pd.Series) -> int:
    """How many numbers are others than those beside them, however they are spelt: `1,000.50` is `1000.5`."""
    at = (own.ne(theirs) & ~is_blank(own) & ~is_blank(theirs)).to_numpy(bool)
    zeros = r"(?:[.,]0{1,2}|([.,]\d*[1-9])0+)?\D*$"  # behind the decimals
    ours, others = (
        text[at].str.replace(zeros, r"\1", regex=True).str.replace(r"\D", "", regex=True) for text in (own, theirs)
    )
    return int(ours.ne(others).sum())


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
