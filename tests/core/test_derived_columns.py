"""Age and tenure from whatever form a file has them in."""

from datetime import date

import pandas as pd
import pytest

from core.pipeline import load
from core.rules import Intake, Rules
from core.sources.file import FileSource

RULES = Rules(date(2018, 7, 1), intake=Intake(date_order="day_first"))


@pytest.mark.parametrize(
    ("header", "cell", "column", "value"),
    [
        ("date_of_birth", "02/07/1980", "age", 37),
        ("Year_Birth", "1980", "age", 38),
        ("Year_Birth", "2050", "age", None),
        ("age", "37", "age", 37),
        ("tenure", "5", "tenure", 5),
        ("Months_on_book", "39", "tenure", 3.25),
        ("Vintage (days)", "3652", "tenure", 10),
        ("join year", "2008", "tenure", 10),
        ("customer_since", "2008", "tenure", 10),
        ("customer_since", "01/07/2008", "tenure", 10),
        ("customer_since", "", "tenure", None),
    ],
)
def test_every_form_gives_years(header, cell, column, value):
    study = load([FileSource("bank.csv", f"customer_id,state,{header}\n1,NSW,{cell}\n2,NSW,{cell}\n".encode())], RULES)
    if value is None:
        assert column not in study.customers or study.customers[column].isna().all()
    else:
        assert study.customers[column].tolist() == pytest.approx([value] * 2, abs=0.01)


def test_the_exacter_form_wins_and_the_others_fill_in():
    text = "customer_id,date_of_birth,age,birth_year\n1,01/01/1980,99,1900\n2,,50,1900\n3,,,1990\n4,,,\n"
    study = load([FileSource("bank.csv", text.encode())], RULES)
    assert study.customers["age"].astype(object).where(pd.notna, None).tolist() == [38, 50, 28, None]
    assert list(study.customers.columns[:3]) == ["customer_id", "date_of_birth", "age"]
    assert [step.title for step in study.steps if "worked out" in step.title] == ["Age worked out from the birth year"]


def test_the_postcode_gives_the_region_where_the_file_has_none():
    text = "customer_id,age,zip\n1,30,98101\n2,40,2139\n3,50,\n4,60,10001-1234\n5,40,60601\n"
    study = load([FileSource("bank.csv", text.encode())], RULES)
    assert (study.country, study.customers["state"].tolist()) == ("US", ["WA", "MA", "Unknown", "NY", "IL"])
    assert [step.title for step in study.steps if step.column == "state"] == ["State worked out from the ZIP"]
    assert [study.column(name).label for name in ("state", "postcode")] == ["State", "ZIP"]


@pytest.mark.parametrize("header", ["state", "region"])
def test_a_region_in_the_file_wins_over_the_postcode(header):
    text = f"customer_id,{header},zip\n1,Texas,98101\n2,NY,10001\n3,,60601\n4,CA,90012\n5,TX,77002\n"
    study = load([FileSource("bank.csv", text.encode())], RULES)
    assert study.customers["state"].tolist() == ["TX", "NY", "Unknown", "CA", "TX"]
    assert not [step for step in study.steps if "worked out" in step.title]


def load_cells(header, cells):
    rows = "".join(f'{number},30,"{cell}"\n' for number, cell in enumerate(cells * 20))
    return load([FileSource("bank.csv", f"customer_id,age,{header}\n{rows}".encode())], RULES)


@pytest.mark.parametrize(
    ("header", "cells", "band", "number", "values"),
    [
        ("Income_Category", ["$60K - $80K", "Less than $40K", "Unknown"], "income_band", "income_band_middle",
         [70_000, 20_000, None]),
        ("faixa_renda", ["0-20k", "20k-40k", "40k +"], "faixa_renda", "faixa_renda_middle", [10_000, 30_000, 40_000]),
        ("Income (k$)", ["0-20", "20-40", "40 +"], "income_band", "income_band_middle", [10_000, 30_000, 40_000]),
        ("Savings band", ["little", "rich", ""], "savings_band", "savings_band_rank", [2, 6, None]),
    ],
)  # fmt: skip
def test_bands_of_amounts_stay_and_get_a_number(header, cells, band, number, values):
    study = load_cells(header, cells)
    assert study.customers[band].cat.ordered
    assert study.customers[number].astype(object).where(pd.notna, None).tolist()[:3] == values
    assert (study.column(number).kind, study.column(number).header) == ("number", header)
    assert study.column(number).meaning == study.column(band).meaning != ""
    assert any(step.column == band and number.rpartition("_")[2] in step.title for step in study.steps)


def test_ordered_words_of_no_amount_stay_a_category():
    study = load_cells("Fee plan", ["Low", "Mid", "High"])
    assert [*study.customers["fee_plan"].cat.categories] == ["Low", "Mid", "High"]
    assert [*study.customers][-4:] == ["fee_plan", "Is_Mass_Affluent_Custom", "Age_Group", "High_Potential_Flag"]


def test_thousands_in_the_header_are_read_as_units():
    assert load_cells("Annual Income (k$)", ["15", "137.5"]).customers["income"].tolist()[:2] == [15_000, 137_500]
