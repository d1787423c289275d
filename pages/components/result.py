"""Opened results: their box, the one that is open, and the message where a page would need rows."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from core.cubes.file import NAME
from core.cubes.opened import OpenedResult, open_folder, opened
from core.errors import DataError
from core.segments.evidence import Score
from core.segments.profile import Segments
from pages.components.help import help_link
from pages.components.place import PagePlace
from pages.components.session_cache import RESULT, session_cache
from pages.components.source_box import is_result_chosen
from pages.components.text import escape_markdown
from pages.components.upload import box, check_upload_size
from pages.components.worker import in_worker

OPTION = "--result"  # on the command line, after `streamlit run streamlit_app.py --`: the folder of a result
SHOWN = "result shown"
OPENED = "result opened"  # session state: the stamp of the result that is on the page
FIXED = (
    "Segments, features and rules of a result are fixed. Close it in “Open a result”; files and a saved model wait "
    "until then."
)
Result = tuple[OpenedResult, Segments, Score | None]


def result_box(place: PagePlace) -> tuple[Result | None, str]:
    """The result that is open, and why the requested one is not opened, if so; `place` is covered while one opens."""
    with st.container() if is_result_chosen() else st.expander("Open a result", icon=":material/folder_open:"):
        file = st.file_uploader(
            NAME, type=["zip"], key=box(RESULT),
            help=f"The file {NAME} in a folder that the command line wrote, or from the downloads here. It has sums "
            "and no rows. Remove it to return to your files.",
        )  # fmt: skip
        help_link("results")
        folder = _folder()
        if file is None and folder:
            st.toggle(f"Show the result in {escape_markdown(folder.name)}", value=True, key=SHOWN)
    try:
        if file is not None:
            check_upload_size(file.name, file.size, f"Start the app with {OPTION} and its folder.")
            return _of(place, file.file_id, file.name, file.getvalue), ""
        return (_of_folder(place, folder) if folder and st.session_state[SHOWN] else None), ""
    except DataError as error:
        return None, f"The result is not opened. {error}"


def only_sums(what: str) -> None:
    """Say that something needs rows; `what` is the rest of the sentence."""
    st.info(f"This is a result, which has sums and no rows: {what}", icon=":material/functions:")


def _folder() -> Path | None:
    arguments = sys.argv[1:]
    at = arguments.index(OPTION) + 1 if OPTION in arguments else len(arguments)
    return Path(arguments[at]) if at < len(arguments) else None


def _of_folder(place: PagePlace, folder: Path) -> Result:
    return _of(place, f"{folder.absolute()} {_version(folder / NAME)}", NAME, lambda: open_folder(folder))


def _of(place: PagePlace, stamp: str, name: str, content: Any) -> Result:
    """The opened result; the first time, the page of the customers before is covered."""
    if st.session_state.get(OPENED) != stamp:
        place.cover(name, "Opening the result")
    found = _opened(stamp, name, content)
    st.session_state[OPENED] = stamp
    return found


def _version(path: Path) -> tuple[int, ...]:
    """Numbers that change with the content of a file, also where a copy has the time of its original."""
    if not path.exists():
        return ()
    status = path.stat()
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size


@session_cache(st.cache_resource, everybody=2, own=1, show_spinner="Opening the result…")
def _opened(stamp: str, name: str, _content: Callable[[], bytes]) -> Result:
    content = _content()
    return in_worker(opened, content, stamp, name, name=name, size=len(content))
