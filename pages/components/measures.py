"""The analyst's own KPI cards: measures by formula, in total and by segment, kept for the session."""

import streamlit as st

from core.errors import DataError, MeasureError
from core.measures.columns import Columns, numbers
from core.measures.measure import (
    FORMATS,
    LONGEST_NAME,
    Measure,
    Result,
    from_toml,
    to_toml,
    with_measure,
    with_measures,
)
from core.measures.parse import FUNCTIONS, parse
from core.measures.tokens import LONGEST
from core.schema import NOT_CLUSTERED
from pages.components.help import help_link
from pages.components.measure_builder import builder
from pages.components.text import card_title, escape_markdown
from pages.components.trail import download_button
from pages.components.upload import box
from pages.components.view import View

STORED, ERROR, UPLOAD, PICKED = "measures", "measure_error", "measure_upload", "measure_picked"
FIELDS = {"name": "measure_name", "formula": "measure_formula", "format": "measure_format"}
NEW = "A new measure"
EXAMPLES = """share(is_mass_affluent)
sum(purchases) / customers
count(owns_car = "Yes")
share(age >= 40 and is_mass_affluent)
mean(purchases where is_mass_affluent and age < 40)"""


def measures_card(view: View) -> None:
    """A card per measure, and the editor; none while small groups are hidden, since a formula can count few."""
    if view.hide:
        return
    columns = view.formula_columns
    measures: tuple[Measure, ...] = st.session_state.get(STORED, ())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Measures", anchor=False, width="content")
        with st.popover("Edit measures", icon=":material/calculate:"):
            _editor(view, measures, columns)
        help_link("measures")
    if not measures:
        st.caption("Define a KPI by a formula, such as share(is_mass_affluent): it is shown in total and by segment.")
        return
    with st.grid(4, min_column_width=220):
        for result in view.results(measures, columns):
            _card(result)


def _card(result: Result) -> None:
    with st.container(border=True, height="stretch", gap="xsmall"):
        if result.error:
            card_title(result.measure.name)
            _show_error(result.error)
            return
        total, *clusters = result.values
        st.metric(escape_markdown(result.measure.name), total[1], help=escape_markdown(result.measure.formula))
        st.caption("  \n".join(f"{_segment(cluster)}: {escape_markdown(value)}" for cluster, value in clusters))


def _segment(cluster: str) -> str:
    return cluster if cluster == NOT_CLUSTERED else f"Segment {cluster}"


def _editor(view: View, measures: tuple[Measure, ...], columns: Columns) -> None:
    picked = st.selectbox(
        "Measure", [NEW, *(measure.name for measure in measures)], key=PICKED, on_change=_fill, args=(measures,)
    )  # fmt: skip
    builder(view, columns)
    st.text_input("Formula", key=FIELDS["formula"], max_chars=LONGEST, placeholder="Pick above, or write")
    if error := st.session_state.get(ERROR):
        _show_error(error)
    st.text_input("Name", key=FIELDS["name"], max_chars=LONGEST_NAME, placeholder="The formula")
    st.segmented_control(
        "Format", FORMATS, default=FORMATS[0], required=True, key=FIELDS["format"],
        format_func=lambda form: view.currency or form if form == "money" else form,
    )  # fmt: skip
    with st.container(horizontal=True):
        st.button("Save", type="primary", key="measure_save", on_click=_save, args=(columns,))
        st.button("Remove", key="measure_remove", on_click=_remove, disabled=picked == NEW)
    st.caption(
        f"Functions: {', '.join(FUNCTIONS)}; customers is their number; where narrows one. "
        "Unknown values are left out of shares."
    )
    st.code(EXAMPLES, language=None)
    number_names = numbers(columns)
    st.caption(f"Numbers: {escape_markdown(', '.join(number_names)) or 'none'}.")
    st.caption(f"Texts: {escape_markdown(', '.join(name for name in columns if name not in number_names)) or 'none'}.")
    st.file_uploader("Load measures.toml", type="toml", key=box(UPLOAD), on_change=_load)
    if measures:
        download_button(
            "Download measures.toml", to_toml(measures), "measures.toml", "application/toml", on_click="ignore",
            icon=":material/download:", key="measures_download",
        )  # fmt: skip


def _show_error(error: DataError) -> None:
    """The message, and below it the place in the formula, as a block of code, which needs no escapes."""
    pointer = error.pointer().splitlines() if isinstance(error, MeasureError) else []
    st.error("\n".join([escape_markdown(str(error)), "", *(f"    {line}" for line in pointer)]))


def _fill(measures: tuple[Measure, ...]) -> None:
    """Put the picked measure into the fields."""
    picked = next((measure for measure in measures if measure.name == st.session_state[PICKED]), None)
    for field, key in FIELDS.items():
        st.session_state[key] = getattr(picked, field) if picked else FORMATS[0] if field == "format" else ""
    st.session_state[ERROR] = None


def _save(columns: Columns) -> None:
    picked = st.session_state[PICKED]
    try:
        name, text, form = (st.session_state[key].strip() for key in FIELDS.values())
        new = Measure(name or text[:LONGEST_NAME], text, form)
        parse(new.formula, columns)
        measures = with_measure(st.session_state.get(STORED, ()), new, "" if picked == NEW else picked)
    except DataError as error:
        st.session_state[ERROR] = error
        return
    st.session_state[STORED], st.session_state[PICKED] = measures, NEW  # the next one does not replace this one
    _fill(())


def _remove() -> None:
    picked, st.session_state[PICKED] = st.session_state[PICKED], NEW
    st.session_state[STORED] = tuple(measure for measure in st.session_state[STORED] if measure.name != picked)
    _fill(())


def _load() -> None:
    """Add the measures of a file, in place of those of the same name."""
    try:
        if (upload := st.session_state[box(UPLOAD)]) is None:
            return
        measures = with_measures(st.session_state.get(STORED, ()), from_toml(upload.getvalue(), upload.name))
        st.session_state[STORED], st.session_state[ERROR] = measures, None
    except DataError as error:
        st.session_state[ERROR] = error
