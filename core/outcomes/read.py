"""Files of a campaign → one row per customer (`Trial`), and sentences on what was done to rows."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.errors import DataError
from core.ids import mended, places
from core.intake.read import TextTable
from core.outcomes.cells import amounts, conversions, days
from core.outcomes.columns import ColumnQuestionError, Columns, dated, offered, propose
from core.outcomes.doubts import doubts, why_no_verdict
from core.outcomes.held_out import control_of, with_names
from core.outcomes.sources import ARM_HEADER, SEGMENT_HEADER, Files, column_of, read_files
from core.outcomes.trial import AMOUNT, ARM, CONTACTED, CONVERTED, SEGMENT, Trial
from core.rules import Rules
from core.schema import MIXED, UNKNOWN
from core.sources.source import Source, digest_of
from core.views.export import FORMULA_START
from core.views.summary import counted

ORDER: Final = (ARM, SEGMENT, CONVERTED, AMOUNT, CONTACTED)
RULES: Final = Rules(date(2000, 1, 1))  # no age is counted
FEW_WITHOUT: Final = 0.05  # of those assigned may lack a row; of more it is not known who was contacted
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
    outcomes as not converted. A customer with several rows has converted if one says so; amounts are added up.

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
    rows, said = _within(rows, columns, choices, files)
    notes += said
    if known:
        customers, more = _joined(known[0], rows, files)
        notes = [*known[1], *notes, *more]
    else:
        customers, more = _one_each(rows)
        notes += more
    values = tuple(sorted({one for one in customers[ARM].unique() if one}))
    control = control_of(values, choices.control, files, columns)
    if blank := int(customers[ARM].eq("").sum()):
        notes.append(f"{counted(blank, 'customer')} without an arm: left out.")
        customers = customers[customers[ARM].ne("")]
    customers, control = with_names(customers, control, values)
    arms = tuple(sorted({*customers[ARM].unique()} - {control}))
    if customers[SEGMENT].ne("").any():
        customers[SEGMENT] = customers[SEGMENT].where(customers[SEGMENT].ne(""), UNKNOWN)
    customers[ARM] = pd.Categorical(customers[ARM], [control, *arms])
    customers[SEGMENT] = pd.Categorical(customers[SEGMENT], _in_order(customers[SEGMENT].unique()))
    content = digest_of(one.digest for one in (*sources, *assignment))
    made = Trial(
        customers[[one for one in ORDER if one in customers]].reset_index(drop=True), control, arms,
        (*files.notes, *notes), {}, columns, _offered(files), values, files.plan, currency,
        tuple(one.name for one in (files.outcomes, files.assignment) if one),
        content, digest_of([content, repr((astuple(columns), choices))]),
    )  # fmt: skip
    return replace(
        made, notes=(*made.notes, *doubts(made)), no_verdict=why_no_verdict(made, customers, lists_all=lists_all)
    )


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
    notes = _without_id(text["id"], "the assignment")
    text = text[text["id"].ne("")].drop_duplicates(["id", ARM])
    twice = text["id"].duplicated(keep=False)
    people = text.loc[twice, "id"].nunique()
    said = f"{counted(people, 'customer')} in several arms of the assignment: left out."
    return text[~twice].reset_index(drop=True), [*notes, *([said] if people else [])]


def _without_id(ids: pd.Series, where: str) -> list[str]:
    blank = int(ids.eq("").sum())
    return [f"{counted(blank, 'row')} of {where} without a customer id: not counted."] if blank else []


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
    raise _question("converted", files)


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
    if columns.converted:
        read = conversions(table, columns.converted, rules)
        rows[CONVERTED] = read.values
        notes += _unread(read.unread, columns.converted, "neither yes nor no, counted as no")
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


def _within(
    rows: pd.DataFrame, columns: Columns, choices: TrialChoices, files: Files
) -> tuple[pd.DataFrame, list[str]]:  # fmt: skip
    """The rows with outcomes outside of the campaign's days set to none; they stay, since customers were assigned."""
    table = files.outcomes
    since = choices.since or (files.plan.created if files.plan else None)
    column = columns.date or (columns.converted if columns.converted and dated(table.frame, columns.converted) else "")
    if not (since or choices.until):
        said = "The day of the assignment is not known (assignment.json has it): outcomes of any day are counted."
        return rows, [said] if column and files.assignment else []
    if not column:
        asked = choices.since or choices.until
        return rows, ["No column has the days of the outcomes: those of any day are counted."] if asked else []
    when = days(table, column, choices.rules).values
    outside = (when < np.datetime64(since or date.min)) | (when > np.datetime64(choices.until or date.max))
    gone = outside & (rows[CONVERTED].to_numpy(bool) | (rows[AMOUNT].ne(0).to_numpy() if AMOUNT in rows else False))
    if not gone.any():
        return rows, []
    rows = rows.assign(**{CONVERTED: rows[CONVERTED] & ~outside})
    if AMOUNT in rows:
        rows[AMOUNT] = rows[AMOUNT].where(~outside, 0.0)
    ends = [f"before {since}" if since else "", f"after {choices.until}" if choices.until else ""]
    return rows, [f"{counted(int(gone.sum()), 'outcome')} {' or '.join(filter(None, ends))}: not counted."]


