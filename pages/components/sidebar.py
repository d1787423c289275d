"""The sidebar of every page: data, number of segments, filters, features, rules."""

from datetime import date
from typing import get_args

import streamlit as st

from core.cubes.opened import OpenedResult
from core.customer_base import CustomerBase, warnings_of
from core.errors import DataError
from core.figures import count, write_as, written_as
from core.intake.flags import describe_high_potential, describe_mass_affluent
from core.money import style_for
from core.rules import DateOrder, Rules
from core.schema import USUAL_VALUE
from core.segments.choice import FeatureChoice
from core.segments.evidence import Score
from core.segments.model import Model
from core.segments.profile import Segments
from core.segments.registry import label_of
from core.sources.kinds import FILES
from core.study import Study
from core.views.summary import counted
from core.views.suppress import is_small
from core.views.tables import Filters
from pages.components import customer, scenarios
from pages.components.audience import AUDIENCE
from pages.components.checked import hold_checked
from pages.components.clicks import fingerprint, segment_filter
from pages.components.command_line import start_files
from pages.components.country import country_choice, hold_in_link, take_from_link
from pages.components.decisions import OF_FILES, belong, current_intake, decide, rules_file
from pages.components.deletion import delete_button
from pages.components.features import feature_choice, feature_hints, method_choice
from pages.components.filters import filters
from pages.components.flag_rules import DAYS, flag_rules
from pages.components.link import IN_LINK, hold_address, let_go, offer
from pages.components.numbers import number_style
from pages.components.origin import Missing, has_left, is_sample, origin, set_origin
from pages.components.picked import Picked
from pages.components.place import PagePlace
from pages.components.privacy import small_groups_switch
from pages.components.profiles import renamed
from pages.components.project import open_dropped
from pages.components.question import ORDERS, question
from pages.components.result import FIXED, Result, result_box
from pages.components.saved_model import model_box
from pages.components.session_cache import RESULT, is_own, is_upload
from pages.components.source import (
    content_of,
    current_study,
    flagged,
    segments_by,
    segments_of,
    study_key,
)
from pages.components.source_box import BOX, source_box
from pages.components.stepper import fixed_number, number_of_segments
from pages.components.structure import structure_of
from pages.components.text import escape_markdown
from pages.components.upload import box, lost_files
from pages.components.view import View
from pages.components.visuals import picks

DATE_ORDER = "date_order"
DATE_ORDERS = {"auto": "Decide from the file", **ORDERS}


def sidebar(place: PagePlace) -> View | Missing:
    """Draw the sidebar and return its view, or the own data that is missing for it; `place` is that of the page."""
    with st.sidebar:
        picked = source_box(place) or start_files()
        open_dropped()
        result, refused = result_box(place)
        _note_origin(picked, result)
        return _of_result(*result) if result else _of_sources(picked, refused, place)


def _note_origin(picked: Picked, result: Result | None) -> None:
    dropped = st.session_state.get(box(RESULT))
    if dropped and (result or not picked):
        set_origin(RESULT, f"The result {dropped.name} is no longer open.")
    elif picked:
        set_origin(picked.kind.key, f"No longer among the {picked.kind.plural}: {picked.names}.")
    else:  # written again, since a change of pages removes it from the address
        lost = next((kind for kind, key in ((FILES, BOX), (RESULT, RESULT)) if lost_files(key)), origin())
        set_origin(lost)


def _of_result(study: OpenedResult, segments: Segments, structure: Score | None) -> View:
    """The sidebar of a result, which has sums only: its segments, features and rules are fixed."""
    let_go()
    segments = renamed(study, segments, None)
    _restore_values(study, segments)
    summary, drawn, settings = st.container(), st.container(), st.container()
    with settings, st.expander("Rules and features", icon=":material/tune:") as rules_box:
        numbers = number_style(study.identity, study.rules.numbers)
    write_as(style_for(study, numbers))
    with drawn:
        chosen = _fixed_segments(study, segments)
    with rules_box:
        value = _value(study)
        titles = ", ".join(column.label for column in study.columns if column.name in segments.made_of)
        st.caption(escape_markdown(f"Features. {titles or 'None'}."))
        _show_rules(study)
    model_box()  # drawn, so that it keeps its file
    hide = small_groups_switch()
    with summary:
        _data_summary(study, f"Result of {', '.join(study.files)}", hide=hide)
    return View(
        study, segments, structure, value, filters=chosen, hide=hide, sample=is_sample(study), picks=picks(study),
        numbers=numbers,
    )  # fmt: skip


def _fixed_segments(study: OpenedResult, segments: Segments) -> Filters:
    """The number of segments of a result, and the filters."""
    fixed_number(segments.k)
    st.caption(FIXED)
    segment_filter(study, segments)
    return filters(study, segments)


