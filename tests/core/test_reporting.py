"""What the report says: everything of the analysis, and nothing of few customers where these are hidden."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pandas as pd
import pytest

from core.analysis import Analysis
from core.measures.measure import Measure
from core.pipeline import load, matrix_of, segment, structure
from core.reporting.report import report
from core.rules import Rules
from core.segments.choose_k import verdict
from core.segments.evidence import sample
from core.sources.file import FileSource
from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign
from core.strategy.ranges import around
from core.strategy.scenario import Scenario
from core.visuals.clicks import Click
from tests.core.test_svg import HOSTILE

CAMPAIGN = default_campaign(USUAL["Everybody"])


def customers():
    """Two groups of 60 in NSW and VIC, three customers in WA, one of unknown age."""
    rows = [
        {
            "customer_id": f"c{i}",
            "age": 25 + i % 7 + 40 * (i % 2),
            "property_valuation": 3 + i % 3 + 6 * (i % 2),
            "tenure": 1 + i % 4,
            "purchases": i * 7 % 31,
            "state": "WA" if i < 3 else ("NSW", "VIC")[i % 2],
            "postcode": ("2000", "3000")[i % 2],
            "wealth_segment": ("Mass Customer", "Affluent Customer")[i % 2],
            "job_industry": ("Health", "IT")[i // 2 % 2],
            "owns_car": ("Yes", "No")[i // 4 % 2],
        }
        for i in range(120)
    ]
    return pd.DataFrame(rows).assign(age=lambda table: table["age"].astype("Int64").where(table.index > 0))


@pytest.fixture(scope="module")
def whole():
    study = load([FileSource("bank.csv", customers().to_csv(index=False).encode())], Rules(date(2018, 1, 1)))
    segments = segment(study, 2)
    return Analysis(study, segments, structure(segments, sample(matrix_of(study))))


def said(analysis):
    """The text of the report, white space single."""
    page = report(analysis).decode("utf-8")
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.partition("<body>")[2])).split())


def test_it_says_what_was_looked_at_and_how_it_was_made(whole):
    text = said(whole)
    for part in (
        "Customers 120 of 120", "As of 1 January 2018", "Filters none", "Clicked marks none", "bank.csv",
        whole.study.digest, "Segments 2, by k-means on age, property valuation, purchases, tenure",
        f"Structure {verdict(whole.structure)}",
        "Total mass affluent 60 50.0% of 120 known", "1 of 120 customers is not clustered: 1 lacks age.",
        "Rule of thumb: ", "Segment 1 is the wealthiest", "Age by segment", "Car ownership by segment",
        "Job industry by segment", "Mass affluent by state (%)", "Age and property valuation",
        'min_property_valuation = 9', "seed 0, scikit-learn ", "120 rows read, 0 rows of them rejected.",
    ):  # fmt: skip
        assert part in text
    assert "Saved scenarios" not in text
    assert "Measures" not in text


def test_the_first_page_says_who_where_and_what_to_do_and_the_facts_stand_last(whole):
    text = said(whole)
    first, _, appendix = text.partition(" Overview ")
    for part in (
        "Mass affluent report 120 of 120 customers · as of 1 January 2018 Who 60 of 120 customers are mass affluent; "
        "segment 1, ", "holds 100% of them. Where The mass affluent are most frequent in Victoria (100%); "
        "segment 1, “", "”, has the highest share of mass affluent (100%).",
        "What to do Do not decide yet. To contact the 60 mass affluent may lose money: ",
        "$94 net, −$112 to $310 in 80% of 10,000 draws.",
        " 60 · 50.0% 100.0% 2 ", "Mass affluent by state (%)", "One decision Likely net value $94 80% interval",
        "They are the same in every segment, so no order of segments to fund follows from them.",
    ):  # fmt: skip
        assert part in first
    assert "Mass affluent by state (%)" not in appendix, "the map of the first page is drawn once"
    assert appendix.endswith(f"SHA-256 of the input {whole.study.digest}")


def test_the_decision_is_the_saved_scenario_that_is_surest_to_pay(whole):
    sure, more, loss = (
        replace(CAMPAIGN, value=around(value, spread), uplift=around(0.02, spread))
        for value, spread in ((400, 0.1), (500, 0.9), (1, 0.1))
    )
    both = (Scenario("Sure", "all", 1000, sure), Scenario("More", "all", 1000, more))
    assert max(both, key=lambda one: one.forecast().likely.net_value).name == "More"
    assert "What to do Run “Sure”: " in said(replace(whole, scenarios=both))
    assert "Of 2 saved scenarios, its low end is the highest." in said(replace(whole, scenarios=both))
    text = said(replace(whole, scenarios=(Scenario("Loss", "all", 1000, loss),)))
    assert "What to do Do not run “Loss”: −" in text
    assert "Chance of a loss 100%" in text
    open_end = replace(loss, value=around(150, 0.9))
    text = said(replace(whole, scenarios=(Scenario("Open", "all", 1000, open_end),)))
    assert "What to do Do not decide yet. To run “Open” may lose money: " in text


def test_the_first_page_says_how_segments_differ_where_no_wealth_is_known():
    rows = "\n".join(f"{n},{25 if n % 2 else 65},{n % 7}" for n in range(120))
    study = load([FileSource("bank.csv", f"customer_id,age,tenure\n{rows}\n".encode())], Rules(date(2018, 1, 1)))
    text = said(Analysis(study, segment(study, 2)))
    assert " Segments Segments differ most in age: " in text
    assert " Where " not in text


def test_the_first_page_hides_segments_and_audiences_of_few(whole):
    few = replace(whole, hide=True, filters={"state": ("VIC", "WA")})
    assert "What to do" not in said(few)
    assert "No decision is shown: the audience, or what it leaves out, is under 10." in said(few)


def test_made_up_customers_are_called_so_in_title_and_head(whole):
    page = report(replace(whole, sample=True)).decode()
    assert "<title>Mass affluent report on sample data</title>" in page
    assert "Mass affluent report on sample data Sample data: " in said(replace(whole, sample=True))
    assert "Sample data: the customers are made up." in page
    nobody = said(replace(whole, sample=True, filters={"state": ("TAS",)}))
    assert "Sample data: the customers are made up. No customer passes all filters." in nobody
    assert "ample data" not in report(whole).decode()


def test_it_follows_filters_and_clicks(whole):
    clicks = (Click("states", ("VIC",)), Click("jobs", ("1", "IT")))
    text = said(replace(whole, filters={"Is_Mass_Affluent_Custom": ("Yes",)}, clicks=clicks))
    selected = customers().query("state == 'VIC' and job_industry == 'IT'")
    assert f"Customers {len(selected)} of 120" in text
    assert "Filters Mass affluent: Yes Clicked marks State: Victoria; Segment: 1, Job industry: IT" in text
    assert f"Total customers {len(selected)} of 120 in the data" in text


def test_saved_scenarios_and_measures_are_in_it(whole):
    measures = (Measure("Car owners", 'count(owns_car = "Yes")'), Measure("Odd", "sum(nothing)"))
    text = said(replace(whole, scenarios=(Scenario("Spring", "all", 1000, CAMPAIGN),), measures=measures))
    assert "Spring all 1,000 720 " in text
    assert 'Car owners count(owns_car = "Yes") All 60' in text
    assert "Odd: A column is expected" in text


def test_small_groups_are_hidden_everywhere(whole):
    scenarios = tuple(Scenario(f"For {n}", "all", n, CAMPAIGN) for n in (9, 60, 115))
    measures = (Measure("Few", 'count(state = "WA")'),)
    text = said(replace(whole, hide=True, scenarios=scenarios, measures=measures))
    assert "Groups under 10 customers are hidden." in text
    assert "Not clustered Hidden" in text
    assert "are not clustered" not in text
    assert "ule of thumb" not in text
    assert "rows read" not in text
    assert "For 60" in text
    assert "For 9 " not in text
    assert "For 115" not in text
    assert "Not shown while small groups are hidden" in text
    assert " 3 (" not in text  # the bar of WA
    assert "groups hidden" in text


@pytest.mark.parametrize(("state", "hidden"), [("WA", True), ("NSW", False)])
def test_a_selection_of_few_is_hidden_as_a_whole(whole, state, hidden):
    text = said(replace(whole, hide=True, filters={"state": (state,)}))
    assert ("Customers Hidden" in text) == hidden
    assert ("it is hidden" in text) == hidden
    assert ("Total customers" in text) != hidden


def test_nobody_is_a_sentence(whole):
    text = said(replace(whole, filters={"state": ("WA",), "Age_Group": ("<18",)}))
    assert "No customer passes all filters." in text
    assert "Total customers" not in text


@pytest.mark.parametrize("only", [["age"], ["balance"], ["age", "balance", "gender"]])
def test_a_file_with_few_columns_has_a_report_too(only):
    table = pd.DataFrame({"customer_id": range(40), "age": range(20, 60), "balance": range(40), "gender": "F"})
    file = FileSource("few.csv", table[["customer_id", *only]].to_csv(index=False).encode())
    study = load([file], Rules(date(2018, 1, 1)))
    text = said(Analysis(study, segment(study, 2)))
    assert "Total customers 40" in text
    assert "Customers by state" not in text


def test_hostile_values_stay_text():
    table = customers().assign(
        state=[HOSTILE[i % 4] for i in range(120)], job_industry=[HOSTILE[i % 4] for i in range(120)]
    )
    study = load([FileSource("<b>.csv", table.to_csv(index=False).encode())], Rules(date(2018, 1, 1)))
    segments = segment(study, 2).renamed({"1": HOSTILE[1]})
    analysis = Analysis(
        study, segments, filters={"state": HOSTILE[:4]}, scenarios=(Scenario(HOSTILE[2], HOSTILE[1], 9, CAMPAIGN),)
    )
    page = report(analysis).decode("utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_the_same_analysis_gives_the_same_bytes(whole):
    assert report(whole) == report(replace(whole))
