"""The project: saved and opened in the sidebar, and by the command line; named views; what an opened one lacks."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar

import streamlit as st

from core.errors import DataError
from core.files import read_file, write_all
from core.project import DOCUMENT, NAME, Bookmark, Data, Project, from_json, with_bookmark
from core.rules import Intake, Rules
from core.segments.model_file import from_dict
from core.strategy.scenario import Scenario, with_scenario
from pages import PAGES, TITLE
from pages.components import command_line, measures, profiles, remarks, scenarios, segment_inputs
from pages.components.decisions import RulesFile, use_rules_file
from pages.components.flag_rules import AGES, DAYS, VALUATIONS
from pages.components.help import help_link
from pages.components.history import step_number
from pages.components.link import STEP
from pages.components.origin import PARAMETER, is_sample, known_kind, origin, set_origin
from pages.components.saved_model import ProjectModel
from pages.components.session_cache import PROJECT_MODEL
from pages.components.settings import BOOKMARKS, OPENED, run_again, set_inputs, set_state, state_now, write_into_address
from pages.components.source_box import dropped_projects
from pages.components.text import escape_markdown
from pages.components.trail import download_button
from pages.components.upload import box
from pages.components.view import View

SECTION = "project section"
UPLOAD, TYPED, PICKED = "project_upload", "bookmark_name", "bookmark_picked"
STARTED, SEEN, MESSAGE, SAVED = (f"project {name}" for name in ("started", "dropped", "message", "saved to"))
ON_DISK: Final = "project on disk"  # session state: the digest of the file that was opened or written last
CHANGED: Final = "Not saved: {} is not the one that was opened or saved here. Press again to replace it."
GO: Final = "page to go to"
SAMPLE: Final = "the sample data"
Bound = TypeVar("Bound", date, int)


@dataclass(frozen=True)
class Opened:
    """The project that was opened last: file, what it was made with, SHA-256 of data → scenarios that wait for them."""

    file: str
    data: Data
    waiting: Mapping[str, tuple[Scenario, ...]] = field(default_factory=dict)


def start_project() -> None:
    """Before the sidebar is drawn, open the project of the command line, once a session; go to a named view's page.

    After a reload the address has what a link carries, which the analyst may have changed since.
    """
    path = command_line.project_path()
    if path and STARTED not in st.session_state:
        st.session_state[STARTED] = True
        try:
            content = read_file(path, DOCUMENT.most_bytes)
            _open(from_json(content, path.name), path.name, shown=not {PARAMETER, STEP} & {*st.query_params})
            st.session_state[ON_DISK] = sha256(content).digest()
        except DataError as error:
            st.session_state[MESSAGE] = str(error)
        except OSError as error:
            st.session_state[MESSAGE] = f"{path}: {error.strerror}. Correct {command_line.PROJECT}, and start again."
        if st.session_state[TITLE] != next(iter(PAGES.values()))[0]:  # the address names a page
            st.session_state.pop(GO, None)
    if page := st.session_state.pop(GO, ""):
        st.switch_page(f"pages/{page}.py", query_params={})  # widgets and sidebar write the address again
    write_into_address()


def open_dropped() -> None:
    """Open a project that was dropped among the customer files; once, before what it sets is drawn."""
    seen = st.session_state.setdefault(SEEN, set())
    for file in dropped_projects():
        if file.file_id not in seen:
            seen.add(file.file_id)
            _read(file.name, file.getvalue())


def hand_over(view: View) -> None:
    """Put the scenarios of an opened project beside the data that they belong to."""
    opened: Opened | None = st.session_state.get(OPENED)
    if opened and (found := opened.waiting.get(view.study.digest)):
        try:
            stored = st.session_state.get(scenarios.STORED, ())
            st.session_state[scenarios.STORED] = with_scenario(found, *stored)
            others = {data: waiting for data, waiting in opened.waiting.items() if data != view.study.digest}
            st.session_state[OPENED] = replace(opened, waiting=others)
        except DataError as error:
            st.session_state[MESSAGE] = str(error)


def project_messages() -> None:
    """Why a project is not open, on top of the page."""
    if message := st.session_state.get(MESSAGE):
        st.error(escape_markdown(message), icon=":material/error:")
    if command_line.is_refused():
        st.warning(command_line.ON_SHARED, icon=":material/lock:")


def project_section(view: View | None) -> None:
    """Save, open, named views; `view` is None while data is missing."""
    if view:
        _say_other_data(view)
    with st.expander("Project", icon=":material/inventory_2:", key=SECTION, on_change="rerun") as section:
        if section.open:
            _section(view)
        if view:
            run_again()
        step_number()  # always drawn, since the address has it


def _section(view: View | None) -> None:
    if view:
        _save_buttons(view)
    st.file_uploader(
        "Open project", type=["json"], key=box(UPLOAD), on_change=_open_upload,
        help="A project saved here: rules, answers, names, measures, scenarios, filters, named views. It has no "
        "customers: drop their files, too. It can be undone.",
    )  # fmt: skip
    if view:
        _bookmarks()
        remarks.remarks_elsewhere(view)
    help_link("projects")


def project_of(view: View) -> Project:
    """All that the analyst decided; a saved model counts groups of any size, so not while small ones are hidden."""
    get, study = st.session_state.get, view.study
    opened: Opened | None = get(OPENED)
    return Project(
        study.rules,
        Data(origin(), tuple(study.files), study.digest),
        state_now(),
        get(profiles.NAMES, {}),
        get(measures.STORED, ()),
        view.showable(get(scenarios.STORED, ())),
        get(BOOKMARKS, ()),
        view.saved.to_dict() if view.saved and not view.hide else None,
        dict(opened.waiting) if opened else {},
        remarks.stored(),
        {} if view.hide else get(segment_inputs.STORED, {}),
    )


def _save_buttons(view: View) -> None:
    project = project_of(view)
    content = project.to_json()
    if path := command_line.project_path():
        st.button(
            "Save project", icon=":material/save:", key="save_project", on_click=_write, args=(path, content),
            width="stretch", help=f"Writes {path.absolute()}",
        )  # fmt: skip
    download_button(
        "Download project" if path else "Save project", content, path.name if path else NAME, "application/json",
        icon=":material/download:", on_click="ignore", key="download_project", width="stretch",
        help="One small file with all that you decided here, and no customer. Open it with the same files.",
    )  # fmt: skip
    if message := st.session_state.pop(SAVED, ""):
        st.caption(escape_markdown(message))
    few = len(st.session_state.get(scenarios.STORED, ())) > len(project.scenarios)
    hidden = [
        *(["the saved model"] if view.saved and view.hide else []),
        *(["scenarios for few customers"] if few else []),
    ]
    if hidden:
        st.caption(f"Without {' and '.join(hidden)} while small groups are hidden.")


def _write(path: Path, content: bytes) -> None:
    """Write the project; what another session wrote, or what could not be opened, is replaced at the second press."""
    try:
        there = sha256(read_file(path, DOCUMENT.most_bytes)).digest() if path.exists() else None
        if there not in (None, st.session_state.get(ON_DISK)):
            st.session_state.update({ON_DISK: there, SAVED: CHANGED.format(path.name)})
            return
        write_all(path.absolute().parent, {path.name: content})
        st.session_state.update({ON_DISK: sha256(content).digest(), SAVED: f"Saved to {path.absolute()}."})
    except DataError as error:
        st.session_state[SAVED] = f"Not saved. {error.found} Download it instead."
    except OSError as error:
        st.session_state[SAVED] = f"Not saved. {error.strerror}. Download it instead."


def _bookmarks() -> None:
    bookmarks: tuple[Bookmark, ...] = st.session_state.get(BOOKMARKS, ())
    st.text_input("Named view", key=TYPED, placeholder=f"View {len(bookmarks) + 1}", max_chars=60)
    st.button("Save view", icon=":material/bookmark_add:", key="save_bookmark", on_click=_save_bookmark)
    if not bookmarks:
        st.caption("A named view is the page with its filters, clicks and segments. The project keeps it.")
        return
    names = [one.name for one in bookmarks]
    picked = st.selectbox("Saved views", names, key=PICKED)
    with st.container(horizontal=True):
        st.button("Go to view", icon=":material/bookmark:", key="go_to_bookmark", on_click=_go_to, args=(picked,))
        st.button("Delete view", icon=":material/delete:", key="delete_bookmark", on_click=_delete, args=(picked,))


def _save_bookmark() -> None:
    bookmarks = st.session_state.get(BOOKMARKS, ())
    name = st.session_state[TYPED].strip() or f"View {len(bookmarks) + 1}"
    try:
        st.session_state[BOOKMARKS] = with_bookmark(bookmarks, Bookmark(name, state_now()))
        st.session_state.update({TYPED: "", MESSAGE: ""})
    except DataError as error:
        st.session_state[MESSAGE] = str(error)


def _go_to(name: str) -> None:
    state = next(one.state for one in st.session_state[BOOKMARKS] if one.name == name)
    set_state(state)
    _go_to_page(state.page)


def _go_to_page(page: str) -> None:
    if page in PAGES and PAGES[page][0] != st.session_state.get(TITLE):
        st.session_state[GO] = page


def _delete(name: str) -> None:
    st.session_state[BOOKMARKS] = tuple(one for one in st.session_state[BOOKMARKS] if one.name != name)


def _open_upload() -> None:
    if (upload := st.session_state[box(UPLOAD)]) is not None:
        _read(upload.name, upload.getvalue())


def _read(name: str, content: bytes) -> None:
    try:
        _open(from_json(content, name), name)
        st.session_state[MESSAGE] = ""
    except DataError as error:
        st.session_state[MESSAGE] = str(error)


def _open(project: Project, file: str, *, shown: bool = True) -> None:
    """Set the session to a project; without what a link carries, unless it is to be `shown`."""
    state, rules = st.session_state, project.rules
    decided = rules.intake != Intake() or rules.checked
    use_rules_file(RulesFile(file, rules.intake, rules.checked) if decided else None)
    state.update({profiles.NAMES: project.names, measures.STORED: project.measures, BOOKMARKS: project.bookmarks})
    state[remarks.STORED] = project.remarks
    state[segment_inputs.STORED] = project.inputs
    state[PROJECT_MODEL] = None if project.model is None else ProjectModel(file, from_dict(project.model, file))
    own = {project.data.sha256: project.scenarios} if project.scenarios else {}
    state[OPENED] = Opened(file, project.data, {**project.waiting, **own})
    if shown:
        set_state(project.state)
        set_inputs(_inputs(rules))
        _go_to_page(project.state.page)
    gone = f"The project {file} was made with {_names(project.data)}, not open now."
    set_origin(known_kind(project.data.kind), gone)


def _inputs(rules: Rules) -> dict[str, Any]:
    """The sidebar's inputs for the rules."""
    affluent = rules.mass_affluent
    return {
        "as_of": _within(DAYS, rules.as_of),
        "numbers": rules.numbers,
        "min_valuation": _within(VALUATIONS, int(affluent.min_property_valuation)),
        "measure": affluent.measure,
        "min_measure": affluent.min_measure,
        "max_measure": affluent.max_measure,
        "below_age": _within(AGES, rules.high_potential.below_age),
    }


def _within(bounds: tuple[Bound, Bound], value: Bound) -> Bound:
    low, high = bounds
    return min(max(value, low), high)


def _say_other_data(view: View) -> None:
    opened: Opened | None = st.session_state.get(OPENED)
    if opened and opened.data.sha256 != view.study.digest:
        now = SAMPLE if is_sample(view.study) else ", ".join(view.study.files)
        st.warning(
            escape_markdown(
                f"{opened.file} was made with {_names(opened.data)}; open now: {now}. Its rules and settings apply, "
                "its scenarios and names of segments wait for its own files."
            ),
            icon=":material/difference:",
        )


def _names(data: Data) -> str:
    return ", ".join(data.files) if data.kind else SAMPLE
