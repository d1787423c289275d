"""Text tables → tables with canonical headers. Each column gets a role, or is left out and named in a step."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from core.cleaning.bands import is_scale
from core.cleaning.values import as_categories
from core.intake.column_profile import ColumnProfile, Profiles, profile_table, profiles_alike
from core.intake.meaning.header import parse_header
from core.intake.read import Position, TextTable
from core.intake.roles import MEASURE, NO_ROLE, PERSONAL_ROLE, Match, propose_by
from core.intake.steps import Outcome, Step, rejected_frame, row_text
from core.meanings import meaning_of
from core.questions import Question
from core.rules import Intake
from core.schema import ANSWERS, BY_NAME, CURRENCY, ID, RESERVED, Column, Kind, normalise

BANDS = 0.5  # share of distinct values that makes a column one of bands
# A column → what it is a form of.
FORM_OF = {"date_of_birth": "age", "birth_year": "age", "tenure_months": "tenure", "joined_on": "tenure"}
LEFT_OUT = {PERSONAL_ROLE: "Left out personal columns", NO_ROLE: "Left out columns without a role"}


@dataclass(frozen=True)
class TableSource:
    """One table as read: rows, rejected rows, decisions, matches of columns, and its use.

    `sheets` are all sheets of the workbook it comes from.
    """

    table: str
    rows: int
    rejected: int
    decisions: dict[str, str]
    matches: tuple[Match, ...]
    use: str = ""
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class MatchedTable:
    """One text table: `columns` describes its columns in order; ids are text, all others categories of text.

    The index counts the rows' lines in the files one after the other; `starts` says where each file
    begins. `merged` counts rows that went into the row of another, `computed` names columns whose
    numbers this program wrote. `ids_differ` says that each row is known to have an id of its own. `position` is
    what `located` counts. `raw` has all columns of each source under their headers until tables are combined: the
    number that its lines are counted from, and the rows. `questions` are the doubts about it.
    """

    name: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    steps: tuple[Step, ...]
    rejected: pd.DataFrame
    sources: tuple[TableSource, ...]
    starts: tuple[tuple[int, str], ...] = ()
    merged: int = 0
    computed: frozenset[str] = field(default_factory=frozenset)
    ids_differ: bool = False
    position: Position = "line"
    raw: tuple[tuple[int, pd.DataFrame], ...] = ()
    questions: tuple[Question, ...] = ()

    def located(self, index: pd.Index) -> tuple[list[str], list[int]]:
        """The file and line of rows."""
        starts = np.array([start for start, _ in self.starts] or [0])
        files = [file for _, file in self.starts] or [self.name]
        file_numbers = np.searchsorted(starts, index.to_numpy(), side="right") - 1
        return [files[i] for i in file_numbers], (index.to_numpy() - starts[file_numbers]).tolist()

    def without(self, gone: np.ndarray, reason: str, outcome: Outcome = "rejected", step: str = "") -> "MatchedTable":
        """The table without some rows, which are excluded with a reason; adds a step if it has a title."""
        if not gone.any():
            return self
        kept = self.frame[~gone]
        more = (Step(step, len(self.frame), len(kept), ID),) if step else ()
        rejected = self.rejecting(gone, reason, outcome)
        return replace(self, frame=kept, rejected=rejected, steps=(*self.steps, *more))

    def rejecting(self, gone: np.ndarray, reason: str, outcome: Outcome = "rejected") -> pd.DataFrame:
        """The excluded rows and some more."""
        excluded = self.frame[gone]
        files, lines = self.located(excluded.index)
        return pd.concat(
            [self.rejected, rejected_frame(files, lines, row_text(excluded), reason, outcome)], ignore_index=True
        )


def has_ids(sources: Iterable[TableSource]) -> bool:
    """Whether some column of the tables is a customer id; otherwise customers are known by their line only."""
    return any(match.role == ID for source in sources for match in source.matches)


def match_tables(tables: Sequence[TextTable], intake: Intake) -> list[MatchedTable]:
    """Give every column of some tables its role; keep those that have one, under their canonical names.

    Raises
    ------
    RulesError
        The analyst chose a role that there is not.
    """
    profiles = profiles_alike([profile_table(table.frame) for table in tables])
    return [_match(table, own, intake) for table, own in zip(tables, profiles, strict=True)]


def match(table: TextTable, intake: Intake) -> MatchedTable:
    """`match_tables` of one."""
    return match_tables([table], intake)[0]


def _match(table: TextTable, profiles: Profiles, intake: Intake) -> MatchedTable:
    matches = propose_by(profiles, intake.columns)
    return matched(table, matches, columns_of(matches, profiles))


def columns_of(matches: Sequence[Match], profiles: Profiles) -> dict[str, Column]:
    """The column that each header with a role becomes."""
    columns: dict[str, Column] = {}
    labels = _labels(matches)
    for match in matches:
        if match.role not in LEFT_OUT:
            taken = {column.name for column in columns.values()}
            columns[match.header] = _column(match, profiles[match.header], labels[match.header], taken)
    return columns


def matched(table: TextTable, matches: tuple[Match, ...], columns: Mapping[str, Column]) -> MatchedTable:
    """The columns of a table, or of a part of it, under their canonical names."""
    cells = {column.name: _cells(table.frame[header], column) for header, column in columns.items()}
    frame = pd.DataFrame(cells, index=table.frame.index, copy=False)
    rows, rejected = len(frame), len(table.rejected)
    source = TableSource(table.name, rows + rejected, rejected, dict(table.decisions), matches, sheets=table.sheets)
    return MatchedTable(
        table.name, frame, tuple(columns.values()), reading_steps(source), table.rejected, (source,),
        position=table.position, raw=((0, table.frame),),
    )  # fmt: skip


def result_columns(sources: Sequence[TableSource], columns: Sequence[Column]) -> dict[str, str]:
    """The column that each header of some tables became; headers that became none are left out.

    A form of another column stands for that: a birth date for the age.
    """
    names, by_header = {one.name for one in columns}, {one.header: one.name for one in columns if one.header}
    found: dict[str, str] = {}
    for match in (match for source in sources for match in source.matches if match.role not in LEFT_OUT):
        own = match.role if match.role in BY_NAME else normalise(match.header)
        name = by_header.get(match.header, own)
        found.setdefault(match.header, FORM_OF.get(name, name))
    return {header: name for header, name in found.items() if name in names}


def frozen_roles(sources: Sequence[TableSource]) -> dict[str, str]:
    """The role of each header that has one in all tables where it stands, so that a later file is read alike."""
    found: dict[str, set[str]] = {}
    for match in (match for source in sources for match in source.matches):
        found.setdefault(match.header, set()).add(match.role)
    return {header: role for header, (role, *others) in found.items() if not others and role not in LEFT_OUT}


def reading_steps(source: TableSource) -> tuple[Step, ...]:
    """The steps of reading a table."""
    rows, name = source.rows - source.rejected, source.table
    encoding = f" ({source.decisions['encoding']})" if "encoding" in source.decisions else ""
    steps = [Step(f"Read {name}{encoding}", source.rows, rows)]
    if "nested columns" in source.decisions:
        steps.append(Step(f"Nested columns in {name}: {source.decisions['nested columns']}", rows, rows, warns=True))
    for role, title in LEFT_OUT.items():
        if headers := [match.header for match in source.matches if match.role == role]:
            steps.append(Step(f"{title} in {name}", rows, rows, ", ".join(headers)))
    return tuple(steps)


def _column(match: Match, profile: ColumnProfile, label: str, taken: set[str]) -> Column:
    """The column that a header becomes: one of the schema, or one of its own with the header as its label."""
    if match.role in BY_NAME:
        known = BY_NAME[match.role]
        meaning = match.meaning or known.meaning
        label = known.label if meaning == known.meaning else label
        if known.kind == "number" and _holds_bands(profile):
            name = _unused_name(f"{known.name}_band", taken)
            return _told(Column(name, "band", f"{label} band", known.unit, meaning=meaning), match)
        return _told(replace(known, label=label, meaning=meaning), match)
    kind = "number" if match.role == MEASURE else _category_kind(profile)
    money = meaning_of(match.meaning).money and (kind == "number" or (kind == "band" and _holds_bands(profile)))
    own = Column(
        _unused_name(normalise(label) or "measure", taken), kind, label, CURRENCY if money else "",
        values=ANSWERS if kind == "yes_no" else {}, meaning=match.meaning,
    )  # fmt: skip
    return _told(own, match)


def _told(column: Column, match: Match) -> Column:
    """The column with what its header says."""
    return replace(column, header=match.header, times=match.times, currency=match.currency)


def _labels(matches: Sequence[Match]) -> dict[str, str]:
    """Headers without their units, except where two would be the same without: `Balance (USD)`, `Balance (EUR)`."""
    labels = {match.header: parse_header(match.header).label for match in matches}
    names = Counter(normalise(label) for label in labels.values())
    return {header: label if names[normalise(label)] == 1 else header for header, label in labels.items()}


def _category_kind(profile: ColumnProfile) -> Kind:
    """Whether the values are bands or ordered words, yes and no, or any words."""
    if _holds_bands(profile) or is_scale(profile.values):
        return "band"
    words = profile.different_words
    return "yes_no" if words and words <= ANSWERS.keys() else "category"


def _holds_bands(profile: ColumnProfile) -> bool:
    return bool(profile.bands.mean() > BANDS)


def _cells(text: pd.Series, column: Column) -> pd.Series:
    """Ids as text, since they differ; other columns as categories, since each distinct value is cleaned once."""
    return text.astype("str") if column.kind == "id" else as_categories(text)


def _unused_name(name: str, taken: set[str]) -> str:
    used = taken | set(BY_NAME) | RESERVED
    return name if name not in used else f"{name}_{len(taken) + 1}"
