"""What tells the wealthy among the staged customers, and the flags that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from core.intake.flags import SEGMENT, flag_rows, knows_segments
from core.rules import Rules
from core.schema import Column
from core.segments.rows import PartialSums
from core.segments.wealth_band import decide_wealth
from core.spark.customers import read_staged
from core.spark.jobs import partial_sums
from core.spark.staged import Distributed, Numbers
from core.wealth import Wealth


@dataclass(frozen=True)
class Flags:
    """What the flags of a part follow from: the rules, and the fact about all customers."""

    rules: Rules
    wealth: Wealth

    def added(self, customers: pd.DataFrame) -> pd.DataFrame:
        """The customers of a part with their flags."""
        typed = customers.astype({SEGMENT: "category"}) if SEGMENT in customers else customers
        return flag_rows(typed, self.rules, self.wealth)


def wealth_of(session: Any, places: Sequence[str], columns: tuple[Column, ...], rules: Rules) -> Wealth:
    """`pipeline.wealth_of` of the staged customers."""
    by_segment = SEGMENT in [column.name for column in columns] and _knows_segments(session, places, columns, rules)
    return decide_wealth(
        lambda names: Distributed(session, tuple(places), Numbers(columns, tuple(names), "")).map(_without_wealth),
        columns,
        rules.mass_affluent,
        by_segment=by_segment,
    )


def _knows_segments(session: Any, places: Sequence[str], columns: tuple[Column, ...], rules: Rules) -> bool:
    known = partial_sums(session, places, partial(_known_words, columns, rules))
    return bool(known["known"][0])


def _known_words(columns: tuple[Column, ...], rules: Rules, place: str) -> PartialSums:
    words = read_staged(place, columns, [SEGMENT])[SEGMENT].unique()
    return {"known": np.array([int(knows_segments(words, rules))])}


def _without_wealth(block: np.ndarray) -> np.ndarray:
    return block[:, :-1]
