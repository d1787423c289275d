"""What an analyst chooses for a target list: whom, ranked by what, how many, which columns, and a control group."""

from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta

from core.analysis import Analysis
from core.errors import DataError, RulesError
from core.measures.columns import meant, numbers
from core.plain import check_fields
from core.schema import CERTAINTY, HIGH_POTENTIAL, ID, MASS_AFFLUENT, SECOND
from core.segments.model import Model
from core.strategy.audience import Audience
from core.targets.assignment import Split
from core.views.suppress import MINIMUM

RANK, RANKED_BY, SEGMENT, SEGMENT_NAME, WHY = "Rank", "Ranked_by", "Segment", "Segment_name", "Why"
# Columns that a list can have beside those of the files → their labels.
ADDED: Final = {
    SEGMENT: "Segment number",
    SEGMENT_NAME: "Segment",
    SECOND: "Second-best segment",
    CERTAINTY: "How sure the segment is",
    MASS_AFFLUENT: "Mass affluent",
    HIGH_POTENTIAL: "High potential",
    WHY: "Why, in words",
}
HIDDEN: Final = (
    f"No list of customers is given while groups of fewer than {MINIMUM} are hidden: each row of it is one person."
)
NO_ROWS: Final = "A result has sums only, and no customers to list: open the customer files."
MOST: Final = 10**9
Number = Annotated[int, Meta(ge=1, le=MOST)]
Money = Annotated[float, Meta(ge=0, le=1e18)]
Rate = Annotated[float, Meta(ge=0, le=1)]


@dataclass(frozen=True)
class ListChoice:
    """What is chosen for a list.

    Parameters
    ----------
    split : Split
        Who is held out, and the arms.
    by : str, optional
        A column of numbers or a formula of one customer (`measures.parse.parse_row`) that ranks; the wealth measure
        or the customers' value unless given. Who lacks it comes last, equals are in the order of a hash.
    lowest_first : bool
        Whether the lowest come first.
    top : int, optional
        How many are contacted at most.
    budget, contact_cost : float, optional
        What may be spent on contacts, and what one costs, in the customers' currency.
    columns : tuple of str, optional
        The columns beside the id (`offered`); `default_columns` unless given.
    where : str
        A condition on a customer (`measures.parse.parse_condition`); empty for everybody.
    audience : Audience, optional
        The group and the segments of a simulated campaign, under a rule that is tried.
    sure_only : bool
        Whether customers who are unsure of their segment are left out.
    uplift, baseline : float, optional
        As shares: with an uplift as many are held out as are likely to show it, given the conversion without contact.
    """

    split: Split
    by: str | None = None
    lowest_first: bool = False
    top: Number | None = None
    budget: Money | None = None
    contact_cost: Money | None = None
    columns: tuple[str, ...] | None = None
    where: str = ""
    audience: Audience | None = None
    sure_only: bool = False
    uplift: Rate | None = None
    baseline: Rate | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        if self.by is not None and not self.by.strip():
            raise RulesError("The formula that ranks is empty.", "Write one, or rank by a number.")
        if self.budget is not None and not self.contact_cost:
            raise RulesError("A budget needs what a contact costs.", "Give a cost above 0.")
        if self.uplift is not None and self.baseline is None:
            raise RulesError("A wished uplift needs the conversion without contact.", "Give the baseline.")

    @property
    def most(self) -> int | None:
        """How many are contacted at most: the top, and those that the budget pays; None for no bound."""
        paid = None if self.budget is None else int(min(self.budget / (self.contact_cost or 1) * (1 + 1e-12), 1e15))
        bounds = [one for one in (self.top, paid) if one is not None]
        return min(bounds) if bounds else None


def why_no_list(analysis: Analysis) -> str:
    """Why there is no list of customers, as a sentence; empty where there can be."""
    if analysis.hide:
        return HIDDEN
    return "" if analysis.study.rows is not None else NO_ROWS


def default_salt(digest: str, model: Model | None) -> str:
    """The salt unless one is given: the same for all months that are scored by one saved model.

    `digest` is that of the files, which stands for a model that was not saved.
    """
    return f"campaign-{((model.digest if model else '') or digest)[:8]}"


def offered(analysis: Analysis) -> dict[str, str]:
    """The columns that a list can have, with their labels; the id is always there."""
    unsure = bool(analysis.why_no_certainty)
    lacking = {SECOND, CERTAINTY} if unsure else set()
    files = {name: analysis.text(name) for name in analysis.study.names if name != ID and name not in ADDED}
    return {name: label for name, label in ADDED.items() if name not in lacking} | files


def default_columns(analysis: Analysis) -> tuple[str, ...]:
    """The columns of a list unless others are picked."""
    affluent = (MASS_AFFLUENT,) if analysis.study.wealth.tells else ()
    sure = () if analysis.why_no_certainty else (CERTAINTY,)
    return (SEGMENT_NAME, *sure, *affluent, WHY)


def rankings(analysis: Analysis) -> tuple[str, ...]:
    """The columns of numbers that a list can be ranked by, the usual one first."""
    known = numbers(analysis.formula_columns)
    usual = [analysis.study.wealth.measure, analysis.value, *analysis.study.value_measures, *known]
    return tuple(name for name in dict.fromkeys(usual) if name in known)


def columns_of(analysis: Analysis, choice: ListChoice) -> tuple[str, ...]:
    """The columns of a list, the id aside.

    Raises
    ------
    DataError
        One of them is not offered; the message says which are.
    """
    if choice.columns is None:
        return default_columns(analysis)
    known = offered(analysis)
    by_lower = {label.casefold(): name for name, label in known.items()} | {name.casefold(): name for name in known}
    names = []
    for asked in choice.columns:
        found = by_lower.get(asked.strip().casefold())
        if found is None:
            near = meant(asked, known)
            raise DataError(f"A list has no column “{asked}”.", f"{near}Columns: {', '.join(known)}.")
        names.append(found)
    return tuple(dict.fromkeys(names))
