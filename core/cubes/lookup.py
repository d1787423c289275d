"""Which cube of a result a table is made from, and why there is none."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

from core.customer_base import CustomerBase
from core.schema import CLUSTER, FILTERS
from core.visuals.table import Build, required_columns, spared_columns, why_lacking

TOO_MANY: Final = "This result has sums only, and none for this: by these columns its customers make too many groups."
NOT_TOLD: Final = "This result has sums only, and none for this table: open the customer files to see it."


def cube_for(base: CustomerBase, build: Build, arguments: Sequence[Any], filtered: Collection[str]) -> int | None:
    """The number of the cube that a table is made from, 0 where there are rows; None if none has all columns.

    `filtered` are the columns that the customers are filtered by. A table says itself what it needs (`visuals.table`).
    """
    if base.rows is not None:
        return 0
    if (needed := required_columns(build, arguments)) is None:
        return None
    spared = spared_columns(build)
    columns = ({*needed}.difference(spared[:fewer]).union(filtered) for fewer in range(len(spared) + 1))
    found = map(base.number_with, columns)
    return next((cube for cube in found if cube is not None), None)


def why_not(
    base: CustomerBase, build: Build, arguments: Sequence[Any], filtered: Collection[str], label: Callable[[str], str]
) -> str:
    """Why a result has no such table, as a sentence; empty where it has. `label` names a column."""
    if cube_for(base, build, arguments, filtered) is not None:
        return ""
    if required_columns(build, arguments) is None:
        return NOT_TOLD
    own = cube_for(base, build, arguments, ())
    if own is None:
        return why_lacking(build, base, arguments) or TOO_MANY
    names = {name: FILTERS.get(name, label(name)).lower() for name in filtered} | {CLUSTER: "segment"}
    lacking = " or ".join(names[name] for name in sorted({*filtered}.difference(base.keys(own))))
    return f"This result has sums only, and here none by {lacking}: remove that filter to see it."
