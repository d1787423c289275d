"""The file of a result: what was written is read back; anything else is refused with what was found."""

import io
import json
import zipfile
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import get_args, get_type_hints

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.analysis import Analysis
from core.cubes.contents import contents
from core.cubes.file import NAME, VERSION, read, to_bytes
from core.cubes.metadata import Metadata
from core.errors import DocumentError
from core.files import zip_bytes
from core.pipeline import load, matrix_of, segment, structure
from core.rules import Rules
from core.segments.evidence import sample
from core.sources.file import FileSource

BANK = pd.DataFrame(
    {
        "customer_id": range(30),
        "age": [20 + i % 3 for i in range(20)] + [60 + i % 3 for i in range(10)],
        "tenure": [1, 2, 3] * 10,
        "state": ["NSW", "VIC"] * 15,
        "spend": [0.5] * 29 + [None],
    }
)


@pytest.fixture(scope="module")
def made():
    study = load([FileSource("bank.csv", BANK.to_csv(index=False).encode())], Rules(date(2026, 1, 1)))
    segments = segment(study, 2)
    analysis = Analysis(study, segments, structure(segments, sample(matrix_of(study)), across=True))
    return contents(study, analysis.customers, segments, analysis.structure, analysis.frozen)


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_is_written_is_read_back(made):
    found = read(to_bytes(made))
    assert (found.metadata, found.model.to_dict()) == (made.metadata, made.model.to_dict())
    for one, other in zip(found.cubes, made.cubes, strict=True):
        pd.testing.assert_frame_equal(one, other)


def metadata(change):
    """A change of the JSON."""

    def changed(files):
        document = json.loads(files["summary.json"])
        change(document)
        return files | {"summary.json": json.dumps(document).encode()}

    return changed


def cube(change):
    """A change of the first cube."""

    def changed(files):
        target = io.BytesIO()
        frame = change(pq.read_table(pa.BufferReader(files["cube_1.parquet"])).to_pandas())
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), target)
        return files | {"cube_1.parquet": target.getvalue()}

    return changed


CHANGES = {
    "no JSON": (lambda files: {"cube_1.parquet": files["cube_1.parquet"]}, "there is no summary.json with cubes"),
    "no cube": (lambda files: {"summary.json": files["summary.json"]}, "there is no summary.json with cubes"),
    "not JSON": (lambda files: files | {"summary.json": b"{"}, "it is not JSON: Expecting property name"),
    "a list": (lambda files: files | {"summary.json": b"[]"}, "summary.json is of another kind"),
    "half a cube": (lambda files: files | {"cube_1.parquet": files["cube_1.parquet"][:90]}, "it is damaged, or of"),
    "another version": (metadata(lambda file: file.update(version=9)), "it is of version 9, and"),
    "no model": (metadata(lambda file: file.pop("model")), "This is not a saved model: its format is not"),
    "no columns": (metadata(lambda file: file["told"].pop("columns")), "“told” lacks “columns”"),
    "a surplus": (metadata(lambda file: file["told"].update(more=1)), "“told” has an unknown 'more'"),
    "a text": (metadata(lambda file: file["told"].update(rows_read="9")), "is not a whole number but '9'"),
    "segments": (metadata(lambda file: file["told"]["portrait"]["means"].pop()), "not those of the model"),
    "scores": (metadata(lambda file: file["told"]["structure"]["observed"].update(across=[0.5])), "the scores are not"),
    "a measure": (metadata(lambda file: file["told"].update(value_measures=["x"])), "there is no column x"),
    "an answer": (metadata(lambda file: file["model"]["features"][0].update(yes_no=True, name="q")), "no column q"),
    "a number less": (metadata(lambda file: file["told"]["deviations"].pop("age")), "not those of the numbers"),
    "a deviation": (metadata(lambda file: file["told"]["deviations"].update(age=-1.0)), "a deviation is none"),
    "a column": (cube(lambda frame: frame.assign(secret="x")), "a cube has a column “secret”"),
    "a type": (cube(lambda frame: frame.assign(state=1.5)), "a cube has a column “state”"),
    "no flag": (cube(lambda frame: frame.drop(columns="High_Potential_Flag")), "a cube lacks what every cube has"),
    "a segment": (cube(lambda frame: frame.assign(Cluster="7")), "a cube has a value of “Cluster” that cannot be"),
    "a count": (cube(lambda frame: frame.assign(customers=0)), "a cube has a value of “customers” that cannot be"),
    "a sum": (cube(lambda frame: frame.assign(age_sum_0=2**62)), "a cube has a value of “age_sum_0” that cannot be"),
    "no count": (cube(lambda frame: frame.astype({"customers": "Int64"}).assign(
        customers=lambda cells: cells["customers"].where(cells.index > 0))), "a cube lacks a value of “customers”"),
    "endless ages": (cube(lambda frame: frame.assign(age=np.inf)), "a cube has a value of “age” that cannot be"),
    "endless bins": (cube(lambda frame: frame.assign(**{"spend by 1": -np.inf})), "a cube has a value of “spend by 1”"),
    "an age": (cube(lambda frame: frame.assign(age=1e9 * (frame.index == 0))), "a cube has a value of “age”"),
    "a kind": (metadata(lambda file: file["told"]["columns"][1].update(kind="category")), "is no such column"),
    "a large number": (metadata(lambda file: file["told"].update(rows_read=10**30)), "a whole number but 1e+30"),
    "a sum alone": (cube(lambda frame: frame.drop(columns="tenure_n")), "lacks a sum or a count of “tenure”"),
    "a count alone": (cube(lambda frame: frame.drop(columns="tenure_sum_0")), "lacks a sum or a count of “tenure”"),
    "two sums": (cube(lambda frame: frame.assign(tenure_sum_1=0)), "lacks a sum or a count of “tenure”, or has two"),
    "no sums": (cube(lambda frame: frame.drop(columns=["tenure_n", "tenure_sum_0"])), "lacks a sum or a count of"),
    "many entries": (lambda files: files | {str(i): b"" for i in range(1000)}, "files in the archive; the limit"),
    "too few": (cube(lambda frame: frame[1:]), "a cube has 2"),
    "nobody": (cube(lambda frame: frame[:0]), "a cube has 0 cells"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "found"), CHANGES.values(), ids=CHANGES)
