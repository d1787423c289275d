"""Generated tables, spoilt in every usual way: each record ends in one place, and no cell under another's header."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFileError
from core.intake.read import ReadChoices, SourceFile, read
from core.intake.reading.delimited import careful, read_delimited
from core.intake.reading.plain import read_plain, read_regular
from core.intake.reading.records import Dialect

repeatable = settings(derandomize=True, deadline=None, max_examples=60)

HEADER = ["id", "name", "note", "age"]
words = st.text(st.sampled_from("abcXYZäé .'-"), min_size=1, max_size=9)
# The text mark of a spreadsheet before a number is dropped on purpose.
unmarked = words.filter(lambda word: not word.lstrip().startswith("'-"))
notes = st.one_of(unmarked, st.sampled_from(["", "a, b", "x; y", 'say "hi"', "two\nlines", "| |", "NA", "0800"]))
tables = st.lists(st.tuples(words, notes, st.integers(1, 99)), min_size=8, max_size=25).map(
    lambda rows: [[str(1000 + at), f"N{name}", note, str(age)] for at, (name, note, age) in enumerate(rows)]
)
spoilings = st.lists(
    st.tuples(st.integers(1, 25), st.sampled_from(["extra", "missing", "quote", "blank", "empty", "closed inside"])),
    max_size=4,
)


def written(rows, delimiter, quoting=csv.QUOTE_MINIMAL):
    """Each row as a record of text, without its line end."""
    texts = []
    for row in rows:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerow(row)
        texts.append(text.getvalue()[:-2])
    return texts


def spoil(records, spoilings, delimiter):
    """Records with some spoilt, each once at most: a row that loses a cell and gains another looks whole."""
    kept, added = list(records), dict.fromkeys(range(len(records)), "none")
    for at, how in spoilings:
        at = 1 + at % (len(records) - 1)
        if added[at] != "none":
            continue
        added[at] = how
        if how == "extra":
            kept[at] += delimiter + "more"
        elif how == "missing":
            kept[at] = kept[at].rpartition(delimiter)[0]
        elif how == "quote":
            kept[at] = kept[at].replace(delimiter, delimiter + '"', 1)
        elif how == "closed inside":
            kept[at] = kept[at].replace(delimiter, delimiter + '"q"', 1)
    before = {"empty": [delimiter * 3], "blank": [""]}
    return [one for at, record in enumerate(kept) for one in [*before.get(added[at], []), record]]


@repeatable
@given(
    tables,
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    spoilings,
    st.sampled_from([[], ["Customers of the bank"], ["Customers of the bank", "", "Printed on Monday"]]),
    st.sampled_from([[], ["(3 rows affected)"], ["", "Source: the bank"]]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"]),
)
def test_each_cell_kept_is_the_cell_that_was_written(rows, delimiter, end, spoilings, above, below, encoding):
    records = spoil(written([HEADER, *rows], delimiter), spoilings, delimiter)
    content = end.join([*above, *records, *below, ""]).encode(encoding)
    try:
        table = read(SourceFile("bank.csv", content)).tables[0]
    except UnreadableFileError:
        return
    if table.decisions["header row"] == f"line {len(above) + 1}":
        assert list(table.frame.columns) == HEADER
    known = {tuple(row) for row in rows}
    found = [tuple(row) for row in table.frame.astype("str").itertuples(index=False)]
    assert table.decisions["delimiter"].replace("tab", "\t") == delimiter
    assert [row for row in found if row not in known and '"' not in "".join(row)] == []
    if not any(how in {"quote", "closed inside"} for _, how in spoilings):
        filled = [one for one in [*above, *records, *below] if one]
        assert len(table.frame) + len(table.rejected) + 1 == len(filled)
        assert not [row for row in found if row not in known]


plain_text = st.text(st.sampled_from("ab1é,; \t.\r\n\x01"), max_size=120)


@repeatable
@given(plain_text, st.sampled_from([",", ";", "\t", " ", "\x01", "\x00"]), st.integers(1, 4))
@example("\r\t", ",", 1)
def test_text_without_quotes_is_read_alike_on_both_ways(text, delimiter, width):
    content = text.encode()
    slow = careful("a.csv", content, Dialect(delimiter), width)
    same_grids(read_plain("a.csv", content, delimiter, width), slow)


quoted_cells = st.text(st.sampled_from('ab1é,; \t"'), max_size=6).map(lambda cell: '"' + cell.replace('"', '""') + '"')
cells_of_lines = st.one_of(quoted_cells, quoted_cells, st.text(st.sampled_from("ab1é '"), max_size=4))
quoted_lines = st.lists(st.tuples(cells_of_lines, cells_of_lines), min_size=1, max_size=9)


@repeatable
@given(quoted_lines, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_regularly_quoted_text_is_read_alike_on_both_ways(lines, delimiter, end, ended):
    content = (end.join(map(delimiter.join, lines)) + end * ended).encode()
    fast = read_regular("a.csv", content, delimiter, 2, '"')
    assert fast is not None
    same_grids(fast, careful("a.csv", content, Dialect(delimiter), 2))


@repeatable
@given(st.text(st.sampled_from('aa,,"""\n\r '), max_size=30), st.sampled_from(["", '"b",c\n' * 3]), st.integers(2, 4))
def test_irregularly_quoted_text_is_left_to_the_careful_way(text, more, width):
    content = (more + text).encode()
    fast = read_regular("a.csv", content, ",", width, '"')
    if fast is not None:
        same_grids(fast, careful("a.csv", content, Dialect(","), width))


