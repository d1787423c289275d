"""A small file that the analyst wrote here before, dropped into a box of its own."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.errors import RulesError

LARGEST = 2**20  # bytes


def dropped(key: str) -> UploadedFile | None:
    """The file in the box of a key; None if there is none.

    Raises
    ------
    RulesError
        It is too large to be one.
    """
    upload = st.session_state[key]
    if upload is not None and upload.size > LARGEST:
        raise RulesError("The file is larger than 1 MB.", "Load one that was downloaded here.", file=upload.name)
    return upload
