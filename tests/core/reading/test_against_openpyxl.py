"""Made workbooks, cell by cell: each text is what openpyxl reads, as Excel shows it."""

import io
import re
from html import escape

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from core.intake.read import SourceFile
from core.intake.reading import workbook as reader
from core.intake.reading.serials import value_text
from tests.core.reading.test_package import BOOK, MAIN, SHEET, STYLES, TYPES, packed, parts_of
from tests.workbooks import workbook

texts = st.text(st.sampled_from("aé 0<&>\"'_x\n\r\t%$,.-=]😀"), max_size=6) | st.sampled_from(
    ["", " ", "0800", "_x000D_", "a_x005F_x", "#N/A", "1e5", " x", "x\n", "]]>", "true", "NULL", "\u00a0", "x005F_"]
)
numbers = st.one_of(
    st.integers(-(10**9), 10**9).map(str), st.integers(-999, 999).map(str), st.floats(-1e6, 3e6).map(repr),
    st.floats(0, 1).map(repr), st.sampled_from(["0", "-0.0", "1e-7",
    "60", "59.5", "2958465", "2958466", "0.99999999999", "0.1", "5E-324", "43831.5"]),
)  # fmt: skip
longs = st.integers(-(10**20), 10**20).map(str) | st.sampled_from(["1E+15", "1000000000000000", "-999999999999999"])
cells = st.one_of(
    st.tuples(st.just("shared"), texts), st.tuples(st.just("inline"), texts), st.tuples(st.just("result"), texts),
    st.tuples(st.just("number"), numbers), st.tuples(st.just("long"), longs), st.tuples(st.just("formula"), numbers),
    st.tuples(st.just("error"), st.sampled_from(["#N/A", "#DIV/0!", "#REF!"])), st.tuples(st.just("none"), st.just("")),
    st.tuples(st.just("boolean"), st.sampled_from("012")), st.tuples(st.just("uncomputed"), st.just("")),
)  # fmt: skip
# Forms of cells that XML allows and few programs write: what follows the reference and the style.
raw_cells = st.tuples(
    st.sampled_from(["", ' t="n"', ' t = "n"', ' t="s"', " t='s'", ' t="str"', ' t="e"', ' t="odd"',
                     ' t="b"', ' cm="1"']),
    st.sampled_from([
        "<v>1</v>", "<v><![CDATA[1]]></v>", "<v>&#49;</v>", "<v><!-- a -->1</v>", "<v>1</v><f>A1</f>", "<v> 1 </v>",
        "<v>\n1</v>", "<v>+1</v>", "<v>01</v>", '<v xml:space="preserve">1</v>', "<v >1</v >", "<?a b?><v>1</v>",
        '<v>1</v><extLst><ext uri="x"><v>7</v></ext></extLst>', "<!-- <v>5</v> --><v>1</v>", "<f>A1</f> <v>1</v>",
        f'<x:v xmlns:x={MAIN[6:]}>1</x:v>', '<v xmlns="other">5</v><v>1</v>', "<v/>", "<v></v>", "<f/><v>1</v>",
    ]),
) | st.tuples(
    st.sampled_from([' t="str"', ' t = "str"', ' t="e"', ' t="odd"']),
    st.sampled_from(["#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA", "a b", " a", "_x000D_", "&lt;&amp;",
                     "a<![CDATA[<]]>"])
    .map(lambda text: f"<v>{text}</v>"),
) | st.tuples(
    st.just(' t="inlineStr"'),
    st.sampled_from([
        "<is><t>a</t></is>", '<is><t>a</t><rPh sb="0" eb="1"><t>b</t></rPh></is>',
        "<is><r><t>a</t></r><r><t> b</t></r></is>",
        "<is><t/></is>", "<is/>", "<is><t>a<!-- b -->c</t></is>", "<is><t>&#97;&quot;</t></is>", "<v>1</v>",
        '<is><t>a</t></is><extLst><ext uri="x"/></extLst>', "<is> <t>a</t></is>",
    ]),
)  # fmt: skip
raw = st.tuples(st.just("raw"), raw_cells)
FORMATS = [
    "General", "0", "0.00%", "$#,##0.00", "yyyy-mm-dd", "h:mm:ss", "[h]:mm:ss", "dd/mm/yyyy hh:mm", "#,##0_);[Red]-0",
    '"day" 0', "[$-409]d-mmm-yy", "mmm yy;@", "0;yy", "@",
]  # fmt: skip
TEXTS = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
rows = st.lists(st.lists(st.tuples(cells, st.integers(0, len(FORMATS) - 1)), max_size=5), min_size=1, max_size=6)

