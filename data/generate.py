"""Made-up Australian customers with real segments, as messy as real files.

`python -m core sample --customers 4000 --seed 1 --out data/sample_customers.csv` made the bundled file.
Nobody in it exists: every value is drawn at random.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
SAMPLE = HERE / "sample_customers.csv"
CHUNK_ROWS = 200_000
DRAWN_AS_OF = pd.Timestamp("2025-12-31")  # birth dates are drawn backwards from here


@dataclass(frozen=True)
class Group:
    """A segment in the sample: its share, and mean ± spread of each measure."""

    share: float
    age: tuple[float, float]
    valuation: tuple[float, float]
    purchases: tuple[float, float]
    tenure: tuple[float, float]
    wealth: tuple[float, float, float]  # shares of Mass Customer, Affluent Customer, High Net Worth


GROUPS = (
    Group(0.16, (61, 6), (10.5, 1.0), (45, 12), (19, 2.5), (0.35, 0.30, 0.35)),
    Group(0.22, (47, 5), (8.5, 1.1), (75, 10), (13, 2.5), (0.45, 0.30, 0.25)),
    Group(0.18, (30, 4), (9.5, 1.1), (58, 10), (4, 1.8), (0.45, 0.35, 0.20)),
    Group(0.26, (40, 6), (4.5, 1.3), (30, 9), (9, 2.5), (0.70, 0.15, 0.15)),
    Group(0.18, (24, 3), (3.0, 1.2), (16, 8), (2, 1.2), (0.80, 0.12, 0.08)),
)
# Share of customers, and the mean valuation minus the national one (big cities are dearer).
STATES = {
    "NSW": (0.33, 0.5),
    "VIC": (0.26, 0.3),
    "QLD": (0.20, -0.2),
    "WA": (0.10, -0.1),
    "SA": (0.06, -0.5),
    "TAS": (0.02, -0.6),
    "ACT": (0.02, 0.4),
    "NT": (0.01, -0.4),
}
SPELLINGS = {
    "NSW": "New South Wales",
    "VIC": "Victoria",
    "QLD": "qld",
    "WA": "Western Australia",
    "SA": "S.A.",
    "TAS": "Tasmania",
    "ACT": "ACT ",
    "NT": "Northern Territory",
}
INDUSTRIES = {
    "Manufacturing": 0.19,
    "Financial Services": 0.18,
    "n/a": 0.12,
    "Health": 0.15,
    "Retail": 0.11,
    "Property": 0.08,
    "IT": 0.07,
    "Entertainment": 0.04,
    "Agriculture": 0.03,
    "Telecommunications": 0.03,
}
GENDERS = {"Female": 0.49, "Male": 0.47, "U": 0.02, "F": 0.01, "M": 0.01}
WEALTH = ("Mass Customer", "Affluent Customer", "High Net Worth")
FIRST_NAMES = [
    "Ava",
    "Noah",
    "Mia",
    "Leo",
    "Zoe",
    "Max",
    "Isla",
    "Finn",
    "Ruby",
    "Kai",
    "Ella",
    "Sam",
    "Ivy",
    "Tom",
    "Nina",
    "Raj",
    "Mei",
    "Omar",
    "Anh",
    "Lucia",
]
LAST_NAMES = [
    "Avery",
    "Brook",
    "Castle",
    "Dale",
    "Ellis",
    "Field",
    "Grove",
    "Hart",
    "Ives",
    "Jarrah",
    "Kent",
    "Lake",
    "Marsh",
    "North",
    "Oakes",
    "Park",
    "Quill",
    "Reed",
    "Stone",
    "Vale",
]


def write_sample(path: Path, *, customers: int, seed: int) -> None:
    """Write the customers as CSV, in parts, so that memory does not grow with their number."""
    rng = np.random.default_rng(seed)
    for first in range(0, customers, CHUNK_ROWS):
        rows = min(CHUNK_ROWS, customers - first)
        frame = _spoil(_customers(first + 1, rows, rng), rng)
        frame.to_csv(path, index=False, mode="a" if first else "w", header=not first, lineterminator="\n")


def _customers(first_id: int, rows: int, rng: np.random.Generator) -> pd.DataFrame:
    """Clean customers: each belongs to a group, lives at a postcode of its state."""
    group = rng.choice(len(GROUPS), rows, p=[group.share for group in GROUPS])
    state = rng.choice(list(STATES), rows, p=[share for share, _ in STATES.values()])
    dearer = pd.Series(state).map({name: extra for name, (_, extra) in STATES.items()}).to_numpy()
    days = _around(group, "age", rng) * 365.2425
    return pd.DataFrame(
        {
            "customer_id": np.arange(first_id, first_id + rows),
            "first_name": rng.choice(FIRST_NAMES, rows),
            "last_name": rng.choice(LAST_NAMES, rows),
            "gender": _draw(GENDERS, rows, rng),
            "date_of_birth": (DRAWN_AS_OF - pd.to_timedelta(days.clip(min=18 * 366).astype(int), unit="D")).strftime(
                "%d/%m/%Y"
            ),
            "job_industry": _draw(INDUSTRIES, rows, rng),
            "wealth_segment": _wealth(group, rng),
            "state": state,
            "postcode": _postcodes(state, rng),
            "property_valuation": (_around(group, "valuation", rng) + dearer).round().clip(1, 12).astype(int),
            "purchases_past_3_years": _around(group, "purchases", rng).round().clip(0, 99).astype(int),
            "tenure": _around(group, "tenure", rng).round().clip(0, 30).astype(int),
            "owns_car": np.where(rng.random(rows) < np.array([0.75, 0.7, 0.45, 0.55, 0.3])[group], "Yes", "No"),
            "deceased": "N",
        }
    ).astype({"property_valuation": object, "tenure": object})


def _spoil(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Make the file messy: blanks, other spellings, a misspelt industry, impossible dates, the deceased."""
    rows = len(frame)

    def some(share: float) -> np.ndarray:
        return rng.random(rows) < share

    frame.loc[some(0.06), "state"] = frame["state"].map(SPELLINGS)
    frame.loc[frame["job_industry"].eq("Agriculture") & some(0.5), "job_industry"] = "Argiculture"
    frame.loc[frame["gender"].eq("F") & some(0.2), "gender"] = "Femal"
    frame.loc[some(0.02), ["date_of_birth", "tenure"]] = ""
    frame.loc[some(0.004), ["state", "postcode", "property_valuation"]] = ""
    frame.loc[some(0.01), "owns_car"] = ""
    frame.loc[some(0.001), "deceased"] = "Y"
    if rows > 10:
        frame.loc[rng.integers(rows), "date_of_birth"] = "21/12/1843"
    return frame


