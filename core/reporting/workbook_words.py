"""The last sheets of the workbook: columns, steps, rejected rows, notes, definitions, and the customers."""

from collections.abc import Iterator
from typing import Any, Final

import pandas as pd

from core.analysis import Analysis
from core.customer_base import rows_of
from core.figures import count
from core.intake.meaning.role import PERSONAL_ROLE
from core.reporting import words
from core.reporting.workbook_file import MOST_ROWS
from core.reporting.workbook_tab import Field, Tab
from core.schema import CLUSTER, NO_SEGMENT, SECOND
from core.views.suppress import MINIMUM
from core.visuals.kpis import BY_SEGMENT, KPIS

COLUMNS, STEPS, REJECTED, NOTES, DEFINITIONS = (
    "data_dictionary",
    "applied_steps",
    "rejected_rows",
    "notes",
    "definitions",
)
CUSTOMERS: Final = "customers"
PERSONS: Final = "This sheet holds persons: one row per customer. Handle it as your rules for personal data say."
COUNTS_ONLY: Final = "How many rows are no customers, and why. Their text is in the workbook with customers only."
SHARE: Final = "The share of Yes among the customers of whom it is known."
MEAN: Final = "The mean among the customers of whom it is known."
SMALL_GROUPS: Final = (
    f"Where they are hidden, no group of fewer than {MINIMUM} customers is shown, nor what would give one away."
)
CHUNK: Final = 20_000  # rows that are Python objects at a time
MOST_COLUMNS: Final = 16_384  # of a sheet
LABELS: Final = (CLUSTER, SECOND)  # columns of segments


def dictionary(of: Analysis) -> Tab:
    """Each column of the files: what it is taken for and why, its unit, and how full it is.

    While small groups are hidden, nothing is counted: how many lack a value can be few.
    """
    quality = of.study.quality
    facts = {row["column"]: row for row in quality.to_dict("records")} if "column" in quality else {}
    fields = [
        Field("File"), Field("Header"), Field("Taken for"), Field("Column of the results"), Field("Label"),
        Field("Unit"), Field("Because", width=44), Field("How sure", "share"),
    ]  # fmt: skip
    counted = [Field("Filled", "share"), Field("Valid, of those filled", "share"), Field("Distinct values", "count")]
    rows = []
    for source in of.study.sources:
        for match in source.matches:
            name = of.study.result_columns.get(match.header, "")
            column = of.study.column(name)
            label, unit = (column.label, column.unit) if column else ("", "")
            because = match.evidence if not of.hide else ""
            row = [source.table, match.header, match.label, name, label, unit, because, match.confidence]
            rows.append(
                row + ([] if of.hide else _filled(facts.get(match.role if match.role in facts else name), match.role))
            )
    note = ["How full each column is is hidden with small groups."] if of.hide else []
    return Tab(COLUMNS, "Data dictionary", fields + ([] if of.hide else counted), rows, "Columns of the files", note)


def _filled(fact: dict[str, Any] | None, role: str) -> list[Any]:
    """Share of cells filled, share of these that are valid, distinct values; nothing of a column that is left out."""
    if fact is None or role == PERSONAL_ROLE or not fact["cells"]:
        return [None] * 3
    filled = int(fact["cells"] - fact["blank"])
    return [filled / fact["cells"], (filled - fact["invalid"]) / filled if filled else None, fact.get("distinct")]


def steps(of: Analysis) -> Tab:
    """The applied steps in order; without the examples, which are cells of single customers."""
    rows = [
        (step.title, step.rows_in, step.rows_out, step.column, step.cells_changed, "Yes" if step.warns else "")
        for step in of.study.steps
    ]
    fields = [
        Field("Step", width=60), Field("Rows in", "count"), Field("Rows out", "count"), Field("Column"),
        Field("Cells changed", "count"), Field("Warning"),
    ]  # fmt: skip
    return Tab(STEPS, "Applied steps", fields, rows, "What was done to the files, in order")


