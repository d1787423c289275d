"""Customers → cubes. The cubes of parts of the customers add up to those of all."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.cubes.plan import Cube
from core.rules import Rules
from core.schema import AGE_GROUP, CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT, UNKNOWN, YES_NO
from core.views.counted import COUNT

FLAGS: Final = dict.fromkeys((MASS_AFFLUENT, HIGH_POTENTIAL), YES_NO)


def cubes(customers: pd.DataFrame, plan: Sequence[Cube], rules: Rules, labels: Sequence[str]) -> list[pd.DataFrame]:
    """The cubes of all customers, who have their flags and `Cluster`, of which `labels` are the values.

    Returns
    -------
    list of DataFrame
        By cube: its keys (categories; numbers as float64, unknown as NaN), `customers`, and per number summed
        `<number>_n` and `<number>_sum_<decimals>` (`tables.count`), sorted by the keys. One whose cells are too many
        is not there.
    """
    found = [bounded(cube, part(customers, cube), cube.most_cells) for cube in plan]
    return [typed(frame, rules, labels) for frame in found if frame is not None]


def part(customers: pd.DataFrame, cube: Cube) -> pd.DataFrame:
    """The cells of some customers, of all or of a part."""
    keys = {key: _key(customers, key, cube.bins) for key in cube.keys}
    counts = {COUNT: np.ones(len(customers), "int64")}
    for name, places in cube.sums.items():
        units = np.round(customers[name].to_numpy("float64") * 10.0**places)
        known = np.isfinite(units)
        counts[f"{name}_n"] = known.astype("int64")
        counts[f"{name}_sum_{places}"] = np.where(known, units, 0).astype("int64")
    return summed(pd.DataFrame(keys | counts, copy=False), cube.keys)


def summed(cells: pd.DataFrame, keys: Collection[str]) -> pd.DataFrame:
    """Cells with the same keys as one."""
    counts = [name for name in cells if is_count(cells[name])]
    return cells.groupby([*keys], observed=True, dropna=False, as_index=False)[counts].sum()


def bounded(cube: Cube, cells: pd.DataFrame, most: int) -> pd.DataFrame | None:
    """The cube with as many of its further keys as so many cells have room for; None if even its own make more.

    The key with the most values goes first: it costs the fewest filters.
    """
    while len(cells) > most and (further := [key for key in cube.by if key in cells]):
        values = {key: cells[key].nunique() for key in further}
        gone = max(further, key=values.__getitem__)
        cells = summed(cells, [key for key in cube.keys if key in cells and key != gone])
    return cells if len(cells) <= most else None


def typed(cells: pd.DataFrame, rules: Rules, labels: Sequence[str]) -> pd.DataFrame:
    """The cells with the categories that customers have, sorted."""
    known = FLAGS | {AGE_GROUP: (*rules.age_groups, UNKNOWN), CLUSTER: tuple(labels)}
    found = {name: _category(cells[name], known) for name in cells if is_text(cells[name])}
    keys = [name for name in cells if not is_count(cells[name])]
    return cells.assign(**found).sort_values(keys, ignore_index=True)


def is_text(values: pd.Series) -> bool:
    """Whether a column of cells is a category, or the text of one."""
    return not pd.api.types.is_numeric_dtype(values.dtype)


def is_count(values: pd.Series) -> bool:
    """Whether a column of cells counts or sums, and is no key: keys are text or floats."""
    return bool(pd.api.types.is_integer_dtype(values.dtype))


def _key(customers: pd.DataFrame, key: str, bins: Mapping[str, tuple[str, float]]) -> pd.Series:
    name, step = bins.get(key, (key, 0.0))
    values = customers[name]
    if isinstance(values.dtype, pd.CategoricalDtype) or is_text(values):
        return values
    values = values.astype("float64").where(np.isfinite(values))
    return np.floor(values / step) * step if step else values


def _category(values: pd.Series, known: Mapping[str, Sequence[str]]) -> pd.Series:
    name = str(values.name)
    found = values.astype("category").cat.remove_unused_categories()
    own = known.get(name) or sorted(found.cat.categories.astype("str"))
    return found.cat.set_categories(pd.Index(own, dtype="str"), ordered=name in known)
