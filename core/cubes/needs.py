"""What columns each table of the pages is made from: by these its cube is chosen."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from core.measures.columns import Columns
from core.measures.evaluate import columns_of
from core.measures.measure import Measure, results
from core.measures.parse import parse
from core.rules import MassAffluent, Rules
from core.schema import AGE_GROUP, CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT
from core.strategy.audience import Audience, moves
from core.strategy.fairness import selected
from core.strategy.insights import FIELDS, facts
from core.views import tables
from core.views.counted import in_bins
from core.views.tables import AGE_BIN, FLAGS, Decimals

CARDS: Final = (CLUSTER, *FLAGS)
RULED: Final = ("wealth_segment", "property_valuation", "deceased")
# Of a table's columns those without which it says less, but nothing wrong, in the order in which they are left out.
SPARED: Final[Mapping[Callable[..., Any], Sequence[str]]] = {tables.places: ("postcode",), facts: [*FIELDS][::-1]}


def needs(build: Callable[..., Any], arguments: Sequence[Any]) -> set[str] | None:
    """The columns that a table needs: keys by their name, sums as `<number>_n`; None if they are not listed here."""
    found = NEEDS.get(build)
    return None if found is None else {*found(*arguments)}


def _sums(measures: Decimals) -> list[str]:
    return [f"{name}_n" for name in measures]


def _rule(rules: Rules, tried: MassAffluent) -> Sequence[str]:
    return (MASS_AFFLUENT,) if tried == rules.mass_affluent else RULED


def _audience(rules: Rules, audience: Audience, field: str) -> Iterable[str]:
    asked = {"Mass affluent": _rule(rules, audience.rule), "High potential": (HIGH_POTENTIAL,)}
    return CLUSTER, field, *asked.get(audience.group, ())


def _formulas(measures: Sequence[Measure], columns: Columns) -> Iterable[str]:
    keys, sums = zip(*(columns_of(parse(one.formula, columns)) for one in measures), strict=True)
    return CLUSTER, *set().union(*keys), *(f"{name}_n" for name in set().union(*sums))


NEEDS: Final[Mapping[Callable[..., Any], Callable[..., Iterable[str]]]] = {
    tables.measured: lambda _: (),  # the first cube has the sums
    tables.totals: lambda: CARDS,
    tables.by_cluster: lambda measures=tables.NOTHING: (*CARDS, *_sums(measures)),
    tables.count: lambda by: by,
    tables.ages: lambda: (CLUSTER, "age"),
    tables.age_by_value: lambda value, step: (CLUSTER, in_bins("age", AGE_BIN), in_bins(value, step)),
    tables.age_groups: lambda: (AGE_GROUP, *FLAGS),
    tables.places: lambda: ("state", "postcode", *FLAGS),
    facts: lambda: (*FIELDS, *FLAGS),
    moves: lambda rules, tried: (*CARDS, *_rule(rules, tried)),
    selected: _audience,
    results: _formulas,
}
