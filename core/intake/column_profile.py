"""A sample of a column's distinct values with their counts, by which its role is decided."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.cleaning.bands import is_band
from core.cleaning.dates import is_date_like
from core.cleaning.durations import durations
from core.cleaning.numbers import decimal_mark, in_crore, to_numbers
from core.cleaning.search import DIGIT, any_with
from core.cleaning.values import is_blank
from core.intake.codes import code_counts
from core.schema import normalise

LOOKED_AT = 2_000  # distinct values in a profile
GROUPED = r"[-+]?[1-9]\d{0,2}(?:[.,]\d{3})+"
MIN_CONSTANT = 10  # cells; one value in fewer says nothing of other files
SAMPLE_ROWS = 100_000  # sampled rows of a long column of text; to count all takes a tenth of the load
EMAIL = r"[^@\s]+@[^@\s]+\.\w+"
PHONE = r"(?=(?:\D*\d){9,15}\D*$)(?=.*[\s()+\-])\+?[\d(][\d\s()\-]+"  # dates have eight digits


@dataclass(frozen=True)
class ColumnProfile:
    """Some distinct values of a column, without blanks, and the cells of each. `whole` gives all values."""

    values: pd.Series
    cells: np.ndarray
    whole: Callable[[], pd.Series] | None = None

    @cached_property
    def words(self) -> list[str]:
        """The values, normalised for comparison."""
        return [normalise(value) for value in self.values.tolist()]

    @cached_property
    def numbers(self) -> pd.Series:
        """The values as numbers."""
        return to_numbers(in_crore(self.values), decimal_mark(self.values))

    @cached_property
    def all_values(self) -> pd.Series:
        """All distinct values, blanks included; the profiled ones if there are no more."""
        return self.whole() if self.whole else self.values

    @cached_property
    def all_numbers(self) -> pd.Series:
        """All distinct values as numbers."""
        return to_numbers(in_crore(self.all_values), decimal_mark(self.values)) if self.whole else self.numbers

    @cached_property
    def numeric(self) -> float:
        """The share of cells that hold a number; durations beside `10+ years` are words as that is."""
        found = self.numbers.notna()
        if found.any() and any_with(self.values[~found], DIGIT):
            found &= durations(self.values).isna()
        return self.share(found)

    @cached_property
    def banded(self) -> float:
        """The share of cells that hold a band of amounts."""
        return 0.0 if self.numeric == 1 else self.share(self.bands)

    @cached_property
    def bands(self) -> pd.Series:
        """Which values are a band of amounts."""
        return is_band(self.values)

    @cached_property
    def dated(self) -> float:
        """The share of cells that are written as a date."""
        return self.share(is_date_like(self.values))

    @cached_property
    def whole_numbers(self) -> bool:
        """Whether all numbers are whole, those such as `1.500` by either mark."""
        broken = self.values[(self.numbers % 1).fillna(0).ne(0)]
        return broken.empty or bool(broken.str.fullmatch(GROUPED).all())

    @cached_property
    def limits(self) -> tuple[float, float]:
        """The least and the largest number; NaN without any."""
        return float(self.numbers.min()), float(self.numbers.max())

    @property
    def distinct(self) -> int:
        """The number of distinct values in the profile."""
        return len(self.values)

    @property
    def repeats(self) -> bool:
        """Whether values repeat: each is held by two cells on average."""
        return bool(self.cells.sum() >= 2 * max(self.distinct, 1))

    @property
    def unique(self) -> bool:
        """Whether each cell has a value of its own."""
        return bool((self.cells == 1).all())

    @cached_property
    def constant(self) -> bool:
        """Whether all cells of a column of some length have the same value."""
        return self.distinct == 1 and self.cells.sum() >= MIN_CONSTANT and (~is_blank(self.all_values)).sum() == 1

    def share(self, found: pd.Series | np.ndarray | list[bool]) -> float:
        """The share of cells whose value is in a mask."""
        return float(self.cells[np.array(found, bool)].sum() / total) if (total := self.cells.sum()) else 0.0

    def share_known(self, words: Collection[str]) -> float:
        """The share of cells that hold one of some words."""
        known = self.different_words.intersection(words)
        return self.share([word in known for word in self.words]) if known else 0.0

    @cached_property
    def different_words(self) -> frozenset[str]:
        """The words, each once."""
        return frozenset(self.words)

    @cached_property
    def holds_contacts(self) -> bool:
        """Whether most values are e-mail addresses or phone numbers."""
        if not any_with(self.values, r"[^0-9A-Za-z.,]"):  # each needs another sign, which most columns lack
            return False
        return self.share(self.values.str.fullmatch(EMAIL)) > 0.5 or self.share(self.values.str.fullmatch(PHONE)) > 0.7


Profiles = Mapping[str, ColumnProfile]  # by header


def profile_column(column: pd.Series) -> ColumnProfile:
    """The profile of a column of text."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        distinct, counts = column.cat.categories, code_counts(column.cat.codes.to_numpy(), len(column.cat.categories))
    else:
        sampled, sampled_counts = pc.value_counts(pa.array(_sample(column))).flatten()
        distinct, counts = pd.Index(sampled.to_pandas(), dtype="str"), sampled_counts.to_numpy()
    positions = _most_frequent(counts)
    profile = profile_values(pd.Series(distinct[positions], dtype="str"), counts[positions])
    return replace(profile, whole=lambda: pd.Series(column.unique(), dtype="str"))


