"""The recommended number of segments in plain words, without the names of indices."""

from collections.abc import Sequence
from typing import Final

from core.segments.choose_k import Choice, Score
from core.segments.resamples import Recommended

MOST_OTHERS: Final = 2  # other numbers that resamples recommend and that are named


def why(chosen: Choice, scores: Sequence[Score]) -> str:
    """Why this number is recommended, or none is, without the names of indices; `Choice.reason` has the figures."""
    if not scores:
        return chosen.reason
    tried = f"Tried: {scores[0].k} to {scores[-1].k}."
    if chosen.k:
        last = " It is the largest number tried: there may be more groups." if chosen.k == scores[-1].k else ""
        return (
            "Customers are clearly closer to their own segment than in structureless data of the same shape, random "
            f"halves of them give the same segments, and more segments explain little more. {tried}{last}"
        )
    if chosen.level == "none":
        return (
            "Whatever their number, segments of these customers stand apart no more than slices of structureless data "
            f"of the same shape. Choose the number that is easiest to act on. {tried}"
        )
    return (
        "There are hints of groups, but no number of segments is both found again in random halves of the customers "
        f"and separated by fewer customers between the segments. {tried}"
    )


def in_a_sentence(chosen: Choice, found: Recommended | None = None) -> str:
    """The recommended number, and how many resamples recommend the same; without `found` nothing on these."""
    kind = "natural" if chosen.level == "none" else "stable"
    said = f"{chosen.k} segments are recommended" if chosen.k else f"There is no {kind} number of groups"
    if found is None:
        return f"{said}."
    if not found.total():
        return f"{said}; there are too few customers to see whether resamples agree."
    return f"{said}: {found[chosen.k]} of {found.total()} resamples agree."


def others(chosen: Choice, found: Recommended) -> str:
    """What the resamples recommend that do not agree; empty where all do."""
    different = [(k, times) for k, times in found.most_common() if k != chosen.k][:MOST_OTHERS]
    return f"Other resamples: {'; '.join(f'{_number(k)} in {times}' for k, times in different)}." if different else ""


def _number(k: int | None) -> str:
    return f"{k} segments" if k else "no clear number"
