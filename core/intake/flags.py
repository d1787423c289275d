"""The engineered columns: age group, mass affluent, high potential.

Each flag is Yes, No or Unknown by three-valued (Kleene) logic: it is Unknown exactly when the
missing value could still change the answer.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Final

import numpy as np
import pandas as pd

from core.figures import exact
from core.intake.meaning.header import without_unit
from core.rules import MassAffluent, Rules
from core.schema import AGE_GROUP, HIGH_POTENTIAL, MASS_AFFLUENT, UNKNOWN, WEALTH_SEGMENTS, YES_NO
from core.wealth import MEASURED, Wealth, ruled

SEGMENT: Final = "wealth_segment"
NOT_DEFINED: Final = "Not defined"
Way = tuple[tuple[str, ...], pd.Series]  # columns, and for whom they let a customer in


def flag_rows(customers: pd.DataFrame, rules: Rules, wealth: Wealth | None = None) -> pd.DataFrame:
    """Add `Is_Mass_Affluent_Custom`, `Age_Group` and `High_Potential_Flag`. Pure, row by row.

    `wealth` is the fact that was decided for all customers; without it the rules alone tell (`ruled_by`).
    """
    wealth = wealth or ruled_by(rules.mass_affluent, customers, rules)
    return customers.assign(
        **{
            MASS_AFFLUENT: yes_no(mass_affluent(customers, rules, wealth)),
            AGE_GROUP: age_groups(customers, rules),
            HIGH_POTENTIAL: yes_no(high_potential(customers, rules, wealth)),
        }
    )


def ruled_by(rule: MassAffluent, customers: pd.DataFrame, rules: Rules) -> Wealth:
    """The wealth that a rule of mass affluence tells alone (`wealth.ruled`), whatever the customers' numbers are."""
    return ruled(rule, customers, by_segment=has_known_segments(customers, rules))


def has_known_segments(customers: pd.DataFrame, rules: Rules) -> bool:
    """Whether customers have a wealth segment that is known (`knows_segments`)."""
    return SEGMENT in customers and knows_segments(customers[SEGMENT].cat.categories, rules)


def knows_segments(words: Iterable[str], rules: Rules) -> bool:
    """Whether some words, the values of the wealth segment, are those of the schema or named by the rules."""
    return not {*words}.isdisjoint(_known_segments(rules))


def mass_affluent(customers: pd.DataFrame, rules: Rules, wealth: Wealth) -> pd.Series:
    """Kleene booleans: in by wealth segment or valuation and not out, or by the band of the wealth measure."""
    rule = rules.mass_affluent
    if not wealth.by_segment:
        return wealth.contains(_numbers(customers, wealth.measure)) & ~_is_dead(customers)
    valued = _numbers(customers, "property_valuation") >= rule.min_property_valuation
    included = _is_in(customers, rule.segments_in, rules) | (
        _is_in(customers, rule.segment_by_valuation, rules) & valued
    )
    return included & ~_is_in(customers, rule.segments_out, rules) & ~_is_dead(customers)


def high_potential(customers: pd.DataFrame, rules: Rules, wealth: Wealth) -> pd.Series:
    """Kleene booleans: young, and wealthy by segment, valuation or the band (`rules.HighPotential`).

    Missing for everybody where the files have no ages, or nothing that tells the wealthy: a share of those who are not
    for another reason would say nothing.
    """
    if "age" not in customers or not (wealth.has_band or {SEGMENT, "property_valuation"} & {*customers}):
        return pd.Series(pd.NA, index=customers.index, dtype="boolean")
    young = _numbers(customers, "age") < rules.high_potential.below_age
    return young & reduce(or_, (holds for _, holds, _ in _wealthy(customers, rules, wealth)))


def _wealthy(customers: pd.DataFrame, rules: Rules, wealth: Wealth) -> list[tuple[str, pd.Series, str]]:
    """The ways to be wealthy enough for high potential: column, Kleene booleans, what is wanted.

    Where there is a band, a column that the files lack is no way: it could not change the answer.
    """
    rule, valuation = rules.high_potential, "property_valuation"
    valued = _numbers(customers, valuation) >= rule.min_property_valuation
    ways = [
        (SEGMENT, _is_in(customers, rule.segments, rules), " or ".join(rule.segments)),
        (valuation, valued, f"{exact(rule.min_property_valuation)} or more"),
    ]
    if not wealth.has_band or wealth.low is None:
        return ways
    above = _numbers(customers, wealth.measure) >= wealth.low
    absent = {SEGMENT, *({valuation} - {*customers})}  # the words of a segment that does not tell are not known
    return [*(way for way in ways if way[0] not in absent), (wealth.measure, above, f"{exact(wealth.low)} or more")]


