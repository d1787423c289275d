"""Latent classes of numbers and categories go the whole way: fit, names, model, SQL, score, refresh, results."""

import csv
import io
import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from threadpoolctl import threadpool_limits

from core.analysis import Analysis
from core.audit import audit
from core.cli import main
from core.cubes.contents import contents
from core.cubes.file import to_bytes
from core.cubes.opened import opened
from core.errors import DataError
from core.files import json_bytes
from core.pipeline import load, matrix_of, method_for, segment, segment_by, structure
from core.project import Project, State
from core.results import results
from core.rules import Rules
from core.schema import Column
from core.segments import points
from core.segments.category_features import CategoryFeature, default_categories
from core.segments.category_profile import Level, in_words
from core.segments.choice import FeatureChoice
from core.segments.choose_k import choose
from core.segments.clusterer import Clusterer, Clustering, GivesBic, GivesMargin, HasCentres, WritesSql, digest
from core.segments.evidence import sample
from core.segments.features import feature_matrix
from core.segments.judged import placed_method
from core.segments.latent import LATENT
from core.segments.mixture import MixtureClustering
from core.segments.model import freeze
from core.segments.model_file import from_dict, read_model
from core.segments.quality import adjusted_rand_index
from core.segments.refresh import refresh
from core.segments.registry import CLUSTERERS, choice_for
from core.segments.resamples import score_halves
from core.segments.rule_of_thumb import rules
from core.segments.score import score_customers
from core.segments.score_table import table
from core.segments.sql import to_sql
from core.segments.sweep import sweep
from core.sources.file import FileSource
from core.spark.segments import check_method
from data.generate import SAMPLE
from tests.bench.bench_latent import skills
from tests.core.test_sql import DATABASES
from tests.mixed import SETS, bank, hidden_wealth, kinds_of_customers, unknown_levels

RULES = Rules(date(2026, 1, 1))
EVERYTHING = FeatureChoice(categories=True)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("bank") / "bank.csv"
    path.write_bytes(bank())
    return path


@pytest.fixture(scope="module")
def study(file):
    return load([FileSource(file.name, file.read_bytes())], RULES)


@pytest.fixture(scope="module")
def analysis(study):
    matrix = matrix_of(study, EVERYTHING)
    segments = segment(study, 3, matrix=matrix, clusterer=LATENT)
    return Analysis(study, segments, structure(segments, sample(matrix)))


def matrix(made):
    return feature_matrix(made, FeatureChoice(tuple(made), categories=True))


def test_it_can_do_all_there_is_but_distances_and_spark():
    clustering = LATENT.fit(matrix(kinds_of_customers(200, 0)[0]), 2, seed=0)
    assert isinstance(LATENT, Clusterer)
    can = (Clustering, WritesSql, GivesMargin, GivesBic, HasCentres)
    assert [isinstance(clustering, one) for one in can] == [True, True, True, True, False]
    with pytest.raises(DataError, match="Segments by latent classes cannot be made on Spark"):
        check_method(LATENT)


def test_the_default_features_are_numbers_and_categories_but_no_outcome_and_no_protected_attribute(study):
    found = matrix_of(study, EVERYTHING)
    assert found.names == ("balance", "visits")
    assert [one.name for one in found.categories] == ["channel", "housing_loan", "job_title"]
    assert found.categories[2].levels == ("Clerk", "Manager", "Nurse", "Pilot")
    assert found.categories[2].missing == 25


def test_the_method_follows_what_the_file_has_and_what_is_asked_for(study):
    assert method_for(study, FeatureChoice()) == "latent"
    assert method_for(study, FeatureChoice(("balance",))) == "kmeans"
    assert method_for(study, FeatureChoice(("balance", "housing_loan"))) == "kmeans"  # yes and no are 1 and 0
    assert method_for(study, FeatureChoice(("balance", "channel"))) == "latent"
    sample_file = load([FileSource(SAMPLE.name, SAMPLE.read_bytes())], RULES)
    assert sample_file.defaults.categories == ("job_industry", "owns_car")
    assert method_for(sample_file, FeatureChoice()) == "kmeans"


def test_k_means_takes_no_category(study):
    with pytest.raises(DataError, match="channel cannot be a feature: it holds no numbers"):
        matrix_of(study, FeatureChoice(("balance", "channel")))
    with pytest.raises(DataError, match="Is_Mass_Affluent_Custom cannot be a feature: segments are judged by it"):
        matrix_of(study, FeatureChoice(("balance", "Is_Mass_Affluent_Custom"), categories=True))


