"""The recommended number of segments in plain words, without the names of indices."""

from collections.abc import Sequence
from typing import Final

from core.figures import share
from core.segments.choose_k import Choice, Label, listed
from core.segments.evidence import Level, Score
from core.segments.resamples import Recommended

MOST_OTHERS: Final = 2  # other numbers that resamples recommend and that are named


def why(chosen: Choice, scores: Sequence[Score], label: Label = str) -> str:
    """Why this number is recommended, or none is, without the names of indices; `Choice.reason` has the figures."""
    if not scores:
        return chosen.reason
    tried = f"Tried: {scores[0].k} to {scores[-1].k}."
    if chosen.features:
        alone = listed(chosen.features, label)
        return (
            f"There are {chosen.k} groups in {alone} alone; by the other features customers merely differ, and all "
            f"features together blur the groups. To get them, segment by {alone} with {chosen.k} segments. {tried}"
        )
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


def how_to_get(chosen: Choice) -> str:
    """How the command line makes the recommended segments, where they take other features; else empty."""
    features = ",".join(chosen.features)
    return f"To get them: --features {features} --k {chosen.k}" if chosen.features else ""


def many_have_none(scores: Sequence[Score], label: Label = str) -> str:
    """Features that many customers have none of, empty if there is none: a group that needs no segments."""
    some = scores[0].many_have_none if scores else ()
    if not some:
        return ""
    shares = listed([f"{label(name)} ({share(part, 0)} of the customers)" for name, part in some])
    return f"Many have none, or the least there is: {shares}. They are a group of their own: a filter picks them out."


def agreement(chosen: Choice, found: Recommended, levels: dict[Level, int] | None = None) -> str:
    """How often the halves recommend the number that all customers do, at which level, and what the others say."""
    resamples = found.total()
    if not resamples:
        return "There are too few customers to see whether resamples agree."
    others = [(k, times) for k, times in found.most_common() if k != chosen.k][:MOST_OTHERS]
    further = "".join(f"; {_number(k)} in {times}" for k, times in others)
    first = _number(chosen.k)
    said = f"{first[:1].upper()}{first[1:]} in {found[chosen.k]} of {resamples} resamples{further}."
    if not (chosen.k and levels):
        return said
    by_level = " and ".join(f"{level} in {times}" for level, times in levels.items() if times)
    return f"{said} The structure at {chosen.k} is {by_level} of {sum(levels.values())}."


def _number(k: int | None) -> str:
    return f"{k} segments" if k else "no clear number"
