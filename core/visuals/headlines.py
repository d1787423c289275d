"""The headline of each page (`views.headline`), from the tables of the visuals and KPIs on it."""

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Final

import numpy as np
import pandas as pd

from core.figures import money
from core.intake.flags import describe_mass_affluent
from core.schema import CLUSTER, in_sentence
from core.segments.advice import cramers_v2, explained
from core.views import headline
from core.views.headline import Affluent, Difference
from core.views.summary import crossed, quartiles
from core.visuals.kpis import FEW, KPIS, SHOWN
from core.visuals.place_names import names_in
from core.visuals.registry import VISUALS
from core.visuals.segmented import SegmentedCustomers
from core.visuals.value import PARTS, SPREAD, TILES, named
from core.visuals.visual import data_of

CATEGORIES: Final = {PARTS: "cars", TILES: "jobs"}  # placeholder → the visual that shows it


def headline_of(page: str, of: SegmentedCustomers) -> str:
    """The headline of a page; empty where nobody is selected, or so few that the page does not show them."""
    customers = of.totals.customers
    return "" if not customers or of.too_few(customers, of.study.size) else HEADLINES[page](of)


def of_overview(of: SegmentedCustomers) -> str:
    """How many are mass affluent, and the segment that has most of them."""
    kpi = KPIS["mass_affluent"]
    value = kpi.build(of)
    hiding = kpi.hiding(of, value) if of.hide else SHOWN
    affluent = None
    if value.known and hiding != FEW:
        affluent = Affluent(value.part, value.known if hiding == SHOWN else None)
    return headline.overview(of.totals.customers, of.study.size, of.clusters, of.names, affluent)


def of_demographics(of: SegmentedCustomers) -> str:
    """In what the segments differ most, of what the page shows."""
    return headline.demographics([*differences(of).values()]) or headline.only_one(of.clusters, of.names)


def differences(of: SegmentedCustomers) -> dict[str, Difference]:
    """How much the segments differ in what each visual shows, by its key, where that can be said."""
    return {**dict(_by_number(of)), **dict(_by_category(of))}


def of_strategy(of: SegmentedCustomers) -> str:
    """Where, and in which segment, the share of the mass affluent is highest."""
    if not of.study.wealth.tells:
        return describe_mass_affluent(of.study.rules, of.study.wealth)
    visual = next((VISUALS[key] for key in ("subregions", "regions") if VISUALS[key].is_possible(of)), None)
    if visual is None:
        return headline.strategy(None, of.clusters, of.names)
    place = named(visual.columns[0], of)
    word = in_sentence(place, of.text(place))
    places = data_of(visual, of)
    return headline.strategy(places, of.clusters, of.names, word=word, place_names=names_in(of, place))


def _by_number(of: SegmentedCustomers) -> Iterator[tuple[str, Difference]]:
    """The difference in the number whose spread is shown."""
    visual = VISUALS["age"]
    table = data_of(visual, of)
    if table is None:
        return
    rows = headline.in_segments(table)
    codes, clusters = pd.factorize(rows[CLUSTER])
    enough = np.bincount(codes, rows["customers"], len(clusters)) >= headline.FEWEST
    if enough.sum() < 2:
        return
    rows, codes = rows[enough[codes]], codes[enough[codes]]
    name = named(SPREAD, of)
    column = of.column(name)
    boxes = quartiles(rows, name)
    effect = explained(rows[name].to_numpy("float64"), codes, rows["customers"].to_numpy("float64"))
    unit = f" {column.unit}" if column and column.unit and not column.sign else ""
    medians = sorted(zip(boxes["median"], boxes[CLUSTER], strict=True), key=itemgetter(0), reverse=True)
    texts = {cluster: f"{money(median, of.sign(name), 1, trim=True)}{unit}" for median, cluster in medians}
    yield visual.key, headline.number_difference(of.label(name), effect, texts, of.names)


def _by_category(of: SegmentedCustomers) -> Iterator[tuple[str, Difference]]:
    """The differences in the categories of bars and tiles."""
    for placeholder, key in CATEGORIES.items():
        visual = VISUALS[key]
        table = data_of(visual, of)
        if table is None or table.empty:
            continue
        name = named(placeholder, of)
        counted = crossed(table, name)
        found = headline.category_difference(counted, of.label(name), cramers_v2(counted.counts), of.names)
        if found is not None:
            yield key, found


HEADLINES: Final[Mapping[str, Callable[[SegmentedCustomers], str]]] = {
    "overview": of_overview,
    "demographics": of_demographics,
    "strategy": of_strategy,
}
