"""What is done otherwise from a certain size on gives the same; the sizes are set so small that any file is beyond."""

import ast
import csv
import io
from contextlib import ExitStack
from datetime import date
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DataError
from core.pipeline import load
from core.rules import Rules
from core.sources.file import FileSource

# Module → its sizes that change no result, with small values of each. A line is shorter than the smallest MAX_ROW.
THRESHOLDS = {
    "core.intake.reading.plain": {
        "HEAD_BYTES": (40, 200, 2_000), "HEAD_ROWS": (1, 2, 8), "DISTINCT_SHARE": (0, 0.5, 0.9, 2),
    },
    "core.intake.reading.bounds": {"MAX_ROW": (100, 150, 1_000)},
    "core.intake.reading.grid": {"CHUNK_ROWS": (1, 2, 7)},
    "core.intake.reading.regular": {"CHUNK_BYTES": (1, 10, 60)},
    "core.intake.reading.decode": {"CHUNK_BYTES": (1, 2, 3, 64)},
}  # fmt: skip
thresholds = st.fixed_dictionaries(
    {
        name: st.fixed_dictionaries({size: st.sampled_from(values) for size, values in sizes.items()})
        for name, sizes in THRESHOLDS.items()
    }
)
rows = st.lists(
    st.tuples(st.integers(1, 9), st.sampled_from(["Zoë", "Bo", ""]), st.integers(10, 40), st.sampled_from([1.5, 2.25])),
    min_size=3, max_size=12,
)  # fmt: skip
spoilt = st.lists(st.tuples(st.integers(1, 12), st.sampled_from([",more", "", "\n", 'x"y', '"open'])), max_size=2)


def text_of(rows, spoilt, quoting, end):
    """A file of rows, some lines spoilt, under a header."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator="\n")
    writer.writerows([["customer_id", "first name", "age", "balance", "note"]])
    writer.writerows([number, name, age, money, f"n{at}"] for at, (number, name, age, money) in enumerate(rows))
    lines = text.getvalue().splitlines()
    for at, more in spoilt:
        lines[at % len(lines)] += more
    return end.join([*lines, ""])


def found(content, sizes):
    """Customers, rejected rows, steps and quality of a file under some sizes; or why it is refused."""
    with ExitStack() as stack:
        for name, values in sizes.items():
            stack.enter_context(patch.multiple(import_module(name), **values))
        try:
            study = load([FileSource("bank.csv", content)], Rules(date(2024, 1, 1)))
        except DataError as error:
            return str(error)
    tables = (study.customers.astype("str"), study.rejected, study.quality)
    return *(table.to_dict("list") for table in tables), study.steps, study.decided, study.sources


@settings(derandomize=True, deadline=None, max_examples=12)
@given(
    rows, spoilt, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "cp1252", "utf-16"]), thresholds,
)  # fmt: skip
def test_no_size_changes_customers_rejects_or_steps(rows, spoilt, quoting, end, encoding, sizes):
    content = text_of(rows, spoilt, quoting, end).encode(encoding)
    assert found(content, sizes) == found(content, {})


@pytest.mark.parametrize("rows", [9_999, 10_000, 10_001])
@pytest.mark.parametrize("repeated", [0, 1])
def test_nearly_different_cells_are_read_at_any_size(rows, repeated):
    cells = [*range(rows - repeated), *range(repeated)]
    content = "\n".join(
        ["customer_id,age,balance", *(f"{at},{20 + at % 50},{cell}.5" for at, cell in enumerate(cells))]
    )
    study = load([FileSource("bank.csv", content.encode())], Rules(date(2024, 1, 1)))
    assert study.customers["balance"].tolist() == [cell + 0.5 for cell in cells]


def test_a_size_set_in_its_module_holds_everywhere():
    copied = [
        f"{path}: {name.name}"
        for path in Path(import_module("core").__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module in THRESHOLDS and "spark" not in path.parts
        for name in node.names
        if name.name in THRESHOLDS[node.module]
    ]
    assert copied == []