def test_a_customer_without_a_level_is_clustered_and_one_without_a_number_is_not(study, analysis):
    labels = pd.Series(analysis.segments.labels.astype("str"))
    without_job = (study.customers["job_title"].astype("str") == "Unknown").to_numpy()
    without_balance = study.customers["balance"].isna().to_numpy()
    assert (without_job.sum(), without_balance.sum()) == (25, 9)
    assert ((labels == "Not clustered").to_numpy() == without_balance).all()


def test_the_bic_is_that_of_the_density_and_a_point_counts_as_often_as_its_weight():
    found = MixtureClustering(
        np.array([[0.0], [2.0]]), np.array([[1.0], [0.5]]), np.array([0.25, 0.75]),
        (np.array([[0.9, 0.1], [0.2, 0.8]]),),
    )  # fmt: skip
    some = np.array([[0.5, 0.0], [1.0, 1], [3.0, -1]])
    one, other = 0.25 * norm.pdf(some[:, 0], 0, 1), 0.75 * norm.pdf(some[:, 0], 2, 0.5)
    density = one * [0.9, 0.1, 1.0] + other * [0.2, 0.8, 1.0]
    weights = np.array([2.0, 5, 1])
    assert found.parameters == 1 + 2 * 2 + 2 * 1
    assert found.bic(some, weights) == pytest.approx(7 * np.log(8) - 2 * weights @ np.log(density))


def test_the_bic_is_that_of_all_customers_whatever_their_order_and_only_where_the_method_has_one():
    made = kinds_of_customers(900, 0)[0].round(0)
    alike = matrix(pd.concat([made, made]))
    assert len(alike.sample.values) < 1_800, "else no point stands for several customers"
    (score,) = sweep(alike, [3], clusterer=LATENT, whole=False)
    fitted = LATENT.fit(alike, 3, seed=0)
    assert score.bic == pytest.approx(fitted.bic(alike.points, np.ones(1_800)))
    assert sweep(matrix(shuffled(pd.concat([made, made]))), [3], clusterer=LATENT, whole=False)[0].bic == score.bic
    assert table([score], ["silhouette"])["bic"].tolist() == [score.bic]
    numbers = feature_matrix(made, ("number 0", "number 1"))
    (without,) = sweep(numbers, [3], whole=False)
    assert without.bic is None
    assert "bic" not in table([without], ["silhouette"])
    halves = score_halves(sample(alike), score, placed_method(LATENT, sample(alike).space), whole=True)
    assert all(0 < half.bic < 0.7 * score.bic for half in halves), "a half has the BIC of its own customers"


def test_an_unknown_level_says_nothing():
    found = MixtureClustering(
        np.zeros((2, 0)), np.zeros((2, 0)), np.array([0.5, 0.5]), (np.array([[0.9, 0.1], [0.2, 0.8]]),)
    )
    assert found.assign(np.array([[0.0], [1], [-1]])).tolist() == [0, 1, 0]  # the first of those as likely
    second, margins = found.margins(np.array([[0.0], [-1]]))
    assert (second.tolist(), margins.tolist()) == ([1, 1], pytest.approx([0.9 / 1.1, 0.5]))


def test_segments_are_named_by_their_categories_too(analysis):
    assert analysis.segments.names == {
        "1": "High balance · mostly Manager", "2": "Mostly Mobile · mostly Nurse",
        "3": "Housing loan mostly no · mostly Clerk", "Not clustered": "Not clustered",
    }  # fmt: skip
    assert analysis.segments.profile["customers"].tolist() == [132, 191, 268]
    assert analysis.distinguishing_traits("1") == [
        "Balance 17,241 (all: 5,130)", "Job title Manager 81% (clustered: 25%)", "Channel Web 78% (clustered: 25%)",
    ]  # fmt: skip


def test_a_level_that_is_known_of_few_is_no_name_of_a_segment(study, analysis):
    jobs = study.customers["job_title"].where((analysis.segments.labels != "1") | (study.customers.index % 20 == 0))
    few = replace(study, customers=study.customers.assign(job_title=jobs))
    found = Analysis(few, segment(few, 3, clusterer=LATENT))
    assert found.segments.names["1"] == "High balance · mostly Web", "and not mostly Manager"
    assert not any("Manager" in trait for trait in found.distinguishing_traits("1"))
    assert any("Nurse" in trait for trait in found.distinguishing_traits("2"))


