"""The simulation's campaign: likely values at once, the rest and the ranges behind an expander."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from core.errors import RulesError
from core.figures import exact
from core.schema import CURRENCY, titled
from core.strategy.audience import GROUPS, Group
from core.strategy.campaign import INPUTS, SPREAD, Campaign, check_ranges, default_campaign
from core.strategy.ranges import Range
from core.strategy.starts import MONEY, Starts
from pages.components.link import IN_LINK

AT_ONCE = ("contactable", "contact_cost", "baseline", "uplift", "value")
MORE = tuple(name for name in INPUTS if name not in AT_ONCE)
ENDS = ("low", "high")
CONTROL = 0.1  # share held out
# input → step and format, in the unit shown
STEPS = {
    "contactable": (5.0, "%.0f"), "contact_cost": (1.0, "%.2f"), "baseline": (0.5, "%.1f"), "uplift": (0.5, "%.1f"),
    "value": (50.0, "%.0f"), "margin": (5.0, "%.0f"), "incentive": (5.0, "%.2f"), "horizon": (6.0, "%.0f"),
    "attrition": (1.0, "%.1f"), "discount": (1.0, "%.1f"),
}  # fmt: skip
STORED, STARTS, RENEWED = "campaigns", "campaign starts", "campaign inputs renewed"
Ask = Callable[..., Any]  # `st.number_input`, or `_start_value`, which draws nothing


def campaign_inputs(group: Group, currency: str, starts: Starts) -> Campaign | None:
    """The campaign to a group, whose inputs are its own; None where it is impossible, and the reason is shown."""
    _follow(starts)
    with st.grid(3, min_column_width=120):
        likely = {name: _likely(group, name, st.number_input, currency, starts) for name in AT_ONCE}
        budget = st.number_input(
            titled("Budget", CURRENCY, currency), 0.0, None, None, 1000.0 * starts.prices, "%.0f", placeholder="None",
            key=f"budget {group}", **IN_LINK, help="Caps the expected cost; leave it empty for no cap.",
        )  # fmt: skip
    more = st.expander("More inputs and ranges", icon=":material/tune:", key="more_inputs", on_change="rerun")
    # The inputs of the closed section are a quarter of the bytes of the page, so they are drawn only if needed.
    ask = st.number_input if more.open or _is_changed(group, starts, MORE) else _start_value
    with more:
        with st.grid(3, min_column_width=120):
            likely |= {name: _likely(group, name, ask, currency, starts) for name in MORE}
            control = _percent(
                "Control group (%)",
                CONTROL,
                f"control {group}",
                "Held out: contactable, not contacted, so that the uplift can be measured.",
                ask,
            )
            spread = _percent(
                "Ranges (± %)",
                SPREAD,
                f"spread {group}",
                "How far a range reaches around its likely value, unless you give its ends below. An uplift's "
                "goes from 0.",
                ask,
            )
        st.caption("Low and high value of each input; empty ones follow the likely value.")
        with st.grid(2, min_column_width=120):
            ranges = {name: _range(group, name, likely[name], spread, ask, currency, starts) for name in INPUTS}
    try:
        check_ranges(ranges, currency)
        campaign = Campaign(**ranges, budget=budget, control=control)
    except RulesError as error:
        st.error(str(error), icon=":material/error:")
        return None
    st.session_state[STORED] = st.session_state.get(STORED, {}) | {group: campaign}
    return campaign


def all_campaigns(starts: Starts) -> dict[Group, Campaign]:
    """The campaign last set for each group, or the default one."""
    usual = {group: default_campaign(likely) for group, likely in starts.all_likely().items()}
    return usual | st.session_state.get(STORED, {})


def are_made_up(starts: Starts) -> bool:
    """Whether no input of any group was changed from the made-up value that it starts from."""
    return not any(_is_changed(group, starts, INPUTS) for group in GROUPS)


def _follow(starts: Starts) -> None:
    """Let inputs that nobody has changed start anew where other customers have money of another size."""
    before = st.session_state.get(STARTS, starts)
    st.session_state[STARTS], st.session_state[RENEWED] = starts, set[str]()
    if before == starts:
        return
    st.session_state.pop(STORED, None)
    for group in GROUPS:
        for name in MONEY:
            renew(f"{name} {group}", _start_shown(group, name, before), _start_shown(group, name, starts))


def renew(key: str, before: float, now: float) -> None:
    """Give an input that nobody has changed its new start value, `now`; the browser keeps what it shows otherwise."""
    if st.session_state.get(key) == before != now:
        st.session_state[key] = now
        st.session_state[RENEWED].add(key)


def start_of(key: str, value: float) -> Any:
    """The start value as `st.number_input` takes it: none in a run that has set the value, or Streamlit warns."""
    return "min" if key in st.session_state[RENEWED] else value


def _is_changed(group: Group, starts: Starts, likely: Iterable[str]) -> bool:
    """Whether one of some likely values was changed, a range, or the control group.

    Then the closed section is drawn, since the address drops what is not drawn.
    """
    first = {f"{name} {group}": _start_shown(group, name, starts) for name in likely}
    first |= {f"control {group}": CONTROL * 100, f"spread {group}": SPREAD * 100}
    first |= {f"{name} {end} {group}": None for name in INPUTS for end in ENDS}
    return any(key in st.query_params or st.session_state.get(key, start) != start for key, start in first.items())


def _start_value(
    label: str, least: float, most: float | None, start: float | None, *_: object, **__: object  # noqa: ARG001
) -> float | None:  # fmt: skip
    """The start value, as `st.number_input` returns it until somebody changes it."""
    return start


def _start_shown(group: Group, name: str, starts: Starts) -> float:
    """The start value of an input, in the unit shown."""
    return round(starts.likely(group)[name] / INPUTS[name].scale, 6)


def _step(name: str, starts: Starts) -> tuple[float, str]:
    """The step and the format of an input."""
    step, form = STEPS[name]
    return step * starts.factor(name), form


def _likely(group: Group, name: str, ask: Ask, currency: str, starts: Starts) -> float:
    field, key = INPUTS[name], f"{name} {group}"
    start = _start_shown(group, name, starts)
    shown = ask(
        field.title(currency), 0.0, field.most / field.scale, start if ask is _start_value else start_of(key, start),
        *_step(name, starts), key=key, help=field.help, **IN_LINK,
    )  # fmt: skip
    return shown * field.scale


def _percent(title: str, start: float, key: str, hint: str, ask: Ask) -> float:
    return ask(title, 0.0, 100.0, start * 100, 5.0, "%.0f", key=key, help=hint, **IN_LINK) / 100


def _range(
    group: Group, name: str, likely: float, spread: float, ask: Ask, currency: str, starts: Starts
) -> Range:  # fmt: skip
    field, default = INPUTS[name], INPUTS[name].around(likely, spread)
    ends = {}
    for end in ENDS:
        given = ask(
            titled(f"{field.label}, {end}", field.unit, currency), 0.0, field.most / field.scale, None,
            *_step(name, starts),
            placeholder=exact(round(getattr(default, end) / field.scale, 6)), key=f"{name} {end} {group}", **IN_LINK,
        )  # fmt: skip
        ends[end] = getattr(default, end) if given is None else given * field.scale
    return Range(ends["low"], likely, ends["high"])
