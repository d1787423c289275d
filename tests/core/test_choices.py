"""What a visual shows of files that lack its usual column: the best other, and a panel of nothing is not drawn."""

from dataclasses import replace
from datetime import date

import pytest

from core.analysis import Analysis
from core.cubes.contents import contents
from core.cubes.file import to_bytes
from core.cubes.opened import opened
from core.pipeline import load, segment
from core.reporting.report import report
from core.rules import Intake, Rules
from core.schema import CLUSTER, MASS_AFFLUENT
from core.sources.file import FileSource
from core.views import tables
from core.views.sheet import Sheet
from core.views.suppress import HIDDEN
from core.visuals.choices import PICKED
from core.visuals.clicks import Click, from_text
from core.visuals.registry import VISUALS
from core.visuals.value import ACROSS, ACTIVITY, PARTS, PLACE, REGION, SPREAD, TILES, VALUE
from core.visuals.visual import picture
from tests.categories import GERMAN, TELECOM, bank_of


@pytest.fixture(scope="module")
def telecom():
    return analysis(TELECOM)


@pytest.fixture(scope="module")
def german():
    return analysis(GERMAN)


def analysis(kind):
    study = bank_of(kind)
    return Analysis(study, segment(study, 3, kind.features))


def in_sums(whole):
    """The same analysis of an opened result."""
    made = contents(whole.study, whole.study.with_segments(whole.segments), whole.segments, None, whole.frozen)
    study, segments, score = opened(to_bytes(made), "stamp")
    return replace(whole, study=study, segments=segments, structure=score)


def titles(of):
    return {visual.key: picture(visual, of).title for visual in VISUALS.values() if visual.is_possible(of)}


def test_the_tiles_show_what_differs_most_and_the_bars_another_of_few_values(telecom):
    """Contract follows the tenure that the segments are made from, the way of payment less."""
    assert titles(telecom) == {
        "pie": "Customers by segment (% of all customers)",
        "value": "Average BilledToDate",
        "purchases": "Average MonthlyBill",
        "age": "Tenure by segment",
        "cars": "Pay by by segment",
        "jobs": "Contract type by segment (area: customers)",
        "scatter": "Tenure and BilledToDate by segment (area: customers)",
    }
    assert telecom.columns_shown[PLACE] == ""


def test_an_occupation_comes_before_what_differs_most(german):
    assert german.columns_shown[TILES] == "job_title"
    assert german.columns_shown[PLACE] == "city"
    assert titles(german)["states"] == "Customers by City (% mass affluent of those known)"
    assert "map" not in titles(german)


def test_bands_that_the_segments_are_made_from_are_not_what_differs_most():
    bands, goods = ("little", "moderate", "rich"), ("car", "repairs", "house")
    lines = [f"{n},{20 + n % 50},{bands[n % 3]},{goods[n // 3 % 3]}" for n in range(90)]
    text = "\n".join(["id,age,savings band,purpose", *lines])
    study = load([FileSource("loans.csv", text.encode())], Rules(date(2026, 1, 1)))
    whole = Analysis(study, segment(study, 3))
    assert "savings_band_rank" in whole.segments.features
    assert "savings_band" not in study.defaults.categories, "it would count twice"
    assert whole.columns_shown[TILES] == "purpose"


@pytest.mark.parametrize("kind", [TELECOM, GERMAN], ids=["telecom", "german"])
@pytest.mark.parametrize("base", [lambda one: one, in_sums], ids=["rows", "sums"])
def test_no_panel_of_what_is_drawn_is_empty(kind, base):
    one = base(analysis(kind))
    shown = [picture(visual, one) for visual in VISUALS.values() if visual.is_possible(one)]
    assert len(shown) >= 7
    assert [picture.title for picture in shown if picture.empty] == []
    for picture_ in shown:
        drawn = picture_.visual.draw(one, picture_.data)
        assert drawn.texts if isinstance(drawn, Sheet) else drawn.to_dict()


