"""What a campaign brought, as the page shows it: figures, charts, whom to contact next, table and notes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from core.figures import money
from core.outcomes.files import outcome_files
from core.outcomes.hidden import all_may_be_shown, showable
from core.outcomes.ranking import Ranking
from core.outcomes.result import Result, result_of
from core.outcomes.trial import AMOUNT, CONVERTED, NoVerdict, Trial
from core.outcomes.value import Prices
from core.outcomes.words import facts, headline
from core.schema import CURRENCY, titled
from core.views.summary import counted
from pages import RESULTS
from pages.components import cards
from pages.components.privacy import is_hiding
from pages.components.session_cache import session_cache
from pages.components.text import escape_markdown
from pages.components.trail import download_button
from pages.components.view import View

VALUE, COST, INCENTIVE, MARGIN = (  # session state, with the campaign's key
    "outcome value", "outcome cost", "outcome incentive", "outcome margin"
)  # fmt: skip
MEASURES: Final = {CONVERTED: "Conversions", AMOUNT: "Amounts"}
MIMES: Final = {"csv": "text/csv", "json": "application/json"}


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page shows: the result, one arm and measure of it, and the segments that may be shown."""

    result: Result
    arm: str
    measure: str
    rankings: Mapping[tuple[str, str], Ranking | None]
    currency: str
    segments: tuple[str, ...]
    hide: bool

    @property
    def rows(self) -> pd.DataFrame:
        """All customers, and the segments that may be shown."""
        return self.result.all_and_segments(self.arm, self.measure, self.segments)

    @property
    def ranking(self) -> Ranking | None:
        """The order of the segments by the measure that decides; None where it may not be shown."""
        return self.rankings[self.arm, self.result.measure] if self.everything else None

    @property
    def everything(self) -> bool:
        """Whether no segment is hidden."""
        return len(self.segments) == len(self.result.trial.segments)

    @property
    def no_verdict(self) -> NoVerdict | None:
        """Why nothing can be said of the arm; None where something can."""
        return self.result.trial.no_verdict.get(self.arm)

    @property
    def money(self) -> Callable[..., str]:
        """How money is written."""
        return partial(money, currency=self.currency)


def head(question: str, view: View | None) -> cards.Head:
    """The title, with room for the sentence that answers the question; filters are said to do nothing."""
    place = st.container(gap="xsmall")
    row = place.container(horizontal=True, vertical_alignment="center", gap="small")
    row.title(RESULTS, anchor=False, width="content")
    found = cards.Head(row, place.empty())
    found.say(question)
    if view and (view.clicks or any(view.filters.values())):
        place.caption("Filters do not apply here: everybody who was assigned counts.")
    return found


def what_is_compared(trial: Trial, view: View | None) -> Shown:
    """The choices of arm and measure, and the prices; the result with them."""
    planned = result_of(trial)
    currency = planned.currency or (view.currency if view else "")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        arm = planned.best_arm
        if len(trial.arms) > 1:
            arm = st.selectbox(
                "Compared with the control group", trial.arms, trial.arms.index(arm), width=230,
                key=f"outcome arm {trial.digest[:12]}", persist_state="session",
            )  # fmt: skip
        measure = CONVERTED
        if AMOUNT in trial.measures:
            measure = st.segmented_control(
                "Charts of", trial.measures, default=CONVERTED, format_func=MEASURES.get, required=True,
                key=f"outcome measure {trial.digest[:12]}", persist_state="session",
            )  # fmt: skip
        prices = _prices(planned.prices, trial, currency)
    names = {} if trial.plan and trial.plan.names else _names(trial, view)
    hide = view.hide if view else is_hiding()
    result, rankings = _worked_out(f"{trial.key} {prices!r} {sorted(names.items())}", trial, prices, names)
    segments = showable(trial) if hide else trial.segments
    return Shown(result, arm, measure, rankings, currency, segments, hide)


