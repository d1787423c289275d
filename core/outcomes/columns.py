"""Which column of a file of outcomes says what: by words of headers (`data/words/outcomes.csv`) and by its values."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from core.cleaning.dates import is_date_like
from core.cleaning.numbers import Mark, to_numbers
from core.cleaning.values import is_blank
from core.cleaning.words import is_answer
from core.errors import DataError
from core.ids import is_in, plain_id
from core.intake.meaning.header import fold, words_of
from core.intake.roles import known_column
from core.schema import ANSWERS, ID, Column
from core.word_tables import rows_of

Part = Literal["id", "treatment", "converted", "amount", "contacted", "segment", "date"]
NONE: Final = "-"  # chosen: no column is this part
MOST_ARMS: Final = 20
MOST_SEGMENTS: Final = 50  # values of a column by which results are told apart
STRONG: Final = 5  # a header of this weight needs no value that reads as a control group
MOSTLY: Final = 0.95  # share of the distinct values that must be of a kind
HALF: Final = 0.5  # share of the values that are ids assigned, in a column whose header says nothing of ids
SAMPLE: Final = 20_000  # values that are looked up to find the column of ids
ANSWER: Final = Column("answer", "yes_no", "Answer", values=ANSWERS)


@dataclass(frozen=True)
class Columns:
    """The header of each part; empty to decide it, or where there is none, and `NONE` where none is wanted."""

    id: str = ""
    treatment: str = ""
    converted: str = ""
    amount: str = ""
    contacted: str = ""
    segment: str = ""
    date: str = ""


class ColumnQuestionError(DataError):
    """What only the analyst knows of a file: `part` is what is asked for, `choices` what to choose among."""

    def __init__(self, found: str, remedy: str, *, part: str, **where: Any) -> None:
        super().__init__(found, remedy, **where)
        self.part = part

    @property
    def parts(self) -> dict[str, Any]:
        """What it was made of."""
        return {**super().parts, "part": self.part}


def propose(frame: pd.DataFrame, chosen: Columns, assigned: pd.Series | None = None) -> Columns:
    """The columns of a table of text categories: those chosen, and for the other parts the likeliest.

    `assigned` has the ids of the customers assigned, where a file of its own says who was contacted.
    """
    found = Columns(**{part: header for part, header in asdict(chosen).items() if header != NONE and header in frame})
    if not found.id and chosen.id != NONE:
        found = replace(found, id=_id_column(frame, assigned))
    for part in _ORDER if assigned is None else _OUTCOMES:
        if not getattr(found, part) and getattr(chosen, part) != NONE:
            taken = {header for header in asdict(found).values() if header}
            found = replace(found, **{part: _likeliest(frame, part, taken)})
    if found.converted and not answers_only(distinct(frame, found.converted)) and _numbers(frame, found.converted):
        amount = found.amount if chosen.amount and found.amount else found.converted
        found = replace(found, converted="", amount=amount)  # whoever spent something has converted
    return found


def offered(frame: pd.DataFrame, part: str) -> list[str]:
    """The headers that could be a part, by their values."""
    return [header for header in map(str, frame) if _FITS[part](frame, header)]


def weight_of(means: str, text: str) -> int:
    """How surely a text means something: the largest weight of a phrase in it, 0 for none."""
    words = f" ^ {' '.join(words_of(text))} $ "
    return max((weight for phrase, weight in _phrases(means) if phrase in words), default=0)


def control_among(values: Sequence[str]) -> str:
    """The value of a treatment that reads as the control group; empty where none does, or several do."""
    weights = {value: weight_of("control", value) for value in values}
    best = max(weights.values(), default=0)
    found = [value for value, weight in weights.items() if weight == best > 0]
    return found[0] if len(found) == 1 else ""


def distinct(frame: pd.DataFrame, header: str) -> pd.Series:
    """The distinct values of a column that are no blanks."""
    values = frame[header].cat.categories.to_series().reset_index(drop=True).astype("str")
    return values[~is_blank(values)].reset_index(drop=True)


def answers_only(values: pd.Series) -> bool:
    """Whether all values mean yes or no."""
    return 0 < len(values) <= len(ANSWERS) and not len(no_answers(values))


def no_answers(values: pd.Series) -> pd.Series:
    """The values that mean neither yes nor no."""
    plain = values.str.replace(r"^\s*([01])\.0+\s*$", r"\1", regex=True)
    return values[~is_answer(plain, ANSWER)]


def _likeliest(frame: pd.DataFrame, part: str, taken: set[str]) -> str:
    weights = {
        header: weight_of(part, header)
        for header in map(str, frame)
        if header not in taken and weight_of(part, header) and _FITS[part](frame, header)
    }
    if part == "treatment":
        weights = {header: weight for header, one in weights.items() if (weight := _as_treatment(frame, header, one))}
    return max(weights, key=lambda header: weights[header]) if weights else ""


def _as_treatment(frame: pd.DataFrame, header: str, weight: int) -> int:
    """The weight of a treatment's header, more where a value reads as the control; none for a vague header without."""
    values = distinct(frame, header)
    reads = bool(control_among(values.tolist())) or answers_only(values)
    return weight + 10 if control_among(values.tolist()) else weight if reads or weight >= STRONG else 0


