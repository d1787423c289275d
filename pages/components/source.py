"""Where the customers come from: the bundled sample, or the files the analyst drops."""

from dataclasses import replace
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.customer_base import CustomerBase
from core.errors import DataError
from core.intake.read import SourceFile
from core.pipeline import digest_of, load, matrix_of, segment, segment_by, with_rules
from core.rules import Intake, Rules
from core.segments.choice import FeatureChoice
from core.segments.features import FeatureMatrix
from core.segments.fit import Fit
from core.segments.model import Model
from core.segments.profile import Segments
from core.segments.score import assign
from core.study import Study
from core.workers.process import report
from data.generate import SAMPLE
from pages.components.memory import STUDY, forget_own, is_upload, kept
from pages.components.origin import Missing, missing, origin
from pages.components.text import plain
from pages.components.upload import box, check_upload_size, files_in, lost_files
from pages.components.worker import in_worker

LOADED, MESSAGE, ERROR = "loaded", "load_message", "load_error"
READ, DIGESTS = "files read", "digests"  # digests of the files behind the customers; id of a file in the box → digest
BOX = "uploads"
NOT_HERE = (
    "Files that the sidebar lists are no longer on the server, which was started anew. The figures are without them: "
    "remove them by ✕ and drop them again."
)


def uploader() -> list[UploadedFile]:
    """The box to drop files into; the server's upload limit is checked again when they are read."""
    return st.file_uploader(
        "Customer files",
        accept_multiple_files=True,
        key=box(BOX),
        help="CSV, Excel or Parquet. Several tables are joined on the customer id.",
    )


def content_of(uploads: list[UploadedFile]) -> str:
    """What tells the content of some files from any other, whatever their names; empty without files."""
    known = st.session_state.get(DIGESTS, {})
    found = {one.file_id: known.get(one.file_id) or SourceFile(one.name, one.getvalue()).digest for one in uploads}
    st.session_state[DIGESTS] = found
    return digest_of(sorted(set(found.values()))) if uploads else ""


def current_study(uploads: list[UploadedFile], rules: Rules, progress: DeltaGenerator) -> tuple[Study | Missing, str]:
    """The customers to show or what is missing, and why the last upload is not among them, if so.

    A file that cannot be read leaves the data as it was, until the box is empty. The sample never stands in for own
    data. `rules` are those of reading; `progress` is the container in which a load says how far it is.
    """
    if not uploads:
        if LOADED in st.session_state or STUDY in st.session_state:
            _forget()
        return (missing() if origin() else _sample_under(rules)), ""
    wanted = (tuple(upload.file_id for upload in uploads), rules.as_of, rules.intake)
    if st.session_state.get(LOADED) != wanted:
        with progress:
            _load(uploads, rules)
        st.session_state[LOADED] = wanted
        if not load_error():
            st.session_state[READ] = set(st.session_state[DIGESTS].values())
    study, message = st.session_state.get(STUDY), st.session_state[MESSAGE]
    if study is None:
        return Missing(message, refused=st.session_state[ERROR].file or "the file"), ""
    if message:
        shown = f"Still shown, as loaded before: {', '.join(study.files)}."
        return study, f"{message} {shown} Remove the refused file by the ✕ beside it."
    return study, NOT_HERE if lost_files(BOX) else ""


def flagged(study: Study, rules: Rules) -> Study:
    """The customers under the rules of the flags; what was read stays as it was read."""
    rules = replace(rules, as_of=study.rules.as_of, intake=study.rules.intake)
    if study.rules != rules:
        study = with_rules(study, rules)
        if is_upload():
            st.session_state[STUDY] = study
    return study


def load_error() -> DataError | None:
    """Why the last upload could not be used."""
    return st.session_state.get(ERROR)


@kept(st.cache_resource, everybody=64, own=16, show_spinner="Finding segments…")
def segments_of(key: tuple[str, ...], k: int, features: FeatureChoice, _study: Study) -> Segments:
    """Segments of a study, fitted once per data, features and k; read-only, as every cached resource."""
    return segment(_study, k, matrix=matrix_for(key, features, _study))


@kept(st.cache_resource, everybody=8, own=1)  # one of a million customers takes 70 MB
def matrix_for(key: tuple[str, ...], features: FeatureChoice, _study: Study) -> FeatureMatrix:  # noqa: ARG001
    """The features of a study, standardised once for every number of segments; read-only."""
    return matrix_of(_study, features)


@kept(st.cache_resource, everybody=16, own=2, show_spinner="Finding segments…")
def segments_by(key: tuple[str, ...], document: dict, _model: Model, _study: Study) -> Segments:
    """The segments of a saved model, found once per data and model (`document`); read-only."""
    return segment_by(_study, _model, assigned=assigned_by(key, document, _model, _study))


@kept(st.cache_resource, everybody=4, own=1)
def assigned_by(key: tuple[str, ...], document: dict, _model: Model, _study: Study) -> tuple[FeatureMatrix, Fit]:  # noqa: ARG001
    """The features of a study under a saved model, and its segments: made once for all that ask; read-only."""
    return assign(_study.customers, _model, file=", ".join(_study.files))


def shown_files() -> list[SourceFile]:
    """The files behind the customers shown, to be read again."""
    if not is_upload():
        return [SourceFile(SAMPLE.name, SAMPLE.read_bytes())]
    read = st.session_state[READ]
    digests = st.session_state[DIGESTS]
    found = [_source(upload) for upload in files_in(BOX) if digests[upload.file_id] in read]
    if not read <= set(digests.values()):
        raise DataError("Files of these customers were removed.", "Drop them again.")
    return found


def study_key(study: CustomerBase) -> tuple[str, ...]:
    """What a study's customers depend on, flags aside."""
    return study.identity, study.rules.as_of.isoformat(), repr(study.rules.intake)


def _forget() -> None:
    for key in (STUDY, LOADED, MESSAGE, ERROR, READ):
        st.session_state.pop(key, None)
    forget_own()


def _load(uploads: list[UploadedFile], rules: Rules) -> None:
    with st.status("Loading your files…") as status:
        try:
            files = [_source(upload) for upload in uploads]
            st.session_state[STUDY] = in_worker(
                load, files, rules, report, name=", ".join(file.name for file in files),
                size=sum(upload.size for upload in uploads), say=lambda step: status.update(label=plain(f"{step}…")),
            )  # fmt: skip
            st.session_state[MESSAGE], st.session_state[ERROR] = "", None
            status.update(label="Files loaded", state="complete")
        except DataError as error:
            st.session_state[MESSAGE], st.session_state[ERROR] = str(error), error
            status.update(label="Files not loaded", state="error")


def _source(upload: UploadedFile) -> SourceFile:
    check_upload_size(upload.name, upload.size, "Use the command line for it.")
    return SourceFile(upload.name, upload.getvalue())


def _sample_under(rules: Rules) -> Study:
    # The bundled dates are day first; a choice of order is about the analyst's own files.
    intake = replace(rules.intake, date_order="auto")
    try:
        return _sample(rules.as_of, repr(intake), intake)
    except DataError:  # a rules file made for other files
        return _sample(rules.as_of, "", Intake())


@st.cache_resource(max_entries=16, show_spinner="Loading the bundled sample…")
def _sample(as_of: date, key: str, _intake: Intake) -> Study:  # noqa: ARG001
    return load([SourceFile(SAMPLE.name, SAMPLE.read_bytes())], Rules(as_of, intake=_intake))
