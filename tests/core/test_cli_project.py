"""A project on the command line: decided as in the app, or refused with a reason."""

from dataclasses import replace
from datetime import date

import pytest

from core.cli import main
from core.measures.measure import Measure
from core.pipeline import load, segment
from core.project import Project, State, names_key
from core.rules import Rules
from core.segments.choice import FeatureChoice
from core.segments.model import freeze
from core.sources.file import FileSource

DAY = date(2026, 1, 1)
CSV = "customer_id,age,balance\n" + "".join(f"c{i},{20 + i % 3 + 30 * (i % 2)},{i % 7 * 100}\n" for i in range(60))
PROJECT = Project(Rules(DAY), state=State(k=2, features=("age",)), measures=(Measure("Old", "share(age > 40)"),))


def run(tmp_path, project, *more):
    (tmp_path / "bank.csv").write_text(CSV)
    (tmp_path / "p.json").write_bytes(project.to_json())
    return main(["segment", str(tmp_path / "bank.csv"), "--project", str(tmp_path / "p.json"),
                 "--out", str(tmp_path / "out"), *more])  # fmt: skip


def test_a_project_says_day_features_number_names_and_measures(tmp_path, capsys):
    study = load([FileSource("bank.csv", CSV.encode())], Rules(DAY))
    key = names_key(study.identity, segment(study, 2, FeatureChoice(("age",))))
    assert run(tmp_path, replace(PROJECT, names={key: {"1": "Golden years"}})) == 0
    said = capsys.readouterr().out
    assert "2   on age; % of all customers" in said
    assert "Golden years" in said
    assert "Old" in (tmp_path / "out" / "report.html").read_text()


def test_what_a_project_cannot_say_here_is_refused_or_told(tmp_path, capsys):
    study = load([FileSource("bank.csv", CSV.encode())], Rules(DAY))
    segments = segment(study, 2, FeatureChoice(("age",)))
    model = freeze(segments, study.rules, files=study.files, digest=study.digest).to_dict()
    assert run(tmp_path, replace(PROJECT, model=model)) == 2
    assert "The project uses a saved model." in capsys.readouterr().err
    assert run(tmp_path, PROJECT, "--features", "balance") == 2
    assert "The project says what --features says, too." in capsys.readouterr().err
    assert run(tmp_path, replace(PROJECT, state=State(k=2, filters={"age": ("20",)}))) == 0
    assert "filters and clicks of p.json are left out" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["{}", "no json"])
def test_another_file_is_no_project(tmp_path, capsys, content):
    (tmp_path / "bank.csv").write_text(CSV)
    (tmp_path / "p.json").write_text(content)
    arguments = ["segment", str(tmp_path / "bank.csv"), "--project", str(tmp_path / "p.json")]
    assert main([*arguments, "--out", str(tmp_path / "out")]) == 2
    assert "p.json" in capsys.readouterr().err
