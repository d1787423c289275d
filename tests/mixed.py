"""Made-up customers with numbers, categories and a hidden outcome, which no feature is."""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

Made = tuple[pd.DataFrame, np.ndarray]  # features, and whether each customer has the outcome
RATES: Final = (0.03, 0.08, 0.15, 0.3, 0.55, 0.8)


def _levels(chances: np.ndarray, kinds: np.ndarray, rng: np.random.Generator) -> pd.Categorical:
    """A level for each customer, by the chances (kinds, levels) of the customer's kind."""
    code = (rng.random(len(kinds))[:, None] > chances.cumsum(axis=1)[kinds]).sum(axis=1)
    width = chances.shape[1]
    return pd.Categorical.from_codes(code.clip(0, width - 1), [f"level {at}" for at in range(width)])


def _features(
    kinds: np.ndarray, rng: np.random.Generator, numbers: int, levels: tuple[int, ...], apart: float, even: float
) -> pd.DataFrame:
    """Numbers whose means lie `apart`, and categories with shares that are the more alike the more `even`."""
    most = int(kinds.max()) + 1
    means = rng.normal(0, apart, (most, numbers))
    values = means[kinds] + rng.normal(size=(len(kinds), numbers))
    made = pd.DataFrame(values, columns=[f"number {at}" for at in range(numbers)])
    for at, width in enumerate(levels):
        made[f"category {at}"] = _levels(rng.dirichlet(np.full(width, even), most), kinds, rng)
    return made


def kinds_of_customers(rows: int, seed: int) -> Made:
    """Six kinds, which numbers and categories tell apart alike."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(6, rows, p=rng.dirichlet(np.full(6, 8.0)))
    made = _features(kinds, rng, 3, (2, 3, 4, 6), 1.0, 0.7)
    return made, rng.random(rows) < np.array(RATES)[kinds]


def mostly_categories(rows: int, seed: int) -> Made:
    """Five kinds that categories tell apart, beside numbers that say nothing."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(5, rows, p=rng.dirichlet(np.full(5, 8.0)))
    made = _features(kinds, rng, 3, (2, 3, 4, 5, 8, 12), 0.1, 0.5)
    return made, rng.random(rows) < np.array(RATES)[kinds]


def long_tails(rows: int, seed: int) -> Made:
    """Amounts with a long tail, many of them zero, as balances have."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(5, rows, p=rng.dirichlet(np.full(5, 8.0)))
    made = _features(kinds, rng, 4, (3, 4, 5, 7), 0.8, 0.6)
    none = rng.random(rows) < np.array([0.6, 0.05, 0.3, 0.1, 0.4])[kinds]
    return made.assign(**{
        "number 0": np.where(none, 0.0, np.exp(made["number 0"])),
        "number 1": np.exp(0.8 * made["number 1"]),
        "number 2": made["number 2"].round(),
    }), rng.random(rows) < np.array(RATES)[kinds]  # fmt: skip


def wide(rows: int, seed: int) -> pd.DataFrame:
    """Six kinds in 4 numbers and 6 categories."""
    rng = np.random.default_rng(seed)
    return _features(rng.choice(6, rows), rng, 4, (2, 3, 4, 5, 6, 8), 1.5, 1.0)


def unknown_levels(rows: int, seed: int) -> Made:
    """Seven kinds of unequal size, and a fifth of all levels not known."""
    rng = np.random.default_rng(seed)
    kinds = rng.choice(7, rows, p=rng.dirichlet(np.full(7, 3.0)))
    made = _features(kinds, rng, 3, (2, 4, 5, 6, 9), 0.9, 0.5)
    for name in made.columns[3:]:
        made[name] = made[name].where(rng.random(rows) > 0.2)
    return made, rng.random(rows) < np.array([*RATES, 0.4])[kinds]


def hidden_wealth(rows: int, seed: int) -> Made:
    """No kinds, but a hidden quantity that all features follow, and the outcome more steeply."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=rows)
    made = pd.DataFrame({f"number {at}": 0.5 * hidden + rng.normal(size=rows) for at in range(3)})
    for at, width in enumerate((2, 3, 4, 5, 8)):
        seen = hidden + 0.8 * rng.normal(size=rows)
        codes = rng.permutation(width)[np.searchsorted(np.quantile(seen, np.arange(1, width) / width), seen)]
        made[f"category {at}"] = pd.Categorical.from_codes(codes, [f"level {one}" for one in range(width)])
    return made, rng.random(rows) < 1 / (1 + np.exp(1 - 2 * hidden))


SETS: Final[dict[str, Callable[[int, int], Made]]] = {
    make.__name__: make for make in (kinds_of_customers, mostly_categories, long_tails, unknown_levels, hidden_wealth)
}


JOBS: Final = ("Clerk", "Manager", "Nurse", "Pilot")
CHANNELS: Final = ("Branch", "Mobile", "Web")


def bank(rows: int = 600, seed: int = 0) -> bytes:
    """A customer file of three kinds of customers, without age, tenure and the other usual features of ours.

    Job, channel, loan and balance tell the kinds apart; one customer in twenty has no job, one in fifty no balance.
    """
    rng = np.random.default_rng(seed)
    kinds = rng.choice(3, rows, p=(0.5, 0.3, 0.2))
    balance = np.exp(rng.normal((7.0, 8.0, 10.0), 0.4)[kinds] + rng.normal(0, 0.5, rows)).round(2).astype("str")
    job = _levels(np.array([(0.8, 0.1, 0.1, 0.0), (0.1, 0.1, 0.7, 0.1), (0.0, 0.8, 0.0, 0.2)]), kinds, rng)
    channel = _levels(np.array([(0.7, 0.2, 0.1), (0.1, 0.8, 0.1), (0.1, 0.1, 0.8)]), kinds, rng)
    loan = rng.random(rows) < np.array((0.1, 0.6, 0.9))[kinds]
    left = rng.random(rows) < np.array((0.1, 0.3, 0.5))[kinds]
    made = pd.DataFrame({
        "customer_id": [f"c{at}" for at in range(rows)],
        "account_balance": np.where(rng.random(rows) < 0.02, "", balance),
        "visits": rng.poisson(np.array((3, 6, 9))[kinds]),
        "job_title": np.where(rng.random(rows) < 0.05, "", np.array(JOBS)[job.codes]),
        "channel": np.array(CHANNELS)[channel.codes],
        "housing_loan": np.where(loan, "yes", "no"),
        "marital_status": rng.choice(["married", "single"], rows),
        "churned": np.where(left, "yes", "no"),
    })  # fmt: skip
    return made.to_csv(index=False).encode()
