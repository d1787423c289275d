"""Small files from outside, changed at random: used all the way, or refused with a DataError; nothing else."""

import copy
import io
import json
import tomllib
import zipfile
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.analysis import Analysis
from core.cubes.contents import contents
from core.cubes.file import to_bytes
from core.cubes.opened import opened
from core.documents import Document
from core.encodings import codec_of
from core.errors import DataError, DocumentError
from core.files import json_bytes, zip_bytes
from core.measures import measure
from core.measures.columns import columns_of
from core.pipeline import load, segment, segment_by
from core.reporting.report import report
from core.rules import Rules, from_toml
from core.segments.model_file import read_model
from core.segments.score import score_customers
from core.sources.file import FileSource
from core.strategy import scenario
from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign
from core.views import tables

AS_OF = date(2026, 1, 1)
BANK = FileSource(
    "bank.csv",
    pd.DataFrame(
        {
            "customer_id": range(30),
            "age": [20 + i % 3 for i in range(20)] + [60 + i % 3 for i in range(10)],
            "tenure": [1, 2, 3] * 10,
            "state": ["NSW", "VIC"] * 15,
            "owns_car": ["Yes", "No", ""] * 10,
            "balance": [0.5 * i for i in range(29)] + [None],
        }
    )
    .to_csv(index=False)
    .encode(),
)
# Values that stand in the place of others.
ODD = st.sampled_from(
    [None, True, False, -1, 0, 1, 2, 10**6, 2**53, 2**63, 10**40, -1e-300, 0.5, 1e300, "", "x", "age", "Yes", "1",
     "\x00", "__proto__", "a\\b", "😀" * 20, "=1+1", "2026-01-01", "hex", "utf-16", "\r", [], [1], ["x"], {}, {"x": 1}]
)  # fmt: skip
BYTES = st.sampled_from(
    [b"", b"\x00", b'"', b"[", b"{", b".", b"=", b"e999", b"NaN", b"inf", b"-", b"\\ud800", b"#", b"\xff"]
)
some = settings(
    derandomize=True, deadline=None, max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def ways(value, way=()):
    """The way to each part of a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(deeper for key, part in items for deeper in ways(part, (*way, key)))]


@st.composite
def changed(draw, document):
    """A document with up to two parts replaced, taken out, doubled or renamed."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(0, 2))):
        found = [way for way in ways(document) if way]
        if not found:
            return document
        *above, last = draw(st.sampled_from(found))
        part = document
        for key in above:
            part = part[key]
        change = draw(st.sampled_from(["replace", "remove", "other", "double"]))
        if change == "remove":
            del part[last]
        elif change == "replace":
            part[last] = copy.deepcopy(draw(ODD))
        elif change == "double" and isinstance(part, list):
            part.append(copy.deepcopy(part[last]))
        elif isinstance(part, dict):
            part[draw(st.sampled_from([*part, "x"]))] = copy.deepcopy(part[last])
    return document


@st.composite
def spoiled(draw, content):
    """Bytes of which some are replaced."""
    at, length = draw(st.integers(0, len(content))), draw(st.integers(0, 3))
    return content[:at] + draw(BYTES) + content[at + length :]


def toml_of(document):
    try:
        return tomli_w.dumps(document).encode()
    except (TypeError, ValueError, AttributeError):  # TOML has no null, and no list at its top
        return repr(document).encode("utf-8", "replace")


def fuzzed(document, write):
    return changed(document).map(write) | spoiled(write(document)) | st.binary(max_size=50)


RULES = Rules(AS_OF).to_dict()
RULES["intake"] |= {"columns": {"tenure": "tenure"}, "encoding": "UTF-8", "delimiter": ",", "header_row": 1}


@some
@given(fuzzed(RULES, toml_of))
def test_rules_are_used_or_refused(content):
    try:
        study = load([BANK], from_toml(content, as_of=AS_OF))
        assert segment(study, 2).k
    except DataError:
        return
    assert from_toml(study.rules.to_toml()) == study.rules


MEASURES = {
    "measures": [
        {"name": "Share", "formula": "share(age >= 40 and state = 'NSW') * 2", "format": "%"},
        {"name": "Spend", "formula": "mean(balance) / customers"},
    ]
}


@some
@given(fuzzed(MEASURES, toml_of))
def test_measures_are_used_or_refused(content):
    rows = pd.DataFrame({"Cluster": pd.Categorical(["1", "2"]), "age": [39.0, 40], "balance": [1.5, None]})
    rows = rows.assign(state=pd.Categorical(["NSW", "VIC"]))
    try:
        measures = measure.from_toml(content)
    except DataError:
        return
    assert len(measure.results(rows, measures, columns_of(rows))) == len(measures)
    assert measure.from_toml(measure.to_toml(measures)) == measures


SCENARIOS = json.loads(
    scenario.to_json([scenario.Scenario("One", "All", 1000, default_campaign(USUAL["Mass affluent"]))])
)


@some
@given(fuzzed(SCENARIOS, json_bytes))
def test_scenarios_are_used_or_refused(content):
    try:
        scenarios = scenario.from_json(content)
    except DataError:
        return
    assert len(scenario.compare(scenarios)) == len(scenarios)
    assert scenario.from_json(scenario.to_json(scenarios)) == scenarios


MADE = load([BANK], Rules(AS_OF))
ANALYSIS = Analysis(MADE, segment(MADE, 2))
MODEL = json.loads(json_bytes(ANALYSIS.frozen.to_dict()))


@some
@given(fuzzed(MODEL, json_bytes))
def test_a_model_is_used_or_refused(content):
    try:
        model = read_model(content)
        assert len(score_customers(MADE.customers, MADE.columns, model)) == 30
        assert len(MADE.with_segments(segment_by(MADE, model))) == 30
        load([BANK], model.rules)
    except DataError:
        return
    assert json_bytes(read_model(json_bytes(model.to_dict())).to_dict()) == json_bytes(model.to_dict())


SUMMARY = to_bytes(contents(MADE, MADE.with_segments(ANALYSIS.segments), ANALYSIS.segments, None, ANALYSIS.frozen))
with zipfile.ZipFile(io.BytesIO(SUMMARY)) as archive:
    MEMBERS = {name: archive.read(name) for name in archive.namelist()}
DOCUMENT = json.loads(MEMBERS["summary.json"])
CUBES = [name for name in MEMBERS if name.endswith(".parquet")]


def parquet_of(frame):
    target = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), target)
    return target.getvalue()


