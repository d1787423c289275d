"""What was understood of files: short findings, their doubts, and what a confirmation of them holds for."""

from datetime import date

import pytest

from core.pipeline import load, segment
from core.questions import Option, Question
from core.rules import Intake, Rules, from_toml
from core.sources.file import FileSource
from core.understanding import confirmation, findings, in_one_line


def understood(content, name="bank.csv", **intake):
    study = load([FileSource(name, content.encode())], Rules(date(2026, 1, 1), intake=Intake(**intake)))
    return study, findings(study, segment(study, 2))


def table(header, row, rows=60):
    return header + "\n" + "".join(row(i) + "\n" for i in range(rows))


def test_a_clear_file_is_understood_without_a_doubt_and_said_in_one_line():
    _, found = understood(table("id,age,balance,churn", lambda i: f"c{i},{20 + i % 50},{i * 1000},{i % 2}"))
    assert {one.key: one.text for one in found} == {
        "rows": "60 customers, one per row",
        "wealth": "balance, 42,000 to below 57,000 (relative band, 70th to below 95th percentile; "
        "no one currency is known)",
        "features": "age, balance",
        "place": "not known",
        "unused": "churn (outcome or prediction)",
    }
    assert not any(one.doubts for one in found)
    assert in_one_line(found) == (
        "60 customers, one per row · wealth: balance, 42,000 to below 57,000 (relative band, 70th to below 95th "
        "percentile; no one currency is known) · features: age, balance · country: not known"
    )


@pytest.mark.parametrize(
    ("content", "key", "doubts"),
    [
        (
            table("id,age,tenure", lambda i: f"c{i},{20 + i % 50},{i % 9}"),
            "wealth",
            ("Nothing tells the mass affluent.",),
        ),
        (
            table("id,balance,segment", lambda i: f"c{i},{i * 1000},{'ab'[i % 2]}"),
            "features",
            ("There is only one feature: the segments are bands of it.",),
        ),
        (
            table("id,segment,age", lambda i: f"c{i},{'ab'[i % 2]},30"),
            "features",
            ("No column of numbers varies: there is nothing to make segments from.",),
        ),
    ],
)
def test_a_doubt_is_a_sentence_beside_what_it_is_about(content, key, doubts):
    _, found = understood(content)
    assert next(one.doubts for one in found if one.key == key) == doubts


def test_what_a_row_is_is_said_once_of_files_of_which_it_is_the_same():
    files = [
        (f"bank_2025-0{month}.csv", table("id,age,balance", lambda i, month=month: f"c{i},{20 + i},{i * month}"))
        for month in (6, 5)
    ]
    study = load([FileSource(name, content.encode()) for name, content in files], Rules(date(2026, 1, 1)))
    rows, *_ = findings(study, segment(study, 2))
    assert rows.text == (
        "60 customers; a row of bank_2025-05.csv, bank_2025-06.csv is a customer at one of several dates: the same "
        "customers stand in files of several dates"
    )


def test_a_question_is_a_doubt_about_the_rows_and_its_proposal_is_said():
    study, _ = understood(table("id,age,balance", lambda i: f"c{i},{20 + i % 50},{i * 1000}"))
    options = (Option("account", "An account"), Option("customer", "A customer"))
    question = Question("intake.rows", "bank.csv", "What is a row?", "account", options)
    object.__setattr__(study, "questions", (question,))
    rows, *_ = findings(study, segment(study, 2))
    assert (rows.text, rows.doubts) == (
        "60 customers; a row of bank.csv is taken for an account",
        ("What is a row?",),
    )


def test_a_column_in_use_that_is_not_sure_is_doubted():
    study, _ = understood(table("id,age,balance", lambda i: f"c{i},{20 + i % 50},{i * 1000}"))
    (source,) = study.sources
    for match in source.matches:
        object.__setattr__(match, "confidence", 0.5 if match.header == "balance" else match.confidence)
        object.__setattr__(match, "evidence", "two columns fit")
    found = {one.key: one.doubts for one in findings(study, segment(study, 2))}
    doubt = "“balance” is taken for balance, which is not sure: two columns fit."
    assert (found["wealth"], found["features"], found["rows"]) == ((doubt,), (doubt,), ())


def test_a_confirmation_holds_for_the_same_columns_and_doubts_whatever_is_in_them():
    first = table("id,age,tenure", lambda i: f"c{i},{20 + i % 50},{i % 9}")
    next_month = table("tenure,ID,Age", lambda i: f"{i % 7},d{i},{30 + i % 40}", rows=80)
    other = table("id,age,visits", lambda i: f"c{i},{20 + i % 50},{i % 9}")
    sure = table("id,age,tenure", lambda i: f"c{i},{20 + i % 50},{i % 9}")
    made = [confirmation(*understood(content)) for content in (first, next_month, other)]
    assert made[0] == made[1] != made[2]
    study, found = understood(sure)
    without_doubt = tuple(type(one)(one.key, one.label, one.text) for one in found)
    assert confirmation(study, without_doubt) != made[0]  # a new doubt is asked


def test_a_confirmation_goes_through_a_file_of_rules_and_no_number_can_be_read_in_it():
    confirmed = confirmation(*understood(table("id,age,tenure", lambda i: f"c{i},{20 + i % 50},{i % 9}")))
    rules = Rules(date(2026, 1, 1), checked=(confirmed,))
    assert from_toml(rules.to_toml()) == rules
    assert "checked" not in Rules(date(2026, 1, 1)).to_dict()
    with pytest.raises(ValueError, match="could not convert"):
        float(confirmed)
