"""The slides of a deck: one message each, a sentence made from the numbers that stand below it."""

import warnings
from collections.abc import Iterator
from typing import Final

import pandas as pd

from core import figures
from core.analysis import Analysis
from core.errors import DrawingWarning
from core.figures import count, percent, share
from core.intake.flags import NOT_DEFINED
from core.remarks import on
from core.reporting import pictures, words
from core.reporting.board import chosen, verdict_on
from core.reporting.board import decision as decision_of
from core.reporting.board import sentences as sentences_of
from core.reporting.deck_parts import Cards, Chart, Image, Interval, Line, Points, Rows, Slide, alone, beside
from core.reporting.pictures import figure_of, on_first_page
from core.schema import CLUSTER, MASS_AFFLUENT
from core.segments.choose_k import verdict
from core.segments.reality import each_segment, in_words
from core.strategy.campaign import Outcome
from core.strategy.uncertainty import DRAWS, LEVEL, Forecast
from core.views import plots, summary
from core.views.headline import in_segments
from core.views.plots import Plot, Series, segment_text
from core.views.report import Decision, Table
from core.views.summary import counted
from core.views.suppress import hidden_note
from core.views.svg import DrawingError, to_png
from core.visuals import kpis, registry
from core.visuals.headlines import headline_of
from core.visuals.messages import message, messages, plot_text
from core.visuals.visual import Visual, picture

TO_DO: Final = "What to do"  # the title has it
MOST_CARDS: Final = 5
MOST_TRAITS: Final = 4
PIXELS: Final = 900  # of a picture, wide
SCALE: Final = 2.2
PICTURE_HEIGHT: Final = 360
NO_TRAITS: Final = "Nothing beyond its size"
# Outcome → its label and what writes it; money has the currency's sign.
OUTCOMES: Final = {"reached": "Reached", "conversions": "Conversions", "cost": "Cost", "net_value": "Net value",
                   "roi": "Return on cost"}  # fmt: skip
EVIDENCE: Final = ("Segment", "A group of its own?", "Found again in random halves")
FOUND_AGAIN: Final = "Found again: 1 where random halves of the customers give the same segment, 0 where none of it is."
TIMES: Final = (
    "× the average is the group's rate over everybody's; in brackets an interval that holds for all groups together."
)
MONEY: Final = ("cost", "net_value")
RULES: Final = {"Mass affluent": "who is mass affluent", "High potential": "who has high potential"}
NO_RULE: Final = "no rule: neither mass affluent nor high potential is defined"


def board(analysis: Analysis) -> Iterator[Slide]:
    """The slide for a board: key figures, three sentences, one decision with its interval."""
    one = chosen(analysis)
    decided = decision_of(analysis, one)
    sentences = [(word, text) for word, text in sentences_of(analysis, decided) if word != TO_DO]
    title = decided.title or next((text for _, text in sentences), "Who the customers are")
    said = Points(tuple(text for _, text in sentences), tuple(word for word, _ in sentences))
    cards = Cards(tuple(kpis.cards(analysis, "report")[:MOST_CARDS]))
    lines = [Line(((1.0, cards),), 0.24)]
    if one.outlook is None:
        lines += [Line(((1.0, Points((*said.texts, decided.why), (*said.words, "Decision"))),), 0.76)]
    else:
        table = Rows(Table(("One decision", ""), decided.figures))
        interval = _interval(one.outlook, decided, analysis.currency)
        lines += [Line(((0.58, said), (0.42, table)), 0.48), Line(((1.0, interval),), 0.28)]
    yield Slide(title, tuple(lines), one.note, _spoken(analysis, one.note))


def segments(analysis: Analysis) -> Iterator[Slide]:
    """How large each segment is, and how many of it are mass affluent."""
    visual = registry.VISUALS["pie"]
    shown = picture(visual, analysis)
    if shown.data is None or shown.empty:
        return
    plot = plots.doughnut(shown.data, names=analysis.names)
    table = _sizes(analysis, shown.data)
    parts = beside((0.42, Chart(plot, visual.alt(analysis))), (0.58, table))
    spoken = _spoken(analysis, visual.alt(analysis), shown.note, *_numbered(analysis))
    yield Slide(plot_text(plot, analysis) or shown.title, parts, shown.note, spoken)


def apart(analysis: Analysis) -> Iterator[Slide]:
    """What sets each segment apart."""
    clusters = list(in_segments(analysis.clusters)[CLUSTER])
    rows = tuple(
        (
            segment_text(cluster, analysis.names),
            "; ".join(analysis.distinguishing_traits(cluster)[:MOST_TRAITS]) or NO_TRAITS,
        )
        for cluster in clusters
    )
    if rows:
        table = Rows(Table(("Segment", "What sets it apart"), rows, texts=2), tuple(clusters))
        note = "Statements on a segment are about all its customers, whatever the filters."
        title = analysis.profiles_headline or "What sets each segment apart"
        yield Slide(title, alone(table), note, _spoken(analysis, note, *_numbered(analysis)))


