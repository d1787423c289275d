"""Recency, frequency and monetary value of customers: a score from 1 to 5 each, and the usual name of the group."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from core.figures import share
from core.intake.aggregate import TRANSACTIONS
from core.intake.steps import Step
from core.schema import BY_NAME, FREQUENCY_SCORE, MONETARY_SCORE, RECENCY_SCORE, RFM_GROUP, UNKNOWN, Column

SCORES: Final = ("1", "2", "3", "4", "5")
HEAPED: Final = 0.4  # of the customers with one score, where a fifth is meant
FEWEST: Final = 25  # customers in the 25 cells: of fewer a fifth says nothing
# The usual names of the cells: recency from 1 (long ago) to 5 down, frequency from 1 (rare) to 5 across.
NAMES: Final[tuple[tuple[str, ...], ...]] = (
    ("Hibernating", "Hibernating", "At risk", "At risk", "Cannot lose"),
    ("Hibernating", "Hibernating", "At risk", "At risk", "Cannot lose"),
    ("About to sleep", "About to sleep", "Need attention", "Loyal", "Loyal"),
    ("Promising", "Potential loyalists", "Potential loyalists", "Loyal", "Loyal"),
    ("New", "Potential loyalists", "Potential loyalists", "Champions", "Champions"),
)
GROUPS: Final = (
    "Champions", "Loyal", "Potential loyalists", "New", "Promising", "Need attention", "About to sleep", "At risk",
    "Cannot lose", "Hibernating",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One of the three: the column of its score, the meaning of the numbers it can be made of, if less is better."""

    score: str
    meaning: str
    falls: bool = False


PARTS: Final = (
    Part(RECENCY_SCORE, "recency", falls=True),
    Part(FREQUENCY_SCORE, "activity"),
    Part(MONETARY_SCORE, "spend"),
)


def with_rfm(
    customers: pd.DataFrame, columns: Sequence[Column]
) -> tuple[pd.DataFrame, tuple[Column, ...], list[Step]]:  # fmt: skip
    """The customers with their scores and `RFM_GROUP`, the columns with those, and the steps; as they are without RFM.

    There is RFM where a number of each meaning is there: recency, count of activity, spend. A file that has a score
    or group of its own keeps it. The scores are fifths of the customers (`scores`), so all are needed at once: results
    of Spark have none.
    """
    sources = [_source(part, customers, columns) for part in PARTS]
    found = [source for source in sources if source is not None]
    if len(found) < len(PARTS) or {RFM_GROUP, *(part.score for part in PARTS)} & {*customers}:
        return customers, tuple(columns), []
    added: dict[str, pd.Categorical] = {}
    steps: list[Step] = []
    for part, source in zip(PARTS, found, strict=True):
        values = customers[source.name].to_numpy("float64")
        codes = scores(-values if part.falls else values)
        added[part.score] = pd.Categorical.from_codes(codes, [*SCORES, UNKNOWN], ordered=True)
        steps += _heaped(source, codes, len(customers))
    added[RFM_GROUP] = groups(*(added[part.score].codes for part in PARTS[:2]))
    made = ", ".join(source.label for source in found)
    rows = len(customers)
    steps.append(Step(f"Scored recency, frequency and monetary value from 1 to 5: {made}", rows, rows, RFM_GROUP))
    described = [replace(BY_NAME[part.score], header=source.name) for part, source in zip(PARTS, found, strict=True)]
    return customers.assign(**added), (*columns, *described, BY_NAME[RFM_GROUP]), steps


def scores(values: np.ndarray) -> np.ndarray:
    """The fifth, from 0 to 4, in which the middle of each value's rank lies: equal values share one. 5 is unknown."""
    known = ~np.isnan(values)
    codes = np.full(len(values), len(SCORES), "int8")
    distinct, at, number = np.unique(values[known], return_inverse=True, return_counts=True)
    if len(distinct):
        middle = (np.cumsum(number) - number / 2) / known.sum()
        codes[known] = np.minimum(middle * len(SCORES), len(SCORES) - 1).astype("int8")[at]
    return codes


def groups(recency: np.ndarray, frequency: np.ndarray) -> pd.Categorical:
    """The usual name of each customer's cell; Unknown where a score is."""
    names = [*GROUPS, UNKNOWN]
    codes = np.full((len(SCORES) + 1, len(SCORES) + 1), len(GROUPS))
    codes[:-1, :-1] = [[names.index(name) for name in row] for row in NAMES]
    return pd.Categorical.from_codes(codes[recency, frequency], names, ordered=True)


def monetary_of(columns: Sequence[Column]) -> str:
    """The number that the monetary score is made of; empty where there is none."""
    return next((column.header for column in columns if column.name == MONETARY_SCORE), "")


def _source(part: Part, customers: pd.DataFrame, columns: Sequence[Column]) -> Column | None:
    """The column of a meaning: transactions that were counted, else that of the largest mean, as a total is."""
    possible = [
        one for one in columns if one.kind == "number" and one.meaning == part.meaning and one.name in customers
    ]
    known = [one for one in possible if customers[one.name].notna().sum() >= FEWEST]
    counted = [one for one in known if one.name == TRANSACTIONS.name]
    means = {one.name: float(customers[one.name].mean()) for one in known}
    return next(iter(counted), None) or max(known, key=lambda one: means[one.name], default=None)


def _heaped(source: Column, codes: np.ndarray, rows: int) -> list[Step]:
    """What to say where many customers have the same number, so that fifths cannot be told apart."""
    known = codes[codes < len(SCORES)]
    number = np.bincount(known, minlength=len(SCORES))
    most = int(number.argmax())
    many, empty = number[most] > HEAPED * len(known), [SCORES[at] for at in np.flatnonzero(number == 0)]
    if not many and not empty:
        return []
    said = [
        *([f"{share(number[most] / len(known), 0)} of the customers have the score {SCORES[most]}"] if many else []),
        *([f"nobody has the score {' or '.join(empty)}"] if empty else []),
    ]
    text = f"{source.label}: {' and '.join(said)}, since equal numbers share one"
    return [Step(text, rows, rows, source.name, int(number[most]) if many else 0, warns=bool(many))]
