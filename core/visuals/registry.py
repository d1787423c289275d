"""All visuals by key, in the order in which page and report show them.

Pages, report, opened results and clicks read `VISUALS`. A new visual is an entry of `ENTRIES`, or is added to
`VISUALS` before the app starts. It brings the description of its table, if that has none yet.
"""

from typing import Final

from core.registry import Registry
from core.schema import ADDED, CLUSTER, GROUPS, NUMBERS, SUBREGION, one_of
from core.views.counted import BINS
from core.visuals.choices import PICKED
from core.visuals.drill import selected_country, undrilled_country
from core.visuals.kinds import boxplot, mean_bars, number_by_value, pie, stacked_shares, treemap
from core.visuals.option import Option
from core.visuals.places import region_map, state_bars
from core.visuals.points import points_map, ranked_squares
from core.visuals.ranked import ranked_places, ranked_postcodes
from core.visuals.rfm import rfm_heatmap
from core.visuals.table import Table, describe
from core.visuals.value import ACROSS, ACTIVITY, PARTS, SPREAD, TILES, USUAL, VALUE, ValueMeasure, named
from core.visuals.visual import Visual, as_table

SEGMENT_FILTER: Final = "segment"  # the sidebar's filter of segments: it is kept as clicks, and no visual
# Section of the report → the page that shows its visuals.
PAGES: Final = {
    "overview": "overview", "segments": "overview", "demographics": "demographics", "strategy": "strategy",
}  # fmt: skip
ANY: Final = ValueMeasure("any value", 1.0, {})
# The keys stand in shared links: keep them.
ENTRIES: Final = (
    pie("pie", "overview"),
    mean_bars("value", "segments", VALUE),
    mean_bars("purchases", "segments", ACTIVITY),
    boxplot("age", "demographics", SPREAD),
    stacked_shares("cars", "demographics", PARTS),
    treemap("jobs", "demographics", TILES),
    rfm_heatmap("rfm", "demographics"),
    region_map("map", "strategy", country=undrilled_country),
    region_map("within", "strategy", column=SUBREGION, country=selected_country),
    state_bars("states", "strategy"),
    points_map("points", "strategy"),
    ranked_squares("squares", "strategy"),
    ranked_places("regions", "strategy"),
    ranked_places("subregions", "strategy", column=SUBREGION, drilled=True),
    ranked_postcodes("postcodes", "strategy"),
    number_by_value("scatter", "strategy", ACROSS),
)


def _check(visual: Visual) -> None:
    if not visual.key.isidentifier() or visual.key == SEGMENT_FILTER:  # it stands in links, before a ":"
        raise ValueError(f"{visual.key!r} is no key of a visual: use a word, such as 'jobs'.")
    if visual.section not in PAGES:
        raise ValueError(f"{visual.key!r} is in the section {visual.section!r}: choose one of {', '.join(PAGES)}.")
    if len(visual.clicks) > 1 + (CLUSTER in visual.clicks[:1]):  # a link can hold only one free text, after the segment
        raise ValueError(f"{visual.key!r} is clicked by several columns: name one, or the segment and one.")
    if not isinstance(visual.table, Table):
        raise ValueError(f"{visual.key!r} has no Table: it says how small groups are hidden (core/visuals/table.py).")
    if visual.table.hiding and visual.table.hiding.reason and visual.shape is as_table:
        raise ValueError(f"The table of {visual.key!r} has its small groups: give it a `shape` that hides them.")
    _check_options(visual)
    _check_columns(visual)
    describe(visual.table)  # refuses another description of the same builder


def _check_options(visual: Visual) -> None:
    taken = {option.key for other in VISUALS.values() for option in other.options}
    for option in visual.options:
        if not option.key.isidentifier() or (option.key in taken and option.key not in PICKED.values()):
            raise ValueError(f"The option {option.key!r} of {visual.key!r} needs a key of its own: it stands in links.")


def _check_columns(visual: Visual) -> None:
    """Compare the columns of a visual with those of its table."""
    keys = {_column_of(name) for name in visual.table.columns(*visual.arguments(ANY)) if not name.endswith("_n")}
    required = {CLUSTER, *visual.required(ANY)}
    missing = sorted(keys - required - {*ADDED, *visual.table.spared, *visual.optional})
    if missing:
        raise ValueError(f"The table of {visual.key!r} needs {', '.join(missing)}: name what it needs in `columns`.")
    possible = sorted(keys & required - {*NUMBERS})
    if unknown := sorted({named(column, ANY) for column in visual.clicks}.difference(possible)):
        raise ValueError(f"{visual.key!r} is clicked by {unknown[0]!r}: choose from {', '.join(possible)}.")
    for name in visual.columns:
        one_of(name, (VALUE, *NUMBERS, *GROUPS, *USUAL))


def _column_of(key: str) -> str:
    """The column that a key of a table is, or is bins of."""
    bins = BINS.fullmatch(key)
    return bins[1] if bins else key


VISUALS: Final[Registry[Visual]] = Registry("a visual", Visual, check=_check)
for entry in ENTRIES:
    VISUALS.add(entry)


def options() -> dict[str, Option]:
    """The choices of all visuals, by key."""
    return {option.key: option for visual in VISUALS.values() for option in visual.options}


def of_page(page: str) -> list[Visual]:
    """The visuals of a page."""
    return [visual for visual in VISUALS.values() if PAGES[visual.section] == page]


def of_section(section: str) -> list[Visual]:
    """The visuals of a section of the report."""
    return [visual for visual in VISUALS.values() if visual.section == section]
