"""The comparison with all others as texts: a sentence, and a table whose figures have their units."""

from functools import partial
from typing import Final

import pandas as pd

from core.compare.rest import AgainstRest, size_name
from core.figures import between, coefficient, money, share
from core.months.moves import points
from core.schema import CLUSTER, YES_NO, in_sentence
from core.segments.explain import FLAGS
from core.selection import Selection
from core.views.chart_parts import label
from core.views.summary import counted
from core.visuals.place_names import written_in

SEGMENT: Final = "Segment"
COLUMNS: Final = ["what", "here", "rest", "difference", "interval", "size"]
NOTHING: Final = "In no number and no category do they differ by more than a little."


def readable(table: pd.DataFrame, of: Selection) -> pd.DataFrame:
    """A row of texts per row of `AgainstRest.table`: what, here, rest, difference, interval, size (in a word)."""
    rows = [_row(of, *values) for values in table.drop(columns="matters").itertuples(index=False, name=None)]
    return pd.DataFrame(rows, columns=COLUMNS)


def in_words(found: AgainstRest, of: Selection) -> str:
    """`"1,203 customers beside the 2,759 others. Most of all, they differ in age: 52.3 years, the others 38.1."`."""
    sides = f"{counted(found.size, 'customer')} beside {_others(found.others)}."
    matter = readable(found.mattering.head(1), of)
    if matter.empty:
        return f"{sides} {NOTHING}"
    most = matter.iloc[0]
    column = found.mattering["column"].iloc[0]
    what = most["what"]
    if column != CLUSTER:
        what = what[0].lower() + what[1:] if column in FLAGS else in_sentence(column, what)
    return f"{sides} Most of all, they differ in {what}: {most['here']}, the others {most['rest']}."


def note(found: AgainstRest, of: Selection) -> str:
    """What is not compared, and why, as sentences; empty where all is."""
    said = []
    if found.hidden:
        said.append(f"Hidden, as few customers would show: {_listed(found.hidden, of)}.")
    if found.lacking:
        said.append(f"This result has sums only, and none of those selected by: {_listed(found.lacking, of)}.")
    made = [name for name in of.segments.made_of if name in set(found.table["column"])]
    if CLUSTER in of.filtered and made:
        said.append(f"Segments are made from {_listed(made, of)}: that they differ in this is no finding.")
    return " ".join(said)


def _others(number: int) -> str:
    return "the 1 other" if number == 1 else f"the {counted(number, 'other')}"


def _listed(names: "tuple[str, ...] | list[str]", of: Selection) -> str:
    return ", ".join(SEGMENT.lower() if name == CLUSTER else of.label(name) for name in names)


def _row(
    of: Selection, column: str, value: str, here: float, rest: float, by: float, low: float, high: float, effect: float
) -> tuple[str, ...]:  # fmt: skip
    size = size_name(effect)
    if value:
        ends = between(lambda end: coefficient(100 * end, 1), low, high)
        return _title(of, column, value), share(here), share(rest), f"{points(by)} points", ends, size
    described = of.column(column)
    unit = " years" if described and described.unit == "years" else ""
    form = partial(money, currency=of.sign(column), digits=1)
    more = "+" if by > 0 else ""
    return (
        of.text(column), form(here) + unit, form(rest) + unit, f"{more}{form(by)}{unit}", between(form, low, high), size
    )  # fmt: skip


def _title(of: Selection, column: str, value: str) -> str:
    if column == CLUSTER:
        return f"{SEGMENT} {label(value, of.names)}"
    if column in FLAGS:
        return FLAGS[column] if value == YES_NO[0] else f"{FLAGS[column]}: {value}"
    return f"{of.text(column)}: {written_in(of)(column, value)}"
