"""The table of files: which there are, which may tell of few, and that the archive holds the same bytes."""

import io
import zipfile
from datetime import date

import pandas as pd
import pytest

from core.analysis import Analysis
from core.cli import main
from core.files import zip_bytes
from core.measures.measure import Measure, from_toml
from core.pipeline import load, matrix_of, segment, segment_by, structure
from core.results import CUSTOMERS_WORKBOOK, FILES, WORKBOOK, archive, results
from core.rules import Rules
from core.segments.evidence import sample
from core.sources.file import FileSource
from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign
from core.strategy.scenario import Scenario, from_json

CUSTOMERS = pd.DataFrame({"customer_id": range(50), "age": range(20, 70), "tenure": [1, 2, 3, 4, 5] * 10})
BANK = CUSTOMERS.to_csv(index=False).encode()
ON_REQUEST = [name for name, file in FILES.items() if file.on_request]
ALWAYS = [name for name in FILES if name not in ("scored.csv", "scenarios.json", "measures.toml", *ON_REQUEST)]
CAMPAIGN = default_campaign(USUAL["Everybody"])


@pytest.fixture(scope="module")
def study():
    return load([FileSource("bank.csv", BANK)], Rules(date(2018, 1, 1)))


def opened(content):
    """An archive's files, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        assert zipped.testzip() is None
        return {name: zipped.read(name) for name in zipped.namelist()}


def test_the_archive_holds_the_files_of_the_command_line(study, tmp_path):
    (tmp_path / "bank.csv").write_bytes(BANK)
    assert (
        main(
            ["segment", str(tmp_path / "bank.csv"), "--as-of", "2018-01-01", "--k", "2", "--out", str(tmp_path / "out")]
        )
        == 0
    )
    segments = segment(study, 2)
    made = opened(archive(Analysis(study, segments, structure(segments, sample(matrix_of(study)), across=True))))
    assert sorted(made) == sorted(ALWAYS)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == made


def test_scenarios_measures_and_scores_are_files_where_there_are_some(study):
    segments = segment(study, 2)
    scenarios, measures = (Scenario("Spring", "all", 20, CAMPAIGN),), (Measure("Old", "share(age >= 40)", "%"),)
    found = structure(segments, sample(matrix_of(study)))
    analysis = Analysis(study, segments, found, scenarios=scenarios, measures=measures)
    analysis = Analysis(study, segments, found, saved=analysis.model, scenarios=scenarios, measures=measures)
    made = results(analysis)
    assert list(made) == [name for name in FILES if name not in ON_REQUEST]
    assert list(results(analysis, *ON_REQUEST)) == list(FILES)
    assert from_json(made["scenarios.json"]()) == scenarios
    assert from_toml(made["measures.toml"]().decode()) == measures
    assert made["scored.csv"]().count(b"\r\n") == 51


def test_no_file_that_could_tell_of_few_is_made_while_these_are_hidden(study):
    scenarios = (Scenario("Some", "all", 20, CAMPAIGN), Scenario("Few", "all", 9, CAMPAIGN))
    analysis = Analysis(study, segment(study, 2), hide=True, scenarios=scenarios)
    assert list(results(analysis)) == ["report.html", "scenarios.json"]
    assert from_json(results(analysis)["scenarios.json"]()) == scenarios[:1]
    asked = results(analysis, WORKBOOK, CUSTOMERS_WORKBOOK)
    assert (WORKBOOK in asked, CUSTOMERS_WORKBOOK in asked) == (True, False)


def test_equal_files_give_an_equal_archive_without_a_time():
    files = {"a.txt": b"a" * 1000, "b/ü.txt": b""}
    content = zip_bytes(files)
    assert opened(content) == files
    assert content == zip_bytes(dict(files))
    assert len(content) < 500
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        assert {entry.date_time for entry in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in zipped.infolist()} == {0o644}


def test_renamed_segments_of_a_saved_model_keep_their_names_in_all_files(study):
    own = segment(study, 2)
    analysis = Analysis(study, own.renamed({"1": "Golden years"}), saved=Analysis(study, own).model)
    made = {
        name: make().decode() for name, make in results(analysis).items() if name not in ("report.html", "summary.zip")
    }
    assert ["Golden years" in made[name] for name in ("model.json", "scored.csv", "segments.csv")] == [True] * 3
    assert own.names["1"] not in made["model.json"] + made["scored.csv"]


def test_a_saved_model_gives_no_rules_where_nobody_is_in_its_segments(study):
    model = Analysis(study, segment(study, 3)).model
    others = load([FileSource("others.csv", b"customer_id,age,tenure\na,,3\nb,40,\n")], study.rules)
    files = results(Analysis(others, segment_by(others, model), None, saved=model))
    assert "segments.sql" in files
    assert "segment_rules.sql" not in files
    assert {name for name, make in files.items() if not make()} == set()


def test_the_workbook_of_the_command_line_has_the_customers_only_if_they_are_asked_for(tmp_path, capsys):
    (tmp_path / "bank.csv").write_bytes(BANK)
    command = [
        "segment",
        str(tmp_path / "bank.csv"),
        "--as-of",
        "2018-01-01",
        "--k",
        "2",
        "--out",
        str(tmp_path / "out"),
    ]
    for options, name, other in (
        (["--xlsx"], WORKBOOK, CUSTOMERS_WORKBOOK),
        (["--xlsx", "--customers"], CUSTOMERS_WORKBOOK, WORKBOOK),
    ):
        assert main([*command, *options]) == 0
        assert (tmp_path / "out" / name).read_bytes().startswith(b"PK")
        assert not (tmp_path / "out" / other).exists(), "one of an earlier run would be of other customers"
    assert main([*command, "--customers"]) == 2
    assert "Add --xlsx." in capsys.readouterr().err
