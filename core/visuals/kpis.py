"""The KPIs: one entry each, from which pages, report and the summary of the command line are made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, get_args

import pandas as pd

from core import figures
from core.figures import percent
from core.intake.flags import describe_high_potential, describe_mass_affluent
from core.schema import CLUSTER, MASS_AFFLUENT, NOT_CLUSTERED, OUTLIERS
from core.views.card import Card
from core.views.summary import counted, mean, of_whom, share, with_everybody
from core.views.suppress import is_small
from core.views.tables import Totals
from core.visuals.visual import Context

# Where a KPI is shown: on a page, in the report, in the summary that the command line prints.
Surface = Literal["overview", "strategy", "report", "summary"]
ON_OVERVIEW: Final[tuple[Surface, ...]] = ("overview", "report")
HIDDEN: Final = "Hidden"
# The answers of `Kpi.hiding`: shown, hidden, or shown without its share.
SHOWN, FEW, SHARE_HIDDEN = "", "protects a small group", "share hidden"


class Part(NamedTuple):
    """A number of customers, and the number of whom it is known."""

    part: int
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
        `SHOWN`, `FEW` or `SHARE_HIDDEN`, for a value while small groups are hidden.
    surfaces : tuple of str
        Where it is shown.
    hint : callable
        Its explanation.
    line : callable, optional
        Its card in the summary of the command line, if different.
    """

    key: str
    label: str
    build: Callable[[Context], Any]  # what `format` and `hiding` take: a number, or a `Part`
    format: Callable[[Any], str]
    hiding: Callable[[Context, Any], str]
    surfaces: tuple[Surface, ...] = ON_OVERVIEW
    note: Callable[[Context, Any], str] = lambda *_: ""
    hint: Callable[[Context], str] = lambda _: ""
    line: Callable[[Context, Any], Card] | None = None


@dataclass(frozen=True)
class SegmentKpi:
    """A figure of all customers and of each segment, from the table by cluster: it hides small groups.

    It is the share of a flag, or the mean of a measure, `of`; `label` stands on a card, `header` in the report.
    """

    key: str
    label: str
    header: str
    of: str
    format: Callable[[float], str]
    is_flag: bool = False

    def text(self, value: float) -> str:
        """The value in a sentence below another KPI's."""
        return f"{self.label} {self.format(value)}"


def never_few(_: Context, __: Any) -> str:
    """The `hiding` of the number of all selected customers: while they are few, no page or report is shown."""
    return SHOWN


def flag(key: str, label: str, yes: str, *, line: str, hint: Callable[[Context], str]) -> Kpi:
    """How many have a flag; `yes` is their field in `Totals`, `line` the label in the summary."""

    def build(of: Context) -> Part:
        return Part(getattr(of.totals, yes), getattr(of.totals, f"{yes}_known"))

    def hiding(of: Context, value: Part) -> str:
        whole = of.totals.customers
        if is_small(value.part, whole):
            return FEW
        return SHARE_HIDDEN if is_small(value.part, value.known) or is_small(value.known, whole) else SHOWN

    return Kpi(
        key, label, build,
        format=lambda value: f"{value.part:,}" if value.known else "Unknown",
        hiding=hiding,
        surfaces=(*ON_OVERVIEW, "summary"),
        note=lambda _, value: f"{percent(*value)} of {value.known:,} known",
        hint=hint,
        line=lambda _, value: Card(line, f"{value.part:,}", f"{percent(*value)} of those known"),
    )  # fmt: skip


def group(key: str, label: str, field: str, *, hint: str, always: bool) -> Kpi:
    """How many are in a group that is no segment; `field` has them in `Totals`. Without `always`, only if there are."""
    return Kpi(
        key, label,
        build=lambda of: getattr(of.totals, field) if always or getattr(of.totals, field) else None,
        format="{:,}".format,
        hiding=lambda of, value: FEW if value and label not in set(of.clusters[CLUSTER]) else SHOWN,
        note=lambda of, value: f"{percent(value, of.totals.customers)} {of_whom(of.totals.customers, of.study.size)}",
        hint=lambda _: hint,
    )  # fmt: skip


