"""All that is said of a campaign's outcomes, arm by arm."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from core.countries.currencies import code_of, sign_of
from core.figures import NONE
from core.outcomes.effects import LEVEL, Effect, complier_effect
from core.outcomes.plan import Plan
from core.outcomes.ranking import Ranking, rank_segments
from core.outcomes.trial import AMOUNT, CONTACTED, CONVERTED, SEGMENT, Trial
from core.outcomes.uplift import by_segment, of_all, row_of, uplift_table
from core.outcomes.value import Money, Prices, break_even, cost_each, least_uplift, money_of, power_for, prices_of

PAYS, MAY_PAY, NOT, NO_VERDICT = "pays", "may pay", "does not pay", NONE
ALL: Final = "All customers"


@dataclass(frozen=True, eq=False)
class Result:
    """A campaign's outcomes with prices; `names` has the names of segments by their label."""

    trial: Trial
    prices: Prices
    names: Mapping[str, str] = field(default_factory=dict)
    level: float = LEVEL
    seed: int = 0

    @cached_property
    def table(self) -> pd.DataFrame:
        """The table of uplifts (`uplift.uplift_table`)."""
        return uplift_table(self.trial, self.level, seed=self.seed)

    @property
    def plan(self) -> Plan:
        """What was planned; all empty where nobody said."""
        return self.trial.plan or Plan()

    @property
    def currency(self) -> str:
        """The sign of the amounts, or else that of the simulation; empty where none is known."""
        found = self.trial.currency
        return sign_of(code_of(found)) if code_of(found) else found or self.plan.currency

    @cached_property
    def best_arm(self) -> str:
        """The arm with the largest uplift of conversions."""
        uplifts = [np.nan_to_num(of_all(self.table, CONVERTED, arm)["uplift"], nan=-np.inf) for arm in self.trial.arms]
        return self.trial.arms[int(np.argmax(uplifts))]

    @property
    def measure(self) -> str:
        """By what segments are ranked: amounts where there are, since a conversion may be of any size."""
        return AMOUNT if AMOUNT in self.trial.measures else CONVERTED

    def of_all(self, arm: str, measure: str = CONVERTED) -> pd.Series:
        """The row of all customers of an arm."""
        return of_all(self.table, measure, arm)

    def segments(self, arm: str, measure: str = CONVERTED) -> pd.DataFrame:
        """The rows of the segments of an arm, with `customers`, `name` and `verdict`: whether a contact pays."""
        rows = by_segment(self.table, measure, arm)
        sizes = self.trial.customers[SEGMENT].value_counts()
        return rows.assign(
            customers=[int(sizes[label]) for label in rows[SEGMENT]],
            name=[self.name(label) for label in rows[SEGMENT]],
            verdict=[self.verdict(arm, label) for label in rows[SEGMENT]],
        )

    def all_and_segments(self, arm: str, measure: str, shown: Collection[str]) -> pd.DataFrame:
        """The row of all customers, named so, and below it those of the segments that may be shown."""
        whole = self.of_all(arm, measure)
        first = whole.to_frame().T.assign(customers=len(self.trial.customers), name=ALL, verdict=self.verdict(arm))
        rows = self.segments(arm, measure)
        return pd.concat([first.astype(self.table.dtypes), rows[rows[SEGMENT].isin([*shown])]], ignore_index=True)

    def name(self, label: str) -> str:
        """A segment's label with its name, where it has one."""
        known = self.names.get(label, self.plan.names.get(label, ""))
        return f"{label} {known}".strip() if known and known != label else label

    @property
    def decisive(self) -> str:
        """The measure that says whether a contact pays: amounts, where it is known what a contact costs."""
        return self.measure if self.prices.contact is not None else CONVERTED

    def verdict(self, arm: str, segment: str = "") -> str:
        """Whether a contact pays by the interval of the decisive uplift; without prices, whether it brings anything."""
        if arm in self.trial.no_verdict:
            return NO_VERDICT
        row, least = row_of(self.table, self.decisive, arm, segment), self.break_even(arm, segment) or 0.0
        if row["low"] > least:
            return PAYS
        return NOT if row["high"] <= least else MAY_PAY

    def break_even(self, arm: str, segment: str = "") -> float | None:
        """The decisive uplift from which a contact pays; None without prices."""
        return break_even(self.cost_each(arm, segment), self.prices.each(self.decisive))

    def cost_each(self, arm: str, segment: str = "") -> float:
        """What a customer of an arm cost, in money; NaN where nobody said."""
        return cost_each(self.trial, self.table, arm, self.prices, segment)

    @property
    def priced(self) -> bool:
        """Whether it is known what a contact costs and what it must bring."""
        return self.prices.contact is not None and self.prices.each(self.measure) is not None

    def said(self, verdict: str) -> str:
        """A verdict for people: without prices a contact works, and nobody knows whether it pays."""
        return verdict if self.priced else verdict.replace("pays", "works").replace("pay", "work")

    def money(self, arm: str) -> dict[str, Money]:
        """Incremental conversions, value, cost, net value and ROI of an arm."""
        return money_of(self.trial, self.table, arm, self.prices)

    def ranking(self, arm: str, measure: str = "") -> Ranking | None:
        """Qini curve and RATE of the order of the segments; None where nothing can be said of the arm."""
        if arm in self.trial.no_verdict:
            return None
        return rank_segments(self.trial, measure or self.measure, arm, self.level)

    def least_uplift(self, arm: str) -> float:
        """The smallest uplift of conversions that this campaign was likely to show."""
        return least_uplift(self.of_all(arm))

    def power(self, arm: str) -> float | None:
        """The chance that the uplift hoped for would have shown; None where nobody said what was hoped for."""
        return power_for(self.of_all(arm), self.plan.uplift, self.level) if self.plan.uplift else None

    def complier(self, arm: str, measure: str = CONVERTED) -> Effect | None:
        """The effect on those who were contacted because they should be; None where all were, and nobody else."""
        if CONTACTED not in self.trial.customers:
            return None
        sides = [
            (self.trial.values_of(measure, one), self.trial.values_of(CONTACTED, one))
            for one in (arm, self.trial.control)
        ]
        if sides[0][1].all() and not sides[1][1].any():
            return None
        return complier_effect(sides[0], sides[1], self.level)


def result_of(
    trial: Trial, prices: Prices | None = None, names: Mapping[str, str] | None = None, *, seed: int = 0
) -> Result:  # fmt: skip
    """The result of a campaign; prices are those of its simulation unless given, each where it is."""
    planned, given = prices_of(trial.plan, trial), asdict(prices or Prices())
    chosen = {name: value for name, value in given.items() if value is not None}
    return Result(trial, replace(planned, **chosen), names or {}, seed=seed)
