"""Whether what a file says can be a result: parts that fit together, cells that customers can have."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.countries.registry import countries
from core.cubes.make import is_count
from core.cubes.metadata import Metadata
from core.cubes.plan import ALWAYS, MOST_BYTES, most_cells, number_columns
from core.exact import LARGEST_SUM
from core.figures import count
from core.plain import WrongError, shown
from core.schema import AGE_GROUP, BY_NAME, ID, RESERVED, YES_NO
from core.segments.model import Model
from core.segments.quality import Quality
from core.territories.territories import check as check_territories
from core.views.counted import BINS, COUNT

MOST_BINS: Final = 10_000
OWN: Final = (*ALWAYS, AGE_GROUP, *RESERVED)  # names that are no column of a file
NO_KEYS: Final = ("number", "date", "id")  # kinds of columns whose values are no text to count by


def check_metadata(metadata: Metadata, model: Model) -> None:
    """Refuse what does not fit the model.

    Raises
    ------
    WrongError
        As all functions here: what is wrong.
    """
    k, features = model.k, len(model.feature_specs)
    tables = (metadata.portrait.means, metadata.portrait.z)
    shaped = all(len(table) == k and all(len(row) == features for row in table) for table in tables)
    if not shaped or len(metadata.portrait.mean) != features:
        raise WrongError("the segments are not those of the model")
    levels = [[len(one.levels)] * k for one in model.categories]
    if [[*map(len, table)] for table in metadata.portrait.levels] != levels:
        raise WrongError("the levels of the segments are not those of the model")
    if any(count < 0 for table in metadata.portrait.levels for row in table for count in row):
        raise WrongError("a level has fewer customers than none")
    if metadata.country and metadata.country not in countries():
        raise WrongError(f"its country is {shown(metadata.country)}, and this program knows {', '.join(countries())}")
    check_territories(metadata.territories, [column.name for column in metadata.columns if column.kind not in NO_KEYS])
    for column in metadata.columns:
        if column.name in OWN or BY_NAME.get(column.name, column).kind != column.kind:
            raise WrongError(f"“{column.name[:40]}” is no such column")
    if {*metadata.deviations} != {*number_columns(metadata.columns)}:
        raise WrongError("the deviations are not those of the numbers")
    if not all(0 <= value < np.inf for value in metadata.deviations.values()):
        raise WrongError("a deviation is none")
    if metadata.structure and not _of_each_segment(metadata.structure.observed, k):
        raise WrongError("the scores are not those of the model")
    numbers, answers = (
        number_columns(metadata.columns),
        [one.name for one in metadata.columns if one.kind not in NO_KEYS],
    )
    named = {feature.name for feature in model.feature_specs if not feature.yes_no}
    asked = {feature.name for feature in model.feature_specs if feature.yes_no}
    asked |= {category.name for category in model.categories}
    lacking = sorted(
        named.difference([one.name for one in metadata.columns], [ID])  # a text of digits can be a feature, too
        | {*metadata.value_measures}.difference(numbers)
        | asked.difference(answers)
    )
    if lacking:
        raise WrongError(f"there is no column {lacking[0][:40]}")


def _of_each_segment(found: Quality, k: int) -> bool:
    """Whether scores of each segment are so many; those that a result of before lacks are empty."""
    later = (found.silhouettes, found.amplitudes, found.clouds, found.across)
    return len(found.jaccard) == k and all(len(one) in (0, k) for one in later)


def check_schema(source: pq.ParquetFile, metadata: Metadata) -> None:
    """Refuse what is no cube of these columns, before any of it is unpacked."""
    numbers = number_columns(metadata.columns)
    texts = {*ALWAYS, AGE_GROUP, *(column.name for column in metadata.columns if column.kind not in NO_KEYS)}
    size = sum(source.metadata.row_group(group).total_byte_size for group in range(source.num_row_groups))
    fields = {field.name: field.type for field in source.schema_arrow}
    if not 0 < source.metadata.num_rows <= most_cells(len(fields)) or size > MOST_BYTES:
        raise WrongError(f"a cube has {count(source.metadata.num_rows)} cells of {count(len(fields))} columns")
    if len(fields) < len(source.schema_arrow.names) or not {*ALWAYS, COUNT} <= set(fields):
        raise WrongError("a cube lacks what every cube has")
    for name, kind in fields.items():
        text = kind.value_type if pa.types.is_dictionary(kind) else kind
        known = (
            name in texts if pa.types.is_string(text) or pa.types.is_large_string(text)
            else _is_number(name, numbers) if pa.types.is_float64(kind)
            else pa.types.is_int64(kind) and (name == COUNT or _is_sum(name, numbers))
        )  # fmt: skip
        if not known:
            raise WrongError(f"a cube has a column “{name[:40]}”")


def check_sums(names: Collection[str], numbers: Sequence[str], *, first: bool) -> None:
    """Refuse a cube with a sum of a number and no count of those who have it, or the other way round.

    The first cube has the sums of all numbers, another of some or none.
    """
    sums = Counter(found[1] for name in names if (found := re.fullmatch(r"(.+)_sum_-?\d{1,3}", name)))
    for number in numbers:
        has = f"{number}_n" in names, sums[number]
        if has not in ([(True, 1)] if first else [(True, 1), (False, 0)]):
            raise WrongError(f"a cube lacks a sum or a count of “{number[:40]}”, or has two")


def _is_number(name: str, numbers: Sequence[str]) -> bool:
    bins = BINS.fullmatch(name)
    return name in numbers or bool(bins and bins[1] in numbers and float(bins[2]) > 0)


def _is_sum(name: str, numbers: Sequence[str]) -> bool:
    found = re.fullmatch(r"(.+?)_(?:n|sum_-?\d{1,3})", name)
    return found is not None and found[1] in numbers


def check_counts(cells: pa.Table) -> None:
    """Refuse cells without a count or sum."""
    for name in cells.column_names:
        if pa.types.is_int64(cells[name].type) and cells[name].null_count:
            raise WrongError(f"a cube lacks a value of “{name}”")


def check_cells(cells: pd.DataFrame, customers: int, answers: Collection[str]) -> None:
    """Refuse unknown categories, and numbers that cannot be those of so many customers."""
    for name, values in cells.items():
        if isinstance(values.dtype, pd.CategoricalDtype):
            right = values.notna().all() and (name not in answers or {*values.cat.categories} <= {*YES_NO})
        elif is_count(values):
            right = _is_possible(str(name), values.to_numpy("float64"), customers)
        else:
            right = not np.isinf(values).any() and _is_narrow(str(name), values)
        if not right:
            raise WrongError(f"a cube has a value of “{name}” that cannot be")
    if int(cells[COUNT].sum()) != customers:
        raise WrongError(f"a cube has {count(cells[COUNT].sum())} customers, the model {count(customers)}")


def _is_possible(name: str, counts: np.ndarray, customers: int) -> bool:
    """Whether so many customers can have such counts, or sums."""
    if name == COUNT or name.endswith("_n"):
        return bool(counts.min() >= (name == COUNT) and counts.sum() <= customers)
    return bool(np.abs(counts).sum() <= LARGEST_SUM)


def _is_narrow(name: str, values: pd.Series) -> bool:
    """Whether the bins of a number are few: a chart has room for each between the first and the last."""
    bins = BINS.fullmatch(name)
    span = values.max() - values.min()
    return not span > MOST_BINS * (float(bins[2]) if bins else 1.0)  # NaN where nobody has it
