"""Rows of a database as text: the same bytes however they are cut, the same cells as one by one."""

from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.databases import fetch as fetching
from core.databases.fetch import Fetched
from core.intake.reading import arrow, plain
from core.intake.reading.arrow import coded, texts

CELLS = {
    pa.string(): st.sampled_from([None, "", "a", "b", " b"]) | st.text("ab1", max_size=3),
    pa.int64(): st.none() | st.integers(-3, 300),
    pa.float64(): st.none() | st.sampled_from([0.0, -0.0, 1.0, 0.1, float("nan"), 1e300]),
    pa.bool_(): st.none() | st.booleans(),
    pa.date32(): st.none() | st.integers(0, 40),
    pa.timestamp("ms"): st.none() | st.integers(0, 3).map(lambda day: day * 43_200_000),
}
COLUMN = st.sampled_from([*CELLS]).flatmap(lambda kind: st.tuples(st.just(kind), st.lists(CELLS[kind], min_size=1)))


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """A table of typed columns."""
    rows = draw(st.integers(1, 60))
    kinds = draw(st.lists(st.sampled_from([*CELLS]), min_size=1, max_size=4))
    columns = [pa.array(draw(st.lists(CELLS[kind], min_size=rows, max_size=rows)), kind) for kind in kinds]
    return pa.table(columns, [f"c{at}" for at in range(len(kinds))])


def cut(table: pa.Table, sizes: list[int]) -> Iterator[pa.RecordBatch]:
    """The rows in batches of some sizes, the rest in one."""
    for size in sizes:
        yield from table.slice(0, size).combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], table.schema)]
        table = table.slice(size)
    yield from table.combine_chunks().to_batches()


def packed(table: pa.Table, sizes: list[int]) -> Fetched:
    """A table that a driver gives in batches of some sizes."""
    return Fetched("t", fetching.content_of(cut(table, sizes), "a database"))


@given(tables(), st.lists(st.integers(0, 20), max_size=5), st.integers(1, 40), st.integers(1, 30), st.integers(1, 30))
@settings(deadline=None)
def test_the_same_rows_are_the_same_bytes_and_cells_however_they_are_cut(
    table: pa.Table, sizes: list[int], group: int, judged: int, first: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetching, "GROUP", group)
        patch.setattr(plain, "HEAD_ROWS", judged)
        patch.setattr(arrow, "FIRST", first)
        found = packed(table, sizes)
        assert found.digest == packed(table, []).digest
        frame = found.tables().tables[0].frame
    for name in table.column_names:
        assert frame[name].astype("str").tolist() == texts(table[name].combine_chunks()).to_pylist()


@given(COLUMN, st.data(), st.integers(1, 30))
@settings(deadline=None)
def test_codes_are_in_order_of_appearance_and_all_in_use(
    column: tuple[pa.DataType, list[object]], data: st.DataObject, first: int
) -> None:
    kind, cells = column
    words = pa.array(cells, kind)
    places = data.draw(st.lists(st.none() | st.integers(0, len(cells) - 1)))
    for width in (pa.int8(), pa.int32(), pa.uint16()):
        chunk = pa.DictionaryArray.from_arrays(pa.array(places, width), words)
        start = data.draw(st.integers(0, len(places)))
        for one in (chunk, chunk[start:], words):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(arrow, "FIRST", first)
                found = coded(one)
            plainly = one.dictionary.take(one.indices) if pa.types.is_dictionary(one.type) else one
            expected = texts(plainly).to_pylist()
            assert found.to_pylist() == expected
            assert found.dictionary.to_pylist() == list(dict.fromkeys(expected))
            assert found.type == pa.dictionary(pa.int32(), pa.string())


def test_codes_that_need_more_bytes_in_a_later_group_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "GROUP", 500)
    numbers = [1] * 500 + [*range(500)] * 2 + [3]
    frame = packed(pa.table({"n": pa.array(numbers)}), []).tables().tables[0].frame
    assert frame["n"].astype("int64").tolist() == numbers


@pytest.mark.parametrize(("kind", "values"), [("int8", 128), ("uint8", 256), ("int16", 32_768)])
@pytest.mark.filterwarnings("error")
def test_as_many_values_as_a_width_has_codes_are_all_in_use(kind: str, values: int) -> None:
    codes = pa.array(range(values)).cast(pa.type_for_alias(kind))
    assert arrow._used_in_order(codes, values) == values
    assert arrow._used_in_order(codes, values + 1) == values
