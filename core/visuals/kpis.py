"""The KPIs: one entry each, from which pages, report and the summary of the command line are made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, get_args

from core import figures
from core.figures import count, percent
from core.intake.flags import NOT_DEFINED, describe_high_potential, describe_mass_affluent, why_no_high_potential
from core.registry import Registry
from core.schema import CLUSTER, MASS_AFFLUENT, NOT_CLUSTERED, NUMBERS, OUTLIERS, one_of
from core.views import tables
from core.views.card import Card
from core.views.rounding import to_figures
from core.views.summary import counted, mean, of_whom
from core.views.suppress import is_small
from core.views.tables import Totals
from core.visuals.segmented import SegmentedCustomers

# Where a KPI is shown: on a page, in the report, in the summary that the command line prints.
Surface = Literal["overview", "strategy", "report", "summary"]
ON_OVERVIEW: Final[tuple[Surface, ...]] = ("overview", "report")
HIDDEN: Final = "Hidden"
# The answers of `Kpi.hiding`: shown, hidden, or shown without its share.
SHOWN, FEW, SHARE_HIDDEN = "", "protects a small group", "share hidden"


class Part(NamedTuple):
    """A number of customers, and the number of whom it is known; `undefined` says why nothing tells it, if so."""

    part: int
    known: int
    undefined: str = ""


class Average(NamedTuple):
    """A mean, and the number of customers of whom it is known."""

    mean: float
    known: int


@dataclass(frozen=True)
class Kpi:
    """A figure of the selected customers.

    Parameters
    ----------
    key, label : str
        Its name in the code, and on its card.
    build : callable
        Its value; None if the KPI is not shown.
    format, note : callable
        The value as text, and what is written below it.
    hiding : callable
        `SHOWN`, `FEW` or `SHARE_HIDDEN`, for a value while small groups are hidden. Ready ones are `never_few`,
        `flag_hiding`, `group_hiding` and `average_hiding`.
    surfaces : tuple of str
        Where it is shown.
    hint : callable
        Its explanation.
    line : callable, optional
        Its card in the summary of the command line, if different.
    """

    key: str
    label: str
    build: Callable[[SegmentedCustomers], Any]  # what `format` and `hiding` take: a number, a `Part` or an `Average`
    format: Callable[[Any], str]
    hiding: Callable[[SegmentedCustomers, Any], str]
    surfaces: tuple[Surface, ...] = ON_OVERVIEW
    note: Callable[[SegmentedCustomers, Any], str] = lambda *_: ""
    hint: Callable[[SegmentedCustomers], str] = lambda _: ""
    line: Callable[[SegmentedCustomers, Any], Card] | None = None


@dataclass(frozen=True)
class SegmentKpi:
    """A figure of all customers and of each segment, from the table by cluster: it hides small groups.

    It is the share of a flag, or the mean of a measure, `of`; `label` stands on a card, `header` in the report.
    `unit` stands after the number on a card, and in the header.
    """

    key: str
    label: str
    header: str
    of: str
    format: Callable[[float], str]
    is_flag: bool = False
    unit: str = ""

    def text(self, value: float) -> str:
        """The value in a sentence below another KPI's."""
        return f"{self.label} {self.format(value)}" + (f" {self.unit}" if self.unit and value == value else "")


def never_few(_: SegmentedCustomers, __: Any) -> str:
    """The `hiding` of the number of all selected customers: while they are few, no page or report is shown."""
    return SHOWN


def flag_hiding(of: SegmentedCustomers, value: Part) -> str:
    """The `hiding` of a part of the customers whose answer is known, which is shown with its share."""
    whole = of.totals.customers
    if is_small(value.part, whole):
        return FEW
    return SHARE_HIDDEN if is_small(value.part, value.known) or is_small(value.known, whole) else SHOWN


def group_hiding(label: str) -> Callable[[SegmentedCustomers, int], str]:
    """The `hiding` of a group of the table by cluster: hidden there, it is hidden here."""
    return lambda of, value: FEW if value and label not in set(of.clusters[CLUSTER]) else SHOWN


def average_hiding(of: SegmentedCustomers, value: Average) -> str:
    """The `hiding` of a mean of all: few have the number, or few lack it."""
    return FEW if is_small(value.known, of.totals.customers) else SHOWN


def average(
    key: str, label: str, column: str, *, unit: str = "", hint: str = "",
    surfaces: tuple[Surface, ...] = ON_OVERVIEW,
) -> Kpi:  # fmt: skip
    """The mean of a number among the selected customers who have it."""
    one_of(column, NUMBERS)

    def build(of: SegmentedCustomers) -> Average | None:
        if (sums := of.sums(column)) is None or sums.empty:
            return None
        value = mean(sums, column).iloc[0]
        return Average(float(to_figures(value) if of.hide else value), int(sums[f"{column}_n"].iloc[0]))

    return Kpi(
        key, label, build,
        format=lambda value: _with_unit(value.mean, unit),
        hiding=average_hiding,
        surfaces=surfaces,
        note=lambda _, value: f"of {count(value.known)} known",
        hint=lambda _: hint,
    )  # fmt: skip


def flag(
    key: str, label: str, yes: str, *, line: str, hint: Callable[[SegmentedCustomers], str],
    undefined: Callable[[SegmentedCustomers], str], kind: Callable[[SegmentedCustomers], str] = lambda _: "",
) -> Kpi:  # fmt: skip
    """How many have a flag; `yes` is their field in `Totals`, `line` the label in the summary.

    `undefined` says why nothing tells the flag of anybody, `kind` of what kind its rule is.
    """

    def build(of: SegmentedCustomers) -> Part:
        known = getattr(of.totals, f"{yes}_known")
        return Part(getattr(of.totals, yes), known, "" if known else undefined(of))

    def text(value: Part) -> str:
        return NOT_DEFINED if value.undefined else count(value.part) if value.known else "Unknown"

    return Kpi(
        key, label, build,
        format=text,
        hiding=flag_hiding,
        surfaces=(*ON_OVERVIEW, "summary"),
        note=lambda of, one: one.undefined or f"{percent(*one[:2])} of {count(one.known)}{kind(of) or ' known'}",
        hint=hint,
        line=lambda of, value: Card(
            line, text(value), value.undefined or f"{percent(*value[:2])} of those known{kind(of)}"
        ),
    )  # fmt: skip


