"""Which of the segments are real: each stands apart, or is part of one cloud with others."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from core.labels import listed
from core.segments.bounds import AMPLITUDE
from core.segments.evidence import Score

STABLE: Final = 0.75  # Hennig (2007), on the Jaccard similarity of a cluster
UNKNOWN: Final = "Too few in the sample to tell"


def each_segment(score: Score | None, labels: Sequence[str]) -> pd.DataFrame:
    """The evidence for each segment; no row where there is none.

    Returns
    -------
    DataFrame
        segment, real (yes, no, in words), cloud_with (labels of the segments it is one cloud with), silhouette, fall
        (least fall of the density towards another segment), found_again (Jaccard similarity in random halves),
        across (the same among one segment less and one more; missing where nobody asked).
    """
    if score is None:
        return pd.DataFrame(columns=["segment", "real", "cloud_with", "silhouette", "fall", "found_again", "across"])
    observed = score.observed
    missing = (None,) * score.k
    return pd.DataFrame(
        {
            "segment": list(labels),
            "real": [real(score, at) for at in range(score.k)],
            "cloud_with": [" ".join(_others(score, at, labels)) for at in range(score.k)],
            "silhouette": pd.Series(observed.silhouettes or missing, dtype="float64"),
            "fall": pd.Series(observed.amplitudes or missing, dtype="float64"),
            "found_again": pd.Series(observed.jaccard, dtype="float64"),
            "across": pd.Series(observed.across or missing, dtype="float64"),
        }
    )


def real(score: Score, at: int) -> str:
    """Whether one segment is a group of its own, in words."""
    observed = score.observed
    again = observed.jaccard[at]
    if again is None or not observed.amplitudes:
        return UNKNOWN
    if score.level == "none" or observed.amplitudes[at] < AMPLITUDE:
        alone = observed.clouds.count(observed.clouds[at]) == 1
        return "No" if alone else "No, part of a cloud"
    return "Yes" if again >= STABLE else "In part"


def in_words(score: Score, labels: Sequence[str]) -> str:
    """The segments that are real, those that are one cloud, and those too few to tell, in a sentence."""
    observed = score.observed
    untold = [labels[at] for at in range(score.k) if _is_untold(score, at, labels)]
    told = "too few customers in the sample to tell"
    too_few = _about(untold, f"has {told}", f"have {told}")
    if score.level == "none":
        if not untold and len({*observed.clouds}) < 2:
            return "No segment is a group of its own: all are slices of one cloud."
        none = f"No segment is {'seen to be ' if untold else ''}a group of its own"
        return f"{'; '.join([none, *too_few])}."
    if not observed.clouds:
        return ""
    groups = [labels[at] for at in range(score.k) if real(score, at) == "Yes"]
    clouds = [
        [labels[at] for at in range(score.k) if observed.clouds[at] == cloud] for cloud in sorted({*observed.clouds})
    ]
    said = _about(groups, "is a real group", "are real groups")
    said += [f"segments {listed(cloud)} are one cloud" for cloud in clouds if len(cloud) > 1]
    text = "; ".join([*said, *too_few])
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _is_untold(score: Score, at: int, labels: Sequence[str]) -> bool:
    """Whether nothing tells what one segment is; of no segment where a result of before has no such evidence."""
    return bool(score.observed.clouds) and real(score, at) == UNKNOWN and not _others(score, at, labels)


def _about(labels: Sequence[str], one: str, several: str) -> list[str]:
    """What is said of some segments; nothing of none."""
    if not labels:
        return []
    return [f"segment {labels[0]} {one}" if len(labels) == 1 else f"segments {listed(labels)} {several}"]


def _others(score: Score, at: int, labels: Sequence[str]) -> list[str]:
    clouds = score.observed.clouds
    return [labels[other] for other in range(len(clouds)) if other != at and clouds[other] == clouds[at]]