def same_grids(fast, slow):
    """Rows, what is no row, and the text of each, are the same."""
    assert fast.lines.tolist() == slow.lines.tolist()
    assert (list(fast.malformed), fast.blank) == (list(slow.malformed), slow.blank)
    for one, other in zip(fast.columns, slow.columns, strict=True):
        assert one.codes.tolist() == other.codes.tolist()
        assert one.distinct.to_pylist() == other.distinct.to_pylist()
    assert fast.raw(fast.lines.tolist()) == slow.raw(slow.lines.tolist())


lines_of_files = st.lists(st.text(alphabet="ab1,;\t|\"' \u2028", max_size=12), min_size=1, max_size=12)


@repeatable
@given(lines_of_files, st.sampled_from(["\n", "\r\n"]), st.sampled_from([0, -1]))
def test_each_record_is_a_row_a_reject_or_the_header(lines, end, header_row):
    content = end.join(lines).encode()
    try:
        table = read(SourceFile("a.csv", content), ReadChoices(header_row=header_row)).tables[0]
        grid, _ = read_delimited("a.csv", content)
    except UnreadableFileError:
        return
    headers = int(table.decisions["header row"].startswith("line"))
    assert len(table.frame) + len(table.rejected) + headers == len(grid.lines) + len(grid.malformed)
    assert len(set(table.frame.columns)) == len(table.frame.columns)
    raw = sum(text.count(character) for text in table.rejected["raw_text"] for character in "ab1")
    kept = sum(
        str(cell).count(character) for cell in table.frame.astype("str").to_numpy().ravel() for character in "ab1"
    )
    named = sum("".join(lines).count(character) for character in "ab1") - raw - kept
    assert named == 0 if not headers else named >= 0


