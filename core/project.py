"""A project: everything an analyst decided, without a customer; written as one small JSON file and read back."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any, Final, Literal

from msgspec import Meta

from core.documents import Document, refuse_newer
from core.errors import RulesError
from core.files import json_bytes
from core.measures.measure import MOST as MOST_MEASURES
from core.measures.measure import Measure
from core.plain import WrongError, check_fields, from_plain
from core.remarks import MOST as MOST_REMARKS
from core.remarks import Remark
from core.rules import Rules
from core.segments.choose_k import DEFAULT_K, MOST_K
from core.segments.model_file import from_dict as model_from_dict
from core.segments.profile import Segments
from core.segments.registry import AUTO
from core.strategy.scenario import MOST as MOST_SCENARIOS
from core.strategy.scenario import Scenario

NAME: Final = "project.json"
FORMAT: Final = "segmentation project"
VERSION: Final = 1
MOST_BOOKMARKS: Final = 50  # a list that a reader can still choose from
LONGEST_NAME: Final = 60  # characters
DOCUMENT: Final = Document("a project", "JSON", "Use a file that “Save project” wrote.", 12 * 2**20)  # with a model
HEAD: Final = 200  # bytes in which a project calls itself one, also where a program has written it anew
CALLED: Final = re.compile(rf'\ufeff?\s*\{{\s*(?:.*,\s*)?"format"\s*:\s*"{FORMAT}"', re.DOTALL)
InputValue = Annotated[float, Meta(ge=0)]  # within the bounds of the input, once it is used
Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]


@dataclass(frozen=True)
class Data:
    """The data that a project was made with: its kind, the names of the files, a digest of their content.

    `kind` is that of a source (`core.sources.kinds`), "result" for a result, empty for the bundled sample.
    """

    kind: str = ""
    files: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True)
class State:
    """What is on the screen: a page, how segments are made, who is selected, what the visuals show.

    Parameters
    ----------
    page : str
        The name of a page's file; empty for the first page.
    k : int
        Number of segments.
    method : str
        Key of the clustering method, or "auto": decided by the data.
    features : tuple of str
        Columns that the segments are made from; empty for the default ones.
    scaling : dict of str
        Feature → "log" or "robust", where it is not scaled as usual.
    outliers : bool
        Whether outliers are a group of their own.
    value : str
        The column that stands for a customer's value; empty for the usual one.
    filters : dict of str
        Column → the values that pass.
    more_filters : tuple of str
        Columns that the analyst added to those to filter by.
    clicks : tuple of str
        The clicked marks, as an address carries them (`core.visuals.clicks.Click.text`).
    clicked_in : str
        What identifies the segments that they were clicked in.
    picks : dict of str
        What visuals show, by the key of their option.
    """

    page: str = ""
    k: Annotated[int, Meta(ge=1, le=MOST_K)] = DEFAULT_K
    method: str = AUTO
    features: tuple[str, ...] = ()
    scaling: dict[str, Literal["log", "robust"]] = field(default_factory=dict, hash=False)
    outliers: bool = False
    value: str = ""
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    more_filters: tuple[str, ...] = ()
    clicks: tuple[str, ...] = ()
    clicked_in: str = ""
    picks: dict[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True)
class Bookmark:
    """A state under a name."""

    name: Name
    state: State

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True)
class Project:
    """All that an analyst decided about some customers.

    Parameters
    ----------
    rules : Rules
        Roles of columns, answers about the files, the day of the ages, who is mass affluent.
    data : Data
        What it was made with.
    state : State
        What was on the screen.
    names : dict of dict
        What identifies some segments → label → the name that the analyst gave.
    measures, scenarios, bookmarks : tuple
        As they stand side by side, each name once.
    inputs : dict of dict
        What identifies some segments → group → label → input of a campaign → its likely value there.
    waiting : dict of tuple
        SHA-256 of other data → the scenarios that wait for them.
    remarks : tuple
        The analyst's notes on visuals and segments.
    model : dict, optional
        The saved model in use (`core.segments.model.Model.to_dict`).
    """

    rules: Rules
    data: Data = field(default_factory=Data)
    state: State = field(default_factory=State)
    names: dict[str, dict[str, Annotated[str, Meta(max_length=LONGEST_NAME)]]] = field(default_factory=dict, hash=False)
    measures: Annotated[tuple[Measure, ...], Meta(max_length=MOST_MEASURES)] = ()
    scenarios: Annotated[tuple[Scenario, ...], Meta(max_length=MOST_SCENARIOS)] = ()
    bookmarks: Annotated[tuple[Bookmark, ...], Meta(max_length=MOST_BOOKMARKS)] = ()
    model: dict[str, Any] | None = field(default=None, hash=False)
    waiting: dict[str, Annotated[tuple[Scenario, ...], Meta(max_length=MOST_SCENARIOS)]] = field(
        default_factory=dict, hash=False
    )
    remarks: Annotated[tuple[Remark, ...], Meta(max_length=MOST_REMARKS)] = ()

    inputs: dict[str, dict[str, dict[str, dict[str, InputValue]]]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if len({one.of for one in self.remarks}) < len(self.remarks):
            raise RulesError("There are two notes on the same thing.", "Remove one.")
        for kind, entries in (
            ("measure", self.measures),
            ("scenario", self.scenarios),
            ("named view", self.bookmarks),
        ):
            names = Counter(one.name for one in entries)
            if twice := next((name for name, number in names.items() if number > 1), ""):
                raise RulesError(f"The {kind} “{twice}” is there twice.", "Rename one.")

    def to_dict(self) -> dict[str, Any]:
        """Plain values only, for JSON."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "data": asdict(self.data),
            "rules": self.rules.to_dict(),
            "state": asdict(self.state),
            "names": self.names,
            "measures": [asdict(one) for one in self.measures],
            "scenarios": [asdict(one) for one in self.scenarios],
            "bookmarks": [asdict(one) for one in self.bookmarks],
            "model": self.model,
            "inputs": self.inputs,
            "waiting": {sha256: [asdict(one) for one in scenarios] for sha256, scenarios in self.waiting.items()},
            "remarks": [asdict(one) for one in self.remarks],
        }

    def to_json(self) -> bytes:
        """The file; `from_json` reads it back to an equal project."""
        return json_bytes(self.to_dict())


