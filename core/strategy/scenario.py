"""Named scenarios: kept side by side, written to `scenarios.json` and read back."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from core.errors import RulesError
from core.files import json_bytes, read_json
from core.strategy.campaign import INPUTS, Campaign, Outcome
from core.strategy.ranges import Range
from core.strategy.uncertainty import Forecast, forecast

MOST: Final = 1000  # scenarios in one file
MOST_CUSTOMERS: Final = 10**12
DECISIONS: Final = ("budget", "control")


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
        if not self.name.strip():
            raise RulesError("The scenario has no name.", "Give it one.")
        if not 0 <= self.customers <= MOST_CUSTOMERS:
            raise RulesError(f"Scenario “{self.name}” has {self.customers} customers.", "Give 0 or more.")

    def forecast(self) -> Forecast:
        """Its outcome with intervals."""
        return forecast(self.customers, self.campaign)


def with_scenario(scenarios: Sequence[Scenario], new: Scenario) -> tuple[Scenario, ...]:
    """The scenarios and a new one, in place of one of the same name."""
    names = [one.name for one in scenarios]
    if new.name not in names:
        return (*scenarios, new)
    return tuple(new if name == new.name else one for name, one in zip(names, scenarios, strict=True))


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
    RulesError
        Not a file of scenarios; the message says which scenario and what about it.
    """
    try:
        entries = read_json(content)["scenarios"]
        scenarios = [_read(entry) for entry in entries[: MOST + 1]]
    except RulesError as error:
        raise RulesError(error.found, error.remedy, file=file) from None
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        raise RulesError("This is not a file of scenarios.", "Load one that was downloaded here.", file=file) from None
    if len(scenarios) > MOST:
        raise RulesError(f"There are more than {MOST:,} scenarios.", "Split the file.", file=file)
    names = [one.name for one in scenarios]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise RulesError(f"Scenario “{twice}” is there twice.", "Rename one.", file=file)
    return tuple(scenarios)


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


def _read(entry: dict[str, Any]) -> Scenario:
    name, audience, customers = entry["name"], entry["audience"], entry["customers"]
    if not (isinstance(name, str) and isinstance(audience, str) and type(customers) is int):
        raise TypeError(entry)
    given = entry["campaign"]
    ranges = {each: Range(*(_number(given[each][end]) for end in ("low", "likely", "high"))) for each in INPUTS}
    budget, control = (given[each] for each in DECISIONS)
    campaign = Campaign(**ranges, budget=None if budget is None else _number(budget), control=_number(control))
    return Scenario(name, audience, customers, campaign)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(value)
    return float(value)