def test_a_changed_file_is_refused_and_told_why(made, change, found):
    content = zip_bytes(change(members(to_bytes(made))))
    with pytest.raises(DocumentError) as refused:
        read(content, NAME)
    assert found in str(refused.value)
    assert str(refused.value).endswith("Open a summary.zip that this program wrote.")


@pytest.mark.parametrize("content", [b"", b"PK", b"customer_id,age\n1,2\n", b"\x00" * 99])
def test_what_is_no_archive_is_refused(content):
    with pytest.raises(DocumentError, match="damaged, or of another kind"):
        read(content)


def test_another_packing_is_refused_before_it_is_unpacked(made):
    """Damaged, each raises errors of its own."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in members(to_bytes(made)).items():
            archive.writestr(name, content)
    damaged = bytearray(target.getvalue())
    damaged[60:160] = bytes(100)
    with pytest.raises(DocumentError, match="it is packed in another way"):
        read(bytes(damaged))


def test_a_cube_of_another_model_is_refused(made):
    one = made.cubes[0]
    moved = one.assign(Cluster=one["Cluster"].cat.rename_categories({"1": "2", "2": "1"}))
    sizes = dict(made.model.sizes)
    assert sizes["1"] != sizes["2"]
    with pytest.raises(DocumentError, match="the customers by segment are not those of the model"):
        read(to_bytes(replace(made, cubes=(moved,))))


def test_more_unpacked_bytes_than_allowed_are_refused(made, monkeypatch):
    monkeypatch.setattr("core.cubes.file.MOST_BYTES", 100)
    with pytest.raises(DocumentError, match="bytes when unpacked; the limit is 100"):
        read(to_bytes(made))


def test_texts_that_share_a_long_beginning_are_refused_before_they_are_unpacked(made):
    """Encoded, a million of them take a few kilobytes."""
    frame = pq.read_table(pa.BufferReader(members(to_bytes(made))["cube_1.parquet"])).to_pandas()
    frame = pd.concat([frame] * 20, ignore_index=True)
    frame["state"] = ["x" * 50_000 + str(row) for row in range(len(frame))]
    table, target = pa.Table.from_pandas(frame, preserve_index=False), io.BytesIO()
    pq.write_table(table, target, use_dictionary=False, column_encoding={"state": "DELTA_BYTE_ARRAY"})
    files = members(to_bytes(made)) | {"cube_1.parquet": target.getvalue()}
    with pytest.raises(DocumentError, match="it is damaged"):
        read(zip_bytes(files))


def fields_of(kind):
    """The fields of a dataclass, and of those in it, by name."""
    found = {kind.__name__: " ".join(one.name for one in fields(kind))}
    for hint in get_type_hints(kind).values():
        for inner in (hint, *get_args(hint)):
            found |= fields_of(inner) if is_dataclass(inner) and inner is not kind else {}
    return found


def test_another_form_of_what_is_told_is_another_version():
    """Where this fails, write the fields down anew; raise VERSION unless files without a new field can be read."""
    assert VERSION == 2
    assert fields_of(Metadata) == {
        "Metadata": "columns value_measures rows_read rows_merged set_aside sources steps quality decided portrait "
        "structure deviations country territories",
        "Territories": "files fit column label areas empty unplaced outside options said doubt",
        "Territory": "code name polygons",
        "BordersFile": "name features left_out",
        "Fit": "file property header matched values territories joined",
        "Column": "name kind label unit headers values low high more less cleaning meaning header times currency",
        "TableSource": "table rows rejected decisions matches use sheets",
        "Match": "header role confidence evidence samples meaning times currency phones",
        "Step": "title rows_in rows_out column cells_changed example switch warns",
        "ColumnQuality": "column label cells blank invalid",
        "SegmentProfile": "means z mean inertia missing levels",
        "Score": "k observed reference features fewer many_have_none bic",
        "Quality": "inertia silhouette even calinski_harabasz davies_bouldin smallest apart stability jaccard "
        "silhouettes amplitudes clouds across",
        "Separation": "inertia silhouette even",
    }
