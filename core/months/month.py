"""What is kept of the customers of one month: counts by segment, and, to find them again, id, segment and flag."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from math import nan
from typing import Final

import pandas as pd

from core.countries.decide import AUTO
from core.countries.decide import NONE as NO_CURRENCY
from core.countries.registry import home_of
from core.errors import DataError
from core.intake.read import ReadChoices
from core.months.dates import WRITE_IT, month_of_name, month_of_rows, shifted
from core.pipeline import load_by, segment_by
from core.progress import Progress
from core.schema import CLUSTER, ID
from core.segments.model import Model
from core.segments.profile import Segments
from core.sources.source import Source, digest_of
from core.study import Study
from core.views import tables

WEALTH: Final = "measure of wealth"  # a column of `Month.members`


@dataclass(frozen=True, eq=False)
class Month:
    """The customers of one month in the segments of a model.

    `counts` has a row per group: Cluster, customers, and of each flag how many have it, and of how many it is known
    (`tables.count`). `members` has id, Cluster, the flags and the measure of wealth (`WEALTH`, NaN where unknown) of
    each customer, None where there are no ids. `digest` is that of the file, `rejected` how many of its rows are no
    customers. `key` identifies it, with the segments and flags of its customers, in caches.
    """

    file: str
    month: date
    digest: str
    counts: pd.DataFrame
    members: pd.DataFrame | None
    rejected: int = 0
    key: str = ""

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags that its customers are counted by."""
        return tuple(flag for flag in tables.FLAGS if f"{flag}_yes" in self.counts)

    @property
    def customers(self) -> int:
        """All customers, with a segment or without."""
        return int(self.counts["customers"].sum())


def month_of(study: Study, segments: Segments, month: date) -> Month:
    """The customers of a study as those of a month."""
    members = study.customers[[*tables.FLAGS]].assign(**{CLUSTER: segments.labels})
    counts = tables.count(members, (CLUSTER,), flags=tables.FLAGS)
    measure = study.wealth.measure
    key = digest_of([study.digest, f"{month}", measure, _content(counts, members)])
    if study.numbered:
        return Month(", ".join(study.files), month, study.digest, counts, None, study.rejected_count, key)
    wealth = study.customers[measure].to_numpy("float64", na_value=nan) if measure in study.customers else nan
    people = members.assign(**{ID: study.customers[ID].astype("str").str.strip(), WEALTH: wealth})
    kept = people[[ID, CLUSTER, *tables.FLAGS, WEALTH]].reset_index(drop=True)
    return Month(", ".join(study.files), month, study.digest, counts, kept, study.rejected_count, key)


def _content(counts: pd.DataFrame, members: pd.DataFrame) -> str:
    """A digest of who is in which group."""
    codes = (members[name].cat.codes.to_numpy().tobytes() for name in members)
    return sha256(counts.to_json().encode() + b"".join(codes)).hexdigest()


def read_month(
    source: Source, model: Model, first: date, month: date | None = None, progress: Progress = lambda _: None
) -> Month:
    """Read a month's file by the rules and roles of a model, and put its customers into the model's segments.

    Parameters
    ----------
    source : Source
        The file of the month.
    model : Model
        It is never fitted anew. Who is mass affluent is told by its rules and its band, too.
    first : date
        The month that the day of the model's ages belongs to (`dates.shifted`).
    month : date, optional
        The month of the file; by its name or a column (`month_in`) unless given.

    Raises
    ------
    DataError
        The file cannot be read, names no month, lacks a feature, or has amounts in another currency.
    """
    month = month or month_in(source, model, first)
    rules = model.reading_rules
    intake = rules.intake
    if intake.country == AUTO and model.country:  # so that amounts without a sign are in the model's currency
        intake = replace(intake, country=model.country)
    rules = replace(rules, as_of=shifted(rules.as_of, first, month), intake=intake)
    study = load_by([source], rules, model, progress)
    progress(f"Finding the segments of {source.name}")
    segments = segment_by(study, model)
    check_currency(study, model)
    return month_of(study, segments, month)


def month_in(source: Source, model: Model, latest: date) -> date:
    """The month of a file by its name, or else by the column that dates its rows.

    Raises
    ------
    DataError
        It has none, or several.
    """
    if found := month_of_name(source.name, latest):
        return found
    intake = model.rules.intake
    reading = source.tables(ReadChoices(intake.encoding, intake.delimiter, intake.header_row, intake.sheets))
    if found := month_of_rows(reading.tables, model.settled(model.rules)):
        return found
    raise DataError("Neither its name nor a column says which month it is of.", WRITE_IT, file=source.name)


def check_currency(study: Study, model: Model) -> None:
    """Refuse amounts in another currency than those of the model, where both are known.

    Raises
    ------
    DataError
        A feature or the measure of wealth is in another one.
    """
    expected = currency_of(model)
    used = {*(one.name for one in model.feature_specs), *([model.wealth.measure] if model.wealth else [])}
    for column in study.columns:
        if column.name in used and expected and column.sign and column.currency not in ("", expected):
            raise DataError(
                f"It is in {column.currency}, and the segments are of amounts in {expected}.",
                f"Convert it to {expected}, at one rate for all months.",
                file=", ".join(study.files),
                column=column.header or column.label,
            )


def currency_of(model: Model) -> str:
    """The code of the currency of a model's amounts; empty where it is not known."""
    chosen = model.rules.intake.currency
    if chosen != AUTO:
        return "" if chosen == NO_CURRENCY else chosen
    return (model.wealth.currency if model.wealth else "") or home_of(model.country)


def in_order(months: Sequence[Month]) -> tuple[list[Month], list[DataError]]:
    """The months by date, each content and each month once, and why the others are left out."""
    kept: dict[date, Month] = {}
    errors: list[DataError] = []
    contents: dict[str, Month] = {}
    for one in months:
        same, taken = contents.get(one.digest), kept.get(one.month)
        if same:
            found, remedy = f"Its content is that of {same.file}.", "Remove it, or add the file of the other month."
        elif taken:
            found, remedy = f"It is of {one.month:%Y-%m}, as {taken.file} is.", "Change the month of one, or remove it."
        else:
            kept[one.month] = contents[one.digest] = one
            continue
        errors.append(DataError(found, remedy, file=one.file))
    return [kept[month] for month in sorted(kept)], errors
