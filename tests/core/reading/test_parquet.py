"""Parquet: bounded by what it decodes to, whatever its own table says; each value of a dictionary is converted once."""

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFileError
from core.intake.read import SourceFile, read
from core.intake.reading import arrow, bounds, pages, parquet, plain

LONG = pa.DictionaryArray.from_arrays(np.zeros(500, "int32"), pa.array(["x" * 200]))
DELTA = {"use_dictionary": False, "column_encoding": {"text": "DELTA_BYTE_ARRAY"}}


def written(columns, **how):
    """A Parquet file of columns."""
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content, **how)
    return content.getvalue()


def values(content):
    """What the one table of a file says."""
    (table,) = read(SourceFile("bank.parquet", content)).tables
    return table.frame.astype("str").to_dict("list")


@pytest.mark.parametrize(
    ("limit", "size", "content", "found"),
    [
        ("MAX_TEXT", 50_000, written({"text": LONG}), "100,000 characters in all cells"),
        ("MAX_TEXT", 50_000, written({"text": LONG.cast(pa.dictionary(pa.int32(), pa.binary()))}), "100,000 char"),
        ("MAX_TEXT", 50_000, written({"text": LONG.dictionary_decode()}, **DELTA), "characters in all cells"),
        ("MAX_TEXT", 10_000, written({f"c{at}": ["x" * 9] * 500 for at in range(3)}), "13,500 characters in all"),
        ("MAX_TABLE_CELLS", 900, written({f"c{at}": [at] * 500 for at in range(2)}), "1,000 cells, blank"),
        ("MAX_UNZIPPED", 9_000, written({"c": range(9_999)}, use_dictionary=False), "bytes when unpacked"),
        ("MAX_UNZIPPED", 9_000, written({"c": pa.array([b"x" * 99] * 99, pa.binary(99))}), "column of fixed length"),
        ("MAX_PAGE", 9_000, written({"c": ["x" * 9_999]}, use_dictionary=False), "bytes in one page"),
        ("MAX_PAGES", 5, written({"c": range(9)}, row_group_size=2), "6 pages"),
        ("MAX_CHUNKS", 5, written({"c": range(9), "d": range(9)}, row_group_size=2), "10 pieces"),
        ("MAX_FOOTER", 50, written({"c": range(9)}), "bytes in the table at the end"),
    ],
)  # fmt: skip
def test_a_file_beyond_a_bound_is_refused(monkeypatch, limit, size, content, found):
    monkeypatch.setattr(bounds, limit, size)
    monkeypatch.setattr(parquet, "BATCH", 10_000)
    with pytest.raises(UnreadableFileError, match="bank") as error:
        read(SourceFile("bank.parquet", content))
    assert found in str(error.value)
    assert error.value.remedy


def test_a_long_text_of_many_rows_is_never_repeated_in_memory():
    pool = pa.default_memory_pool()
    before = pool.max_memory()
    content = written({"text": pa.DictionaryArray.from_arrays(np.zeros(30_000, "int32"), pa.array(["x" * 90_000]))})
    with pytest.raises(UnreadableFileError, match="2,700,000,000 characters in all cells"):
        read(SourceFile("bank.parquet", content))
    assert pool.max_memory() - before < 50_000_000


def test_columns_that_are_read_beside_each_other_have_the_fewest_rows_at_a_time(monkeypatch):
    seen = []
    monkeypatch.setattr(
        parquet, "as_text", lambda chunk, before: seen.append(len(chunk)) or arrow.as_text(chunk, before)
    )
    monkeypatch.setattr(parquet, "BATCH", 10_000)
    columns = {"long": ["x" * 500] * 400, "short": ["y"] * 400}
    encoding = dict.fromkeys(columns, "DELTA_BYTE_ARRAY")
    found = values(written(columns, use_dictionary=False, column_encoding=encoding))
    assert found == columns
    assert max(seen) < 20  # of the short texts alone 125 fit


@pytest.mark.parametrize(
    "how", [{}, {"use_dictionary": False}, DELTA, {"data_page_version": "2.0"}, {"row_group_size": 2}]
)
def test_every_encoding_gives_the_same_text(monkeypatch, how):
    monkeypatch.setattr(parquet, "BATCH", 1)
    columns = {
        "text": ["b", "a", None, "b", ""],
        "whole": [2.0, None, float("nan"), -0.0, 2.0],
        "bytes": [b"a", b"\xff", b"\xfe", None, b"a"],
        "large": pa.array(["x", "y", "x", None, "x"], pa.large_string()),
        "narrow": pa.array([1, None, 2, 2, 1]).cast(pa.decimal128(21, 2)).cast(pa.decimal32(5, 2)),
    }
    assert values(written(columns, **how)) == {
        "text": ["b", "a", "", "b", ""],
        "whole": ["2", "", "", "-0", "2"],
        "bytes": ["a", "�", "�", "", "a"],
        "large": ["x", "y", "x", "", "x"],
        "narrow": ["1.00", "", "2.00", "2.00", "1.00"],
    }


