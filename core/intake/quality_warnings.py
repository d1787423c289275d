"""Warnings about the files that an analyst should read before using any number."""

from collections.abc import Callable, Sequence

import pandas as pd

from core.intake.match import TableSource
from core.intake.reading.header import SHORT_HEADER
from core.intake.reading_warnings import reading_warnings

MANY = 0.05  # of the filled cells of a column


def quality_warnings(
    sources: Sequence[TableSource], quality: pd.DataFrame, *, few: Callable[[int, int], bool] = lambda *_: False
) -> list[str]:
    """Sentences on tables that are not used, or lack a header or a name in it, and on columns with many invalid values.

    Parameters
    ----------
    quality : DataFrame
        As `CleanTable.quality`.
    few : callable, optional
        Whether a number of cells, out of a total, must be hidden.
    """
    unused = [f"{source.table} is {source.use}." for source in sources if source.use.startswith("not used")]
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
    columns = zip(quality["label"], quality["invalid"], quality["cells"] - quality["blank"], strict=True)
    invalid = [
        f"{label}: {wrong:,} of {filled:,} values are not valid and count as missing. The Data page shows why."
        for label, wrong, filled in columns
        if wrong and wrong >= MANY * filled and not few(wrong, filled)
    ]
    return [*unused, *reading_warnings(sources), *bare, *shifted, *invalid]
