"""The role and the meaning of one column, and how sure they are."""

from dataclasses import dataclass
from typing import Final

from core.meanings import MEANINGS
from core.schema import BY_NAME

MEASURE, CATEGORY, PERSONAL_ROLE, NO_ROLE = "measure", "category", "personal", ""
# Roles beside the canonical columns, as the analyst reads them.
OTHER_ROLES: Final = {
    MEASURE: "Another number",
    CATEGORY: "Another category",
    PERSONAL_ROLE: "Personal, left out",
    NO_ROLE: "Not used",
}
COUNTING: Final = "numbers that name or count rows"
CHOSEN: Final = "chosen"
PERSONAL_EVIDENCE: Final = "names, addresses and the like are left out"
SURE: Final = 0.6  # confidence below which the analyst is asked


@dataclass(frozen=True)
class Match:
    """The role of one column: a canonical column's name or one of `OTHER_ROLES`.

    `confidence` is from 0 to 1, `evidence` is the reason in words, `samples` are some values of the column.
    `meaning` is a key of `core.meanings.MEANINGS`; `times` and `currency` are those of `schema.Column`. `phones` has
    the countries that a column of phone numbers, which is left out, is of.
    """

    header: str
    role: str
    confidence: float
    evidence: str
    samples: tuple[str, ...] = ()
    meaning: str = ""
    times: float = 1.0
    currency: str = ""
    phones: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The role as the analyst reads it: that of its column, or its meaning."""
        named = self.role in (MEASURE, CATEGORY) and self.meaning not in ("", "number", "category")
        return label_of(self.meaning if named else self.role)


def label_of(role: str) -> str:
    """A role, or a meaning that is chosen as one, as the analyst reads it."""
    if role in OTHER_ROLES:
        return OTHER_ROLES[role]
    return BY_NAME[role].label if role in BY_NAME else MEANINGS[role].label


# What a column can be chosen to be.
ROLES: Final = (*BY_NAME, *OTHER_ROLES, *(key for key in MEANINGS if key not in BY_NAME and key not in OTHER_ROLES))
