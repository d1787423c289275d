"""The tables of pages and report: the columns each needs, and how it hides small groups.

An opened result is counted in the order of these entries (`cubes.plan`): a new one goes to the end.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from core.measures.columns import Columns
from core.measures.evaluate import columns_of
from core.measures.measure import Measure, results
from core.measures.parse import parse
from core.rules import MassAffluent, Rules
from core.schema import CLUSTER, FREQUENCY_SCORE, HIGH_POTENTIAL, MASS_AFFLUENT, RECENCY_SCORE, RFM_GROUP
from core.strategy.audience import Audience, moves
from core.strategy.fairness import selected
from core.strategy.insights import FIELDS, facts
from core.views import tables
from core.views.counted import in_bins
from core.views.scores import by_scores
from core.views.tables import AGE_BIN, FLAGS, NOTHING, Decimals
from core.views.wealth_band import measure_histogram
from core.visuals.table import BY_ROW, SUMS, CountedBy, Hiding, Table, describe

MOST_VALUES: Final = 4  # measures whose spread by age an opened result keeps; each is a cube
NOT_BY_WEALTH: Final = "This result has sums only, and none by the number that tells it."
NOT_KEPT: Final = (
    f"This result has sums only, and the spread by age of its first {MOST_VALUES} numbers: choose another."
)
CARDS: Final = (CLUSTER, *FLAGS)
RULED: Final = ("wealth_segment", "property_valuation", "deceased")  # columns of another rule of mass affluent


def _by_cluster(measures: Decimals = NOTHING) -> Iterable[str]:
    return *CARDS, *(f"{name}_n" for name in measures)


def _rule(rules: Rules, tried: MassAffluent) -> Sequence[str]:
    return (MASS_AFFLUENT,) if tried == rules.mass_affluent else RULED


def _audience(rules: Rules, audience: Audience, field: str) -> Iterable[str]:
    group_columns = {"Mass affluent": _rule(rules, audience.rule), "High potential": (HIGH_POTENTIAL,)}
    return CLUSTER, field, *group_columns.get(audience.group, ())


def _places(place: str = "state", measures: Decimals = NOTHING) -> Iterable[str]:
    return place, *(["postcode"] if place == "state" else []), *FLAGS, *(f"{name}_n" for name in measures)


def _formulas(measures: Sequence[Measure], columns: Columns, currency: str) -> Iterable[str]:  # noqa: ARG001
    keys, sums = zip(*(columns_of(parse(measure.formula, columns)) for measure in measures), strict=True)
    return CLUSTER, *set().union(*keys), *(f"{name}_n" for name in set().union(*sums))


describe(
    Table(
        tables.measured,
        lambda _: (),  # the first cube has the sums
        Hiding(reason="It counts nobody: it says in how many decimals a number is summed."),
    )
)
describe(
    Table(
        tables.totals,
        lambda: CARDS,
        Hiding(reason="`visuals.kpis` hides each figure; a page of few customers ends before it."),
    )
)
describe(
    Table(
        tables.sums,
        lambda measures: (CLUSTER, *(f"{name}_n" for name in measures)),
        Hiding(reason="One row for all selected customers: the `hiding` of each KPI says what is shown of it."),
    )
)
BY_CLUSTER: Final = describe(Table(tables.by_cluster, _by_cluster, BY_ROW))
COUNT: Final = describe(Table(tables.count, lambda by: by, BY_ROW))
HISTOGRAM: Final = describe(
    Table(
        tables.histogram,
        lambda column, step=1: (CLUSTER, column if step == 1 else in_bins(column, step)),
        Hiding(cells=False),  # a box shows a whole segment
    )
)
AGE_BY_VALUE: Final = describe(
    Table(
        tables.age_by_value,
        lambda value, step, across="age", width=AGE_BIN: (CLUSTER, in_bins(across, width), in_bins(value, step)),
        Hiding(whole=tables.by_cluster),  # it lacks customers of unknown age or value
        why_lacking=lambda base, arguments: NOT_KEPT if arguments[0] in base.value_measures[MOST_VALUES:] else "",
    )
)
describe(Table(facts, lambda further=(): (*FIELDS, *FLAGS, *further), BY_ROW, spared=[*FIELDS][::-1]))
describe(
    Table(
        moves,
        lambda rules, tried: (*CARDS, *_rule(rules, tried)),
        Hiding(reason="Only sums of its rows are shown: `Analysis.hides` says which may be."),
        counted_by=CountedBy(RULED, further=("gender",), only_with=("wealth_segment",)),
        why_lacking=lambda base, _: "" if "wealth_segment" in base.filled else NOT_BY_WEALTH,
    )
)
describe(Table(selected, _audience, BY_ROW))
describe(Table(results, _formulas, BY_ROW, has_texts=True))
PLACES: Final = describe(
    Table(
        tables.places,
        _places,
        Hiding(reason="It is added up by state and by region, and these are hidden (`maps.by_state`)."),
        spared=["postcode", SUMS],
    )
)
describe(Table(measure_histogram, lambda measure, step, *_: (in_bins(measure, step),), BY_ROW))
CELLS: Final = describe(
    Table(
        tables.cells,
        lambda height, width: (in_bins("latitude", height), in_bins("longitude", width), MASS_AFFLUENT),
        Hiding(reason="Rows and columns of the grid have no totals: it is hidden cell by cell (`visuals.points`)."),
    )
)
BY_SCORES: Final = describe(
    Table(
        by_scores,
        lambda measures=NOTHING: (RECENCY_SCORE, FREQUENCY_SCORE, RFM_GROUP, *(f"{name}_n" for name in measures)),
        BY_ROW,
        spared=[SUMS],
    )
)
