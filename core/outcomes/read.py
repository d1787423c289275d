"""Files of a campaign → one row per customer (`Trial`), and sentences on what was done to rows."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.errors import DataError
from core.intake.read import TextTable
from core.outcomes.cells import amounts, conversions
from core.outcomes.columns import (
    OF_ASSIGNMENT,
    ColumnQuestionError,
    Columns,
    distinct,
    no_answers,
    offered,
    propose,
    weight_of,
)  # fmt: skip
from core.outcomes.doubts import doubts, unanswered, unlike_record, why_no_verdict
from core.outcomes.held_out import control_of, with_names
from core.outcomes.join import joined, one_each, without_id
from core.outcomes.sources import ARM_HEADER, SEGMENT_HEADER, Files, column_of, read_files
from core.outcomes.trial import AMOUNT, ANSWERED, ARM, CONTACTED, CONVERTED, SEGMENT, Trial
from core.outcomes.window import within
from core.rules import Rules
from core.schema import MIXED, UNKNOWN
from core.sources.source import Source, digest_of
from core.views.export import FORMULA_START
from core.views.summary import counted

ORDER: Final = (ARM, SEGMENT, CONVERTED, AMOUNT, CONTACTED)
RULES: Final = Rules(date(2000, 1, 1))  # no age is counted
FEW_VALUES, LONGEST = 3, 40  # values that an error names, and characters of each
OFFERED: Final = ("treatment", "converted", "amount", "contacted", "segment", "date")
WORDS: Final = {  # of a part that is asked for: what the column says, and the file that may be missing
    "treatment": ("says who was contacted", "assignment.csv or target_list.zip"),
    "converted": ("says who converted, or how much each customer spent", "the file of the outcomes"),
}


@dataclass(frozen=True)
class TrialChoices:
    """What the analyst decides: columns, the value of the control group, and the days of the campaign.

    Outcomes before `since` are not counted, by default those before the assignment was made, nor those after `until`.
    """

    columns: Columns = Columns()  # noqa: RUF009
    control: str = ""
    since: date | None = None
    until: date | None = None
    rules: Rules = RULES


def read_trial(
    sources: Sequence[Source], assignment: Sequence[Source] = (), choices: TrialChoices = TrialChoices()
) -> Trial:  # fmt: skip
    """Read the outcomes of a campaign beside its assignment, or a file that has both.

    Whoever was assigned counts in their arm, whatever happened then (intention to treat), and without a row of
    outcomes as not converted. A customer with several rows has converted if one says so; amounts are added up. Whose
    cells are all blank is left out, where other cells say no.

    Raises
    ------
    ColumnQuestionError
        It is not known which column says who was contacted or converted, or which value is the control group.
    DataError
        There is one arm only, or a file cannot be used.
    """
    files = read_files(sources, assignment)
    known = _assigned(files.assignment) if files.assignment else None
    columns = propose(files.outcomes.frame, choices.columns, known[0]["id"] if known else None)
    _check(files, columns)
    rows, notes, currency = _outcomes(files, columns, choices)
    lists_all = not rows[CONVERTED].all()
    rows, said, outside = within(rows, columns, files, (choices.since, choices.until), choices.rules)
    customers, more = joined(known[0], rows, files.outcomes.name) if known else one_each(rows)
    notes = [*(known[1] if known else ()), *notes, *said, *more]
    values = tuple(sorted({one for one in customers[ARM].unique() if one}))
    control = control_of(values, choices.control, files, columns)
    if known:
        notes += unlike_record(customers, control, files.plan)
    if blank := int(customers[ARM].eq("").sum()):
        notes.append(f"{counted(blank, 'customer')} without an arm: left out.")
        customers = customers[customers[ARM].ne("")]
    customers, control = with_names(customers, control, values)
    arms = tuple(sorted({*customers[ARM].unique()} - {control}))
    everybody = customers
    if ANSWERED in customers:
        notes += unanswered(customers, columns.converted)
        customers = customers[customers[ANSWERED]]
    content = digest_of(one.digest for one in (*sources, *assignment))
    made = Trial(
        _told_apart(customers[[one for one in ORDER if one in customers]], [control, *arms]), control, arms,
        (*files.notes, *notes), {}, columns, _offered(files), values, files.plan, currency,
        tuple(one.name for one in (files.outcomes, files.assignment) if one),
        content, digest_of([content, repr((astuple(columns), choices))]),
    )  # fmt: skip
    why = dict.fromkeys(arms, outside) if outside else why_no_verdict(made, everybody, lists_all=lists_all)
    return replace(made, notes=(*made.notes, *doubts(made)), no_verdict=why)


def _told_apart(customers: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """The customers with arm and segment as categories."""
    segment = customers[SEGMENT].where(customers[SEGMENT].ne(""), UNKNOWN if customers[SEGMENT].ne("").any() else "")
    return customers.assign(
        **{ARM: pd.Categorical(customers[ARM], arms), SEGMENT: pd.Categorical(segment, _in_order(segment.unique()))}
    ).reset_index(drop=True)


def _assigned(table: TextTable) -> tuple[pd.DataFrame, list[str]]:
    """Id, arm and segment of each customer assigned; those in several arms are left out, and counted in a sentence."""
    frame, arm, segment = table.frame, column_of(table, ARM_HEADER), column_of(table, SEGMENT_HEADER)
    ids = next((header for header in map(str, frame) if header not in (arm, segment)), "")
    if not ids:
        raise DataError("It has no column of customer ids.", "Give assignment.csv as it was written.", file=table.name)
    text = pd.DataFrame(
        {
            "id": _stripped(frame[ids]).map(_without_defusing),
            ARM: _stripped(frame[arm]),
            SEGMENT: _stripped(frame[segment]) if segment else "",
        }
    )
    notes = without_id(text["id"], "the assignment")
    text = text[text["id"].ne("")].drop_duplicates(["id", ARM])
    twice = text["id"].duplicated(keep=False)
    people = text.loc[twice, "id"].nunique()
    said = f"{counted(people, 'customer')} in several arms of the assignment: left out."
    return text[~twice].reset_index(drop=True), [*notes, *([said] if people else [])]


def _without_defusing(text: str) -> str:
    """An id as it was before an export put a `'` before what a spreadsheet would run."""
    return text[1:] if text.startswith("'") and FORMULA_START.match(text[1:]) else text


def _check(files: Files, columns: Columns) -> None:
    frame, name = files.outcomes.frame, files.outcomes.name
    if not files.assignment and not columns.treatment:
        raise _question("treatment", files)
    if columns.converted or columns.amount:
        return
    if files.assignment and {*map(str, frame)} <= {columns.id, columns.date}:
        return  # a list of those who converted
    if not len(frame):
        raise DataError("It has no rows.", "Give the outcomes of the campaign.", file=name)
    raise _not_understood(files, columns) or _question("converted", files)


def _not_understood(files: Files, columns: Columns) -> ColumnQuestionError | None:
    """What to ask where a header says that a column has outcomes, and its values do not."""
    frame, others = files.outcomes.frame, {*astuple(columns)}
    weights = {
        one: max(weight_of("converted", one), weight_of("amount", one)) for one in map(str, frame) if one not in others
    }
    header = max(weights, key=lambda one: weights[one], default="")
    if not weights.get(header):
        return None
    values = no_answers(distinct(frame, header)).tolist()
    shown = [f"“{one[:LONGEST]}”" for one in values[:FEW_VALUES]] + ["…"] * (len(values) > FEW_VALUES)
    found = f"“{header}” is neither yes or no, nor a day or an amount: {', '.join(shown)}."
    return ColumnQuestionError(
        found if values else f"All cells of “{header}” are blank.",
        "Write yes and no, or 1 and 0, in it, or pick the column that says who converted.",
        part="converted", file=files.outcomes.name, choices=list(map(str, frame)),
    )  # fmt: skip


def _question(part: str, files: Files) -> ColumnQuestionError:
    says, file = WORDS[part]
    return ColumnQuestionError(
        f"No column {says}.", f"Add {file}, or pick the column that does.",
        part=part, file=files.outcomes.name, choices=list(map(str, files.outcomes.frame)),
    )  # fmt: skip


def _outcomes(files: Files, columns: Columns, choices: TrialChoices) -> tuple[pd.DataFrame, list[str], str]:
    """The rows of outcomes with their values, sentences on them, and the currency of amounts."""
    table, rules, notes = files.outcomes, choices.rules, list[str]()
    frame, n = table.frame, len(table.frame)
    numbered = pd.Series(pd.array([f"row {at}" for at in range(n)] if not files.assignment else [""] * n, "str"))
    ids = _stripped(frame[columns.id]) if columns.id else numbered
    rows = pd.DataFrame({"id": ids.where(ids.ne(""), numbered)})
    currency = ""
    if columns.amount:
        read = amounts(table, columns.amount, rules)
        rows[AMOUNT], currency = read.values, "" if read.currency == MIXED else read.currency
        if read.currency == MIXED:
            notes.append(f"“{columns.amount}” has amounts in several currencies: they are added up as they are.")
        notes += _unread(read.unread, columns.amount, "no number, counted as 0")
        if columns.id and (again := int(frame.duplicated().sum())):
            notes.append(f"Like another row in every column: {counted(again, 'row')}. These amounts are added up, too.")
    if columns.converted:
        read = conversions(table, columns.converted, rules)
        rows[CONVERTED] = read.values
        notes += _unread(read.unread, columns.converted, "neither yes nor no, counted as no")
        if read.blank is not None and read.blank.any():
            if read.says_no:
                rows[ANSWERED] = ~read.blank
            else:
                notes += _unread(int(read.blank.sum()), columns.converted, "blank, counted as no, since none says no")
    else:
        rows[CONVERTED] = rows[AMOUNT].gt(0) if columns.amount else True
        said = f"Whoever has “{columns.amount}” above 0 has converted." if columns.amount else (
            "The file of outcomes has no column of outcomes: everybody in it has converted.")  # fmt: skip
        notes.append(said)
    if columns.contacted:
        rows[CONTACTED] = conversions(table, columns.contacted, rules).values
    if not files.assignment:
        rows[ARM] = _stripped(frame[columns.treatment]).to_numpy()
        rows[SEGMENT] = _stripped(frame[columns.segment]).to_numpy() if columns.segment else ""
    return rows, notes, currency


def _in_order(values: Sequence[str]) -> list[str]:
    """Numbers by size, then words."""
    return sorted(values, key=lambda text: (not text.isdecimal(), int(text) if text.isdecimal() else 0, text))


def _offered(files: Files) -> dict[str, tuple[str, ...]]:
    parts = [part for part in OFFERED if not (files.assignment and part in OF_ASSIGNMENT)]
    return {part: tuple(offered(files.outcomes.frame, part)) for part in parts}


def _unread(number: int, header: str, what: str) -> list[str]:
    return [f"{counted(number, 'cell')} of “{header}”: {what}."] if number else []


def _stripped(column: pd.Series) -> pd.Series:
    texts = column.cat.categories.to_series().astype("str").str.strip().to_numpy(object)
    return pd.Series(pd.array(np.append(texts, "")[column.cat.codes.to_numpy()], "str"))