def _prices(planned: Prices, trial: Trial, currency: str) -> Prices:
    """What a conversion is worth and a contact costs; empty boxes leave money out."""
    key = trial.digest[:12]
    value = st.number_input(
        titled("Worth of a conversion", CURRENCY, currency), 0.0, 1e9, planned.conversion, key=f"{VALUE} {key}",
        persist_state="session", width=190, help="What one conversion brings, after its own costs. Empty: not known.",
    ) if AMOUNT not in trial.measures else None  # fmt: skip
    margin = planned.margin or 1.0
    if AMOUNT in trial.measures:
        margin = st.number_input(
            "Margin (%)", 0.1, 100.0, margin * 100, key=f"{MARGIN} {key}", persist_state="session", width=130,
            help="Share of the amounts that is left after their own costs.",
        ) / 100  # fmt: skip
    cost = st.number_input(
        titled("Cost of a contact", CURRENCY, currency), 0.0, 1e6, planned.contact, key=f"{COST} {key}",
        persist_state="session", width=160, help="Cost of contacting one customer once. Empty: not known.",
    )  # fmt: skip
    incentive = st.number_input(
        titled("Incentive", CURRENCY, currency), 0.0, 1e6, planned.incentive, key=f"{INCENTIVE} {key}",
        persist_state="session", width=130,
        help="Paid per conversion of the contacted, also to those who convert anyway. That of the simulation is not "
        "taken over.",
    )  # fmt: skip
    return Prices(value, cost, margin, incentive or 0.0)


def stop_if_hidden(shown: Shown) -> None:
    """End the page where even the whole campaign has groups of few."""
    if shown.hide and not all_may_be_shown(shown.result.trial):
        st.info(
            "This campaign is hidden: fewer than 10 customers of a group converted, or did not.",
            icon=":material/visibility_off:",
        )
        st.stop()


def answer(shown: Shown, place: cards.Head) -> None:
    """The headline, or a warning why there is none and what to do."""
    said = headline(shown.result, shown.arm, shown.ranking, shown.currency)
    if why := shown.no_verdict:
        place.sentence.warning(escape_markdown(f"{said} {why.remedy}"), icon=":material/warning:")
    else:
        place.say(said)


def notes(shown: Shown, place: cards.Head) -> None:
    """What is doubtful and what was done to rows, in a popover beside the title."""
    said = facts(shown.result, shown.arm, shown.ranking, shown.currency)
    if not shown.hide:  # they count few
        said += shown.result.trial.notes
    if not said:
        return
    with place.row, st.popover(counted(len(said), "note"), icon=":material/info:", type="tertiary"):
        for one in said:
            st.caption(escape_markdown(one))


def downloads(shown: Shown) -> None:
    """The files of the command line."""
    if shown.hide:
        return
    with st.container(horizontal=True):
        for name, content in _files(
            f"{shown.result.trial.key} {shown.result.prices!r}", shown.currency, shown.result
        ).items():
            download_button(
                name, content, name, MIMES[name.rpartition(".")[2]], key=f"download {name}", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip


def _names(trial: Trial, view: View | None) -> dict[str, str]:
    """The names of the segments in use, where the campaign's are among them by number."""
    names = dict(view.segments.names) if view and not view.sample else {}
    return names if {*trial.segments} <= {*names} else {}


@session_cache(st.cache_resource, everybody=2, own=8, show_spinner="Comparing the groups…")
def _worked_out(
    key: str, _trial: Trial, _prices: Prices, _names: dict[str, str]  # noqa: ARG001
) -> tuple[Result, dict[tuple[str, str], Ranking | None]]:  # fmt: skip
    result = Result(_trial, _prices, _names)
    _ = result.table
    return result, {(arm, measure): result.ranking(arm, measure) for arm in _trial.arms for measure in _trial.measures}


@session_cache(st.cache_resource, everybody=2, own=2)
def _files(key: str, currency: str, _result: Result) -> dict[str, bytes]:  # noqa: ARG001
    return outcome_files(_result, currency)
