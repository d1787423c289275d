"""What a whole file proves about its columns, and the warnings on what it does not."""

from datetime import date

import pytest

from core.intake.quality_warnings import quality_warnings
from core.pipeline import load
from core.rules import Intake, Rules
from core.sources.file import FileSource

AS_OF = date(2026, 1, 1)


def study_of(content, **intake):
    return load([FileSource("bank.csv", content.encode())], Rules(AS_OF, intake=Intake(**intake)))


def warnings_of(study):
    return quality_warnings(study.sources, study.quality, study.steps)


def rows(header, *values):
    return header + "\n" + "".join(f"{number};{value}\n" for number, value in enumerate(values, 1))


def test_all_columns_of_a_file_decide_its_decimal_mark():
    study = study_of(rows("id;umsatz;anteil;kredit", "1.107,50;0,151;11,137", "2.114,50;0,182;12,274"))
    assert study.customers[["umsatz", "anteil", "kredit"]].to_numpy().tolist() == [
        [1107.5, pytest.approx(0.151), pytest.approx(11.137)],
        [2114.5, pytest.approx(0.182), pytest.approx(12.274)],
    ]


def test_a_unit_in_a_header_does_not_part_a_column_from_its_file():
    study = study_of(rows("id;fees (EUR);spend (EUR)", "1.107,50;11,137", "2.114,50;12,274", "3.114,50;13,270"))
    assert study.customers["spend"].tolist() == [pytest.approx(number) for number in (11.137, 12.274, 13.27)]


def test_tenures_before_birth_are_told_apart_by_what_they_come_from():
    study = study_of(rows("id;age;tenure_years;joined_on", "30;50;", "40;;1960-05-01", "50;9;", "60;;2020-01-31"))
    assert study.customers["tenure"].isna().tolist() == [True, True, False, False]
    assert [step.title for step in study.steps if step.warns] == [
        "Join date before birth, tenure set to missing",
        "Tenure longer than the age, tenure set to missing",
    ]


def test_an_answer_for_another_file_gives_way_to_what_the_values_prove():
    study = study_of(rows("id;age;balance", "30;2.037", "40;0.125", "50;2.5"), decimal_mark="comma")
    assert study.customers["balance"].tolist() == [2.037, 0.125, 2.5]
    assert warnings_of(study) == [
        "Balance: numbers are read with a decimal point, which they prove, and not with a decimal comma as chosen."
    ]
    dates = study_of(rows("id;date_of_birth", "13/02/1980", "02/01/1981"), date_order="month_first")
    assert dates.customers["date_of_birth"].dt.strftime("%Y-%m-%d").tolist() == ["1980-02-13", "1981-01-02"]
    assert warnings_of(dates) == [
        "Birth date: dates are read day first, which they prove, and not month first as chosen."
    ]


def test_dashes_are_zeros_in_an_accounting_format_only():
    study = study_of(rows("id;age;balance", "30;(500.00)", "40;-"))
    assert study.customers["balance"].tolist() == [-500, 0]
    assert warnings_of(study) == []
    other = study_of(rows("id;age;balance", "30;500.00", "40;-"))
    assert other.customers["balance"].isna().tolist() == [False, True]
    assert warnings_of(other) == [
        "Balance: a dash alone was not read as 0, since nothing else is in an accounting format."
    ]


@pytest.mark.parametrize(
    ("header", "values", "living"),
    [
        ("deceased", ["FALSCH", "WAHR", "FALSCH"], ["1", "3"]),
        ("deceased", ["", "X", ""], ["1", "3"]),
        ("deceased", ["-", "+", "-"], ["1", "3"]),
        ("deceased", ["alive", "Deceased", "alive"], ["1", "3"]),
        ("date_of_death", ["", "2024-03-04", ""], ["1", "3"]),
        ("todesdatum", ["0000-00-00", "04.03.2024", "31.12.9999"], ["1", "3"]),
        ("fallecido", ["no", "sí", "falso"], ["1", "3"]),
    ],
)
def test_the_dead_are_removed_however_a_file_says_it(header, values, living):
    study = study_of(rows(f"id;age;{header}", *(f"30;{value}" for value in values)))
    assert study.customers["customer_id"].tolist() == living
    assert study.rejected["reason"].tolist() == ["Deceased"]
    assert warnings_of(study) == []