@st.composite
def another_cube(draw):
    """A result one of whose cubes has a column less, twice, under another name, or with another value."""
    name = draw(st.sampled_from(CUBES))
    frame = pq.read_table(pa.BufferReader(MEMBERS[name])).to_pandas()
    column, other = draw(st.sampled_from([*frame])), draw(st.sampled_from([*frame, "x", "age", "age_n", "state"]))
    change = draw(st.sampled_from(["drop", "rename", "copy", "value", "rows"]))
    if change == "drop":
        frame = frame.drop(columns=column)
    elif change == "rename" and other not in frame:
        frame = frame.rename(columns={column: other})
    elif change == "copy":
        frame[other] = frame[column]
    elif change == "value":
        value = draw(st.sampled_from([-1, 0, 1, 2**62, np.nan, np.inf, "", "x", "Yes", "Unknown"]))
        frame[column] = frame[column].astype("object")
        frame.loc[draw(st.integers(0, len(frame) - 1)), column] = value
    else:
        frame = frame.head(draw(st.integers(0, len(frame))))
    try:
        return zip_bytes(MEMBERS | {name: parquet_of(frame)})
    except (pa.ArrowException, ValueError):  # texts and numbers in one column
        return zip_bytes(MEMBERS | {name: b""})


def told(document):
    return zip_bytes(MEMBERS | {"summary.json": json_bytes(document)})


@settings(some, max_examples=15)
@given(changed(DOCUMENT).map(told) | another_cube() | spoiled(SUMMARY))
def test_a_result_is_used_or_refused(content):
    try:
        found = Analysis(*opened(content, "stamp"))
    except DataError:
        return
    for build, *arguments in ((tables.totals,), (tables.by_cluster,), (tables.histogram, "age")):
        found.table(build, *arguments)
    assert len(found.results((measure.Measure("m", "sum(tenure)"),), found.formula_columns)) == 1
    assert report(found)


