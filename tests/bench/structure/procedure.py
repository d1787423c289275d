"""How the bounds of `core/segments/bounds.py` are chosen: the most found on a grid, while no noise is sold.

Each kind of data is left out in turn; the bounds that are best without it are judged on it. So the figure for the
procedure is not that of the sets it was fitted to. Many bounds are equally good: of these the middle is judged, and
those in force must be among them.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Final

from core.segments import bounds
from core.segments.choose_k import choose
from core.segments.evidence import Score

GRID: Final[dict[str, tuple[float, ...]]] = {
    "SURE": (2, 3, 3.5, 4, 6),
    "STABILITY": (0.8, 0.85, 0.9, 0.95),
    "APART": (0.6, 0.75, 0.9, 1.0),
    "LESS_INERTIA": (0, 0.35, 0.5),
}
MOST_NOISE: Final = 0.01  # share of the noise that may be called groups


@dataclass(frozen=True)
class Evidence:
    """The scores of a set and how many groups it has."""

    name: str
    k: int | None
    scores: tuple[Score, ...]

    @property
    def kind(self) -> str:
        """What it was drawn by."""
        return self.name.split(", seed")[0].rstrip("0123456789 ")


@contextmanager
def under(tried: Mapping[str, float]) -> Iterator[None]:
    """Let the rule have other bounds."""
    before = {name: getattr(bounds, name) for name in tried}
    try:
        for name, value in tried.items():
            setattr(bounds, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(bounds, name, value)


def chosen_bounds(families: Mapping[str, Sequence[Evidence]]) -> str:
    """The bounds that the procedure chooses, and how it does on kinds that it has not seen."""
    sets = [one for family in families.values() for one in family]
    tried = [dict(zip(GRID, values, strict=True)) for values in product(*GRID.values())]
    right = []
    for one in tried:
        with under(one):
            right.append([choose(of.scores).k == of.k for of in sets])
    best, found = _best(sets, right, range(len(sets))), 0
    kinds = {of.kind for of in sets}
    for kind in kinds:
        seen = [at for at, of in enumerate(sets) if of.kind != kind]
        without = _middle([tried[at] for at in _best(sets, right, seen)])
        with under(without):
            found += sum(choose(of.scores).k == of.k for of in sets if of.kind == kind)
    ends = {name: sorted({tried[at][name] for at in best}) for name in GRID}
    in_force = {name: getattr(bounds, name) for name in GRID}
    among = "among them" if in_force in [tried[at] for at in best] else "not among them"
    return (
        f"equally good: {ends}\nin force: {in_force}, {among}\n"
        f"right: {sum(right[best[0]])} of {len(sets)}; of kinds left out in turn {found}"
    )


def _best(sets: Sequence[Evidence], right: Sequence[Sequence[bool]], seen: Sequence[int]) -> list[int]:
    """The positions of the bounds that find the most, of those that sell hardly any noise."""
    noise = [at for at in seen if sets[at].k is None]
    groups = [at for at in seen if sets[at].k is not None]
    sold = [sum(not one[at] for at in noise) for one in right]
    least = max(min(sold), int(MOST_NOISE * len(noise)))
    found = [sum(one[at] for at in groups) if sells <= least else -1 for one, sells in zip(right, sold, strict=True)]
    return [at for at, number in enumerate(found) if number == max(found)]


def _middle(plateau: Sequence[Mapping[str, float]]) -> dict[str, float]:
    values = {name: sorted(one[name] for one in plateau) for name in GRID}
    return {name: of[len(of) // 2] for name, of in values.items()}
