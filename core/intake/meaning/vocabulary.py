"""Words of headers → what they may mean, by the table `data/words/meanings.csv`.

A phrase is words in a row; `^` and `$` are the header's ends, `*` is any number of words between. A row of the table
has a weight: that of "number of" is above that of "balance", so that "number of balances" is a count.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from core.intake.meaning.header import KEPT, fold
from core.word_tables import rows_of

START, END, GAP = "^", "$", "*"
SHORTEST_PART: Final = 3  # letters of a word within a word, as in `creditscore`
LONGEST_WORD: Final = 40  # characters; what is longer is no compound of the table
LINKS: Final = frozenset(("of", "no", "id"))  # shorter words that may stand within one
IDEOGRAMS: Final = "\u3040"  # from here on, scripts that put no spaces between words
Pieces = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, order=True)
class Sense:
    """A meaning that a header may have by a phrase in it; the largest is the likeliest."""

    weight: int
    length: int
    means: str
    phrase: str


@lru_cache(KEPT)
def senses(words: tuple[str, ...]) -> tuple[Sense, ...]:
    """What the words of a header may mean, the likeliest first; of each meaning the likeliest phrase."""
    known = [part for word in words for part in _known_parts(word)]
    ends = [START, *known, END]
    found: dict[str, Sense] = {}
    for word in dict.fromkeys(known):
        for sense, pieces in _phrases()[word]:
            if _holds(ends, pieces) and (sense.means not in found or found[sense.means] < sense):
                found[sense.means] = sense
    return tuple(sorted(found.values(), reverse=True))


def _holds(words: Sequence[str], pieces: Pieces) -> bool:
    """Whether the pieces stand in the words in this order, each without a gap."""
    at = 0
    for piece in pieces:
        size = len(piece)
        start = next((i for i in range(at, len(words) - size + 1) if tuple(words[i : i + size]) == piece), None)
        if start is None:
            return False
        at = start + size
    return True


@lru_cache(KEPT)
def _known_parts(word: str) -> tuple[str, ...]:
    """A word as the table has it: itself, its singular, or the words it is made of; itself if none of these."""
    words = _words()
    if word in words:
        return (word,)
    if word[0] >= IDEOGRAMS:
        return _known_within(word) or (word,)
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("en", ""), ("n", "")):
        if word.endswith(ending) and word.removesuffix(ending) + instead in words and len(word) > SHORTEST_PART:
            return (word.removesuffix(ending) + instead,)
    return (f"{word}s",) if f"{word}s" in words else _split(word) or (word,)


def _known_within(word: str) -> tuple[str, ...]:
    """The words of the table in one that is written without spaces, from the left, each as long as can be."""
    word = word[:LONGEST_WORD]
    for at in range(len(word) - 1):
        size = next((size for size in range(len(word) - at, 1, -1) if word[at : at + size] in _words()), 0)
        if size:
            return (word[at : at + size], *_known_within(word[at + size :]))
    return ()


def _split(word: str) -> tuple[str, ...]:
    """A word as words of the table without a rest, the longest first; empty if it is not made of them."""
    if len(word) > LONGEST_WORD:
        return ()
    for end in range(len(word) - 2, 1, -1):
        first = word[:end]
        if first in _words() and (end >= SHORTEST_PART or first in LINKS):
            rest = word[end:]
            if rest in _words() and (len(rest) >= SHORTEST_PART or rest in LINKS):
                return (first, rest)
            if parts := _split(rest):
                return (first, *parts)
    return ()


@cache
def _phrases() -> dict[str, list[tuple[Sense, Pieces]]]:
    """The phrases of the table by their first word."""
    phrases: dict[str, list[tuple[Sense, Pieces]]] = defaultdict(list)
    for row in rows_of("meanings"):
        for phrase in row["phrases"].split("|"):
            pieces = tuple(tuple(piece.split()) for piece in fold(phrase).split(GAP) if piece.strip())
            words = [word for piece in pieces for word in piece if word not in (START, END)]
            sense = Sense(int(row["weight"]), len(words), row["means"], " ".join(words))
            phrases[words[0]].append((sense, pieces))
    return phrases


@cache
def _words() -> frozenset[str]:
    """Every word of the table."""
    return frozenset(
        word
        for row in rows_of("meanings")
        for phrase in row["phrases"].split("|")
        for word in fold(phrase).split()
        if word not in (START, END, GAP)
    )
