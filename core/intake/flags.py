"""The engineered columns: age group, mass affluent, high potential.

Each flag is Yes, No or Unknown by three-valued (Kleene) logic: it is Unknown exactly when the
missing value could still change the answer.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.figures import exact
from core.rules import MassAffluent, Rules
from core.schema import AGE_GROUP, HIGH_POTENTIAL, MASS_AFFLUENT, UNKNOWN, WEALTH_SEGMENTS, YES_NO


def flag_rows(customers: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Add `Is_Mass_Affluent_Custom`, `Age_Group` and `High_Potential_Flag`. Pure, row by row."""
    return customers.assign(
        **{
            MASS_AFFLUENT: yes_no(mass_affluent(customers, rules)),
            AGE_GROUP: age_groups(customers, rules),
            HIGH_POTENTIAL: yes_no(high_potential(customers, rules)),
        }
    )


def mass_affluent(customers: pd.DataFrame, rules: Rules) -> pd.Series:
    """Kleene booleans: in by wealth segment or valuation and not out, or by a measure (`rules.MassAffluent`)."""
    rule = rules.mass_affluent
    if "wealth_segment" not in customers:
        measure = _numbers(customers, rule.measure)
        return ((measure >= rule.min_measure) & (measure < rule.max_measure)) & ~_is_dead(customers)
    valued = _numbers(customers, "property_valuation") >= rule.min_property_valuation
    included = _is_in(customers, rule.segments_in, rules) | (
        _is_in(customers, rule.segment_by_valuation, rules) & valued
    )
    return included & ~_is_in(customers, rule.segments_out, rules) & ~_is_dead(customers)


def high_potential(customers: pd.DataFrame, rules: Rules) -> pd.Series:
    """Kleene booleans: young, and wealthy by segment or valuation (`rules.HighPotential`)."""
    rule = rules.high_potential
    valued = _numbers(customers, "property_valuation") >= rule.min_property_valuation
    return (_numbers(customers, "age") < rule.below_age) & (_is_in(customers, rule.segments, rules) | valued)


def age_groups(customers: pd.DataFrame, rules: Rules) -> pd.Categorical:
    """The age group of each customer, ordered, "Unknown" last."""
    labels = [*rules.age_groups, UNKNOWN]
    age = customers.get("age", pd.Series(np.nan, index=customers.index)).to_numpy("float64")
    group = sum((age >= start).astype("int8") for start in rules.age_starts)
    codes = np.where(np.isnan(age), len(labels) - 1, group)
    return pd.Categorical.from_codes(codes, labels, ordered=True)


def clauses(customers: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """The clauses of each rule for the first customer: flag, result, clause, value, holds (Yes, No or Unknown)."""
    rule, young = rules.mass_affluent, rules.high_potential
    valuation, segment = "property_valuation", "wealth_segment"
    if segment in customers:
        rich = [
            ("in", segment, _is_in(customers, rule.segments_in, rules), " or ".join(rule.segments_in)),
            ("in with the valuation", segment, _is_in(customers, rule.segment_by_valuation, rules),
             " or ".join(rule.segment_by_valuation)),
            ("in with the segment", valuation, _numbers(customers, valuation) >= rule.min_property_valuation,
             f"{exact(rule.min_property_valuation)} or more"),
            ("out", segment, _is_in(customers, rule.segments_out, rules), " or ".join(rule.segments_out)),
        ]  # fmt: skip
    else:
        measure = _numbers(customers, rule.measure)
        inside = (measure >= rule.min_measure) & (measure < rule.max_measure)
        rich = [("in", rule.measure, inside, f"{exact(rule.min_measure)} to below {exact(rule.max_measure)}")]
    dead = [("out", "deceased", _is_dead(customers), "Yes")] if "deceased" in customers else []
    promising = [
        ("in with either of the next", "age", _numbers(customers, "age") < young.below_age, f"below {young.below_age}"),
        ("in with the age", segment, _is_in(customers, young.segments, rules), " or ".join(young.segments)),
        ("in with the age", valuation, _numbers(customers, valuation) >= young.min_property_valuation,
         f"{exact(young.min_property_valuation)} or more"),
    ]  # fmt: skip
    results = {
        MASS_AFFLUENT: (mass_affluent(customers, rules), [*rich, *dead]),
        HIGH_POTENTIAL: (high_potential(customers, rules), promising),
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


def describe_mass_affluent(columns: Sequence[str], rules: Rules) -> str:
    """The rule in a sentence, which says of each field whether it measures wealth or is a proxy."""
    rule = rules.mass_affluent
    if "wealth_segment" in columns:
        return (
            f"In: wealth segment {' or '.join(rule.segments_in)}, or {' or '.join(rule.segment_by_valuation)} with a "
            f"property valuation of {exact(rule.min_property_valuation)} or more (a proxy for wealth). "
            f"Out: {' or '.join(rule.segments_out)}, and the deceased."
        )
    if rule.measure in columns:
        trust = "measured, though one bank's balance is only part of wealth"
        return (
            f"In: {rule.measure.replace('_', ' ')} from {exact(rule.min_measure)} to below {exact(rule.max_measure)} "
            f"({trust if rule.measure == 'balance' else 'a proxy for wealth'})."
        )
    return (
        f"Unknown for everybody: the data has neither a wealth segment nor a column {rule.measure.replace('_', ' ')}. "
        "Pick a wealth measure."
    )


def about_bounds(rule: MassAffluent) -> list[str]:
    """A sentence on empty bounds of the measure."""
    if rule.min_measure < rule.max_measure:
        return []
    return ["Nobody is mass affluent by these bounds: the first must be below the second."]


def describe_high_potential(rules: Rules) -> str:
    """The rule in a sentence."""
    rule = rules.high_potential
    return (
        f"Younger than {rule.below_age}, and {' or '.join(rule.segments)} "
        f"or a property valuation of {exact(rule.min_property_valuation)} or more."
    )


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
    segment, rule = customers["wealth_segment"], rules.mass_affluent
    named = {*rule.segments_in, *rule.segment_by_valuation, *rule.segments_out, *rules.high_potential.segments}
    words = segment.cat.categories.to_series()
    answers = words.isin(segments).astype("boolean").mask(~words.isin({*WEALTH_SEGMENTS.values(), *named}))
    return pd.Series(answers.array.take(segment.cat.codes.to_numpy(), allow_fill=True), index=segment.index)


def yes_no(flag: pd.Series) -> pd.Categorical:
    """Kleene booleans as Yes, No and Unknown."""
    codes = (~flag.fillna(value=False).to_numpy(bool)).astype("int8")
    codes[flag.isna()] = YES_NO.index(UNKNOWN)
    return pd.Categorical.from_codes(codes, YES_NO, ordered=True, validate=False)
