"""How many segments the data has, if any, by the evidence for every k, and how that is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.figures import coefficient, share
from core.labels import listed
from core.segments import bounds
from core.segments.evidence import HINT_EXCESS, HINT_GAP, Level, Score

KS: Final = range(2, 13)
DEFAULT_K = 5  # unless the analyst, or the data, says otherwise
MOST_K = 30  # more segments than that nobody can act on
TOO_FEW = "There are too few different customers to tell groups from chance."
ALONE = "one segment has no other to stand apart from."


@dataclass(frozen=True)
class Choice:
    """The recommended number of segments, None where there is no natural one, and the level of structure at it.

    `features` are those to segment by, where these groups show in them alone; else empty. `by_bic` says that the BIC
    decided among the numbers of segments that are groups.
    """

    k: int | None
    level: Level
    reason: str
    features: tuple[str, ...] = ()
    by_bic: bool = False

    @property
    def of_all_features(self) -> int:
        """How many segments to make of all features: as many as recommended for these, else the usual number."""
        return DEFAULT_K if self.features else self.k or DEFAULT_K


def choose(scores: Sequence[Score]) -> Choice:
    """The most groups that are found again and set apart, in all features or in those alone that have groups.

    Where the method gives a BIC, the number of the least one among those whose segments are groups.
    """
    if not scores:
        return Choice(None, "none", TOO_FEW)
    least, fewer = _least_bic(scores), _most_groups([score.fewer for score in scores if score.fewer])
    chosen = least or _most_groups(scores)
    if fewer and (chosen is None or _tell_more(fewer, chosen)):
        chosen = fewer
    if chosen:
        by_bic = chosen is least
        return Choice(chosen.k, chosen.level, _found(chosen, scores, by_bic=by_bic), chosen.features, by_bic)
    best = best_of(scores)
    if all(score.level == "none" for score in scores):
        return Choice(None, "none", _no_groups(scores, best))
    return Choice(None, "weak", _unstable(best, scores))


def best_of(scores: Iterable[Score]) -> Score:
    """The number that does best beside structureless data."""
    return max(scores, key=lambda score: score.excess)


def unfinished(scores: Sequence[Score]) -> bool:
    """Whether the largest number scored is the one recommended, or does best beside structureless data."""
    return bool(scores) and (choose(scores).k == scores[-1].k or best_of(scores) is scores[-1])


def _least_bic(scores: Iterable[Score]) -> Score | None:
    """The score of the least BIC among those that are groups, the fewest segments of those alike.

    Among hints or all it would call noise groups, and split groups that are not normal in each feature.
    """
    groups = [(score.bic, score.k, score) for score in scores if score.bic is not None and score.groups]
    return min(groups)[2] if groups else None  # of each number of segments there is one score


def _most_groups(scores: Iterable[Score]) -> Score | None:
    """The score of the most segments set apart of those that are groups; none that explains less than fewer do."""
    chosen: Score | None = None
    for score in sorted(scores, key=lambda score: score.k):
        if score.groups and (
            chosen is None or (score.observed.groups > chosen.observed.groups and score.gap >= chosen.gap)
        ):
            chosen = score
    return chosen


def _tell_more(fewer: Score, chosen: Score) -> bool:
    """Whether fewer features have more groups than all of them; bands of a single number are no news."""
    return len(fewer.features) > 1 and fewer.observed.groups > chosen.observed.groups


def _no_groups(scores: Sequence[Score], best: Score) -> str:
    return (
        f"No natural number of groups: of {scores[0].k} to {scores[-1].k} segments, {best.k} do best beside "
        f"structureless data of the same shape, with a silhouette of {coefficient(best.observed.silhouette)} "
        f"against its {coefficient(best.expected('silhouette')[0])}. Choose the number that is easiest to act on."
    )


def _unstable(best: Score, scores: Sequence[Score]) -> str:
    return (
        f"There is some structure ({_against(best)} at k = {best.k}), but no number of segments is both clearly found "
        f"again in random halves of the customers (adjusted Rand index {bounds.STABILITY} or more) and separated by "
        f"fewer customers between the segments. Tried: {scores[0].k} to {scores[-1].k}."
    )


def _found(chosen: Score, scores: Sequence[Score], *, by_bic: bool) -> str:
    last = " It is the largest number tried: there may be more groups." if chosen.k == scores[-1].k else ""
    alone = f" by {listed(chosen.features)} alone" if chosen.features else ""
    return (
        f"{chosen.k} segments{alone}: {_against(chosen)}; random halves of the customers give the same segments "
        f"(adjusted Rand index {coefficient(chosen.observed.stability)}), and "
        f"{_of_least_bic(scores) if by_bic else 'more segments explain little more'}. "
        f"Tried: {scores[0].k} to {scores[-1].k}.{last}"
    )


def _of_least_bic(scores: Sequence[Score]) -> str:
    numbers = [str(score.k) for score in scores if score.groups]
    if len(numbers) < 2:
        return "no other number of segments does so well"
    return f"of the numbers of segments that do so well ({listed(numbers)}) this one has the least BIC"


def _against(score: Score) -> str:
    return (
        f"the silhouette is {coefficient(score.observed.silhouette)} where structureless data of the same shape has "
        f"{coefficient(score.expected('silhouette')[0])}"
    )


MEANS: Final[dict[Level, str]] = {
    "strong": "Strong structure: these segments are natural groups",
    "moderate": "Moderate structure: these segments are groups whose edges overlap",
    "weak": "Weak structure: there are hints of groups, but these segments are not clearly separated",
    "none": "No structure: these segments are convenient slices, not natural groups",
}


def verdict(found: Score | None, k: int | None = None) -> str:
    """One sentence with its figures: whether the `k` segments shown are real, and what decided where they are not."""
    if found is None:
        return f"Structure unknown: {ALONE if k == 1 else TOO_FEW[0].lower() + TOO_FEW[1:]}"
    figures = f"{_against(found)}{_lacks(found)}; stability {coefficient(found.observed.stability)}"
    return f"{MEANS[found.level]} ({figures})."


def _lacks(found: Score) -> str:
    """What the segments lack to be groups, or hints of groups; empty for groups."""
    seen, is_hint = found.observed, found.level == "weak"
    near = (
        f"but customers are hardly closer to the middle of their segment than there: a gap of {coefficient(found.gap)}"
    )
    lacks = {
        "which chance gives, too": not found.beyond,
        f"an excess of {coefficient(found.excess)}, where hints have {coefficient(HINT_EXCESS)}": (
            found.excess < HINT_EXCESS
        ),
        f"{near}, where hints have {coefficient(HINT_GAP)}": not is_hint and found.gap < HINT_GAP,
        "but random halves of the customers give other segments: groups have a stability of "
        f"{coefficient(bounds.STABILITY)}": seen.stability < bounds.STABILITY,
        f"but {share(seen.apart, 0)} of the customers are in segments set apart, where groups have "
        f"{share(bounds.APART, 0)}": seen.apart < bounds.APART,
        f"{near}, where groups so clear have {coefficient(bounds.LESS_INERTIA * found.excess)}": True,
    }
    return "" if found.groups else next(f", {words}" for words, is_lacking in lacks.items() if is_lacking)