def test_a_death_that_is_not_understood_is_a_warning():
    assert warnings_of(study_of(rows("id;age;deceased", *["30;N"] * 40, "40;maybe"))) == [
        "Deceased: neither yes nor no, set to Unknown: 1 of 41 customers, such as maybe → Unknown."
    ]
    (warning,) = warnings_of(study_of(rows("id;age;info_on_death", "30;perhaps", "40;perhaps not")))
    assert "“info_on_death” seems to say who has died" in warning
    assert "such as “perhaps” and “perhaps not”" in warning


def test_a_known_column_that_cannot_be_read_is_a_warning_with_examples():
    (warning,) = warnings_of(study_of(rows("id;age;balance", "30;much", "40;little")))
    assert warning == (
        "bank.csv: “balance” looks like balance, but its values cannot be read as that, such as “much” and “little”, "
        "and the column is left out. The Data page can give it a role."
    )


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (["120K+", "150K+"], "all of them are the highest"),
        (["-5 x", "-6 x"], "all of them are negative"),
        (["12 apples", "15 apples"], "all of them are written alike"),
    ],
)
def test_values_lost_in_one_direction_make_a_share_untrustworthy(lost, said):
    values = [f"30;{1000 * number}" for number in range(1, 21)]
    (warning,) = warnings_of(study_of(rows("id;age;balance", *values, *(f"40;{value}" for value in lost))))
    assert f"such as “{lost[0]}” and “{lost[1]}”; {said}, so that no share or average holds for everybody" in warning


def test_several_currencies_are_a_warning():
    (warning,) = warnings_of(study_of(rows("id;age;balance", "30;USD 120,000", "40;INR 250,000")))
    assert warning == "Balance: amounts in several currencies (INR, USD) are compared as they stand."


def test_nobody_joins_before_birth_or_tomorrow():
    study = study_of(
        rows("id;date_of_birth;join_date", "1980-02-13;1975-01-01", "1990-02-13;2015-01-01", "1990-02-13;2027-01-01")
    )
    assert study.customers["tenure"].isna().tolist() == [True, False, True]
    assert warnings_of(study) == [
        "Join date: after 2026-01-01, set to missing: 1 of 3 customers, such as 2027-01-01 → missing.",
        "Join date before birth, tenure set to missing: 1 of 3 customers, such as 51 years at the age of 45.",
    ]


def test_ages_are_checked_against_birth_dates_and_tenures_against_ages():
    study = study_of(rows("id;date_of_birth;age;tenure_years", "1980-02-13;45;49", "1990-02-13;20;5"))
    assert study.customers["age"].tolist() == [45, 35]
    assert study.customers["tenure"].isna().tolist() == [True, False]
    assert warnings_of(study) == [
        "Tenure longer than the age, tenure set to missing: 1 of 2 customers, such as 49 years at the age of 45.",
        "Age in the file is not that of the birth date, which counts: 1 of 2 customers, such as 20 for 35.",
    ]


def test_bare_numbers_count_what_the_other_columns_allow():
    joined = [f"{1970 + number}-01-15;{19726 + 200 * number}" for number in range(10)]
    study = study_of(rows("id;date_of_birth;join_date", *joined))
    assert study.customers["tenure"].between(4, 12.1).all()
    assert warnings_of(study) == []
    senseless = study_of(rows("id;age;join_date", *(f"{30 + number};{number}.5" for number in range(10))))
    assert senseless.customers["tenure"].isna().all()
    assert warnings_of(senseless)[0].startswith("Join date: a number that makes sense as no date, set to missing: 10")


def test_examples_and_small_counts_are_hidden_with_small_groups():
    study = study_of(rows("id;age;balance;deceased", "30;much;N", "40;little;maybe"))
    hidden = quality_warnings(study.sources, study.quality, study.steps, few=lambda part, _: part < 10)
    assert len(hidden) == 1
    assert "much" not in hidden[0]