def from_json(content: bytes, file: str = NAME) -> Project:
    """Read a project.

    Raises
    ------
    DocumentError
        It is no project, one of a newer program, or a part of it is damaged; the message says what, and where.
    """
    document = DOCUMENT.plain(content, file)
    with DOCUMENT.refusing(file):
        _check_version(document)
        project = from_plain(Project, {key: document[key] for key in document if key not in ("format", "version")})
        if project.model is not None:
            model_from_dict(project.model, file)
        return project


def names_key(identity: str, segments: Segments) -> str:
    """What identifies some segments, as a digest: `identity` is that of their data, empty for those of a saved model.

    Segments of a saved model keep their names for all customers, others for their own data only.
    """
    made_of = identity, repr(segments.feature_specs), segments.clustering_digest
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:16]


def is_project(content: bytes) -> bool:
    """Whether a file calls itself a project, so that it can be told from a file of customers by its first bytes."""
    return CALLED.match(content[:HEAD].decode("utf-8", "replace")) is not None


def with_bookmark(bookmarks: tuple[Bookmark, ...], new: Bookmark) -> tuple[Bookmark, ...]:
    """The bookmarks and a new one, in place of that of the same name.

    Raises
    ------
    RulesError
        There are more than fit a list.
    """
    found = {one.name: one for one in (*bookmarks, new)}
    if len(found) > MOST_BOOKMARKS:
        raise RulesError(f"There are {MOST_BOOKMARKS} named views already.", "Delete one first.")
    return tuple(found.values())


def _check_version(document: Any) -> None:
    """Refuse another kind of file, and a newer one, before their parts are called unknown."""
    found: Mapping[str, Any] = document if isinstance(document, dict) else {}
    if found.get("format") != FORMAT:
        raise WrongError(f"its format is not “{FORMAT}”")
    refuse_newer(found, VERSION)
    if found.get("version") != VERSION:
        raise WrongError(f"its version is not {VERSION}")
