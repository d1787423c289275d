"""The sidebar's choice of features, and what to think of before trusting it."""

from collections.abc import Callable

import streamlit as st

from core.pipeline import Study
from core.segments.advice import about_drivers, about_features
from core.segments.choice import FeatureChoice, answers, candidates, default_features
from core.segments.profile import Segments
from pages.components.link import offer
from pages.components.source import study_key
from pages.components.text import plain

SCALINGS = {
    "log": ("… by their logarithm", "For a long tail, such as of balances: sign × ln(1 + size), then as the others"),
    "robust": (
        "… by median and quartiles",
        "For a few extreme values: (value − median) ÷ (interquartile range ÷ 1.35)",
    ),
}


def feature_choice(study: Study) -> FeatureChoice:
    """Features, a scaling for some of them, and whether outliers stand apart; no choice shrinks the options."""
    possible = (*candidates(study.customers, study.columns), *answers(study.customers, study.columns))
    titles = {column.name: column.label for column in study.columns}
    usual = ", ".join(titles[name].lower() for name in default_features(study.customers, study.columns))
    picked = _pick("Features to cluster by", possible, titles, "features", "Default")
    st.caption(plain(f"Default: {usual or 'none, the file has no numeric column that varies'}."))
    numbers = candidates(study.customers, study.columns)
    scaling = {}
    for kind, (label, hint) in SCALINGS.items():
        scaling |= dict.fromkeys(_pick(label, numbers, titles, kind, "None", hint), kind)
    apart = st.toggle(
        "Outliers as a group of their own", key="outliers", bind="query-params",
        help="Customers with a feature more than 3.5 robust standard deviations from the median "
        "(Iglewicz and Hoaglin 1993). Off: they are clustered with the others.",
    )  # fmt: skip
    return FeatureChoice(picked or None, scaling, apart)


def feature_hints(study: Study, segments: Segments) -> None:
    """What the features' values give reason to think of."""
    for sentence in _advice(study, segments, about_features):
        st.caption(f":material/lightbulb: {plain(sentence)}")


def driver_warnings(study: Study, segments: Segments) -> None:
    """A warning for each protected attribute, or stand-in for one, that tells the segments apart."""
    for sentence in _advice(study, segments, about_drivers):
        st.caption(f":material/balance: {plain(sentence)}")


def _pick(
    label: str, possible: tuple[str, ...], titles: dict[str, str], key: str, empty: str, hint: str = ""
) -> tuple[str, ...]:
    offer(key, possible, titles.get)
    picked = st.multiselect(
        label, possible, key=key, format_func=titles.get, placeholder=empty, bind="query-params", help=hint or None
    )
    return tuple(name for name in picked if name in possible)


def _advice(study: Study, segments: Segments, about: Callable[..., list[str]]) -> list[str]:
    made = segments.details, segments.centres.tobytes()
    return _sentences((*study_key(study), *made, about.__name__), study, segments, about)


@st.cache_data(max_entries=64, show_spinner=False)
def _sentences(key: tuple, _study: Study, _segments: Segments, _about: Callable[..., list[str]]) -> list[str]:  # noqa: ARG001
    return _about(_study.customers, _study.columns, _segments)