@pytest.mark.parametrize("kind", [TELECOM, GERMAN], ids=["telecom", "german"])
def test_an_opened_result_shows_the_same(kind):
    whole = analysis(kind)
    sums = in_sums(whole)
    assert sums.columns_shown == whole.columns_shown
    assert titles(sums) == titles(whole)
    assert sums.study.categories == whole.study.categories
    assert sums.insights == whole.insights


def test_the_analyst_picks_another_category_and_the_bars_take_none_that_the_tiles_show(telecom):
    picked = replace(telecom, picks={PICKED[TILES]: "pay_by"})
    assert (picked.columns_shown[TILES], picked.columns_shown[PARTS]) == ("pay_by", "contract_type")
    assert picture(VISUALS["jobs"], picked).title == "Pay by by segment (area: customers)"
    assert replace(telecom, picks={PICKED[TILES]: "no_such"}).columns_shown == telecom.columns_shown


def test_a_click_names_the_column_in_place_of_the_usual_one(telecom):
    click = from_text("jobs.contract_type:1:Two year")
    assert click == Click("jobs", ("1", "Two year"), "contract_type")
    assert (click.where, click.text) == ({CLUSTER: "1", "contract_type": "Two year"}, "jobs.contract_type:1:Two year")
    table = telecom.table(tables.count, (CLUSTER, "contract_type"))
    expected = table.query(f"{CLUSTER} == '1' and contract_type == 'Two year'")["customers"].sum()
    assert replace(telecom, clicks=(click,)).totals.customers == expected > 0


@pytest.mark.parametrize("text", ["pie.contract_type:1", "age.x:1", "no.contract_type:1:x", "jobs.contract_type:1"])
def test_a_click_on_a_column_that_its_visual_cannot_show_is_none(text):
    assert from_text(text) is None


def test_a_category_of_few_customers_is_hidden_in_an_opened_result(telecom):
    """Four pay by barter."""
    sums = replace(in_sums(telecom), picks={PICKED[TILES]: "pay_by"})
    assert "Barter" in set(picture(VISUALS["jobs"], sums).data["pay_by"])
    hidden = picture(VISUALS["jobs"], replace(sums, hide=True))
    assert "Barter" not in set(hidden.data["pay_by"])
    assert hidden.data.attrs[HIDDEN]
    assert hidden.data["customers"].min() >= 10
    assert b"Barter" not in report(replace(sums, hide=True))


def test_the_report_has_the_category_that_is_picked(telecom):
    page = report(replace(telecom, picks={PICKED[TILES]: "pay_by"})).decode()
    assert "Pay by by segment (area: customers)" in page
    assert "job industry" not in page.lower()


def test_categories_are_compared_with_their_own_label(german):
    fields = {one.field for one in german.insights}
    assert {"job_title", "purpose"} & {*german.compared}
    assert fields <= {*german.compared, CLUSTER, "Age_Group", "gender"}


def test_the_sample_keeps_its_usual_columns():
    rules = Rules(date(2026, 1, 1), intake=Intake())
    rows = "\n".join(
        f"c{i},{20 + i % 50},{i % 12 + 1},{i % 9},{i % 20},NSW,{('IT', 'Health')[i % 2]},{('Yes', 'No')[i % 3 // 2]}"
        for i in range(90)
    )
    header = "customer_id,age,property_valuation,purchases,tenure,state,job_industry,owns_car"
    study = load([FileSource("bank.csv", f"{header}\n{rows}\n".encode())], rules)
    one = Analysis(study, segment(study, 2))
    assert dict(one.columns_shown) == {
        VALUE: "property_valuation", ACTIVITY: "purchases", SPREAD: "age", ACROSS: "age", TILES: "job_industry",
        PARTS: "owns_car", PLACE: "state", REGION: "state",
    }  # fmt: skip
    assert MASS_AFFLUENT not in one.compared
