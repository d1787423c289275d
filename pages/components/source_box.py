"""The sidebar's choice of where the customers come from, and the box of the kind of source that is chosen."""

from collections.abc import Callable, Mapping, Sequence
from itertools import count

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.errors import DataError
from core.project import is_project
from core.sources.database import DATABASE
from core.sources.file import FileSource
from core.sources.kinds import FILES, SourceKind, kinds
from pages.components.database import database_box
from pages.components.origin import origin
from pages.components.picked import OPENED, Picked
from pages.components.place import PagePlace
from pages.components.session_cache import RESULT
from pages.components.upload import box, check_upload_size

BOX = "uploads"  # the box of files
KIND = "kind of source"  # session state: the key of the kind that is chosen
UPLOADED = "uploaded sources"  # session state: id of a file in the box → source
PROJECTS = "projects among the files"  # session state: they are opened, not read as customers
_OPENINGS = count()


def source_box(place: PagePlace) -> Picked:
    """The choice of a kind and its box; that of a result is drawn by `result.result_box`.

    `place` is that of the page, which is covered while rows are read.
    """
    by_key = {kind.key: kind for kind in kinds()}
    chosen = _choice(by_key)
    if chosen == FILES:
        return _upload_box(by_key[FILES])
    if chosen == RESULT:
        with st.expander(by_key[FILES].label, icon=":material/upload_file:"):
            return _upload_box(by_key[FILES])
    picked = BOXES.get(chosen, _argument_box)(by_key[chosen], place)
    with st.expander(by_key[FILES].label, icon=":material/upload_file:"):
        _upload_box(by_key[FILES])  # drawn, so that it keeps its files
    return picked


def dropped_projects() -> list[UploadedFile]:
    """The projects in the box of files."""
    return st.session_state.get(PROJECTS, [])


def argument_keys() -> list[str]:
    """The session state of all boxes for an argument."""
    return [_argument_key(kind) for kind in kinds() if kind.key not in (FILES, *BOXES)]


def is_result_chosen() -> bool:
    """Whether the kind that is chosen is a result."""
    return st.session_state.get(KIND) == RESULT


def _choice(by_key: Mapping[str, SourceKind]) -> str:
    labels = {key: kind.label for key, kind in by_key.items()} | {RESULT: "Result"}
    default = origin() if origin() in labels else FILES
    return st.segmented_control(
        "Customers from", [*labels], key=KIND, default=None if KIND in st.session_state else default, required=True,
        format_func=labels.__getitem__, persist_state="session",
    )  # fmt: skip


def _upload_box(kind: SourceKind) -> Picked:
    """The box to drop files into; the server's upload limit is checked again."""
    uploads = st.file_uploader(
        "Customer files", accept_multiple_files=True, key=box(BOX),
        help="CSV, Excel, Parquet, Feather, Stata, SPSS, SAS or JSON, also as .gz or .zip. Several tables are joined on"
        " the customer id. Borders of your own territories, as GeoJSON or TopoJSON, are drawn as the map.",
    )  # fmt: skip
    projects = [file for file in uploads if file.name.lower().endswith(".json") and is_project(file.getvalue())]
    st.session_state[PROJECTS] = projects
    uploads = [file for file in uploads if file not in projects]
    known = st.session_state.get(UPLOADED, {})
    # Sources are kept between runs, since the digest of a large file takes long to compute.
    by_id = {file.file_id: known.get(file.file_id) or FileSource(file.name, file.getvalue()) for file in uploads}
    st.session_state[UPLOADED] = by_id
    return Picked(kind, tuple(by_id.values()), tuple(by_id), _too_large(uploads))


def _too_large(uploads: Sequence[UploadedFile]) -> DataError | None:
    try:
        for upload in uploads:
            check_upload_size(upload.name, upload.size, "Use the command line for it.")
    except DataError as error:
        return error
    return None


def _argument_box(kind: SourceKind, _: PagePlace) -> Picked:
    """The box for an argument, as on the command line; the source stays open until the text changes."""
    argument = st.text_input(
        kind.label, key=_argument_key(kind), placeholder=kind.argument, help=kind.help, persist_state="session"
    ).strip()
    again = st.button("Read again", icon=":material/refresh:", key="open_again", disabled=not argument)
    if not argument:
        st.session_state.pop(OPENED, None)
        return Picked(kind)
    known = st.session_state.get(OPENED)
    if again or known is None or known.stamp[:2] != (kind.key, argument):
        st.session_state[OPENED] = _opened(kind, argument)
    return st.session_state[OPENED]


def _opened(kind: SourceKind, argument: str) -> Picked:
    stamp = kind.key, argument, str(next(_OPENINGS))
    try:
        if not kind.recognises(argument):
            raise DataError(f"This does not have the form {kind.argument}.", "Correct it.", file=argument)
        return Picked(kind, tuple(kind.open(argument)), stamp)
    except DataError as error:
        return Picked(kind, (), stamp, error)


def _argument_key(kind: SourceKind) -> str:
    return f"argument of {kind.key}"


BOXES: Mapping[str, Callable[[SourceKind, PagePlace], Picked]] = {
    DATABASE: database_box
}  # kinds with a box of their own
