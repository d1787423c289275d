"""The downloads of the sidebar: the files that the command line writes, one by one or all in one."""

from dataclasses import fields, replace
from functools import partial

import streamlit as st

from core.analysis import Analysis
from core.errors import DataError
from core.files import MEGABYTE
from core.reporting.deck_template import MOST, usable
from core.results import FILES, ZIP, ZIP_NAME, archive, results
from core.segments.sql import why_no_sql
from pages.components import measures, scenarios
from pages.components.help import help_link
from pages.components.remarks import current_remarks
from pages.components.structure import all_evidence
from pages.components.text import escape_markdown
from pages.components.trail import download_button
from pages.components.upload import box
from pages.components.view import View

TEMPLATE = "deck_template"


def downloads(view: View) -> None:
    """The section of the downloads. Its buttons are drawn only while it is open, which saves time in most reruns."""
    with st.expander("Downloads", icon=":material/download:", key="downloads", on_change="rerun") as section:
        if section.open:
            _buttons(view)


def _buttons(view: View) -> None:
    """A button per file, which is made at the click; disabled if it could show few customers while these are hidden."""
    files = st.container()  # above the template, which is asked for rarely
    analysis = replace(_analysis(view), template=_template())
    with files:
        _files(analysis)
    help_link("command_line")
    if why := why_no_sql(view.segments.clustering):
        st.caption(escape_markdown(why))
    if view.hide:
        st.caption("Partly off while small groups are hidden: a customer's row is a group of one.")


def _files(analysis: Analysis) -> None:
    contents = results(analysis, *FILES)
    everything = partial(archive, analysis)
    download_button("Everything (ZIP)", everything, ZIP_NAME, ZIP, key=ZIP_NAME, on_click="ignore", width="stretch")
    for name, file in FILES.items():
        if file.exists(analysis):
            why = file.why_not()
            download_button(
                file.label, contents.get(name, b""), name, file.kind, key=name, on_click="ignore", width="stretch",
                disabled=name not in contents or bool(why), help=why or None,
            )  # fmt: skip


def _template() -> bytes:
    """The presentation that the deck is written into: empty without one, or where it cannot be used."""
    file = st.file_uploader(
        "Template for the deck", type=["pptx", "potx"], key=box(TEMPLATE), max_upload_size=MOST // MEGABYTE,
        help="Your bank's presentation: the deck takes its masters, colours and fonts. Nothing of its slides is kept.",
    )  # fmt: skip
    if file is None:
        return b""
    try:
        return usable(file.getvalue())
    except DataError as error:
        st.error(escape_markdown(str(error)), icon=":material/error:")
        return b""


def _analysis(view: View) -> Analysis:
    """The analysis of the view, with the clicks on all visuals and what this session has saved."""
    shown = {field.name: getattr(view, field.name) for field in fields(Analysis)} | {"structure": all_evidence(view)}
    saved = {"scenarios": scenarios.STORED, "measures": measures.STORED}
    stored = {name: st.session_state.get(key, ()) for name, key in saved.items()}
    return Analysis(**shown | stored | {"remarks": current_remarks(view)})
