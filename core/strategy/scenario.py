"""Named scenarios: kept side by side, written to `scenarios.json` and read back."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from core.documents import Document
from core.errors import RulesError
from core.files import json_bytes
from core.strategy.campaign import Campaign, Outcome
from core.strategy.uncertainty import Forecast, forecast

MOST: Final = 50  # scenarios side by side; the outlook of each takes some 5 ms in every run of a page
MOST_CUSTOMERS: Final = 10**12
LONGEST_NAME: Final = 60  # characters
DOCUMENT: Final = Document("a file of scenarios", "JSON", "Load one that was downloaded here.")


@dataclass(frozen=True)
class Scenario:
    """A campaign to an audience of so many customers, under a name.

    `audience` says in words whom it speaks to. The size is kept as it was, so that a scenario has
    the same outcome whatever data is open.
    """

    name: str
    audience: str
    customers: int
    campaign: Campaign

    def __post_init__(self) -> None:
        if not 0 < len(self.name.strip()) <= LONGEST_NAME:
            raise RulesError("The scenario has no name, or a long one.", f"Give 1 to {LONGEST_NAME} characters.")
        if not 0 <= self.customers <= MOST_CUSTOMERS:
            raise RulesError(f"Scenario “{self.name}” has {self.customers} customers.", "Give 0 or more.")

    def forecast(self) -> Forecast:
        """Its outcome with intervals."""
        return forecast(self.customers, self.campaign)


@dataclass(frozen=True)
class _Entry(Scenario):
    """A scenario in a file, with an outcome that nobody reads."""

    outcome: Any = None


@dataclass(frozen=True)
class _File:
    scenarios: tuple[_Entry, ...]


def with_scenario(scenarios: Sequence[Scenario], *new: Scenario) -> tuple[Scenario, ...]:
    """The scenarios and new ones, in place of those of the same name.

    Raises
    ------
    RulesError
        There are more than fit a page.
    """
    found = {one.name: one for one in (*scenarios, *new)}
    if len(found) > MOST:
        raise RulesError(f"There are more than {MOST} scenarios.", "Remove some first.")
    return tuple(found.values())


def compare(scenarios: Sequence[Scenario]) -> pd.DataFrame:
    """One row per scenario: name, audience, customers, then its figures; low and high end an interval."""
    return pd.DataFrame([_row(one, one.forecast()) for one in scenarios])


def to_json(scenarios: Sequence[Scenario]) -> bytes:
    """Inputs and outcomes as JSON; `from_json` reads the inputs back to equal scenarios."""
    return json_bytes({"scenarios": [_written(one) for one in scenarios]})


def from_json(content: bytes, file: str = "scenarios.json") -> tuple[Scenario, ...]:
    """Read scenarios; outcomes are worked out anew, not read.

    Raises
    ------
    DocumentError
        Not a file of scenarios; the message says which scenario and what about it.
    """
    entries = DOCUMENT.read(_File, content, file).scenarios
    with DOCUMENT.refusing(file):
        names = [one.name for one in entries]
        if twice := next((name for name, number in Counter(names).items() if number > 1), ""):
            raise RulesError(f"Scenario “{twice}” is there twice.", "Rename one.")
        return with_scenario((), *(Scenario(one.name, one.audience, one.customers, one.campaign) for one in entries))


def _row(scenario: Scenario, outlook: Forecast) -> dict[str, Any]:
    likely = outlook.likely
    return {
        "name": scenario.name,
        "audience": scenario.audience,
        "customers": scenario.customers,
        "reached": likely.reached,
        "conversions": likely.conversions,
        "cost": likely.cost,
        "net_value": likely.net_value,
        "net_low": outlook.low.net_value,
        "net_high": outlook.high.net_value,
        "roi": likely.roi,
        "chance_of_loss": outlook.chance_of_loss,
    }


def _written(scenario: Scenario) -> dict[str, Any]:
    outlook = scenario.forecast()
    ends = {"likely": outlook.likely, "low": outlook.low, "high": outlook.high}
    return asdict(scenario) | {
        "outcome": {name: _figures(outcome) for name, outcome in ends.items()}
        | {"chance_of_loss": outlook.chance_of_loss}
    }


def _figures(outcome: Outcome) -> dict[str, float | None]:
    """JSON has neither NaN nor infinity."""
    return {name: float(value) if np.isfinite(value) else None for name, value in asdict(outcome).items()}
