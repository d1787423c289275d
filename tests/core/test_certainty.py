"""How sure each customer's segment is: against refits that it was not learned from, and in all that shows it."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.analysis import Analysis
from core.certainty import NO_ROWS, OLD_MODEL, TOO_FEW
from core.cubes.opened import opened
from core.errors import DataError
from core.files import json_bytes
from core.intake.roles import propose
from core.pipeline import load, segment, segment_by
from core.results import results
from core.rules import Rules
from core.schema import CERTAINTIES, CLUSTER, SURE
from core.segments import certainty as module
from core.segments import features
from core.segments.certainty import MOST_KNOTS, UNSURE, Curve, calibrate, calibrated, certainties, matched
from core.segments.choice import FeatureChoice
from core.segments.features import feature_matrix
from core.segments.kmeans import KMEANS, CentreClustering
from core.segments.latent import LATENT
from core.segments.model_file import from_dict, read_model
from core.segments.score import score_customers
from core.sources.file import FileSource
from core.views.tables import totals
from data.generate import write_sample

ROWS, FRESH = 1_200, 40


def blobs(seed, *, groups=4, features=3, apart=1.6, rows=ROWS):
    """Customers around some middles, none of them far from another."""
    rng = np.random.default_rng(seed)
    middles = apart * rng.normal(size=(groups, features))
    points = middles[rng.integers(0, groups, rows)] + rng.normal(size=(rows, features))
    return pd.DataFrame(points, columns=[f"number_{at}" for at in range(features)])


def long_tails(seed):
    """Customers without groups."""
    return pd.DataFrame(np.exp(0.7 * np.random.default_rng(seed).normal(size=(ROWS, 3))), columns=list("xyz"))


def mixed(seed):
    """Three groups of customers that differ in two numbers and two categories."""
    rng = np.random.default_rng(seed)
    group = rng.choice(3, ROWS, p=[0.5, 0.3, 0.2])
    numbers = np.array([[0.0, 0], [2, 1], [0, 3]])[group] + rng.normal(size=(ROWS, 2))
    levels = {
        name: pd.Categorical(np.array(list("abc"))[np.where(rng.random(ROWS) < usual, group, rng.integers(0, 3, ROWS))])
        for name, usual in (("channel", 0.6), ("job", 0.4))
    }
    return pd.DataFrame({"x": numbers[:, 0], "y": numbers[:, 1], **levels})


def fitted(customers, k, clusterer=KMEANS):
    matrix = feature_matrix(customers, FeatureChoice(tuple(customers), categories=clusterer is LATENT))
    return matrix, clusterer.fit(matrix, k, seed=0)


def agreement(matrix, clustering, clusterer):
    """How many of some fits on resamples of all customers put each in the same segment, with the method's own fit."""
    within, k = clustering.assign(matrix.points), len(clustering.means)
    same = np.zeros(len(within))
    for at in range(FRESH):
        drawn = np.random.default_rng([12_345, at]).integers(0, len(within), len(within))
        resample = replace(
            matrix, values=matrix.values[drawn], codes=matrix.codes[drawn], complete=np.ones(len(within), bool)
        )
        again = clusterer.fit(resample, k, seed=777 + at).assign(matrix.points)
        same += matched(within, again, np.ones(len(within)), k) == within
    return same / FRESH


def calibration_error(certainty, share):
    """The expected calibration error over ten bins (Naeini, Cooper and Hauskrecht 2015)."""
    bins = np.minimum((certainty * 10).astype(int), 9)
    inside = [bins == at for at in range(10) if (bins == at).any()]
    return sum(one.mean() * abs(certainty[one].mean() - share[one].mean()) for one in inside)


@pytest.mark.parametrize(
    ("customers", "k", "clusterer"),
    [(blobs(0), 4, KMEANS), (blobs(3), 5, KMEANS), (long_tails(1), 4, KMEANS), (mixed(0), 3, LATENT)],
    ids=["groups that overlap", "a segment too many", "no groups", "numbers and categories"],
)
def test_the_certainty_is_the_share_of_other_refits_that_agree(customers, k, clusterer):
    matrix, clustering = fitted(customers, k, clusterer)
    within = clustering.assign(matrix.points)
    found = certainties(matrix, within, clustering, calibrate(matrix, clustering), [*"12345"[:k]])
    certainty, share = found["Certainty"].to_numpy(), agreement(matrix, clustering, clusterer)
    assert calibration_error(certainty, share) <= 0.05
    unsure = certainty < UNSURE
    assert 0.02 < unsure.mean() < 0.98  # there are both, and they differ
    assert share[unsure].mean() < share[~unsure].mean() - 0.1


