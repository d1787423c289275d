"""The files of other months: the box that takes them, the month of each, and what was read of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import streamlit as st

from core.customer_base import rows_of
from core.errors import DataError
from core.months.dates import month_of_files, month_of_text, written
from core.months.month import Month, month_of, read_month
from core.segments.model import Model
from core.sources.file import FileSource
from core.views.summary import counted
from core.workers.process import report
from pages.components.session_cache import MONTHS, session_cache
from pages.components.text import escape_markdown
from pages.components.upload import box, with_uploads
from pages.components.view import View
from pages.components.worker import in_worker

BOX: Final = "months"
TAKEN: Final = "months taken"  # session state: how often the box was emptied into the list
REFUSED: Final = "months refused"  # session state: why files were not taken
READ: Final = "months read"  # session state: what identifies a file, its month and the segments → month or error
AGREED: Final = "months to be read again"  # session state: `Target.key`
OWN: Final = "month of the open data"
MOST: Final = 36  # files: more lines of a table and points of a chart than can be read
LARGE: Final = 20_000_000  # bytes that are not read again at each step of a slider


@dataclass(frozen=True, eq=False)
class Target:
    """The segments that months are put into: a model that is never fitted anew, and the month of its day of ages."""

    model: Model
    first: date

    @property
    def key(self) -> str:
        """What tells it from any other; the names of segments aside."""
        document = self.model.to_dict()
        for segment in document["segments"]:
            del segment["name"], segment["colour"]
        return repr((document["features"], document.get("categories"), document["segments"], document.get("clustering"),
                     self.model.reading_rules, self.model.wealth, self.first))  # fmt: skip


def file_box() -> None:
    """The box; what is dropped goes into a list, since a box forgets its files on another page."""
    key = f"{box(BOX)} {st.session_state.get(TAKEN, 0)}"
    st.file_uploader(
        "Files of other months", accept_multiple_files=True, key=key, on_change=_take, args=(key,),
        help="One file a month, as the files of the customers. Each month's customers are put into these segments, and "
        "nothing is fitted anew. Its month is in its name (customers_2024-03.csv) or in "
        "a column such as report_date, or you write it here.",
    )  # fmt: skip
    for sentence in st.session_state.get(REFUSED, ()):
        st.warning(escape_markdown(sentence), icon=":material/warning:")


def _take(key: str) -> None:
    dropped, before = st.session_state.get(key) or (), st.session_state.get(MONTHS, {})
    files, refused = with_uploads(before, dropped, "month", most=MOST, remedy="Use the command line.")
    st.session_state.update({MONTHS: files, REFUSED: refused, TAKEN: st.session_state.get(TAKEN, 0) + 1})


def target_of(view: View) -> Target:
    """The segments in use, with the rules and the band of the open data."""
    study = view.study
    model = replace(view.model, rules=study.rules, wealth=study.wealth)
    typed = st.session_state.get(OWN) or ""
    as_of = study.rules.as_of
    return Target(model, month_of_text(typed, as_of) or month_of_files(study.files, as_of))


def read_months(view: View, target: Target, *, ask: bool = True) -> tuple[dict[str, Month], list[DataError]]:
    """What was read of each file by its id, the open data first, and why others cannot be used.

    Large files wait for a button once the segments are others: nothing is returned until then. Without `ask` it is
    another place of the page that has the button.
    """
    files: Mapping[str, FileSource] = st.session_state.get(MONTHS, {})
    key, known = target.key, st.session_state.get(READ, {})
    wanted = {name: (name, st.session_state.get(name) or "", key) for name in files}
    missing = [name for name, stamp in wanted.items() if stamp not in known]
    others = {name for name, _, made_for in known if made_for != key} & {*missing}
    if sum(files[name].size for name in others) >= LARGE and st.session_state.get(AGREED) != key:
        if ask:
            _ask(view, key)
        return {}, []
    for name in missing:  # each is kept at once, as the next one may take long
        known = {**known, wanted[name]: _read(files[name], wanted[name][1], target)}
        st.session_state[READ] = known
    found = st.session_state[READ] = {stamp: known[stamp] for stamp in wanted.values()}
    by_name = {OWN: _own(f"{view.made_from} {view.study.wealth} {target.first}", target.first, view)}
    by_name |= {name: found[stamp] for name, stamp in wanted.items()}
    errors = [one for one in by_name.values() if isinstance(one, DataError)]
    if (typed := st.session_state.get(OWN) or "").strip() and not _typed_month(typed, target):
        errors.append(_no_month(typed, ", ".join(view.study.files)))
    return {name: one for name, one in by_name.items() if isinstance(one, Month)}, errors


def _ask(view: View, key: str) -> None:
    st.info("The segments, or how files are read, have changed.", icon=":material/sync:")
    label = f"Put the months into these {counted(view.segments.k, 'segment')}"
    st.button(label, key="months_again", on_click=st.session_state.update, args=({AGREED: key},))


def _read(source: FileSource, typed: str, target: Target) -> Month | DataError:
    place = st.empty()
    with place.status(f"Reading {escape_markdown(source.name)}…") as status:
        try:
            month = _typed_month(typed, target)
            if typed.strip() and month is None:
                raise _no_month(typed, source.name)
            found: Month | DataError = in_worker(
                read_month, source, target.model, target.first, month, report, name=source.name, size=source.size,
                say=lambda step: status.update(label=escape_markdown(f"{step}…")),
            )  # fmt: skip
        except DataError as error:
            found = error
    place.empty()
    return found


def _typed_month(typed: str, target: Target) -> date | None:
    return month_of_text(typed, target.model.rules.as_of) if typed.strip() else None


def _no_month(typed: str, file: str) -> DataError:
    return DataError(f"“{typed}” is no month.", "Write it such as 2024-03.", file=file)


def file_rows(view: View, target: Target, months: Mapping[str, Month]) -> None:
    """The month of each file, to change, and a button that removes it."""
    with st.grid(3, min_column_width=240):
        _month_box(", ".join(view.study.files), OWN, months.get(OWN), written(target.first))
        for name, source in st.session_state.get(MONTHS, {}).items():
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                _month_box(source.name, name, months.get(name))
                st.button(
                    "Remove", key=f"remove {name}", on_click=_remove, args=(name,), type="tertiary",
                    help=f"Remove {escape_markdown(source.name)}",
                )  # fmt: skip


def _month_box(file: str, key: str, month: Month | None, default: str = "") -> None:
    st.text_input(
        f"Month of {escape_markdown(file)}", key=key, max_chars=30, persist_state="session",
        placeholder=written(month.month) if month else default or "2024-03",
    )  # fmt: skip


def _remove(name: str) -> None:
    st.session_state[MONTHS] = {key: one for key, one in st.session_state[MONTHS].items() if key != name}
    st.session_state.pop(name, None)


@session_cache(st.cache_resource, everybody=4, own=1)
def _own(key: str, first: date, _view: View) -> Month:  # noqa: ARG001
    return month_of(rows_of(_view.study), _view.segments, first)
