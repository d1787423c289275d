"""One text table → typed customers, a step for every kind of change, and the rows that are no customers."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.errors import AmbiguousDatesError, UnusableTableError
from core.intake.match import MatchedTable
from core.intake.steps import Outcome, Step, excluded_rows, row_text
from core.intake.values import Fact, Order, clean_values, date_orders, has_two_orders, usual_spellings
from core.rules import Rules
from core.schema import BY_NAME, ID, Column

Facts = Mapping[str, Fact]


@dataclass(frozen=True)
class CleanTable:
    """Typed customers, one row each; `columns` describes them. Age is in whole years."""

    customers: pd.DataFrame
    columns: tuple[Column, ...]
    steps: tuple[Step, ...]
    excluded: pd.DataFrame


def clean(table: MatchedTable, rules: Rules) -> CleanTable:
    """Drop duplicates, type every column, remove the deceased; count and keep all that goes.

    Raises
    ------
    AmbiguousDatesError
        A column of dates fits both orders and `rules.date_order` is "auto".
    UnusableTableError
        No customer is left.
    """
    facts = decide_facts(table, rules)
    unique, steps, excluded = _drop_unusable_ids(table)
    customers, changes = clean_rows(unique, table.columns, facts, rules)
    living, more_steps, removed = _remove_deceased(customers, unique, table.file)
    if living.empty:
        raise UnusableTableError("No customer is left after cleaning.", "Look at the file's rows.", file=table.file)
    return CleanTable(
        living.reset_index(drop=True),
        _described(table.columns, living),
        (*table.steps, *steps, *changes, *more_steps),
        pd.concat([table.excluded, excluded, removed], ignore_index=True),
    )


def decide_facts(table: MatchedTable, rules: Rules) -> Facts:
    """Decide what only a whole column can tell: the order of its dates, its usual spellings."""
    return {column.name: _fact(column, table, rules) for column in table.columns if column.kind != "id"}


def _fact(column: Column, table: MatchedTable, rules: Rules) -> Fact:
    distinct = table.frame[column.name].cat.categories.to_series()
    if column.kind == "date":
        return Fact(date_order=_date_order(distinct, column, table, rules))
    return Fact(usual=usual_spellings(distinct)) if column.kind in ("category", "yes_no") else Fact()


def _date_order(text: pd.Series, column: Column, table: MatchedTable, rules: Rules) -> Order:
    if rules.date_order != "auto":
        return rules.date_order
    votes = date_orders(text)
    if votes["day_first"] != votes["month_first"]:
        return max(votes, key=lambda order: votes[order])
    if has_two_orders(text):
        raise AmbiguousDatesError(
            "Every date can be read day first and month first.",
            "Say which it is: “Date order” in the sidebar, or --date-order on the command line.",
            file=table.file,
            column=column.name,
        )
    return "day_first"


def clean_rows(
    frame: pd.DataFrame, columns: tuple[Column, ...], facts: Facts, rules: Rules
) -> tuple[pd.DataFrame, list[Step]]:
    """Type each column by its distinct values. Pure: any slice of the rows gives its slice of the result."""
    typed: dict[str, pd.Series] = {}
    steps: list[Step] = []
    for column in columns:
        if column.kind == "id":
            typed[column.name] = frame[column.name].astype("str").str.strip()
            continue
        typed[column.name], changes = _clean_column(frame[column.name], column, facts, rules)
        steps += changes
    customers = pd.DataFrame(typed, index=frame.index)
    return _with_age(customers, rules), steps


def _clean_column(text: pd.Series, column: Column, facts: Facts, rules: Rules) -> tuple[pd.Series, list[Step]]:
    # The cells a join left empty have no category; "" stands for them and cleans to missing.
    filled = text.cat.add_categories(sorted({""} - set(text.cat.categories))).fillna("")
    distinct = filled.cat.categories.to_series().reset_index(drop=True).astype("str")
    cleaned = clean_values(distinct, column, facts[column.name], rules)
    codes = filled.cat.codes.to_numpy()
    counts = np.bincount(codes, minlength=len(distinct))
    values = cleaned["value"]
    series = _compact(values).take(codes) if column.kind in ("number", "date") else _category(values, codes)
    return pd.Series(series, index=text.index), _steps(column, distinct, cleaned, counts)


def _category(values: pd.Series, codes: np.ndarray) -> pd.Categorical:
    own, labels = pd.factorize(values, sort=True)
    whole = pd.Categorical.from_codes(own[codes], labels)
    return whole.remove_unused_categories()


def _compact(values: pd.Series) -> pd.api.extensions.ExtensionArray | np.ndarray:
    """float32 where it holds every value exactly, as it does whole numbers below 2**24."""
    if values.dtype != "float64":
        return values.array
    small = values.astype("float32")
    return (small if (small.astype("float64").eq(values) | values.isna()).all() else values).array


def _steps(column: Column, distinct: pd.Series, cleaned: pd.DataFrame, counts: np.ndarray) -> list[Step]:
    """One step per note; the example is the changed value that most cells hold."""
    steps = []
    changed = cleaned.assign(raw=distinct, cells=counts).query("note != '' and cells > 0")
    for note, group in changed.groupby("note", sort=True):
        most = group.sort_values(["cells", "raw"], ascending=[False, True]).iloc[0]
        after = (
            "missing"
            if pd.isna(most["value"])
            else f"{most['value']:%Y-%m-%d}"
            if column.kind == "date"
            else most["value"]
        )
        rows = int(counts.sum())
        steps.append(
            Step(
                f"{column.label}: {note}",
                rows,
                rows,
                column.name,
                int(group["cells"].sum()),
                f"{most['raw'].strip()} → {after}",
            )
        )
    return steps


def _with_age(customers: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Whole years from birth date to as-of date; the file's own age where there is no birth date."""
    if "date_of_birth" not in customers:
        return customers
    born = customers["date_of_birth"].dt
    not_yet = (born.month > rules.as_of.month) | ((born.month == rules.as_of.month) & (born.day > rules.as_of.day))
    age = (rules.as_of.year - born.year - not_yet.where(born.year.notna())).astype("float32")
    if "age" in customers:
        age = age.fillna(customers["age"])
    frame = customers.drop(columns="age", errors="ignore")
    frame.insert(frame.columns.get_loc("date_of_birth") + 1, "age", age)
    return frame


