"""Which role each column of a table plays, by its header and by what its values look like."""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core import figures
from core.errors import RulesError
from core.intake.codes import code_counts
from core.intake.numbers import decimal_mark, is_band, to_numbers
from core.intake.values import is_blank, is_date_like
from core.schema import BY_HEADER, BY_NAME, CODES, CUSTOMER, PERSONAL, PERSONAL_WORDS, Column, normalise

MEASURE, CATEGORY, PERSONAL_ROLE, NO_ROLE = "measure", "category", "personal", ""
# Roles beside the canonical columns, as the analyst reads them.
OTHER_ROLES: Final = {
    MEASURE: "Another number",
    CATEGORY: "Another category",
    PERSONAL_ROLE: "Personal, left behind",
    NO_ROLE: "Not used",
}

COUNTING: Final = "numbers that name or count rows"
CHOSEN: Final = "chosen"
LOOKED_AT = 2_000  # distinct values that stand for a column
SAMPLE_ROWS = 100_000  # of a column of ever other cells tell as much: to count all takes a tenth of the load
FEWEST_COUNTED = 50  # fewer numbers without a gap may be a rating
# How far a header, or values without a telling header, can be trusted.
EXACT, ALIAS, STRIPPED, CONTAINED, SIMILAR, BY_VALUES = 1.0, 0.98, 0.9, 0.7, 0.6, 0.6
ACCEPTED = {
    EXACT: 0.35,
    ALIAS: 0.35,
    STRIPPED: 0.35,
}  # a known header counts even over odd values; cleaning reports those
ACCEPTED_OTHERWISE = 0.5
SAME_WORD = 0.88  # difflib ratio
RECOGNISED = 0.9  # share of values that say what a column is without its header
NUMERIC = 0.95  # share of filled cells that makes a column a measure
DATE_WORDS = {"date", "dt", "day", "datum", "fecha"}
LONGEST_TENURE = 50  # years; a column called tenure that goes beyond counts months
NOISE_BEFORE = ("customer", "cust", "client", "cl", "cst", "member", "current", "primary", "main")
NOISE_AFTER = ("code", "cd", "name", "desc", "description", "flag", "ind", "indicator", "value", "category", "type")
# Categories that their values give away.
TELLING: Final = ("gender", "state", "wealth_segment", "job_industry")
EMAIL = r"[^@\s]+@[^@\s]+\.\w+"
PHONE = r"(?=(?:\D*\d){9,15}\D*$)(?=.*[\s()+\-])\+?[\d(][\d\s()\-]+"  # dates have eight digits


@dataclass(frozen=True)
class Match:
    """The role of one column: a canonical column's name or one of `OTHER_ROLES`.

    `confidence` goes from 0 to 1, `evidence` says in words what speaks for the role, `samples` are
    some of the column's values.
    """

    header: str
    role: str
    confidence: float
    evidence: str
    samples: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The role as the analyst reads it."""
        return BY_NAME[self.role].label if self.role in BY_NAME else OTHER_ROLES[self.role]


@dataclass(frozen=True)
class Look:
    """A column's distinct values (some of them) and how many cells hold each; no blanks. `whole` gives them all."""

    values: pd.Series
    cells: np.ndarray
    whole: Callable[[], pd.Series] | None = None

    @cached_property
    def words(self) -> list[str]:
        """The values as they are compared."""
        return [normalise(value) for value in self.values.tolist()]

    @cached_property
    def numbers(self) -> pd.Series:
        """The values as numbers."""
        return to_numbers(self.values, decimal_mark(self.values))

    @cached_property
    def all_values(self) -> pd.Series:
        """All distinct values, blanks too; those looked at where there is no more."""
        return self.whole() if self.whole else self.values

    @cached_property
    def all_numbers(self) -> pd.Series:
        """All distinct values as numbers: a single one may decide."""
        return to_numbers(self.all_values, decimal_mark(self.values)) if self.whole else self.numbers

    def share(self, found: pd.Series | list[bool]) -> float:
        """The share of cells whose value is among those found."""
        return float(self.cells[np.array(found, bool)].sum() / total) if (total := self.cells.sum()) else 0.0

    def share_known(self, words: Container[str]) -> float:
        """The share of cells that hold one of some words."""
        return self.share([word in words for word in self.words])


def propose(frame: pd.DataFrame, chosen: Mapping[str, str]) -> tuple[Match, ...]:
    """Give every column of a table a role, each canonical one at most once; the analyst's choices come first.

    Raises
    ------
    RulesError
        The analyst chose a role that there is not.
    """
    return propose_by({header: _look(frame[header]) for header in frame.columns}, chosen)