def test_spark_refuses_it_before_a_session_is_started(file, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("core.spark.session.connected", pytest.fail)
    asked = ["--method", "latent", "--engine", "spark", "--as-of", "2026-01-01", "--out", str(tmp_path / "out")]
    assert main(["segment", str(file), *asked]) == 2
    assert "Segments by latent classes cannot be made on Spark." in capsys.readouterr().err


def test_a_long_level_is_shortened_in_a_name():
    job = CategoryFeature("job", ("Clerk", "Teller " * 2_000), (5, 5), 0)
    assert in_words(Level(job, job.levels[1], 0.9, 0.5), []) == "mostly Teller Teller Teller Teller T…"
    assert in_words(Level(job, job.levels[0], 0.9, 0.5), []) == "mostly Clerk"


@pytest.mark.parametrize(
    ("levels", "words"), [(("small", "medium"), "mostly product size medium"), (("small", "large"), "mostly medium")]
)
def test_a_level_that_two_categories_have_is_named_with_its_own(levels, words):
    size, other = (
        CategoryFeature(name, of, (1, 1), 0, name)
        for name, of in {"product_size": ("large", "medium"), "product_class": levels}.items()
    )
    column = Column("product_size", "category", "product_size")
    assert in_words(Level(size, "medium", 0.9, 0.3), [column], [size, other]) == words


def test_shares_of_few_customers_are_hidden(study):
    few = replace(study, customers=study.customers.iloc[:40].reset_index(drop=True))
    found = Analysis(few, segment(few, 3, clusterer=LATENT), None)
    hidden = replace(found, hide=True)
    assert len(found.distinguishing_traits("1")) == 3
    assert all("%" not in trait for trait in hidden.distinguishing_traits("1"))


def test_of_many_categories_the_most_even_ones_are_the_default():
    made = {f"c{at}": pd.Categorical(["a"] * (180 - 10 * at) + ["b"] * (20 + 10 * at)) for at in range(10)}
    columns = [Column(name, "category", name, meaning="category") for name in made]
    assert default_categories(pd.DataFrame(made), columns) == tuple(f"c{at}" for at in range(2, 10))


def test_differences_mark_the_categories_as_features(analysis):
    found = analysis.differences
    assert set(found.loc[found["feature"], "column"]) == {"balance", "visits", "channel", "housing_loan", "job_title"}
    assert not found.loc[found["column"] == "churned", "feature"].any()


def test_the_table_of_segments_has_a_share_for_each_level(analysis):
    rows = list(csv.DictReader(io.StringIO(results(analysis)["segments.csv"]().decode())))
    assert [*rows[0]][-9:] == [
        "channel: Branch", "channel: Mobile", "channel: Web", "housing_loan: No", "housing_loan: Yes",
        "job_title: Clerk", "job_title: Manager", "job_title: Nurse", "job_title: Pilot",
    ]  # fmt: skip
    assert [round(float(row["channel: Web"]), 2) for row in rows] == [0.78, 0.1, 0.1]


def test_a_rule_of_thumb_names_levels(study, analysis):
    assert [rule.text for rule in rules(study.customers, study.columns, analysis.segments)] == [
        "balance from 9,200",
        "balance up to 7,450 and channel Mobile and job title not Clerk",
        "balance up to 3,330 and visits up to 6 and job title Clerk",
    ]


def test_the_model_is_written_and_read_back_and_gives_others_the_same_segments(study, analysis):
    written = json_bytes(analysis.model.to_dict())
    model = read_model(written)
    assert json_bytes(model.to_dict()) == written
    assert json.loads(written)["categories"][0] == {
        "name": "channel", "levels": ["Branch", "Mobile", "Web"], "counts": [248, 199, 153], "missing": 0,
        "source": "channel",
    }  # fmt: skip
    again = segment_by(study, model)
    assert again.labels.tolist() == analysis.segments.labels.tolist()
    assert again.names == analysis.segments.names
    scored = score_customers(study.customers, study.columns, model)
    assert scored["Cluster"].tolist() == analysis.segments.labels.astype("str").tolist()
    assert scored["Margin"].dropna().between(1 / 3, 1).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda document: document["categories"].pop(), "the method has other categories or levels"),
        (lambda document: document["categories"][0]["levels"].append("Fax"), "the levels of the feature 'channel'"),
        (lambda document: document["segments"][0]["chances"][0].pop(), "chances of other levels than the first"),
        (lambda document: document["segments"][0].update(weight=0.0), "weight"),
        (lambda document: document["segments"][1].update(mean=[1.0]), "segment 2 has no mean and deviation of 2"),
    ],
)
def test_a_model_that_does_not_fit_together_is_refused(analysis, change, message):
    document = json.loads(json_bytes(analysis.model.to_dict()))
    change(document)
    with pytest.raises(DataError, match=message):
        from_dict(document)


