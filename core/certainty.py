"""How sure each customer's segment is, among the customers that the analyst looks at."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Self

import pandas as pd

from core.customer_base import CustomerBase, rows_of
from core.figures import count, share
from core.schema import CERTAINTY, CLUSTER, SECOND, SURE, UNKNOWN, YES_NO
from core.segments.certainty import LEAST_CUSTOMERS, UNSURE, Calibration, calibrate, certainties, sure, unsure_by
from core.segments.clusterer import GivesMargin
from core.segments.features import FeatureMatrix, matrix_under
from core.segments.model import Model
from core.segments.next_segment import COLUMNS, next_segments, with_worth
from core.segments.profile import Segments
from core.segments.registry import label_of
from core.selection import Selection
from core.views import tables
from core.views.summary import mean

LEAVES_OUT: Final = {SURE: (YES_NO[0], UNKNOWN)}  # the filter without unsure customers; who has no segment stays
NO_ROWS: Final = "How sure a customer's segment is needs rows: open the customer files to see it."
OLD_MODEL: Final = "The saved model does not say how sure a customer's segment is: it was made without."
TOO_FEW: Final = f"How sure a customer's segment is cannot be told of fewer than {LEAST_CUSTOMERS} customers."


def why_no_certainty(study: CustomerBase, segments: Segments, saved: Model | None) -> str:
    """Why it is not known how sure a customer's segment is, as a sentence; empty where it is."""
    if study.rows is None:
        return NO_ROWS
    if not isinstance(segments.clustering, GivesMargin):
        return f"Segments by {label_of(segments.clustering)} do not tell how sure a customer's segment is."
    if saved and saved.certainty is None:
        return OLD_MODEL
    clustered = int(segments.profile["customers"].sum())
    return "" if saved or clustered >= LEAST_CUSTOMERS else TOO_FEW


@dataclass(frozen=True)
class CertainSelection(Selection):
    """A selection of customers with how sure their segments are, which is worked out only where it is asked for.

    `saved` is the model that the segments come from, if they were not made from these customers.
    """

    saved: Model | None = None
    seed: int = 0

    @property
    def why_no_certainty(self) -> str:
        """`why_no_certainty` of these segments."""
        return why_no_certainty(self.study, self.segments, self.saved)

    @cached_property
    def calibration(self) -> Calibration | None:
        """How sure a segment is by the margin: that of the saved model, else learned from these customers."""
        if model := self.saved or self.study.model:
            return model.certainty
        return self._calibrated()

    @cached_property
    def certainties(self) -> pd.DataFrame:
        """Second-best segment, margin and certainty of each customer, as far as they are known; it needs rows."""
        return self._certainties()

    @cached_property
    def _matrix(self) -> FeatureMatrix:
        """The features of all customers; made once for what is learned of them and what is told."""
        segments = self.segments
        return matrix_under(rows_of(self.study).customers, segments.feature_specs, segments.categories)

    def _calibrated(self) -> Calibration | None:
        if self.why_no_certainty:
            return None
        return calibrate(self._matrix, self.segments.clustering, seed=self.seed)

    def _certainties(self) -> pd.DataFrame:
        segments, rows = self.segments, self.study.rows
        if rows is None:
            return pd.DataFrame()
        matrix = self._matrix
        within = segments.labels.codes[matrix.complete]
        labels = segments.profile["cluster"].tolist()
        found = certainties(matrix, within, segments.clustering, self.calibration, labels)
        return found.set_axis(rows.customers.index)

    @cached_property
    def unsure(self) -> pd.Series | None:
        """How many customers of each segment are unsure of it, by label; None where it is not known."""
        if self.why_no_certainty:
            return None
        segments = self.segments
        counts = unsure_by(segments.labels, self.certainties[CERTAINTY].to_numpy(), segments.k)
        return pd.Series(counts, segments.profile["cluster"].tolist())

    def selected_of(self, cube: int) -> pd.DataFrame:
        """The selected customers in the cells of a cube, also by how sure their segment is."""
        chosen = super().selected_of(cube)
        if not self.filters.get(SURE) or self.unsure is None:
            return chosen
        by_customer = pd.Series(sure(self.certainties[CERTAINTY].to_numpy()), self.certainties.index)
        return chosen[by_customer[chosen.index].isin(self.filters[SURE]).to_numpy()]

    @cached_property
    def next_segments(self) -> pd.DataFrame:
        """To which segments all customers are nearest (`next_segment.next_segments`), and what these are worth.

        It needs rows, and has none where the method has no second-best segment. No small group is hidden from it.
        """
        found = self.certainties
        if SECOND not in found:
            return with_worth(pd.DataFrame(columns=COLUMNS), {})
        means: dict[str, float] = {}
        if decimals := self.decimals(self.value):
            sums = self.everybody._unhidden(tables.by_cluster, decimals)
            means = dict(zip(sums[CLUSTER].astype("str"), mean(sums, self.value), strict=True))
        return with_worth(next_segments(self.segments, found[SECOND], found.get(CERTAINTY)), means)

    def certain(self, model: Model) -> Model:
        """The model of these segments, with how sure they are by the margin."""
        return replace(model, certainty=self.calibration)

    def without_unsure(self) -> Self:
        """The selection without the customers who are unsure of their segment."""
        return replace(self, filters={**self.filters, **LEAVES_OUT})

    def describe_unsure(self, cluster: str) -> str:
        """How many customers of a segment are unsure of it, as a sentence; else why that is not known."""
        if self.unsure is None:
            return self.why_no_certainty
        unsure, size = int(self.unsure[cluster]), int(self.segments.profile.set_index("cluster")["customers"][cluster])
        if self.too_few(unsure, size):
            return "How many of its customers are unsure is hidden: they are few, or nearly all."
        often = f"in more than {share(1 - UNSURE, 0)} of the cases"
        if not unsure:
            return f"None of its customers is unsure: refits on resamples put nobody in another segment {often}."
        are, whom = ("customers is", "this one") if unsure == 1 else ("customers are", "them")
        return (
            f"{count(unsure)} ({share(unsure / size, 0)}) of its {are} unsure: refits on resamples put "
            f"{whom} in another segment {often}."
        )