def by_segment(analysis: Analysis) -> Iterator[Slide]:
    """A slide per visual that compares the segments."""
    return _visuals(analysis, "segments")


def demographics(analysis: Analysis) -> Iterator[Slide]:
    """A slide per visual on who the customers are."""
    return _visuals(analysis, "demographics")


def places(analysis: Analysis) -> Iterator[Slide]:
    """The map, or bars of places, and what else the strategy shows as a chart."""
    first = on_first_page(analysis)
    headline = headline_of("strategy", analysis) if analysis.study.wealth.tells else ""
    for slide, visual in _slides(analysis, "strategy"):
        yield Slide(headline, slide.lines, slide.note, slide.spoken) if visual is first and headline else slide


def rates(analysis: Analysis) -> Iterator[Slide]:
    """The share of mass affluent by segment."""
    clusters = in_segments(analysis.clusters)
    if not analysis.study.wealth.tells or not clusters[f"{MASS_AFFLUENT}_yes"].any():
        return
    plot = plots.rates(clusters, MASS_AFFLUENT, names=analysis.names, title="The share of mass affluent")
    note = hidden_note(analysis.clusters, of=[MASS_AFFLUENT], shares="")
    spoken = _spoken(analysis, "Share of mass affluent by segment, of those known.", note)
    yield Slide(plot_text(plot, analysis), alone(Chart(plot, "Share of mass affluent by segment")), note, spoken)


def decision(analysis: Analysis) -> Iterator[Slide]:
    """What a campaign would bring: the figures with their intervals."""
    one = chosen(analysis)
    if one.scenario is None or one.outlook is None:
        return
    ends: dict[str, Outcome] = {"Low end": one.outlook.low, "Likely": one.outlook.likely, "High end": one.outlook.high}
    rows = tuple(
        (label, *(_outcome(name, getattr(outcome, name), analysis.currency) for outcome in ends.values()))
        for name, label in OUTCOMES.items()
    )
    table = Table(("", *ends), (("Customers", "", count(one.scenario.customers), ""), *rows))
    series = (Series("Net value", tuple(float(outcome.net_value) for outcome in ends.values())),)
    plot = Plot("columns", tuple(ends), series, "count", "Net value", analysis.currency)
    level = (
        f"Low and high end: {share(LEVEL, 0)} of {count(DRAWS)} draws of all inputs lie between them, figure by figure."
    )
    parts = beside((0.55, Rows(table)), (0.45, Chart(plot, "Net value: low end, likely, high end")))
    loss = share(one.outlook.chance_of_loss, 0)
    net = figures.short_if_large(float(one.outlook.likely.net_value), analysis.currency)
    title = f"{verdict_on(one)}: {net} net is likely, and the chance of a loss is {loss}"
    spoken = _spoken(
        analysis, level, one.note, "Conversions are those that would not have happened without the campaign."
    )
    yield Slide(title, parts, f"{level} {one.note}", spoken)


def stands_out(analysis: Analysis) -> Iterator[Slide]:
    """The groups that differ for sure from the average."""
    said = pictures.stands_out(analysis)
    number = len(analysis.insights)
    groups = "One group stands out" if number == 1 else f"{count(number)} groups stand out"
    title = f"{groups} among the mass affluent and the high potential" if number else "No group stands out"
    spoken = TIMES
    yield Slide(title, alone(Points(said)), "", _spoken(analysis, spoken))


def evidence(analysis: Analysis) -> Iterator[Slide]:
    """How real the segments are, and what to know before trusting the figures."""
    score, labels = analysis.structure, list(analysis.segments.profile["cluster"])
    verdict_text = verdict(score, analysis.segments.k)
    first, _, rest = verdict_text.removesuffix(").").partition(" (")
    title, why = (f"{first}.", f"{rest[:1].upper()}{rest[1:]}.") if rest else (verdict_text, "")
    if score is None or not labels or analysis.hide:  # evidence for each could tell of few
        yield Slide(title, alone(Points((why or verdict_text,))), "", _spoken(analysis))
    else:
        rows = tuple(
            (segment_text(row.segment, analysis.names), row.real, _coefficient(row.found_again))
            for row in each_segment(score, labels).itertuples()
        )
        table = Rows(Table(EVIDENCE, rows, texts=2), tuple(labels))
        said = Points(tuple(filter(None, (in_words(score, labels), why))))
        lines = (Line(((1.0, said),), 0.24), Line(((1.0, table),), 0.76))
        yield Slide(title, lines, FOUND_AGAIN, _spoken(analysis, verdict_text, FOUND_AGAIN))
    if analysis.warnings:
        number = len(analysis.warnings)
        head = "One thing to know" if number == 1 else f"{count(number)} things to know"
        yield Slide(f"{head} before you trust the figures", alone(Points(analysis.warnings)), "", _spoken(analysis))


