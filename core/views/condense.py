"""Many customers counted by a few columns: a table of the cells is that of the rows, and a filter looks at fewer."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from core import exact
from core.views.counted import BINS, COUNT

FROM: Final = 2_000_000  # customers: a filter of fewer takes a part of a second by their rows, too
MOST_CELLS: Final = 2**18  # that there can be: a table of so many takes hundredths of a second
ROOM: Final = 2**24  # combinations of values that are counted to see how many of them occur
MOST_KEPT: Final = 24  # frames of cells


@dataclass(frozen=True)
class Key:
    """A column to count by: the position of each customer's value among the `values`."""

    codes: np.ndarray
    values: pd.Index | pd.CategoricalDtype

    def __len__(self) -> int:
        known = self.values
        return max(len(known.categories if isinstance(known, pd.CategoricalDtype) else known), 1)

    def at(self, codes: np.ndarray) -> pd.Categorical | pd.Index:
        """The values at some positions."""
        if isinstance(self.values, pd.CategoricalDtype):
            return pd.Categorical.from_codes(codes, dtype=self.values)
        return self.values.take(codes)


@dataclass(frozen=True)
class Condensed:
    """Customers, and frames of their cells that were asked for; each is made once.

    `further` are the columns by which cells are counted, too, as long as they stay few: those of filters. `decimals`
    says in how many decimals a number is summed.
    """

    customers: pd.DataFrame
    further: Sequence[str]
    decimals: Callable[[str], int] = field(compare=False)
    frames: list[pd.DataFrame] = field(default_factory=list)
    too_many: set[frozenset[str]] = field(default_factory=set)

    def cells(self, columns: Collection[str]) -> pd.DataFrame | None:
        """Counted cells (`views.counted`) with some columns, as far as the customers have them: keys by name, or as
        bins (`in_bins`), sums as `<number>_n`. None where there can be more than `MOST_CELLS`.
        """
        there = {*self.customers.columns}
        sums = sorted(name for name in there if f"{name}_n" in columns)
        named = {f"{name}_n" for name in sums}
        needed = {name for name in columns if name in named or _source(name) in there}
        found = next((frame for frame in self.frames if needed <= {*frame.columns}), None)
        if found is not None or frozenset(needed) in self.too_many:
            return found
        keys = self._keys(needed - named)
        if keys is None or (found := self._counted(keys, sums)) is None:
            self.too_many.add(frozenset(needed))
        else:
            self.frames[:] = [*self.frames, found][-MOST_KEPT:]
        return found

    def _keys(self, needed: Collection[str]) -> Mapping[str, Key] | None:
        keys: dict[str, Key] = {}
        size = 1
        for name in sorted(needed):
            if (key := key_of(self.customers[_source(name)], name)) is None or size * len(key) > ROOM:
                return None
            keys[name] = key
            size *= len(key)
        for name, key in self._further():
            if name not in keys and size * len(key) <= MOST_CELLS:
                keys[name] = key
                size *= len(key)
        return keys

    def _further(self) -> Iterator[tuple[str, Key]]:
        for name in self.further:
            if name in self.customers and (key := key_of(self.customers[name], name)) is not None:
                yield name, key

    def _counted(self, keys: Mapping[str, Key], sums: Sequence[str]) -> pd.DataFrame | None:
        codes, shape = np.zeros(len(self.customers), "int32"), tuple(map(len, keys.values())) or (1,)
        for key in keys.values():
            codes *= len(key)
            codes += key.codes
        size = int(np.prod(shape))
        counts = {COUNT: exact.counted(codes, size)}
        occurs = np.flatnonzero(counts[COUNT])
        if len(occurs) > MOST_CELLS:
            return None
        for name in sums:
            places = self.decimals(name)
            values = self.customers[name].to_numpy("float64", na_value=np.nan)
            counts[f"{name}_n"], counts[f"{name}_sum_{places}"] = exact.sums(values, codes, size, places)
        positions = np.unravel_index(occurs, shape)
        columns = {name: key.at(at) for (name, key), at in zip(keys.items(), positions, strict=bool(keys))}
        return pd.DataFrame(columns | {name: values[occurs].astype("int64") for name, values in counts.items()})


def key_of(values: pd.Series, name: str) -> Key | None:
    """A category, whole numbers, or numbers in the bins that `name` says; None for others, or for too many values."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return Key(values.cat.codes.to_numpy(), values.dtype)
    step = float(found[2]) if (found := BINS.fullmatch(name)) else 0.0
    numbers = values.to_numpy("float64", na_value=np.nan)
    bins = np.floor(numbers / step) if step else numbers
    known = np.isfinite(bins)
    first, last = (float(end(bins, where=known, initial=start)) for end, start in ((np.min, np.inf), (np.max, -np.inf)))
    if not known.any():
        return Key(np.zeros(len(bins), "int32"), pd.Index([np.nan]))
    if last - first >= MOST_CELLS or (not step and not np.array_equal(bins[known], np.floor(bins[known]))):
        return None
    count = int(last - first) + 1
    codes = np.where(known, bins - first, count).astype("int32")
    return Key(codes, pd.Index([*((first + np.arange(count)) * (step or 1.0)), np.nan], dtype="float64"))


def _source(name: str) -> str:
    """The column that a key is of."""
    found = BINS.fullmatch(name)
    return found[1] if found else name