def age_groups(customers: pd.DataFrame, rules: Rules) -> pd.Categorical:
    """The age group of each customer, ordered, "Unknown" last."""
    labels = [*rules.age_groups, UNKNOWN]
    age = customers.get("age", pd.Series(np.nan, index=customers.index)).to_numpy("float64")
    group = sum((age >= start).astype("int8") for start in rules.age_starts)
    codes = np.where(np.isnan(age), len(labels) - 1, group)
    return pd.Categorical.from_codes(codes, labels, ordered=True)


def clauses(customers: pd.DataFrame, rules: Rules, wealth: Wealth | None = None) -> pd.DataFrame:
    """The clauses of each rule for the first customer: flag, result, clause, value, holds (Yes, No or Unknown)."""
    wealth = wealth or ruled_by(rules.mass_affluent, customers, rules)
    dead = [("out", "deceased", _is_dead(customers), "Yes")] if "deceased" in customers else []
    below, ways = rules.high_potential.below_age, _wealthy(customers, rules, wealth)
    several = {1: "the next", 2: "either of the next"}.get(len(ways), "any of the next")
    promising = [
        (f"in with {several}", "age", _numbers(customers, "age") < below, f"below {below}"),
        *(("in with the age", name, holds, wanted) for name, holds, wanted in ways),
    ]
    results = {
        MASS_AFFLUENT: (mass_affluent(customers, rules, wealth), [*_affluent(customers, rules, wealth), *dead]),
        HIGH_POTENTIAL: (high_potential(customers, rules, wealth), promising),
    }
    return pd.DataFrame(
        [
            {
                "flag": flag,
                "result": yes_no(result)[0],
                "clause": f"{side}: {name.replace('_', ' ')} {wanted}",
                "value": _value(customers, name),
                "holds": yes_no(holds)[0],
            }
            for flag, (result, parts) in results.items()
            for side, name, holds, wanted in parts
        ]
    )


def _affluent(customers: pd.DataFrame, rules: Rules, wealth: Wealth) -> list[tuple[str, str, pd.Series, str]]:
    """The clauses of mass affluence: side, column, Kleene booleans, what is wanted."""
    rule, valuation = rules.mass_affluent, "property_valuation"
    if not wealth.by_segment:
        inside = wealth.contains(_numbers(customers, wealth.measure))
        return [("in", wealth.measure, inside, wealth.band)] if wealth.has_band else []
    valued = _numbers(customers, valuation) >= rule.min_property_valuation
    return [
        ("in", SEGMENT, _is_in(customers, rule.segments_in, rules), " or ".join(rule.segments_in)),
        (
            "in with the valuation",
            SEGMENT,
            _is_in(customers, rule.segment_by_valuation, rules),
            " or ".join(rule.segment_by_valuation),
        ),
        ("in with the segment", valuation, valued, f"{exact(rule.min_property_valuation)} or more"),
        ("out", SEGMENT, _is_in(customers, rule.segments_out, rules), " or ".join(rule.segments_out)),
    ]


def ways_in(customers: pd.DataFrame, rules: Rules, wealth: Wealth) -> dict[str, list[Way]]:
    """The ways to come in by each flag: the columns that a way looks at, and for whom it holds (Kleene booleans).

    Who is in by a way may be out by the exclusion side.
    """
    rule, valuation = rules.mass_affluent, "property_valuation"
    young = _numbers(customers, "age") < rules.high_potential.below_age
    promising: list[Way] = [(("age", name), young & holds) for name, holds, _ in _wealthy(customers, rules, wealth)]
    affluent: list[Way] = []
    if wealth.has_band:
        affluent = [((wealth.measure,), wealth.contains(_numbers(customers, wealth.measure)))]
    if wealth.by_segment:
        valued = _numbers(customers, valuation) >= rule.min_property_valuation
        affluent = [
            ((SEGMENT,), _is_in(customers, rule.segments_in, rules)),
            ((SEGMENT, valuation), _is_in(customers, rule.segment_by_valuation, rules) & valued),
        ]
    return {MASS_AFFLUENT: affluent, HIGH_POTENTIAL: promising}


