"""Altair as a page needs it: fast, since every rerun builds every chart anew."""

from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
from altair.utils import schemapi

from core.views.chart_text import drawable_spec, drawable_table

# Every part of a chart is checked against Vega-Lite's schema when it is made, and the whole again when it
# is sent. That takes longer than all else a chart needs, and the tests check every chart as a whole.
schemapi.disable_debug_mode()


@dataclass(frozen=True)
class Unchecked:
    """A chart that `st.altair_chart` sends without checking it, nor putting its layers together once more."""

    figure: alt.TopLevelMixin

    def to_dict(self) -> dict[str, Any]:
        """The chart as Vega-Lite, its data as Altair's data transformer in force gives it."""
        figure, shared = self.figure, {}
        for part in (figure, *getattr(figure, "layer", ())):
            if isinstance(part.data, pd.DataFrame):
                part.data = drawable_table(part.data)
        if figure.data is not alt.Undefined:  # else each layer has data of its own
            shared["data"] = alt.data_transformers.get()(figure.data)
        context = {"top_level": False, "datasets": {}, **shared}
        plain = schemapi.SchemaBase.to_dict(figure, validate=False, ignore=["data"], context=context)
        return {"$schema": alt.SCHEMA_URL, **shared, **drawable_spec(plain)}
