"""What stands out among the mass affluent and the high potential, as sentences made from the numbers."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from core.figures import number, share
from core.schema import AGE_GROUP, CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT, NOT_CLUSTERED, STATE, UNKNOWN
from core.strategy.rates import wilson, z_for
from core.views.tables import FLAGS, count

Row = Mapping[str, Any]
Write = Callable[[str, str], str]  # of a column and a value of it, the text for people
Structure = Literal["", "strong", "moderate", "weak", "none"]
SMALLEST: Final = 30  # customers of a group that is named
NOTABLE: Final = 1.1  # a lift that is certain to be at least this far from 1, either way
MOST_PER_FIELD: Final = 2
MOST_FIELDS: Final = 12  # categories of a file that are compared, too: the more, the wider each interval
FIELDS: Final = {
    CLUSTER: "segment",
    "state": "",  # in the country's word
    "job_industry": "job industry",
    AGE_GROUP: "age group",
    "gender": "gender",
}
GROUPS: Final = {MASS_AFFLUENT: "mass affluent", HIGH_POTENTIAL: "high potential"}
# High potential is defined by age: that the young have more of it is no finding.
BY_DEFINITION: Final = {(HIGH_POTENTIAL, AGE_GROUP)}
COUNTS: Final = ["customers", *(f"{flag}_{end}" for flag in FLAGS for end in ("yes", "known"))]
# What to add to a sentence on a segment, in accordance with `choose_k.MEANS`.
CAVEATS: Final[Mapping[Structure, str]] = {
    "moderate": "The edges of these segments overlap: customers near one could as well be in the next segment.",
    "weak": "There are only hints of groups: many customers could as well be in another segment.",
    "none": "These segments are no distinct groups: customers on both sides of an edge are much alike.",
}


@dataclass(frozen=True)
class Insight:
    """A group in which a flag is more or less frequent than among everybody.

    `share` is that of all customers, `share_of_flag` that of those who have the flag. `lift` is its rate over
    everybody's, both of those whose flag is known; `low` and `high` end an interval that holds
    for all groups looked at together; everybody's rate is taken as known.
    """

    flag: str
    field: str
    value: str
    share: float
    share_of_flag: float
    lift: float
    low: float
    high: float
    strongest: str = ""

    @property
    def certain(self) -> float:
        """The factor by which the rate differs at the least."""
        return max(self.low, 1 / self.high if self.high else np.inf)


def facts(customers: pd.DataFrame, further: Sequence[str] = ()) -> pd.DataFrame:
    """Customers and flags by the values of each field, and by state within each cluster; it adds up.

    `further` are categories of the file that are fields, too.

    Returns
    -------
    DataFrame
        field, value, state (empty but for the last), customers, and `<flag>_yes` and `<flag>_known`.
    """
    keys = [[field] for field in (*FIELDS, *further) if field in customers]
    keys += [[CLUSTER, "state"]] if "state" in customers else []
    parts = [(by, count(customers, by, flags=FLAGS)) for by in keys]
    texts = {
        "field": [field for (field, *_), part in parts for _ in range(len(part))],
        "value": [value for (field, *_), part in parts for value in part[field].astype("str")],
        "state": [state for by, part in parts for state in (part["state"] if len(by) > 1 else [""] * len(part))],
    }
    counts = {name: np.concatenate([part[name] for _, part in parts]) for name in COUNTS}
    return pd.DataFrame({**texts, **counts})


def find(
    table: pd.DataFrame, *, most: int = 5, shown: Callable[[pd.DataFrame], pd.DataFrame] | None = None
) -> tuple[Insight, ...]:
    """The groups that differ most, from the table of `facts`.

    The interval of a lift is Wilson's of the group's rate over the rate of everybody, wide enough for
    all groups that are compared (Bonferroni, 5 % together). Groups under `SMALLEST` customers of whom
    the flag is known are not compared. The states within segments, one of which is named as the strongest, are
    compared by themselves in the same way. Lifts above 1 come first, as they say whom to go after; ranked by
    how far from 1 a lift is at least; at most `MOST_PER_FIELD` of a field and flag. `shown` leaves of a table of
    groups those that may be named.
    """
    rows = table.to_dict("records")
    everybody: dict[str, Counter[str]] = {row["field"]: Counter() for row in rows}
    for row in rows:
        if not row["state"]:
            everybody[row["field"]].update({name: row[name] for name in COUNTS})
    rows = rows if shown is None else _shown(table, shown)
    groups, states = ([row for row in rows if bool(row["state"]) is by_state] for by_state in (False, True))
    compared = [
        (flag, row)
        for flag in GROUPS
        for row in groups
        if row["value"] not in (UNKNOWN, NOT_CLUSTERED) and row[f"{flag}_known"] >= SMALLEST
        if (flag, row["field"]) not in BY_DEFINITION
    ]
    z = z_for(len(compared))
    states = [row for row in states if row["state"] != UNKNOWN]
    compared_within = sum(row[f"{flag}_known"] >= SMALLEST for flag in GROUPS for row in states)
    strongest = partial(_strongest, states, z_for(compared_within))
    found = [
        one
        for flag, row in compared
        if (one := _insight(everybody[row["field"]], strongest, flag, row, z)) and one.certain >= NOTABLE
    ]
    ranked = sorted(found, key=lambda one: (one.lift < 1, -one.certain))
    kept = [one for i, one in enumerate(ranked) if _before(ranked[:i], one) < MOST_PER_FIELD]
    return tuple(kept[:most])


def _shown(table: pd.DataFrame, shown: Callable[[pd.DataFrame], pd.DataFrame]) -> list[dict[str, Any]]:
    """The rows of `facts` that are left of each field, and of the states within segments."""
    by_field = table[table["state"] == ""].groupby("field", sort=False)
    parts = [(shown(part[["value", *COUNTS]]), field, {"state": ""}) for field, part in by_field]
    within = shown(table.loc[table["state"] != "", ["value", "state", *COUNTS]])
    return [
        {"field": field, **state, **row}
        for part, field, state in [*parts, (within, CLUSTER, {})]
        for row in part.to_dict("records")
    ]


def sentences(
    insights: tuple[Insight, ...], names: Mapping[str, str], *, structure: Structure = "",
    text: Callable[[str], str] = str, write: Write = lambda _, value: value,
) -> tuple[str, ...]:  # fmt: skip
    """The insights in words.

    `structure` says how distinct the segments are; all but "strong" add a caveat. `text` gives the label of a column,
    `write` the text of a value of it, such as the name of a region.
    """
    said = tuple(_sentence(one, names, text, write) for one in insights)
    about_segments = any(one.field == CLUSTER for one in insights)
    return (*said, CAVEATS[structure]) if structure in CAVEATS and about_segments else said


def _before(ranked: list[Insight], insight: Insight) -> int:
    return sum((other.flag, other.field) == (insight.flag, insight.field) for other in ranked)


def _insight(everybody: Row, strongest: Callable[[str, Row], str], flag: str, row: Row, z: float) -> Insight | None:
    """None where nobody, or everybody, has the flag."""
    yes, known = everybody[f"{flag}_yes"], everybody[f"{flag}_known"]
    if not 0 < yes < known:
        return None
    overall = yes / known
    low, high = wilson(row[f"{flag}_yes"], row[f"{flag}_known"], z)
    return Insight(
        flag,
        row["field"],
        row["value"],
        row["customers"] / everybody["customers"],
        min(row[f"{flag}_yes"] / yes, 1.0),  # of rounded numbers it can be more
        row[f"{flag}_yes"] / row[f"{flag}_known"] / overall,
        low / overall,
        high / overall,
        strongest(flag, row) if row["field"] == CLUSTER else "",
    )


def _strongest(states: Sequence[Row], z: float, flag: str, row: Row) -> str:
    """The state in which the segment's rate is highest, and certainly above the segment's own; else empty."""
    own = row[f"{flag}_yes"] / row[f"{flag}_known"]
    counts = (
        (state["state"], state[f"{flag}_yes"], state[f"{flag}_known"])
        for state in states
        if state["value"] == row["value"]
    )
    rates = (
        (yes / known, state) for state, yes, known in counts if known >= SMALLEST and wilson(yes, known, z)[0] > own
    )
    return max(rates, default=(0.0, ""))[1]


def nothing(known: int) -> str:
    """Why no group stands out, where so many customers have a flag that is known."""
    if not known:
        return "Nothing can be compared: of nobody is it known whether they are mass affluent or of high potential."
    return (
        f"Nothing: no group of {SMALLEST} customers or more differs from the average by more than its sampling error."
    )


def _sentence(insight: Insight, names: Mapping[str, str], text: Callable[[str], str], write: Write) -> str:
    known = FIELDS.get(insight.field)
    named = known or text(insight.field)
    named = f"{named[:1].upper()}{named[1:]}"
    value = write(insight.field, insight.value)
    who = f"{named} {value}" if known is not None else f"{named}: {value}"
    if insight.field == CLUSTER:
        who = f"Segment {insight.value} “{names[insight.value]}”"
    strongest = f"; strongest in {write(STATE, insight.strongest)}" if insight.strongest else ""
    return (
        f"{who} is {share(insight.share)} of customers and {share(insight.share_of_flag)} of the "
        f"{GROUPS[insight.flag]}, "
        f"{_times(insight.lift)} × the average ({_factor(insight.low)}–{_factor(insight.high)}){strongest}."
    )


def _times(lift: float) -> str:
    return f"under {number(0.1)}" if lift < 0.1 else _factor(lift)


def _factor(lift: float) -> str:
    """Two figures at most, and no more than hundredths: an interval is never surer."""
    return number(round(float(f"{lift:.2g}"), 2), trim=lift >= 9.95)
