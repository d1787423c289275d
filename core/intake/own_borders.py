"""The columns that can name the territories of the analyst's own borders: before cleaning, and after it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pandas as pd

from core.cleaning.values import is_blank
from core.countries.registry import country_of
from core.intake.match import MatchedTable
from core.intake.roles import CATEGORY, CHOSEN, MEASURE, NO_ROLE, PERSONAL_ROLE, Match
from core.schema import ADDED, BY_NAME, ID, STATE, UNKNOWN, Column
from core.territories.layer import Layer
from core.territories.match import MOST, OFF, Places, chosen, matches

NAMING: Final = frozenset(("place", "code"))  # meanings of numbers that can name territories
NEVER: Final = frozenset(("constant", "date", "personal", "result", "weight"))


def needed_roles(layers: Sequence[Layer], tables: Sequence[MatchedTable], choice: Sequence[str]) -> dict[str, str]:
    """Header → role of a column that names territories and would be left out: a code, or a text of many values."""
    columns = {
        Places("", match.header, match.header, _values(frame[match.header])): match
        for table in tables
        for source, (_, frame) in zip(table.sources, table.raw, strict=True)
        for match in source.matches
        if _can_name(match)
    }
    found = matches(layers, columns)
    best = chosen(found, choice)
    if best is None and tuple(choice) != (OFF,):  # numbers that may agree by chance: the analyst can choose them
        best = next((one for one in found if one.is_possible), None)
    return {best.places.header: CATEGORY} if best and columns[best.places].role in (NO_ROLE, MEASURE) else {}


def _can_name(match: Match) -> bool:
    if match.role in (PERSONAL_ROLE, ID) or match.meaning in NEVER or (match.role, match.evidence) == (NO_ROLE, CHOSEN):
        return False
    is_number = match.role == MEASURE or (match.role in BY_NAME and BY_NAME[match.role].kind in ("number", "date"))
    return not is_number or match.meaning in NAMING


def _values(text: pd.Series) -> tuple[str, ...]:
    """The different values of a column as it was read; none if they are too many to be territories."""
    used = text.drop_duplicates().astype("str")
    return tuple(used[~is_blank(used)]) if len(used) <= 2 * MOST else ()


def places_of(customers: pd.DataFrame, columns: Sequence[Column], country: str) -> Iterator[Places]:
    """The columns of clean customers that can name territories, with the values that occur."""
    known = country_of(country)
    for column in columns:
        values = customers.get(column.name)
        if values is None or column.name in ADDED or not isinstance(values.dtype, pd.CategoricalDtype):
            continue
        occurring = values.cat.remove_unused_categories().cat.categories
        spellings: Mapping[str, str] = known.spellings if known and column.name == STATE else {}
        yield Places(
            column.name, column.header or column.label, column.label,
            tuple(text for text in map(str, occurring) if text != UNKNOWN), spellings,
        )  # fmt: skip
