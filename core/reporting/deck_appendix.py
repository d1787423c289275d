"""The appendix of a deck: the tables of the report, and the facts to make it again."""

from collections.abc import Iterator

from core.analysis import Analysis
from core.figures import count
from core.reporting import words
from core.reporting.deck_parts import Points, Rows, Slide, alone
from core.reporting.deck_slides import drawing
from core.reporting.pictures import by_segment, figure_of
from core.views.report import Section, Table
from core.visuals import registry
from core.visuals.visual import picture


def appendix(analysis: Analysis) -> Iterator[Slide]:
    """The tables of the report, each on slides of its own."""
    if table := by_segment(analysis):
        yield _table("Key figures by segment", table)
    yield from _ranked(analysis)
    yield from _not_shown(analysis)
    for section in (words.scenarios(analysis), words.measures(analysis)):
        yield from _section(section)
    if notes := words.remarks(analysis):
        yield _table("The analyst's notes", Table(("Note on", "Note"), tuple(notes), texts=2))
    facts = words.facts(analysis, f"{count(analysis.totals.customers)} of {count(analysis.study.size)}")
    yield _table("How this deck was made", Table(("Fact", "Value"), facts, texts=2))


def _ranked(analysis: Analysis) -> Iterator[Slide]:
    """The visuals that are tables, and the charts that are no chart of PowerPoint."""
    for visual in registry.VISUALS.values():
        if visual.plot is not None or visual.deck is not None or not visual.is_possible(analysis):
            continue
        figure = figure_of(visual, analysis)
        if figure is not None and figure.table is not None and figure.table.rows:
            yield _table(figure.title, figure.table, figure.note)
        elif figure is not None and figure.chart is not None and (made := drawing(visual, analysis)):
            yield Slide(_title(figure.title), alone(made), figure.note, made.alt)


def _not_shown(analysis: Analysis) -> Iterator[Slide]:
    """The visuals of which nothing may be shown, or that could not be made, and why."""
    pictures = [picture(visual, analysis) for visual in registry.VISUALS.values() if visual.is_possible(analysis)]
    empty = [one for one in pictures if one.empty and one.note]
    if empty:
        points = Points(tuple(one.note for one in empty), tuple(f"{one.title}." for one in empty))
        yield Slide(_title("What is not shown"), alone(points))


def _section(section: Section | None) -> Iterator[Slide]:
    if section is None:
        return
    for table in section.tables:
        yield _table(section.title, table, section.lead)
    if not section.tables and section.lead:
        yield Slide(_title(section.title), alone(Points((section.lead,))))


def _title(text: str) -> str:
    return f"Appendix: {text}"


def _table(title: str, table: Table, note: str = "") -> Slide:
    said = table.note or note
    return Slide(_title(title), alone(Rows(table)), said, said)
