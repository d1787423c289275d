"""Boxes for files."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile

from core.errors import DataError
from core.files import MEGABYTE, check_bytes
from core.sources.file import FileSource

TURN = "turn of the boxes"  # session state: how often all boxes were emptied
_NUMBERS = count()


def box(key: str) -> str:
    """The key of a box for files. It changes when the box is emptied, since a box drops its files only so."""
    turn = st.session_state.get(TURN, 0)
    return f"{key} {turn}" if turn else key


def files_in(key: str) -> list[UploadedFile]:
    """The files in a box that the server has; the browser also lists files from before a restart."""
    return [file for file in _values(st.session_state.get(box(key))) if isinstance(file, UploadedFile)]


def lost_files(key: str) -> int:
    """How many files a box lists that the server lost in a restart."""
    return sum(isinstance(file, DeletedFile) for file in _values(st.session_state.get(box(key))))


def check_upload_size(name: str, size: int, remedy: str) -> None:
    """Refuse a file above the server's limit, which the box shows but does not enforce.

    Raises
    ------
    DataError
        It has more bytes.
    """
    check_bytes(name, size, st.get_option("server.maxUploadSize") * MEGABYTE, remedy)


def with_uploads(
    files: Mapping[str, FileSource], uploads: Iterable[UploadedFile], key: str, *, most: int, remedy: str
) -> tuple[dict[str, FileSource], list[str]]:
    """Files with those of a box, each under a `key` with a new number, and why others were not taken.

    Those are too large, or more than `most`.
    """
    found, refused = dict(files), []
    for upload in uploads:
        try:
            check_upload_size(upload.name, upload.size, "Use the command line for it.")
            if len(found) >= most:
                raise DataError(f"There are {most} files already.", remedy, file=upload.name)
            found[f"{key} {next(_NUMBERS)}"] = FileSource(upload.name, upload.getvalue())
        except DataError as error:
            refused.append(str(error))
    return found, refused


def empty_boxes() -> None:
    """Remove the files of all boxes from the server's memory, and show empty boxes; a callback."""
    context = get_script_run_ctx()
    for upload in _uploads():
        context.uploaded_file_mgr.remove_file(context.session_id, upload.file_id)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _uploads() -> Iterator[UploadedFile]:
    """The files in all boxes."""
    for value in st.session_state.values():
        yield from (file for file in _values(value) if isinstance(file, UploadedFile))


def _values(state: object) -> list[object]:
    return state if isinstance(state, list) else [state]