ENTRIES: Final = (
    Kpi(
        "customers", "Total customers",
        build=lambda of: of.totals.customers,
        format="{:,}".format,
        hiding=never_few,
        surfaces=(*ON_OVERVIEW, "summary"),
        note=lambda of, _: f"of {of.study.size:,} in the data",
        line=lambda of, value: Card("Customers", f"{value:,}", f"as of {of.study.rules.as_of}"),
    ),
    flag(
        "mass_affluent", "Total mass affluent", "mass_affluent", line="Mass affluent",
        hint=lambda of: describe_mass_affluent(of.study.names, of.study.rules),
    ),
    flag(
        "high_potential", "High potential", "high_potential", line="High potential",
        hint=lambda of: describe_high_potential(of.study.rules),
    ),
    group(
        "not_clustered", NOT_CLUSTERED, "not_clustered", always=True,
        hint="Customers who lack a feature that the segments are made from.",
    ),
    group(
        "outliers", OUTLIERS, "outliers", always=False, hint="Customers with an unusual value in a feature.",
    ),
)  # fmt: skip
KPIS: Final[dict[str, Kpi]] = {}
BY_SEGMENT: Final[tuple[SegmentKpi, ...]] = (
    SegmentKpi(
        "penetration", "Mass affluent", "Mass affluent, of those known", MASS_AFFLUENT, figures.share, is_flag=True
    ),
    SegmentKpi("tenure", "Average tenure", "Tenure", "tenure", lambda years: _with_unit(years, "years")),
)


def register(kpi: Kpi) -> None:
    """Add a KPI after all others.

    Raises
    ------
    ValueError
        Its key is taken, a surface is unknown, or it does not say how it hides small groups.
    """
    if kpi.key in KPIS:
        raise ValueError(f"There are two KPIs {kpi.key!r}: give one of them another key.")
    if unknown := set(kpi.surfaces) - set(get_args(Surface)):
        raise ValueError(f"There is no {sorted(unknown)[0]!r} to show {kpi.key!r} on: {', '.join(get_args(Surface))}.")
    if not callable(kpi.hiding):
        raise ValueError(f"The KPI {kpi.key!r} does not say how it hides small groups: give it a `hiding`.")
    KPIS[kpi.key] = kpi


def cards(of: Context, surface: Surface) -> list[Card]:
    """The cards of the KPIs that are shown there."""
    values = ((kpi, kpi.build(of)) for kpi in KPIS.values() if surface in kpi.surfaces)
    return [_card(kpi, of, value, surface) for kpi, value in values if value is not None]


def _card(kpi: Kpi, of: Context, value: Any, surface: Surface) -> Card:
    hiding = kpi.hiding(of, value) if of.hide else SHOWN
    if hiding == FEW:
        return Card(kpi.label, HIDDEN, FEW, kpi.hint(of))
    if surface == "summary" and kpi.line and hiding == SHOWN:
        return kpi.line(of, value)
    return Card(kpi.label, kpi.format(value), hiding or kpi.note(of, value), kpi.hint(of))


def segment_measures() -> list[str]:
    """The measures that the KPIs by segment are means of."""
    return [kpi.of for kpi in BY_SEGMENT if not kpi.is_flag]


def by_segment(clusters: pd.DataFrame) -> list[tuple[str, tuple[str, ...]]]:
    """The KPIs of all customers, whose label is empty, and by cluster: label, texts."""
    rows = with_everybody(clusters)
    texts = [list(map(kpi.format if kpi.is_flag else kpi.text, _values(rows, kpi))) for kpi in BY_SEGMENT]
    return list(zip(rows[CLUSTER], zip(*texts, strict=True), strict=True))


def _values(rows: pd.DataFrame, kpi: SegmentKpi) -> list[float]:
    if not kpi.is_flag and f"{kpi.of}_n" not in rows:
        return [float("nan")] * len(rows)
    return [*(share if kpi.is_flag else mean)(rows, kpi.of)]


def _with_unit(value: float, unit: str) -> str:
    return figures.number(value) + (f" {unit}" if value == value else "")


def unknown_affluence(totals: Totals, *, hide: bool = False) -> str:
    """A sentence on the customers of whom it is unknown whether they are mass affluent; empty without any."""
    unknown = totals.customers - totals.mass_affluent_known
    if not unknown:
        return ""
    known, yes = totals.mass_affluent_known, totals.mass_affluent
    few = hide and (is_small(unknown, totals.customers) or is_small(yes, known))  # the card beside it shows `yes`
    number = "Some customers" if few else counted(unknown, "customer")
    return f"{number} may or may not be mass affluent: what the rule needs is missing. Shares are of those known."


for entry in ENTRIES:
    register(entry)
