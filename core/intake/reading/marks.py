"""Marks that no reader of a table sees, and wrappings that other programs put around a cell."""

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.intake.reading.grid import Cells, Coded, Column, values

# Soft hyphen, zero-width space, marks of direction (web browsers put them into dates), word joiner, byte order mark.
# The joiners U+200C and U+200D stay: they change how Persian, Hindi and emoji are written.
INVISIBLE: Final = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
INVISIBLE_BYTES = re.compile(rb"\xc2\xad|\xe2\x80[\x8b\x8e\x8f\xaa-\xae]|\xe2\x81[\xa0\xa6-\xa9]|\xef\xbb\xbf")
FIRST_BYTES: Final = (b"\xc2\xad", b"\xe2", b"\xef\xbb\xbf")  # a single byte is found ten times as fast as two
WRAPPED: Final = r'^\s*=\s*(?:T\()?"([^"]*)"\)?\s*$'  # ="00123", by which a report keeps Excel from dropping zeros
# The text mark of a spreadsheet in front of a number or formula; some banks put it behind a long number.
MARKED: Final = r"^\s*(?:'([-+=@0-9][^']*)|(\d{8,})')\s*$"
# What Excel, LibreOffice and Google Sheets show for a formula that fails, in the languages that have own names.
FAILED: Final = (
    r"^\s*(?:#(?:REF|DIV/0|VALUE|NAME|NUM|NULL|SPILL|CALC|CONNECT|BLOCKED|BEZUG|WERT|ZAHL|VALEUR|NOM|NOMBRE|VALOR"
    r"|NOME|RIF|VALORE|VERW|WAARDE|GETAL|REFERENZA)[!?]|Err:\d{3})\s*$"
)

Change = Callable[[pa.StringArray], pa.StringArray]


def without_invisible(text: bytes) -> tuple[bytes, int]:
    """UTF-8 text without invisible marks, and their number."""
    if text.isascii() or not any(first in text for first in FIRST_BYTES):
        return text, 0
    return INVISIBLE_BYTES.subn(b"", text)


def without_marks(text: str) -> str:
    """A text without invisible marks."""
    return text if text.isascii() else re.sub(f"[{INVISIBLE}]", "", text)


def tidied(columns: Sequence[Column]) -> tuple[list[Column], dict[str, str]]:
    """The columns with each cell as a reader of the table sees it, and how many cells were changed, by subject."""
    decisions = {}
    left = list(columns)
    for subject, finds, change in CHANGES:
        changed = 0
        for at, column in enumerate(left):
            left[at], cells = _changed(column, finds, change)
            changed += cells
        if changed:
            decisions[subject] = f"{changed:,}"
    return left, decisions


def _changed(column: Column, finds: Change, change: Change) -> tuple[Column, int]:
    """A column with the change made to the values where it finds something, and how many cells that is."""
    found = np.asarray(finds(column.values), bool)
    if not found.any():
        return column, 0
    texts = pc.if_else(pa.array(found), change(column.values), column.values)
    cells = int(np.count_nonzero(column.rows_with(found)))
    if isinstance(column, Cells):
        return Cells(texts), cells
    coded: Coded = column.coded()
    return values(
        [pa.DictionaryArray.from_arrays(pa.array(coded.codes), texts).cast(pa.string()).dictionary_encode()]
    ), cells


def _has_invisible(texts: pa.StringArray) -> np.ndarray:
    data = texts.buffers()[2]
    content = data.to_pybytes() if data else b""
    if content.isascii() or not any(first in content for first in FIRST_BYTES):
        return np.zeros(len(texts), bool)
    return _mask(pc.match_substring_regex(texts, f"[{INVISIBLE}]"))


def _is_wrapped(texts: pa.StringArray) -> np.ndarray:
    starts = _mask(pc.starts_with(texts, "="))
    return _mask(pc.match_substring_regex(texts, WRAPPED)) if starts.any() else starts


def _is_marked(texts: pa.StringArray) -> np.ndarray:
    ends = _mask(pc.or_(pc.starts_with(texts, "'"), pc.ends_with(texts, "'")))
    return _mask(pc.match_substring_regex(texts, MARKED)) if ends.any() else ends


def _is_failed(texts: pa.StringArray) -> np.ndarray:
    starts = _mask(pc.or_(pc.starts_with(texts, "#"), pc.starts_with(texts, "Err:")))
    return _mask(pc.match_substring_regex(texts, FAILED)) if starts.any() else starts


def _mask(answers: pa.BooleanArray) -> np.ndarray:
    mask: np.ndarray = answers.to_numpy(zero_copy_only=False)
    return mask


# In this order: subject of the decision, which values it finds, what they become.
CHANGES: Final[tuple[tuple[str, Change, Change], ...]] = (
    (
        "cells with invisible marks",
        _has_invisible,
        lambda texts: pc.replace_substring_regex(texts, f"[{INVISIBLE}]", ""),
    ),
    ('cells wrapped as ="…"', _is_wrapped, lambda texts: pc.replace_substring_regex(texts, WRAPPED, r"\1")),
    ("apostrophes removed", _is_marked, lambda texts: pc.replace_substring_regex(texts, MARKED, r"\1\2")),
    ("formulas that failed, read as blank", _is_failed, lambda texts: pc.replace_substring_regex(texts, FAILED, "")),
)
