"""A second clustering method, registered from outside, goes the whole way without a line about it in the program."""

import csv
import io
import json
from datetime import date

import numpy as np
import pytest

from core.analysis import Analysis
from core.audit import audit
from core.cli import main
from core.cubes.contents import contents
from core.cubes.file import to_bytes
from core.cubes.opened import opened
from core.errors import DataError
from core.files import json_bytes
from core.pipeline import load, matrix_of, segment, segment_by, structure
from core.reporting.report import report
from core.results import results
from core.rules import Rules
from core.segments.clusterer import (
    Clusterer,
    Clustering,
    FitsPartialSums,
    GivesMargin,
    HasCentres,
    WritesSql,
    digest,
)
from core.segments.evidence import sample
from core.segments.kmeans import KMEANS, CentreClustering
from core.segments.model_file import from_dict, read_model
from core.segments.registry import CLUSTERERS, clusterer_of
from core.segments.score import score_customers
from core.segments.sql import to_sql
from core.segments.sweep import sweep
from core.sources.file import FileSource
from core.spark.segments import check_method
from data.generate import write_sample
from tests.quantiles import Quantiles, registered

RULES = Rules(date(2026, 1, 1))


@pytest.fixture(autouse=True, scope="module")
def method():
    with registered() as method:
        yield method


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("bank") / "bank.csv"
    write_sample(path, customers=600, seed=2)
    return path


@pytest.fixture(scope="module")
def analysis(file, method):
    study = load([FileSource(file.name, file.read_bytes())], RULES)
    matrix = matrix_of(study)
    segments = segment(study, 3, matrix=matrix, clusterer=method)
    return Analysis(study, segments, structure(segments, sample(matrix)))


def test_it_is_numbered_by_wealth_and_named(analysis):
    profile = analysis.segments.profile
    assert profile["cluster"].tolist() == ["1", "2", "3"]
    assert profile["property_valuation"].is_monotonic_decreasing
    assert len({*profile["name"]}) == 3
    assert profile["customers"].tolist() == [202, 182, 192]  # thirds, in whole years of age


def test_its_structure_is_scored_and_k_chosen(analysis, method):
    assert analysis.structure.k == 3
    scores = sweep(matrix_of(analysis.study), [2, 3], clusterer=method)
    assert [one.k for one in scores] == [2, 3]


def test_its_model_is_written_and_read_back_and_gives_others_the_same_segments(analysis):
    written = json_bytes(analysis.model.to_dict())
    document = json.loads(written)
    assert (document["method"], list(document["clustering"])) == ("quantiles", ["bounds"])
    model = read_model(written)
    assert json_bytes(model.to_dict()) == written
    again = segment_by(analysis.study, model)
    assert again.labels.tolist() == analysis.segments.labels.tolist()
    assert again.names == analysis.segments.names
    scored = score_customers(analysis.study.customers, analysis.study.columns, model)
    assert scored["Cluster"].tolist() == analysis.segments.labels.astype("str").tolist()
    assert "Distance" not in scored  # it has no centres
    assert set(scored["Margin"].dropna()) == {1.0}


def test_a_model_of_an_unknown_method_is_refused(analysis):
    document = analysis.model.to_dict() | {"method": "magic"}
    with pytest.raises(DataError, match="its method is 'magic', and this program knows kmeans, latent, quantiles"):
        from_dict(document)


def test_the_report_names_it(analysis):
    text = report(analysis).decode()
    assert "3, by quantiles on age" in text
    assert "Segments: quantiles, seed 0" in text


def test_an_opened_result_has_it(analysis):
    made = contents(analysis.study, analysis.customers, analysis.segments, analysis.structure, analysis.model)
    _, segments, score = opened(to_bytes(made), "stamp")
    assert digest(segments.clustering) == digest(analysis.segments.clustering)
    assert segments.names == analysis.segments.names
    assert score == analysis.structure


def test_it_cannot_be_written_as_sql_and_says_so(analysis):
    assert "segments.sql" not in results(analysis)
    with pytest.raises(DataError, match="segments by quantiles cannot be written as SQL"):
        to_sql(analysis.model)


def test_a_customer_has_no_distance_to_a_centre(analysis, file):
    customer = str(analysis.study.customers["customer_id"].iloc[0])
    found = audit([FileSource(file.name, file.read_bytes())], analysis.study, analysis.segments, customer)
    assert found.distances.empty


def test_it_cannot_be_fitted_on_spark_and_says_so(method):
    with pytest.raises(DataError, match="Segments by quantiles cannot be made on Spark"):
        check_method(method)


def test_the_command_line_takes_it_by_name(file, tmp_path, capsys):
    out = tmp_path / "out"
    command = ["segment", str(file), "--as-of", "2026-01-01", "--k", "3", "--out", str(out)]
    assert main(command) == 0
    assert (out / "segments.sql").exists()
    assert main([*command, "--method", "quantiles"]) == 0
    assert not (out / "segments.sql").exists()
    assert "There is no segments.sql: segments by quantiles cannot be written as SQL." in capsys.readouterr().out
    scored = tmp_path / "scored.csv"
    assert main(["score", str(file), "--model", str(out / "model.json"), "--out", str(scored)]) == 0
    rows = list(csv.DictReader(io.StringIO(scored.read_text("utf-8"))))
    assert {row["Cluster"] for row in rows} >= {"1", "2", "3"}
    with pytest.raises(SystemExit):
        main([*command, "--method", "magic"])
    assert "(choose from kmeans, latent, quantiles)" in capsys.readouterr().err.replace("'", "")


def test_k_means_can_do_all_there_is():
    clustering = CentreClustering(np.array([[0.0], [1.0]]))
    assert isinstance(KMEANS, Clusterer)
    assert isinstance(KMEANS, FitsPartialSums)
    assert [isinstance(clustering, one) for one in (Clustering, HasCentres, WritesSql, GivesMargin)] == [True] * 4


def test_what_is_no_method_or_has_the_key_of_another_is_refused():
    with pytest.raises(ValueError, match="is no Clusterer: it lacks fit, key, label, read, refit"):
        CLUSTERERS.add(object())
    with pytest.raises(ValueError, match="There is a clustering method 'quantiles' already"):
        CLUSTERERS.add(Quantiles())
    with pytest.raises(DataError, match="“magic” is not a clustering method"):
        clusterer_of("magic")