@pytest.mark.parametrize(
    ("text", "columns", "lines", "rejected"),
    [
        ("Report\n\nid;name;age\n;text;years\n1;A;3\n2;B;4\nTotal;;7\n", ["id", "name", "age"], [5, 6], {
            1: "above the header", 4: "describes the columns", 7: "a total, not a row"}),
        ("id,name\n1,A\nid,name\n2,B\n , \n3,C\n(3 rows affected)\n", ["id", "name"], [2, 4, 6], {
            3: "repeats the header", 5: "every cell is blank",
            7: "below the table: 1 cell where the header has 2"}),
        ("1,A\n2,B\n3,C\n", ["column 1", "column 2"], [1, 2, 3], {}),
        ("a,b\n1,2,\n3,4,\n", ["a", "b"], [2, 3], {}),
        ("a,,b,\n1,,2,\n3,,4,\n", ["a", "b"], [2, 3], {}),
        ("id,n,v\n--,--,--\n1,2,3\n", ["id", "n", "v"], [3], {2: "a ruled line"}),
        ("id~n\n1~2\n3~4\n", ["id", "n"], [2, 3], {}),
        ("id n\n1 2\n3 4\n", ["id", "n"], [2, 3], {}),
        ("id\x01n\n1\x012\n3\x014\n", ["id", "n"], [2, 3], {}),
        ("id#n#v\n1#2#3\n3#4#5\n", ["id", "n", "v"], [2, 3], {}),
        ("id!n!v\n1!2!3\n3!4!5\n", ["id", "n", "v"], [2, 3], {}),
        ("id&n&v\n1&a&2\n3&b&4\n", ["id", "n", "v"], [2, 3], {}),
        ("id*n*v\n1*2*3\n3*4*5\n", ["id", "n", "v"], [2, 3], {}),
        ("unit\n12 Main St #5\n13 High St #6\n", ["unit"], [2, 3], {}),
        ("note\n* one\n* two\n", ["note"], [2, 3], {}),
        ("a,b,c,\n1,2,3\n4,5,6\n", ["a", "b", "c"], [2, 3], {}),
        ("firm\nA&B Ltd\nC&D Pty\n", ["firm"], [2, 3], {}),
        ("a,b,c,\n1,2,3,\n4,5,6,\n7,8,9\n", ["a", "b", "c"], [2, 3], {
            4: "below the table: 3 cells where the header has 4"}),
        ("Customers\nname,city\nAnn,Perth\nBo,Sydney\n", ["name", "city"], [3, 4], {1: "above the header"}),
        ("address\nMain St,Perth\nHigh St,Sydney\n", ["address"], [2, 3], {}),
        ("born\n01/02/1980\n03/04/1990\n", ["born"], [2, 3], {}),
        ("income\n1,200\n3,400\n", ["income"], [2, 3], {}),
        ("id|'n'\n1|'a|b'\n2|'c'\n", ["id", "n"], [2, 3], {}),
        ('id, n\n1, "a, b"\n2, "c"\n', ["id", "n"], [2, 3], {}),
    ],
)  # fmt: skip
def test_the_layout_is_found(text, columns, lines, rejected):
    table = read(SourceFile("a.csv", text.encode())).tables[0]
    assert (list(table.frame.columns), list(table.frame.index)) == (columns, lines)
    assert dict(zip(table.rejected["line"], table.rejected["reason"], strict=True)) == rejected


@pytest.mark.parametrize(
    ("text", "choices", "columns"),
    [
        ("a;b,c\n1;2,3\n", ReadChoices(delimiter=";"), ["a", "b,c"]),
        ("a,b\n1,2\n", ReadChoices(header_row=-1), ["column 1", "column 2"]),
        ("x,y\na,b\n1,2\n", ReadChoices(header_row=2), ["a", "b"]),
        ("1,2\n3,4\n", ReadChoices(header_row=1), ["1", "2"]),
        ("é,b\n1,2\n", ReadChoices(encoding="Windows-1252"), ["Ã©", "b"]),
    ],
)
def test_the_analyst_decides_otherwise(text, choices, columns):
    assert list(read(SourceFile("a.csv", text.encode()), choices).tables[0].frame.columns) == columns


@pytest.mark.parametrize(
    ("text", "name", "cell"),
    [
        ('id,n\n1,"a ""x"" b"\n2,"c"\n', "n", 'a "x" b'),
        ('id,n,v\n1,"a \\"x\\", b",3\n2,"c",4\n', "n", 'a "x", b'),
        ('id,n\n1,"C:\\"\n2,"c"\n', "n", "C:\\"),
    ],
)
def test_quotes_inside_cells_are_doubled_or_escaped(text, name, cell):
    assert read(SourceFile("a.csv", text.encode())).tables[0].frame[name].astype("str").iloc[0] == cell