def describe_mass_affluent(rules: Rules, wealth: Wealth) -> str:
    """The rule in a sentence, which says whether wealth is measured or a proxy, and whether the band is relative."""
    rule = rules.mass_affluent
    if wealth.by_segment:
        return (
            f"In: wealth segment {' or '.join(rule.segments_in)}, or {' or '.join(rule.segment_by_valuation)} with a "
            f"property valuation of {exact(rule.min_property_valuation)} or more (a proxy for wealth). "
            f"Out: {' or '.join(rule.segments_out)}, and the deceased."
        )
    if not wealth.has_band:
        return f"{NOT_DEFINED}: {wealth.why}. Pick a wealth measure, or its bounds."
    band = f"{wealth.band} {wealth.currency}".strip()
    kind = f"relative band, {wealth.why}" if wealth.relative else wealth.why
    trust = "one bank's figure is only part of wealth" if wealth.meaning in MEASURED else "a proxy for wealth"
    return " ".join(filter(None, (f"In: {without_unit(wealth.name)} {band} ({kind}; {trust}).", wealth.doubt)))


def about_bounds(wealth: Wealth) -> list[str]:
    """Sentences on a band that tells nobody, and on one that there is not."""
    empty = wealth.low is not None and wealth.high is not None and wealth.low >= wealth.high
    nobody = "Nobody is mass affluent by these bounds: the first must be below the second."
    undefined = f"Mass affluent is not defined: {wealth.why}. Pick a wealth measure, or its bounds."
    return [*([nobody] if empty else []), *([] if wealth.tells else [undefined])]


def describe_high_potential(filled: Collection[str], rules: Rules, wealth: Wealth) -> str:
    """The rule in a sentence, or why there is none; `filled` are the columns that have values."""
    if why := why_no_high_potential(filled, wealth):
        return f"{NOT_DEFINED}: {why}."
    rule = rules.high_potential
    ways = [" or ".join(rule.segments), f"a property valuation of {exact(rule.min_property_valuation)} or more"]
    if wealth.has_band and wealth.low is not None:
        relative = " (the lower end of a relative band)" if wealth.relative else ""
        ways = [*ways[1:]] if "property_valuation" in filled else []
        bound = f"{exact(wealth.low)} {wealth.currency}".strip()
        ways.append(f"{without_unit(wealth.name)} of {bound} or more{relative}")
    return f"Younger than {rule.below_age}, and {' or '.join(ways)}."


def why_no_high_potential(filled: Collection[str], wealth: Wealth) -> str:
    """Why nobody's high potential can be known, empty where it can; `filled` are the columns that have values."""
    if "age" not in filled:
        return "no age is known"
    return "" if wealth.tells or "property_valuation" in filled else wealth.why


def _value(customers: pd.DataFrame, name: str) -> str:
    if name not in customers or pd.isna(value := customers[name].iloc[0]):
        return UNKNOWN
    return exact(value) if pd.api.types.is_number(value) else str(value)


def _is_dead(customers: pd.DataFrame) -> pd.Series:
    """Whether customers have died; all False if the deceased were removed before."""
    if "deceased" not in customers:
        return pd.Series(False, index=customers.index, dtype="boolean")
    return customers["deceased"].eq("Yes").astype("boolean")


def _numbers(customers: pd.DataFrame, name: str) -> pd.Series:
    """The column as Float64, whose comparisons with a missing value are missing."""
    if name not in customers:
        return pd.Series(pd.NA, index=customers.index, dtype="Float64")
    return customers[name].astype("Float64")


def _is_in(customers: pd.DataFrame, segments: Sequence[str], rules: Rules) -> pd.Series:
    """Whether the wealth segment is one of some; missing if it is missing, or not known to schema and rules."""
    if "wealth_segment" not in customers:
        return pd.Series(pd.NA, index=customers.index, dtype="boolean")
    segment = customers["wealth_segment"]
    words = segment.cat.categories.to_series()
    answers = words.isin(segments).astype("boolean").mask(~words.isin(_known_segments(rules)))
    return pd.Series(answers.array.take(segment.cat.codes.to_numpy(), allow_fill=True), index=segment.index)


def _known_segments(rules: Rules) -> set[str]:
    rule = rules.mass_affluent
    named = (*rule.segments_in, *rule.segment_by_valuation, *rule.segments_out, *rules.high_potential.segments)
    return {*WEALTH_SEGMENTS.values(), *named}


def yes_no(flag: pd.Series) -> pd.Categorical:
    """Kleene booleans as Yes, No and Unknown."""
    codes = (~flag.fillna(value=False).to_numpy(bool)).astype("int8")
    codes[flag.isna()] = YES_NO.index(UNKNOWN)
    return pd.Categorical.from_codes(codes, YES_NO, ordered=True, validate=False)
