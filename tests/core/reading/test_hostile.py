"""Hostile texts: each ends with a table or a sentence, no record is lost, and the work grows as the text does."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFileError
from core.intake.read import ReadChoices, SourceFile, read
from core.intake.reading import bounds, kinds, records
from core.intake.reading.delimited import careful, read_delimited
from core.intake.reading.records import Dialect

GOOD = "id,name,age,city\n" + "".join(f'{at},N{at},{20 + at},"P{at % 7}"\n' for at in range(30))
chunks = st.one_of(
    st.sampled_from(['"', '""', '"""', "\0", "\r", "\n", "\r\n", ",", ";", "\t", " ", "\\", '\\"', "'", "\ufeff", "-"]),
    st.sampled_from(["a", "12", "1,2\n", '3,"x""y\n', "total", "Ä", "😀", "\u2028", "id,name\n"]),
)  # fmt: skip
hostile = st.lists(st.tuples(chunks, st.sampled_from([1, 1, 2, 70, 500])), max_size=12).map(
    lambda found: "".join(chunk * times for chunk, times in found)
)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.sampled_from(["", GOOD, 'id,note\n1,"a\n']), hostile, st.sampled_from([0, 1, 2, -1]))
def test_every_text_becomes_a_table_or_is_refused_with_a_sentence(above, text, header_row):
    content = (above + text).encode()
    try:
        table = read(SourceFile("a.csv", content), ReadChoices(header_row=header_row)).tables[0]
    except UnreadableFileError:
        return
    grid, _ = read_delimited("a.csv", content.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf"))
    header = table.decisions["header row"].startswith("line")
    if not content.startswith(b"\xef\xbb\xbf" * 2):
        assert len(table.frame) + len(table.rejected) + header == len(grid.lines) + len(grid.malformed)
    assert table.rejected["raw_text"].notna().all()


SHAPES = {
    "a quote closed and opened again": 'x",9,"y\n',
    "doubled quotes": 'y""y\n',
    "each line opens a quote": '9,"x""y,30,Perth\n',
    "a quote closed by the next line": '9,"x""\n',
    "three quotes": '9,"""\n',
    "text behind the closing quote": '9,"",30,"x""y\n8,""a,2,""\n',
    "a quote of many lines": '9,"x\n' + "y\n" * 20,
    "a long line": '9,"' + 'x""' * 300 + "\n",
}


@pytest.mark.parametrize("line", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("closed", ["", 'z"q\n'], ids=["never closed", "closed at the end, with text behind it"])
def test_the_characters_looked_at_grow_as_the_text_does(monkeypatch, line, closed):
    texts = [GOOD + '7,"open\n' + "z\n" * times + line * times + closed for times in (100, 200)]
    scanned = [characters(monkeypatch, text) for text in texts]
    assert scanned[1] < 2.2 * scanned[0]


def characters(monkeypatch, text):
    """How many characters the reader of quoted text looks at."""
    split, looked_at = records._split, []
    with monkeypatch.context() as patched:
        patched.setattr(records, "_split", lambda text, *more: looked_at.append(len(text)) or split(text, *more))
        careful("a.csv", text.encode(), Dialect(","), 4)
    return sum(looked_at)


@pytest.mark.parametrize("cell", ["1" + " " * 90_000 + "x", "-" * 90_000 + "x", "-" + " " * 90_000 + "x"])
def test_no_pattern_sees_more_than_the_begin_of_a_cell(monkeypatch, cell):
    seen = []
    for name in ("NUMBER", "DATE", "NOTE"):
        monkeypatch.setattr(kinds, name, Spy(getattr(kinds, name), seen))
    assert not kinds.typed(cell)
    assert not kinds.noted(cell)
    assert not kinds.ruled([cell])
    assert max(seen) <= kinds.LONGEST


class Spy:
    """A pattern that notes the length of what it is given."""

    def __init__(self, pattern: re.Pattern[str], seen: list[int]) -> None:
        self.pattern, self.seen = pattern, seen

    def fullmatch(self, text: str) -> re.Match[str] | None:
        self.seen.append(len(text))
        return self.pattern.fullmatch(text)


@pytest.mark.parametrize(
    "line", ["9,A\n", '9,"A\n', ",,,\n", "id,name,age,city\n"], ids=["short", "open", "blank", "again"]
)
def test_more_rejected_rows_than_the_limit_are_refused(monkeypatch, line):
    monkeypatch.setattr(bounds, "MAX_REJECTED", 20)
    assert len(read(SourceFile("a.csv", (GOOD + line * 20).encode())).tables[0].rejected) == 20
    with pytest.raises(UnreadableFileError, match="records that are no rows of the table; the limit is 20"):
        read(SourceFile("a.csv", (GOOD + line * 21).encode()))


def test_a_wide_header_is_counted_to_its_end():
    with pytest.raises(UnreadableFileError, match=r"line 1: There are 400,001 columns"):
        read(SourceFile("a.csv", b"ab," * 400_000))


@pytest.mark.parametrize("time", ["10:30", "10:30:15"])
def test_names_parted_by_blanks_above_rows_with_commas_are_their_header(time):
    rows = "".join(f"{at},Ann,Perth,{time}\n" for at in range(9))
    for header in ("id name city at\n", "id name at\n"):
        table = read(SourceFile("a.csv", (header + rows).encode())).tables[0]
        assert table.decisions["delimiter"] in {",", "none (one column)"}
    table = read(SourceFile("a.csv", ("id name city at\n" + rows).encode())).tables[0]
    assert (table.decisions["header row"], list(table.frame)) == ("line 1", ["id", "name", "city", "at"])
    assert table.frame.astype("str").to_numpy().tolist()[0] == ["0", "Ann", "Perth", time]
