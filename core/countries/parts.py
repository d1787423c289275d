"""Regions that are parts of others, as those of England: which of the two a map draws."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol


class Part(Protocol):
    """A region, perhaps of a larger one."""

    @property
    def code(self) -> str:
        """Its code."""

    @property
    def parent(self) -> str:
        """The code of the region it is a part of; empty for none."""


def drawn_whole(regions: Iterable[Part], states: Mapping[str, float] | Iterable[str]) -> set[str]:
    """The regions that are drawn in place of their parts: those with more customers than their parts together.

    `states` has the number of customers by region; without numbers each counts as one.
    """
    customers = Counter[str]()
    customers.update(states)  # either kind
    parts = Counter[str]()
    for region in regions:
        parts[region.parent] += customers[region.code]
    return {parent for parent, number in parts.items() if parent and customers[parent] > number}
