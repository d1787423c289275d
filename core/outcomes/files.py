"""The results of a campaign as files for machines: `uplift.csv`, `qini.csv` and `outcomes.json`."""

from dataclasses import asdict
from math import isfinite
from typing import Any, Final

import pandas as pd

from core.figures import written_as
from core.files import json_bytes
from core.outcomes.ranking import Ranking
from core.outcomes.result import Result
from core.outcomes.trial import SEGMENT
from core.outcomes.words import facts, headline, whom_next
from core.views.export import to_csv, without_noise

UPLIFT_CSV, QINI_CSV, OUTCOMES_JSON = "uplift.csv", "qini.csv", "outcomes.json"
NAMES: Final = (UPLIFT_CSV, QINI_CSV, OUTCOMES_JSON)


def outcome_files(result: Result, currency: str = "") -> dict[str, bytes]:
    """The files by name; `qini.csv` only where there are segments to rank.

    `uplift.csv` has a row per measure, arm and segment, `qini.csv` the points of the curve per measure and arm,
    `outcomes.json` the sentences and figures.
    """
    trial = result.trial
    rankings = {
        (measure, arm): found
        for measure in trial.measures
        for arm in trial.arms
        if (found := result.ranking(arm, measure))
    }
    table = result.table
    named = table.assign(name=[result.name(label) for label in table[SEGMENT]])
    files = {UPLIFT_CSV: to_csv(without_noise(named))}
    if rankings:
        curves = [
            found.curve.assign(measure=measure, arm=arm)[["measure", "arm", *found.curve]]
            for (measure, arm), found in rankings.items()
        ]
        files[QINI_CSV] = to_csv(without_noise(pd.concat(curves)))
    with written_as():
        files[OUTCOMES_JSON] = json_bytes(_finite(_record(result, rankings, currency)))
    return files


def _record(result: Result, rankings: dict[tuple[str, str], Ranking], currency: str) -> dict[str, Any]:
    trial, plan = result.trial, result.plan
    return {
        "format": "outcomes of a campaign",
        "version": 1,
        "files": list(trial.files),
        "sha256": trial.digest,
        "columns": asdict(trial.columns),
        "control": trial.control,
        "level": result.level,
        "prices": asdict(result.prices),
        "currency": currency,
        "notes": list(trial.notes),
        "arms": [_arm(result, arm, rankings, currency) for arm in trial.arms],
        "forecast": {
            name: dict(zip(("likely", "low", "high"), ends, strict=True)) for name, ends in plan.forecast.items()
        },
    }


def _arm(result: Result, arm: str, rankings: dict[tuple[str, str], Ranking], currency: str) -> dict[str, Any]:
    ranking = rankings.get((result.measure, arm))
    complier = result.complier(arm)
    return {
        "arm": arm,
        "no_verdict": why.found if (why := result.trial.no_verdict.get(arm)) else None,
        "headline": headline(result, arm, ranking, currency),
        "next": whom_next(result, arm, ranking, currency),
        "sentences": facts(result, arm, ranking, currency),
        "effects": {measure: result.of_all(arm, measure).to_dict() for measure in result.trial.measures},
        "money": {name: asdict(figure) for name, figure in result.money(arm).items()},
        "least_uplift": result.least_uplift(arm),
        "power_for_the_uplift_hoped_for": result.power(arm),
        "contacted_as_planned": asdict(complier) if complier else None,
        "ranking": {
            measure: {"qini": asdict(found.qini), "autoc": asdict(found.autoc), "left_out": list(found.left_out)}
            for (measure, one), found in rankings.items()
            if one == arm
        },
    }


def _finite(value: Any) -> Any:
    """JSON has neither NaN nor infinity; numbers of arrays become Python's own."""
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    if hasattr(value, "item"):
        value = value.item()
    return value if not isinstance(value, float) or isfinite(value) else None