def _drop_unusable_ids(table: MatchedTable) -> tuple[pd.DataFrame, list[Step], pd.DataFrame]:
    """One row per customer: blank ids and contradicting repeats are rejected, identical repeats removed."""
    frame, steps, gone = table.frame, [], []
    rules_for_ids: list[tuple[str, Outcome, str]] = [
        ("Rejected rows without a customer id", "rejected", "No customer id"),
        ("Removed identical repeats of a row", "removed", "The same row stands before it"),
        (
            "Rejected rows that repeat a customer id with other values",
            "rejected",
            "Another row has the same customer id",
        ),
    ]
    for (title, outcome, reason), find in zip(rules_for_ids, (_blank_ids, _identical, _repeated_ids), strict=True):
        found = find(frame)
        if found.any():
            lost = frame[found]
            gone.append(
                excluded_rows(
                    table.file,
                    lost.index.tolist(),
                    row_text(lost) if outcome == "rejected" else "",
                    reason,
                    outcome,
                )
            )
            steps.append(Step(title, len(frame), int((~found).sum()), ID))
            frame = frame[~found]
    return frame, steps, pd.concat(gone, ignore_index=True) if gone else table.excluded.iloc[:0]


def _blank_ids(frame: pd.DataFrame) -> np.ndarray:
    return frame[ID].astype("str").str.strip().eq("").to_numpy()


def _repeated_ids(frame: pd.DataFrame) -> np.ndarray:
    return frame[ID].astype("str").str.strip().duplicated().to_numpy()


def _identical(frame: pd.DataFrame) -> np.ndarray:
    """Only rows whose id comes twice can be identical, so only they are compared in full."""
    twice = frame[ID].duplicated(keep=False).to_numpy()
    found = np.zeros(len(frame), bool)
    found[twice] = frame[twice].astype("str").duplicated().to_numpy()
    return found


def _remove_deceased(
    customers: pd.DataFrame, text: pd.DataFrame, file: str
) -> tuple[pd.DataFrame, list[Step], pd.DataFrame]:
    if "deceased" not in customers:
        return customers, [], excluded_rows(file, [], [], "")
    dead = customers["deceased"].eq("Yes").to_numpy()
    step = Step("Removed the deceased", len(customers), int((~dead).sum()), "deceased")
    gone = excluded_rows(file, text.index[dead].tolist(), "", "Deceased", "removed")
    return customers[~dead].drop(columns="deceased"), [step], gone


def _described(columns: tuple[Column, ...], customers: pd.DataFrame) -> tuple[Column, ...]:
    known = {column.name: column for column in columns}
    return tuple(known.get(name) or BY_NAME[name] for name in customers.columns)
