"""The sidebar's choice of features and method, and warnings about it."""

import streamlit as st

from core.analysis import Analysis
from core.figures import style
from core.intake.roles import MEASURE
from core.pipeline import method_for, without_categories
from core.schema import in_sentence, normalise
from core.segments.advice import about_features
from core.segments.choice import FeatureChoice
from core.segments.clusterer import Clusterer
from core.segments.profile import Segments
from core.segments.registry import AUTO, CLUSTERERS, choice_for, clusterer_of
from core.segments.scale import SCALED
from core.study import Study
from pages.components.decisions import current_intake, decide
from pages.components.link import IN_LINK, offer
from pages.components.session_cache import session_cache
from pages.components.source import study_key
from pages.components.text import escape_markdown

METHODS = {
    "kmeans": "Numbers only (k-means)",
    "latent": "Numbers and categories (latent classes)",
}
METHOD_HELP = (
    "K-means finds groups of customers whose numbers are near each other. Latent classes are groups that share habits: "
    "in each, numbers have an average and a spread, and each answer of a category has its share."
)
SCALINGS = {
    "log": ("… by their logarithm", "For a long tail, such as of balances: sign × ln(1 + size), then as the others"),
    "robust": (
        "… by median and quartiles",
        "For a few extreme values: (value − median) ÷ (interquartile range ÷ 1.35)",
    ),
}


def feature_choice(study: Study) -> FeatureChoice:
    """Features, a scaling for some of them, and whether outliers are a group of their own."""
    possible = tuple(dict.fromkeys((*study.candidates, *study.answers, *study.possible_categories, *study.counting)))
    titles = {column.name: column.label for column in study.columns} | study.counting
    logarithms = study.defaults.scaling
    default = ", ".join(
        in_sentence(name, titles[name]) + (f" ({SCALED[logarithms[name]]})" if name in logarithms else "")
        for name in study.default_features
    )
    picked = _pick("Features of the segments", possible, titles, "features", "Default")
    asked = {normalise(study.counting[name]): MEASURE for name in picked if name in study.counting}
    if asked.items() <= current_intake().columns.items():  # the files could not be read with them
        picked = tuple(name for name in picked if name not in study.counting)
    else:
        decide(columns={**current_intake().columns, **asked})
        st.rerun()  # the files are read again with them
    categories = ", ".join(in_sentence(name, titles[name]) for name in study.defaults.categories)
    also = f" With categories also {categories}." if categories else ""
    st.caption(escape_markdown(f"Default: {default or 'none, the file has no numeric column that varies'}.{also}"))
    scaling = {}
    for kind, (label, hint) in SCALINGS.items():
        scaling |= dict.fromkeys(_pick(label, study.candidates, titles, kind, "None", hint), kind)
    outliers = st.toggle(
        "Outliers as a group of their own", key="outliers", **IN_LINK,
        help="Customers with a feature more than 3.5 robust standard deviations from the median "
        "(Iglewicz and Hoaglin 1993). Off: they are clustered with the others.",
    )  # fmt: skip
    return FeatureChoice(picked or None, scaling, outliers)


def method_choice(study: Study, features: FeatureChoice) -> tuple[Clusterer, FeatureChoice]:
    """The clustering method, and the features as it takes them; a line on those it does not take."""
    decided = method_for(study, features)
    labels = {key: METHODS.get(key) or one.label[:1].upper() + one.label[1:] for key, one in CLUSTERERS.items()}
    labels[AUTO] = "By the data"  # the browser keeps the text of an option, so it must not follow the data
    key = st.selectbox(
        "Segments of", [AUTO, *CLUSTERERS], key="method", format_func=labels.get, help=METHOD_HELP, **IN_LINK
    )
    if key == AUTO:
        st.caption(f"Decided: {labels[decided][:1].lower()}{labels[decided][1:]}.")
    clusterer = clusterer_of(decided if key == AUTO else key)
    features = choice_for(clusterer, features)
    if not features.categories:
        features, aside = without_categories(study, features)
        titles = {column.name: column.label for column in study.columns}
        if aside:
            unused = ", ".join(in_sentence(name, titles[name]) for name in aside)
            st.caption(escape_markdown(f"Not used: {unused}. This method takes numbers only."))
    return clusterer, features


def feature_hints(study: Study, segments: Segments) -> None:
    """Advice on the features, from their values."""
    key = repr((study_key(study), segments.feature_specs, style()))
    for sentence in _about_features(key, study, segments):
        st.caption(f":material/lightbulb: {escape_markdown(sentence)}")


def driver_warnings(analysis: Analysis) -> list[str]:
    """A warning for each protected attribute, or proxy of one, in which the segments differ."""
    key = repr((study_key(analysis.study), analysis.segments.feature_specs, style()))
    return _about_drivers(key, analysis.segments.digest, analysis)


def _pick(
    label: str, possible: tuple[str, ...], titles: dict[str, str], key: str, empty: str, hint: str = ""
) -> tuple[str, ...]:
    offer(key, possible, titles.get)
    picked = st.multiselect(
        label, possible, key=key, format_func=titles.get, placeholder=empty, help=hint or None, **IN_LINK
    )
    return tuple(name for name in picked if name in possible)


@session_cache(st.cache_data, everybody=16, own=4)
def _about_features(key: str, _study: Study, _segments: Segments) -> list[str]:  # noqa: ARG001
    return about_features(_study.customers, _study.columns, _segments)


@session_cache(st.cache_data, everybody=64, own=16)
def _about_drivers(key: str, members: str, _analysis: Analysis) -> list[str]:  # noqa: ARG001
    return _analysis.drivers