raw_rows = st.lists(
    st.lists(st.tuples(raw | cells, st.integers(0, len(FORMATS) - 1)), max_size=3), min_size=1, max_size=3
)


def made(rows, *, from_1904=False, references=True, preserved=True):
    """A workbook of cells written by hand."""
    shared, lines = [], []
    for number, row in enumerate(rows, 1):
        line = ""
        for column, ((kind, value), style) in zip("ABCDE", row, strict=False):
            place = f' r="{column}{number}"' if references else ""
            line += _cell(kind, value, f'{place} s="{style}"', shared, ' xml:space="preserve"' if preserved else "")
        lines.append(f'<row r="{number}">{line}</row>' if references else f"<row>{line}</row>")
    formats = "".join(f'<numFmt numFmtId="{200 + at}" formatCode="{escape(code)}"/>' for at, code in enumerate(FORMATS))
    styles = "".join(f'<xf numFmtId="{200 + at}"/>' for at in range(len(FORMATS)))
    parts = parts_of(workbook(People=[["id"]]))
    link = f'<Relationship Type="{TYPES}/sharedStrings" Target="/xl/sharedStrings.xml" Id="texts"/></Relationships>'
    rels = "xl/_rels/workbook.xml.rels"
    return packed(parts | {
        SHEET: f"<worksheet {MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>",
        STYLES: f"<styleSheet {MAIN}><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f"<sst {MAIN}>{''.join(shared)}<si><t>first</t></si><si><t>second</t></si></sst>",
        rels: parts[rels].decode().replace("</Relationships>", link),
        "[Content_Types].xml": parts["[Content_Types].xml"].decode().replace("</Types>", TEXTS),
        BOOK: re.sub(rb"<workbookPr\b", b"<workbookPr date1904=\"1\"", parts[BOOK]) if from_1904 else parts[BOOK],
    })  # fmt: skip


def _cell(kind, value, attributes, shared, space):
    if kind == "raw":
        return f"<c{attributes}{value[0]}>{value[1]}</c>"
    text = f"<t{space}>{escape(value, quote=False)}</t>"
    match kind:
        case "shared":
            shared.append(f"<si>{text}</si>")
            return f'<c{attributes} t="s"><v>{len(shared) - 1}</v></c>'
        case "inline":
            return f'<c{attributes} t="inlineStr"><is>{text}</is></c>'
        case "result":
            return f'<c{attributes} t="str"><f>A1</f><v>{escape(value, quote=False)}</v></c>'
        case "long":
            return f"<c{attributes.replace(' s=', ' x=')}><v>{value}</v></c>"
        case "number":
            return f"<c{attributes}><v>{value}</v></c>"
        case "formula":
            return f"<c{attributes}><f>1+1</f><v>{value}</v></c>"
        case "error":
            return f'<c{attributes} t="e"><v>{value}</v></c>'
        case "boolean":
            return f'<c{attributes} t="b"><v>{value}</v></c>'
        case "uncomputed":
            return f"<c{attributes}><f>1+1</f></c>"
    return f"<c{attributes}/>"


def by_openpyxl(content):
    """Row number → texts, as openpyxl reads them; no row without any value."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    found = {}
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        width = max((at for at, value in enumerate(row, 1) if value is not None), default=0)
        if width:
            found[number] = ["" if value is None else value_text(value) for value in row[:width]]
    return found


def by_reader(content):
    """Row number → texts, as read here."""
    book = reader._open(SourceFile("book.xlsx", content))
    ((_, found),) = book.cells(book.titles[:1])
    grid = found.grid()
    return {int(line): grid.row(at)[: found.widths[at]] for at, line in enumerate(found.lines)}


@settings(derandomize=True, deadline=None, max_examples=60)
@given(rows, st.booleans(), st.booleans(), st.booleans())
def test_each_cell_is_what_openpyxl_reads(rows, from_1904, references, preserved):
    content = made(rows, from_1904=from_1904, references=references, preserved=preserved)
    assert by_reader(content) == by_openpyxl(content)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(raw_rows, st.booleans())
def test_each_form_of_a_cell_is_what_openpyxl_reads(rows, references):
    content = made(rows, references=references)
    assert by_reader(content) == by_openpyxl(content)
