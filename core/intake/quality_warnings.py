"""Warnings about the files that an analyst should read before using any number."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import pandas as pd

from core.cleaning.currencies import CODES
from core.intake.match import TableSource
from core.intake.meaning.header import parse_header
from core.intake.meaning.vocabulary import senses
from core.intake.reading.header import SHORT_HEADER
from core.intake.reading_warnings import reading_warnings
from core.intake.roles import CATEGORY, CHOSEN, NO_ROLE, PERSONAL_ROLE, Match, known_column
from core.intake.rows.ids import SCIENTIFIC
from core.intake.steps import Step
from core.schema import BY_NAME, ID, normalise

MANY = 0.05  # of the filled cells of a column, or of the rows of a table
FEW_LINES = 20  # that a title, notes and totals have
# Words in a header that mean death: nobody may write to the dead.
DEATH_WORDS = frozenset((
    "deceased", "death", "dead", "died", "dod", "verstorben", "tod", "todesdatum", "sterbedatum", "decede", "deces",
    "mort", "fallecido", "fallecimiento", "defuncion", "difunto", "falecido", "falecimento", "obito", "morto",
    "deceduto", "decesso", "overleden", "overlijden",
))  # fmt: skip
LIFE_WORDS = frozenset(("alive", "lebend", "vivant", "vivante"))  # "No" means death
# Values of a column that says on which side an amount is booked.
DIRECTIONS: Final = frozenset(("dr", "cr", "db", "debit", "credit", "soll", "haben", "debe", "haber"))
# Words in the name of a product by which the customer owes.
OWED: Final = frozenset((
    "loan", "loans", "mortgage", "overdraft", "kredit", "darlehen", "hypothek", "pret", "prestamo", "hipoteca",
    "emprestimo", "lening", "hypotheek", "mutuo", "prestito",
))  # fmt: skip
Few = Callable[[int, int], bool]


def quality_warnings(
    sources: Sequence[TableSource], quality: pd.DataFrame, steps: Sequence[Step] = (), *, few: Few = lambda *_: False
) -> list[str]:
    """Sentences on tables that are not used, or lack a header or a name in it, and on columns that are in doubt.

    Parameters
    ----------
    quality : DataFrame
        As `CleanTable.quality`.
    steps : sequence of Step
        All applied steps; those that warn become sentences.
    few : callable, optional
        Whether a number of cells, out of a total, must be hidden.
    """
    unused = [f"{source.table} is {source.use}." for source in sources if source.use.startswith("not used")]
    rejected = [
        f"{source.table}: {source.rejected:,} of {source.rows:,} rows do not fit the table and are set aside. The Data"
        " page and rejected_rows.csv show why."
        for source in sources
        if source.rejected > FEW_LINES and source.rejected >= MANY * source.rows
    ]
    bare = [
        f"{source.table} seems to have no header: its columns are numbered. Give them roles on the Data page."
        for source in sources
        if source.decisions.get("header row", "").startswith("none")
    ]
    shifted = [
        f"{source.table}: the header has {source.decisions[SHORT_HEADER]}. If the header lacks a delimiter, all names"
        " behind it stand above wrong values: compare them on the Data page."
        for source in sources
        if SHORT_HEADER in source.decisions
    ]
    of_columns = [
        warning
        for warns_of in (_ruined, _currencies, _directions, _unread)
        for source in sources
        for match in source.matches
        if (warning := warns_of(match, source, few))
    ]
    return [
        *unused,
        *rejected,
        *reading_warnings(sources),
        *bare,
        *shifted,
        *of_columns,
        *_of_steps(steps, few),
        *_invalid(quality, steps, few),
    ]


def _unread(match: Match, source: TableSource, few: Few) -> str:
    """A sentence on a column that its header promises but its values do not keep; empty for any other."""
    if match.evidence == CHOSEN or match.role in (*BY_NAME, PERSONAL_ROLE):
        return ""
    examples = _examples(match, few, source.rows)
    words = set(normalise(match.header).split("_"))
    if LIFE_WORDS & words:
        return (
            f"{source.table}: “{match.header}” seems to say who lives, but nobody is removed by it: the dead are "
            "still among the customers. Remove them before writing to anybody."
        )
    named = {sense.means for sense in senses(parse_header(match.header).words)}
    if DEATH_WORDS & words or "deceased" in named:
        return (
            f"{source.table}: “{match.header}” seems to say who has died, but its values are not understood{examples}. "
            "The dead are still among the customers: correct the values, or remove them before writing to anybody."
        )
    known = known_column(match.header)
    told = match.role == CATEGORY and known and known.kind in ("number", "date")
    if not known or not match.samples or not (match.role == NO_ROLE or told):
        return ""
    if known.name in {one.role for one in source.matches}:  # another column is that
        return ""
    instead = "is a category" if told else "is left out"
    return (
        f"{source.table}: “{match.header}” looks like {known.label.lower()}, but its values cannot be read as that"
        f"{examples}, and the column {instead}. The Data page can give it a role."
    )


def _ruined(match: Match, source: TableSource, few: Few) -> str:
    """A sentence on ids that Excel has cut off, though all still differ; those that do not are refused."""
    if match.role != ID or not match.samples or not all(re.fullmatch(SCIENTIFIC, one.strip()) for one in match.samples):
        return ""
    return (
        f"{source.table}: the ids in “{match.header}” are in scientific notation{_examples(match, few, source.rows)}:"
        " Excel has cut them off, and other files know other ids. Export the file again with the ids as text."
    )


def _currencies(match: Match, source: TableSource, _: Few) -> str:
    """A sentence on an unused column with several currencies; one in use is a fact of the amounts beside it."""
    codes = sorted({sample.strip() for sample in match.samples})
    if match.role != NO_ROLE or len(codes) < 2 or not set(codes) <= set(CODES):
        return ""
    return (
        f"{source.table}: amounts are in several currencies ({', '.join(codes)} in “{match.header}”), compared as they"
        " stand."
    )


def _directions(match: Match, source: TableSource, _: Few) -> str:
    """A sentence on a column that says which amounts are debits, or owed; all are added up as they are written."""
    found = {normalise(sample) for sample in match.samples}
    owed = sorted(sample for sample in match.samples if OWED & set(normalise(sample).split("_")))
    if match.role == CATEGORY and len(found) > 1 and found <= DIRECTIONS:
        return (
            f"{source.table}: “{match.header}” seems to say which amounts are debits, but all amounts are read as they"
            " are written: give the debits a minus before using them."
        )
    if owed and "account" in source.use:
        return (
            f"{source.table}: “{match.header}” names what is owed, such as “{owed[0]}”, and its amounts are added to"
            " those that customers have: leave these rows out if they are debts."
        )
    return ""


def _examples(match: Match, few: Few, rows: int) -> str:
    shown = [] if few(1, rows) else match.samples[:2]
    return f", such as {' and '.join(f'“{sample}”' for sample in shown)}" if shown else ""


def _of_steps(steps: Sequence[Step], few: Few) -> Iterator[str]:
    for step in steps:
        if not step.warns:
            continue
        if not step.cells_changed:
            yield f"{step.title}."
        elif not few(step.cells_changed, step.rows_in):
            example = f", such as {step.example}" if step.example and not few(1, step.rows_in) else ""
            yield f"{step.title}: {step.cells_changed:,} of {step.rows_in:,} customers{example}."


def _invalid(quality: pd.DataFrame, steps: Sequence[Step], few: Few) -> Iterator[str]:
    """Sentences on columns with many invalid values, but for those that steps warn of."""
    said = Counter[str]()
    for step in steps:
        said[step.column] += step.cells_changed if step.warns else 0
    for row in quality.to_dict("records"):
        wrong, filled = int(row["invalid"]), int(row["cells"] - row["blank"])
        if wrong > said[row.get("column", "")] and wrong >= MANY * filled and not few(wrong, filled):
            values = "" if few(1, filled) else row.get("invalid_values") or ""
            yield (
                f"{row['label']}: {wrong:,} of {filled:,} values are not valid and count as missing"
                f"{', ' * bool(values)}{values}. The Data page shows why."
            )
