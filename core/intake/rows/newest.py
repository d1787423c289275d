"""Several rows of a customer → those of the latest date, or the newest record of each account."""

from dataclasses import replace

import numpy as np
import pandas as pd

from core.errors import DataError
from core.intake.match import MatchedTable
from core.intake.rows.dates import NEVER, times_of
from core.intake.rows.keys import FILE_DATE, key_headers, row_keys
from core.intake.steps import Step, codes_of
from core.rules import Rules
from core.schema import ID

KEPT = {
    "snapshot": "Kept the latest of several dates of each customer in {}: {:,} customers of {}, {:,} of an earlier one",
    "record": "Kept the newest record of each customer in {}, by {}",
}


def newest(table: MatchedTable, way: str, rules: Rules) -> MatchedTable:
    """The rows of each customer's latest date (`snapshot`), or the newest of each account (`record`).

    Raises
    ------
    DataError
        No column and no name of a file has dates.
    """
    keys = row_keys(table)
    name = next((name for name in _wanted(way) if name in keys), "")
    if not name:
        raise DataError(
            f"Its rows are to be read as {way}s, but no column says of which date they are, nor do names of files.",
            "Name the column of dates “as_of_date” or “updated”, or put the month into the names of the files.",
            file=table.name,
        )
    header = _header(table, name)
    times = _times(table, keys[name], name, rules, header)
    groups = codes_of(table.frame[ID])
    if way == "record" and "account" in keys:
        groups = pd.factorize(pd.MultiIndex.from_arrays([groups, codes_of(keys["account"])]))[0]
    latest = np.full(int(groups.max(initial=-1)) + 1, NEVER)
    np.maximum.at(latest, groups, times)
    kept = times == latest[groups]
    step = Step(_title(table, way, keys[name], times, kept, header), len(kept), int(kept.sum()), ID)
    return replace(
        table,
        frame=table.frame[kept],
        steps=(*table.steps, step),
        merged=table.merged + int((~kept).sum()),
    )


def _wanted(way: str) -> tuple[str, ...]:
    return ("updated", "date", FILE_DATE) if way == "record" else ("date", FILE_DATE, "updated")


def _header(table: MatchedTable, name: str) -> str:
    if name == FILE_DATE:
        return "the names of the files"
    headers = (key_headers(source.matches).get(name) for source in table.sources)  # type: ignore[call-overload]
    return next((found[0] for found in headers if found), name)


def _times(table: MatchedTable, text: pd.Series, name: str, rules: Rules, header: str) -> np.ndarray:
    codes, distinct = pd.factorize(text, sort=True)
    if name == FILE_DATE:  # written so that texts are in the order of time
        return np.asarray(codes, "int64")
    times = times_of(pd.Series(distinct, dtype="str"), rules, table.name, header)
    if len(times) and not (times != NEVER).any():
        raise DataError(
            f"None of its values is a date, such as {distinct[0]}, so it does not say which row is the latest.",
            "Write dates as 2025-06-30, or say what a row is (rules: intake.rows, or --rows).",
            file=table.name,
            column=header,
        )
    return np.asarray(times[codes])


def _title(table: MatchedTable, way: str, text: pd.Series, times: np.ndarray, kept: np.ndarray, header: str) -> str:
    if way == "record":
        return KEPT[way].format(table.name, header)
    last = times == times.max(initial=NEVER)
    ids = table.frame[ID]
    here = ids[last & kept].nunique()
    date = text[last].min() if last.any() else ""
    return KEPT[way].format(_names(table), here, _plain(date), ids[kept].nunique() - here)


def _names(table: MatchedTable) -> str:
    return ", ".join(name for _, name in table.starts) or table.name


def _plain(date: str) -> str:
    """A date of a file's name (`0002025-0006-0000-0000`) as people write it."""
    parts = date.split("-")
    if len(parts) != 4:
        return date
    year, month, quarter, day = map(int, parts)
    if quarter:
        return f"{year} Q{quarter}"
    return "-".join([*([f"{year}"] if year else []), *(f"{part:02}" for part in (month, day) if part)])
