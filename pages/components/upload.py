"""Boxes for files."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

# Streamlit copies the value of a widget in every run; of a file that is all its bytes, which nobody here changes.
UploadedFile.__deepcopy__ = lambda upload, _: upload
TURN = "turn of the boxes"  # session state: how often all files were deleted


def box(key: str) -> str:
    """The key of a box for files: another one after they are deleted, since only so it forgets them."""
    turn = st.session_state.get(TURN, 0)
    return f"{key} {turn}" if turn else key
