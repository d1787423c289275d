"""What was planned: `assignment.json`, which goes with the assignment, with the simulation's inputs and forecast."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import Any, Final

from core.documents import Document, refuse_newer
from core.errors import RulesError
from core.strategy.campaign import FIGURES, INPUTS, worth
from core.targets.assignment import Split

DOCUMENT: Final = Document(
    "a file of an assignment", "JSON", "Give the assignment.json that came with the target list.", 8 * 2**20
)
ENDS: Final = ("likely", "low", "high")
VERSION: Final = 1  # of `assignment.json`; that which `core/targets/files.py` writes


@dataclass(frozen=True)
class Plan:
    """What an assignment says of itself.

    `inputs` has the likely value of the simulation's inputs, by the names of `campaign.INPUTS`. `forecast` has its
    figures (`campaign.FIGURES`), each as likely, low, high; both are empty where nothing was simulated. `audience` says
    in words whom the campaign addressed, `names` has the names of the segments, `currency` is a sign. `uplift` is the
    one hoped for, as a share, and `contact_cost` what a contact costs; None where nobody said. `control` is the arm
    that was held out, `counts` has the customers of each arm; empty where it does not say. `split`
    gives the arm of an id.
    """

    created: date | None = None
    audience: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""
    uplift: float | None = None
    contact_cost: float | None = None
    inputs: Mapping[str, float] = field(default_factory=dict)
    forecast: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    control: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    split: Split | None = None

    @property
    def worth(self) -> float | None:
        """What one conversion is worth (`campaign.worth`); None unless all it takes is given."""
        needed = ("value", "margin", "horizon", "discount")
        if any(name not in self.inputs for name in needed):
            return None
        return float(worth({"attrition": 0.0, **self.inputs}))


def read_plan(content: bytes, file: str) -> Plan:
    """Read `assignment.json`; what is missing or of another type is passed over.

    Raises
    ------
    DocumentError
        It is no JSON, of a newer program, or beyond a bound.
    """
    found = DOCUMENT.plain(content, file)
    with DOCUMENT.refusing(file):
        refuse_newer(found, VERSION)
    simulated, campaign = _table(found, "forecast"), _table(found, "forecast", "campaign")
    inputs = {name: value for name in INPUTS if (value := _finite(_table(campaign, name).get("likely"))) is not None}
    uplift, cost = _finite(_table(found, "control").get("uplift")), _finite(_table(found, "size").get("contact_cost"))
    names = {str(key): name for key, name in _table(found, "model", "segments").items() if isinstance(name, str)}
    return Plan(
        _day(_table(found).get("created")),
        _text(_table(found, "audience").get("words")),
        names,
        _text(_table(found).get("currency")),
        uplift or inputs.get("uplift"),
        inputs.get("contact_cost") if cost is None else cost,
        inputs,
        _forecast(_table(simulated, "outcome")),
        _text(_table(found, "control").get("arm")),
        _counts(_table(found).get("counts")),
        _split(_table(found)),
    )


def is_plan(content: bytes, file: str) -> bool:
    """Whether a file is an `assignment.json`, and no table of records."""
    if not file.casefold().endswith(".json") or not content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        return False
    return b'"salt"' in content or b'"arms"' in content


def _table(given: Any, *path: str) -> Mapping[str, Any]:
    """The table at a path; empty where there is none."""
    for name in path:
        given = given.get(name) if isinstance(given, dict) else None
    return given if isinstance(given, dict) else {}


def _counts(rows: Any) -> dict[str, int]:
    """The customers of each arm, of all segments together."""
    counts = dict[str, int]()
    for row in rows if isinstance(rows, list) else ():
        arm, customers = _text(_table(row).get("Arm")), _table(row).get("customers")
        if arm and isinstance(customers, int):
            counts[arm] = counts.get(arm, 0) + customers
    return counts


def _split(found: Mapping[str, Any]) -> Split | None:
    salt, share, arms = _text(found.get("salt")), _finite(_table(found, "control").get("share")), found.get("arms")
    try:
        return Split(salt, share, tuple(map(_text, arms))) if share is not None and isinstance(arms, list) else None
    except RulesError:
        return None


def _forecast(outcome: Mapping[str, Any]) -> dict[str, tuple[float, float, float]]:
    found = {}
    for name in FIGURES:
        likely, low, high = (_finite(_table(outcome, end).get(name)) for end in ENDS)
        if likely is not None and low is not None and high is not None:
            found[name] = (likely, low, high)
    return found


def _finite(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except (TypeError, ValueError):
        return None
