"""Cells of a web page that go on in the rows below, in any column."""

import pytest

from core.intake.read import SourceFile, read

ROWS = {
    "first": ('<td rowspan="2">NY</td><td>a</td>', "<td>b</td>", [("NY", "a"), ("NY", "b"), ("TX", "c")]),
    "last": ('<td>a</td><td rowspan="2">NY</td>', "<td>b</td>", [("a", "NY"), ("b", "NY"), ("TX", "c")]),
}


@pytest.mark.parametrize("closed", ["</tr>", ""], ids=["closed", "left open"])
@pytest.mark.parametrize(("first", "second", "expected"), ROWS.values(), ids=ROWS)
def test_a_cell_over_two_rows_is_in_both(first, second, expected, closed):
    head, last = "<tr><th>one</th><th>two</th></tr>", "<tr><td>TX</td><td>c</td></tr>"
    page = f"<html><table>{head}<tr>{first}{closed}<tr>{second}{closed}{last}</table></html>"
    (table,) = read(SourceFile("page.html", page.encode())).tables
    assert list(table.frame.astype("str").itertuples(index=False, name=None)) == expected
