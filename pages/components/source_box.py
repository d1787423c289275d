"""The sidebar's choice of where the customers come from, and the box of the kind of source that is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.errors import DataError
from core.project import is_project
from core.sources.file import FileSource
from core.sources.kinds import FILES, SourceKind, kinds
from core.sources.source import Source
from pages.components.origin import origin
from pages.components.upload import box, check_upload_size

BOX = "uploads"  # the box of files
KIND = "kind of source"  # session state: the key of the kind that is chosen
UPLOADED, OPENED = "uploaded sources", "opened source"  # session state: id of a file in the box → source; a `Picked`
PROJECTS = "projects among the files"  # session state: they are opened, not read as customers
_OPENINGS = count()


@dataclass(frozen=True)
class Picked:
    """The content of the box: its sources, a stamp that identifies them, and why they cannot be read, if so."""

    kind: SourceKind
    sources: tuple[Source, ...] = ()
    stamp: tuple[str, ...] = ()
    error: DataError | None = None

    @property
    def names(self) -> str:
        """The names of the sources."""
        return ", ".join(sorted(source.name for source in self.sources))

    def __bool__(self) -> bool:
        """Whether there is anything in the box."""
        return bool(self.stamp)


def source_box() -> Picked:
    """The choice of a kind, if there are several, and its box."""
    by_key = {kind.key: kind for kind in kinds()}
    chosen = _choice(by_key)
    if chosen == FILES:
        return _upload_box(by_key[FILES])
    picked = _argument_box(by_key[chosen])
    with st.expander(by_key[FILES].label, icon=":material/upload_file:"):
        _upload_box(by_key[FILES])  # drawn, so that it keeps its files
    return picked


def dropped_projects() -> list[UploadedFile]:
    """The projects in the box of files."""
    return st.session_state.get(PROJECTS, [])


def argument_keys() -> list[str]:
    """The session state of all boxes for an argument."""
    return [_argument_key(kind) for kind in kinds() if kind.key != FILES]


def _choice(by_key: dict[str, SourceKind]) -> str:
    if len(by_key) == 1:
        return FILES
    default = origin() if origin() in by_key else FILES
    return st.segmented_control(
        "Customers from", list(by_key), key=KIND, default=None if KIND in st.session_state else default, required=True,
        format_func=lambda key: by_key[key].label, persist_state="session",
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


def _argument_box(kind: SourceKind) -> Picked:
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
