"""Columns of Arrow → columns of text: each distinct value is converted once, and every digit is kept."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.intake.reading.bounds import check_cell
from core.intake.reading.grid import values

PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def coded(chunk: pa.Array) -> pa.DictionaryArray:
    """A chunk as texts and codes in order of appearance; each distinct value is converted once."""
    if pa.types.is_decimal(chunk.type) or pa.types.is_string_view(chunk.type):
        chunk = chunk.cast(pa.string())  # not every width can be coded
    own = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
    texts = _texts(own.dictionary)
    known = pa.concat_arrays([texts, pa.array([""])]).dictionary_encode()
    if own is not chunk and not own.null_count and len(known.dictionary) > len(texts):
        return pa.DictionaryArray.from_arrays(own.indices, texts)  # all different, all in use
    codes = known.indices.take(own.indices.cast(pa.int32()).fill_null(len(texts))).dictionary_encode()
    return pa.DictionaryArray.from_arrays(codes.indices, known.dictionary.take(codes.dictionary))


def characters(column: pa.DictionaryArray) -> int:
    """Characters of all cells."""
    lengths = pc.utf8_length(column.dictionary).to_numpy().astype("int64")
    return int(np.bincount(column.indices.to_numpy(), minlength=len(lengths)) @ lengths)


def text_column(name: str, parts: Sequence[pa.DictionaryArray]) -> pd.Categorical:
    """One column from its parts; `name` is that of the source, for messages."""
    column = values(parts)
    check_cell(name, pc.max(pc.utf8_length(column.distinct)).as_py() or 0)
    return pd.Categorical.from_codes(column.codes, column.distinct.to_pandas().astype("str"), validate=False)


def _texts(chunk: pa.Array) -> pa.StringArray:
    """Values as text: missing ones blank, whole floats without `.0`, dates without midnight, durations in days."""
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
        text = pc.replace_substring_regex(_without_zone(chunk).cast(pa.string()), r"([ T]00:00:00)(\.0+)?$", "")
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
    for plain in (pc.local_timestamp(times), times.cast(pa.timestamp(times.type.unit))):
        if pc.all(pc.equal(plain, pc.floor_temporal(plain, unit="day"))).as_py():
            return plain
    return times


def _duration_text(count: int | None, per_second: int) -> str | None:
    """A duration with its unit, as a bare number would be taken for years."""
    if count is None:
        return None
    seconds, rest = divmod(abs(count), per_second)
    days, seconds = divmod(seconds, 86_400)
    clock = f" {seconds // 3_600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}" if seconds or rest else ""
    return f"{'-' if count < 0 else ''}{days} days{clock}" + (f".{rest:0{len(str(per_second)) - 1}}" if rest else "")
