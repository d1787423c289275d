"""The files of a campaign: which has the outcomes, which the assignment, and which says what was planned."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.archives import ArchiveError, Limits, open_archive
from core.cleaning.values import as_categories
from core.errors import DataError, UnreadableFileError
from core.intake.meaning.header import fold
from core.intake.read import MAX_BYTES, ReadChoices, SourceFile, TextTable
from core.outcomes.columns import weight_of
from core.outcomes.plan import Plan, is_plan, read_plan
from core.sources.source import Source

ASSIGNMENT_CSV, ASSIGNMENT_JSON = "assignment.csv", "assignment.json"
ARM_HEADER, SEGMENT_HEADER = "Arm", "Segment"
LIMITS: Final = Limits(members=20, unpacked=MAX_BYTES)
PACKED: Final = b"PK\x03\x04"


@dataclass(frozen=True)
class Files:
    """The tables of outcomes and of the assignment, the plan, and sentences on what was passed over."""

    outcomes: TextTable
    assignment: TextTable | None = None
    plan: Plan | None = None
    notes: tuple[str, ...] = ()


def read_files(sources: Sequence[Source], assignment: Sequence[Source] = ()) -> Files:
    """Read the files and tell what each is; those of the `assignment` are known to be one.

    A ZIP archive with a target list holds assignment and plan.

    Raises
    ------
    DataError
        None has outcomes, several have, or one cannot be read.
    """
    plan: Plan | None = None
    tables = list[tuple[TextTable, bool]]()
    for source, is_known in [*((one, False) for one in sources), *((one, True) for one in assignment)]:
        for part in _parts(source):
            content = getattr(part, "content", b"")
            if is_plan(content, part.name):
                plan = read_plan(content, part.name)
            else:
                tables += [(_in_categories(one), is_known) for one in part.tables(ReadChoices()).tables]
    assigned = [one for one, is_known in tables if is_known and is_assignment(one)]
    if assignment and not assigned:
        raise DataError(
            f"It has no column “{ARM_HEADER}”.",
            f"Give the {ASSIGNMENT_CSV} that came with the target list.",
            file=", ".join(one.name for one in assignment),
        )
    others = [one for one, is_known in tables if not is_known]
    if not assigned and len(others) > 1:
        assigned = [one for one in others if is_assignment(one)]
        others = [one for one in others if not is_assignment(one)] or others[:1]
        assigned = [one for one in assigned if one is not others[0]]
    if len(assigned) > 1:
        raise DataError("There are several assignments.", "Read the outcomes of one campaign at a time.",
                        file=", ".join(one.name for one in assigned))  # fmt: skip
    if not others:
        raise DataError("There are no outcomes.", "Add the file that says who converted.", file=ASSIGNMENT_CSV)
    best = max(others, key=_promise)
    left = [one.name for one in others if one is not best]
    notes = (f"Of several tables, {best.name} has the outcomes; {', '.join(left)} is passed over.",) if left else ()
    return Files(best, assigned[0] if assigned else None, plan, notes)


def is_assignment(table: TextTable) -> bool:
    """Whether a table has the columns of `assignment.csv`, and no outcome."""
    headers = list(map(str, table.frame))
    outcome = any(weight_of(means, header) for means in ("converted", "amount") for header in headers)
    return any(fold(header.strip()) == fold(ARM_HEADER) for header in headers) and not outcome


def _in_categories(table: TextTable) -> TextTable:
    """The table with every column as categories: those of a large file that hardly repeat are plain text."""
    return replace(table, frame=table.frame.apply(as_categories))


def column_of(table: TextTable, header: str) -> str:
    """The header of a table that is this one but for case and blanks; empty for none."""
    return next((one for one in map(str, table.frame) if fold(one.strip()) == fold(header)), "")


def _promise(table: TextTable) -> tuple[int, int]:
    """How likely a table holds the outcomes: the words of its headers, then its rows."""
    headers = map(str, table.frame)
    return max(max(weight_of("converted", one), weight_of("amount", one)) for one in headers), len(table.frame)


def _parts(source: Source) -> list[Source]:
    """A file itself, or assignment and plan of the archive of a target list."""
    content = getattr(source, "content", b"")
    if not content.startswith(PACKED):
        return [source]
    try:
        with open_archive(content, LIMITS) as archive:
            names = [
                name for name in archive.namelist() if name.rpartition("/")[2] in (ASSIGNMENT_CSV, ASSIGNMENT_JSON)
            ]
            if not any(name.endswith(ASSIGNMENT_CSV) for name in names):
                return [source]  # a workbook, or an archive of other tables
            return [SourceFile(name.rpartition("/")[2], archive.read(name)) for name in names]
    except (ArchiveError, zipfile.BadZipFile):
        return [source]  # its reader says what is wrong
    except OSError as error:
        raise UnreadableFileError("The archive is damaged.", "Save it anew.", file=source.name) from error
