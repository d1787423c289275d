"""The recommended number of segments in plain words, without the names of indices."""

from collections.abc import Callable, Mapping, Sequence
from shlex import quote
from typing import Final, cast

from core.figures import share
from core.labels import listed
from core.segments.choice import FeatureChoice
from core.segments.choose_k import Choice
from core.segments.evidence import Level, Score
from core.segments.resamples import Recommended
from core.segments.scale import SCALED, Scaling

MOST_OTHERS: Final = 2  # other numbers that resamples recommend and that are named

Label = Callable[[str], str]  # the name of a feature in a sentence


def why(chosen: Choice, scores: Sequence[Score], label: Label = str) -> str:
    """Why this number is recommended, or none is, without the names of indices; `Choice.reason` has the figures."""
    if not scores:
        return chosen.reason
    tried = f"Tried: {scores[0].k} to {scores[-1].k}."
    if chosen.features:
        alone = listed([*map(label, chosen.features)])
        return (
            f"There are {chosen.k} groups in {alone} alone; by the other features customers merely differ, and all "
            f"features together blur the groups. To get them, segment by {alone} with {chosen.k} segments. {tried}"
        )
    if chosen.k:
        last = " It is the largest number tried: there may be more groups." if chosen.k == scores[-1].k else ""
        best = (
            "of all numbers of which this is true, this one describes the customers best for its size"
            if chosen.by_bic
            else "more segments explain little more"
        )
        return (
            "Customers are clearly closer to their own segment than in structureless data of the same shape, random "
            f"halves of them give the same segments, and {best}. {tried}{last}"
        )
    if chosen.level == "none":
        return (
            "Whatever their number, segments of these customers stand apart hardly more than slices of structureless "
            f"data of the same shape. Choose the number that is easiest to act on. {tried}"
        )
    return (
        "There are hints of groups, but no number of segments is both found again in random halves of the customers "
        f"and separated by fewer customers between the segments. {tried}"
    )


def how_to_get(chosen: Choice, scaling: Mapping[str, str] | None = None) -> str:
    """How the command line makes the recommended segments, where they take other features; else empty.

    It can be pasted into a shell. `scaling` is that of each feature in use (`Segments.scalings`).
    """
    scalings = {name: cast("Scaling", how) for name, how in (scaling or {}).items() if how in SCALED}
    features = FeatureChoice(chosen.features, scalings).text
    return f"To get them: --features {quote(features)} --k {chosen.k}" if chosen.features else ""


def many_have_none(scores: Sequence[Score], label: Label = str) -> str:
    """Features that many customers have none of, empty if there is none: a group that needs no segments."""
    some = scores[0].many_have_none if scores else ()
    if not some:
        return ""
    shares = listed([f"{label(name)} ({share(part, 0)} of the customers)" for name, part in some])
    return f"Many have the same lowest value: {shares}. They are a group of their own: a filter picks them out."


def in_a_sentence(chosen: Choice, found: Recommended | None = None, label: Label = str) -> str:
    """The recommended number, and how many resamples recommend the same; without `found` nothing on these."""
    kind = "natural" if chosen.level == "none" else "stable"
    alone = f" by {listed([*map(label, chosen.features)])} alone" if chosen.features else ""
    said = f"{chosen.k} segments{alone} are recommended" if chosen.k else f"There is no {kind} number of groups"
    if found is None:
        return f"{said}."
    if not found.total():
        return f"{said}; there are too few customers to see whether resamples agree."
    return f"{said}: {found[chosen.k]} of {found.total()} resamples agree."


def others(chosen: Choice, found: Recommended) -> str:
    """What the resamples recommend that do not agree; empty where all do."""
    different = [(k, times) for k, times in found.most_common() if k != chosen.k][:MOST_OTHERS]
    return f"Other resamples: {'; '.join(f'{_number(k)} in {times}' for k, times in different)}." if different else ""


def at_levels(chosen: Choice, levels: Mapping[Level, int]) -> str:
    """How natural the recommended segments are in the halves; empty where that is the same in all."""
    said = [f"{level} in {times}" for level, times in levels.items() if times]
    if not chosen.k or len(said) < 2:
        return ""
    return f"The structure at {chosen.k} is {listed(said)} of {sum(levels.values())} resamples."


def _number(k: int | None) -> str:
    return f"{k} segments" if k else "no clear number"
