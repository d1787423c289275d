"""The segment that each customer would be in if not in their own: how many are near to which, and what differs."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.figures import count, marked, money, share
from core.labels import at_start
from core.schema import Column
from core.segments.certainty import UNSURE
from core.segments.names import material
from core.segments.profile import Segments

NAME: Final = "next_segments.csv"
STRONGEST: Final = 3  # features that are named
TIMES: Final = ("years", "months", "days")
SIMILAR: Final = 0.05  # a segment whose average is so near is worth about the same
COLUMNS: Final = ["cluster", "next", "customers", "unsure"]


def next_segments(segments: Segments, second: pd.Series, certainty: pd.Series | None) -> pd.DataFrame:
    """How many customers of each segment are nearest to which other one.

    Parameters
    ----------
    second : Series
        The second-best segment of each customer (`certainty.certainties`), missing of who is in none.
    certainty : Series, optional
        How certain the own segment is.

    Returns
    -------
    DataFrame
        cluster, next (labels), customers, and `unsure`, how many of them are unsure of their segment (missing where
        it is not known); most customers first within each segment.
    """
    frame = pd.DataFrame({"cluster": segments.labels.astype("str"), "next": second.astype("str").to_numpy()})
    frame["customers"] = 1
    frame["unsure"] = np.nan if certainty is None else (certainty.to_numpy() < UNSURE).astype("float64")
    table = frame[second.notna().to_numpy()].groupby(COLUMNS[:2], as_index=False, sort=False).sum(min_count=1)
    at = table.assign(at=table["cluster"].astype("int64"), to=table["next"].astype("int64"))
    return at.sort_values(["at", "customers", "to"], ascending=[True, False, True], ignore_index=True)[COLUMNS]


def with_worth(table: pd.DataFrame, means: Mapping[str, float]) -> pd.DataFrame:
    """`next_segments` with `worth`, the mean of the next segment over the own one; missing where one is not above 0."""

    def worth(cluster: str, other: str) -> float:
        here, there = (means.get(label, np.nan) for label in (cluster, other))
        return there / here if here > 0 and there > 0 else np.nan

    return table.assign(worth=[worth(*pair) for pair in zip(table["cluster"], table["next"], strict=True)])


def what_differs(segments: Segments, cluster: str, other: str, columns: Sequence[Column]) -> list[str]:
    """The numeric features in which two segments differ most, each from the one mean to the other in its own unit.

    Strongest first by the difference of the means in standard deviations; `"Age 52.1 → 40.3 years"`.
    """
    known = {column.name: column for column in columns}
    rows = segments.profile.set_index("cluster")
    here, there = rows.loc[cluster], rows.loc[other]
    answers = [feature.name for feature in segments.feature_specs if feature.yes_no]
    names = list(segments.features)
    differ = material(
        here[names].to_numpy("float64"), there[names].to_numpy("float64"), np.array([name in answers for name in names])
    )
    apart = {name: abs(there[f"{name}_z"] - here[f"{name}_z"]) for name, one in zip(names, differ, strict=True) if one}

    def text(name: str) -> str:
        column = known[name]
        start, end = (
            share(one[name], 0) if name in answers else money(float(one[name]), column.sign, 1) for one in (here, there)
        )
        unit = f" {column.unit}" if column.unit in TIMES else ""  # others are no unit of a single number: "band 1–12"
        return f"{at_start(column.label)} {start} → {end}{unit}"

    return [text(name) for name in sorted(apart, key=lambda name: -apart[name])[:STRONGEST]]


def sheet_of(table: pd.DataFrame, segments: Segments, columns: Sequence[Column]) -> pd.DataFrame:
    """`with_worth` as a file: Segment, Nearest, customers, unsure, value_ratio, and what differs in words."""
    pairs = zip(table["cluster"], table["next"], strict=True)
    differ = ["; ".join(what_differs(segments, *pair, columns)) for pair in pairs]
    titles = {"cluster": "Segment", "next": "Nearest_segment", "worth": "value_ratio"}
    sheet = table.astype({"unsure": "Int64"}).round({"worth": 4}).rename(columns=titles)
    return sheet.assign(what_differs=differ)


def describe_next(row: Mapping[str, object], names: Mapping[str, str], value: str) -> str:
    """One row of `with_worth` in a sentence; `value` is the label of the value measure, within a sentence."""
    customers, cluster, other = int(str(row["customers"])), str(row["cluster"]), str(row["next"])
    are = "is" if customers == 1 else "are"
    worth = float(str(row["worth"]))
    if np.isnan(worth):
        compared = ""
    elif abs(worth - 1) < SIMILAR:
        compared = f", whose average {value} is about the same"
    else:
        compared = f", whose average {value} is {marked(f'{worth:.1f}' if worth >= 1 else f'{worth:.2f}')} × as high"
    unsure = "" if pd.isna(row["unsure"]) else f" {_of_them(int(float(str(row['unsure']))))} unsure of their segment."
    return (
        f"{count(customers)} of segment {cluster} {are} nearest to segment {other} “{names[other]}”{compared}.{unsure}"
    )


def _of_them(number: int) -> str:
    return "None of them is" if not number else f"{count(number)} of them {'is' if number == 1 else 'are'}"
