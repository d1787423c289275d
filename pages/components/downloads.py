"""The downloads of the sidebar: the files that the command line writes."""

from dataclasses import asdict

import streamlit as st

from core.files import json_bytes
from core.pipeline import Study, with_segments
from core.segments.model import Model, freeze
from core.segments.profile import Segments
from core.segments.score import score
from core.segments.sql import to_sql
from core.views.export import segment_sheet, to_csv
from core.views.palette import by_label

CSV, JSON = "text/csv", "application/json"


def downloads(study: Study, segments: Segments, saved: Model | None, *, rows: bool) -> None:
    """A button per file, made when it is asked for; off unless rows of customers may be shown."""

    def model() -> Model:
        return saved or freeze(
            segments, study.rules, files=study.files, digest=study.digest, colours=by_label(segments.names)
        )

    files = {
        "Cleaned customers": ("customer_data_cleaned.csv", CSV, lambda: to_csv(with_segments(study, segments))),
        "Rows set aside": ("rejected_rows.csv", CSV, lambda: to_csv(study.excluded)),
        "Segments": ("segments.csv", CSV, lambda: to_csv(segment_sheet(segments.profile))),
        "Model and rules": ("model.json", JSON, lambda: json_bytes(model().to_dict())),
        "Segments as SQL": ("segments.sql", "text/plain", lambda: to_sql(model()).encode()),
        "Applied steps": ("steps.json", JSON, lambda: json_bytes([asdict(step) for step in study.steps])),
    }
    if saved:
        files["Scores by the saved model"] = (
            "scored.csv", CSV, lambda: to_csv(score(study.customers, study.columns, saved))
        )  # fmt: skip
    with st.expander("Downloads", icon=":material/download:"):
        for label, (name, kind, make) in files.items():
            st.download_button(label, make, name, kind, key=name, on_click="ignore", width="stretch", disabled=not rows)
        if not rows:
            st.caption("Off while small groups are hidden: a customer's row is a group of one.")