def test_a_dictionary_is_converted_once_and_loses_what_no_row_has(monkeypatch):
    converted = []
    texts = arrow.texts
    monkeypatch.setattr(arrow, "texts", lambda array: converted.append(len(array)) or texts(array))
    codes = pa.array([2, 0, None, 2] * 1_000, pa.int8())
    content = written({"seg": pa.DictionaryArray.from_arrays(codes, pa.array(["x", "unused", "y"])), "n": [7] * 4_000})
    (table,) = read(SourceFile("bank.parquet", content)).tables
    assert list(table.frame["seg"].cat.categories) == ["y", "x", ""]
    assert sum(converted) <= 4


def test_the_sizes_in_the_table_are_not_believed(monkeypatch):
    content = written({"c": ["x" * 50_000]}, compression="zstd", use_dictionary=False, write_statistics=False)
    metadata = pq.read_metadata(io.BytesIO(content)).row_group(0)
    for honest in (metadata.total_byte_size, metadata.column(0).total_uncompressed_size):
        content = content.replace(varint(honest), varint(16_384))
    assert pq.read_metadata(io.BytesIO(content)).row_group(0).total_byte_size == 16_384
    monkeypatch.setattr(bounds, "MAX_UNZIPPED", 20_000)
    with pytest.raises(UnreadableFileError, match="bytes when unpacked"):
        read(SourceFile("bank.parquet", content))


def varint(number):
    """A positive number as Thrift writes it."""
    number, out = number * 2, []
    while number > 127:
        out, number = [*out, number & 127 | 128], number >> 7
    return bytes([*out, number])


def test_the_headers_of_all_pages_are_found():
    columns = {"id": [f"C{at:05}" for at in range(5_000)], "n": range(5_000)}
    content = written(columns, data_page_size=2_000, row_group_size=2_000, write_page_index=True)
    metadata = pq.read_metadata(io.BytesIO(content))
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
    footer, _ = pages.read_struct(content, len(content) - 8 - pages.check_footer("bank.parquet", content))
    for column in (0, 1):
        found = [list(pages._pages(content, group[1][column][3])) for group in footer[4]]
        told = [group.column(column).total_uncompressed_size for group in groups]
        for one, size in zip(found, told, strict=True):
            assert len(one) > 1
            assert size - 200 * len(one) < sum(page.unpacked for page in one) < size


def columns_of(values, kind):
    """Columns of some values, blank ones among them."""
    return st.lists(st.none() | values, min_size=1, max_size=12).map(lambda cells: pa.array(cells, kind))


@given(
    column=st.one_of(
        columns_of(st.sampled_from(["", "a", "b"]) | st.text("xyz", max_size=3), pa.string()),
        columns_of(st.text("xy", max_size=3), pa.large_string()),
        columns_of(st.integers(-9, 9), pa.int64()),
        columns_of(st.floats(width=32), pa.float32()),
        columns_of(st.dates(), pa.date32()),
    ),
    group=st.integers(1, 5),
    part=st.integers(1, 5),
    judged=st.integers(1, 5),
    dictionary=st.booleans(),
)
@settings(deadline=None)
def test_a_column_is_the_same_text_cell_by_cell_and_coded(column, group, part, judged, dictionary):
    content = written({"c": column}, row_group_size=group, use_dictionary=dictionary)
    coded = values(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain, "HEAD_ROWS", judged)
        patch.setattr(parquet, "PART", part)
        assert values(content) == coded


@pytest.mark.parametrize("how", [{}, {"use_dictionary": False}])
@pytest.mark.parametrize("kind", [pa.int64(), pa.string()])
def test_a_column_whose_values_nearly_all_differ_is_text_and_no_category(monkeypatch, how, kind):
    monkeypatch.setattr(parquet, "PART", 10_000)
    ids = pa.array(range(25_000)).cast(kind)
    (table,) = read(SourceFile("bank.parquet", written({"id": ids, "n": pa.array([1, 2] * 12_500)}, **how))).tables
    assert [isinstance(kind, pd.CategoricalDtype) for kind in table.frame.dtypes] == [False, True]
    assert table.frame["id"].tolist() == [str(number) for number in range(25_000)]


def test_a_long_text_beside_many_that_differ_is_not_repeated():
    codes = np.append(np.arange(11_000), np.zeros(1_000, "int64"))
    texts = pa.array(["x" * 5_000, *map(str, range(1, 11_000))])
    chunk = pa.DictionaryArray.from_arrays(codes.astype("int32"), texts)
    assert arrow.characters(chunk) > 5_000_000
    assert pa.types.is_dictionary(arrow.as_text(chunk).type)
    assert not pa.types.is_dictionary(arrow.as_text(chunk.slice(1, 10_998)).type)