def method(analysis: Analysis) -> Iterator[Slide]:
    """The rules in words, and how the segments were made."""
    points = words.making(analysis).points
    extra = _numbered(analysis)
    defined = [RULES[flag] for flag, text in words.rules(analysis).items() if not text.startswith(NOT_DEFINED)]
    rules = (NO_RULE, "one rule: ", "two rules: ")[len(defined)] + ", ".join(defined)
    segments = counted(analysis.segments.k, "segment") if analysis.segments.k else "No segments"
    yield Slide(f"{segments}, and {rules}", alone(Points((*points, *extra))), "", _spoken(analysis))


def _visuals(analysis: Analysis, section: str) -> Iterator[Slide]:
    return (slide for slide, _ in _slides(analysis, section))


def _slides(analysis: Analysis, section: str) -> Iterator[tuple[Slide, Visual]]:
    """The slides of the charts of a section; its tables stand in the appendix."""
    said = messages(analysis)
    for visual in registry.of_section(section):
        if not visual.is_possible(analysis):
            continue
        shown = picture(visual, analysis)
        if shown.empty:
            continue
        remark = on(analysis.remarks, visual.key)
        spoken = _spoken(analysis, remark, f"{shown.title}: {visual.alt(analysis)}.", shown.note)
        if visual.plot is not None:
            plot = visual.plot(analysis, shown.data)
            note = " ".join(filter(None, (f"{plot.title}.", plot.note, shown.note)))
            title = message(visual, shown.title, plot, analysis, said)
            yield Slide(title, alone(Chart(plot, visual.alt(analysis))), note, spoken), visual
        elif visual.deck is not None and (made := drawing(visual, analysis)) is not None:
            note = " ".join(filter(None, (f"{shown.title}.", shown.note)))
            yield Slide(shown.title, alone(made), note, spoken), visual


def drawing(visual: Visual, analysis: Analysis) -> Image | None:
    """A chart as a picture; None for a table, and for what the drawing engine refuses."""
    figure = figure_of(visual, analysis, PICTURE_HEIGHT)
    if figure is None or figure.chart is None:
        return None
    try:
        return Image(to_png(figure.chart, width=PIXELS, scale=SCALE), visual.alt(analysis))
    except DrawingError as error:
        warnings.warn(f"The chart “{figure.title}” could not be drawn: {error}", DrawingWarning, stacklevel=2)
        return None


def _sizes(analysis: Analysis, table: pd.DataFrame) -> Rows:
    """The segments: customers, share, and the rate of mass affluent."""
    whole = int(table["customers"].sum())
    affluent = summary.share(table, MASS_AFFLUENT)
    tells = analysis.study.wealth.tells and bool(affluent.notna().any())
    labels = [str(cluster) for cluster in table[CLUSTER]]
    rows = tuple(
        (segment_text(cluster, analysis.names), count(customers), percent(customers, whole), *([share(rate)] * tells))
        for cluster, customers, rate in zip(labels, table["customers"], affluent, strict=True)
    )
    header = ("Segment", "Customers", "Share", *(["Mass affluent"] * tells))
    return Rows(Table(header, rows), tuple(labels))


def _interval(outlook: Forecast, decided: Decision, currency: str) -> Interval:
    ends = (outlook.low, outlook.likely, outlook.high)
    low, likely, high = (figures.short_if_large(float(one.net_value), currency) for one in ends)
    alt = f"Net value with its interval: {'; '.join(f'{name}: {text}' for name, text in decided.figures)}"
    return Interval(decided.places, (low, likely, high), alt)


def _outcome(name: str, value: float, currency: str) -> str:
    if name in MONEY:
        return figures.short_if_large(float(value), currency)
    if name == "roi":
        return share(float(value), 0)
    return count(float(value)) if name == "reached" else figures.number(float(value))


def _coefficient(value: float | None) -> str:
    return figures.NONE if value is None else figures.coefficient(value)


def _numbered(analysis: Analysis) -> list[str]:
    return list(filter(None, [analysis.segments.how_numbered(analysis.study.columns)]))


def _spoken(analysis: Analysis, *texts: str) -> str:
    """What the speaker reads: what the slide shows, and the definitions."""
    rules = (f"{flag}: {text}" for flag, text in words.rules(analysis).items())
    return "\n".join([*filter(None, texts), *rules, f"Looked at: {words.looked_at(analysis)}."])
