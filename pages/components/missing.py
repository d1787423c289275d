"""The page without figures that is shown while the analyst's own data is missing: what to do."""

import streamlit as st

from core.sources.kinds import FILES, kinds
from pages.components.command_line import DATA, forget_files, has_files
from pages.components.help import help_link
from pages.components.origin import Missing, has_left, origin, set_origin
from pages.components.question import question
from pages.components.reading import read_differently
from pages.components.result import SHOWN
from pages.components.session_cache import RESULT
from pages.components.source import load_error
from pages.components.source_box import BOX, argument_keys
from pages.components.text import escape_markdown
from pages.components.upload import empty_boxes, files_in

GONE_TOO = (
    "Also gone: answers about the files, measures, scenarios, names of segments and named views. If you saved a "
    "project, open it under “Project” in the sidebar: it has them all."
)


def missing_page(title: str, missing: Missing) -> None:
    """The page under its title: what happened, the open question, what to do."""
    st.title(title, anchor=False)
    if not question():
        say, icon = (st.error, ":material/error:") if missing.refused else (st.warning, ":material/folder_off:")
        say(escape_markdown(missing.happened), icon=icon)
        st.markdown(escape_markdown(_remedy(missing.refused)))
        if not missing.refused and not has_left():
            st.markdown(GONE_TOO)
        help_link("files")
    if missing.refused and load_error():
        read_differently()
    st.button(
        "Show the sample data", icon=":material/science:", key="show_sample", on_click=_show_sample,
        help="Made-up customers. It empties the boxes for files.",
    )  # fmt: skip


def _remedy(refused: str) -> str:
    wait = "Filters and settings are kept."
    if refused and has_files() and not files_in(BOX):
        return f"Correct {DATA} and start the app again, or drop other files into “Customer files” in the sidebar."
    if source_kind := next((kind for kind in kinds() if kind.key == origin() != FILES), None):
        return f"Open it under “{source_kind.label}” in the sidebar. {wait}"
    what, where = ("result", "Open a result") if origin() == RESULT else ("files", "Customer files")
    if refused:
        return f"Remove {refused} by the ✕ beside it in the sidebar, then drop a corrected one into “{where}”. {wait}"
    return f"Drop the same {what} into “{where}” in the sidebar. {wait}"


def _show_sample() -> None:
    empty_boxes()
    forget_files()
    st.session_state.update(dict.fromkeys(argument_keys(), ""))
    if SHOWN in st.session_state:
        st.session_state[SHOWN] = False  # a result of the command line
    set_origin("")
