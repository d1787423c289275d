"""Boxes for files, and a small file in one that the analyst wrote here before."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.errors import RulesError

LARGEST = 2**20  # bytes
# Streamlit copies the value of a widget in every run; of a file that is all its bytes, which nobody here changes.
UploadedFile.__deepcopy__ = lambda upload, _: upload
TURN = "turn of the boxes"  # session state: how often all files were deleted


def box(key: str) -> str:
    """The key of a box for files: another one after they are deleted, since only so it forgets them."""
    turn = st.session_state.get(TURN, 0)
    return f"{key} {turn}" if turn else key


def dropped(key: str) -> UploadedFile | None:
    """The file in the box of a key; None if there is none.

    Raises
    ------
    RulesError
        It is too large to be one.
    """
    upload = st.session_state[box(key)]
    if upload is not None and upload.size > LARGEST:
        raise RulesError("The file is larger than 1 MB.", "Load one that was downloaded here.", file=upload.name)
    return upload
