"""The files of a campaign: the box that takes them, what was read of them, and the columns that the analyst picks."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Final

import streamlit as st

from core.errors import DataError
from core.outcomes.columns import NONE, ColumnQuestionError, Columns
from core.outcomes.read import RULES, TrialChoices, read_trial
from core.outcomes.trial import Trial
from core.sources.file import FileSource
from core.sources.source import digest_of
from pages.components.session_cache import OUTCOMES
from pages.components.text import card_title, escape_markdown
from pages.components.upload import box, with_uploads
from pages.components.view import View
from pages.components.worker import in_worker

BOX: Final = "outcomes"
TAKEN: Final = "outcomes taken"  # session state: how often the box was emptied into the list
REFUSED: Final = "outcomes refused"  # session state: why files were not taken
READ: Final = "outcomes read"  # session state: what identifies files and choices, and the trial or error
MOST: Final = 6  # files: outcomes, assignment and plan are three
SINCE, UNTIL = "since", "until"
ASKED: Final = {  # part → label, and its help
    "treatment": ("Who was contacted", "The column that says to which group a customer was assigned."),
    "control": ("Control group", "The customers who were held out: those who were not to be contacted."),
    "converted": ("Conversion", "The column that says whether a customer converted."),
    "amount": ("Amount", "What a customer spent or brought. Several rows of a customer are added up."),
    "contacted": ("Really contacted", "Who was contacted in the end, where that is not the group as it was drawn."),
    "segment": ("Segments", "By what the results are told apart. It must have been known before the campaign."),
    "date": ("Day", "The day of the outcome, for the days that are counted."),
}
REQUIRED: Final = ("treatment", "control")


def campaign(view: View | None) -> Trial | None:
    """The campaign whose files were dropped; None until there are some that can be read."""
    files: Mapping[str, FileSource] = st.session_state.get(OUTCOMES, {})
    if not files:
        with st.container(border=True):
            card_title("Bring the outcomes back")
            st.markdown(
                "Drop the **outcomes** (a customer id, and who converted or how much each spent) together with the "
                "**assignment** of the target list. Or drop one file that has both: a column that says who was "
                "contacted, such as *group*, and one that says who converted."
            )
            _file_box()
        return None
    found = _read([*files.values()], view)
    with st.expander("Files and columns", icon=":material/table_view:", expanded=isinstance(found, DataError)):
        _file_rows(files)
        if isinstance(found, ColumnQuestionError):
            st.warning(escape_markdown(str(found)), icon=":material/help:")
            _pick(found.part, found.choices, "", files)
        elif isinstance(found, DataError):
            st.error(escape_markdown(str(found)), icon=":material/error:")
        else:
            _pickers(found, files)
        _file_box()
    return found if isinstance(found, Trial) else None


def _file_box() -> None:
    """The box; what is dropped goes into a list, since a box forgets its files on another page."""
    key = f"{box(BOX)} {st.session_state.get(TAKEN, 0)}"
    st.file_uploader(
        "Outcomes and assignment", accept_multiple_files=True, key=key, on_change=_take, args=(key,),
        help="The outcomes in any kind of file, and assignment.csv or the whole target_list.zip, which also brings the "
        "forecast. They are kept in the server's memory for this session only.",
    )  # fmt: skip
    for sentence in st.session_state.get(REFUSED, ()):
        st.warning(escape_markdown(sentence), icon=":material/warning:")


def _take(key: str) -> None:
    dropped, before = st.session_state.get(key) or (), st.session_state.get(OUTCOMES, {})
    files, refused = with_uploads(before, dropped, "outcomes", most=MOST, remedy="Remove one first.")
    st.session_state.update({OUTCOMES: files, REFUSED: refused, TAKEN: st.session_state.get(TAKEN, 0) + 1})


def _read(files: Sequence[FileSource], view: View | None) -> Trial | DataError:
    """What was read of the files with the choices made; kept while neither changes."""
    choices, stamp = _choices(files, view), _stamp(files)
    before, made_with, found = st.session_state.get(READ, ("", None, None))
    if before == stamp and (choices == made_with or _agrees(found, choices, made_with)):
        return found
    place = st.empty()
    with place.status("Reading the outcomes…"):
        try:
            found = in_worker(read_trial, files, (), choices, name=files[0].name, size=sum(one.size for one in files))
        except DataError as error:
            found = error
    place.empty()
    st.session_state[READ] = (stamp, choices, found)
    return found


def _agrees(found: Trial | DataError | None, choices: TrialChoices, before: TrialChoices) -> bool:
    """Whether choices are what was decided without them: boxes hold it once they are drawn."""
    if not isinstance(found, Trial) or choices.control not in ("", found.control):
        return False
    same = all(
        getattr(choices.columns, one.name) in ("", getattr(found.columns, one.name) or NONE) for one in fields(Columns)
    )
    return same and choices == replace(before, columns=choices.columns, control=choices.control)


def _choices(files: Sequence[FileSource], view: View | None) -> TrialChoices:
    picked = {name: st.session_state.get(_key(name, files)) for name in (*ASKED, SINCE, UNTIL)}
    columns = Columns(**{one.name: picked.get(one.name) or "" for one in fields(Columns)})
    rules = RULES
    if view:
        intake = view.study.rules.intake
        rules = replace(
            RULES, intake=replace(RULES.intake, date_order=intake.date_order, decimal_mark=intake.decimal_mark)
        )
    return TrialChoices(columns, picked["control"] or "", picked[SINCE], picked[UNTIL], rules)


def _pickers(trial: Trial, files: Mapping[str, FileSource]) -> None:
    """A choice for each part that several columns could be."""
    used = {one.name: getattr(trial.columns, one.name) for one in fields(Columns)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for part, headers in trial.offered.items():
            if headers:
                _pick(part, headers, used[part], files)
        if trial.control in trial.values:  # a yes or no needs no choice
            _pick("control", trial.values, trial.control, files)
        if used["date"]:
            for name, label in ((SINCE, "Outcomes from"), (UNTIL, "to")):
                st.date_input(label, None, key=_key(name, [*files.values()]), persist_state="session", width=150)


def _pick(part: str, options: Sequence[str], used: str, files: Mapping[str, FileSource]) -> None:
    label, hint = ASKED[part]
    choices = [*options] if part in REQUIRED else [*options, NONE]
    now = used or (None if part in REQUIRED else NONE)
    st.selectbox(
        label, choices, choices.index(now) if now in choices else None, key=_key(part, [*files.values()]), help=hint,
        format_func=lambda header: "None" if header == NONE else header, persist_state="session", width=190,
    )  # fmt: skip


def _file_rows(files: Mapping[str, FileSource]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for name, source in files.items():
            st.button(
                escape_markdown(source.name), key=f"remove {name}", icon=":material/close:", on_click=_remove,
                args=(name,), help=f"Remove {escape_markdown(source.name)}",
            )  # fmt: skip


def _remove(name: str) -> None:
    st.session_state[OUTCOMES] = {key: one for key, one in st.session_state[OUTCOMES].items() if key != name}


def _stamp(files: Sequence[FileSource]) -> str:
    return digest_of(f"{one.name} {one.digest}" for one in files)


def _key(part: str, files: Sequence[FileSource]) -> str:
    """The key of a choice, which is of these files only."""
    return f"outcomes {part} {_stamp(files)[:12]}"
