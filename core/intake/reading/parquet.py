"""A Parquet file → a table of text: every digit kept, nested columns dropped and named."""

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.errors import UnreadableFileError
from core.intake.reading.bounds import MAX_UNZIPPED, check, check_cell, check_columns, check_rows
from core.intake.reading.grid import values
from core.intake.reading.header import unique_names
from core.intake.reading.tables import SourceFile, TextTable
from core.intake.steps import excluded_rows

PARQUET = b"PAR1"
DAMAGED = "Write the file anew, or save the table as CSV and choose that file."


def read_parquet(file: SourceFile) -> TextTable:
    """Read the flat columns of a Parquet file as text.

    Raises
    ------
    UnreadableFileError
        Damaged, beyond a bound, or without rows or flat columns.
    """
    try:
        source = pq.ParquetFile(pa.BufferReader(file.content))
        size = sum(source.metadata.row_group(group).total_byte_size for group in range(source.num_row_groups))
        check(file.name, "bytes when unpacked", size, MAX_UNZIPPED, "Split the file, or leave out columns.")
        return read_groups(file.name, source, range(source.num_row_groups))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableFileError(f"The Parquet file cannot be read: {error}.", DAMAGED, file=file.name) from None


def read_groups(name: str, source: pq.ParquetFile, groups: Sequence[int], first: int = 1) -> TextTable:
    """Some groups of rows of an open file as text, the first row with the number `first`."""
    flat = _flat(name, source, groups)
    columns = [_text(name, source, groups, column) for column in flat]
    nested = [name for name in source.schema_arrow.names if name not in flat]
    index = pd.RangeIndex(first, first + len(columns[0])).astype("int64").rename("line")
    frame = pd.DataFrame(dict(zip(unique_names(flat), columns, strict=True)), index=index)
    decisions = {"format": "Parquet"} | ({"nested columns": f"dropped: {', '.join(nested)}"} if nested else {})
    return TextTable(name, frame, excluded_rows(name, [], [], []), decisions)


def _flat(name: str, source: pq.ParquetFile, groups: Sequence[int]) -> list[str]:
    rows = sum(source.metadata.row_group(group).num_rows for group in groups)
    check_rows(name, rows)
    check_columns(name, source.metadata.num_columns)
    flat = [field.name for field in source.schema_arrow if not pa.types.is_nested(field.type)]
    if not rows or not flat:
        raise UnreadableFileError("There is no row of data.", "Choose a file with one row per customer.", file=name)
    if len(set(flat)) < len(flat):
        raise UnreadableFileError("Two columns have the same name.", "Rename one of them.", file=name)
    return flat


def _text(name: str, source: pq.ParquetFile, groups: Sequence[int], column: str) -> pd.Categorical:
    chunks = source.read_row_groups(list(groups), columns=[column]).column(0).chunks
    parts = [_chunk(chunk).dictionary_encode() for chunk in chunks]
    found = values(parts)
    check_cell(name, pc.max(pc.utf8_length(found.distinct)).as_py() or 0)
    return pd.Categorical.from_codes(found.codes, found.distinct.to_pandas().astype("str"), validate=False)


def _chunk(chunk: pa.Array) -> pa.StringArray:
    """Text of a chunk: blank where there is nothing, whole floats and midnights without what says nothing."""
    kind = chunk.type
    if pa.types.is_dictionary(kind):
        return _chunk(chunk.dictionary_decode())
    if pa.types.is_boolean(kind):
        text = pc.if_else(chunk, "True", "False")
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        text = pa.array([None if one is None else one.decode("utf-8", "replace") for one in chunk.to_pylist()])
    elif pa.types.is_floating(kind):
        text = pc.replace_substring_regex(
            pa.array([None if one is None or one != one else repr(one) for one in chunk.to_pylist()], pa.string()),
            r"\.0$", "",
        )  # fmt: skip
    elif pa.types.is_timestamp(kind):
        text = pc.replace_substring_regex(chunk.cast(pa.string()), r"([ T]00:00:00)(\.0+)?$", "")
    else:
        text = chunk.cast(pa.string())
    return pc.fill_null(text.cast(pa.string()), "")
