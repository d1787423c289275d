"""The target list: the audience ranked, cut to size, and split into those contacted and a control group."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from core.analysis import Analysis
from core.customer_base import rows_of
from core.errors import DataError
from core.figures import coefficient, count, share, written_as
from core.intake.flags import ruled_by
from core.intake.rows.ids import id_header
from core.schema import CERTAINTIES, CERTAINTY, HIGH_POTENTIAL, ID, MASS_AFFLUENT, NO_SEGMENT, SECOND
from core.segments.threshold_tree import Tree, short_tree
from core.strategy.control import POWER
from core.targets.assignment import ARM, CONTROL, TIE, Split, numbers
from core.targets.balance import balance, in_words
from core.targets.choice import RANK, RANKED_BY, SEGMENT, SEGMENT_NAME, WHY, ListChoice, columns_of, why_no_list
from core.targets.eligible import compared_columns, eligible, flags_of, ranking
from core.targets.reasons import reasons
from core.targets.size import drawn, shown_uplift
from core.targets.words import describe_audience

GetTree = Callable[[], Tree | None]
NO_IDS = (
    "The files have no customer id: line numbers stand for it, so that nobody is found again in another file, and the "
    "control group is not the same next month."
)


@dataclass(frozen=True)
class TargetList:
    """A list and all that its files say.

    Parameters
    ----------
    rows : DataFrame
        Those to be contacted, best first: the id under the file's own header, `Rank`, the columns chosen.
    assigned : DataFrame
        Everybody who was assigned, in the order of the files: the id, `Segment`, `Arm`.
    counts : DataFrame
        Customers by `Segment` and `Arm`.
    balance : DataFrame
        `balance.balance` of those assigned.
    split : Split
        The split with the share that was held out.
    audience : str
        Whom it speaks to, in words.
    eligible : int
        How many are in the audience, assigned or not.
    ranked_by : str
        The column or formula; empty where nothing ranks.
    notes : tuple of str
        What to know before it is used, as sentences.
    """

    rows: pd.DataFrame
    assigned: pd.DataFrame
    counts: pd.DataFrame
    balance: pd.DataFrame
    split: Split
    audience: str
    eligible: int
    ranked_by: str
    notes: tuple[str, ...]

    @property
    def contacted(self) -> int:
        """How many are contacted."""
        return len(self.rows)

    @property
    def held_out(self) -> int:
        """How many are held out."""
        return len(self.assigned) - len(self.rows)


@written_as()
def target_list(analysis: Analysis, choice: ListChoice, tree: GetTree | None = None) -> TargetList:
    """The list of a selection of customers.

    Parameters
    ----------
    tree : callable, optional
        Gives the rules that tell the segments apart, where they are at hand.

    Raises
    ------
    DataError
        No list can be given (`why_no_list`), nobody is left, a column or formula is not known, or the audience is too
        small for the uplift that is wished for.
    """
    if why := why_no_list(analysis):
        raise DataError(why, "Show small groups again to make one." if analysis.hide else "")
    of = analysis.without_unsure() if choice.sure_only and not analysis.why_no_certainty else analysis
    names, chosen = columns_of(analysis, choice), eligible(of, choice)
    if chosen.empty:
        raise DataError("Nobody is in this audience.", "Remove a filter, or change the condition.")
    ids = rows_of(of.study).customers[ID]
    ranked_by, values = ranking(of, choice, chosen)
    tie = numbers(ids.loc[chosen.index], choice.split.salt, TIE)
    best = np.lexsort((tie, values if choice.lowest_first else -values))
    split, arms = drawn(ids.loc[chosen.index[best]], choice)
    best, contacted = best[: len(arms)], np.asarray(arms != CONTROL)
    if not contacted.any():
        raise DataError("Nobody would be contacted.", "Hold out fewer, or raise the number or the budget.")
    at, ranks = chosen.index[best], values[best][contacted]
    rows, header = _rows(of, choice, at[contacted], names, tree), _header(of, names)
    if ranked_by and ranked_by not in names:
        rows.insert(0, ranked_by if ranked_by in chosen else RANKED_BY, ranks)
    rows.insert(0, RANK, np.arange(1, len(rows) + 1))
    if len(split.arms) > 1:
        rows.insert(1, ARM, arms[contacted])
    rows.insert(0, header, ids.loc[at[contacted]])
    assigned = pd.DataFrame({header: ids.loc[at], SEGMENT: of.segments.labels[at], ARM: arms}, index=at)
    found = TargetList(
        rows.reset_index(drop=True), assigned.sort_index().reset_index(drop=True), _counts(assigned),
        balance(chosen.loc[at, compared_columns(of, chosen)], arms), split,
        describe_audience(of, choice.audience, choice.where), len(chosen), ranked_by, (),
    )  # fmt: skip
    return replace(found, notes=tuple(_notes(of, choice, found, int(np.isnan(ranks).sum()))))


def _counts(assigned: pd.DataFrame) -> pd.DataFrame:
    counts = assigned.groupby([SEGMENT, ARM], observed=False).size().rename("customers").reset_index()
    there = counts.groupby(SEGMENT, observed=False)["customers"].transform("sum") > 0
    return counts[there].reset_index(drop=True)


def _header(of: Analysis, names: tuple[str, ...]) -> str:
    """The header of the id, as the file has it, unless another column of the files is called so."""
    found = id_header(of.study.sources)
    return ID if found.casefold() in {one.casefold() for one in (*names, RANK, RANKED_BY, SEGMENT, ARM)} else found


def _rows(of: Analysis, choice: ListChoice, at: pd.Index, names: tuple[str, ...], tree: GetTree | None) -> pd.DataFrame:
    rows = rows_of(of.study)
    customers = rows.customers.loc[at]
    clusters = pd.Series(of.segments.labels[at], index=at)
    flags = flags_of(of, choice.audience, customers)
    sure = of.certainties.loc[at] if {*names} & {*CERTAINTIES} else pd.DataFrame(index=at)
    segment_names = of.segments.names

    def why() -> list[str]:
        rules, wealth = of.study.rules, of.study.wealth
        if choice.audience and choice.audience.rule != rules.mass_affluent:
            rules = replace(rules, mass_affluent=choice.audience.rule)
            wealth = ruled_by(choice.audience.rule, rows.customers, rules)
        found = (tree or partial(short_tree, rows.customers, rows.columns, of.segments))()
        return reasons(customers, clusters, flags, found, rules, wealth, of.label, of.sign)

    made: dict[str, Callable[[], object]] = {
        SEGMENT: lambda: clusters,
        SEGMENT_NAME: lambda: clusters.astype("str").map(lambda label: segment_names.get(label, label)),
        SECOND: lambda: sure[SECOND],
        CERTAINTY: lambda: sure[CERTAINTY].round(4),
        MASS_AFFLUENT: lambda: flags[MASS_AFFLUENT],
        HIGH_POTENTIAL: lambda: flags[HIGH_POTENTIAL],
        WHY: why,
    }
    return pd.DataFrame({name: made[name]() if name in made else customers[name] for name in names}, index=at)


def _notes(of: Analysis, choice: ListChoice, found: TargetList, unranked: int) -> list[str]:
    notes = [NO_IDS] if rows_of(of.study).numbered else []
    if choice.most is not None and found.contacted < choice.most:
        notes.append(f"The audience has fewer than {count(choice.most)} to contact: all of it is listed.")
    if unranked and found.ranked_by:
        lack = "has no value that ranks: it stands" if unranked == 1 else "have no value that ranks: they stand"
        notes.append(f"{count(unranked)} of those listed {lack} last.")
    if not found.held_out:
        return [*notes, "Without a control group nobody can say what the campaign brought."]
    if choice.baseline is not None:
        notes.append(_shown(choice, found, choice.baseline))
    held_out = found.counts[found.counts[ARM] == CONTROL]
    lacking = held_out[held_out["customers"] == 0][SEGMENT].astype("str")
    if none := [label for label in lacking if label not in NO_SEGMENT]:
        where, what = ("segment", "it gains") if len(none) == 1 else ("segments", "they gain")
        notes.append(f"Nobody is held out in {where} {', '.join(none)}: what {what} cannot be told alone.")
    return [*notes, *filter(None, [in_words(found.balance)])]


def _shown(choice: ListChoice, found: TargetList, baseline: float) -> str:
    """The uplift that the control group shows, and whether it is the one that is wished for, as sentences."""
    least = shown_uplift(found.assigned[ARM].array, baseline)
    shown = f"from {coefficient(least * 100, 1)} points on" if np.isfinite(least) else "never"
    missed = choice.uplift is not None and least > choice.uplift
    wish = f" The wished {coefficient((choice.uplift or 0) * 100, 1)} points are missed: try another salt."
    return (
        f"If {share(baseline)} convert without contact, a control group of {count(found.held_out)} shows an uplift "
        f"{shown} (in {share(POWER, 0)} of such campaigns).{wish if missed else ''}"
    )
