"""What the command line says of an analysis."""

from collections.abc import Sequence

from core.analysis import Analysis
from core.figures import count, percent
from core.intake.flags import describe_mass_affluent
from core.schema import Column
from core.segments.choose_k import Choice, verdict
from core.segments.evidence import Score
from core.segments.profile import Segments
from core.segments.reality import in_words
from core.segments.recommendation import how_to_get, many_have_none
from core.segments.scale import SCALED
from core.segments.sql import why_no_sql
from core.understanding import BORDERS, FEATURES, findings
from core.visuals.kpis import cards


def summary(analysis: Analysis, said: Sequence[str]) -> list[str]:
    """What `segment` says of its results, with what was `said` of the segments."""
    study, segments = analysis.study, analysis.segments
    return [
        *counts(study.rows_read, study.files, study.rejected_count, analysis),
        *segment_lines(segments, study.columns),
        *told(analysis),
        *said,
        *analysis.warnings,
    ]


def counts(read: int, files: Sequence[str], rejected: int, analysis: Analysis) -> list[str]:
    """How many rows and customers there are, and the figures of the summary."""
    customers, *others = (_line(card.label, card.value, card.note) for card in cards(analysis, "summary"))
    return [
        _line("Rows read", count(read), ", ".join(files)),
        customers,
        _line("Rejected rows", count(rejected), "rejected_rows.csv says which and why"),
        *others,
    ]


def told(analysis: Analysis) -> list[str]:
    """What was understood, what tells the mass affluent, and the numbers that are no feature unless asked for."""
    study, segments = analysis.study, analysis.segments
    why = study.rows.defaults.left_out if study.rows else {}
    by_reason: dict[str, list[str]] = {}
    for name, reason in why.items():
        if name not in segments.made_of:
            by_reason.setdefault(reason, []).append(analysis.label(name))
    left_out = [f"{', '.join(names)} ({reason})" for reason, names in by_reason.items()]
    understood = findings(study, segments)
    return [
        "What was understood",
        *(f"  {one.label:<12}  {one.text}" for one in understood),
        *(f"  {doubt}" for one in understood if one.key in (FEATURES, BORDERS) for doubt in one.doubts),
        *([f"Mass affluent. {describe_mass_affluent(study.rules, study.wealth)}"] if study.wealth.tells else []),
        *([f"Not a feature unless asked for: {'; '.join(left_out)}."] if left_out else []),
    ]


def _line(label: str, value: str, note: str) -> str:
    return f"{label:<16}{value:>11}   {note}"


def segment_lines(segments: Segments, columns: Sequence[Column]) -> list[str]:
    """The segments with their sizes, what they are made of, and who is in none."""
    scaled = ((name, SCALED.get(how, "")) for name, how in segments.scalings.items())
    features = (f"{name} ({how})" if how else name for name, how in scaled)
    lines = [f"Segments        {count(segments.k):>11}   on {', '.join(features) or 'nothing'}; % of all customers"]
    lines += [
        f"  {one.cluster:>2} {count(one.customers):>11} {percent(one.customers, segments.customers):>7}  {one.name}"
        for one in segments.profile[["cluster", "customers", "name"]].itertuples(index=False, name="Row")
    ]
    if segments.outliers:
        lines.append(f"   – {count(segments.outliers):>11}   {segments.who_is_unusual()}")
    if segments.not_clustered:
        lines.append(f"   – {count(segments.not_clustered):>11}   {segments.who_lacks(columns)}")
    return [*lines, *filter(None, [why_no_sql(segments.clustering)])]


def evidence(
    segments: Segments, found: Score | None, chosen: Choice | None, scores: Sequence[Score]
) -> list[str]:  # fmt: skip
    """Whether the segments are real, why so many where that was `chosen`, and how to get those that were not made."""
    said = [verdict(found, segments.k), in_words(found, segments.profile["cluster"]) if found else ""]
    if chosen:
        said += [
            f"{chosen.reason} (k = {segments.k} is used.)",
            how_to_get(chosen, segments.scalings),
            many_have_none(scores),
        ]
    return [*filter(None, said)]
