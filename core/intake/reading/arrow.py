"""Columns of Arrow → columns of text: each distinct value is converted once, and every digit is kept.

A column of which nearly all values differ, such as an id, is text cell by cell, as it is in a CSV file: to code it
takes longer than it saves.
"""

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.intake.codes import code_counts
from core.intake.reading import plain
from core.intake.reading.bounds import check_cell_of
from core.intake.reading.grid import Cells, Coded, values

Text: TypeAlias = "pa.DictionaryArray | pa.StringArray"  # texts and codes, or cell by cell
Column: TypeAlias = pd.Categorical | pd.api.extensions.ExtensionArray

UNREAD_COLUMNS: Final = "columns not read"  # subjects of decisions on a table of a database
TIMES_IN_UTC: Final = "times with a zone, read in UTC"
FIRST: Final = 10_000  # rows looked at first
THREADS: Final = 2  # columns that become text at a time; each takes memory of its own
PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def coded(chunk: pa.Array) -> pa.DictionaryArray:
    """A chunk as texts and codes in order of appearance; each distinct value is converted once."""
    if pa.types.is_decimal(chunk.type) or pa.types.is_string_view(chunk.type):
        chunk = chunk.cast(pa.string())  # not every width can be coded
    if pa.types.is_dictionary(chunk.type):
        codes, words = _used(chunk)
    else:
        own = chunk.dictionary_encode("encode")
        codes, words = own.indices, texts(own.dictionary)
    known = words.dictionary_encode()
    if len(known.dictionary) < len(words):  # different values are written alike
        codes, words = known.indices.take(codes), known.dictionary
    return pa.DictionaryArray.from_arrays(codes, words)


def _used(chunk: pa.DictionaryArray) -> tuple[pa.Array, pa.StringArray]:
    """Codes in order of appearance and the texts in use; most files and databases have them so already."""
    if used := _used_in_order(chunk.indices, len(chunk.dictionary)):
        return chunk.indices.cast(pa.int32()), texts(chunk.dictionary[:used])
    own = chunk.indices.dictionary_encode("encode")
    return own.indices, pc.fill_null(texts(chunk.dictionary).take(own.dictionary), "")


def _used_in_order(codes: pa.Array, size: int) -> int:
    """How many of so many codes are in use if they are in order of appearance, none missing or left out; else 0."""
    if codes.null_count or not len(codes):
        return 0
    for part in (codes[:FIRST], codes):  # the first rows tell of columns of few values
        highest = np.maximum.accumulate(part.to_numpy())
        if highest[0] != 0 or (highest[1:] - highest[:-1] > 1).any():
            return 0
        if (used := int(highest[-1]) + 1) == size:
            break
    return used


def as_text(chunk: pa.Array, before: Sequence[Text] = ()) -> Text:
    """The next part of a column: `coded`, or cell by cell if nearly all values differ, as they do `before` it."""
    if not pa.types.is_dictionary(chunk.type):
        return texts(chunk) if before and all_differ(before[-1]) else coded(chunk)
    if all_differ(chunk):
        return pc.fill_null(texts(chunk.dictionary).take(chunk.indices), "")
    return coded(chunk)


def all_differ(part: Text) -> bool:
    """Whether nearly all values of a part of a column differ and no long text repeats; few rows do not tell."""
    if not pa.types.is_dictionary(part.type):
        return True
    if len(part) < plain.HEAD_ROWS or len(part.dictionary) <= plain.DISTINCT_SHARE * len(part):
        return False
    words = texts(part.dictionary)
    repeated = pa.DictionaryArray.from_arrays(part.indices, words)
    return characters(words) >= plain.DISTINCT_SHARE * characters(repeated)


def characters(column: Text) -> int:
    """Characters of all cells."""
    if not pa.types.is_dictionary(column.type):
        return pc.sum(pc.utf8_length(column)).as_py() or 0
    lengths = pc.utf8_length(column.dictionary).to_numpy()
    return int(code_counts(column.indices.drop_null().to_numpy(), len(lengths)) @ lengths)


def text_column(name: str, header: str, parts: Sequence[Text]) -> Column:
    """One column from its parts, cell by cell if nearly all values differ; `name` is the source's, `header` its own."""
    if all_differ(max(parts, key=len)) or not all(pa.types.is_dictionary(part.type) for part in parts):
        column: Cells | Coded = Cells(
            pa.chunked_array([part.cast(pa.large_string()) for part in parts]).combine_chunks()
        )
    else:
        column = values(parts)
    check_cell_of(name, header, pc.max(pc.utf8_length(column.values)).as_py() or 0)
    return column.as_pandas()


def texts(chunk: pa.Array) -> pa.StringArray:
    """Values as text: missing ones blank, whole floats without `.0`, times without what is zero, durations in days."""
    kind = chunk.type
    if pa.types.is_boolean(kind):
        text = pc.if_else(chunk, "True", "False")
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        text = pa.array([None if item is None else item.decode("utf-8", "replace") for item in chunk.to_pylist()])
    elif pa.types.is_floating(kind):
        text = pc.replace_substring_regex(
            pa.array([None if item != item else str(item) for item in _floats(chunk)], pa.string()), r"\.0$", ""
        )
    elif pa.types.is_timestamp(kind):
        text = pc.replace_substring_regex(_without_zone(chunk).cast(pa.string()), r"([ T]00:00:00)?(\.0+)?$", "")
    elif pa.types.is_duration(kind):
        text = pa.array([_duration_text(item, PER_SECOND[kind.unit]) for item in chunk.cast(pa.int64()).to_pylist()])
    else:
        text = chunk.cast(pa.string())
    return pc.fill_null(text.cast(pa.string()), "")


def _floats(chunk: pa.FloatingPointArray) -> np.ndarray:
    """Numbers in their own precision, in which 0.1 is written as such; NaN where there is none."""
    return np.asarray(chunk.to_numpy(zero_copy_only=False), chunk.type.to_pandas_dtype())


def _without_zone(times: pa.TimestampArray) -> pa.TimestampArray:
    """Times with a zone that are all midnight there, or all midnight in UTC, as dates: a zone must not move a day."""
    if not times.type.tz:
        return times
    for local in (pc.local_timestamp(times), times.cast(pa.timestamp(times.type.unit))):
        if pc.all(pc.equal(local, pc.floor_temporal(local, unit="day"))).as_py():
            return local
    return times


def _duration_text(count: int | None, per_second: int) -> str | None:
    """A duration with its unit, as a bare number would be taken for years."""
    if count is None:
        return None
    seconds, rest = divmod(abs(count), per_second)
    days, seconds = divmod(seconds, 86_400)
    clock = f" {seconds // 3_600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" if seconds or rest else ""
    return f"{'-' if count < 0 else ''}{days} days{clock}" + (f".{rest:0{len(str(per_second)) - 1}}" if rest else "")
