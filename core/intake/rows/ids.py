"""Customer ids of several tables: spelt alike where one is the other, and refused where Excel has ruined them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from core.errors import DataError
from core.intake.match import MatchedTable, TableSource
from core.intake.steps import Step, different_numbers, is_in
from core.schema import ID

# Marks that nobody sees: zero-width spaces and joiners, word joiner, byte order mark, soft hyphen, directions.
INVISIBLE: Final = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
_NO_TEXT: Final = str.maketrans("", "", INVISIBLE)
# What Excel writes for a number of more than eleven digits, and what is left of one of more than fifteen.
SCIENTIFIC: Final = r"\d(?:[.,]\d+)?[eE]\+?\d{2}"
ROUNDED: Final = r"\d{15}0+"
SPELT = "Spelt {:,} customer ids of {} as {} has them, which differ in leading zeros, “.0”, blanks or case"


def plain_id(text: str) -> str:
    """An id without what programs add or lose: blanks, case, zeros before and `.0` behind a number."""
    plain = re.sub(r"\s+", "", text.translate(_NO_TEXT)).casefold()
    return re.sub(r"^0+(?=\d+$)", "", re.sub(r"^(\d+)\.0+$", r"\1", plain))


def trimmed(table: MatchedTable) -> MatchedTable:
    """The table's ids without blanks and invisible marks; nothing to do if they are different whole numbers."""
    if table.ids_differ or different_numbers(table.frame[ID]):
        return replace(table, ids_differ=True)
    ids = table.frame[ID].str.strip()
    marked = ids.str.contains(f"[{INVISIBLE}]", regex=True).to_numpy(bool)
    if marked.any():
        ids = ids.mask(marked, ids.str.translate(_NO_TEXT).str.strip())
    return replace(table, frame=table.frame.assign(**{ID: ids}))


def check_not_ruined(table: MatchedTable) -> None:
    """Refuse ids in scientific notation, or rounded to fifteen digits, that stand in several rows.

    Raises
    ------
    DataError
        They may be the ids of different customers.
    """
    if table.ids_differ:
        return
    ids = table.frame[ID]
    header = id_header(table.sources)
    for form, how in ((SCIENTIFIC, "in scientific notation"), (ROUNDED, "rounded to fifteen digits")):
        ruined = ids[ids.str.fullmatch(form).to_numpy(bool)]
        if not ruined.duplicated().any() or (form == ROUNDED and len(ruined) < len(ids)):
            continue
        raise DataError(
            f"{len(ruined):,} rows have an id {how}, such as {ruined.min()}, and only {ruined.nunique():,} of these "
            "differ: Excel has cut the ids off, and customers cannot be told apart.",
            "Export the file again with the ids as text. To go on without them, say that the column has no role"
            ' (rules: intake.columns, "").',
            file=table.name,
            column=header,
        )


def spelt_alike(tables: Sequence[MatchedTable]) -> list[MatchedTable]:
    """The tables with the same spelling of an id, where two that no other table has differ in nothing else.

    The spelling of the first table with the id counts. Ids that would no longer differ within a table stay.
    """
    done: list[MatchedTable] = []
    for table in tables:
        for earlier in done if ID in table.frame else ():
            if ID in earlier.frame:
                table = _spelt_as(table, earlier)
        done.append(table)
    return done


def _spelt_as(table: MatchedTable, earlier: MatchedTable) -> MatchedTable:
    ids, known = table.frame[ID], earlier.frame[ID]
    new = mended(ids, known)
    if not new:
        return table
    changed = ids.isin(new)
    step = Step(SPELT.format(len(new), table.name, earlier.name), len(ids), len(ids), ID, int(changed.sum()), _one(new))
    spelt = ids.mask(changed, ids.map(new))
    return replace(table, frame=table.frame.assign(**{ID: spelt}), steps=(*table.steps, step), ids_differ=False)


def mended(ids: pd.Series, known: pd.Series) -> dict[str, str]:
    """Ids that are not among the known ones → the only known id that is not among them and is the same but for zeros,
    `.0`, blanks or case.
    """
    lost = ids[~is_in(ids, known)].drop_duplicates()
    if lost.empty or (free := known[~is_in(known, ids)].drop_duplicates()).empty:
        return {}
    before, after = _only_one(lost), _only_one(free)
    both = before.keys() & after.keys()
    taken = {plain_id(one) for one in ids[is_in(ids, known)].unique()} if both else set()
    return {before[plain]: after[plain] for plain in sorted(both - taken)}


def _only_one(ids: pd.Series) -> dict[str, str]:
    """The ids by their plain form, without those that share one and without blanks."""
    plain = ids.map(plain_id)
    alone = (~plain.duplicated(keep=False) & plain.ne("")).to_numpy(bool)
    return dict(zip(plain[alone], ids[alone], strict=True))


def _one(new: dict[str, str]) -> str:
    before = min(new)
    return f"{before} → {new[before]}"


def id_header(sources: Sequence[TableSource]) -> str:
    """The header of the customer id in the file."""
    return next((match.header for source in sources for match in source.matches if match.role == ID), ID)
