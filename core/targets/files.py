"""The files of a target list: who is contacted, who was assigned where, how, and whether the groups are alike."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from core.analysis import Analysis
from core.figures import count, percent
from core.files import json_bytes, zip_bytes
from core.strategy.control import LEVEL, POWER
from core.strategy.scenario import Scenario, to_json
from core.targets.assignment import ARM, CONTROL, METHOD
from core.targets.choice import SEGMENT, ListChoice
from core.targets.target_list import TargetList
from core.views.export import to_csv, without_noise

LIST_CSV, ASSIGNMENT_CSV, ASSIGNMENT_JSON, BALANCE_CSV = (
    "target_list.csv", "assignment.csv", "assignment.json", "balance.csv"
)  # fmt: skip
NAMES: Final = (LIST_CSV, ASSIGNMENT_CSV, ASSIGNMENT_JSON, BALANCE_CSV)
ZIP_NAME: Final = "target_list.zip"
FORMAT: Final = 1
PERSONS: Final = (
    f"{LIST_CSV} and {ASSIGNMENT_CSV} hold persons: each row is one customer. Share them only with who may know them."
)


def list_files(
    found: TargetList, analysis: Analysis, choice: ListChoice, created: date, forecast: Scenario | None = None
) -> dict[str, bytes]:
    """The files by name.

    Parameters
    ----------
    created : date
        The day that the file says.
    forecast : Scenario, optional
        The simulated campaign, so that a read-back can stand beside it.
    """
    return {
        LIST_CSV: to_csv(found.rows),
        ASSIGNMENT_CSV: to_csv(found.assigned),
        ASSIGNMENT_JSON: json_bytes(record(found, analysis, choice, created, forecast)),
        BALANCE_CSV: to_csv(without_noise(found.balance)),
    }


def archive(files: Mapping[str, bytes]) -> bytes:
    """The files as one ZIP archive."""
    return zip_bytes(files)


def record(
    found: TargetList, analysis: Analysis, choice: ListChoice, created: date, forecast: Scenario | None = None
) -> dict[str, Any]:
    """All that decides the list, and the forecast, as plain values: no customer is in it."""
    study = analysis.study
    return {
        "format": "target list",
        "version": FORMAT,
        "created": created.isoformat(),
        "personal_data": PERSONS,
        "id": found.assigned.columns[0],
        "audience": _audience(found, analysis, choice),
        "ranking": {"by": found.ranked_by, "order": "lowest first" if choice.lowest_first else "highest first"},
        "size": {"top": choice.top, "budget": choice.budget, "contact_cost": choice.contact_cost},
        "control": {
            "arm": CONTROL,
            "share": found.split.control,
            "uplift": choice.uplift,
            "baseline": choice.baseline,
            "power": POWER,
            "level": LEVEL,
        },
        "arms": list(found.split.arms),
        "salt": found.split.salt,
        "seed": analysis.seed,
        "method": METHOD,
        "model": _model(analysis),
        "files": {"names": list(study.files), "sha256": study.digest, "as_of": study.rules.as_of.isoformat()},
        "rules": study.rules.to_dict(),
        "counts": [
            {SEGMENT: str(row[0]), ARM: str(row[1]), "customers": int(row[2])}
            for row in found.counts.itertuples(index=False, name=None)
        ],
        "notes": list(found.notes),
        "currency": analysis.currency,
        "forecast": json.loads(to_json([forecast]))["scenarios"][0] if forecast else None,
    }


def _audience(found: TargetList, analysis: Analysis, choice: ListChoice) -> dict[str, Any]:
    audience = choice.audience
    return {
        "words": found.audience,
        "customers": found.eligible,
        "group": audience.group if audience else "Everybody",
        "segments": list(audience.segments) if audience else [],
        "tried": asdict(audience.rule) if audience else None,
        "filters": {name: list(values) for name, values in analysis.filters.items() if values},
        "clicks": [click.text for click in analysis.clicks],
        "where": choice.where,
        "sure_only": choice.sure_only,
    }


def _model(analysis: Analysis) -> dict[str, Any]:
    model = analysis.saved or analysis.study.model
    return {
        "sha256": model.digest if model else analysis.study.digest,
        "saved": model is not None,
        "features": list(analysis.segments.made_of),
        "segments": dict(analysis.segments.names),
    }


def describe(found: TargetList, choice: ListChoice, ranked_by: str = "") -> str:
    """What the list has, as a sentence for people in the style in force; `ranked_by` is the column's label."""
    by = ranked_by or found.ranked_by
    ranked = f" by {by}{', lowest first' if choice.lowest_first else ''}" if by else ""
    first = f"The first {count(found.contacted)} of {count(found.eligible)}{ranked}"
    if not found.held_out:
        return f"{first}."
    held_out = f"{count(found.held_out)} held out as control group ({percent(found.held_out, len(found.assigned))})"
    return f"{first} to contact; beside them {held_out}."
