"""The distribution of each column in each segment."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.figures import money, share
from core.schema import UNKNOWN, Column
from core.segments.explain import described
from core.segments.profile import Segments

QUARTILES: Final = (0.25, 0.5, 0.75)
MOST_ANSWERS: Final = 3  # of a category, the most frequent first


def distributions(
    customers: pd.DataFrame, columns: Sequence[Column], segments: Segments, *, least: int
) -> pd.DataFrame:
    """The median and the middle half of each number, the most frequent answers of each category.

    Parameters
    ----------
    least : int
        A column that fewer customers of a segment have a value in is left out, and so is a rarer answer.

    Returns
    -------
    DataFrame
        cluster, column, label, value (text); shares are of those whose answer is known.
    """
    signs = {column.name: column.sign for column in columns}
    rows = [
        (str(at + 1), name, label, value)
        for at in range(segments.k)
        for name, label, kind in described(customers, columns)
        if (value := _value(customers[name][segments.labels.codes == at], kind, least, signs.get(name, "")))
    ]
    return pd.DataFrame(rows, columns=["cluster", "column", "label", "value"])


def _value(column: pd.Series, kind: str, least: int, sign: str) -> str:
    return _middle(column, least, sign) if kind == "number" else ", ".join(_answers(column, least))


def _middle(column: pd.Series, least: int, sign: str) -> str:
    known = column.to_numpy("float64", na_value=np.nan)
    known = known[np.isfinite(known)]
    if len(known) < least:
        return ""
    low, median, high = (money(float(value), sign, 1, trim=True) for value in np.quantile(known, QUARTILES))
    return f"{median} (middle half: {low} to {high})"


def _answers(column: pd.Series, least: int) -> Iterator[str]:
    known = column[column != UNKNOWN].value_counts()
    for answer, count in known.sort_index().sort_values(ascending=False, kind="stable").head(MOST_ANSWERS).items():
        if count >= least:
            yield f"{answer} {share(count / known.sum(), 0)}"
