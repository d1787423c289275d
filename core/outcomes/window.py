"""Which outcomes fall into the days of a campaign."""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.figures import count
from core.outcomes.cells import days
from core.outcomes.columns import Columns, dated
from core.outcomes.sources import Files
from core.outcomes.trial import AMOUNT, CONVERTED, NoVerdict
from core.rules import Rules
from core.views.summary import counted

NEARLY_ALL: Final = 0.99  # of the outcomes; with as many outside of the days counted, these or the dates are wrong


def within(
    rows: pd.DataFrame, columns: Columns, files: Files, ends: tuple[date | None, date | None], rules: Rules
) -> tuple[pd.DataFrame, list[str], NoVerdict | None]:
    """The rows with outcomes outside of the campaign's days set to none; they stay, since customers were assigned.

    Also sentences on the days, and why there is no verdict where nearly all outcomes are outside.
    """
    table = files.outcomes
    since, until = ends[0] or (files.plan.created if files.plan else None), ends[1]
    column = columns.date or (columns.converted if columns.converted and dated(table.frame, columns.converted) else "")
    if not (since or until):
        said = "The day of the assignment is not known (assignment.json has it): outcomes of any day are counted."
        return rows, [said] if column and files.assignment else [], None
    if not column:
        asked = ends[0] or until
        return rows, ["No column has the days of the outcomes: those of any day are counted."] if asked else [], None
    when = days(table, column, rules).values
    outside = (when < np.datetime64(since or date.min)) | (when > np.datetime64(until or date.max))
    outcome = rows[CONVERTED].to_numpy(bool) | (rows[AMOUNT].ne(0).to_numpy() if AMOUNT in rows else False)
    gone = outside & outcome
    if not gone.any():
        return rows, _span("The outcomes", when[outcome], files), None
    rows = rows.assign(**{CONVERTED: rows[CONVERTED] & ~outside})
    if AMOUNT in rows:
        rows[AMOUNT] = rows[AMOUNT].where(~outside, 0.0)
    where = " or ".join([f"before {since}"] * bool(since) + [f"after {until}"] * bool(until))
    n, of = int(gone.sum()), int(outcome.sum())
    notes = [
        f"{counted(n, 'outcome')} {where}: not counted.", *_span("The others", when[outcome & ~outside], files)
    ]  # fmt: skip
    found = f"{count(n)} of {counted(of, 'outcome')} came {where}."
    remedy = "Check the days of the outcomes in the file, and from which day to which they are to count."
    return rows, notes, NoVerdict(found, remedy) if n >= NEARLY_ALL * of else None


def _span(what: str, when: np.ndarray, files: Files) -> list[str]:
    """A sentence on the first and last day of some outcomes, with the day of the assignment beside them."""
    known = when[~np.isnat(when)]
    if not len(known):
        return []
    days_of = f"of {known.min()}" if known.min() == known.max() else f"of {known.min()} to {known.max()}"
    beside = f"; the assignment is of {files.plan.created}" if files.plan and files.plan.created else ""
    return [f"{what} are {days_of}{beside}."]
