"""The command line: its files, its words, its exit statuses, and that it is the pipeline and nothing else."""

import csv
import io
import json
import shlex
import shutil
import socket
import subprocess
import sys
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from datetime import date
from html import unescape
from pathlib import Path
from unittest.mock import Mock

import pytest

import core
from core.analysis import Analysis
from core.cli import main
from core.cubes.opened import open_folder, opened
from core.errors import DataError
from core.intake.quality_warnings import quality_warnings
from core.pipeline import load, segment
from core.rules import Rules
from core.segments.advice import about_drivers, about_features
from core.sources.file import FileSource
from core.sources.kinds import open_sources
from core.views.export import to_csv
from core.views.palette import CLUSTER_COLOURS
from data.generate import SAMPLE

FILES = {
    "customer_data_cleaned.csv", "rejected_rows.csv", "steps.json", "segments.csv", "model.json", "segments.sql",
    "report.html", "summary.zip", "segment_rules.sql", "next_segments.csv",
}  # fmt: skip
BANK = """\
customer_id,first_name,date_of_birth,gender,state,postcode,wealth_segment,property_valuation,tenure,owns_car,deceased
1,Ann,31/12/1950,F,New South Wales,2000,Affluent Customer,10,20,Yes,N
2,Bob,15/06/1990,Male,VIC,800,Mass Customer,9,2,No,N
3,Cem,01/02/1992,U,QLD,4000,Mass Customer,2,3,Yes,N
4,Dee,,Femal,WA,6000,High Net Worth,12,,No,N
5,Eve,07/07/1949,F,SA,5000,High Net Worth,11,22,,N
6,Flo,01/01/1980,F,SA,5000,Mass Customer,11,22,,Y
7,Gus,1,2
=1,Hal,03/03/1960,M,=cmd|x,5000,Affluent Customer,5,5,Yes,N
2,Bob,15/06/1990,Male,VIC,800,Mass Customer,9,,No,N
"""
STUDY = "segment bank.csv --as-of 2018-01-01 --k 2 --out out"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A working folder with the bank's file and others that cannot be used."""
    monkeypatch.chdir(tmp_path)
    for name, content in {
        "bank.csv": BANK.encode(),
        "empty.csv": b"\n",
        "picture.csv": b"\x89PNG\r\n\x1a\n",
        "useless.csv": b"colour,shape\nred,round\n",
        "nobody.csv": b"customer_id,age,deceased\n1,90,Y\n",
        "bad.toml": b"as_of = ",
        "latin.toml": b'as_of = "\xe9"',
        "unknown.toml": b'as_of = "2018-01-01"\nmin_age = 3\n',
        "rules.toml": b'as_of = "2018-01-01"\n[mass_affluent]\nmin_property_valuation = 2\n',
    }.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "shelf").mkdir()
    return tmp_path


@pytest.fixture
def drawn():
    """For a test that looks at the report."""


@pytest.fixture(autouse=True)
def _undrawn(request, monkeypatch):
    """Half of a run's time is the report, which is empty for tests that do not look at it."""
    if "drawn" not in request.fixturenames:
        monkeypatch.setattr("core.reporting.report.report", lambda _: b"")


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """The results of `STUDY`, and what it said."""
    folder = tmp_path_factory.mktemp("first run")
    (folder / "bank.csv").write_text(BANK)
    said = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as there, redirect_stdout(said[0]), redirect_stderr(said[1]):
        there.chdir(folder)
        assert main(shlex.split(STUDY)) == 0
    return folder / "out", *(text.getvalue().splitlines() for text in said)


@pytest.fixture
def results(first_run, folder):
    """The results of the first run in the working folder."""
    return Path(shutil.copytree(first_run[0], folder / "out"))