@DATABASES
@pytest.mark.parametrize("features", ["", "channel,job_title", "balance:log,visits,housing_loan"])
def test_a_database_gives_the_labels_of_score(study, run, features):
    choice = replace(FeatureChoice.parse(features), categories=True)
    found = segment(study, 4, matrix=matrix_of(study, choice), clusterer=LATENT)
    model = freeze(found, RULES, files=[], digest="")
    customers = study.customers.astype({"job_title": "object"})
    customers.loc[0, ["job_title", "channel"]] = ["O'Pilot", None]  # a new level, and none
    scored = score_customers(customers, study.columns, model)
    columns = ["customer_id", *found.made_of]
    assert run(to_sql(model), customers[columns]) == dict(zip(scored["customer_id"], scored["Cluster"], strict=True))


def test_a_customer_of_whom_nothing_is_known_is_not_clustered(study):
    found = segment(study, 2, matrix=matrix_of(study, FeatureChoice(("job_title",), categories=True)), clusterer=LATENT)
    assert found.not_clustered == 25


def test_a_new_level_is_outside_the_range_and_counts_for_the_refresh(study, analysis):
    customers = study.customers.assign(channel=pd.Categorical(["Fax"] * 60 + ["Web"] * 540))
    scored = score_customers(customers, study.columns, analysis.model)
    assert scored["Outside_range"].str.contains("channel").sum() == 60
    found = refresh(analysis.model, customers, segment_by(replace(study, customers=customers), analysis.model))
    row = found.features.set_index("feature").loc["channel"]
    assert (row["missing_now"], row["outside_range"]) == (0, 60)
    assert row["psi"] > 1
    assert np.isnan(row["mean_then"])
    same = refresh(analysis.model, study.customers, analysis.segments)
    assert same.features["psi"].tolist() == [0.0] * 5


def test_a_protected_category_that_segments_follow_is_warned_of(study):
    choice = FeatureChoice(("marital_status",), categories=True)
    found = segment(study, 2, matrix=matrix_of(study, choice), clusterer=LATENT)
    assert found.names == {"1": "Mostly single", "2": "Mostly married"}
    assert study.drivers(found)[0].startswith(
        "marital_status accounts for the segments in large part (1.00 of 1). It is a protected attribute"
    )
    assert study.possible_categories == ("job_title", "channel", "housing_loan", "marital_status")


def test_an_opened_result_has_it(analysis):
    made = contents(analysis.study, analysis.customers, analysis.segments, analysis.structure, analysis.model)
    _, segments, score = opened(to_bytes(made), "stamp")
    assert digest(segments.clustering) == digest(analysis.segments.clustering)
    assert segments.categories == analysis.model.categories
    assert [one.tolist() for one in segments.category_counts] == [
        one.tolist() for one in analysis.segments.category_counts
    ]  # fmt: skip
    assert segments.strongest_levels("1")[0].text == "Web"
    assert score == analysis.structure


def test_a_customer_is_audited(study, analysis, file):
    found = audit([FileSource(file.name, file.read_bytes())], study, analysis.segments, "c0")
    assert found.standing.startswith("segment ")
    assert found.distances.empty


def test_the_command_line_takes_it(file, tmp_path, capsys):
    out = tmp_path / "out"
    command = ["segment", str(file), "--as-of", "2026-01-01", "--k", "3", "--out", str(out)]
    assert main(command) == 0
    assert "on balance (by its logarithm), visits, channel, housing_loan, job_title;" in capsys.readouterr().out
    assert json.loads((out / "model.json").read_text())["method"] == "latent"
    assert main(["score", str(file), "--model", str(out / "model.json"), "--out", str(tmp_path / "scored.csv")]) == 0
    scored = list(csv.DictReader(io.StringIO((tmp_path / "scored.csv").read_text("utf-8"))))
    assert len({row["Certainty"] for row in scored}) > 100
    assert main(["refresh", str(file), "--model", str(out / "model.json"), "--as-of", "2026-01-01",
                 "--out", str(tmp_path)]) == 0  # fmt: skip
    assert "  channel: 0.000 (stable; chance gives up to " in capsys.readouterr().out
    assert main([*command, "--method", "kmeans"]) == 0
    assert "method" not in json.loads((out / "model.json").read_text())
    assert main([*command, "--features", "balance,channel"]) == 0
    assert "on balance, channel;" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("state", "features"),
    [
        (State(k=3), "balance (by its logarithm), visits, channel, housing_loan, job_title"),
        (State(k=3, features=("balance", "channel")), "balance, channel"),
        (State(k=3, method="kmeans", features=("balance", "channel")), "balance"),
        (State(k=3, method="kmeans"), "balance (by its logarithm), visits"),
    ],
)
def test_a_project_on_the_command_line_has_the_method_of_the_app(file, tmp_path, capsys, state, features):
    project = tmp_path / "project.json"
    project.write_bytes(Project(RULES, state=state).to_json())
    assert main(["segment", str(file), "--project", str(project), "--out", str(tmp_path / "out")]) == 0
    assert f" on {features}; " in capsys.readouterr().out


