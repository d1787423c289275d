"""Columns of Arrow → columns of text: each distinct value is converted once, and every digit is kept."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.intake.reading.bounds import check_cell
from core.intake.reading.grid import values

SECONDS_A_DAY = 86_400


def coded(chunk: pa.Array) -> pa.DictionaryArray:
    """A chunk as texts and codes in order of appearance; each distinct value is converted once."""
    if pa.types.is_decimal(chunk.type):
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
            pa.array([None if item is None or item != item else repr(item) for item in chunk.to_pylist()], pa.string()),
            r"\.0$", "",
        )  # fmt: skip
    elif pa.types.is_duration(kind):  # a bare number would be taken for years
        days = pc.divide(chunk.cast(pa.duration("s"), safe=False).cast(pa.int64()), SECONDS_A_DAY)
        text = pc.binary_join_element_wise(days.cast(pa.string()), "days", " ")
    elif pa.types.is_timestamp(kind):
        text = pc.replace_substring_regex(chunk.cast(pa.string()), r"([ T]00:00:00)(\.0+)?$", "")
    else:
        text = chunk.cast(pa.string())
    return pc.fill_null(text.cast(pa.string()), "")
