"""The tables of words in `data/words`: of headers, units, bands and scales. Each row has its language or kind."""

import csv
from functools import cache
from importlib.resources import files


@cache
def rows_of(table: str) -> tuple[dict[str, str], ...]:
    """The rows of a table, by column."""
    text = (files("data") / "words" / f"{table}.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))
