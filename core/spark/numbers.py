"""Facts about number columns on Spark that need all customers: decimals to sum in, widths of bins, deviations."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core import exact
from core.cubes.metadata import deviations, known_numbers
from core.cubes.plan import Numbers, number_columns, with_shown
from core.schema import CLUSTER, Column
from core.segments.rows import PartialSums
from core.spark.customers import read_customers
from core.spark.jobs import partial_sums
from core.spark.staged import Distributed
from core.views.tables import step_between

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Customers:
    """How to read a part of the customers; `labels` are the values of `Cluster`."""

    columns: tuple[Column, ...]
    labels: tuple[str, ...]

    def read(self, path: str, names: Sequence[str]) -> pd.DataFrame:
        """Some columns of a part, `Cluster` always."""
        return read_customers(path, self.columns, self.labels, [CLUSTER, *(name for name in names if name != CLUSTER)])


def numbers_of(
    session: "SparkSession", customers: Customers, paths: Sequence[str], values: Sequence[str], features: Sequence[str]
) -> Numbers:
    """`cubes.plan.numbers_of` all customers."""
    names = number_columns(customers.columns)
    extremes = partial_sums(session, paths, partial(_extremes, customers, names)) if names else {}
    rows = int(extremes["rows"][0]) if names else 0
    decimals = {
        name: exact.decimals_of(extremes[f"most size {name}"][0], rows, whole=not extremes[f"broken {name}"][0])
        for name in names
    }
    ends = {name: [float(extremes[f"{end} {name}"][0]) for end in ("least", "most")] for name in names}
    steps = {
        name: step_between(*found, whole=not extremes[f"broken {name}"][0])
        for name, found in ends.items()
        if not np.isnan(found).any()
    }
    return with_shown(decimals, steps, customers.columns, values, features)


@dataclass(frozen=True)
class _KnownNumbers:
    """Reads the numbers of a part of the customers as a block of rows (`staged.Distributed`)."""

    customers: Customers
    names: tuple[str, ...]

    def block(self, path: str) -> np.ndarray:
        return known_numbers(self.customers.read(path, self.names), self.names)


def deviations_of(session: "SparkSession", customers: Customers, paths: Sequence[str]) -> dict[str, float]:
    """`cubes.metadata.deviations` of all customers."""
    names = tuple(number_columns(customers.columns))
    return deviations(names, Distributed(session, tuple(paths), _KnownNumbers(customers, names))) if names else {}


def _extremes(customers: Customers, names: Sequence[str], path: str) -> PartialSums:
    frame = customers.read(path, names)
    extremes = {"rows": np.array([len(frame)])}
    for name in names:
        values = frame[name].to_numpy("float64")
        sizes = np.abs(values[np.isfinite(values)])
        extremes[f"most size {name}"] = np.array([sizes.max(initial=0.0)])
        extremes[f"broken {name}"] = np.array([np.count_nonzero(sizes != np.floor(sizes))])
        known = values[~np.isnan(values)]
        extremes[f"least {name}"] = np.array([known.min() if len(known) else np.nan])
        extremes[f"most {name}"] = np.array([known.max() if len(known) else np.nan])
    return extremes
