"""The parts of the report without charts: facts, warnings, measures, scenarios, how the report was made."""

from functools import partial
from typing import Final

from core import figures
from core.analysis import Analysis
from core.intake.flags import describe_high_potential, describe_mass_affluent
from core.remarks import Remark, segment_of
from core.schema import ADDED, HIGH_POTENTIAL, MASS_AFFLUENT
from core.segments.choose_k import verdict
from core.segments.registry import label_of
from core.segments.scale import SCALED
from core.strategy.scenario import compare
from core.views import charts
from core.views.report import Section, Table
from core.views.summary import counted
from core.views.suppress import MINIMUM
from core.visuals.clicks import describe
from core.visuals.place_names import written_in
from core.visuals.registry import VISUALS

HIDING: Final = f"Groups under {MINIMUM} customers are hidden. Shares and averages are rounded."


def facts(analysis: Analysis, customers: str) -> tuple[tuple[str, str], ...]:
    """The facts at the end of the report, such as filters and files: name and text; `customers` says how many."""
    study = analysis.study
    filtered, clicked = _filtered(analysis), _clicked(analysis)
    scaled = ((analysis.label(name), SCALED.get(how, "")) for name, how in analysis.segments.scalings.items())
    features = ", ".join(f"{label} ({how})" if how else label for label, how in scaled)
    return (
        ("Customers", customers),
        ("As of", f"{study.rules.as_of.day} {study.rules.as_of:%B %Y}"),
        ("Filters", "; ".join(filtered) or "none"),
        ("Clicked marks", "; ".join(clicked) or "none"),
        ("Segments", f"{analysis.segments.k}, by {label_of(analysis.segments.clustering)} on {features or 'nothing'}"),
        ("Structure", verdict(analysis.structure, analysis.segments.k)),
        ("Files", ", ".join(study.files)),
        ("SHA-256 of the input", study.digest),
        *([("Small groups", HIDING)] if analysis.hide else []),
    )


def remarks(analysis: Analysis) -> list[tuple[str, str]]:
    """The analyst's notes: what each is on, in words, and its text."""
    return [(_about(one, analysis), one.text) for one in analysis.remarks]


def looked_at(analysis: Analysis) -> str:
    """Who was looked at, in one line: number, day, filters and clicks."""
    selected, day = analysis.totals.customers, analysis.study.rules.as_of
    parts = [
        f"{figures.count(selected)} of {counted(analysis.study.size, 'customer')}",
        f"as of {day.day} {day:%B %Y}",
        *_filtered(analysis),
        *_clicked(analysis),
    ]
    return " · ".join(parts)


def _filtered(analysis: Analysis) -> list[str]:
    write = written_in(analysis)
    return [
        f"{analysis.text(name)}: {' or '.join(write(name, value) for value in values)}"
        for name, values in analysis.filters.items()
        if values
    ]


def _clicked(analysis: Analysis) -> list[str]:
    write = written_in(analysis)
    return list(dict.fromkeys(describe(click, analysis.text, write) for click in analysis.clicks))


def warnings(analysis: Analysis) -> Section | None:
    """The warnings on the figures (`Analysis.warnings`); None without any."""
    return Section("Before you trust the figures", points=analysis.warnings) if analysis.warnings else None


def measures(analysis: Analysis) -> Section | None:
    """The analyst's measures, in total and by segment; None without any."""
    if not analysis.measures:
        return None
    if analysis.hide:
        return Section("Measures", "Not shown while small groups are hidden: a formula can count few.")
    results = analysis.results(analysis.measures, analysis.formula_columns)
    names = analysis.segments.names
    rows = [
        (
            *(("", "") if place else (result.measure.name, result.measure.formula)),
            charts.label(cluster, names) if cluster else "All",
            value,
        )
        for result in results
        for place, (cluster, value) in enumerate(result.values)
    ]
    errors = tuple(f"{result.measure.name}: {result.error}" for result in results if result.error)
    table = Table(("Measure", "Formula", "Segment", "Value"), tuple(rows), texts=3)
    return Section("Measures", tables=(table,) if rows else (), notes=errors)


def scenarios(analysis: Analysis) -> Section | None:
    """The saved scenarios side by side; None without any."""
    if not (scenarios := analysis.showable_scenarios):
        return None
    money = partial(figures.money, currency=analysis.currency)
    header = ("Scenario", "Audience", "Customers", "Reached", "Conversions", "Cost", "Net value", "80% interval", "ROI")
    rows = tuple(
        (
            row.name, row.audience, figures.count(row.customers), figures.count(row.reached),
            figures.number(row.conversions),
            money(row.cost), money(row.net_value),
            figures.between(money, row.net_low, row.net_high), figures.share(row.roi, 0),
        )
        for row in compare(scenarios).itertuples()
    )  # fmt: skip
    note = "As they were saved: the audience and its size do not follow the filters. Conversions are incremental."
    return Section("Saved scenarios", tables=(Table(header, rows, note, texts=2),))


def rules(analysis: Analysis) -> dict[str, str]:
    """The rules of the flags in a sentence each, or why there is none (`flags.NOT_DEFINED`), by the flag's label."""
    study = analysis.study
    return {
        ADDED[MASS_AFFLUENT]: describe_mass_affluent(study.rules, study.wealth),
        ADDED[HIGH_POTENTIAL]: describe_high_potential(study.filled, study.rules, study.wealth),
    }


def making(analysis: Analysis) -> Section:
    """The rules, and everything that is needed to make the same report again."""
    study, model = analysis.study, analysis.model
    versions = ", ".join(f"{name} {version}" for name, version in model.versions.items())
    method = label_of(analysis.segments.clustering)
    rows = f"{counted(study.rows_read, 'row')} read, {counted(study.rejected_count, 'row')} of them rejected."
    return Section(
        "How this was made",
        points=(
            *(f"{flag}. {text}" for flag, text in rules(analysis).items()),
            f"Segments: {method}, {'by a saved model, ' if analysis.saved else ''}seed {model.seed}, {versions}.",
            *([] if analysis.hide else [rows]),
        ),
        notes=("The rules, as the command line reads them:",),
        code=study.rules.to_toml(),
    )


def _about(remark: Remark, analysis: Analysis) -> str:
    """What a note is on; a visual that is not possible now by its name."""
    if label := segment_of(remark):
        return f"Segment {label} {analysis.names.get(label, '')}".strip()
    visual = VISUALS.get(remark.of)
    possible = visual and visual.is_possible(analysis)
    return visual.title(analysis, None) if visual and possible else f"{remark.of} (not shown now)"
