"""Follow one customer from the source to the segment: cells read, cleaned values, and rules that applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.cleaning.registry import clean_values
from core.countries.decide import in_words_of, outside_country
from core.errors import DataError
from core.intake.clean import shown
from core.intake.combine import combine
from core.intake.facts import Facts, decide_facts
from core.intake.flags import clauses
from core.intake.match import MatchedTable
from core.intake.read import Position
from core.pipeline import match_all
from core.rules import Rules
from core.schema import ID, NO_SEGMENT, POSTCODE, STATE, Column
from core.segments.clusterer import HasCentres
from core.segments.features import FeatureMatrix, matrix_under
from core.segments.profile import Segments
from core.segments.score import reasons
from core.sources.source import Source
from core.study import Study
from core.views.charts import label


@dataclass(frozen=True)
class Audit:
    """The record of one customer.

    `standing` says the segment, or why there is none, in words. `raw` has the matched cells as they
    were read: file, line, column, text, where `position` says what `line` counts. `changes`, by column:
    before (text), after, note. `flags`, by clause of a rule: flag, result, clause, value, holds.
    `distances`, by segment: cluster, name, distance in standardised units, nearest first; empty if the
    customer has no segment, or the method no centres. `rejected` are rejected rows of this id
    (`Study.rejected`).
    """

    customer: str
    cluster: str
    standing: str
    raw: pd.DataFrame
    changes: pd.DataFrame
    flags: pd.DataFrame
    distances: pd.DataFrame
    rejected: pd.DataFrame
    position: str = "line"


@dataclass(frozen=True)
class Reading:
    """The data of one customer in the sources: rows of each table, the joined row, and facts about the columns.

    `positions` says what the row numbers of a table count, by its name.
    """

    rows: tuple[MatchedTable, ...]
    joined: MatchedTable
    facts: Facts
    positions: Mapping[str, Position]

    @property
    def known(self) -> bool:
        """Whether any table has the id."""
        return any(len(row.frame) for row in self.rows)


def audit(sources: Sequence[Source], study: Study, segments: Segments, customer: str) -> Audit:
    """Read the sources again and follow one customer through them; no raw text is kept for it.

    Raises
    ------
    DataError
        Nobody has this id, or all rows with it were rejected; the message says why.
    """
    return follow(read_again(sources, study.rules, customer), study, segments, customer)


def read_again(sources: Sequence[Source], rules: Rules, customer: str) -> Reading:
    """Read the data of one customer from the sources."""
    tables, _, _ = match_all(sources, rules)
    whole = combine(tables, rules)
    rows = tuple(_rows_of_customer(table, customer) for table in tables if ID in table.frame)
    joined = _rows_of_customer(whole, customer)
    positions = {table.name: table.position for table in tables}
    return Reading(rows or (joined,), joined, decide_facts(whole, rules), positions)


def follow(reading: Reading, study: Study, segments: Segments, customer: str) -> Audit:
    """The audit of a customer, from the data in the sources.

    Raises
    ------
    DataError
        As `audit` does.
    """
    customer = customer.strip()
    rejected = _rejected_of(reading.rows, study)
    positions = np.flatnonzero(study.customers[ID].to_numpy() == customer)
    if not len(positions):
        raise _unknown_customer(customer, rejected, reading)
    person = study.customers.iloc[positions[:1]]
    cluster = str(segments.labels[positions[0]])
    features = matrix_under(person, segments.feature_specs, segments.categories)
    return Audit(
        customer,
        cluster,
        _segment_in_words(cluster, features, segments, study.columns),
        pd.concat([_raw_cells(row, study.country or "") for row in reading.rows], ignore_index=True),
        _changed_columns(reading, person, study),
        clauses(person, study.rules, study.wealth),
        _distances(features, segments),
        rejected,
        " or ".join(sorted(set(reading.positions.values()))),
    )


def _unknown_customer(customer: str, rejected: pd.DataFrame, reading: Reading) -> DataError:
    if reading.known and len(rejected):
        why = " ".join(
            f"{row['file']}, {reading.positions.get(row['file'], 'line')} {row['line']:,}: {row['reason']}."
            for _, row in rejected.iterrows()
        )
        return DataError(f"Customer {customer} was rejected. {why}", "See the rejected rows.")
    return DataError(f"No customer has the id {customer}.", "Ids are compared as they stand, leading zeros included.")


def _rows_of_customer(table: MatchedTable, customer: str) -> MatchedTable:
    """The rows of a customer, without the texts of all others."""
    of_customer = table.frame[ID].astype("str").str.strip().eq(customer.strip()).to_numpy()
    rows = table.frame[of_customer]
    rows = rows.assign(**{name: rows[name].cat.remove_unused_categories() for name in rows.select_dtypes("category")})
    return replace(table, frame=rows, steps=(), rejected=table.rejected.iloc[:0])


def _rejected_of(rows: Sequence[MatchedTable], study: Study) -> pd.DataFrame:
    places = set()
    for row in rows:
        places |= set(zip(*row.located(row.frame.index), strict=True))
    rejected = study.rejected
    lines = [key in places for key in zip(rejected["file"], rejected["line"], strict=True)]
    return rejected[lines].reset_index(drop=True)


def _raw_cells(table: MatchedTable, country: str) -> pd.DataFrame:
    files, lines = table.located(table.frame.index)
    cells = [
        {"file": file, "line": line, "column": in_words_of(column, country).label, "text": text}
        for file, line, (_, row) in zip(files, lines, table.frame.iterrows(), strict=True)
        for column, text in zip(table.columns, row[[column.name for column in table.columns]], strict=True)
    ]
    return pd.DataFrame(cells, columns=["file", "line", "column", "text"]).fillna({"text": ""})


def _changed_columns(reading: Reading, person: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Each column's text, its clean value and the note of the change; derived columns have no text."""
    row = reading.joined
    read = {column.name: column for column in row.columns}
    known = {column.name: column for column in study.columns} | read
    facts = reading.facts
    if STATE in person and outside_country(person[STATE], study.country or "")[0]:  # `clean_rows`
        facts = {name: replace(fact, country="") if name == POSTCODE else fact for name, fact in facts.items()}
    changes = []
    for name in [*read, *(name for name in known if name not in read)]:
        column = known[name]
        text = "" if name not in read or pd.isna(row.frame[name].iloc[0]) else str(row.frame[name].iloc[0])
        value, note = _clean_text(text, column, facts, study.rules) if name in read else ("", "worked out")
        if name in person:
            value = shown(person[name].iloc[0], column)
        else:
            note = "; ".join(filter(None, (note, "not kept as a column")))
        label = in_words_of(column, study.country or "").label
        changes.append({"column": label, "before": text, "after": value, "note": note})
    return pd.DataFrame(changes)


def _clean_text(text: str, column: Column, facts: Facts, rules: Rules) -> tuple[str, str]:
    """The clean value of one text of a column, and the note of the change."""
    if column.kind == "id":
        return text, ""
    values, changes = clean_values(
        pd.Series([text]), column, facts[column.name], as_of=rules.as_of, off=rules.intake.off
    )
    return shown(values.iloc[0], column), next((change.note for change in changes if change.where[0]), "")


def _segment_in_words(cluster: str, features: FeatureMatrix, segments: Segments, columns: Sequence[Column]) -> str:
    if cluster not in NO_SEGMENT:
        return f"segment {label(cluster, segments.names)}"
    reason = reasons(features, columns)[0] if features.names else ""
    return f"{cluster}: {reason}" if reason else cluster


def _distances(features: FeatureMatrix, segments: Segments) -> pd.DataFrame:
    points, clustering = features.values, segments.clustering
    table = pd.DataFrame(columns=["cluster", "name", "distance"])
    if len(points) and isinstance(clustering, HasCentres):
        table = segments.profile[["cluster", "name"]].assign(distance=clustering.distances(points)[0])
    return table.sort_values("distance", kind="stable", ignore_index=True)
