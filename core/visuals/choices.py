"""What each placeholder of a visual stands for: the usual column, else the best that the customers have."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from core.customer_base import CustomerBase
from core.intake.rfm import monetary_of
from core.meanings import meaning_of
from core.schema import ADDED, NEVER_FEATURES, POSTCODE, RFM, Column
from core.segments.profile import Segments
from core.visuals.value import (
    ACROSS,
    ACTIVITY,
    MONETARY,
    OF_CATEGORIES,
    PARTS,
    PLACE,
    REGION,
    SPREAD,
    TILES,
    USUAL,
    VALUE,
)

PICKED: Final = {TILES: "jobs_by", PARTS: "cars_by"}  # what the analyst can pick → its name in links
FEW: Final = 6  # values that the parts of a bar can be told apart by: each is a shade paler
PLACES: Final = ("category", "text")  # kinds of columns that are names of places
DOUBTFUL: Final = frozenset(("outcome", "code", "weight", "constant", "area", "place", "result"))  # no measure to show


class Described(Protocol):
    """What a choice depends on, of customers and their segments (`segmented.SegmentedCustomers`)."""

    @property
    def study(self) -> CustomerBase:
        """The customers."""

    @property
    def segments(self) -> Segments:
        """Their segments."""

    @property
    def picks(self) -> Mapping[str, str]:
        """What the analyst picked, by the key of the choice."""

    @property
    def value(self) -> str:
        """The measure that stands for a customer's value."""

    @property
    def strengths(self) -> Mapping[str, float]:
        """How much each category differs between the segments."""

    def has(self, *columns: str) -> bool:
        """Whether somebody has a value in all of these columns."""

    def column(self, name: str) -> Column | None:
        """The description of a column."""

    def is_counted(self, category: str) -> bool:
        """Whether there are customers by segment and a category."""


@dataclass(frozen=True)
class Numbers:
    """The numbers of some customers: their columns, the features of the segments, the measures of value."""

    columns: Sequence[Column]
    features: Sequence[str]
    values: Sequence[str]

    @property
    def ranked(self) -> list[str]:
        """The names of those that are worth a chart: features first, then measures of value, then others known."""
        meanings = {one.name: one.meaning for one in self.columns if one.kind == "number"}
        names = dict.fromkeys([*self.features, *self.values, *USUAL.values(), "tenure"])
        return [
            name for name in names
            if name in meanings and name not in NEVER_FEATURES and meanings[name] not in DOUBTFUL
        ]  # fmt: skip

    def shown(self, value: str) -> dict[str, str]:
        """What the placeholders of numbers stand for beside a value measure."""
        families = {one.name: meaning_of(one.meaning).family for one in self.columns}
        others = [name for name in self.ranked if name != value]
        active = [name for name in others if families[name] == "activity"]
        found = {ACTIVITY: [*active, *others], SPREAD: self.ranked, ACROSS: others}
        return {key: USUAL[key] if USUAL[key] in names else next(iter(names), "") for key, names in found.items()}


@dataclass(frozen=True)
class Choices:
    """What placeholders stand for, empty where there is nothing, and the categories to pick from, the best first."""

    columns: Mapping[str, str]
    options: Mapping[str, Sequence[str]]


def choose(of: Described) -> Choices:
    """The column that each placeholder stands for: what the analyst picked, else the best."""
    features = [one.name for one in of.segments.feature_specs if not one.yes_no]
    known = [one for one in of.study.columns if of.has(one.name)]
    numbers = Numbers(known, features, of.study.value_measures)
    own = of.study.territories.column
    found = {VALUE: of.value, REGION: own or USUAL[REGION], **numbers.shown(of.value)}
    found |= {MONETARY: paid} if (paid := monetary_of(known)) else {}
    options: dict[str, Sequence[str]] = {}
    for placeholder in OF_CATEGORIES:
        options[placeholder] = possible = _options(placeholder, of, found)
        picked = of.picks.get(PICKED.get(placeholder, ""), "")
        found[placeholder] = picked if picked in possible else next(iter(possible), "")
    return Choices(found, options)


def _options(placeholder: str, of: Described, found: Mapping[str, str]) -> list[str]:
    """The categories that a placeholder can stand for, the best first; `found` has those of the others."""
    possible = [name for name in of.study.categories if of.is_counted(name)]
    if placeholder == PLACE:  # towns may be too many for a filter
        found_places = [one.name for one in of.study.columns if one.meaning == "place" and one.kind in PLACES]
        named = [name for name in found_places if name != POSTCODE and of.has(name)]
        possible = [name for name in named if of.is_counted(name)] or named  # a result without sums by it says so
    own, usual = of.study.territories.column, USUAL[placeholder]
    if placeholder == PLACE and own and of.is_counted(own):
        return [own, *(name for name in dict.fromkeys([usual, *possible]) if name != own and of.is_counted(name))]
    if of.has(usual) and (of.is_counted(usual) or not possible):  # a result that has it, but not by segment, says so
        return [usual, *(name for name in possible if name != usual)]
    best = _best(placeholder, of, possible, {found.get(TILES)} if placeholder == PARTS else set())
    return [*([best] if best else []), *(name for name in possible if name != best)]


def _best(placeholder: str, of: Described, possible: Sequence[str], taken: Collection[str | None]) -> str:
    """The occupation for the tiles, else what differs most between segments; of few values for the bars."""
    if placeholder == TILES and "job_title" in possible:
        return "job_title"
    if placeholder == PLACE:
        return next(iter(possible), "")
    features = {described.header for one in of.segments.feature_specs if (described := of.column(one.name))} - {""}
    bands = {one.name for one in of.study.columns if one.header in features}  # of a feature: they differ by themselves
    free = [name for name in possible if name not in {*taken, *bands}] or list(possible)
    sizes = {name: len(of.study.categories[name]) for name in free}
    candidates = [name for name in free if (sizes[name] <= FEW if placeholder == PARTS else sizes[name] > 2)] or free
    of_files = [
        name for name in candidates if name not in (*ADDED, *RFM)
    ]  # the program's own follow from what it knows anyway
    if len(of_files or candidates) == 1:
        return (of_files or candidates)[0]
    return max(of_files or candidates, key=lambda name: of.strengths.get(name, 0.0), default="")
