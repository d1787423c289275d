"""The table of each visual as a sheet: its counts, with the shares, means and quartiles that its chart draws."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from core.analysis import Analysis
from core.reporting.workbook_tab import Field, Tab, number_field
from core.schema import CLUSTER, MASS_AFFLUENT, NO_SEGMENT
from core.views.sheet import ENDS, Sheet
from core.views.summary import mean, quartiles, share
from core.views.suppress import of_whom_shown
from core.views.tables import WHOLE
from core.visuals.place_names import names_in
from core.visuals.places import Places
from core.visuals.registry import VISUALS
from core.visuals.tables import CELLS, HISTOGRAM, PLACES
from core.visuals.value import named
from core.visuals.visual import Picture, picture

NAME, CUSTOMERS, SHARE_AFFLUENT = "Name", "Customers", "Share mass affluent"  # titles that charts refer to
YES, KNOWN = f"{MASS_AFFLUENT}_yes", f"{MASS_AFFLUENT}_known"
BOX: Final = {
    "low": "Lower whisker", "lower": "Lower quartile", "median": "Median", "upper": "Upper quartile",
    "high": "Upper whisker",
}  # fmt: skip
OF_PLACES: Final = (PLACES, CELLS)  # tables that a visual may show as a sheet for people
WORDS: Final = ("lower end", "upper end")  # of an interval
DEGREES: Final = ("latitude", "longitude")
IN_BRACKETS: Final = re.compile(r" \(.*?\)")
RANKED: Final = re.compile("^(Highest share of mass affluent|Most customers) by ")
BUBBLES: Final = "_places"  # after the key of a map: the sheet of its bubbles

Columns = list[tuple[Field, Sequence[Any]]]
Names = Mapping[str, Mapping[str, str]]  # column → value → its text


def visual_tabs(of: Analysis) -> Iterator[Tab]:
    """A sheet for each visual that has something to show, in the order of pages; a map has a second one of bubbles.

    Small groups are hidden as the visual hides them, and the notes say how many.
    """
    for visual in VISUALS.values():
        if visual.is_possible(of) and (shown := picture(visual, of)).data is not None:
            yield from _tabs(shown, of)


def _tabs(shown: Picture, of: Analysis) -> Iterator[Tab]:
    visual, data = shown.visual, shown.data
    drawn = visual.draw(of, data) if visual.deck is None and visual.table in OF_PLACES else None
    if isinstance(data, Places):
        place = named(visual.columns[0], of)
        names = {region.code: region.name for region, _ in data.country.borders}
        states = data.states.rename(columns={"state": place})
        yield _tab(shown, visual.key, shown.title, _counted(states, of, shown, {place: names}))
        if len(data.regions):
            title = f"Places of postcodes: {shown.title}"
            regions = data.regions.rename(columns={"state": place})
            yield _tab(shown, visual.key + BUBBLES, title, _counted(regions, of, shown, {place: names}))
    elif isinstance(drawn, Sheet):
        yield _tab(shown, visual.key, shown.title, _of_sheet(drawn))
    elif visual.table is HISTOGRAM:
        # What the rows of a histogram add up to is shown, and not how many are of one age: it hides no row.
        yield _tab(shown, visual.key, shown.title, _boxes(data, of))
    else:
        place = data.columns[0]
        yield _tab(shown, visual.key, shown.title, _counted(data, of, shown, {place: names_in(of, place)}))


def _tab(shown: Picture, key: str, title: str, columns: Columns) -> Tab:
    rows = zip(*(values for _, values in columns), strict=True)
    # Names of sheets are short: "Highest share of mass affluent by postcode" is "Ranked by postcode".
    name = RANKED.sub("Ranked by ", IN_BRACKETS.sub("", title)).partition(":")[0]
    return Tab(key, name, [field for field, _ in columns], [*rows], title, [shown.note] if shown.note else [])


def _of_sheet(sheet: Sheet) -> Columns:
    """All rows of a table for people, with the ends of the intervals of its shares."""
    rows = sheet.figures(sheet.everything)
    columns: Columns = []
    for column in sheet.columns:
        title, values = column.file_title, rows[column.name].tolist()
        if column.form == "number":
            columns.append((number_field(title, values, column.sign), values))
            continue
        columns.append((Field(title, column.form), values))
        if column.form == "share":
            ends = (f"{column.name}{end}" for end in ENDS)
            columns += [
                (Field(f"{title}, {word} end", "share"), rows[end].tolist())
                for end, word in zip(ends, ("lower", "upper"), strict=True)
            ]
    return columns


def _boxes(histogram: pd.DataFrame, of: Analysis) -> Columns:
    """The five numbers of each box."""
    column = histogram.columns[1]
    boxes = quartiles(histogram, column)
    title, sign = of.titles(column)[column], of.sign(column)
    columns = [*segment_columns(boxes[CLUSTER], of), (Field(CUSTOMERS, "count"), boxes["customers"].tolist())]
    every = [value for name in BOX for value in boxes[name].tolist()]
    field = number_field("", every, sign)
    return columns + [(field._replace(title=f"{word}: {title}"), boxes[name].tolist()) for name, word in BOX.items()]


def _counted(table: pd.DataFrame, of: Analysis, shown: Picture, names: Names) -> Columns:
    """A table of counts (`tables.count`): its keys in words, customers, shares, and the means of what is shown."""
    keys = [str(name) for name in table.columns[: table.columns.get_loc("customers")]]
    columns: Columns = []
    for key in keys:
        columns += segment_columns(table[key], of) if key == CLUSTER else [_key(table[key], of, names.get(key, {}))]
    columns.append((Field(CUSTOMERS, "count"), table["customers"].tolist()))
    visual = shown.visual
    asked = (named(name, of) for name in (*visual.columns, *visual.optional))
    measures = [name for name in dict.fromkeys(asked) if f"{name}_n" in table]
    if keys[0] == CLUSTER and not measures:
        columns += _shares(table, keys, of)
    if keys != [CLUSTER] and YES in table and of.study.wealth.tells:
        columns += affluent_columns(table, of)
    for name in measures:
        means = mean(table, name).tolist()
        columns.append((number_field(f"Average {of.title_within(name)}", means, of.sign(name)), means))
        if not of.hide:
            columns.append((Field("Customers with a value", "count"), _unless_zero(table[f"{name}_n"])))
    degrees = [name for name in DEGREES if name in table and name not in keys]
    return columns + [(Field(name.title(), "number", digits=2), table[name].tolist()) for name in degrees]


def affluent_columns(table: pd.DataFrame, of: Analysis) -> Columns:
    """The share of mass affluent in each row, and of how many; while small groups are hidden the share alone.

    The counts are rounded then: their sum would pass for a total.
    """
    known = _unless_zero(table[KNOWN])
    yes = [value if whole else None for value, whole in zip(table[YES].tolist(), known, strict=True)]
    counts: Columns = [(Field("Mass affluent", "count"), yes), (Field("Of whom it is known", "count"), known)]
    return [*([] if of.hide else counts), (Field(SHARE_AFFLUENT, "share"), share(table, MASS_AFFLUENT).tolist())]


def _unless_zero(counts: pd.Series) -> list[int | None]:
    """Numbers of customers whose answer is known; nothing where it is of none, or hidden."""
    return [int(value) or None for value in counts.tolist()]


def segment_columns(labels: Sequence[Any], of: Analysis) -> Columns:
    """Number and name of segments; a group that is no segment has a name only."""
    texts = [str(label) for label in labels]
    numbers = [None if text in NO_SEGMENT else int(text) for text in texts]
    return [(Field("Segment", "count"), numbers), (Field(NAME), [of.names.get(text, text) for text in texts])]


def _key(values: pd.Series, of: Analysis, names: Mapping[str, str]) -> tuple[Field, Sequence[Any]]:
    """A key that is no segment: the lower edges of bins, else a category in words."""
    name = str(values.name)
    if pd.api.types.is_numeric_dtype(values.dtype):
        edges = values.tolist()
        return number_field(f"{of.titles(name)[name]}, from", edges, of.sign(name)), edges
    texts = [names.get(text, text) for text in values.astype("str")]
    return Field("Place" if name == "region" else of.text(name)), texts


def _shares(table: pd.DataFrame, keys: Sequence[str], of: Analysis) -> Columns:
    """The share of each segment, or of each value within its segment, hidden groups included."""
    customers = table["customers"]
    if len(keys) == 1:
        return [(Field(f"% {of_whom_shown(table, of.study.size)}", "share"), (customers / customers.sum()).tolist())]
    if pd.api.types.is_numeric_dtype(table[keys[1]].dtype):
        return []
    sizes = table.attrs.get(WHOLE) or customers.groupby(table[CLUSTER], observed=True).sum().to_dict()
    shares = [part / sizes[cluster] for part, cluster in zip(customers.tolist(), table[CLUSTER], strict=True)]
    return [(Field("% of the segment", "share"), shares)]
