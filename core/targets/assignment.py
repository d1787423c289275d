"""Who is contacted and who is held out: by a keyed hash of the customer's id, so that it can be repeated.

A hash needs no list of who was drawn before: the same customer is on the same side next month, in another order, and
among other customers (salted hashing, as online experiments assign users: Kohavi, Tang and Xu, *Trustworthy Online
Controlled Experiments*, 2020, chapter 15).
"""

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

import numpy as np
import pandas as pd
from msgspec import Meta

from core.errors import RulesError
from core.ids import plain_id
from core.plain import check_fields

CONTACT, CONTROL = "Contact", "Control"
ARM: Final = "Arm"
MOST_ARMS: Final = 10
LONGEST_ARM: Final = 40  # characters
LONGEST_SALT: Final = 100  # characters
DEFAULT_SHARE: Final = 0.1
METHOD: Final = (
    "BLAKE2b of the id, keyed by the salt, as a number from 0 to 1: below the control share is Control; the others "
    "are shared evenly among the arms by a second number. Ids are compared without case, blanks, and zeros in front."
)
# What a number is for: an arm must tell nothing about the place among equals in the ranking, nor about the control.
SIDE, WHICH_ARM, TIE = b"side", b"arm", b"tie"
BITS: Final = 53  # of a number from 0 to 1: as many as a float has
Share = Annotated[float, Meta(ge=0, lt=1)]


@dataclass(frozen=True)
class Split:
    """How customers are split: the share held out, the arms that the others share evenly, and the salt of the hash.

    Raises
    ------
    RulesError
        No arm, one that is there twice, one called as the control group; an empty or long salt; a share of all.
    """

    salt: str
    control: Share = DEFAULT_SHARE
    arms: tuple[str, ...] = (CONTACT,)

    def __post_init__(self) -> None:
        check_fields(self)
        if not 0 < len(self.salt.strip()) <= LONGEST_SALT:
            raise RulesError("The salt is empty, or long.", f"Give 1 to {LONGEST_SALT} characters.")
        if not 1 <= len(self.arms) <= MOST_ARMS:
            raise RulesError(f"There are {len(self.arms)} arms.", f"Give 1 to {MOST_ARMS}.")
        if any(not 0 < len(arm.strip()) <= LONGEST_ARM for arm in self.arms):
            raise RulesError("An arm has no name, or a long one.", f"Give 1 to {LONGEST_ARM} characters.")
        names = [arm.strip().casefold() for arm in self.arms]
        if len({*names, CONTROL.casefold()}) <= len(names):
            raise RulesError(
                f"The arms {', '.join(self.arms)} are not told apart.", f"Name each once, and none {CONTROL}."
            )


def numbers(ids: Sequence[str] | pd.Series, salt: str, use: bytes = SIDE) -> np.ndarray:
    """A number from 0 to below 1 for each id, always the same for an id and a salt; `use` gives independent ones.

    Ids that are the same but for what programs add or lose (`ids.plain_id`) have the same number.
    """
    key = hashlib.blake2b(salt.strip().encode("utf-8", "surrogatepass"), digest_size=32).digest()
    keyed = hashlib.blake2b(key=key, digest_size=8, person=use)

    def digest(text: str) -> bytes:
        one = keyed.copy()
        one.update(_plain(text).encode("utf-8", "surrogatepass"))
        return one.digest()

    found = np.frombuffer(b"".join(map(digest, ids)), ">u8")
    return (found >> np.uint64(64 - BITS)).astype("float64") * 2.0**-BITS


def arms_of(ids: Sequence[str] | pd.Series, split: Split) -> pd.Categorical:
    """The arm of each customer: one of the split's, or Control.

    Each customer's is independent of all others, and the share held out is the same in every segment: it is reached
    up to chance. Exact shares would move customers from side to side whenever one joins.
    """
    return arms_by_share(ids, split)(split.control)


def arms_by_share(ids: Sequence[str] | pd.Series, split: Split) -> Callable[[float], pd.Categorical]:
    """What gives `arms_of` for any share held out, with the ids hashed once: a larger share holds out some more."""
    side = numbers(ids, split.salt)
    codes = np.zeros(len(ids), "int64")
    if len(split.arms) > 1:
        codes = (numbers(ids, split.salt, WHICH_ARM) * len(split.arms)).astype("int64")
    return lambda share: pd.Categorical.from_codes(
        np.where(side < share, len(split.arms), codes), [*split.arms, CONTROL]
    )


def _plain(text: str) -> str:
    return plain_id(text if text.isascii() else unicodedata.normalize("NFKC", text))
