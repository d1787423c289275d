"""A few rows in place of all customers, for what asks which values there are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from core.errors import UnusableTableError
from core.schema import UNKNOWN, YES_NO, Column
from core.segments.raw_values import raw_values
from core.segments.rows import PartialSums
from core.spark.customers import read_staged
from core.spark.jobs import partial_sums

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FEW: Final = 5


def stand_in(
    session: "SparkSession", places: Sequence[str], columns: Sequence[Column], asked: Sequence[str] = ()
) -> pd.DataFrame:
    """A few rows in place of all customers, for what asks which values there are.

    Numbers, and texts that are `asked` to be numbers, have their least and most value, and are mostly missing where
    they are among all; yes and no have those answers that occur.

    Raises
    ------
    UnusableTableError
        There is no customer.
    """
    numeric = [one.name for one in columns if one.kind == "number" or (one.name in asked and one.kind != "yes_no")]
    names = [column.name for column in columns if column.name in numeric or column.kind == "yes_no"]
    texts = {column.name for column in columns if column.kind != "number"}

    def ask(place: str) -> PartialSums:
        frame = read_staged(place, columns, names or [columns[0].name])
        found: dict[str, np.ndarray] = {"rows": np.array([len(frame)])}
        for name in names:
            if name in numeric:
                values = raw_values(frame[name]) if name in texts else frame[name].to_numpy("float64")
                known = values[~np.isnan(values)]
                found |= {f"known {name}": np.array([len(known)])}
                found |= {f"least {name}": np.array([known.min(initial=np.inf)])}
                found |= {f"most {name}": np.array([known.max(initial=-np.inf)])}
            else:
                found[f"known {name}"] = np.bincount(frame[name].cat.codes, minlength=len(YES_NO))
        return found

    answers = partial_sums(session, places, ask)
    if not answers["rows"][0]:
        raise UnusableTableError("No customer is left after cleaning.", "Look at the rows of the files.")
    return pd.DataFrame({name: _few(answers, name) if name in numeric else _answers(answers, name) for name in names})


def _few(answers: PartialSums, name: str) -> np.ndarray:
    rows, known = int(answers["rows"][0]), int(answers[f"known {name}"][0])
    values = np.full(FEW, np.nan)
    if known:
        filled = FEW if known * 2 >= rows else 2
        values[:filled] = answers[f"most {name}"][0]
        values[0] = answers[f"least {name}"][0]
    return values


def _answers(answers: PartialSums, name: str) -> pd.Categorical:
    occur = [answer for answer, count in zip(YES_NO, answers[f"known {name}"], strict=True) if count]
    return pd.Categorical([*occur, *[UNKNOWN] * FEW][:FEW], categories=YES_NO)
