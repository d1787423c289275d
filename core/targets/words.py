"""An audience in words, as files keep it: whatever the style in force, in plain English."""

from core.certainty import LEAVES_OUT
from core.figures import exact, written_as
from core.schema import SURE
from core.selection import Selection
from core.strategy.audience import Audience
from core.visuals.clicks import describe
from core.visuals.place_names import written_in


@written_as()
def describe_audience(of: Selection, audience: Audience | None = None, where: str = "") -> str:
    """Who is in the audience: group and rule, segments, filters and clicks, a condition."""
    left_out = of.filters.get(SURE) == LEAVES_OUT[SURE]
    chosen = (
        (column, value)
        for column, values in of.filters.items()
        for value in values
        if not (left_out and column == SURE)
    )
    write = written_in(of)
    filter_values = [f"{of.text(column)}: {write(column, value)}" for column, value in chosen]
    filters = dict.fromkeys([*filter_values, *(describe(click, of.text, write) for click in of.clicks)])
    parts = [
        *(_group(of, audience) if audience else ["Everybody"]),
        *([f"filtered by {', '.join(filters)}"] if filters else []),
        *(["without unsure customers"] if left_out else []),
        *([f"where {where}"] if where else []),
    ]
    return "; ".join(parts)


def _group(of: Selection, audience: Audience) -> list[str]:
    rule, wealth = audience.rule, of.study.wealth
    tried = f"property valuation from {exact(rule.min_property_valuation)}"
    if not wealth.by_segment:
        band = wealth if rule == of.study.rules.mass_affluent else wealth.tried(rule)
        tried = f"{of.label(wealth.measure)} {band.band}" if band.has_band else "not defined"
    return [
        f"{audience.group} ({tried})" if audience.group == "Mass affluent" else audience.group,
        f"segment{'s' * (len(audience.segments) > 1)} {', '.join(audience.segments)}"
        if audience.segments
        else "all segments",
    ]
