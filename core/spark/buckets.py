"""Rows of all tables in buckets by a hash of the customer id: all rows of a customer are in one bucket."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.schema import ID
from core.spark import storage
from core.spark.jobs import answers, over, part_name, whole_file
from core.spark.plan import ROW, Source, SparkPlan

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

BUCKET_ROWS: Final = 200_000  # on average; a bucket is a task
RANGE_IDS: Final = 5_000_000  # on average, of which repeats are looked for by one task
HASHES: Final = pa.schema({"id": pa.uint64()})


def are_needed(session: "SparkSession", plan: SparkPlan, folder: str) -> bool:
    """Whether a customer can have several rows: there are several tables, or an id is in several rows.

    A hash of each id is written to a folder, in several ranges, of which each is looked through by one task. Were two
    ids to share a hash, there would be buckets, and the same customers.
    """
    if len(plan.stacks) > 1:
        return True
    if ID not in plan.stacks[0].names:
        return False
    ranges = 1 + _rows(plan) // RANGE_IDS
    files = answers(session, list(enumerate(plan.sources)), partial(_written_ids, plan, ranges, folder))
    return any(answers(session, range(ranges), partial(_repeats, files)))


def _written_ids(plan: SparkPlan, ranges: int, folder: str, numbered: tuple[int, Source]) -> str:
    """Write the hashes of the ids of a part, a row group per range; the file."""
    at, source = numbered
    ids = plan.read(source).frame[ID]
    hashes = np.sort(_hashes(ids[ids != ""]))
    ends = np.searchsorted(hashes, np.array([n * 2**64 // ranges for n in range(1, ranges)], "uint64"))
    path = storage.below(folder, part_name(at))
    with whole_file(path) as file, pq.ParquetWriter(file, HASHES) as writer:
        for one in np.split(hashes, ends):
            writer.write_table(pa.table([one], HASHES), row_group_size=max(len(one), 1))
    return path


def _repeats(files: Sequence[str], at: int) -> bool:
    """Whether a hash is in some files twice within a range, which is a row group of each."""
    found = []
    for path in files:
        with storage.opened(path) as file:
            found.append(pq.ParquetFile(file).read_row_group(at)["id"].to_numpy())
    hashes = np.concatenate(found)
    return len(pd.unique(hashes)) < len(hashes)


def _rows(plan: SparkPlan) -> int:
    return sum(table.rows for stack in plan.stacks for table in stack.tables)


def _hashes(ids: pd.Series) -> np.ndarray:
    hashes: np.ndarray = pd.util.hash_array(ids.to_numpy(object), categorize=False)
    return hashes


def in_buckets(session: "SparkSession", plan: SparkPlan, folder: str) -> SparkPlan:
    """The plan with its rows in buckets, which are written to a folder."""
    number = max(1, round(_rows(plan) / BUCKET_ROWS))
    rows_by_bucket = over(session, plan.sources, partial(_rows_with_bucket, plan, number), f"bucket int, {ROW}")
    rows_by_bucket.repartition(number, "bucket").write.partitionBy("bucket").mode("overwrite").parquet(folder)
    (files,) = answers(session, [folder], storage.listed)
    buckets: dict[str, list[str]] = defaultdict(list)
    for file in files:
        buckets[file["path"].rsplit("/", 2)[1]].append(file["path"])
    return replace(plan, buckets=tuple(map(tuple, buckets.values())))


def _rows_with_bucket(plan: SparkPlan, number: int, source: Source) -> Iterator[pd.DataFrame]:
    """The rows of a part, each with its bucket: by the customer id, or by the line if there is no id."""
    rows = plan.read(source)
    frame = rows.frame
    lines = keys = frame.index.to_numpy()
    if ID in frame:
        ids = frame[ID]
        keys = np.where(ids == "", lines.astype("uint64"), _hashes(ids))
    texts = plan.stacks[source[0]].cells(rows)  # a key can have the name of a column
    cells = list(zip(*(text.to_numpy(object) for _, text in texts.items()), strict=True))
    cells = pd.Series(cells, dtype="object")  # a part can have no row
    yield pd.DataFrame({"bucket": (keys % number).astype("int64"), "table": source[0], "line": lines, "cells": cells})