ANY = {"JSON": Document("a test", "JSON", "Stop.", 2**21), "TOML": Document("a test", "TOML", "Stop.", 2**21)}


@pytest.mark.parametrize(
    ("syntax", "text", "message"),
    [
        ("TOML", ".".join(["a"] * 40_000) + "=1", "it has a key of more than 8 parts"),
        ("TOML", " . ".join(['"a"'] * 9) + "=1", "it has a key of more than 8 parts"),
        ("TOML", "[" + ".".join(["a"] * 9) + "]", "it has a key of more than 8 parts"),
        ("TOML", "a={" + ".".join("123456789") + "=1}", "it has a key of more than 8 parts"),
        ("TOML", "a=" + "[" * 5000, "it is nested more than 20 deep"),
        ("TOML", "a='x' # '\nb=" + "[" * 21, "it is nested more than 20 deep"),
        ("TOML", "a='''\n'x' ''' \nb=" + "{a=" * 21, "it is nested more than 20 deep"),
        ("TOML", "a=" + "1" * 5000, "it has a number of more than 100 digits"),
        ("TOML", "a=0x" + "f" * 5000, "it has a number of more than 100 digits"),
        ("TOML", "a=1." + "1" * 5000, "it has a number of more than 100 digits"),
        ("TOML", "a=[" + "1," * 500_000 + "]", "it has more than 500,000 values"),
        ("TOML", "a=1\na=2", "it is not TOML: Cannot overwrite a value"),
        ("TOML", "#" * 2**22, "it is larger than 2 MB"),
        ("JSON", '{"a":' * 5000, "it is nested more than 20 deep"),
        ("JSON", '["\\"",' + "[" * 21, "it is nested more than 20 deep"),
        ("JSON", '"' + '\\"' * 400_000, "it is not JSON: Unterminated string"),
        ("JSON", "[Infinity]", "it is not JSON: 'Infinity' is not a finite number"),
        ("JSON", "[-1e999]", "it is not JSON: '-1e999' is not a finite number"),
        ("JSON", "9" * 5000, "it has a number of more than 100 digits"),
        ("JSON", '["\\udc00"]', "it is not JSON: it has half of a surrogate pair"),
        ("JSON", '{"__proto__": 1, "__proto__": 2}', "it is not JSON: '__proto__' is there twice"),
    ],
)
def test_a_text_that_would_cost_a_parser_much_is_refused(syntax, text, message):
    with pytest.raises(DocumentError) as error:
        ANY[syntax].plain(text.encode(), "f")
    assert str(error.value).startswith(f"f: This is not a test: {message}")


@pytest.mark.parametrize(
    "text", ["a.b.c.d.e.f.g=1", "a='''[[[[[[[[[[[[[[[[[[[[[[['''", '"a.a.a.a.a.a.a.a.a"=1', "a=[1.5,2.5]"]
)
def test_brackets_and_dots_in_texts_do_not_count(text):
    assert ANY["TOML"].plain(text, "f") == tomllib.loads(text)


def test_no_more_of_a_file_is_read_than_it_may_have(tmp_path):
    path = tmp_path / "large"
    path.write_bytes(b" " * 2**22)
    assert len(ANY["JSON"].bytes_of(path)) == 2**21 + 1


@pytest.mark.parametrize(
    "encoding", ["idna", "hex", "zlib", "rot13", "undefined", "punycode", "utf-7", "unicode_escape", "a\0b", "ü"]
)
def test_what_is_no_encoding_of_a_file_is_refused(encoding):
    with pytest.raises(DataError, match="There is no encoding"):
        codec_of(encoding)


ENCODINGS = ["cp037", "gb18030", "shift_jis", "johab", "iso2022_jp", "utf-16", "utf-32"]


@some
@given(
    st.binary(min_size=1, max_size=200),
    st.sampled_from(ENCODINGS),
)
def test_a_file_in_any_encoding_is_read_or_refused(content, encoding):
    content = "customer_id,age\n1,20\n".encode(encoding) + content
    try:
        load([FileSource("a.csv", content)], from_toml(f'intake.encoding = "{encoding}"', as_of=AS_OF))
    except DataError:
        return
