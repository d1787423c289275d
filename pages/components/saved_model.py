"""A saved model: the box to load it, and the card that compares the customers with those it was made from."""

from dataclasses import dataclass
from math import isnan
from typing import Any

import pandas as pd
import streamlit as st

from core.customer_base import rows_of
from core.errors import DataError
from core.figures import count, money, number, share
from core.segments.model import Model
from core.segments.model_file import read_model
from core.segments.refit import Refit, refit
from core.segments.refresh import Refresh, headline, refresh, verdict
from pages.components.number_table import Number, number_table
from pages.components.session_cache import MODEL, PROJECT_MODEL, session_cache
from pages.components.source import assigned_by, study_key
from pages.components.text import card_title, escape_markdown
from pages.components.upload import box
from pages.components.view import View


@dataclass(frozen=True, eq=False)
class ProjectModel:
    """A saved model that a project brought, and the project's file."""

    file: str
    model: Model


def model_box() -> tuple[Model | None, str]:
    """The saved model to use, and why the uploaded file is not one, if so."""
    with st.expander("Use a saved model", icon=":material/model_training:"):
        file = st.file_uploader(
            "model.json", type=["json"], key=box(MODEL),
            help="The segments shown are then the model's: its members, numbers and names. Remove it to fit anew.",
        )  # fmt: skip
        if file is None:
            return _of_project(), ""
        try:
            model = read_model(file.getvalue(), file.name)
        except DataError as error:
            return None, f"{error} The segments are fitted anew."
        _say_made_from(model)
        return model, ""


def _of_project() -> Model | None:
    """The saved model that an opened project brought, until the analyst does without it."""
    brought: ProjectModel | None = st.session_state.get(PROJECT_MODEL)
    if brought is None:
        return None
    st.caption(escape_markdown(f"The model of {brought.file}."))
    _say_made_from(brought.model)
    st.button("Do without this model", icon=":material/close:", key="drop_model", on_click=_drop)
    return brought.model


def _drop() -> None:
    st.session_state[PROJECT_MODEL] = None


def _say_made_from(model: Model) -> None:
    made_from = ", ".join(model.files) or "files without a name"
    customers = sum(model.sizes.values())
    st.caption(
        escape_markdown(f"Made from {made_from}: {count(customers)} customers as of {model.rules.as_of:%-d %b %Y}.")
    )


def refresh_card(view: View) -> None:
    """Shares and features now against those the saved model was made from; nothing without a saved model."""
    if view.saved is None or view.hide:  # its table counts groups of any size
        return
    drift, again = _refresh(study_key(view.study), view.model.to_dict(), view.model, view)
    with st.container(border=True):
        card_title("All customers now, and those the saved model was made from")
        titles = {name: view.label(name) for name in drift.features["feature"]}
        st.markdown(f"**{escape_markdown(headline(drift, titles))}**")
        st.markdown(
            f"Population stability index of the segments {number(drift.psi, 3)}: {verdict(drift.psi, drift.chance)} "
            f":small[(chance gives up to {number(drift.chance, 3)})]. {escape_markdown(again.in_words())}"
        )
        number_table(
            drift.shares.drop(columns="psi").assign(
                share_then=drift.shares["share_then"].map(share), share_now=drift.shares["share_now"].map(share)
            ),
            {
                "cluster": "Segment", "name": "Name", "then": Number("Then"), "now": Number("Now"),
                "share_then": _text("Share then", "Of all customers."),
                "share_now": _text("Share now", "Of all customers."),
            },
            alt="Customers and shares of each segment then and now",
        )  # fmt: skip
        number_table(
            drift.features.assign(
                feature=list(view.titles(*drift.features["feature"]).values()),
                mean_then=_means(view, drift.features, "mean_then"),
                mean_now=_means(view, drift.features, "mean_now"),
                psi=[number(psi, 3) for psi in drift.features["psi"]],
                chance=[number(psi, 3) for psi in drift.features["chance"]],
                shift=[
                    verdict(psi, chance) for psi, chance in drift.features[["psi", "chance"]].itertuples(index=False)
                ],
            ),
            {
                "feature": "Feature",
                "mean_then": _text("Mean then", "Of the clustered."),
                "mean_now": _text("Mean now", "Of the clustered."),
                "missing_then": Number("Missing then"), "missing_now": Number("Missing now"),
                "outside_range": Number("Beyond range"),
                "psi": _text("Stability index", "Population stability index: 0 is no shift."),
                "chance": _text("By chance up to", "What chance alone hardly ever exceeds."), "shift": "Verdict",
            },
            alt="Mean, missing values and population stability index of each feature then and now",
        )  # fmt: skip


def _text(title: str, hint: str) -> Any:
    """A column of numbers as texts; what they are of stands in its hint, so that the table fits the page."""
    return st.column_config.TextColumn(title, help=hint, alignment="right")


def _means(view: View, features: pd.DataFrame, column: str) -> list[str]:
    """The means of features as texts, of money with its sign."""
    return [
        "" if isnan(mean) else money(mean, view.sign(name), 1)  # a category has none
        for name, mean in zip(features["feature"], features[column], strict=True)
    ]


@session_cache(st.cache_data, everybody=32, own=8)
def _refresh(key: tuple[str, ...], document: dict, _model: Model, _view: View) -> tuple[Refresh, Refit]:
    again = refit(_model, *assigned_by(key, document, _model, rows_of(_view.study)))
    return refresh(_model, rows_of(_view.study).customers, _view.segments), again
