"""The steps that were applied to parts of the customers as steps applied to all of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from core.intake.aggregate import ADDED_UP
from core.intake.aggregate import COUNTED as AGGREGATED
from core.intake.combine import JOINED
from core.intake.steps import Step

# A title that counts rows, and the counts in it.
COUNTED: Final = re.compile(re.escape(JOINED).replace(r"\{\}", "(.*)").replace(r"\{:,\}", r"([\d,]+)"))


def merged(parts: Sequence[Sequence[Step]]) -> list[Step]:
    """Each step once, its counts summed; in every part the last step is there, however few rows it has.

    A part that lacks a step had nothing to change: its rows went through, and are those that go into its next step, or
    the customers that it has just made of rows.
    """
    order: list[str] = []
    for steps in parts:
        at = 0
        for key in map(_key, steps):
            at = order.index(key) + 1 if key in order else _inserted(order, at, key)
    total: dict[str, Step] = {}
    for steps in parts:
        known, rows = {_key(step): step for step in steps}, 0
        for at, key in reversed([*enumerate(order)]):
            step = known.get(key)
            rows = step.rows_in if step else rows
            through = _customers_made(order[:at], known) if step is None else None
            found = step or Step("", *(rows if through is None else through,) * 2)
            total[key] = _added(total[key], found) if key in total else found
    return [total[key] for key in order]


def _customers_made(earlier: Sequence[str], known: Mapping[str, Step]) -> int | None:
    """The customers that the last of some steps has made of rows; None where that did something else."""
    last = next((known[key] for key in reversed(earlier) if key in known), None)
    return last.rows_out if last and last.title.startswith((ADDED_UP, AGGREGATED)) else None


def _key(step: Step) -> str:
    found = COUNTED.fullmatch(step.title)
    return f"{step.column} {JOINED.format(found[1], found[2], 0, 0) if found else step.title}"


def _inserted(order: list[str], at: int, key: str) -> int:
    order.insert(at, key)
    return at + 1


def _added(one: Step, other: Step) -> Step:
    """Two parts of a step; the example is that of the part that changed more cells."""
    best = max(one, other, key=lambda step: (bool(step.title), step.cells_changed, step.example))
    return replace(
        best,
        title=_title(one, other),
        rows_in=one.rows_in + other.rows_in,
        rows_out=one.rows_out + other.rows_out,
        cells_changed=one.cells_changed + other.cells_changed,
    )


def _title(one: Step, other: Step) -> str:
    first, second = COUNTED.fullmatch(one.title), COUNTED.fullmatch(other.title)
    if not first or not second:
        return one.title or other.title
    counts = [sum(int(match[place].replace(",", "")) for match in (first, second)) for place in (3, 4)]
    return JOINED.format(first[1], first[2], *counts)
