"""One matched table → typed customers, a step for every kind of change, and rejected rows."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from core.cleaning.bands import band_order
from core.cleaning.dates import LOUD
from core.cleaning.registry import Change, clean_values, row_rules
from core.cleaning.values import Fact
from core.cleaning.words import DECEASED, NEITHER
from core.countries.decide import in_words_of, outside_country
from core.errors import UnusableTableError
from core.figures import exact
from core.intake.codes import code_counts
from core.intake.country_question import country_questions
from core.intake.derived_columns import band_numbers, derive, with_region, without_zero_points
from core.intake.facts import Facts, country_in, decide_facts, decisions, with_currencies, with_marks
from core.intake.match import MatchedTable
from core.intake.quality import quality_of
from core.intake.rows.profile import same_rows
from core.intake.steps import Step, blank_ids, repeated, warning_steps
from core.intake.subregions import with_subregions
from core.progress import tell
from core.questions import Question
from core.rules import Rules
from core.schema import BY_NAME, DEAD, ID, STATE, UNKNOWN, Column, normalise

MANY = 100_000  # rows from which on a column takes long enough to tell which one is cleaned


@dataclass(frozen=True)
class CleanTable:
    """Typed customers, one row each; `columns` describes them. Age is in whole years.

    `quality` has a row per column that was read: column, label, cells, blank, invalid (not blank, but
    no valid value), distinct (clean values), and invalid_values, what is said of those with examples. `decided` says
    how dates and numbers were read, by column label; `country` is the code of the country they are in, empty where
    none was decided, which is one of the `questions`.
    """

    customers: pd.DataFrame
    columns: tuple[Column, ...]
    steps: tuple[Step, ...]
    rejected: pd.DataFrame
    quality: pd.DataFrame
    decided: dict[str, str]
    country: str
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class _CleanColumn:
    values: pd.Series
    steps: list[Step]
    quality: dict[str, str | int]


def clean(table: MatchedTable, rules: Rules) -> CleanTable:
    """Drop duplicates, and apply the cleaning rules to every column; changes are counted, rejected rows kept.

    Raises
    ------
    AmbiguousDatesError
        A column of dates fits both orders and the rules say "auto".
    UnusableTableError
        No customer is left.
    """
    cleaned = clean_part(table, decide_facts(table, rules), rules)
    if cleaned.customers.empty:
        raise UnusableTableError("No customer is left after cleaning.", "Look at the file's rows.", file=table.name)
    return cleaned


def clean_part(table: MatchedTable, facts: Facts, rules: Rules) -> CleanTable:
    """Clean a table, or a part with all rows of its customers, by the facts of the whole."""
    whole = table
    table = _drop_unusable_ids(table)
    customers, steps, quality = clean_rows(table.frame, table.columns, facts, rules)
    columns = with_currencies(_descriptions(table.columns, customers), facts, rules)
    table, kept, removed = _remove_rows(table, columns, customers, rules)
    return CleanTable(
        kept.reset_index(drop=True),
        tuple(column for column in columns if column.name in kept),
        (*table.steps, *steps, *removed),
        table.rejected,
        pd.DataFrame(quality),
        decisions(whole.columns, facts, with_marks(whole)),
        country_in(facts),
        country_questions(facts),
    )


def clean_rows(
    frame: pd.DataFrame, columns: tuple[Column, ...], facts: Facts, rules: Rules
) -> tuple[pd.DataFrame, list[Step], list[dict[str, str | int]]]:
    """Type each column by its distinct values. Pure: any slice of the rows gives its slice of the result."""
    columns = tuple(in_words_of(column, country_in(facts)) for column in columns)
    read = {column.name: column for column in columns if column.kind != "id"}
    cleaned: dict[str, _CleanColumn] = {}
    abroad = None
    for name, column in sorted(read.items(), key=lambda one: one[1].kind == "postcode"):  # which need the state
        if len(frame) >= MANY:
            tell(f"column {len(cleaned) + 1} of {len(read)}")
        if column.kind == "postcode" and abroad is None and STATE in cleaned:
            abroad = outside_country(cleaned[STATE].values, country_in(facts))
        cleaned[name] = _clean_column(frame[name], column, facts[name], rules, abroad)
    ids = {ID: frame[ID]} if ID in frame else {}
    typed = ids | {name: column.values for name, column in cleaned.items()}
    ordered = {column.name: typed[column.name] for column in columns}
    customers, derived = derive(pd.DataFrame(ordered, index=frame.index, copy=False), rules, columns)
    customers, zeros = without_zero_points(customers)
    customers, placed = with_region(customers, country_in(facts))
    customers, spelled = with_subregions(customers, columns, country_in(facts))
    steps = [step for name in read for step in cleaned[name].steps]
    return customers, [*steps, *derived, *zeros, *placed, *spelled], [cleaned[name].quality for name in read]


def shown(value: Any, column: Column) -> str:  # a cell of any kind of column
    """A clean value as text; "missing" where there is none."""
    if pd.isna(value):
        return "missing"
    return f"{value:%Y-%m-%d}" if column.kind == "date" else exact(value) if column.kind == "number" else str(value)


def _clean_column(
    text: pd.Series, column: Column, fact: Fact, rules: Rules, abroad: np.ndarray | None = None
) -> _CleanColumn:
    """Clean a column; the values of rows that are `abroad` are cleaned as in no country."""
    codes, distinct = text.cat.codes.to_numpy(), text.cat.categories.to_series().reset_index(drop=True).astype("str")
    if (codes < 0).any():  # the cells a join left empty have no category; "" stands for them and cleans to missing
        codes = np.where(codes < 0, len(distinct), codes.astype("int64"))
        distinct = pd.concat([distinct, pd.Series([""], dtype="str")], ignore_index=True)
    values, changes = clean_values(distinct, column, fact, as_of=rules.as_of, off=rules.intake.off)
    if abroad is not None and abroad.any():
        codes = codes.astype("int64") + len(distinct) * abroad
        of_none = clean_values(distinct, column, replace(fact, country=""), as_of=rules.as_of, off=rules.intake.off)
        distinct, values, changes = _both(distinct, (values, changes), of_none)
    counts = code_counts(codes, len(distinct))
    numeric = column.kind in ("number", "date")
    compact = _downcast(values).take(codes) if numeric else _category(values, counts, codes, column)
    return _CleanColumn(
        pd.Series(compact, index=text.index),
        [*_doubts(column, fact, distinct, counts), *_steps(column, distinct, values, changes, counts)],
        quality_of(column, distinct, values, counts),
    )


def _both(
    distinct: pd.Series, home: tuple[pd.Series, list[Change]], abroad: tuple[pd.Series, list[Change]]
) -> tuple[pd.Series, pd.Series, list[Change]]:
    """Distinct values twice, as they are cleaned in the country and abroad; one change per note."""
    changes: dict[str, Change] = {}
    for at, change in [*((0, one) for one in home[1]), *((1, one) for one in abroad[1])]:
        where = np.zeros(2 * len(distinct), bool)
        where[at * len(distinct) :][: len(distinct)] = change.where
        earlier = changes.get(change.note)
        changes[change.note] = replace(change, where=where | earlier.where if earlier else where)
    texts, values = (pd.concat(pair, ignore_index=True) for pair in ((distinct, distinct), (home[0], abroad[0])))
    return texts, values, [*changes.values()]


def _category(values: pd.Series, counts: np.ndarray, codes: np.ndarray, column: Column) -> pd.Categorical:
    labels = sorted(values[counts > 0].unique())
    if column.kind == "band":
        labels.sort(key=lambda label: (label == UNKNOWN, band_order(label), label))
    kind = pd.CategoricalDtype(pd.Index(labels, dtype="str"), ordered=column.kind == "band")
    codes_by_value = kind.categories.get_indexer(values).astype(np.min_scalar_type(-len(labels) - 1))
    return pd.Categorical.from_codes(codes_by_value.take(codes), dtype=kind, validate=False)


def _downcast(values: pd.Series) -> pd.api.extensions.ExtensionArray | np.ndarray:
    """float32 if it holds every value exactly, such as whole numbers below 2**24."""
    if values.dtype != "float64":
        return values.array
    small = values.astype("float32")
    return (small if (small.astype("float64").eq(values) | values.isna()).all() else values).array


def _doubts(column: Column, fact: Fact, distinct: pd.Series, counts: np.ndarray) -> list[Step]:
    """The warnings on the whole column, and on words in it that mean death."""
    deaths = _deaths(column, distinct, counts) if column.kind == "category" else []
    return [*warning_steps(column.label, column.name, fact.warnings, int(counts.sum())), *deaths]


def _deaths(column: Column, distinct: pd.Series, counts: np.ndarray) -> list[Step]:
    """A step on the values of a category that mean death, such as a status: only the column Deceased removes rows."""
    dead = np.array([normalise(word) in DEAD for word in distinct.tolist()], bool) & (counts > 0)
    if not dead.any():
        return []
    rows, example = int(counts.sum()), distinct[dead].min().strip()
    title = f"{column.label}: some have died by it, but are kept"
    return [Step(title, rows, rows, column.name, int(counts[dead].sum()), example, warns=True)]


def _steps(
    column: Column, distinct: pd.Series, values: pd.Series, changes: list[Change], counts: np.ndarray
) -> list[Step]:
    """One step per note; the example is the changed value that most cells hold."""
    changed = [(change, np.flatnonzero(change.where & (counts > 0))) for change in changes]
    changed.sort(key=lambda pair: pair[0].note)
    return [
        _step(column, change, distinct, values, counts, positions) for change, positions in changed if len(positions)
    ]


def _step(
    column: Column, change: Change, distinct: pd.Series, values: pd.Series, counts: np.ndarray, positions: np.ndarray
) -> Step:
    cells, rows = counts[positions], int(counts.sum())
    most_frequent = distinct.iloc[positions[cells == cells.max()]]
    raw = most_frequent.min()
    example = f"{raw.strip()} → {shown(values.iloc[most_frequent.index[most_frequent == raw][0]], column)}"
    return Step(
        f"{column.label}: {change.note}",
        rows,
        rows,
        column.name,
        int(cells.sum()),
        example,
        change.switch,
        _is_loud(change, column),
    )  # fmt: skip


def _is_loud(change: Change, column: Column) -> bool:
    """Whether a change is a warning however few cells it has: a day to come, or a death that is not understood."""
    return change.note.startswith(LOUD) or (change.note == NEITHER and DECEASED in column.cleaning)


def _drop_unusable_ids(table: MatchedTable) -> MatchedTable:
    """One row per customer: blank ids and contradicting repeats are rejected, identical repeats removed."""
    if table.ids_differ:
        return table
    blank = blank_ids(table.frame)
    table = table.without(blank, "No customer id", step="Rejected rows without a customer id")
    if not repeated(table.frame[ID]).any():
        return table
    repeats = same_rows(table)
    table = table.without(repeats, "The same row stands before it", "removed", "Removed identical repeats of a row")
    contradicting = repeated(table.frame[ID])
    step = "Rejected rows that repeat a customer id with other values"
    return table.without(contradicting, "Another row has the same customer id", step=step)


def _remove_rows(
    table: MatchedTable, columns: tuple[Column, ...], customers: pd.DataFrame, rules: Rules
) -> tuple[MatchedTable, pd.DataFrame, list[Step]]:
    """Apply the rules that remove rows; one that is switched off is a step that removes none."""
    kept, steps, used_up = np.ones(len(customers), bool), [], []
    for name, rule in row_rules(columns):
        before = int(kept.sum())
        if rule.key not in rules.intake.off:
            gone = kept & rule.removes(customers[name])
            table = replace(table, rejected=table.rejecting(gone, rule.reason, "removed"))
            kept &= ~gone
            used_up += [name] if rule.uses_up else []
        steps.append(Step(rule.step, before, int(kept.sum()), name, switch=rule.switch))
    return table, customers[kept].drop(columns=used_up), steps


def _descriptions(columns: tuple[Column, ...], customers: pd.DataFrame) -> tuple[Column, ...]:
    known = {column.name: column for column in (*columns, *band_numbers(columns))}
    return tuple(known.get(name) or BY_NAME[name] for name in customers.columns)