def rejected(of: Analysis, *, whole: bool) -> Tab | None:
    """How many rows are no customers, by file and reason; or the `whole` rows. None without rows of a file."""
    if (base := of.study.rows) is None:
        return None
    title = "Rows that are no customers"
    if whole:
        table = base.rejected
        text = Field("Text of the row", "code")
        fields = [Field("File"), Field("Line", "count"), Field("Outcome"), Field("Reason"), text]
        rows = table[["file", "line", "outcome", "reason", "raw_text"]].itertuples(index=False, name=None)
        return Tab(REJECTED, "Rejected rows", fields, rows, title, [PERSONS])
    by = ["file", "outcome", "reason"]
    counts = base.rejected.groupby(by, sort=True).size().reset_index(name="rows")
    fields = [Field("File"), Field("Outcome"), Field("Reason", width=60), Field("Rows", "count")]
    return Tab(REJECTED, "Rejected rows", fields, [*counts.itertuples(index=False, name=None)], title, [COUNTS_ONLY])


def remarks(of: Analysis) -> Tab | None:
    """The analyst's notes on visuals and segments; None without any."""
    if not of.remarks:
        return None
    fields = [Field("Note on", width=36), Field("Note", width=60)]
    rows = words.remarks(of)
    return Tab(NOTES, "Notes", fields, rows, "The analyst's notes")


def definitions(of: Analysis, customers: str) -> Tab:
    """Rules, figures, formulas, method, and what was looked at; `customers` says how many."""
    making = words.making(of)
    rows = [
        *words.facts(of, customers),
        *(("Rule", text) for text in making.points),
        *((kpi.label, hint) for kpi in KPIS.values() if (hint := kpi.hint(of))),
        *((kpi.header, SHARE if kpi.is_flag else MEAN) for kpi in BY_SEGMENT.values()),
        ("Small groups", SMALL_GROUPS),
        *((f"Measure: {one.name}", f"{one.formula} ({one.format})") for one in of.measures),
        ("Rules as the command line reads them", making.code),
    ]
    fields = [Field("Term", width=32), Field("Definition", width=110)]
    return Tab(DEFINITIONS, "Definitions", fields, rows, "Definitions")


def persons(of: Analysis) -> Tab:
    """One row per customer with flags, segment and certainty, as the CSV file has them: up to what a sheet holds."""
    table = rows_of(of.study).with_segments(of.segments).assign(**of.certainties)
    table = table.iloc[:, :MOST_COLUMNS].assign(**{name: _numbered(table[name]) for name in LABELS if name in table})
    whole, most = count(len(table)), count(MOST_ROWS)
    cut = f"The first {most} of {whole} customers: a sheet holds no more. The CSV file has all."
    more = [cut] if len(table) > MOST_ROWS else []
    fields = [_field(table[name], of) for name in table]
    return Tab(CUSTOMERS, "Customers", fields, _rows(table), "Customers", [PERSONS, *more])


def _numbered(labels: pd.Series) -> pd.Series:
    """Labels of segments as numbers, where all of them are; a group that is no segment keeps its name."""
    names = {str(label): str(label) for label in labels.dropna().unique()}
    if not all(name.isdecimal() for name in names if name not in NO_SEGMENT):
        return labels
    return labels.astype("object").map({name: name if name in NO_SEGMENT else int(name) for name in names})


def _field(values: pd.Series, of: Analysis) -> Field:
    """The field of a column of customers, under its name in the results."""
    name = str(values.name)
    if name in LABELS and values.dtype == "object":
        return Field(name, "count")
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return Field(name, "date")
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        whole = bool((values.dropna() % 1 == 0).all())
        return Field(name, "number", of.sign(name), 0 if whole else 2)
    return Field(name, "code")


def _rows(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """The rows as Python objects, some thousands at a time; what is missing is None."""
    for start in range(0, min(len(table), MOST_ROWS), CHUNK):
        part = table.iloc[start : start + CHUNK]
        yield from zip(*(_values(part[name]) for name in part), strict=True)


def _values(values: pd.Series) -> list[Any]:
    if values.dtype == "float32":  # by its shortest decimal: 0.1 is not 0.10000000149
        return [float(str(value)) for value in values.to_numpy()]
    found = values if pd.api.types.is_float_dtype(values.dtype) else values.astype("object").where(values.notna(), None)
    return [*found.tolist()]