def _id_column(frame: pd.DataFrame, assigned: pd.Series | None) -> str:
    """The column whose header names an id; beside an assignment another one, if its values are ids assigned."""
    named = next((one for one in map(str, frame) if (column := known_column(one)) and column.name == ID), "")
    if assigned is None or (named and _share_of_ids(frame, named, assigned)):
        return named
    others = [one for one in map(str, frame) if not _answers(frame, one)]  # 1 and 0 are ids of somebody, too
    shares = {one: _share_of_ids(frame, one, assigned) for one in others}
    best = max(others, key=lambda one: shares[one], default="")
    return best if best and shares[best] >= HALF else named or next(iter(others), "")


def _share_of_ids(frame: pd.DataFrame, header: str, assigned: pd.Series) -> float:
    """The share of the distinct values of a column that are ids assigned."""
    values = distinct(frame, header)[:SAMPLE]
    if not len(values):
        return 0.0
    share = float(is_in(values.str.strip(), assigned).mean())
    return share or float(is_in(_plain(values), _plain(assigned)).mean())  # the plain form takes long


def _plain(ids: pd.Series) -> pd.Series:
    return pd.Series(pd.array([plain_id(one) for one in ids.tolist()], "str"))


def _numbers(frame: pd.DataFrame, header: str) -> bool:
    values = distinct(frame, header)
    marks: tuple[Mark, ...] = ("point", "comma")
    return bool(len(values)) and max(float(to_numbers(values, mark).notna().mean()) for mark in marks) >= MOSTLY


def _few(least: int, most: int) -> Callable[[pd.DataFrame, str], bool]:
    return lambda frame, header: least <= len(distinct(frame, header)) <= most


def _answers(frame: pd.DataFrame, header: str) -> bool:
    return answers_only(distinct(frame, header))


def dated(frame: pd.DataFrame, header: str) -> bool:
    """Whether the values of a column are days."""
    values = distinct(frame, header)
    return bool(len(values)) and float(np.mean(is_date_like(values))) >= MOSTLY


def _converts(frame: pd.DataFrame, header: str) -> bool:
    """Answers, or the days on which somebody converted."""
    return _answers(frame, header) or dated(frame, header)


def _amounts(frame: pd.DataFrame, header: str) -> bool:
    return not _answers(frame, header) and _numbers(frame, header)


_FITS: Final[dict[str, Callable[[pd.DataFrame, str], bool]]] = {
    "treatment": _few(1, MOST_ARMS),
    "converted": _converts,
    "amount": _amounts,
    "contacted": _answers,
    "segment": _few(1, MOST_SEGMENTS),
    "date": dated,
}
_ORDER: Final = tuple(_FITS)  # a column is one part only: the treatment before all others
OF_ASSIGNMENT: Final = ("treatment", "segment")  # where there is one, it says these
_OUTCOMES: Final = tuple(part for part in _FITS if part not in OF_ASSIGNMENT)


@cache
def _phrases(means: str) -> tuple[tuple[str, int], ...]:
    """The phrases of a meaning, each within blanks, with their weights."""
    return tuple(
        (f" {fold(phrase).strip()} ", int(row["weight"]))
        for row in rows_of("outcomes")
        if row["means"] == means
        for phrase in row["phrases"].split("|")
    )