def propose_by(looks: Mapping[str, Look], chosen: Mapping[str, str]) -> tuple[Match, ...]:
    """The roles of columns by a look at each (`propose`)."""
    choices = {normalise(header): role for header, role in chosen.items()}
    matches = {
        header: Match(header, _known(choices[normalise(header)]), 1.0, CHOSEN)
        for header in looks
        if normalise(header) in choices
    }
    taken = {match.role for match in matches.values()}
    candidates = [
        match
        for header, look in looks.items()
        if header not in matches and not _is_personal(header, look)
        for match in _candidates(header, look)
    ]
    for match in sorted(candidates, key=lambda match: -match.confidence):
        if match.header not in matches and match.role not in taken:
            matches[match.header] = match
            taken.add(match.role)
    rest = {header: _without_role(header, look) for header, look in looks.items() if header not in matches}
    found = {**matches, **rest}
    return tuple(replace(found[header], samples=_samples(found[header], look)) for header, look in looks.items())


def left_out(matches: Iterable[Match]) -> dict[str, Match]:
    """The columns that were found to have no role, by the name they would have; not those that somebody left out."""
    return {normalise(one.header): one for one in matches if one.role == NO_ROLE and one.evidence != CHOSEN}


def _known(role: str) -> str:
    if role not in BY_NAME and role not in OTHER_ROLES:
        known = ", ".join(name for name in (*BY_NAME, *OTHER_ROLES) if name)
        raise RulesError(f"“{role}” is not a role of a column.", f'Use one of {known}, or "" for none.')
    return role


def _look(column: pd.Series) -> Look:
    if isinstance(column.dtype, pd.CategoricalDtype):
        distinct, counts = column.cat.categories, code_counts(column.cat.codes.to_numpy(), len(column.cat.categories))
    else:
        found, counted = pc.value_counts(pa.array(_sample(column))).flatten()
        distinct, counts = pd.Index(found.to_pandas(), dtype="str"), counted.to_numpy()
    most = _most(counts)
    look = look_of(pd.Series(distinct[most], dtype="str"), counts[most])
    return replace(look, whole=lambda: pd.Series(column.unique(), dtype="str"))


def _sample(cells: pd.Series) -> pd.Series:
    """Rows of a long column of which nearly every cell is another one; drawn, since rows may take turns."""
    if len(cells) <= SAMPLE_ROWS:
        return cells
    return cells.iloc[np.sort(np.random.default_rng(0).choice(len(cells), SAMPLE_ROWS, replace=False))]


