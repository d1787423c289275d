"""The features of the segments unless the analyst picks some: the best column of each family, then what adds to it.

All is decided by a sample of the customers that no order and no parting of the rows changes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pandas as pd

from core.meanings import meaning_of
from core.schema import BY_NAME, DEFAULT_FEATURES, Column
from core.segments.advice import ALIKE, DOUBLED, SAME_VALUE, SKEWED
from core.segments.choice import FeatureChoice, candidates, in_order
from core.segments.points import distinct
from core.segments.raw_values import raw_features
from core.segments.sampled_columns import EVENLY, SampledColumns, filled
from core.segments.scale import Scaling
from core.wealth import best_first

# A default feature most customers lack would leave most customers out of the segments.
MOSTLY_MISSING: Final = 0.5
# More do not fit into a segment's name and profile, and the more there are the more alike are distances.
MOST: Final = 8
ENOUGH: Final = 4  # beside so many, a second column of one meaning and a number of no known meaning are no features
FAMILIES: Final = ("wealth", "activity", "recency", "tenure", "age")
SEVERAL: Final = ("wealth", "activity")  # families whose columns differ: balance and income, amounts and visits
USUAL: Final = frozenset(("wealth", "activity", "tenure", "age"))
MOST_OF_USUAL: Final = 3  # of these families are there: then numbers alone make segments
FURTHER: Final = ("score", "share", "debt")  # what else is known to tell customers apart
# The bounds of |Spearman's rank correlation| with a chosen feature are those of the advice: above `DOUBLED` the best of
# a family is the same measure under another name, above `ALIKE` a further column tells nearly the same.
MORE: Final = 2  # further meanings of such a family
KEPT: Final = 0.9  # of the customers who have all features so far must have a further one; the others have no segment
Sampled = Callable[[Sequence[str]], SampledColumns]


@dataclass(frozen=True)
class DefaultFeatures:
    """The features if none are picked, how each is scaled where it is not as usual, and why other numbers are none."""

    names: tuple[str, ...] = ()
    scaling: Mapping[str, Scaling] = field(default_factory=dict, hash=False)
    left_out: Mapping[str, str] = field(default_factory=dict, hash=False)
    categories: tuple[str, ...] = ()  # further ones, of a method that takes categories
    usual: bool = False  # whether they tell most of what segments are made from: wealth, activity, tenure and age


def default_features(customers: pd.DataFrame, columns: Sequence[Column], sampled: Sampled) -> DefaultFeatures:
    """The default features of some customers.

    Parameters
    ----------
    customers : DataFrame
        All of them, or a few rows in their place: the least and the most of each number, missing where most are.
    sampled : callable
        Names → these columns of a sample of the customers.
    """
    possible = candidates(customers, columns)
    numbers = sorted((one for one in columns if one.name in possible), key=lambda one: one.name)
    unfit = {one.name: why for one in numbers if (why := _why_unfit(one, customers[one.name]))}
    fit = [one for one in numbers if one.name not in unfit]
    if {*DEFAULT_FEATURES} <= {one.name for one in fit}:
        more = {one.name: "the usual features are there" for one in fit if one.name not in DEFAULT_FEATURES}
        return DefaultFeatures(in_order(DEFAULT_FEATURES), left_out=unfit | more, usual=True)
    if not fit:
        return DefaultFeatures(left_out=unfit)
    sample = sampled([one.name for one in fit])
    chosen, left_out = _choose(fit, sample)
    families = {meaning_of(one.meaning).family for one in chosen}
    logarithms = [one.name for one in chosen if meaning_of(one.meaning).money and _has_long_tail(sample, one.name)]
    return DefaultFeatures(
        in_order([one.name for one in chosen]), dict.fromkeys(sorted(logarithms), "log"), unfit | left_out,
        usual=len(families & USUAL) >= MOST_OF_USUAL,
    )  # fmt: skip


def resolved(choice: FeatureChoice, defaults: DefaultFeatures) -> FeatureChoice:
    """The choice with the default features put in, in order, and no scaling of a feature that is not used."""
    further = defaults.categories if choice.categories else ()
    names = (*defaults.names, *further) if choice.names is None else in_order(choice.names)
    chosen = {**(defaults.scaling if choice.names is None else {}), **choice.scaling}
    scaling = {name: chosen[name] for name in names if chosen.get(name, "standard") != "standard"}
    return replace(choice, names=names, scaling=scaling)


def in_memory(customers: pd.DataFrame) -> Sampled:
    """A sample of customers who are here."""

    def sampled(names: Sequence[str]) -> SampledColumns:
        return SampledColumns.of(names, distinct(filled(raw_features(customers, names)), EVENLY)[0])

    return sampled


def _why_unfit(column: Column, values: pd.Series) -> str:
    meaning = meaning_of(column.meaning)
    if not meaning.family:
        return meaning.label.lower()
    return "mostly missing" if values.isna().mean() > MOSTLY_MISSING else ""


def _choose(fit: Sequence[Column], sample: SampledColumns) -> tuple[list[Column], dict[str, str]]:
    """The features among fit columns, and why the others are none; the first fit one if nothing else is."""
    chosen: list[Column] = []
    left_out = _parts(fit, sample)
    for group, most, bound in _rounds(fit, sample, chosen):
        taken = 0
        for column in group:
            if taken == most or len(chosen) == MOST:
                break
            if column in chosen or column.name in left_out:
                continue
            if why := _why_not(column, chosen, sample, bound):
                left_out[column.name] = why
                continue
            chosen.append(column)
            taken += 1
    chosen = chosen or _ordered(fit, sample)[:1]
    names = {column.name for column in chosen}
    others = {column.name: "enough others say more" for column in fit if column.name not in {*names, *left_out}}
    return chosen, {name: why for name, why in (left_out | others).items() if name not in names}


def _rounds(
    fit: Sequence[Column], sample: SampledColumns, chosen: Sequence[Column]
) -> Iterator[tuple[list[Column], int, float]]:
    """Columns in the order in which they are tried, how many of them to take, and how alike they may be to others.

    `chosen` grows from round to round.
    """
    ordered = _ordered(fit, sample)
    by_family = {name: [one for one in ordered if meaning_of(one.meaning).family == name] for name in FAMILIES}
    for name in FAMILIES:
        yield by_family[name], 1, DOUBLED
    for name in SEVERAL:
        for _ in range(MORE):
            meanings = {one.meaning for one in chosen}
            yield [one for one in by_family[name] if one.meaning not in meanings], 1, ALIKE
    for key in FURTHER:
        yield [one for one in ordered if meaning_of(one.meaning).key == key], MOST, ALIKE
    alike = [one for name in SEVERAL for one in by_family[name]]
    unknown = [one for one in ordered if meaning_of(one.meaning).key == "number"]
    yield [*alike, *unknown], max(ENOUGH - len(chosen), 0), ALIKE


def _ordered(columns: Sequence[Column], sample: SampledColumns) -> list[Column]:
    """Columns by how well they say what their family does: measures of wealth first, then by name."""
    money = {one.name: sample.mean(one.name) for one in columns if meaning_of(one.meaning).wealth_rank}
    best = best_first([one for one in columns if one.name in money], money)
    others = (one for one in columns if one.name not in money)
    return [*best, *sorted(others, key=lambda one: _by_number(one, sample))]


def _by_number(column: Column, sample: SampledColumns) -> tuple[bool, float, str]:
    """Of counts that with the larger numbers first: transactions tell more than complaints. Others by name."""
    counted = meaning_of(column.meaning).family == "activity"
    return column.name not in BY_NAME, -sample.mean(column.name) if counted else 0.0, column.name


def _parts(fit: Sequence[Column], sample: SampledColumns) -> dict[str, str]:
    """The columns that are parts of another one, with the reason: amounts of amounts, counts of counts."""
    found: dict[str, str] = {}
    for money in (True, False):
        group = [one for one in fit if meaning_of(one.meaning).money is money]
        for total in group:
            others = [one.name for one in group if one is not total]
            found |= dict.fromkeys(sample.parts_of(total.name, others), f"part of {total.label}")
    return found


def _why_not(column: Column, chosen: Sequence[Column], sample: SampledColumns, bound: float) -> str:
    names = [one.name for one in chosen]
    least = 1 - MOSTLY_MISSING if bound == DOUBLED else KEPT * sample.complete(names)
    if chosen and sample.complete([*names, column.name]) < least:
        return "missing too often"
    if sample.most_frequent(column.name) >= SAME_VALUE:
        return "the same for nearly everybody"
    alike = next((one for one in chosen if sample.correlation(column.name, one.name) > bound), None)
    return f"goes with {alike.label}" if alike else ""


def _has_long_tail(sample: SampledColumns, name: str) -> bool:
    """Whether the logarithm takes most of a long tail of large numbers away; beside many zeros it does not."""
    skewness = sample.skewness(name)
    return skewness > SKEWED and abs(sample.skewness(name, logarithm=True)) < skewness / 2
