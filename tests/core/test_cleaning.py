"""The registry of cleaning rules: a rule is one entry, and tells itself whether it can be switched off."""

from dataclasses import replace
from datetime import date

import pytest

from core.cleaning import registry
from core.cleaning.registry import RULES as CLEANING
from core.cleaning.registry import RowRule, ValueRule, row_rules, switches
from core.errors import RulesError
from core.pipeline import load
from core.rules import Intake, Rules, from_toml
from core.schema import BY_NAME, CUSTOMER, Column
from core.sources.file import FileSource

RULES = Rules(date(2018, 1, 1))
FILE = b"customer_id,age,job_title\n1,30,teller\n2,40,Clerk\n3,50,CLERK\n"


def in_capitals(cells):
    values = cells.values.str.upper()
    return values, {"written in capitals": (values != cells.values).to_numpy()}


CAPITALS = ValueRule(
    key="capitals", label="Write in capitals", does="Writes job titles in capitals.", can_be_off=True, kinds=("text",),
    clean=in_capitals,
)  # fmt: skip
NO_CLERKS = RowRule(
    key="clerks", label="Remove clerks", does="Removes clerks.", can_be_off=True, kinds=("text",),
    removes=lambda values: values.str.casefold().eq("clerk").to_numpy(), step="Removed clerks", reason="A clerk",
)  # fmt: skip


def loaded(*off):
    return load([FileSource("bank.csv", FILE)], replace(RULES, intake=Intake(off=off)))


def test_a_registered_rule_cleans_shows_as_a_step_and_can_be_switched_off():
    before = loaded().customers["job_title"]
    with CLEANING.added(CAPITALS):
        study, off = loaded(), loaded("capitals")
        assert "capitals" in [rule.key for rule in switches()]
    assert study.customers["job_title"].tolist() == before.str.upper().tolist() != before.tolist()
    (step,) = [step for step in study.steps if step.switch == "capitals"]
    assert (step.title, step.column, step.cells_changed, step.example) == (
        "Job title: written in capitals", "job_title", 2, "Clerk → CLERK",
    )  # fmt: skip
    assert off.customers["job_title"].tolist() == before.tolist()


def test_a_switch_travels_in_the_rules_and_is_refused_where_there_is_no_such_rule():
    with CLEANING.added(CAPITALS):
        off = replace(RULES, intake=Intake(off=("capitals",)))
        assert from_toml(off.to_toml()) == off
    with pytest.raises(RulesError, match="“capitals” is not a step that can be left out"):
        Intake(off=("capitals",))
    with pytest.raises(RulesError, match="“numbers” is not a step that can be left out"):
        Intake(off=("numbers",))


def test_a_registered_rule_removes_rows_with_its_reason():
    with CLEANING.added(NO_CLERKS):
        study, kept = loaded(), loaded("clerks")
    assert study.customers["age"].tolist() == [30]
    assert study.rejected[["outcome", "reason"]].to_numpy().tolist() == [["removed", "A clerk"]] * 2
    (step,) = [step for step in study.steps if step.switch == "clerks"]
    assert (step.title, step.rows_in, step.rows_out) == ("Removed clerks", 3, 1)
    (off,) = [step for step in kept.steps if step.switch == "clerks"]
    assert (off.rows_in, off.rows_out) == (3, 3)


def test_a_rule_needs_a_key_of_its_own_and_a_column():
    with pytest.raises(ValueError, match="There is a cleaning rule 'ranges' already"):
        CLEANING.add(CLEANING["ranges"])
    with pytest.raises(ValueError, match="'capitals' is for no column"):
        CLEANING.add(replace(CAPITALS, kinds=()))


def test_a_column_that_names_no_rule_is_refused(monkeypatch):
    monkeypatch.setattr(registry, "CUSTOMER", (Column("x", "text", "X", cleaning=("nothing",)),))
    with pytest.raises(ValueError, match=r"Column\.cleaning names rules there are not: nothing"):
        registry._check_columns()


def test_every_column_but_the_id_is_read_by_a_rule():
    assert [c.name for c in CUSTOMER if not any(rule.applies_to(c) for rule in CLEANING.values())] == ["customer_id"]


def test_the_description_of_a_column_names_the_rules_of_its_own():
    assert [(name, rule.key) for name, rule in row_rules(CUSTOMER)] == [("deceased", "deceased")]
    whole = CLEANING["whole_years"]
    assert (whole.applies_to(BY_NAME["age"]), whole.applies_to(BY_NAME["tenure"])) == (True, False)


@pytest.mark.parametrize(
    ("written", "genders"),
    [
        (["M", "F"], ["Male", "Female"]),
        (["H", "M"], ["Male", "Female"]),
        (["h", "f"], ["Male", "Female"]),
        (["V", "H"], ["Male", "Female"]),
        (["M", "K"], ["Male", "Female"]),
        (["E", "K"], ["Male", "Female"]),
        (["M", "V"], ["Male", "Female"]),
        (["U", "D"], ["Male", "Female"]),
        (["Erkek", "Kadın"], ["Male", "Female"]),
        (["男性", "女性"], ["Male", "Female"]),
        (["M", "F", "U"], ["Male", "Female", "Undisclosed"]),
    ],
)
def test_letters_of_genders_are_read_in_the_language_of_their_column(written, genders):
    rows = "".join(f"{number},{letter},{30 + number}\n" for number, letter in enumerate(written))
    study = load([FileSource("bank.csv", f"id,sex,age\n{rows}".encode())], RULES)
    assert study.customers.sort_values("customer_id")["gender"].tolist() == genders
