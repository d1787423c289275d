"""Spark and pandas give the same customers, flags, labels, segments, rejected rows and steps."""

import io
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import date
from time import monotonic, sleep
from unittest.mock import Mock, patch

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.cli import main
from core.cubes import plan
from core.cubes.contents import contents
from core.cubes.file import read
from core.errors import DataError
from core.files import files_below
from core.pipeline import load, matrix_of, segment
from core.rules import Intake, MassAffluent, Rules
from core.segments.choice import FeatureChoice
from core.sources.file import FileSource
from core.spark import ranks, results
from core.spark.jobs import answers
from core.spark.session import connected
from core.views.export import to_csv
from core.views.tables import totals
from data.generate import write_sample

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]  # one session for all
RULES = Rules(date(2026, 1, 1))
CUSTOMERS = int(os.environ.get("SPARK_TEST_CUSTOMERS", 20_000))  # of the messy file


def messy(path, customers):
    """Made-up customers in a file with notes, repeats, rows of another width, quotes, a second table and a total."""
    write_sample(path, customers=customers, seed=3)
    header, *rows = path.read_text("utf-8").splitlines()
    rng = np.random.default_rng(0)
    some = customers // 500

    def put(make, times=some):
        for at in rng.integers(0, len(rows), times):
            rows.insert(int(rng.integers(len(rows))), make(rows[at]))

    put(lambda row: row)
    put(lambda row: f"{row},extra")
    put(lambda _: "")
    put(lambda _: header, 2)
    put(lambda row: ",".join(["", *row.split(",")[1:]]))
    put(lambda row: ",".join([*row.split(",")[:3], "Other", *row.split(",")[4:]]))
    put(lambda row: row.replace(",", ',"A, B",', 1).replace(',"A, B",', ',"A, B",', 1))
    second = ["", header.replace("gender", "title"), *rows[: len(rows) // 2]]  # its last piece has no customer
    lines = ["Customers of the bank", "", header, *rows, *second, "Total: 1", "exported yesterday", ""]
    path.write_text("\n".join(lines), "utf-8")


def compare(
    spark, files, out, choice=FeatureChoice(), k=5, piece_bytes=32_000_000, progress=lambda _: None,  # noqa: B008
    rules=RULES,
):  # fmt: skip
    """Both engines on some files: everything they give is the same, as is what this program does for the workers."""
    from core.spark.here import MEMORY
    from core.spark.run import run

    places = [str(path) for path in files]
    with patch("core.pipeline.with_rfm", lambda customers, columns: (customers, tuple(columns), [])):  # workers: none
        study = load([FileSource(path.name, path.read_bytes()) for path in files], rules)
        of_here = run(spark, places, rules, here := out.with_name("here"), k=k, choice=choice, memory=MEMORY)
    segments = segment(study, k, matrix=matrix_of(study, choice))
    found = run(spark, places, rules, out, k=k, choice=choice, piece_bytes=piece_bytes, progress=progress)
    assert [isinstance(one, results.Run) for one in (found, of_here)] == [True, False]  # who worked
    assert_same_results(out, here)
    assert_same_customers(customers_in(out), study.with_segments(segments))
    pd.testing.assert_frame_equal(found.segments.profile, segments.profile, check_exact=True)
    assert (found.segments.feature_specs, found.segments.names) == (segments.feature_specs, segments.names)
    assert found.segments.clustering.to_dict() == segments.clustering.to_dict()
    assert (found.totals, found.wealth) == (totals(study.with_segments(segments)), study.wealth)
    assert (found.rows_read, found.rejected, found.plan.decided, found.digest) == (
        study.rows_read,
        len(study.rejected),
        study.decided,
        study.digest,
    )
    assert sorted(map(str, map(asdict, found.steps))) == sorted(map(str, map(asdict, study.steps)))
    assert_same_rows(read_csv((out / "rejected_rows.csv").read_bytes()), read_csv(to_csv(study.rejected)))
    assert {path.name for path in out.iterdir()} == {
        "customers", "rejected_rows.csv", "steps.json", "segments.csv", "segment_evidence.csv", "model.json",
        "segments.sql", "summary.zip",
    }  # fmt: skip
    assert_same_summary(out / "summary.zip", study, segments)
    return found, study


def assert_same_results(one, other):
    """The files of two runs, but for what only one of them tells: an example of a step, how sure a segment is."""
    assert {path.name for path in one.iterdir()} == {path.name for path in other.iterdir()}
    sheets = [read_csv((folder / "segments.csv").read_bytes()) for folder in (one, other)]
    pd.testing.assert_frame_equal(sheets[0], sheets[1][[*sheets[0]]])
    assert (one / "segments.sql").read_bytes() == (other / "segments.sql").read_bytes()
    models = [json.loads((folder / "model.json").read_bytes()) for folder in (one, other)]
    only_here = {*models[1]} - {*models[0]}
    assert only_here <= {"certainty"}, only_here
    assert models[0] == {name: value for name, value in models[1].items() if name not in only_here}
    assert_same_customers(*map(customers_in, (one, other)))
    assert_same_rows(*(read_csv((folder / "rejected_rows.csv").read_bytes()) for folder in (one, other)))
    of_one, of_other = (read((folder / "summary.zip").read_bytes()).cubes for folder in (one, other))
    for cube, same in zip(of_one, of_other, strict=True):
        pd.testing.assert_frame_equal(cube, same, check_exact=True)


def customers_in(folder):
    parts = [pq.read_table(path) for path in sorted((folder / "customers").glob("*.parquet"))]
    return pd.concat([part.to_pandas(date_as_object=False) for part in parts])


def assert_same_summary(path, study, segments):
    """The cubes and what is told beside them, but for the order of the steps and the scores of a sample."""
    made = contents(study, study.with_segments(segments), segments, None, None)
    found = read(path.read_bytes())
    assert len(found.cubes) == len(made.cubes)
    for one, other in zip(found.cubes, made.cubes, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert not any(step.example for step in found.metadata.steps)
    one, other = ({**vars(metadata), "structure": None, "steps": None} for metadata in (found.metadata, made.metadata))
    for metadata in (one, other):
        metadata["sources"] = [replace(source, decisions=decided_before(source)) for source in metadata["sources"]]
    assert one == other


def decided_before(source):
    """What is decided before a text is read; what only all of its rows tell, pieces do not say."""
    return {name: source.decisions.get(name) for name in ("encoding", "delimiter", "header row")}


def assert_same_customers(one, other):
    assert list(one) == list(other)
    one, other = (frame.sort_values("customer_id", ignore_index=True) for frame in (one, other))
    for name in one:
        text = isinstance(other[name].dtype, pd.CategoricalDtype)
        expected = other[name].astype("str") if text else other[name]
        values = one[name].astype(expected.dtype)
        pd.testing.assert_series_equal(values, expected, check_exact=True)


def assert_same_rows(one, other):
    one, other = (frame.sort_values([*frame], ignore_index=True) for frame in (one, other))
    pd.testing.assert_frame_equal(one, other)


def read_csv(content):
    return pd.read_csv(io.BytesIO(content), dtype="str", keep_default_na=False)


@pytest.mark.real_data
def test_the_real_tables_are_joined_and_counted_as_pandas_does(spark, real_data, tmp_path):
    names = ("CustomerDemographic.csv", "CustomerAddress.csv", "Transactions.csv")
    choice = FeatureChoice(
        ("age", "tenure", "transactions"), {"tenure": "log", "transactions": "robust"}, outliers=True
    )
    compare(spark, [real_data / name for name in names], tmp_path / "out", choice, 4, piece_bytes=300_000)


def test_parquet_files_and_a_folder_of_tables_give_what_pandas_gives(spark, tmp_path, monkeypatch):
    monkeypatch.setattr(plan, "MOST_CELLS", 300)  # too few for most cubes: they lose keys
    folder = tmp_path / "export"
    folder.mkdir()
    write_sample(tmp_path / "all.csv", customers=900, seed=5)
    frame = pd.read_csv(tmp_path / "all.csv", dtype="str", keep_default_na=False)
    frame["income"] = [f"€{30_000 + 10 * i}" if i % 50 else "" for i in range(len(frame))]
    pq.write_table(pa.Table.from_pandas(frame[:500]), folder / "part-0.parquet", row_group_size=200)
    frame[500:].to_csv(folder / "part-1.csv", index=False)
    (folder / "_SUCCESS").write_text("")
    rng = np.random.default_rng(0)
    amounts = rng.lognormal(3, 2, 3_000).round(2)
    orders = pd.DataFrame({"customer_id": rng.choice(frame["customer_id"], 3_000), "amount": amounts})
    orders.to_csv(folder / "orders.csv", index=False)
    files = files_below(folder)
    assert [path.name for path in files] == ["orders.csv", "part-0.parquet", "part-1.csv"]
    earlier = tmp_path / "out" / "customers" / "part-old.parquet"
    earlier.parent.mkdir(parents=True)
    earlier.write_text("of an earlier run: replaced")
    choice = FeatureChoice(("age", "amount_total"), {"amount_total": "log"})
    found, _ = compare(spark, files, tmp_path / "out", choice, 3)
    assert next(column for column in found.plan.columns if column.name == "income").sign == "€"


def test_postcodes_in_pieces_give_the_country_and_the_regions_that_pandas_gives(spark, tmp_path):
    zips = ("98101", "2139", "10001", "60601-1234", "")
    rows = [f"c{i},{20 + i % 60},{zips[i % 5]},${1000 + i * 37 % 90_000}" for i in range(400)]
    path = tmp_path / "bank.csv"
    path.write_text("\n".join(["customer_id,age,zip,balance", *rows]), "utf-8")
    rules = replace(RULES, mass_affluent=MassAffluent(min_measure=20_000))  # an amount that the analyst sets
    _, study = compare(spark, [path], tmp_path / "out", k=3, piece_bytes=3_000, rules=rules)
    assert study.wealth.low == 20_000
    counts = study.customers["state"].value_counts().to_dict()
    assert (study.country, counts) == ("US", dict.fromkeys(("WA", "MA", "NY", "IL", "Unknown"), 80))


def test_wealth_and_default_features_are_those_of_pandas(spark, tmp_path, monkeypatch):
    monkeypatch.setattr("core.segments.points.SAMPLE_POINTS", 400)  # the sample is a part of all
    rng = np.random.default_rng(2)
    people = pd.DataFrame({"customer_id": np.arange(3_000), "age": rng.integers(20, 90, 3_000)})
    people["balance"] = np.where(rng.random(3_000) < 0.4, 0, rng.lognormal(9, 1.5, 3_000).round(2))
    people["income"] = rng.lognormal(10.5, 0.6, 3_000).round(-2)
    people["credit_limit"] = people["income"] * 3
    people["wealth_segment"] = rng.choice(["little", "rich"], 3_000)  # words that nobody knows
    people.loc[rng.random(3_000) < 0.1, "balance"] = np.nan
    places = [tmp_path / "people.csv"]
    people.to_csv(places[0], index=False)
    _, study = compare(spark, places, tmp_path / "out", k=3, piece_bytes=20_000)
    assert (study.wealth.measure, study.wealth.relative, study.wealth.by_segment) == ("balance", True, False)
    assert study.defaults.names == ("age", "balance", "income")


def written(folder, **files):
    """CSV files by name, a list of lines each."""
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines), "utf-8")
    return [folder / f"{name}.csv" for name in files]


def test_accounts_beside_customers_are_added_up_and_their_repeats_removed_as_pandas_does(spark, tmp_path):
    people = [f"c{i},{20 + i % 60},{('$20k - $40k', '$40k - $60k', '')[i % 3]}" for i in range(300)]
    accounts = [f"c{i % 300},{9_000 + i},{('saving', 'loan')[i // 300]},{i * 37 % 5_000}.5" for i in range(600)]
    repeats = accounts[::40]
    files = written(
        tmp_path,
        people=["customer_id,age,income", *people],
        accounts=["customer_id,account_no,product,balance", *accounts, *repeats, "c900,1,loan,5", "c900,1,loan,5"],
    )
    found, study = compare(spark, files, tmp_path / "out", FeatureChoice(("age", "balance")), 3, piece_bytes=2_000)
    assert study.decided["A row of accounts.csv"].startswith("an account")
    removed = study.rejected["reason"].value_counts().to_dict()
    assert removed == {"The same row stands before it": len(repeats) + 1, "No customer with this id in people.csv": 1}
    assert found.rows_read == study.size + len(study.rejected) + study.rows_merged
    assert "income_band_middle" in study.names


@pytest.mark.parametrize("amount", [True, False], ids=["with amounts", "without amounts"])
def test_the_last_of_several_balances_of_a_day_is_that_of_pandas(spark, tmp_path, monkeypatch, amount):
    monkeypatch.setattr("core.spark.buckets.BUCKET_ROWS", 300)
    people = [f"c{i},{20 + i % 60}" for i in range(300)]
    lines = {"north": [], "south": []}
    for i in range(310):  # the balances of some are in two files, those of ten are of nobody
        for at, (day, change) in enumerate(((5, 90), (7, 20), (9, 400 + i), (9, -30)) if i % 5 else ((8, 10),)):
            balance = 1_000 + i + sum((90, 20, 400 + i, -30)[: at + 1])
            file = "south" if i > 150 and (at < 3 or i % 7) else "north"
            lines[file].append(f"c{i},2025-06-{day:02},{balance}" + f",{change}" * amount)
    header = "customer_id,transaction_date,balance" + ",amount" * amount
    files = written(
        tmp_path, people=["customer_id,age", *people], north=[header, *lines["north"][::-1]],
        south=[header, *lines["south"][::-1]],
    )  # fmt: skip
    _, study = compare(spark, files, tmp_path / "out", FeatureChoice(("age", "balance")), 3, piece_bytes=2_000)
    said = {step.title.partition(", took ")[2]: step.cells_changed for step in study.steps if "several" in step.title}
    assert study.customers["balance"].notna().all()
    if amount:
        assert said == {"the one that the amounts of the rows lead to": 240}
    else:
        in_two = sum(step.cells_changed for step in study.steps if step.warns)
        assert said == {"the latest row by the order of the file, which is newest first": 240 - in_two, "": in_two}
        assert in_two == 17


def test_doubts_about_whole_columns_are_those_of_pandas(spark, tmp_path):
    money = ("$1234.50", "€2345.60", "12-", "(3000)", "-")
    rows = [
        f"c{i},{30 + i % 40},{('1990-05-06', '06/05/1991')[i % 2]},{money[i % 5]},{('Yes', 'X', '')[i % 3]},"
        f"{('little', 'moderate', 'rich')[i % 3]},{i % 50}"
        for i in range(400)
    ]
    header = "customer_id,age,joined,total assets,married,saving status,tenure_years"
    (path,) = written(tmp_path, bank=[header, *rows])
    _, study = compare(
        spark, [path], tmp_path / "out", FeatureChoice(("age",)), 2, piece_bytes=2_000,
        rules=replace(RULES, intake=Intake(date_order="day_first")),
    )  # fmt: skip
    assert any("several currencies" in step.title for step in study.steps)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {
                "people": ["customer_id,age", "001,40", "002,50", "3,60"],
                "homes": ["customer_id,state", "1,NSW", "2,VIC", "3,QLD"],
            },
            "Its id 001 is written 1 in homes.csv, and Spark does not see that",
        ),
        (
            {
                "bank_2025-01": ["customer_id,age,tenure", "1,40,3", "2,50,4", "3,60,9"],
                "bank_2025-02": ["customer_id,age,tenure,state", "1,40,3,NSW", "2,50,4,VIC", "3,60,9,QLD"],
            },
            "It has fewer columns than bank_2025-02.csv of another month",
        ),
        (
            {
                "north": ["customer_id;age;income", *(f"{i};40;{i}.250,5" for i in range(1, 9))],
                "south": ["customer_id;age;income", *(f"{i};40;{i}.25" for i in range(10, 19))],
            },
            "those of the other files a decimal",
        ),
        (
            {"months": ["customer_id,as_of_date,age", *(f"{i},2025-0{m}-01,40" for i in range(9) for m in (1, 2))]},
            "Spark does not read which one is the latest",
        ),
    ],
)
def test_what_only_whole_files_tell_is_refused(spark, tmp_path, files, said):
    from core.spark.run import run

    places = [str(path) for path in written(tmp_path, **files)]
    with pytest.raises(DataError, match=said):
        run(spark, places, RULES, tmp_path / "out", k=2, choice=FeatureChoice(("age",)))