def shuffled(made, seed=5):
    return made.iloc[np.random.default_rng(seed).permutation(len(made))]


def test_it_is_the_same_on_every_run_in_any_order_and_with_any_number_of_threads(monkeypatch):
    made, _ = unknown_levels(3_000, 0)
    expected = digest(LATENT.fit(matrix(made), 4, seed=1))
    with threadpool_limits(2):
        assert digest(LATENT.fit(matrix(shuffled(made)), 4, seed=1)) == expected
    monkeypatch.setattr(points, "SAMPLE_POINTS", 1_000)
    sampled = digest(LATENT.fit(matrix(made), 4, seed=1))
    assert sampled != expected
    with threadpool_limits(2):
        assert digest(LATENT.fit(matrix(shuffled(made)), 4, seed=1)) == sampled


def test_a_sample_moved_by_all_rows_is_like_a_fit_of_all_rows(monkeypatch):
    made, _ = kinds_of_customers(6_000, 3)
    whole = LATENT.fit(matrix(made), 6, seed=0).assign(matrix(made).points)
    monkeypatch.setattr(points, "SAMPLE_POINTS", 2_000)
    found = LATENT.fit(matrix(made), 6, seed=0).assign(matrix(made).points)
    assert adjusted_rand_index(whole, found) > 0.9


@pytest.mark.parametrize("name", SETS)
def test_it_foretells_a_hidden_outcome_at_least_as_well_as_k_means_of_indicators(name):
    ours, theirs = skills(*SETS[name](3_000, 0))
    assert ours >= theirs


def test_noise_is_not_sold_as_groups_and_groups_are_found():
    none = matrix(hidden_wealth(1_500, 0)[0])
    assert choose(sweep(none, range(2, 6), clusterer=LATENT)).k is None
    rng = np.random.default_rng(0)
    kinds = rng.integers(3, size=1_500)
    clear = pd.DataFrame({"x": kinds * 5 + rng.normal(size=1_500)})
    for at in range(4):
        codes = np.where(rng.random(1_500) < 0.9, (kinds + at) % 3, rng.integers(3, size=1_500))
        clear[f"c{at}"] = pd.Categorical.from_codes(codes, list("abc"))
    found = choose(sweep(matrix(clear), range(2, 6), clusterer=LATENT))
    assert (found.k, found.level) != (None, "none")
    assert (found.k, found.by_bic) == (3, True)


@pytest.mark.filterwarnings("error")
def test_a_level_that_a_sample_lacks_is_no_trouble():
    made, _ = kinds_of_customers(4_000, 1)
    rare = np.where(np.arange(4_000) == 7, "rare", np.where(np.arange(4_000) % 2, "a", "b"))
    found = matrix(made.assign(rare=pd.Categorical(rare)))
    fitted = LATENT.fit(found, 4, seed=0)
    again = LATENT.refit_coded(found.points[1_000:2_000], found.layout, 4, seed=0, starts=2)
    for one in (fitted, again):
        assert all((chance > 0).all() for chance in one.chances)
        assert len(set(one.assign(found.points))) == 4


def test_few_customers_give_few_segments():
    made = pd.DataFrame({"x": [1.0, 1, 2], "c": pd.Categorical(["a", "a", "b"])})
    assert len(LATENT.fit(matrix(made), 5, seed=0).means) == 2
    assert len(LATENT.fit(matrix(made.iloc[:0].assign(c=pd.Categorical([], ["a"]))), 5, seed=0).means) == 0


def test_it_takes_numbers_alone(study):
    choice = choice_for(CLUSTERERS["latent"], FeatureChoice(("balance", "visits")))
    found = segment(study, 3, matrix=matrix_of(study, choice), clusterer=LATENT)
    assert found.made_of == ("balance", "visits")
    assert structure(found, sample(matrix_of(study, choice))) is not None