def _around(group: np.ndarray, measure: str, rng: np.random.Generator) -> np.ndarray:
    mean, spread = np.array([getattr(segment, measure) for segment in GROUPS])[group].T
    drawn: np.ndarray = rng.normal(mean, spread)
    return drawn


def _wealth(group: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    cumulative = np.cumsum([segment.wealth for segment in GROUPS], axis=1)[group]
    drawn: np.ndarray = np.array(WEALTH)[(rng.random((len(group), 1)) > cumulative[:, :2]).sum(axis=1)]
    return drawn


def _postcodes(state: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A postcode of a range of the customer's state; wider ranges, as the cities have, come more often."""
    ranges = pd.read_csv(HERE / "countries" / "AU" / "places.csv")
    postcodes = np.empty(len(state), dtype=object)
    for name in STATES:
        of_state = ranges[ranges["region"] == name]
        width = (of_state["last"] - of_state["first"] + 1).clip(upper=60).to_numpy()
        residents = np.flatnonzero(state == name)
        region = rng.choice(len(of_state), len(residents), p=width / width.sum())
        offset = np.floor(rng.random(len(residents)) * width[region]).astype(int)
        postcodes[residents] = [f"{code:04d}" for code in of_state["first"].to_numpy()[region] + offset]
    return postcodes


def _draw(shares: dict[str, float], rows: int, rng: np.random.Generator) -> np.ndarray:
    return rng.choice(list(shares), rows, p=list(shares.values()))
