"""Whom a campaign speaks to: segments, and within them everybody or only those with a flag."""

from collections.abc import Sequence
from typing import Final, Literal

import pandas as pd

from core.schema import CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT

Group = Literal["Everybody", "Mass affluent", "High potential"]
COUNTED_BY: Final[dict[Group, str]] = {
    "Everybody": "customers",
    "Mass affluent": f"{MASS_AFFLUENT}_yes",
    "High potential": f"{HIGH_POTENTIAL}_yes",
}


def audience_size(by_cluster: pd.DataFrame, clusters: Sequence[str], group: Group) -> int:
    """Customers of the group in the clusters, all clusters if none is named, from the by-cluster table."""
    chosen = by_cluster[by_cluster[CLUSTER].isin(clusters)] if clusters else by_cluster
    return int(chosen[COUNTED_BY[group]].sum())