def tree(folder):
    """Every file below a folder with its content; None for a folder."""
    return {path.relative_to(folder): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def cells(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def table(path):
    return cells(Path(path).read_bytes().decode("utf-8"))


def test_segment_writes_the_file_set_and_nothing_else(results):
    assert {path.name for path in results.iterdir()} == FILES


def test_the_cleaned_customers_have_flags_and_clusters_and_no_names(results):
    assert table(results / "customer_data_cleaned.csv") == cells("""\
customer_id,date_of_birth,age,gender,state,postcode,wealth_segment,property_valuation,tenure,owns_car,\
Is_Mass_Affluent_Custom,Age_Group,High_Potential_Flag,Cluster,Second_segment,Margin
1,1950-12-31,67,Female,NSW,2000,Affluent Customer,10,20,Yes,Yes,65+,No,1,2,0.875889
2,1990-06-15,27,Male,VIC,0800,Mass Customer,9,2,No,Yes,25–34,Yes,2,1,0.438908
3,1992-02-01,25,Undisclosed,QLD,4000,Mass Customer,2,3,Yes,No,25–34,No,2,1,0.547829
4,,,Female,WA,6000,High Net Worth,12,,No,No,Unknown,Unknown,Not clustered,,
5,1949-07-07,68,Female,SA,5000,High Net Worth,11,22,Unknown,No,65+,No,1,2,0.888082
'=1,1960-03-03,57,Male,'=cmd|x,5000,Affluent Customer,5,5,Yes,Yes,55–64,No,2,1,0.387883
""")


def test_every_row_that_is_no_customer_is_kept_with_its_line_and_reason(results):
    header, *rows = table(results / "rejected_rows.csv")
    assert header == ["file", "line", "outcome", "reason", "raw_text"]
    assert sorted(rows) == cells("""\
bank.csv,10,rejected,Another row has the same customer id,"2,15/06/1990,Male,VIC,800,Mass Customer,9,,No,N"
bank.csv,7,removed,Deceased,"6,01/01/1980,F,SA,5000,Mass Customer,11,22,,Y"
bank.csv,8,rejected,4 cells where the header has 11,"7,Gus,1,2"
""")


def test_segments_and_steps_add_up(results):
    assert table(results / "segments.csv") == cells("""\
Cluster,name,customers,share_of_all_customers,age,property_valuation,tenure,age_z,property_valuation_z,tenure_z
1,Long tenure · older,2,0.33333333,67.5,10.5,21.0,0.98317615,0.91653421,1.2139881
2,Short tenure · younger,3,0.5,36.333333,5.3333333,3.3333333,-0.65545076,-0.61102281,-0.80932538
""")
    steps = json.loads((results / "steps.json").read_text("utf-8"))
    assert [(step["rows_in"], step["rows_out"]) for step in (steps[0], steps[-1])] == [(9, 8), (6, 6)]
    assert [step["rows_in"] for step in steps[1:]] == [step["rows_out"] for step in steps[:-1]]


def test_the_model_says_what_it_was_made_of():
    main(shlex.split(f"{STUDY} --seed 3 --features tenure,age"))
    model = json.loads(Path("out/model.json").read_text("utf-8"))
    assert model.keys() == {
        "format", "version", "k", "features", "segments", "others", "numbered_by", "structure", "seed", "rules",
        "input", "versions", "columns", "geography", "wealth", "roles", "decided",
    }  # fmt: skip
    assert ([feature["name"] for feature in model["features"]], model["k"], model["seed"]) == (["age", "tenure"], 2, 3)
    assert [segment["colour"] for segment in model["segments"]] == list(CLUSTER_COLOURS[:2])
    assert model["input"]["files"] == ["bank.csv"]
    assert Rules(date(2018, 1, 1)).to_dict() == model["rules"]


def test_progress_goes_to_stderr_and_one_summary_to_stdout(first_run):
    _, out, err = first_run
    assert err == [
        "Reading bank.csv …",
        "Matching the columns of 8 rows …",
        "Cleaning 8 rows …",
        "Standardising the features …",
        "Segmenting 6 customers into 2 …",
        "Writing the results …",
    ]
    assert out == [
        "Rows read                 9   bank.csv",
        "Customers                 6   as of 2018-01-01",
        "Rejected rows             3   rejected_rows.csv says which and why",
        "Mass affluent             3   50.0% of those known",
        "High potential            1   20.0% of those known",
        "Segments                  2   on age, property_valuation, tenure; % of all customers",
        "   1           2   33.3%  Long tenure · older",
        "   2           3   50.0%  Short tenure · younger",
        "   –           1   1 of 6 customers is not clustered: 1 lacks age, 1 lacks tenure (some lack several).",
        "What was understood",
        "  Rows          6 customers, one per row",
        "  Wealth        the wealth segment",
        "  Features      age, property valuation, tenure",
        "  Country       Australia, AUD",
        "Mass affluent. In: wealth segment Affluent Customer, or Mass Customer with a property valuation of 9 or more "
        "(a proxy for wealth). Out: High Net Worth, and the deceased.",
        "Structure unknown: there are too few different customers to tell groups from chance.",
        "Written to out: one row per customer with Cluster in customer_data_cleaned.csv",
    ]


@pytest.mark.filterwarnings("always::core.errors.DrawingWarning")
@pytest.mark.usefixtures("drawn")
def test_a_chart_that_cannot_be_drawn_costs_only_itself(monkeypatch, capsys):
    monkeypatch.setattr("vl_convert.vegalite_to_svg", Mock(side_effect=ValueError("no drawing")))
    assert main(shlex.split(STUDY)) == 0
    assert {path.name for path in Path("out").iterdir()} == FILES
    title = "Customers by segment (% of all customers)"
    assert f"warning: The chart “{title}” could not be drawn: no drawing\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("feature", "advice"),
    [
        ("score", ""),
        ("row_no", "row_no seems to name or count rather than to measure"),
        ("line", "line seems to name or count rather than to measure"),
        ("postcode", "Postcode seems to name or count rather than to measure"),
        ("customer_id", "Customer id seems to name or count rather than to measure"),
        ("rank", ""),
    ],
)
def test_a_feature_that_is_named_is_obeyed(folder, capsys, feature, advice):
    rows = "".join(
        f"{4000 + i * 7},{20 + i % 50},{1 + i % 100},{i % 90 * 3},{i},{2000 + i % 9},{'-' if i % 3 else i}\n"
        for i in range(200)
    )
    (folder / "ids.csv").write_text(f"customer_id,age,score,row_no,line,postcode,rank\n{rows}")
    assert main(shlex.split(f"segment ids.csv --as-of 2018-01-01 --k 3 --features {feature} --out out")) == 0
    said = capsys.readouterr().out
    assert f"Segments                  3   on {feature}" in said
    assert ("seems to name or count rather than to measure" in said, advice in said) == (bool(advice), True)
    assert main(shlex.split("score ids.csv --model out/model.json --out scored.csv")) == 0
    header, *customers = table("out/customer_data_cleaned.csv")
    assert [row[1] for row in table("scored.csv")[1:]] == [row[header.index("Cluster")] for row in customers]
    _, segments, _ = opened(open_folder(Path("out")), stamp="")
    assert (segments.features, segments.profile["customers"].sum()) == ((feature,), 67 if feature == "rank" else 200)


@pytest.mark.parametrize(
    ("feature", "why"),
    [
        ("gender", "gender cannot be a feature: it holds no numbers"),
        ("nothing", "nothing cannot be a feature: it holds no numbers"),
        ("remark", "remark cannot be a feature: it holds no numbers"),
        ("Cluster", "Cluster cannot be a feature: there is no such column"),
    ],
)
def test_a_feature_without_any_number_is_refused_with_the_columns_that_have_some(folder, capsys, feature, why):
    rows = "".join(f"{i},{20 + i},Male,,so so\n" for i in range(60))
    (folder / "texts.csv").write_text(f"customer_id,age,gender,nothing,remark\n{rows}")
    assert main(shlex.split(f"segment texts.csv --as-of 2018-01-01 --features {feature} --out out")) == 2
    assert f"{why}. Columns with numbers, or yes and no: age." in capsys.readouterr().err


DOUBTFUL = "".join(
    f"{i},{20 + i % 50},{i % 12 + 1 if i % 8 else 'much'},{(i % 50) ** 5},Affluent Customer\n" for i in range(200)
)


@pytest.mark.usefixtures("drawn")
def test_the_summary_and_the_report_have_every_warning_of_the_app(folder, capsys):
    (folder / "doubts.csv").write_text(f"customer_id,age,property_valuation,balance,wealth_segment\n{DOUBTFUL}")
    (folder / "shelf.csv").write_text("shelf,colour\n1,red\n2,blue\n")
    files = "doubts.csv shelf.csv --as-of 2018-01-01"
    assert main(shlex.split(f"segment {files} --features age,balance --k 2 --out out")) == 0
    said = capsys.readouterr().out
    study = load(list(open_sources(["doubts.csv", "shelf.csv"])), Rules(date(2018, 1, 1)))
    found = segment(study, 2, ["age", "balance"])
    shown = [
        *quality_warnings(study.sources, study.quality),
        *about_features(study.customers, study.columns, found),
        *about_drivers(study.customers, study.columns, found),
    ]
    assert [sum(word in one for one in shown) for word in ("not used", "not valid", "skewed", "protected")] == [1] * 4
    report = unescape((folder / "out/report.html").read_text("utf-8"))
    for sentence in shown:
        assert f"\n{sentence}\n" in said
        assert sentence in report


def test_numbers_that_are_no_feature_are_told_by_their_reason(folder, capsys):
    rows = "".join(f"{i},{20 + i % 50},{i % 12},{i % 7},{i % 23},{i % 31},{i % 29}\n" for i in range(200))
    (folder / "usual.csv").write_text(f"customer_id,age,property_valuation,purchases,tenure,balance,visits\n{rows}")
    assert main(shlex.split("segment usual.csv --as-of 2018-01-01 --k 2 --out out")) == 0
    told = "Not a feature unless asked for: balance, visits (the usual features are there)."
    assert told in capsys.readouterr().out.splitlines()


def test_fewer_segments_than_asked_for_are_told(folder, capsys):
    (folder / "two.csv").write_text("customer_id,balance\n" + "".join(f"{i},{1000 * (i % 2)}\n" for i in range(40)))
    assert main(shlex.split("segment two.csv --as-of 2018-01-01 --features balance --k 5 --out out")) == 0
    said = capsys.readouterr().out
    assert "\n2 segments at most: no more customers differ in these features.\n" in said


@pytest.mark.parametrize("command", ["score two.csv", "refresh two.csv"])
def test_a_saved_model_on_other_files_has_their_warnings(folder, capsys, command):
    (folder / "one.csv").write_text("customer_id,balance\n" + "".join(f"{i},{1000 * (i % 9)}\n" for i in range(40)))
    (folder / "two.csv").write_text(
        "customer_id,balance\n" + "".join(f"{i},{1000 * i if i % 4 else 'much'}\n" for i in range(40))
    )
    assert main(shlex.split("segment one.csv --as-of 2018-01-01 --features balance --k 2 --out made")) == 0
    capsys.readouterr()
    assert main(shlex.split(f"{command} --model made/model.json --out later")) == 0
    said = capsys.readouterr().out
    assert (
        "\nBalance: 10 of 40 values are not valid and count as missing, such as “much”. The Data page shows why.\n"
        in said
    )
    assert "\n10 of 40 customers are not clustered: 10 lack balance.\n" in said
    assert "structure" in said


def test_k_auto_takes_the_number_of_groups_in_the_data(folder, capsys):
    ages = [centre + i % 9 for i, centre in enumerate([20, 45, 70] * 60)]
    rows = "".join(f"{i},{age},{age // 3 + i * i % 5}\n" for i, age in enumerate(ages))
    (folder / "groups.csv").write_text(f"customer_id,age,tenure\n{rows}")
    assert main(shlex.split("segment groups.csv --as-of 2018-01-01 --k auto --out out")) == 0
    said = capsys.readouterr().out
    assert "Segments                  3   on age, tenure" in said
    assert "Strong structure: these segments are natural groups (the silhouette is 0." in said
    assert "3 segments: the silhouette is 0." in said
    header, *lines = (folder / "out/choose_k.csv").read_text().splitlines()
    assert header == "k,measure,value,reference,low,high"
    assert {line.split(",")[0] for line in lines} == {str(k) for k in range(2, 13)}


def test_the_seed_decides_where_kmeans_starts(folder, monkeypatch):
    monkeypatch.setattr("core.segments.kmeans.STARTS", 1)
    spread = [(20 + i * 37 % 61, i * 53 % 97) for i in range(300)]  # no groups: each start ends elsewhere
    rows = "".join(f"{i},{age},{purchases}\n" for i, (age, purchases) in enumerate(spread))
    (folder / "even.csv").write_text(f"customer_id,age,purchases\n{rows}")
    for seed in (0, 1, 2):
        command = f"segment even.csv --as-of 2018-01-01 --k 7 --seed {seed} --out out{seed}"
        assert main(shlex.split(command)) == 0
        model = json.loads((folder / f"out{seed}/model.json").read_text())
        assert model["seed"] == seed
        study = load([FileSource("even.csv", (folder / "even.csv").read_bytes())], Rules(date(2018, 1, 1)))
        found = Analysis(study, segment(study, 7, seed=seed), seed=seed)
        assert (folder / f"out{seed}/customer_data_cleaned.csv").read_bytes() == to_csv(
            study.with_segments(found.segments).assign(**found.certainties)
        )
    first, *others = ((folder / f"out{seed}/segments.csv").read_text() for seed in (0, 1, 2))
    assert all(other != first for other in others)


def test_k_auto_goes_on_where_the_largest_number_of_a_dozen_is_the_best(folder, capsys, monkeypatch):
    monkeypatch.setattr("core.segments.sweep.MOST_K", 15)
    places = [(40 + 20 * (i % 4), 12 * (i // 4)) for i in range(14)] * 12
    rows = "".join(f"{i},{age + i % 3},{tenure + i % 2}\n" for i, (age, tenure) in enumerate(places))
    (folder / "groups.csv").write_text(f"customer_id,age,tenure\n{rows}")
    assert main(shlex.split("segment groups.csv --as-of 2018-01-01 --k auto --out out")) == 0
    said = capsys.readouterr().out
    assert "14 segments: the silhouette is 0." in said
    assert "Tried: 2 to 15. (k = 14 is used.)" in said
    _, *lines = (folder / "out/choose_k.csv").read_text().splitlines()
    assert {line.split(",")[0] for line in lines} == {str(k) for k in range(2, 16)}


@pytest.mark.parametrize(
    ("options", "affluent"),
    [
        ("--as-of 2018-01-01", ["1", "2", "'=1"]),
        ("--rules rules.toml", ["1", "2", "3", "'=1"]),
        ("--rules rules.toml --as-of 2019-01-01", ["1", "2", "3", "'=1"]),
    ],
)
def test_rules_come_from_a_file(options, affluent):
    assert main(shlex.split(f"segment bank.csv {options} --out out")) == 0
    rows = table("out/customer_data_cleaned.csv")
    column = rows[0].index("Is_Mass_Affluent_Custom")
    assert [row[0] for row in rows[1:] if row[column] == "Yes"] == affluent


@pytest.mark.parametrize(
    ("options", "born", "age"),
    [
        ("--date-order day_first --as-of 2018-01-01", "1980-02-01", "37"),
        ("--date-order month_first --as-of 2018-01-01", "1980-01-02", "37"),
        ("--date-order month_first --rules rules.toml --as-of 2018-01-02", "1980-01-02", "38"),
    ],
)
def test_the_date_order_can_be_said(folder, options, born, age):
    (folder / "dates.csv").write_text("customer_id,date_of_birth\n1,01/02/1980\n")
    assert main(shlex.split(f"segment dates.csv {options} --out out")) == 0
    assert table("out/customer_data_cleaned.csv")[1][1:3] == [born, age]


def test_a_rejected_row_with_a_line_break_in_a_cell_is_one_rejected_row(folder):
    (folder / "jobs.csv").write_text('customer_id,age,job_title\n1,20,"cook\nbaker"\n1,30,"cook\nbaker"\n')
    assert main(shlex.split("segment jobs.csv --as-of 2018-01-01 --out out")) == 0
    assert [row[:4] for row in table("out/rejected_rows.csv")[1:]] == [
        ["jobs.csv", "4", "rejected", "Another row has the same customer id"]
    ]


AS_OF = "--as-of 2018-01-01 --out out"
UNUSABLE = {
    "no such file": (f"segment missing.csv {AS_OF}", "missing.csv: No such file or directory."),
    "an empty folder": (f"segment shelf {AS_OF}", "There is no file in the folder shelf."),
    "an empty file": (f"segment empty.csv {AS_OF}", "empty.csv: The file is empty."),
    "a picture": (f"segment picture.csv {AS_OF}", "picture.csv: This is a PNG picture, not a table."),
    "no known column": (f"segment useless.csv {AS_OF}", "the dashboard knows: colour, shape."),
    "nobody left": (f"segment nobody.csv {AS_OF}", "nobody.csv: No customer is left after cleaning."),
    "no as-of date": ("segment bank.csv --out out", "There is no as-of date. Give --as-of YYYY-MM-DD"),
    "nowhere to write to": ("segment bank.csv --as-of 2018-01-01", "There is nowhere to write to. Give --out, or a"),
    "a table without an address": (f"segment bank.csv --into t {AS_OF}", "--into is of a table. Give its database by"),
    "an address without a table": (f"segment bank.csv --to sqlite:///a.db {AS_OF}", "There is no table to write to."),
    "nothing to read": ("segment --out out", "There is nothing to read."),
    "no such feature": (f"segment bank.csv --features age,salary {AS_OF}", "salary cannot be a feature: there is no"),
    "no TOML": (f"segment bank.csv --rules bad.toml {AS_OF}", "bad.toml: This is not a file of rules: it is not"),
    "no UTF-8": (f"segment bank.csv --rules latin.toml {AS_OF}", "it is not UTF-8 text at byte 10."),
    "unknown rule": (f"segment bank.csv --rules unknown.toml {AS_OF}", "it has an unknown 'min_age'; known are"),
    "no rules file": (f"segment bank.csv --rules none.toml {AS_OF}", "none.toml: No such file or directory."),
    "out is a file": ("segment bank.csv --as-of 2018-01-01 --out bank.csv", "bank.csv is not a folder."),
    "no made-up customer": ("sample --customers 0 --out big.csv", "--customers is 0. Ask for at least one customer."),
    "sample is a folder": ("sample --customers 3 --out shelf", "shelf"),
    "no folder to write to": ("sample --customers 3 --out nowhere/big.csv", "nowhere"),
}  # fmt: skip


@pytest.mark.parametrize(("line", "message"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_used_is_said_in_one_line_and_nothing_is_written(folder, capsys, line, message):
    before = tree(folder)
    assert main(shlex.split(line)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1].startswith("error: ")
    assert message in err.splitlines()[-1]
    assert "None." not in err
    assert tree(folder) == before


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "the following arguments are required: COMMAND"),
        ("explain", "invalid choice: 'explain'"),
        ("segment bank.csv --as-of 01/02/2018 --out out", "01/02/2018 is not a date such as 2026-01-31"),
        ("segment bank.csv --k many --out out", "'many' is not auto or a number from 1 to 30"),
        ("segment bank.csv --k 0 --out out", "'0' is not auto or a number from 1 to 30"),
        ("segment bank.csv --date-order year_first --out out", "invalid choice: 'year_first'"),
    ],
)
def test_a_line_that_makes_no_sense_is_status_2_too(capsys, line, message):
    with pytest.raises(SystemExit) as stop:
        main(shlex.split(line))
    assert stop.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.usefixtures("results")
def test_a_run_that_fails_leaves_the_results_of_the_run_before(folder):
    before = tree(folder)
    assert main(shlex.split("segment empty.csv --as-of 2018-01-01 --out out")) == 2
    assert tree(folder) == before


def test_results_appear_all_at_once_or_not_at_all(folder):
    (folder / "out" / "model.json").mkdir(parents=True)  # in the way of the last file
    before = tree(folder)
    assert main(shlex.split(STUDY)) == 2
    assert tree(folder) == before


def test_a_second_run_replaces_the_first_and_leaves_other_files_alone(results):
    (results / "notes.txt").write_text("mine")
    assert main(shlex.split(f"{STUDY} --k 3")) == 0
    assert {path.name for path in results.iterdir()} == FILES | {"notes.txt"}
    assert [row[0] for row in table(results / "segments.csv")[1:]] == ["1", "2", "3"]


@pytest.mark.usefixtures("drawn")
def test_the_same_line_writes_the_same_bytes(results):
    before = tree(results)
    (results / "steps.json").unlink()  # so that the second run is seen to write
    assert main(shlex.split(STUDY)) == 0
    assert tree(results) == before


def test_sample_makes_the_same_customers_for_the_same_seed(folder, capsys):
    for name, seed in {"a.csv": 7, "b.csv": 7, "c.csv": 8}.items():
        assert main(shlex.split(f"sample --customers 50 --seed {seed} --out {name}")) == 0
    a, b, c = ((folder / name).read_bytes() for name in ("a.csv", "b.csv", "c.csv"))
    assert a == b
    assert a != c
    assert len(a.splitlines()) == 51
    assert capsys.readouterr().out.splitlines()[0] == "a.csv: 50 made-up customers"
    assert not list(folder.glob("*.partial"))


def test_python_m_core_is_this_command_line(folder):
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "core",
            "segment",
            folder / "empty.csv",
            "--as-of",
            "2018-01-01",
            "--out",
            folder / "out",
        ],
        cwd=Path(core.__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.splitlines()[-1].startswith("error: empty.csv: The file is empty.")


@pytest.mark.real_data
@pytest.mark.usefixtures("drawn")
def test_both_orders_of_the_files_give_the_pipelines_customers(real_data, folder):
    files = [real_data / "CustomerDemographic.csv", real_data / "CustomerAddress.csv"]
    for name, order in {"there": files, "back": files[::-1]}.items():
        assert main(["segment", *map(str, order), "--as-of", "2018-01-01", "--out", name]) == 0
    assert tree(folder / "there") == tree(folder / "back")
    study = load([FileSource(path.name, path.read_bytes()) for path in files], Rules(date(2018, 1, 1)))
    segments = segment(study, 5)
    customers = study.with_segments(segments).assign(**Analysis(study, segments).certainties)
    assert (folder / "there" / "customer_data_cleaned.csv").read_bytes() == to_csv(customers)
    assert len(table("there/customer_data_cleaned.csv")) == 1 + 3998
    assert len(table("there/rejected_rows.csv")) == 1 + 2 + 3  # the deceased, and addresses without a customer


def test_a_spark_server_that_nobody_runs_is_said_at_once(tmp_path, capsys):
    pytest.importorskip("pyspark")
    with socket.socket() as free:  # bound, and nobody listens
        free.bind(("127.0.0.1", 0))
        remote = f"sc://127.0.0.1:{free.getsockname()[1]}"
        command = ["segment", str(SAMPLE), "--as-of", "2026-01-01", "--engine", "spark", "--remote", remote]
        assert main([*command, "--out", str(tmp_path / "out")]) == 2
    assert f"Nobody answers at {remote}" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("where", "path"), [("--master local", "{}/bank.csv"), ("--remote sc://host", "bank.csv")])
def test_spark_gets_addresses_as_they_are_and_paths_as_its_workers_have_them(folder, monkeypatch, where, path):
    got = Mock(side_effect=DataError("Enough.", ""))
    monkeypatch.setattr("core.spark.session.connected", lambda **_: nullcontext())
    monkeypatch.setattr("core.spark.run.run", got)
    files = "s3://bucket/x.csv file:///data/x.csv bank.csv"
    assert main(f"segment {files} --as-of 2018-01-01 --out out --engine spark {where}".split()) == 2
    assert got.call_args.args[1] == ["s3://bucket/x.csv", "file:///data/x.csv", path.format(folder)]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("segment bank.csv --k 2 --xlsx", "There is no folder for workbook.xlsx. Give --out."),
        ("segment bank.csv --k 2 --pptx", "There is no folder for deck.pptx. Give --out."),
        ("refresh bank.csv --model model.json --scored", "There is no folder for scored.csv. Give --out."),
        ("refresh bank.csv --model model.json --before-as-of 2017-01-01", "There are no earlier sources."),
    ],
)
def test_a_file_that_is_asked_for_without_a_place_is_refused(capsys, command, message):
    assert main(f"{command} --as-of 2018-01-01 --to sqlite:///bank.db --into segments".split()) == 2
    assert message in capsys.readouterr().err
    assert not Path("bank.db").exists()


def test_a_pdf_is_asked_for_and_without_a_browser_nothing_is_written(monkeypatch, capsys):
    monkeypatch.setattr("core.reporting.pdf.BROWSERS", ("no-such-browser",))
    assert main([*STUDY.split(), "--pdf"]) == 2
    assert capsys.readouterr().err.startswith("error: There is no browser here to print it. Install Chromium")
    assert not Path("out").exists()