def test_a_run_that_fails_leaves_the_earlier_result_as_it_was(spark, tmp_path, monkeypatch):
    from core.spark.run import run

    out, earlier = tmp_path / "out", ("customers/part-0.parquet", "model.json", "rejected_rows.csv")
    for name in earlier:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("earlier")
    write_sample(tmp_path / "bank.csv", customers=60, seed=1)
    full = OSError(28, "No space left on device")
    monkeypatch.setattr(results, "write_all", Mock(side_effect=full))
    with pytest.raises(OSError, match="No space"):
        run(spark, [str(tmp_path / "bank.csv")], RULES, out, k=2, choice=FeatureChoice())
    found = {str(path.relative_to(out)): path.read_text() for path in out.rglob("*") if path.is_file()}
    assert found == dict.fromkeys(earlier, "earlier")


def test_a_messy_file_in_pieces_gives_what_pandas_gives_though_an_executor_is_killed_at_work(
    spark, tmp_path, monkeypatch
):
    monkeypatch.setattr(ranks, "MOST_VALUES", 10)  # the quantiles of all others are found bit by bit
    messy(tmp_path / "messy.csv", CUSTOMERS)
    with ThreadPoolExecutor(1) as pool:
        killed = []

        def progress(said):
            if said.startswith("Cleaning"):
                killed.append(pool.submit(kill_an_executor_at_work, spark))

        found, study = compare(
            spark, [tmp_path / "messy.csv"], tmp_path / "out", piece_bytes=CUSTOMERS * 25, progress=progress
        )  # fmt: skip
        assert killed[0].result()
    assert len(found.plan.stacks[0].tables[0].parts) > 2
    assert len(study.rejected) > CUSTOMERS / 100