def test_small_resamples_of_many_customers_do_not_make_them_unsure(monkeypatch):
    monkeypatch.setattr(module, "RESAMPLE_ROWS", 150)
    matrix, clustering = fitted(long_tails(1), 4)
    within, (_, margins) = clustering.assign(matrix.points), clustering.margins(matrix.points)
    certainty = calibrated(calibrate(matrix, clustering), within, margins)
    assert calibration_error(certainty, agreement(matrix, clustering, KMEANS)) <= 0.05


def test_the_margin_is_that_of_the_two_nearest_centres():
    clustering = CentreClustering(np.array([[0.0], [4.0], [10.0]]))
    second, margins = clustering.margins(np.array([[0.0], [1], [2], [6], [10]]))
    assert second.tolist() == [1, 1, 1, 2, 1]
    assert margins.tolist() == pytest.approx([1, (3 - 1) / 4, 0, (4 - 2) / 6, 1])
    second, margins = CentreClustering(np.array([[0.0]])).margins(np.array([[3.0]]))
    assert (second.tolist(), margins.tolist()) == ([-1], [1.0]), "of one segment there is no second"
    _, margins = CentreClustering(np.array([[1.0], [1.0]])).margins(np.array([[1.0]]))
    assert margins.tolist() == [0.0], "nothing leads where both centres are at the point"


def test_a_refit_has_the_labels_of_the_segments_that_it_shares_most_customers_with():
    within = np.array([0, 0, 0, 1, 1, 2])
    assert matched(within, np.array([2, 2, 1, 0, 0, 1]), np.ones(6), 3).tolist() == [0, 0, 2, 1, 1, 2]
    heavy = np.array([1.0, 1, 9, 1, 1, 1])  # the third customer stands for nine
    assert matched(within, np.array([2, 2, 1, 0, 0, 1]), heavy, 3).tolist() == [2, 2, 0, 1, 1, 0]
    fewer = matched(within, np.array([1, 1, 1, 0, 0, 0]), np.ones(6), 3)
    assert fewer.tolist() == [0, 0, 0, 1, 1, 1], "a refit can have fewer segments"


def test_a_curve_is_straight_between_its_knots_and_each_segment_has_its_own():
    curves = Curve((0.1, 0.3), (0.5, 0.9)), Curve((0.0,), (1.0,))
    found = calibrated(curves, np.array([0, 0, 0, 0, 1]), np.array([0.0, 0.1, 0.2, 0.8, 0.0]))
    assert found.tolist() == pytest.approx([0.5, 0.5, 0.7, 0.9, 1.0])


@pytest.mark.parametrize("clusterer", [KMEANS, LATENT], ids=lambda one: one.key)
def test_the_order_of_the_rows_and_the_number_of_threads_leave_it_alone(monkeypatch, clusterer):
    customers = blobs(0, rows=400)
    matrix, clustering = fitted(customers, 3, clusterer)
    found = calibrate(matrix, clustering)
    assert all(len(curve.margins) <= MOST_KNOTS and [*curve.chances] == sorted(curve.chances) for curve in found)
    shuffled, _ = fitted(customers.sample(frac=1, random_state=1), 3, clusterer)
    assert calibrate(shuffled, clustering) == found
    monkeypatch.setattr(module, "WORKERS", 5)
    assert calibrate(matrix, clustering) == found
    assert calibrate(matrix, clustering, seed=1) != found, "the seed draws the resamples"


def test_few_customers_have_a_margin_and_no_certainty_and_a_small_segment_has_the_curve_of_all(monkeypatch):
    matrix, clustering = fitted(blobs(0, rows=49), 2)
    assert calibrate(matrix, clustering) is None
    found = certainties(matrix, clustering.assign(matrix.points), clustering, None, ["1", "2"])
    assert [*found] == ["Second_segment", "Margin"]
    monkeypatch.setattr(module, "LEAST_POINTS", 1_000)
    one, other = calibrate(*fitted(blobs(0, rows=300), 2))
    assert one == other


