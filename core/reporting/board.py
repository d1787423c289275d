"""The report's first page: three sentences, a tile per segment, one map and one decision, for readers of one page."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from core import figures
from core.analysis import Analysis
from core.figures import between, count, percent, share
from core.reporting.pictures import figure_of, on_first_page
from core.schema import CLUSTER, MASS_AFFLUENT
from core.strategy.audience import GROUPS, Audience, moves
from core.strategy.audience import size as audience_size
from core.strategy.campaign import default_campaign
from core.strategy.scenario import Scenario
from core.strategy.uncertainty import DRAWS, LEVEL, Forecast
from core.views import charts, summary
from core.views.headline import in_segments
from core.views.palette import colour
from core.views.report import Board, Decision, Tile
from core.views.summary import counted
from core.views.suppress import MINIMUM
from core.visuals.headlines import headline_of

FEW_TILES: Final = 6  # of one row
MOST_TILES: Final = 12
HEIGHTS: Final = (250, 340)  # pixels of the chart beside many tiles, and beside few
MADE_UP: Final = (
    "The inputs are made-up starting values: put in your own under “Strategy simulation” and save the scenario. "
    "They are the same in every segment, so no order of segments to fund follows from them."
)
SAVED: Final = "Inputs and audience are those of the saved scenario, and do not follow the filters."


def board(analysis: Analysis, lead: str) -> Board:
    """The first page of an analysis that may be shown; `lead` says what was looked at."""
    decided = decision(analysis, chosen(analysis))
    tiles = _tiles(analysis)
    visual = on_first_page(analysis)
    return Board(
        lead,
        sentences(analysis, decided),
        tiles[:MOST_TILES],
        figure_of(visual, analysis, HEIGHTS[len(tiles) <= FEW_TILES]) if visual else None,
        decided,
        _note(analysis, len(tiles)),
    )


def sentences(analysis: Analysis, decided: Decision) -> tuple[tuple[str, str], ...]:
    """Who, where and what to do, each after its word."""
    where = headline_of("strategy", analysis) if analysis.study.wealth.tells else ""
    differ = "" if where else headline_of("demographics", analysis)
    who = headline_of("overview", analysis)
    said = {"Who": who, "Where": where, "Segments": differ, "What to do": decided.title}
    return tuple((word, text) for word, text in said.items() if text)


def _tiles(analysis: Analysis) -> tuple[Tile, ...]:
    """The segments that may be shown: size, and how many of those known are mass affluent."""
    clusters, whole = in_segments(analysis.clusters), analysis.totals.customers
    rates = summary.share(clusters, MASS_AFFLUENT) if analysis.study.wealth.tells else [None] * len(clusters)
    rows = zip(clusters[CLUSTER], clusters["customers"], rates, strict=True)
    return tuple(
        Tile(
            charts.label(cluster, analysis.segments.names),
            colour(cluster),
            f"{count(customers)} · {percent(customers, whole)}",
            "" if rate is None else share(rate),
            0.0 if rate is None or rate != rate else float(rate),
        )
        for cluster, customers, rate in rows
    )


def _note(analysis: Analysis, tiles: int) -> str:
    """What stands on a tile, and how many segments have none."""
    rate = ", and of those known how many are mass affluent" if analysis.study.wealth.tells else ""
    further = f" {counted(tiles - MOST_TILES, 'further segment')} below." if tiles > MOST_TILES else ""
    return f"Of each segment: customers, their share of those looked at{rate}.{further}"


@dataclass(frozen=True)
class Chosen:
    """The scenario that is decided on: what to do in words, its outlook, and a note; or `why` there is none."""

    what: str = ""
    scenario: Scenario | None = None
    outlook: Forecast | None = None
    note: str = ""
    why: str = ""


def chosen(analysis: Analysis) -> Chosen:
    """The saved scenario that is surest to pay, else what the simulation starts from: all mass affluent."""
    if scenarios := analysis.showable_scenarios:
        forecasts = {one.name: one.forecast() for one in scenarios}
        best = max(scenarios, key=lambda one: float(forecasts[one.name].low.net_value))
        others = f"Of {count(len(scenarios))} saved scenarios, its low end is the highest. " if scenarios[1:] else ""
        return Chosen(f"Run “{best.name}”", best, forecasts[best.name], f"{others}{SAVED}")
    rules = analysis.study.rules
    audience = Audience(GROUPS[0], (), rules.mass_affluent)
    table = analysis.table(moves, rules, rules.mass_affluent)
    if table is None:
        return Chosen(why=analysis.why_not(moves, rules, rules.mass_affluent))
    if analysis.hides(audience, table):
        return Chosen(why=f"No decision is shown: the audience, or what it leaves out, is under {MINIMUM}.")
    if not (customers := audience_size(table, (), audience.group)):
        return Chosen(why="No decision: nobody is known to be mass affluent.")
    usual = Scenario(
        audience.group, audience.group, customers, default_campaign(analysis.starts.likely(audience.group))
    )
    who = f"Contact the {count(customers)} mass affluent"
    return Chosen(who, usual, usual.forecast(), MADE_UP)


def verdict_on(one: Chosen) -> str:
    """Whether to do what was chosen, by the ends of its interval: the only advice that is given; empty without any."""
    if one.outlook is None:
        return ""
    if one.outlook.low.net_value > 0:
        return one.what
    to_do = f"{one.what[:1].lower()}{one.what[1:]}"
    if one.outlook.high.net_value < 0:
        return f"Do not {to_do}"
    return f"Do not decide yet. To {to_do} may lose money"


def decision(analysis: Analysis, one: Chosen) -> Decision:
    """What was chosen, in words and figures."""
    if one.scenario is None or one.outlook is None:
        return Decision("", why=one.why)
    return _decided(verdict_on(one), one.scenario, one.outlook, one.note, analysis.currency)


def _decided(verdict: str, scenario: Scenario, outlook: Forecast, note: str, currency: str) -> Decision:
    short = partial(figures.short_if_large, currency=currency)
    low, likely, high = (float(one.net_value) for one in (outlook.low, outlook.likely, outlook.high))
    ends = between(short, low, high)
    level, loss = share(LEVEL, 0), share(outlook.chance_of_loss, 0)
    net = f"{short(likely)} net, {ends} in {level} of {count(DRAWS)} draws"
    first, last = min(low, 0.0), max(high, 0.0)
    span = (last - first) or 1.0
    return Decision(
        f"{verdict}: {net}.",
        (("Likely net value", short(likely)), (f"{level} interval", ends), ("Chance of a loss", loss),
         ("Customers", count(scenario.customers))),
        tuple((value - first) / span for value in (low, likely, high, 0.0)),
        note,
    )  # fmt: skip
