"""Regions that are parts of others, as those of England: which of them a map draws."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol


class Part(Protocol):
    """A region, perhaps of a larger one."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def parent(self) -> str:
        """The code of the region it is a part of; empty for none."""


def not_drawn(regions: Sequence[Part], states: Mapping[str, float] | Iterable[str]) -> set[str]:
    """The parts of each region that has more customers than they have together, and all other regions with parts.

    `states` has the number of customers by region; without numbers each counts as one.
    """
    customers = Counter[str]()
    customers.update(states)  # either kind
    parts = Counter[str]()
    for region in regions:
        parts[region.parent] += customers[region.code]
    whole = {parent for parent, number in parts.items() if parent and customers[parent] > number}
    return ({*parts} - whole) | {region.code for region in regions if region.parent in whole}
