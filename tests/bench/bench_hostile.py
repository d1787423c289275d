"""How long another visitor's move takes while a hostile file is read: `python -m tests.bench.bench_hostile`.

Each file is small or plain enough to be dropped by anybody; the table says how reading it ended, and in what time.
"""

import io
import random
import sys
import threading
import time
import zipfile
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq

from tests.bench.server import serving
from tests.bench.visitor import PATIENCE, Answer, Visitor

SHEET = "xl/worksheets/sheet1.xml"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(rows: str = "", *, more_sheets: str = "", styles: str = "") -> bytes:
    """A workbook whose sheet has these rows, as XML."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/{SHEET}" ContentType="{TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}"><sheets>'
        f'<sheet name="A" sheetId="1" r:id="rId1"/>{more_sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{SPREADSHEET}"><cellXfs>{styles or "<xf/>"}</cellXfs></styleSheet>',
        SHEET: f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{rows}</sheetData></worksheet>',
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return content.getvalue()


def parquet(**columns: pa.Array) -> bytes:
    """A Parquet file of these columns."""
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


def long_texts() -> bytes:
    """One text of 99,000 characters, a million times."""
    rows = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int32()), pa.array(["x" * 99_000]))
    return parquet(customer_id=pa.array(range(1_000_000)), name=rows)


def constants() -> bytes:
    """Twenty columns of twenty million equal numbers."""
    one = pa.repeat(pa.scalar(1, pa.int8()), 20_000_000)
    return parquet(**{f"c{number}": one for number in range(20)})


def never_closed() -> bytes:
    """Good rows, then lines that each open a quote."""
    good = "".join(f"{row},{row % 90},{row * 7}\n" for row in range(400))
    return f"customer_id,age,balance\n{good}".encode() + b'1,"a""b,2\n' * 9_300_000


def one_cell_short() -> bytes:
    """Every second row lacks a cell."""
    draw = random.Random(1)
    return b"customer_id,age,balance\n" + b"".join(
        b"%d,%d,%d\n%d,%d\n" % (row, draw.randrange(90), draw.randrange(10**6), row, draw.randrange(90))
        for row in range(1_900_000)
    )


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "no file at all": ("", bytes),
    "formula, then 9 million blanks": ("a.xlsx", lambda: workbook("<row><c><f></f>" + " " * 9_000_000 + "</c></row>")),
    "three million formulas begun": ("b.xlsx", lambda: workbook("<row><c>" + "<f " * 3_000_000)),
    "a row far down": ("c.xlsx", lambda: workbook('<row r="1"><c><v>1</v></c></row><row r="99999999999"><c/></row>')),
    "300,000 cells far right": ("d.xlsx", lambda: workbook('<row><c r="ZZZ1"/></row>' * 300_000)),
    "100,000 sheets": (
        "e.xlsx",
        lambda: workbook(
            more_sheets="".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(2, 100_002))
        ),
    ),
    "60 million cells in a row": ("f.xlsx", lambda: workbook("<row>" + "<c/>" * 60_000_000 + "</row>")),
    "50 million styles": ("g.xlsx", lambda: workbook(styles="<xf/>" * 50_000_000)),
    "99 GB of text when decoded": ("h.parquet", long_texts),
    "400 million constants": ("i.parquet", constants),
    "quotes that are never closed": ("j.csv", never_closed),
    "every second row a cell short": ("k.csv", one_cell_short),
}


def measured(name: str, content: bytes) -> list[str]:
    """Seconds until the file is read or refused, the longest move of another visitor meanwhile, and how it ended."""
    with serving(core=0) as server, Visitor(server.port) as theirs, Visitor(server.port) as other:
        theirs.open()
        other.open()
        other.set("k", 4)
        answers: list[Answer] = []
        reading = threading.Thread(target=lambda: answers.append(_done(theirs, name, content)), daemon=True)
        reading.start()
        moves: list[Answer] = []
        while reading.is_alive():
            moves.append(other.set("k", 2 + len(moves) % 28))  # mostly one that is not kept
        failed = any(move.failed for move in (*moves, *answers)) or not answers
        said = [one.body.replace("\\", "") for one in answers[0].texts("alert")] if answers else []
        ended = "failed" if failed else next((one for one in said if name in one), "read")
        seconds = f"{answers[0].seconds:.1f}" if answers else f"over {PATIENCE}"
        return [seconds, f"{max(move.seconds for move in moves):.2f}", f"{server.peak / 1e6:,.0f}", ended[:150]]


def _done(visitor: Visitor, name: str, content: bytes) -> Answer:
    if not content:  # for comparison: nobody drops a file
        time.sleep(10)
        return Answer(10.0)
    return visitor.upload("uploads", name, content)


def main() -> None:
    """Print a row per file, or for those whose number is given."""
    print("| file | MB | read or refused in, s | longest move of another, s | server's peak, MB | how it ended |")
    print("| --- | --- | --- | --- | --- | --- |")
    for number, (what, (name, make)) in enumerate(FILES.items()):
        if len(sys.argv) == 1 or str(number) in sys.argv[1:]:
            content = make()
            print(f"| {' | '.join([what, f'{len(content) / 1e6:.2f}', *measured(name, content)])} |", flush=True)


if __name__ == "__main__":
    main()
