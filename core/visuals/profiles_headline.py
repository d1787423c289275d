"""The sentence that opens the page of segment profiles: of all customers, whatever the filters."""

from collections.abc import Mapping, Sequence
from typing import Final

from core.segments.traits import Trait
from core.views.headline import Names, segment

SAID: Final = 2  # traits of the segment that differs most


def profiles_headline(distances: Mapping[str, float], traits: Sequence[Trait], names: Names) -> str:
    """The segment that differs most from all customers and in what, and the one that differs least.

    `distances` has how far each segment that may be shown is from everybody (`traits.distance`), `traits` are of the
    furthest one. Empty where there is nothing to compare.
    """
    if not distances:
        return ""
    first, *others = sorted(distances, key=distances.__getitem__, reverse=True)
    if not others:
        return f"Only {segment(first, names)}, is shown: there is no other to compare it with."
    if not traits:
        return ""
    last = others[-1]
    said = " and ".join(trait.within for trait in traits[:SAID])
    return (
        f"{_first(segment(first, names))}, differs most from all customers: {said}. "
        f"{_first(segment(last, names))}, differs least."
    )


def _first(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
