"""The values that a campaign's inputs start from, in the size of the customers' own money."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, log10
from typing import Final

from core.strategy.audience import GROUPS, USUAL, Group

# What a conversion brings in a year, as a share of the average customer's amount, by meaning. Made up, in the order of
# what banks earn: a margin on balances, a fee on assets and cards, most of what a customer is worth.
SHARES: Final[Mapping[str, float]] = {
    "net_worth": 0.005, "assets": 0.01, "balance": 0.01, "income": 0.005, "credit_limit": 0.02,
    "property_value": 0.001, "customer_value": 0.5, "spend": 0.02,
}  # fmt: skip
PRICED: Final = ("contact_cost",)  # follows the prices of the country
WORTH: Final = ("value", "incentive")  # follow what customers are worth
MONEY: Final = (*PRICED, *WORTH)
DOLLARS: Final = USUAL["Mass affluent"]["value"]  # the amounts of `USUAL` are for dollars, euros and pounds
LEAST: Final = 100.0  # a smaller average is a rank, or counted in thousands
LIMITS: Final = (0.1, 1e4)  # of a factor: inputs stay within their bounds (`campaign.INPUTS`), and above cents


@dataclass(frozen=True)
class Starts:
    """Factors of the amounts in `USUAL`, each 1, 2 or 5 times a power of ten.

    Parameters
    ----------
    prices : float
        Of what a contact costs.
    worth : float
        Of what a conversion is worth.
    """

    prices: float = 1.0
    worth: float = 1.0

    def likely(self, group: Group) -> dict[str, float]:
        """The likely values that a campaign to a group starts from."""
        return {name: value * self.factor(name) for name, value in USUAL[group].items()}

    def all_likely(self) -> dict[Group, dict[str, float]]:
        """The likely values of each group."""
        return {group: self.likely(group) for group in GROUPS}

    def factor(self, name: str) -> float:
        """What the usual value of an input is multiplied by."""
        return self.prices if name in PRICED else self.worth if name in WORTH else 1.0


def starts(ppp: float | None, mean: float | None, meaning: str) -> Starts:
    """The factors of some customers.

    Parameters
    ----------
    ppp : float, optional
        Units of their currency that buy what a dollar buys; without it prices are those of a dollar.
    mean : float, optional
        The average of their wealth measure, of a `meaning` in `SHARES`; without it worth follows prices.
    """
    prices = rounded(ppp or 1.0)
    share = SHARES.get(meaning, 0.0)
    worth = rounded(mean * share / DOLLARS) if mean and mean >= LEAST and share else prices
    return Starts(prices, worth)


def rounded(factor: float) -> float:
    """The nearest of 1, 2 and 5 times a power of ten, within the limits: `22.9` → `20`."""
    factor = min(max(factor, LIMITS[0]), LIMITS[1])
    power = 10.0 ** floor(log10(factor))
    # between two steps the border is their geometric mean
    step = next(step for step, border in ((1, 2**0.5), (2, 10**0.5), (5, 50**0.5), (10, 11)) if factor / power < border)
    return float(f"{step * power:.6g}")
