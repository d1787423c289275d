"""Altair as a page needs it: fast, since every rerun builds every chart anew."""

from dataclasses import dataclass
from typing import Any

import altair as alt
from altair.utils import schemapi

# Every part of a chart is checked against Vega-Lite's schema when it is made, and the whole again when it
# is sent. That takes longer than all else a chart needs, and the tests check every chart as a whole.
schemapi.disable_debug_mode()


@dataclass(frozen=True)
class Unchecked:
    """A chart that `st.altair_chart` sends without checking it."""

    figure: alt.TopLevelMixin

    def to_dict(self) -> dict[str, Any]:
        """The chart as Vega-Lite."""
        return self.figure.to_dict(validate=False)