def _sample(cells: pd.Series) -> pd.Series:
    """A random sample of the rows of a long column, since rows may be periodic."""
    if len(cells) <= SAMPLE_ROWS:
        return cells
    return cells.iloc[np.sort(np.random.default_rng(0).choice(len(cells), SAMPLE_ROWS, replace=False))]


def _most_frequent(counts: np.ndarray) -> np.ndarray:
    """Positions of the values to profile: the most frequent, and others spread over the rest."""
    order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    if len(order) <= LOOKED_AT:
        return order
    head, rest = np.split(order, [LOOKED_AT // 2])
    return np.append(head, rest[np.linspace(0, len(rest) - 1, LOOKED_AT - len(head)).astype("int64")])


def profile_values(values: pd.Series, cells: np.ndarray) -> ColumnProfile:
    """The profile of values (text) and the number of cells of each."""
    values = values.str.strip().reset_index(drop=True)
    filled = ~is_blank(values)
    return ColumnProfile(values[filled].reset_index(drop=True), cells[filled.to_numpy()])


def profile_table(frame: pd.DataFrame) -> Profiles:
    """The profiles of the columns of a table, by header."""
    return {str(header): profile_column(frame[header]) for header in frame.columns}


def profiles_alike(tables: Sequence[Profiles]) -> list[Profiles]:
    """The profiles of tables; those with the same headers, such as the months of one export, share theirs.

    So their columns get the same roles, although some values are in one of them only.
    """
    groups: dict[frozenset[str], list[Profiles]] = defaultdict(list)
    for table in tables:
        groups[frozenset(table)].append(table)
    shared = {
        headers: {header: _merged([table[header] for table in alike]) for header in headers}
        for headers, alike in groups.items()
        if len(alike) > 1
    }
    return [
        {header: shared[frozenset(table)][header] for header in table} if frozenset(table) in shared else table
        for table in tables
    ]


def _merged(profiles: Sequence[ColumnProfile]) -> ColumnProfile:
    """One profile of several columns, whatever their order."""
    values = pd.concat([profile.values for profile in profiles])
    cells = pd.Series(np.concatenate([profile.cells for profile in profiles]), index=values.to_numpy())
    total = cells.groupby(level=0).sum().sort_index().sort_values(ascending=False, kind="stable")
    positions = _most_frequent(total.to_numpy())
    merged = ColumnProfile(pd.Series(total.index[positions], dtype="str"), total.to_numpy()[positions])
    return replace(merged, whole=lambda: pd.concat([one.all_values for one in profiles]).drop_duplicates())
