"""Rows of all tables in buckets by a hash of the customer id: all rows of a customer are in one bucket."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.schema import ID
from core.spark import storage
from core.spark.jobs import answers, over
from core.spark.plan import ROW, Source, SparkPlan

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

BUCKET_ROWS: Final = 200_000  # on average; a bucket is a task


def are_needed(session: "SparkSession", plan: SparkPlan) -> bool:
    """Whether a customer can have several rows: there are several tables, or an id is in several rows."""
    if len(plan.stacks) > 1:
        return True
    if ID not in plan.stacks[0].names:
        return False
    ids = over(session, plan.sources, partial(_ids, plan), "id long")
    return bool(ids.groupBy("id").count().where("count > 1").limit(1).collect())


def _ids(plan: SparkPlan, source: Source) -> Iterator[pd.DataFrame]:
    """A hash of each id: short to send. Were two ids to share one, there would be buckets, and the same customers."""
    ids = plan.read(source).frame[ID]
    yield pd.DataFrame({"id": _hashes(ids[ids != ""]).view("int64")})


def _hashes(ids: pd.Series) -> np.ndarray:
    hashes: np.ndarray = pd.util.hash_array(ids.to_numpy(object), categorize=False)
    return hashes


def in_buckets(session: "SparkSession", plan: SparkPlan, folder: str) -> SparkPlan:
    """The plan with its rows in buckets, which are written to a folder."""
    rows = sum(table.rows for stack in plan.stacks for table in stack.tables)
    number = max(1, round(rows / BUCKET_ROWS))
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
