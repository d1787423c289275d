"""Which cube of a result a table is made from, and why there is none."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from core.cubes.needs import NEEDS, SPARED, needs
from core.cubes.plan import MOST_VALUES
from core.pipeline import Study
from core.schema import CLUSTER, SLICERS
from core.views.tables import age_by_value

Build = Callable[..., Any]
TOO_MANY: Final = "This result has sums only, and none for this: by these columns its customers make too many groups."
NOT_TOLD: Final = "This result has sums only, and none for this table: open the customer files to see it."
NOT_KEPT: Final = (
    f"This result has sums only, and the spread by age of its first {MOST_VALUES} numbers: choose another."
)


def cube_for(study: Study, build: Build, arguments: Sequence[Any], filtered: AbstractSet[str]) -> int | None:
    """The number of the cube that a table is made from, 0 where there are rows; None if none has all columns.

    `filtered` are the columns that the customers are filtered by. What columns a table takes is listed in `NEEDS`.
    """
    if not study.summed:
        return 0
    if (needed := needs(build, arguments)) is None:
        return None
    spared = SPARED.get(build, ())
    columns = (needed.difference(spared[:fewer]) | filtered for fewer in range(len(spared) + 1))
    found = map(study.with_columns, columns)
    return next((cube for cube in found if cube is not None), None)


def why_not(
    study: Study, build: Build, arguments: Sequence[Any], filtered: AbstractSet[str], label: Callable[[str], str]
) -> str:
    """Why a result has no such table, as a sentence; empty where it has. `label` names a column."""
    if cube_for(study, build, arguments, filtered) is not None:
        return ""
    if build not in NEEDS:
        return NOT_TOLD
    own = cube_for(study, build, arguments, set())
    if own is None:
        return NOT_KEPT if _is_not_kept(study, build, arguments) else TOO_MANY
    names = {name: SLICERS.get(name, label(name)).lower() for name in filtered} | {CLUSTER: "segment"}
    lacking = " or ".join(names[name] for name in sorted(filtered.difference(study.cubes[own])))
    return f"This result has sums only, and here none by {lacking}: remove that filter to see it."


def _is_not_kept(study: Study, build: Build, arguments: Sequence[Any]) -> bool:
    """Whether a table is by a number whose spread no result keeps."""
    return build is age_by_value and arguments[0] in study.value_measures[MOST_VALUES:]
