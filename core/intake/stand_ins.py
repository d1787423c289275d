"""Numbers that may stand for "not known", such as 99999999 in a column of amounts: counted, and left as they are."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.figures import exact
from core.intake.steps import Step
from core.meanings import meaning_of
from core.schema import Column

BEYOND: Final = 10  # times the next smaller number
ABOVE: Final = (365243,)  # days, about a thousand years: employment without an end in credit files
LEAST: Final = 999  # 99 is a number like any other
BELOW: Final = (-1, -2, -7, -8, -9)  # usual codes of surveys and credit bureaus, beside -99 and more nines
MOST_CODES: Final = 3  # different codes in a column
MIN_OTHERS: Final = 10  # different numbers from 0 on: fewer may be a scale that starts below it


def stand_in_steps(customers: pd.DataFrame, columns: Sequence[Column]) -> list[Step]:
    """A warning for each number of a column that seems to stand for "not known".

    It needs all customers at once, as it compares the largest numbers: results of Spark have none of these warnings.
    """
    found: dict[float, list[tuple[Column, int]]] = {}
    for column in columns:
        if column.kind == "number" and column.name in customers and meaning_of(column.meaning).family:
            for value, cells in _stand_ins(customers[column.name].to_numpy("float64")):
                found.setdefault(value, []).append((column, cells))
    return [_step(value, where, len(customers)) for value, where in sorted(found.items())]


def _step(value: float, where: Sequence[tuple[Column, int]], rows: int) -> Step:
    """The warning on a number, which several columns may have."""
    said = f"{exact(value)} seems to stand for “not known”, but counts as a number"
    column, cells = where[0]
    if len(where) == 1:
        return Step(f"{column.label}: {said}", rows, rows, column.name, cells, warns=True)
    most = max(cells for _, cells in where)
    return Step(f"{said} in {', '.join(one.label for one, _ in where)}", rows, rows, column.name, most, warns=True)


def _stand_ins(values: np.ndarray) -> Iterator[tuple[float, int]]:
    """The values that may stand for "not known", and how many cells have each; missing ones are NaN."""
    known = values[~np.isnan(values)]
    if not len(known):
        return
    least, most = known.min(), known.max()
    if least < 0:
        codes, cells = np.unique(known[known < 0], return_counts=True)
        others = known[known >= 0]
        if len(codes) <= MOST_CODES and all(map(_is_code, codes)) and len(np.unique(others)) >= MIN_OTHERS:
            yield from zip(codes.tolist(), cells.tolist(), strict=True)
    if most >= LEAST and (most in ABOVE or _all_nines(most)):
        others = known[known < most]
        if len(others) and others.max() < most / BEYOND:
            yield float(most), int((known == most).sum())


def _is_code(value: float) -> bool:
    return value in BELOW or (value <= -99 and _all_nines(-value))


def _all_nines(value: float) -> bool:
    return value % 1 == 0 and set(str(int(value))) == {"9"}