def _of_sources(picked: Picked, refused: str, place: PagePlace) -> View | Missing:
    """The sidebar of the sources picked, or of the bundled sample; `refused` says why a result is not opened, if so."""
    belong("files", content_of(picked.sources), OF_FILES)
    if picked or not origin():
        take_from_link()
    summary, clusters, filters_box = st.container(), st.container(), st.container()
    rules_box, saved_model = st.container(), st.container()
    with rules_box, st.expander("Rules and features", icon=":material/tune:") as settings:
        rules = _reading_rules()
        study, unread = current_study(picked, rules, summary, place)
    with saved_model:
        model, unusable = model_box()
    if refused and not picked:
        study = Missing(refused, refused=getattr(st.session_state.get(box(RESULT)), "name", "the result"))
    if isinstance(study, Missing):
        return _of_missing(study)
    let_go()
    hold_checked()
    hold_in_link()
    with settings:
        write_as(style_for(study, rules.numbers))
        rules = flag_rules(rules, study)
        with written_as():  # what is kept of it goes into files for machines, too
            study = flagged(study, rules, model)
        features, hints = feature_choice(study), st.container()
        value = _value(study)
        country_choice(study, "sidebar country", help="Its map, words and currency. Your choice is kept in the rules.")
    with clusters:
        segments, features, model, unfit = _segments(study, features, model)
        segments = renamed(study, segments, model)
    _restore_values(study, segments)
    with hints:
        feature_hints(study, segments)
        _show_rules(study)
    with filters_box:
        segment_filter(study, segments)
        chosen = filters(study, segments, model)
    hide = small_groups_switch()
    with summary:
        question()
        _data_summary(study, _name_of_files(study), hide=hide)
    refused = refused and f"{refused} Your files are shown instead."
    message = " ".join(filter(None, (refused, unread, unusable, unfit)))
    return View(
        study, segments, structure_of(study, features, segments, model), value, filters=chosen,
        saved=model, hide=hide, message=message, features=features, sample=is_sample(study), picks=picks(study),
    )  # fmt: skip


def _of_missing(missing: Missing) -> Missing:
    """The sidebar without data: the address keeps the settings that are not drawn."""
    hold_address()
    small_groups_switch()
    if has_left() or is_own():
        delete_button()
    return missing


def _restore_values(study: CustomerBase, segments: Segments) -> None:
    """Remove session values of other data or segments, and restore those of these."""
    belong("data", study.identity, {scenarios.STORED: None, customer.TYPED: ""})
    audiences = [key for key in st.session_state if str(key).startswith(AUDIENCE)]
    belong("segments", fingerprint(study, segments), {key: [] for key in audiences})


def _show_rules(study: CustomerBase) -> None:
    st.caption(escape_markdown(f"Mass affluent. {describe_mass_affluent(study.rules, study.wealth)}"))
    st.caption(escape_markdown(f"High potential. {describe_high_potential(study.filled, study.rules, study.wealth)}"))


def _segments(
    study: Study, features: FeatureChoice, model: Model | None
) -> tuple[Segments, FeatureChoice, Model | None, str]:
    """The segments of the saved model, or new ones; their features; the model, if used; why it is not used, if so."""
    saved, unfit = _segments_by(study, model) if model else (None, "")
    k = number_of_segments(fixed=saved is not None)
    if saved is not None:
        source = f"{counted(saved.k, 'segment')} of the saved model, by {label_of(saved.clustering)}"
        st.caption(escape_markdown(f"{source}. Remove it below to choose their number."))
        return saved, features, model, ""
    clusterer, features = method_choice(study, features)
    segments = segments_of(study_key(study), k, features, clusterer.key, study)
    for sentence in segments.fewer_than(k):
        st.caption(sentence)
    return segments, features, None, unfit


def _segments_by(study: Study, model: Model) -> tuple[Segments | None, str]:
    """The segments of a saved model, or None and why it does not fit."""
    try:
        return segments_by(study_key(study), model.to_dict(), model, study), ""
    except DataError as error:
        return None, f"The saved model is not used. {error}"


def _name_of_files(study: Study) -> str:
    name = ", ".join(study.files) if is_upload() else "Bundled sample of made-up customers"
    return f"{name}, read by {used.name}" if (used := rules_file()) else name


def _data_summary(study: CustomerBase, name: str, *, hide: bool) -> None:
    rejected = f", {count(study.rejected_count)} rejected rows" if study.rejected_count and not hide else ""
    st.caption(
        f"{escape_markdown(name)}: **{counted(study.size, 'customer')}** as of {study.rules.as_of:%-d %b %Y}{rejected}."
    )
    for sentence in warnings_of(study, lambda part, whole: hide and is_small(part, whole)):
        st.warning(escape_markdown(sentence), icon=":material/warning:")
    if is_own():
        delete_button()
    st.page_link("pages/data.py", label="What was done to the data", icon=":material/checklist:")


def _reading_rules() -> Rules:
    """The rules for reading files: the day of the ages, and the decisions on the files."""
    as_of = st.date_input(
        "Ages as of",
        date.today(),  # not "today": Streamlit would drop every date from the address as the default
        *DAYS,
        key="as_of",
        **IN_LINK,
        help="The day ages are counted at.",
    )
    st.session_state[DATE_ORDER] = current_intake().date_order
    st.selectbox(
        "Date order", get_args(DateOrder), key=DATE_ORDER, format_func=DATE_ORDERS.get, on_change=_decide_date_order,
        help="How the dates of these files are read. For other files the app asks again.",
    )  # fmt: skip
    return Rules(as_of or date.today(), intake=current_intake(), numbers=number_style())


def _decide_date_order() -> None:
    decide(date_order=st.session_state[DATE_ORDER])


def _value(study: CustomerBase) -> str:
    """The measure that stands for a customer's value on the pages."""
    possible = study.value_measures or (USUAL_VALUE,)
    titles = {column.name: column.label for column in study.columns}
    offer("value", possible, lambda name: titles.get(name, name))
    picked = st.selectbox(
        "Value measure", possible, key="value", format_func=lambda name: titles.get(name, name), **IN_LINK,
        help="The number whose averages and spread the pages show.",
    )  # fmt: skip
    return picked or possible[0]