def _most(counts: np.ndarray) -> np.ndarray:
    """The positions of the values to look at: the most frequent, and of many others some from begin to end."""
    order = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)]
    if len(order) <= LOOKED_AT:
        return order
    head, rest = np.split(order, [LOOKED_AT // 2])
    return np.append(head, rest[np.linspace(0, len(rest) - 1, LOOKED_AT - len(head)).astype("int64")])


def look_of(values: pd.Series, cells: np.ndarray) -> Look:
    """A look at the values that most cells hold, as text, and the number of cells of each."""
    values = values.str.strip().reset_index(drop=True)
    filled = ~is_blank(values)
    return Look(values[filled].reset_index(drop=True), cells[filled.to_numpy()])


def _samples(match: Match, look: Look) -> tuple[str, ...]:
    """A few values, but of no column that says who somebody is."""
    return () if match.role == PERSONAL_ROLE else tuple(value[:40] for value in look.values.head(3))


def _candidates(header: str, look: Look) -> Iterable[Match]:
    key = header_key(header)
    for column in CUSTOMER:
        score, evidence = _name_score(header, key, column)
        if score:
            confidence = score * (0.3 + 0.7 * _fit(look, column))
            if confidence >= ACCEPTED.get(score, ACCEPTED_OTHERWISE):
                yield _months_or_years(Match(header, column.name, round(confidence, 2), evidence), look)
    yield from _by_values(header, look)


def _name_score(header: str, key: str, column: Column) -> tuple[float, str]:
    spellings = (column.name, *column.headers)
    if key == column.name:
        return EXACT, "header"
    if key in spellings:
        return ALIAS, f"header “{header}”"
    bare = _bare(key)
    if bare in spellings:
        return STRIPPED, f"header like “{bare}”"
    words = set(key.split("_"))
    for spelling in spellings:
        if len(spelling) > 3 and set(spelling.split("_")) <= words:
            return CONTAINED, f"header holds “{spelling}”"
    for spelling in spellings:
        if len(spelling) > 4 and _alike(key, spelling):
            return SIMILAR, f"header like “{spelling}”"
    return 0.0, ""


def _alike(one: str, other: str) -> bool:
    """By difflib's ratio, after two quicker upper bounds."""
    least = SAME_WORD / 2 * (len(one) + len(other))  # characters in common
    if min(len(one), len(other)) < least or sum(map(other.__contains__, one)) < least:
        return False
    return SequenceMatcher(None, one, other).ratio() >= SAME_WORD


def header_key(header: str) -> str:
    """A header as it is compared: `"CustomerID"` → `customer_id`."""
    whole = normalise(header)
    return (
        whole if whole in BY_HEADER or whole in PERSONAL else normalise(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", header))
    )


def _bare(key: str) -> str:
    words = key.split("_")
    if len(words) > 1 and words[0] in NOISE_BEFORE:
        words = words[1:]
    if len(words) > 1 and words[-1] in NOISE_AFTER:
        words = words[:-1]
    return "_".join(words)


def _fit(look: Look, column: Column) -> float:
    """The share of values that are of the column's kind; half of it is granted where files use words of their own."""
    if column.kind == "number":
        numbers = look.numbers
        fits = look.share(numbers.between(column.low, column.high))
        return max(fits, look.share(is_band(look.values)))
    if column.kind == "date":
        return look.share(is_date_like(look.values))
    if column.kind == "yes_no":
        return look.share_known(column.values)
    if column.kind == "category":
        return 0.5 + 0.5 * look.share_known(column.values)
    if column.kind == "postcode":
        return look.share(look.values.str.fullmatch(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 \-]{2,9}(\.0)?"))
    return 1.0


def _by_values(header: str, look: Look) -> Iterable[Match]:
    for name in TELLING:
        share = look.share_known(BY_NAME[name].values)
        if share >= RECOGNISED and len(look.values) > 1:
            yield Match(
                header,
                name,
                round(BY_VALUES * share, 2),
                f"{figures.share(share, 0)} of the values are known as {name}",
            )


def _months_or_years(match: Match, look: Look) -> Match:
    if match.role != "tenure" or "year" in match.header.casefold():
        return match
    longest = look.all_numbers.max()
    if not longest > LONGEST_TENURE:
        return match
    evidence = f"{match.evidence}; up to {figures.exact(longest)}, too long for years"
    return replace(match, role="tenure_months", confidence=round(match.confidence * 0.8, 2), evidence=evidence)


def _is_personal(header: str, look: Look) -> bool:
    key = header_key(header)
    words = key.split("_")
    if words[-1] not in BY_HEADER and set(words) & PERSONAL_WORDS:
        return True
    if key in PERSONAL or _bare(key) in PERSONAL - {"name"}:
        return True
    return key not in BY_HEADER and _is_written_personally(look)


def _is_written_personally(look: Look) -> bool:
    """Whether most values are addresses of e-mail or numbers of phones."""
    return look.share(look.values.str.fullmatch(EMAIL)) > 0.5 or look.share(look.values.str.fullmatch(PHONE)) > 0.7


def _without_role(header: str, look: Look) -> Match:
    if _is_personal(header, look):
        return Match(header, PERSONAL_ROLE, 1.0, "names, addresses and the like are left behind")
    if not len(look.values):
        return Match(header, NO_ROLE, 1.0, "no value in it")
    if look.share(is_band(look.values)) >= RECOGNISED:
        return Match(header, CATEGORY, 0.6, "bands of amounts")
    words = header_key(header).split("_")
    if set(words) & DATE_WORDS and look.share(is_date_like(look.values)) >= NUMERIC:
        return Match(header, NO_ROLE, 0.7, "dates")
    numbers = look.numbers
    if look.share(numbers.notna()) < NUMERIC:
        return Match(header, NO_ROLE, 0.5, "no role on the dashboard")
    if words[-1] in CODES or _counts(look):
        return Match(header, NO_ROLE, 0.7, COUNTING)
    return Match(header, MEASURE, 0.7, "numbers")


def _counts(look: Look) -> bool:
    """1, 2, 3 … without a gap, as rows or branches are numbered: no feature unless it is named."""
    some = look.numbers.dropna()
    if len(some) <= FEWEST_COUNTED or not some.is_unique or (some % 1).any():
        return False
    if look.whole and some.max() - some.min() >= len(look.all_values):  # so there are gaps
        return False
    numbers = look.all_numbers.dropna()
    return numbers.is_unique and numbers.max() - numbers.min() == len(numbers) - 1
