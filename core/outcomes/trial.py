"""A campaign as an experiment: one row per customer with arm, segment and outcome, and what is doubtful about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from core.outcomes.columns import Columns
from core.outcomes.plan import Plan

CONTACT, CONTROL = "Contact", "Control"  # the arms that `assignment.csv` names, and those of a yes or no
SEGMENT, ARM, CONVERTED, AMOUNT, CONTACTED = "segment", "arm", "converted", "amount", "contacted"
ANSWERED = "answered"  # while customers are read: whether a cell says yes or no, where others say no


@dataclass(frozen=True)
class NoVerdict:
    """Why nothing can be said of what contacting brought: what was found, and what to do, as sentences."""

    found: str
    remedy: str


@dataclass(frozen=True, eq=False)
class Trial:
    """The customers of a campaign, one row each.

    `customers` has arm and segment as categories, converted as bool; with amounts `amount`, in one currency
    (`currency`, a sign or code, empty where none is known), and where it is known who was contacted, `contacted` as
    bool. `control` is the arm that was held out, `arms` are the others. `notes` say what was done to rows and what is
    doubtful, `no_verdict` why nothing can be said of an arm. `columns` were used; `offered` has the headers that could
    be each part, `values` those of the treatment. `digest` is that of its files, `key` identifies it in caches.
    """

    customers: pd.DataFrame
    control: str
    arms: tuple[str, ...]
    notes: tuple[str, ...] = ()
    no_verdict: Mapping[str, NoVerdict] = field(default_factory=dict)
    columns: Columns = Columns()  # noqa: RUF009
    offered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: tuple[str, ...] = ()
    plan: Plan | None = None
    currency: str = ""
    files: tuple[str, ...] = ()
    digest: str = ""
    key: str = ""

    @property
    def segments(self) -> tuple[str, ...]:
        """The segments in their order; one empty one where they are not told apart."""
        return tuple(map(str, self.customers[SEGMENT].cat.categories))

    @property
    def measures(self) -> tuple[str, ...]:
        """What is measured: conversions, and amounts where there are."""
        return (CONVERTED, AMOUNT) if AMOUNT in self.customers else (CONVERTED,)

    def size(self, arm: str) -> int:
        """Customers in an arm."""
        return int(self.customers[ARM].eq(arm).sum())

    def values_of(self, measure: str, arm: str, segment: str | None = None) -> np.ndarray:
        """The values of a measure of the customers in an arm, and in a segment if one is given."""
        inside = self.customers[ARM].eq(arm)
        if segment is not None:
            inside &= self.customers[SEGMENT].eq(segment)
        values: np.ndarray = self.customers.loc[inside, measure].to_numpy("float64")
        return values
