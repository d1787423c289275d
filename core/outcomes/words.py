"""What a campaign brought, and whom to contact next, in sentences in the style in force."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import isfinite, isnan
from typing import Final

from core.figures import WHOLE_FROM, between, coefficient, count, money, number, share, signed, style
from core.labels import listed
from core.outcomes.ranking import Ranking
from core.outcomes.result import MAY_PAY, NOT, PAYS, Result
from core.outcomes.trial import AMOUNT, CONVERTED, SEGMENT
from core.strategy.control import POWER

Ends = tuple[float, float, float]
SMALL: Final = 0.02  # uplifts below two points need two decimals
FORECAST: Final = {
    "conversions": "Extra conversions", "value": "Value", "cost": "Cost", "net_value": "Net value",
    "roi": "Return on investment",
}  # fmt: skip


def headline(result: Result, arm: str, ranking: Ranking | None, currency: str = "") -> str:
    """One sentence on what contacting brought, with its interval, conversions, money, and who gained most."""
    row, who = result.of_all(arm), _who(result, arm)
    if why := result.trial.no_verdict.get(arm):
        return f"No verdict: {why.found}"
    if isnan(row["uplift"]):
        return f"Nobody is in “{arm}” or in the control group: nothing can be said of it."
    if AMOUNT in result.trial.measures and result.trial.customers[CONVERTED].all():
        return next(_amounts(result, arm, currency))
    size, ends = in_points(row["low"], abs(row["uplift"]), row["high"])
    size, interval = f"{size} points", f"({share(1 - result.level, 0)}: {ends})"
    found = result.money(arm)
    if row["low"] > 0:
        said = (
            f"{who} brought {size} more conversions {interval}: {number(found['conversions'].estimate, 0)} conversions"
        )
        net = found["net_value"].estimate
        said += f", {money(net, currency)} net" if isfinite(net) else ""
        return f"{said}{_most(result, arm, ranking)}."
    if row["high"] < 0:
        return f"{who} lost {size} of conversions {interval}: those left alone converted more often."
    more = "more" if row["uplift"] >= 0 else "fewer"
    return f"{who} is not shown to bring conversions: {size} {more} {interval}, which may be chance."


def points(value: float, digits: int = 1) -> str:
    """A difference of shares in percentage points, as a bare number."""
    return coefficient(value * 100, digits)


def in_points(low: float, estimate: float, high: float) -> tuple[str, str]:
    """An uplift and its interval in percentage points, with two decimals where all is below two points."""
    form = partial(points, digits=2 if max(abs(low), abs(high)) < SMALL else 1)
    return form(estimate), between(form, low, high)


def each(value: float, currency: str = "") -> str:
    """An amount per customer, to the cent below a thousand: `"−$0.02"`."""
    if abs(value) >= WHOLE_FROM or not isfinite(value):
        return money(value, currency)
    return signed(value, style().amount(coefficient(abs(value)), currency))


def facts(result: Result, arm: str, ranking: Ranking | None, currency: str = "") -> list[str]:
    """Sentences on the amounts, the power, the contacts that went astray, and the order of the segments."""
    if arm in result.trial.no_verdict:
        return []
    return [*_amounts(result, arm, currency), *_power(result, arm), *_compliers(result, arm), *_order(ranking)]


def whom_next(result: Result, arm: str, ranking: Ranking | None, currency: str = "") -> str:
    """Whom to contact next, and the budget that follows."""
    if why := result.trial.no_verdict.get(arm):
        return why.remedy
    segments = result.segments(arm, result.decisive)
    parts = {
        verdict: [*segments[segments["verdict"].eq(verdict)].sort_values("uplift", ascending=False)[SEGMENT]]
        for verdict in (PAYS, MAY_PAY, NOT)
    }
    if not parts[PAYS]:
        return _as_a_whole(result, arm, parts, currency)
    customers = segments.set_index(SEGMENT)["customers"][parts[PAYS]].to_dict()
    sentences = [
        f"Contact {_named(parts[PAYS])}{_by(result, arm)} next: {count(sum(customers.values()))} customers"
        f"{_budget(result, arm, customers, currency)}."
    ]
    if parts[MAY_PAY]:
        pays = result.said(PAYS)
        sentences.append(f"Contact only a part of {_named(parts[MAY_PAY])}, to find out whether it {pays} there.")
    if parts[NOT]:
        brings = "costs more than it brings" if result.priced else "brings nothing"
        sentences.append(f"Leave out {_named(parts[NOT])}: a contact there {brings}.")
    if ranking and ranking.qini.low <= 0:
        sentences.append("That the order of the segments beats chance is not shown.")
    return " ".join(sentences)


def prices_lacking(result: Result) -> str:
    """What to put in, so that it can be said whether a contact pays; empty where all is known."""
    if result.priced:
        return ""
    prices = {
        "what a contact costs": result.prices.contact,
        "what a conversion is worth": result.prices.each(result.measure),
    }
    lacking = listed([what for what, price in prices.items() if price is None])
    return f"Put in {lacking}, to see whether a contact pays."


def beside_forecast(result: Result, arm: str) -> list[tuple[str, str, Ends, Ends]]:
    """Figure, its title, and measured and forecast as likely, low and high; of what was forecast and is known."""
    if arm in result.trial.no_verdict:
        return []
    found = result.money(arm)
    rows = list[tuple[str, str, Ends, Ends]]()
    for name, title in FORECAST.items():
        planned, measured = result.plan.forecast.get(name), found[name]
        if planned and isfinite(measured.estimate):
            rows.append((name, title, (measured.estimate, measured.low, measured.high), planned))
    return rows


def forecast_differs(result: Result, currency: str = "") -> list[str]:
    """Sentences on what a forecast counts and the measured figures do not."""
    inputs, incentive = result.plan.inputs, result.prices.incentive
    sentences = []
    if result.measure == AMOUNT and "horizon" in inputs:
        sentences.append(
            f"The forecast counts {number(inputs['horizon'], trim=True)} months of a conversion, discounted; what was "
            "measured are the amounts so far."
        )
    if inputs.get("incentive", incentive) != incentive:
        sentences.append(
            f"The forecast pays {each(inputs['incentive'], currency)} per conversion; what was measured, "
            f"{each(incentive, currency)}."
        )
    return sentences


def _who(result: Result, arm: str) -> str:
    return "Contacting" if len(result.trial.arms) == 1 else f"“{arm}”"


def _most(result: Result, arm: str, ranking: Ranking | None) -> str:
    """Who gained most, where the order of the segments is shown to beat chance."""
    if not ranking or ranking.qini.low <= 0:
        return ""
    rows = result.segments(arm, result.measure)
    return f"; {_named([rows.loc[rows['uplift'].idxmax(), SEGMENT]])} gained most"


def _amounts(result: Result, arm: str, currency: str) -> Iterator[str]:
    if AMOUNT not in result.trial.measures:
        return
    row = result.of_all(arm, AMOUNT)
    if isnan(row["uplift"]):
        return
    amount = partial(each, currency=currency)

    shown = "" if row["low"] > 0 or row["high"] < 0 else ", which may be chance"
    yield (
        f"Per customer it brought {amount(row['uplift'])} ({share(1 - result.level, 0)}: "
        f"{between(amount, row['low'], row['high'])}){shown}: {amount(row['contacted_mean'])} beside "
        f"{amount(row['control_mean'])}."
    )


def _power(result: Result, arm: str) -> Iterator[str]:
    row, least, power = result.of_all(arm), result.least_uplift(arm), result.power(arm)
    if row["control_mean"] == 1:
        return
    if not isfinite(least):
        yield "These groups are too small to show any uplift."
        return
    weak = row["low"] <= 0 <= row["high"]
    yield (
        f"Groups of this size show an uplift of {in_points(least, least, least)[0]} points or more"
        + (": a smaller one, if there is one, stays unseen." if weak else ".")
    )
    if power is not None:
        verdict = "enough" if power >= POWER else f"less than the usual {share(POWER, 0)}"
        hoped = points(result.plan.uplift or 0)
        yield f"The {hoped} points hoped for would have shown with a chance of {share(power, 0)}: {verdict}."


def _compliers(result: Result, arm: str) -> Iterator[str]:
    if (effect := result.complier(arm)) and not isnan(effect.estimate):
        size, ends = in_points(effect.low, effect.estimate, effect.high)
        yield f"Among those whom only the plan got contacted, the uplift is {size} points ({ends})."


def _order(ranking: Ranking | None) -> Iterator[str]:
    if ranking is None:
        return
    if ranking.qini.low > 0:
        yield "Contacting the segments in the order of their uplift brings more than contacting at random."
    elif ranking.qini.high < 0:
        yield "The order of the segments does worse than chance: the segments do not differ in a way that lasts."
    else:
        yield "It is not shown that contacting some segments first brings more than contacting at random."
    if ranking.left_out:
        yield f"Too few customers to rank: {listed(ranking.left_out)}."


def _as_a_whole(result: Result, arm: str, parts: Mapping[str, list[str]], currency: str) -> str:
    """Whom to contact next where no segment by itself is sure to pay."""
    verdict = result.verdict(arm)
    if verdict == MAY_PAY:
        return _try_again(result, arm, parts[MAY_PAY])
    if verdict == NOT:
        found = "Do not repeat this campaign as it is: it is not worth its contacts"
        if parts[MAY_PAY]:
            return f"{found}, and whether it is in {_named(parts[MAY_PAY])} is not shown."
        return f"{found} in any segment." if parts[NOT] else f"{found}."
    sizes = result.trial.customers[SEGMENT].value_counts()
    customers = {"": len(result.trial.customers) - int(sizes[parts[NOT]].sum())}
    whom = f"all but {_named(parts[NOT])}" if parts[NOT] else f"all {count(customers[''])}"
    alike = ", and no segment is shown to differ" if parts[MAY_PAY] and not parts[NOT] else ""
    return (
        f"Contact {whom}{_by(result, arm)} next{_budget(result, arm, customers, currency)}: "
        f"the campaign {result.said(PAYS)}{alike}."
    )


def _try_again(result: Result, arm: str, maybe: list[str]) -> str:
    rows = result.segments(arm, result.decisive)
    rows = rows[rows[SEGMENT].isin(maybe) & rows["uplift"].gt(0)]
    first = (
        f", first in {_named([rows.loc[rows['uplift'].idxmax(), SEGMENT]])}, the most promising" if len(rows) else ""
    )
    return (
        f"A contact {result.said(MAY_PAY)}, but that it does is not shown. "
        f"Repeat it with larger groups{first}, before you spend more."
    )


def _by(result: Result, arm: str) -> str:
    return f" by “{arm}”" if len(result.trial.arms) > 1 else ""


def _budget(result: Result, arm: str, customers: Mapping[str, int], currency: str) -> str:
    """The cost of contacting so many customers by segment; nothing where it is not known, or none."""
    cost = sum(n * result.cost_each(arm, segment) for segment, n in customers.items())
    incentives = " with incentives" if result.prices.incentive else ""
    return f", a budget of {money(cost, currency)}{incentives}" if cost > 0 else ""


def _named(labels: Sequence[str]) -> str:
    """`"segments 2 and 1"`; values that are no numbers in quotes."""
    shown = [label if label.isdecimal() else f"“{label}”" for label in labels]
    return f"segment{'s' if len(shown) > 1 else ''} {listed(shown)}"
