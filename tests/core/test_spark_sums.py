"""What Spark's workers add up from files of parts: repeated ids by range, and the cells of cubes."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cubes.make import bounded, summed
from core.cubes.plan import Cube
from core.schema import ID
from core.spark import buckets, cubes, storage

CUBE = Cube(("postcode",), ("gender", "job"), {"income": 1})
KEYS = [*CUBE.keys]
COUNTS = ["customers", "income_n", "income_sum_1"]


def in_place(module, monkeypatch):
    """Tasks of this process, without Spark."""
    monkeypatch.setattr(module, "whole_file", storage.created)
    monkeypatch.setattr(module, "answers", lambda _, asked, work: [work(one) for one in asked])


@pytest.mark.parametrize("ids_of_a_range", [1, 3, 1_000])
@pytest.mark.parametrize(
    ("parts", "repeated"),
    [
        ([["a", "b"], ["c", "d"], ["e"]], False),
        ([["a", "b"], ["c", "a"], ["e"]], True),
        ([["a", "b"], ["c", "d"], ["e", "e"]], True),
        ([["a", ""], ["", "d"], [""]], False),
        ([[str(at) for at in range(50)], [str(at) for at in range(50, 99)], ["7"]], True),
    ],
)
def test_a_repeated_id_is_found_however_many_ranges_there_are(
    tmp_path, monkeypatch, ids_of_a_range, parts, repeated
):  # fmt: skip
    in_place(buckets, monkeypatch)
    monkeypatch.setattr(buckets, "RANGE_IDS", ids_of_a_range)
    tables = [SimpleNamespace(rows=len(ids)) for ids in parts]
    plan = SimpleNamespace(
        stacks=[SimpleNamespace(names={ID}, tables=tables)],
        sources=[*range(len(parts))],
        read=lambda source: SimpleNamespace(frame=pd.DataFrame({ID: pd.array(parts[source], "str")})),
    )
    assert buckets.are_needed(None, plan, str(tmp_path)) is repeated


CELL = st.tuples(
    st.sampled_from(["1", "2"]), st.sampled_from(["Yes", "No"]), st.just("No"),
    st.sampled_from([0.0, -0.0, np.nan]), st.sampled_from(["F", "M", None]), st.sampled_from([*"abcd"]),
    st.integers(1, 9), st.integers(0, 9), st.integers(-99, 99),
)  # fmt: skip


@given(parts=st.lists(st.lists(CELL, min_size=1, max_size=12), min_size=1, max_size=4), most=st.integers(1, 30))
def test_cells_of_parts_add_up_to_the_cube_of_all(tmp_path_factory, parts, most):
    kinds = {name: "str" for name in KEYS if name != "postcode"}
    frames = [summed(pd.DataFrame(part, columns=[*KEYS, *COUNTS]).astype(kinds), KEYS) for part in parts]
    with pytest.MonkeyPatch.context() as monkeypatch:
        in_place(cubes, monkeypatch)
        counted = cubes.Counted((), (), (CUBE,), str(tmp_path_factory.mktemp("cells")))
        for at, frame in enumerate(frames):
            cells = pa.Table.from_pandas(frame, preserve_index=False)
            cubes._write(counted._of_part(0, at), cubes._typed(cells))
        path = counted.write_whole(len(parts), (0, most))
    expected = bounded(CUBE, summed(pd.concat(frames), KEYS), most)
    if expected is None:
        assert path == ""
        return
    found = pq.read_table(path).to_pandas()
    assert list(found) == list(expected)
    keys = [name for name in KEYS if name in found]
    one, other = (frame.fillna({"gender": "?"}).sort_values(keys, ignore_index=True) for frame in (found, expected))
    pd.testing.assert_frame_equal(one, other, check_dtype=False, check_exact=True)