def _joined(assigned: pd.DataFrame, rows: pd.DataFrame, files: Files) -> tuple[pd.DataFrame, list[str]]:
    """Everybody assigned with their outcomes, and sentences on who has none or several, or was not assigned."""
    notes = _without_id(rows["id"], "the outcomes")
    rows = rows[rows["id"].ne("")]
    same = mended(rows["id"], assigned["id"])
    if same:
        rows = rows.assign(id=pd.array([same.get(one, one) for one in rows["id"].tolist()], "str"))
        notes.append(f"{counted(len(same), 'id')} found again but for zeros, blanks or case: taken as the same.")
    merged, said = _merged(rows)
    at = places(assigned["id"], merged["id"])
    found = at >= 0
    others = len(merged) - int(found.sum())
    if not found.any():
        raise DataError(
            "None of its ids is among those of the assignment.", "Give the outcomes of the same customers.",
            file=files.outcomes.name,
        )  # fmt: skip
    if others:
        notes.append(f"{counted(others, 'customer')} in the outcomes and not in the assignment: not counted.")
    if (~found).any():
        notes.append(
            f"{counted(int((~found).sum()), 'customer')} assigned, without a row of outcomes: counted as not converted."
        )
    if CONTACTED in merged and (~found).mean() > FEW_WITHOUT:
        merged = merged.drop(columns=CONTACTED)
        notes.append("Who was contacted in the end is not used: the outcomes do not say it of everybody assigned.")
    customers = assigned.assign(rows=found)
    for name in (CONVERTED, AMOUNT, CONTACTED):
        if name in merged:
            values = merged[name].to_numpy()[at]
            customers[name] = np.where(found, values, 0).astype(values.dtype)
    return customers, notes + said


def _one_each(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """One row per customer of a file with arms; those in several arms are left out."""
    arms = rows.drop_duplicates(["id", ARM])
    several = arms.loc[arms["id"].duplicated(keep=False) & arms["id"].ne(""), "id"]
    kept = rows[~rows["id"].isin(several)]
    merged, said = _merged(kept)
    if len(several):
        said.append(f"{counted(several.nunique(), 'customer')} in several arms: left out.")
    return merged, said


def _merged(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """One row per id: any conversion, the sum of amounts; and a sentence if some had several."""
    if not rows["id"].duplicated().any():
        return rows, []
    how = {CONVERTED: "any", AMOUNT: "sum", CONTACTED: "any", ARM: "first", SEGMENT: "first"}
    merged = rows.groupby("id", sort=False).agg({name: way for name, way in how.items() if name in rows}).reset_index()
    what = "amounts are added up, and one conversion is enough" if AMOUNT in rows else "one conversion is enough"
    several = int((rows["id"].value_counts() > 1).sum())
    return merged, [f"{counted(several, 'customer')} with several rows of outcomes: {what}."]


def _in_order(values: Sequence[str]) -> list[str]:
    """Numbers by size, then words."""
    return sorted(values, key=lambda text: (not text.isdecimal(), int(text) if text.isdecimal() else 0, text))


def _offered(files: Files) -> dict[str, tuple[str, ...]]:
    parts = [part for part in OFFERED if not (files.assignment and part in ("treatment", "segment"))]
    return {part: tuple(offered(files.outcomes.frame, part)) for part in parts}


def _unread(number: int, header: str, what: str) -> list[str]:
    return [f"{counted(number, 'cell')} of “{header}”: {what}."] if number else []


def _stripped(column: pd.Series) -> pd.Series:
    texts = column.cat.categories.to_series().astype("str").str.strip().to_numpy(object)
    return pd.Series(pd.array(np.append(texts, "")[column.cat.codes.to_numpy()], "str"))
