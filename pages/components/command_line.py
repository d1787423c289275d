"""The project and the files that the app was started with: `streamlit run streamlit_app.py -- --project … --data …`.

For one analyst on an own machine. The server reads them again in every session, so a reload keeps them. Their paths
come from the command line alone, never from an address.
"""

import sys
from itertools import pairwise
from pathlib import Path
from typing import Final

import streamlit as st

from core.errors import DataError
from core.files import read_file
from core.intake.read import MAX_BYTES
from core.sources.file import FileSource, files_at
from core.sources.kinds import FILES, KINDS
from core.sources.source import Source
from pages.components.picked import Picked
from pages.components.privacy import is_shared
from pages.components.text import escape_markdown

PROJECT, DATA = "--project", "--data"
SHOWN: Final = "files of the command line shown"  # session state
READ: Final = "files of the command line"  # session state: stamp → source
ON_SHARED: Final = f"The app was started with {PROJECT} or {DATA}. Both are ignored where it is set up for sharing."


def project_path() -> Path | None:
    """The project to start with."""
    paths = [] if is_shared() else _values(PROJECT)
    return Path(paths[-1]) if paths else None


def has_files() -> bool:
    """Whether there are files to start with."""
    return not is_shared() and bool(_values(DATA))


def is_refused() -> bool:
    """Whether the app was started with a project or files, and is set up for sharing."""
    return is_shared() and bool(_values(PROJECT) or _values(DATA))


def start_files() -> Picked:
    """The files to start with, unless the analyst has switched them off; nothing if there are none.

    They are read again once they change.
    """
    places = [] if is_shared() else _values(DATA)
    kind = KINDS[FILES]
    names = ", ".join(escape_markdown(Path(place).name) for place in places)
    if not places or not st.toggle(f"Show {names}", value=True, key=SHOWN, help="The files of the command line."):
        return Picked(kind)
    try:
        found = {_stamp(path): path for place in places for path in files_at(place)}
        known = st.session_state.get(READ, {})
        st.session_state[READ] = {stamp: known.get(stamp) or _source(path) for stamp, path in found.items()}
    except DataError as error:
        return Picked(kind, (), tuple(places), error)
    except OSError as error:
        place = str(error.filename or places[0])
        return Picked(kind, (), tuple(places), DataError(f"{error.strerror}.", f"Correct {DATA}.", file=place))
    return Picked(kind, tuple(st.session_state[READ].values()), tuple(found))


def forget_files() -> None:
    """Show the files to start with no longer; in a callback."""
    if SHOWN in st.session_state:
        st.session_state[SHOWN] = False


def _values(name: str) -> list[str]:
    """What follows each `name` on the command line, also after an equals sign."""
    arguments = sys.argv[1:]
    after = [value for option, value in pairwise(arguments) if option == name]
    return after + [one.removeprefix(f"{name}=") for one in arguments if one.startswith(f"{name}=")]


def _stamp(path: Path) -> str:
    """A text that changes with the content of a file."""
    status = path.stat()
    return f"{path.absolute()} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_size}"


def _source(path: Path) -> Source:
    return FileSource(path.name, read_file(path, MAX_BYTES))