@pytest.fixture(scope="module")
def analysis(tmp_path_factory):
    path = tmp_path_factory.mktemp("bank") / "bank.csv"
    write_sample(path, customers=500, seed=2)
    study = load([FileSource(path.name, path.read_bytes())], Rules(date(2018, 1, 1)))
    return Analysis(study, segment(study, 4))


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_the_files_say_how_sure_each_customers_segment_is(analysis):
    files = results(analysis)
    customers = rows_of(files["customer_data_cleaned.csv"]())
    assert list(customers[0])[-4:] == [CLUSTER, *CERTAINTIES]
    clustered = [row for row in customers if row[CLUSTER] in "1234"]
    assert 0 < len(clustered) < len(customers)
    assert all(row["Second_segment"] in {*"1234"} - {row[CLUSTER]} for row in clustered)
    assert {row[name] for row in customers if row not in clustered for name in CERTAINTIES} == {""}
    for segment_row in rows_of(files["segments.csv"]()):
        own = [row for row in clustered if row[CLUSTER] == segment_row["Cluster"]]
        unsure = sum(float(row["Certainty"]) < UNSURE for row in own)
        assert float(segment_row["share_unsure"]) == pytest.approx(unsure / len(own))
    matches = {match.header: match.evidence for match in propose(pd.DataFrame(customers), {})}
    assert {matches[name] for name in CERTAINTIES} == {"a result of an earlier run"}


def test_all_files_are_written_with_the_features_of_all_customers_made_once(analysis, monkeypatch):
    made, matrix_under = [], features.matrix_under
    monkeypatch.setattr("core.certainty.matrix_under", lambda *of: made.append(of) or matrix_under(*of))
    files = results(replace(analysis, seed=1))
    assert all(files[name]() for name in ("customer_data_cleaned.csv", "segments.csv", "model.json"))
    assert len(made) == 1


def test_a_model_gives_other_customers_the_same_certainty(analysis):
    written = results(analysis)["model.json"]()
    model = read_model(written)
    assert json_bytes(model.to_dict()) == written
    scored = score_customers(analysis.study.customers, analysis.study.columns, model)
    pd.testing.assert_frame_equal(scored[[*CERTAINTIES]], analysis.certainties, check_index_type=False)
    document = json.loads(written)
    saved = Analysis(analysis.study, segment_by(analysis.study, model), saved=model)
    assert saved.unsure.tolist() == analysis.unsure.tolist()
    del document["certainty"]
    old = from_dict(document)
    assert [*score_customers(analysis.study.customers, (), old)][4:7] == ["Second_segment", "Margin", "Outside_range"]
    without = Analysis(analysis.study, analysis.segments, saved=old)
    assert (without.unsure, without.describe_unsure("1")) == (None, OLD_MODEL)
    assert "share_unsure" not in results(without)["segments.csv"]().decode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda curves: curves.pop(), "has not one curve for each segment"),
        (lambda curves: curves[0]["margins"].pop(), "has not one chance for each margin"),
        (lambda curves: curves[0]["margins"].reverse(), "are not rising"),
        (lambda curves: curves[0].update(chances=[2.0] * len(curves[0]["margins"])), "chances"),
    ],
)
def test_a_model_whose_certainty_does_not_fit_is_refused(analysis, change, message):
    document = json.loads(results(analysis)["model.json"]())
    change(document["certainty"])
    with pytest.raises(DataError, match=message):
        from_dict(document)


def test_unsure_customers_are_left_out_and_those_without_a_segment_stay(analysis):
    left = analysis.without_unsure()
    assert totals(left.selected).customers == analysis.study.size - analysis.unsure.sum()
    assert left.totals.not_clustered == analysis.totals.not_clustered > 0
    only = replace(analysis, filters={SURE: ("No",)})
    assert only.selected.groupby(CLUSTER, observed=True).size().to_dict() == analysis.unsure.to_dict()


def test_a_sentence_says_how_many_customers_of_a_segment_are_unsure(analysis):
    unsure = int(analysis.unsure["2"])
    assert analysis.describe_unsure("2").startswith(f"{unsure} (")
    monkeyed = replace(analysis, hide=True)
    few = [label for label, number in analysis.unsure.items() if number < 10]
    assert ["is hidden" in monkeyed.describe_unsure(label) for label in few] == [True] * len(few)


def test_a_result_needs_rows_and_few_customers_tell_nothing(analysis):
    made = results(analysis)["summary.zip"]()
    study, segments, structure = opened(made, "stamp")
    sums = Analysis(study, segments, structure)
    assert (sums.unsure, sums.describe_unsure("1")) == (None, NO_ROWS)
    assert study.model.certainty == analysis.calibration, "its model gives others their certainty"
    assert json.loads(results(sums)["model.json"]())["certainty"]
    few = replace(analysis.study, customers=analysis.study.customers.head(40))
    assert Analysis(few, segment(few, 2)).describe_unsure("1") == TOO_FEW
