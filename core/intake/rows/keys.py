"""The columns of a file that say what a row is, with or without a role: dates, accounts, references."""

from collections.abc import Iterator, Sequence
from typing import Final, get_args

import numpy as np
import pandas as pd

from core.intake.match import MatchedTable, TableSource
from core.intake.meaning.canonical import header_key
from core.intake.roles import Match
from core.intake.rows.dates import month_numbers, name_dates
from core.intake.rows.words import ACCOUNTS, ALONE, KINDS, NAMES, PRODUCTS, REFERENCES, SNAPSHOT_DATES, UPDATED, Key
from core.intake.steps import repeated
from core.meanings import meaning_of
from core.schema import BY_NAME, ID

KEYS: Final[tuple[Key, ...]] = get_args(Key)
FILE, FILE_DATE = "file", "file_date"
# A year beside a month that is only counted.
YEARS: Final = frozenset(("year", "jahr", "annee", "ano", "anno", "yr"))
ONE: Final = {"date": 1, "updated": 1}  # of several columns the first by its name
BETWEEN: Final = "\x1f"


def key_of(header: str) -> Key | None:
    """What a column says of a row by its header."""
    key = header_key(header)
    words = key.split("_")
    if key in ALONE:
        return ALONE[key]
    if set(words) & UPDATED:
        return "updated"
    if key in SNAPSHOT_DATES:
        return "date"
    named, kind = words[-1] in NAMES, words[-1] in KINDS
    if named and set(words[:-1]) & REFERENCES:
        return "reference"
    if named and set(words[:-1]) & ACCOUNTS:
        return "account"
    return "product" if (named or kind) and set(words[:-1]) & PRODUCTS else None


def key_headers(matches: Sequence[Match]) -> dict[Key, list[str]]:
    """The headers of each key; not those of columns that a customer has."""
    found: dict[Key, list[str]] = {}
    amounts = {match.header for match in matches if meaning_of(match.meaning).family and match.meaning != "number"}
    for header in sorted(match.header for match in matches if match.role not in BY_NAME):
        key = key_of(header)
        if key == "updated" and header in amounts:  # a changed limit is no date of a change
            continue
        if key:
            found.setdefault(key, []).append(header)
    return found


def row_keys(table: MatchedTable) -> pd.DataFrame:
    """The keys of each row as text; `file` and `file_date`, from its name, where rows of several files are stacked.

    A table has a column only for a key that one of its files has.
    """
    parts = [_keys_of_part(rows, source) for source, rows in _parts(table)]
    keys = pd.concat(parts) if parts else pd.DataFrame(index=table.frame.index)
    keys = keys.reindex(table.frame.index).fillna("")
    names = [name for _, name in table.starts]
    if file_keys(names):
        files, _ = table.located(table.frame.index)
        keys[FILE] = pd.Categorical(files, dict.fromkeys(names))
        if dates := name_dates(names):
            by_name = {name: "-".join(f"{part:04}" for part in date) for name, date in zip(names, dates, strict=True)}
            keys[FILE_DATE] = keys[FILE].astype("str").map(by_name)
    return keys


def file_keys(names: Sequence[str]) -> tuple[str, ...]:
    """The keys that the names of stacked files give."""
    return (FILE, *([FILE_DATE] if name_dates(names) else [])) if len(names) > 1 else ()


def unused_columns(table: MatchedTable, rows: np.ndarray) -> pd.DataFrame | None:
    """The cells of some rows (a mask) in the columns that the table does not keep; None if it keeps all."""
    wanted = table.frame.index[rows]
    parts = []
    for source, raw in _parts(table, wanted):
        kept = {match.header for match in source.matches if match.role in BY_NAME}
        parts.append(raw[[header for header in raw if header not in kept]])
    if not parts or not any(part.shape[1] for part in parts):
        return None
    whole = parts[0] if len(parts) == 1 else pd.concat([part.astype("str") for part in parts])
    return whole.reindex(wanted) if len(parts) > 1 else whole


def raw_of_repeats(table: MatchedTable) -> tuple[tuple[int, pd.DataFrame], ...]:
    """The raw rows whose customer id stands in several rows: to tell whether these are the same in all columns."""
    if ID not in table.frame or table.ids_differ:
        return ()
    again = table.frame.index[repeated(table.frame[ID], keep=False)]
    return tuple((start, raw[raw.index.isin(again - start)]) for start, raw in table.raw) if len(again) else ()


def _parts(table: MatchedTable, index: pd.Index | None = None) -> Iterator[tuple[TableSource, pd.DataFrame]]:
    """The rows of each file in all its columns, numbered as in the table."""
    index = table.frame.index if index is None else index
    stops = [start for start, _ in table.raw[1:]]
    for source, (start, raw), stop in zip(table.sources, table.raw, [*stops, None], strict=False):
        own = index[(index >= start) & (index < stop)] if stop is not None else index[index >= start]
        lines = own - start
        yield source, (raw if lines.equals(raw.index) else raw.loc[lines]).set_axis(own)


def _keys_of_part(raw: pd.DataFrame, source: TableSource) -> pd.DataFrame:
    headers = key_headers(source.matches)
    columns = {key: _joined([raw[name] for name in names[: ONE.get(key)]]) for key, names in headers.items()}
    years = [header for header in raw if header_key(header) in YEARS]
    if "date" in headers and years:
        months = month_numbers(raw[headers["date"][0]].astype("str"))
        if months.str.fullmatch(r"\d{1,2}").all():
            columns["date"] = raw[years[0]].astype("str") + "-" + months.str.zfill(2)
    return pd.DataFrame(columns, index=raw.index)


def _joined(columns: Sequence[pd.Series]) -> pd.Series:
    """The text of several columns as one."""
    text, *others = map(_stripped, columns)
    for more in others:
        text = text + BETWEEN + more
    return text


def _stripped(column: pd.Series) -> pd.Series:
    """The text without blanks around it; of categories, each is looked at once."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column.astype("str").str.strip()
    texts = pd.Series(column.cat.categories, dtype="str").str.strip()
    return texts.reindex(column.cat.codes).set_axis(column.index)
