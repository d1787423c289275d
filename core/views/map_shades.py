"""How the regions of a map are shaded: by which number, on what scale, and in which colours."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import pandas as pd

from core.countries.country import Borders, Country
from core.schema import MASS_AFFLUENT
from core.strategy.rates import wilson
from core.views.summary import mean, share
from core.views.tables import round_step

Theme = Literal["light", "dark"]
Kind = Literal["share", "customers", "value"]
Colour = tuple[int, int, int]

# red, green, blue: sea, land of which nothing is known, the palest and the deepest shade, border, label
SHADES: Final[Mapping[Theme, Mapping[str, Colour]]] = {
    "light": {
        "sea": (238, 243, 247),
        "empty": (219, 221, 223),
        "low": (214, 228, 243),
        "high": (90, 149, 214),
        "line": (255, 255, 255),
        "text": (27, 39, 51),
    },
    "dark": {
        "sea": (20, 28, 37),
        "empty": (62, 66, 71),
        "low": (36, 54, 78),
        "high": (62, 124, 197),
        "line": (16, 22, 29),
        "text": (240, 244, 248),
    },
}
BUBBLE: Final[Colour] = (222, 120, 30)
FEW: Final = 30  # customers known: of fewer, the share is unsure by 18 points either way, and the average likewise
GREYER: Final = 0.6  # the part of grey in the shade of a region with few
STEPS: Final = 4  # between the ticks of a scale, at most
ROOT_TICKS: Final = (0.1, 0.4)  # parts of the most customers


def drawn_in(states: pd.DataFrame, country: Country) -> Borders:
    """The regions of a country to draw for a table of customers by `state`."""
    return country.drawn(states.set_index("state")["customers"].fillna(0).to_dict())


@dataclass(frozen=True)
class Shading:
    """What regions are shaded by: their customers, the share of mass affluent, or the average of a `measure`.

    `sign` is that of the currency of the measure; empty where it is no money.
    """

    kind: Kind = "customers"
    title: str = "Customers"
    measure: str = ""
    sign: str = ""

    def numbers(self, table: pd.DataFrame) -> pd.Series:
        """The number of each row of a table of customers; NaN where nobody's is known, or it is hidden."""
        if self.kind == "share":
            return share(table, MASS_AFFLUENT)
        if self.kind == "value":
            return mean(table, self.measure) if f"{self.measure}_n" in table else table["customers"] * np.nan
        return table["customers"].astype("float64")

    def few(self, table: pd.DataFrame) -> pd.Series:
        """Whether so few customers are behind a number that chance alone can make it stand out."""
        known = {"share": f"{MASS_AFFLUENT}_known", "value": f"{self.measure}_n"}.get(self.kind, "")
        return table[known] < FEW if known in table else table["customers"] < 0

    def unsure_by(self, table: pd.DataFrame) -> float:
        """How far an interval of the rows mostly reaches to either side; 0 where the sums do not tell."""
        if self.kind != "share" or table.empty:
            return 0.0
        counts = zip(table[f"{MASS_AFFLUENT}_yes"].tolist(), table[f"{MASS_AFFLUENT}_known"].tolist(), strict=True)
        ends = np.array([wilson(yes, known) for yes, known in counts if known])
        return float(np.median(np.diff(ends)) / 2) if len(ends) else 0.0


CUSTOMERS: Final = Shading()


@dataclass(frozen=True)
class Scale:
    """From the number of the palest shade to that of the deepest; `root` takes square roots first."""

    low: float
    high: float
    ticks: tuple[float, ...]
    root: bool = False

    @property
    def step(self) -> float:
        """From the first tick to the second."""
        return self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else 1.0

    def depth(self, number: float) -> float:
        """The place of a number on the scale, 0 to 1; beyond the ends it is at the end."""
        low, high, at = np.sqrt([self.low, self.high, max(number, 0)]) if self.root else (self.low, self.high, number)
        return float(np.clip((at - low) / (high - low), 0, 1))


@dataclass(frozen=True)
class Shaded:
    """The numbers of the regions by their code, those with few customers behind, and the scale; None without any."""

    shading: Shading
    scale: Scale | None
    numbers: Mapping[str, float] = field(default_factory=dict)
    few: Collection[str] = frozenset()

    def fill(self, code: str, theme: Theme = "light") -> Colour:
        """The colour of a region: grey where nothing is known, greyer than its shade where few are."""
        shades = SHADES[theme]
        if self.scale is None or code not in self.numbers:
            return shades["empty"]
        shade = blend(shades["low"], shades["high"], self.scale.depth(self.numbers[code]))
        return greyer(shade, theme) if code in self.few else shade


def shaded(table: pd.DataFrame, shading: Shading, drawn: Collection[str]) -> Shaded:
    """The shades of the regions that are drawn, from a table by `state`.

    Regions with few customers known do not stretch the scale, unless there are no others. It reaches as far beyond the
    numbers as these are unsure, so that shares whose intervals overlap look alike.
    """
    rows = table[table["state"].isin([*drawn])]
    numbers = pd.Series(shading.numbers(rows).to_numpy("float64"), rows["state"].astype("str")).dropna()
    few = frozenset(rows.loc[shading.few(rows), "state"].astype("str")).intersection(numbers.index)
    sure = numbers[~numbers.index.isin([*few])]
    sure = sure if len(sure) else numbers
    unsure_by = shading.unsure_by(rows[rows["state"].astype("str").isin(sure.index)])
    scale = _scale(sure, shading.kind, unsure_by) if len(sure) else None
    return Shaded(shading, scale, {str(code): float(number) for code, number in numbers.items()}, few)


def _scale(numbers: pd.Series, kind: Kind, beyond: float = 0.0) -> Scale:
    least, most = float(numbers.min()), float(numbers.max())
    if kind == "share":
        least, most = max(least - beyond, 0.0), min(most + beyond, 1.0)
    if kind == "customers":
        ticks = dict.fromkeys((*(_round(most * part) for part in ROOT_TICKS), most))
        return Scale(0.0, most, tuple(ticks), root=True)
    step = round_step((most - least) or abs(most) / 2 or 1.0, STEPS)
    low, high = np.floor(least / step) * step, np.ceil(most / step) * step
    low, high = (low, high) if high > low else (low - step, high)
    ticks = low + step * np.arange(round((high - low) / step) + 1)
    return Scale(float(low), float(high), tuple(float(tick) for tick in np.round(ticks, 12)))


def _round(number: float) -> float:
    """A count to its first figure, 1 at least."""
    power = 10.0 ** np.floor(np.log10(max(number, 1)))
    return float(round(number / power) * power) or 1.0


def greyer(shade: Colour, theme: Theme) -> Colour:
    """A shade as a region has it of which few are known."""
    return blend(shade, SHADES[theme]["empty"], GREYER)


def blend(low: Colour, high: Colour, depth: float) -> Colour:
    """The colour so far from one to another, 0 to 1."""
    red, green, blue = (round(a + (b - a) * depth) for a, b in zip(low, high, strict=True))
    return red, green, blue


def to_hex(colour: Colour) -> str:
    """`(255, 0, 0)` → `"#ff0000"`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)
