"""JSON → a table of text: one record per line, a list of records, or a list of values per column; or borders."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from core.errors import UnreadableFileError
from core.intake.reading import bounds
from core.intake.reading.arrow import characters, text_column
from core.intake.reading.bounds import check, check_cells, check_columns, check_rejected, check_rows, check_text
from core.intake.reading.header import unique_names
from core.intake.reading.tables import ReadChoices, Reading, TextTable
from core.intake.steps import rejected_frame
from core.territories.layer import is_borders, layers_of

CHUNK_ROWS: Final = 5_000
NO_RECORD: Final = "not a JSON record"
REMEDY: Final = "Save the table as CSV, or as JSON with one record per customer."
Numbered = tuple[int, Mapping[str, Any]]


def read_json(name: str, text: bytes, decisions: dict[str, str], _: ReadChoices) -> Reading:
    """Read records; numbers keep their digits, records inside one become columns such as `address.city`.

    GeoJSON and TopoJSON have no records: these are the layers of a map (`core.territories`).

    Raises
    ------
    UnreadableFileError
        Damaged, beyond a bound, or without records or territories.
    """
    check(name, "bytes of JSON", len(text), bounds.MAX_TREE, "Save the table as CSV or Parquet.")
    check(name, "records", text.count(b"{"), bounds.MAX_ROWS, "Split the file.")
    try:
        rejected: list[tuple[int, str]] = []
        lines = _is_lines(text)
        value = None if lines else json_value(text)
        if is_borders(_first(text) if lines else value):
            return _borders(name, [record for _, record in _of_lines(name, text, [])] if lines else value, len(text))
        rows = _of_lines(name, text, rejected) if lines else enumerate(_of_document(name, value), 1)
        table = _table(name, rows, decisions | {"format": "JSON lines" if lines else "JSON"})
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise UnreadableFileError(f"The JSON cannot be read: {why}.", REMEDY, file=name) from None
    numbers, raw = [line for line, _ in rejected], [text for _, text in rejected]
    outside = rejected_frame(name, numbers, raw, NO_RECORD)
    return Reading((TextTable(name, table[0], outside, table[1]),), rejected_frame(name, [], [], []))


def json_value(text: bytes | str) -> Any:
    """A JSON value with its numbers as text; NaN and infinity, which JSON does not know, are blank."""
    return json.loads(text, parse_int=str, parse_float=_number, parse_constant=lambda _: None)


def _number(text: str) -> str:
    return text.removesuffix(".0")


def _is_lines(text: bytes) -> bool:
    """Whether the first line is a whole record, and not the last line."""
    try:
        return b"\n" in text.strip() and isinstance(_first(text), dict)
    except ValueError:
        return False


def _first(text: bytes) -> Any:
    """The value in the first line."""
    return json_value(text.strip().partition(b"\n")[0])


def _borders(name: str, value: Any, size: int) -> Reading:
    nothing = rejected_frame(name, [], [], [])
    return Reading((), nothing, layers_of(name, value, size))


def _of_lines(name: str, text: bytes, rejected: list[tuple[int, str]]) -> Iterator[Numbered]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json_value(line)
        except ValueError:
            record = None
        if isinstance(record, dict):
            yield number, record
        else:
            rejected.append((number, line.decode("utf-8", "replace")))
            check_rejected(name, len(rejected))


def _of_document(name: str, value: Any) -> list[dict[str, Any]]:
    """The records of a document, in any of the forms that programs write."""
    if isinstance(value, dict) and isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        value = [value["columns"], *value["data"]]
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return value
    if isinstance(value, list) and len(value) > 1 and all(isinstance(row, list) for row in value):
        header, *rows = value
        if all(len(row) == len(header) for row in rows):
            return [dict(zip(unique_names(map(_text, header)), row, strict=True)) for row in rows]
    if isinstance(value, dict):
        return _of_object(name, value)
    raise UnreadableFileError("This is JSON without a list of records.", REMEDY, file=name)


def _of_object(name: str, value: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of an object that has one list of them, or a value per row for each column."""
    inside = [part for part in value.values() if isinstance(part, dict | list)]
    lists = [part for part in inside if isinstance(part, list) and part and all(isinstance(row, dict) for row in part)]
    if len(lists) == 1:
        return lists[0]
    if len(inside) == len(value) and len({(type(part), len(part)) for part in inside}) == 1 and inside[0]:
        if isinstance(inside[0], list):
            return [dict(zip(value, row, strict=True)) for row in zip(*inside, strict=True)]
        rows = list(inside[0])
        if all(isinstance(part, dict) and list(part) == rows for part in inside):
            return [{column: part[row] for column, part in value.items()} for row in rows]
    if len(inside) == 1 and isinstance(inside[0], dict):
        return _of_object(name, inside[0])
    raise UnreadableFileError("This is JSON without a list of records.", REMEDY, file=name)


def _table(name: str, rows: Iterable[Numbered], decisions: dict[str, str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """The frame of numbered records, built in chunks, and the decisions."""
    lines: list[int] = []
    parts: list[dict[str, pa.DictionaryArray]] = []
    sizes: list[int] = []
    names: dict[str, None] = {}
    nested: dict[str, None] = {}
    length, left = 0, iter(rows)
    while chunk := list(islice(left, CHUNK_ROWS)):
        flat = [_flat(record, nested) for _, record in chunk]
        lines += [number for number, _ in chunk]
        names |= dict.fromkeys(key for record in flat for key in record)
        check_rows(name, len(lines))
        check_columns(name, len(names))
        check_cells(name, len(lines), len(names), bounds.MAX_TABLE_CELLS)
        here = dict.fromkeys(key for record in flat for key in record)
        parts.append({key: _coded([record.get(key, "") for record in flat]) for key in here})
        sizes.append(len(flat))
        length += sum(map(characters, parts[-1].values()))
        check_text(name, length)
    if not lines or not names:
        raise UnreadableFileError("There is no record with a value.", REMEDY, file=name)
    columns = [
        text_column(name, key, [part.get(key) or _coded([""] * size) for part, size in zip(parts, sizes, strict=True)])
        for key in names
    ]
    index = pd.Index(np.array(lines, "int64"), name="line")
    if dropped := [key for key in nested if key not in names]:
        decisions = decisions | {"nested columns": f"dropped: {', '.join(dropped)}"}
    return pd.DataFrame(dict(zip(unique_names(names), columns, strict=True)), index=index), decisions


def _flat(record: Mapping[str, Any], nested: dict[str, None]) -> dict[str, str]:
    """The values of a record as text; those of a record inside it, too. Lists and deeper records are only named."""
    flat: dict[str, str] = {}
    for key, value in record.items():
        inner = {f"{key}.{name}": part for name, part in value.items()} if isinstance(value, dict) else {key: value}
        for name, part in inner.items():
            if isinstance(part, dict | list):
                nested[name] = None
            else:
                flat[name] = _text(part)
    return flat


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = str(value)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()  # half of a pair of surrogates


def _coded(cells: list[str]) -> pa.DictionaryArray:
    return pa.array(cells, pa.string()).dictionary_encode()