def kill_an_executor_at_work(spark):
    """SIGKILL an executor while both run a task, again if Spark has lost none; returns how many tasks it lost."""
    tracker, stages, give_up = spark.sparkContext.statusTracker(), {}, monotonic() + 60
    while monotonic() < give_up:
        stages |= {stage: tracker.getStageInfo(stage) for stage in {*stages, *tracker.getActiveStageIds()}}
        if lost := sum(one.numFailedTasks for one in stages.values() if one):
            return lost
        if any(one and one.numActiveTasks > 1 for one in stages.values()):
            os.kill(executors()[0], signal.SIGKILL)
            sleep(1)
        sleep(0.02)
    return 0


def executors():
    """The processes of Spark's executors that this one has started."""
    lines = subprocess.run(["ps", "-ewwo", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout
    parents, found = {}, []
    for pid, parent, command in (line.split(None, 2) for line in lines.splitlines()[1:]):
        parents[int(pid)] = int(parent)
        found += [int(pid)] * ("CoarseGrainedExecutorBackend" in command)
    return [pid for pid in found if os.getpid() in ancestors(pid, parents)]


def ancestors(pid, parents):
    while pid in parents:
        yield (pid := parents[pid])


@pytest.mark.usefixtures("spark")
def test_the_command_line_gives_the_same_files_over_spark_connect(server, tmp_path, capsys):
    messy(tmp_path / "messy.csv", 1_000)
    command = ["segment", str(tmp_path / "messy.csv"), "--as-of", "2026-01-01", "--k", "auto", "--out"]
    run = subprocess.run(  # a process has either kind of session
        [sys.executable, "-m", "core", *command, str(tmp_path / "connect"), "--engine", "spark", "--remote", server],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stdout.count("Segments   ")) == (0, 1), run.stderr
    assert main([*command, str(tmp_path / "pandas")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "real group" in line or "is used.)" in line] == [
        line for line in run.stdout.splitlines() if "real group" in line or "is used.)" in line
    ]
    assert "are real groups." in run.stdout
    for name in ("segment_evidence.csv", "segments.sql", "choose_k.csv"):
        assert (tmp_path / "connect" / name).read_bytes() == (tmp_path / "pandas" / name).read_bytes()
    found, model = (json.loads((tmp_path / engine / "model.json").read_bytes()) for engine in ("connect", "pandas"))
    assert model.pop("certainty"), "which Spark does not make"
    assert found == model
    sheets = [pd.read_csv(tmp_path / engine / "segments.csv", dtype="str") for engine in ("connect", "pandas")]
    pd.testing.assert_frame_equal(sheets[0], sheets[1].drop(columns="share_unsure"))


def test_a_session_that_was_there_before_is_used_and_stays(spark):
    for _ in range(2):
        with connected() as session:
            assert session is spark
    assert answers(spark, [1], str) == ["1"]
