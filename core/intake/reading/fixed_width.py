"""Text in columns of fixed width, as hosts and database consoles print it → grid."""

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import numpy as np

from core.errors import UnreadableFileError
from core.intake.reading.bounds import check_columns, check_rejected, check_rows
from core.intake.reading.grid import Grid, MalformedRecords, collect
from core.intake.reading.kinds import RULE_CHARACTERS, typed
from core.intake.reading.lines import Lines, RecordTexts

Places = Sequence[tuple[int, int | None]]  # first character of each column, and the one behind its last

GAP = re.compile(r"\S {2,}\S")  # blanks that set columns apart; single ones stand between words
WORD = re.compile(r"\S+")
DASHES = re.compile(r"-+|=+")
GAPPED_SHARE: Final = 0.8  # of the lines below names must have a gap
HEADLESS_SHARE: Final = 0.5  # and of lines of equal length without names
FEWEST: Final = 4  # lines, the header's too, that make a blank column certain
BETWEEN: Final = "text stands between the columns"


def fixed_places(name: str, sample: Sequence[str]) -> Places:
    """The places of the columns of lines of fixed width; none if the lines are something else.

    A ruled line below the header gives them. Else they are where no line has a character, each below a name.

    Raises
    ------
    UnreadableFileError
        The lines are of fixed width, but it is not certain where a column begins.
    """
    raw = [line.rstrip("\r\n") for line in sample if line.strip()]
    lines = [line.rstrip() for line in raw]
    if len(lines) < FEWEST or any("\t" in line for line in lines):
        return ()
    if RULE_CHARACTERS.fullmatch(lines[1]) and len(dashes := list(DASHES.finditer(lines[1]))) > 1:
        return _places([match.start() for match in dashes])
    gapped = sum(bool(GAP.search(line)) for line in lines) / len(lines)
    spans = _filled_spans(lines)
    if gapped >= GAPPED_SHARE and not any(map(typed, lines[0].split())):
        starts = _starts_below_names(lines, spans)
        return _places(starts) if len(starts) > 1 else ()
    if gapped >= HEADLESS_SHARE and len(spans) > 1 and len({len(line) for line in raw}) == 1:
        raise UnreadableFileError(
            "The lines have columns of fixed width, and it is not certain where each begins.",
            "Save the table as CSV, or add a first line with a name above each column.", file=name,
        )  # fmt: skip
    return ()


def read_fixed(name: str, text: bytes, places: Places) -> tuple[Grid, dict[str, str]]:
    """The grid of lines with columns at some places, and the decisions.

    A line with a character right before a column is no row: its cells are not certain.

    Raises
    ------
    UnreadableFileError
        A bound is exceeded.
    """
    lines = Lines(text)
    check_rows(name, lines.count)
    check_columns(name, len(places))
    wrong, blank = array("q"), array("q")
    columns, rows = collect(name, _rows(name, lines, places, wrong, blank), len(places))
    malformed = MalformedRecords(np.array(wrong, "int64"), np.zeros(len(wrong), "int32"), [BETWEEN] * len(wrong))
    texts = RecordTexts(lines, [rows, np.array(wrong, "int64"), np.array(blank, "int64")])
    decisions = {"columns": f"of fixed width, from characters {', '.join(str(start + 1) for start, _ in places)}"}
    return Grid(columns, rows, malformed, len(blank), texts, partial(_cells, places=places)), decisions


def _rows(
    name: str, lines: Lines, places: Places, wrong: "array[int]", blank: "array[int]"
) -> Iterator[tuple[int, list[str]]]:
    starts = [start - 1 for start, _ in places[1:]]
    for number, line in enumerate(lines, 1):
        line = line.rstrip("\r\n")
        if not line.strip():
            blank.append(number)
        elif any(line[start : start + 1].strip() for start in starts):
            wrong.append(number)
            check_rejected(name, len(wrong))
        else:
            yield number, _cells(line, places)


def _cells(line: str, places: Places) -> list[str]:
    return [line[start:stop].strip() for start, stop in places]


def _places(starts: Sequence[int]) -> Places:
    return list(zip([0, *starts[1:]], [*starts[1:], None], strict=True))


def _filled_spans(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Where some line has a character: the first one, and the one behind the last."""
    filled = np.zeros(max(map(len, lines)) + 1, bool)
    for line in lines:
        for word in WORD.finditer(line):
            filled[word.start() : word.end()] = True
    edges = np.flatnonzero(np.diff(np.concatenate([[False], filled]).astype(int)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _starts_below_names(lines: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[int]:
    """The first characters of the spans that begin a column: a span without a name belongs to the one before it.

    So does one that a single blank sets apart where only one of the two has values: a name of several words.
    """
    named = [bool(lines[0][start:stop].strip()) for start, stop in spans]
    valued = [any(line[start:stop].strip() for line in lines[1:]) for start, stop in spans]
    starts, has_value = [spans[0][0]], valued[0]
    for at in range(1, len(spans)):
        one_name = spans[at][0] - spans[at - 1][1] == 1 and not (has_value and valued[at])
        if named[at] and not one_name:
            starts.append(spans[at][0])
            has_value = valued[at]
        else:
            has_value = has_value or valued[at]
    return starts
