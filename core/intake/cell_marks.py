"""Cells without what other programs put around a value: `="00123"`, and marks that are not seen."""

from dataclasses import replace
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.intake.read import TextTable

CELLS: Final = "cells"  # the decision that says what was taken off
# Soft hyphen, zero-width space, directions of writing, byte order marks. Joiners stay: words of India have them.
INVISIBLE: Final = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
# Programs write ="00123" so that a spreadsheet keeps the zeros; the quotes may be doubled, or lost.
_QUOTED: Final = r'^\s*="+(?P<value>[^"]*)"+\s*$'


def without_marks(table: TextTable) -> TextTable:
    """The table without them; a decision says so where there were some."""
    cleaned, found = {}, set[str]()
    for header in table.frame.columns:
        column = table.frame[header]
        texts = column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else column
        plain, what = _plain(pa.array(texts, pa.large_string()))
        if what:
            found |= what
            cleaned[header] = _replaced(column, plain)
    if not cleaned:
        return table
    return replace(
        table,
        frame=table.frame.assign(**cleaned),
        decisions={**table.decisions, CELLS: " and ".join(sorted(found)) + " taken off"},
    )


def _plain(texts: pa.Array) -> tuple[pa.Array, set[str]]:
    """The texts without marks, and which marks there were; a search for two ASCII letters is all that most need."""
    found = set()
    if pc.any(pc.match_substring(texts, '="')).as_py() and pc.any(pc.match_substring_regex(texts, _QUOTED)).as_py():
        texts = pc.replace_substring_regex(texts, _QUOTED, r"\1")
        found.add('="…" around values')
    if not pc.all(pc.string_is_ascii(texts)).as_py():
        marks = f"[{INVISIBLE}]"
        if pc.any(pc.match_substring_regex(texts, marks)).as_py():
            texts = pc.replace_substring_regex(texts, marks, "")
            found.add("invisible marks")
    return texts, found


def _replaced(column: pd.Series, plain: pa.Array) -> pd.Series:
    """The column with other texts; texts that have become equal are one category."""
    texts = pd.Index(plain.to_pandas(), dtype="str")
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return pd.Series(texts, index=column.index)
    codes, distinct = pd.factorize(texts)
    own = column.cat.codes.to_numpy()
    merged = codes.take(own.clip(min=0))
    merged[own < 0] = -1
    return pd.Series(pd.Categorical.from_codes(merged, distinct, validate=False), index=column.index)
