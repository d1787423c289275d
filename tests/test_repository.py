"""README, requirements and CI agree with each other."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_every_pinned_version_satisfies_its_lower_bound() -> None:
    bounds = {line.name: line.specifier for line in map(Requirement, PROJECT["dependencies"])}
    pins = [line.split("==") for line in (ROOT / "requirements.txt").read_text().split()]
    assert [name for name, _ in pins] == sorted(bounds)
    assert [name for name, version in pins if Version(version) not in bounds[name]] == []


def test_ci_runs_the_test_command_of_the_readme() -> None:
    commands = re.findall(r"^python3 -m venv .*$", README, re.M)
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text().splitlines()


def test_the_workflow_runs_what_ci_runs() -> None:
    assert "bash .ci/run" in (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")


def test_every_file_the_readme_names_is_there() -> None:
    named = re.findall(r"\]\((\.?\w[^):#]*)\)", README) + re.findall(r"`((?:core|pages|data)/[\w./]*)`", README)
    assert len(named) >= 10
    assert [name for name in named if not (ROOT / name).exists()] == []
