"""Warnings on how files were read: what an analyst may want to choose differently."""

import re
from collections.abc import Sequence
from typing import Final

from core.intake.match import TableSource
from core.intake.reading.arrow import TIMES_IN_UTC, UNREAD_COLUMNS
from core.intake.reading.decode import JUDGED
from core.intake.reading.packed import OTHER_FILES
from core.intake.reading.sheets import HIDDEN_SHEETS, MERGED_NUMBERS

FILE: Final = re.compile(r" › |: ")  # sets the name of a sheet, or of a file in an archive, apart
# Subject of a decision → what is said of it.
SENTENCES: Final = {
    JUDGED: "{file} was read as {encoding}, judged by {what}. If names look wrong, choose the encoding on the Data"
    " page.",
    HIDDEN_SHEETS: "{file} has hidden sheets that were not used: {what}. Choose them on the Data page if they belong to"
    " the customers.",
    MERGED_NUMBERS: "{file} has numbers in cells merged over several rows. Only the first row has each number: {what}.",
    OTHER_FILES: "{file} also holds files that were not read, as they are no tables: {what}.",
    UNREAD_COLUMNS: "{file} has columns that were not read: {what}.",
    TIMES_IN_UTC: "{file} has times with a zone, which were read in UTC: {what}. A midnight of another zone is another"
    " day there: cast dates to a date in a query.",
}


def reading_warnings(sources: Sequence[TableSource]) -> list[str]:
    """Sentences on decisions of reading that may be wrong, each once per file."""
    return list(dict.fromkeys(warning for source in sources for warning in _of_source(source)))


def _of_source(source: TableSource) -> list[str]:
    file, encoding = FILE.split(source.table)[0], source.decisions.get("encoding", "")
    return [
        sentence.format(file=file, what=source.decisions[subject], encoding=encoding)
        for subject, sentence in SENTENCES.items()
        if subject in source.decisions
    ]