def group(key: str, label: str, field: str, *, hint: str, always: bool) -> Kpi:
    """How many are in a group that is no segment; `field` has them in `Totals`. Without `always`, only if there are."""
    return Kpi(
        key, label,
        build=lambda of: getattr(of.totals, field) if always or getattr(of.totals, field) else None,
        format=count,
        hiding=group_hiding(label),
        note=lambda of, value: f"{percent(value, of.totals.customers)} {of_whom(of.totals.customers, of.study.size)}",
        hint=lambda _: hint,
    )  # fmt: skip


ENTRIES: Final = (
    Kpi(
        "customers", "Total customers",
        build=lambda of: of.totals.customers,
        format=count,
        hiding=never_few,
        surfaces=(*ON_OVERVIEW, "summary"),
        note=lambda of, _: f"of {count(of.study.size)} in the data",
        line=lambda of, value: Card("Customers", count(value), f"as of {of.study.rules.as_of}"),
    ),
    flag(
        "mass_affluent", "Total mass affluent", "mass_affluent", line="Mass affluent",
        hint=lambda of: describe_mass_affluent(of.study.rules, of.study.wealth),
        undefined=lambda of: "" if of.study.wealth.tells else of.study.wealth.why,
        kind=lambda of: ", relative" if of.study.wealth.relative else "",
    ),
    flag(
        "high_potential", "High potential", "high_potential", line="High potential",
        hint=lambda of: describe_high_potential(of.study.filled, of.study.rules, of.study.wealth),
        undefined=lambda of: why_no_high_potential(of.study.filled, of.study.wealth),
    ),
    group(
        "not_clustered", NOT_CLUSTERED, "not_clustered", always=True,
        hint="Customers who lack a feature that the segments are made from.",
    ),
    group("outliers", OUTLIERS, "outliers", always=False, hint="Customers with an unusual value in a feature."),
)  # fmt: skip
BY_SEGMENT_ENTRIES: Final = (
    SegmentKpi(
        "penetration", "Mass affluent", "Mass affluent, of those known", MASS_AFFLUENT, figures.share, is_flag=True
    ),
    SegmentKpi("tenure", "Tenure", "Tenure (years)", "tenure", figures.number, unit="years"),
)


def _check(kpi: Kpi) -> None:
    _check_key(kpi)
    if unknown := set(kpi.surfaces) - set(get_args(Surface)):
        raise ValueError(f"There is no {sorted(unknown)[0]!r} to show {kpi.key!r} on: {', '.join(get_args(Surface))}.")
    if not callable(kpi.hiding):
        raise ValueError(f"The KPI {kpi.key!r} does not say how it hides small groups: give it a `hiding`.")


def _check_by_segment(kpi: SegmentKpi) -> None:
    _check_key(kpi)
    one_of(kpi.of, tables.FLAGS if kpi.is_flag else NUMBERS)


def _check_key(kpi: Kpi | SegmentKpi) -> None:
    if not kpi.key.isidentifier():
        raise ValueError(f"{kpi.key!r} is no key of a KPI: use a word, such as 'outliers'.")


KPIS: Final[Registry[Kpi]] = Registry("a KPI", Kpi, check=_check)
# The first one is the figure of a card, the others are lines below it.
BY_SEGMENT: Final[Registry[SegmentKpi]] = Registry("a KPI by segment", SegmentKpi, check=_check_by_segment)
for entry in ENTRIES:
    KPIS.add(entry)
for by_segment_entry in BY_SEGMENT_ENTRIES:
    BY_SEGMENT.add(by_segment_entry)


def cards(of: SegmentedCustomers, surface: Surface) -> list[Card]:
    """The cards of the KPIs that are shown there."""
    found = (card(kpi, of, surface) for kpi in KPIS.values() if surface in kpi.surfaces)
    return [one for one in found if one is not None]


def card(kpi: Kpi, of: SegmentedCustomers, surface: Surface) -> Card | None:
    """The card of a KPI; None where it has no value."""
    if (value := kpi.build(of)) is None:
        return None
    hiding = kpi.hiding(of, value) if of.hide else SHOWN
    if hiding == FEW:
        return Card(kpi.label, HIDDEN, FEW, kpi.hint(of))
    if surface == "summary" and kpi.line and hiding == SHOWN:
        return kpi.line(of, value)
    return Card(kpi.label, kpi.format(value), hiding or kpi.note(of, value), kpi.hint(of))


def _with_unit(value: float, unit: str) -> str:
    return figures.number(value) + (f" {unit}" if unit and value == value else "")


def unknown_affluence(totals: Totals, *, hide: bool = False) -> str:
    """A sentence on the customers of whom it is unknown whether they are mass affluent; empty without any."""
    unknown = totals.customers - totals.mass_affluent_known
    if not unknown:
        return ""
    known, yes = totals.mass_affluent_known, totals.mass_affluent
    few = hide and (is_small(unknown, totals.customers) or is_small(yes, known))  # the card beside it shows `yes`
    number = "Some customers" if few else counted(unknown, "customer")
    return f"{number} may or may not be mass affluent: what the rule needs is missing. Shares are of those known."
