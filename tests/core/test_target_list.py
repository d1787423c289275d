"""The target list: whom it has, in which order, with which columns, and what its files say."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.analysis import Analysis
from core.errors import DataError, MeasureError, RulesError
from core.pipeline import load, segment, segment_by
from core.rules import MassAffluent, Rules
from core.sources.file import FileSource
from core.strategy.audience import USUAL, Audience
from core.strategy.campaign import default_campaign
from core.strategy.control import detectable
from core.strategy.scenario import Scenario
from core.targets.assignment import Split
from core.targets.choice import HIDDEN, NO_ROWS, ListChoice, default_salt, offered, rankings
from core.targets.files import ASSIGNMENT_CSV, ASSIGNMENT_JSON, BALANCE_CSV, LIST_CSV, archive, list_files
from core.targets.target_list import NO_IDS, target_list
from core.targets.words import describe_audience
from core.visuals.clicks import Click
from tests.core.test_opened import in_sums
from tests.toys import bank

RULES = Rules(date(2026, 1, 1))
NOBODY = Split("spring", 0.0)
PLAIN = ListChoice(NOBODY, columns=())


def made(content, k=2, **how):
    study = load([FileSource("people.csv", content)], RULES)
    return Analysis(study, segment(study, k), **how)


@pytest.fixture(scope="module")
def people():
    return made(bank(), 3)


def ids(found):
    return found.rows.iloc[:, 0].tolist()


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def files(analysis, choice, forecast=None):
    found = target_list(analysis, choice)
    return list_files(found, analysis, choice, date(2026, 2, 1), forecast)


FEES = (b"0.1", b"0.7", b"0", b"0.1")
HOSTILE = (  # an id twice, one that is a formula, one of no letters we know, one with zeros, none
    "Kunde Nr.,age,balance,first_name\n"
    '007,30,100,Ann\n7x,31,900,Bob\n"=2+3",32,900,Cem\nZoë ☂,33,,Dee\n007,30,100,Ann\n'
    + "".join(f"{number:04},{20 + number % 9},{number},Eve\n" for number in range(60))
    + ",50,5000,Fay\n"
).encode()


def test_a_list_has_the_id_under_the_files_header_and_best_first_with_who_lacks_the_number_last():
    found = target_list(made(HOSTILE, 1), replace(PLAIN, by="balance"))
    assert [*found.rows] == ["Kunde Nr.", "Rank", "balance"]
    best = found.rows.head(3)
    assert set(best["Kunde Nr."][:2]) == {"7x", "=2+3"}, "equals are in the order of a hash"
    assert best["balance"].tolist() == [900, 900, 100]
    assert best["Rank"].tolist() == [1, 2, 3]
    assert (ids(found)[-1], len(found.rows)) == ("Zoë ☂", 64), "one is there twice, one has no id"
    assert "1 of those listed has no value that ranks: it stands last." in found.notes
    lowest = target_list(made(HOSTILE, 1), replace(PLAIN, by="balance", lowest_first=True))
    assert (ids(lowest)[:2], ids(lowest)[-1]) == (["0000", "0001"], "Zoë ☂")


def test_no_name_leaves_and_no_text_runs_as_a_formula():
    analysis = made(HOSTILE, 1)
    written = files(analysis, ListChoice(Split("s"), by="balance", columns=tuple(offered(analysis))))
    assert all("first_name" not in one.decode() and "Ann" not in one.decode() for one in written.values())
    found = {row["Kunde Nr."] for row in rows(written[ASSIGNMENT_CSV])}
    assert {"007", "'=2+3", "Zoë ☂", "0001"} <= found
    assert [*rows(written[ASSIGNMENT_CSV])[0]] == ["Kunde Nr.", "Segment", "Arm"]


def test_the_order_of_the_file_changes_nothing():
    head, *lines = HOSTILE.splitlines(keepends=True)
    one, other = (made(head + b"".join(each), 1) for each in (lines, lines[::-1]))
    choice = ListChoice(Split("s", 0.3), by="balance", top=20, columns=("age",))
    pd.testing.assert_frame_equal(target_list(one, choice).rows, target_list(other, choice).rows)


def test_customers_who_join_move_nobody_to_the_other_side():
    more = HOSTILE + b"".join(f"9{number:04},40,77,Gil\n".encode() for number in range(200))
    before, after = (target_list(made(each, 1), ListChoice(Split("s", 0.3))) for each in (HOSTILE, more))
    sides = [dict(zip(one.assigned["Kunde Nr."], one.assigned["Arm"], strict=True)) for one in (before, after)]
    assert {one: sides[1][one] for one in sides[0]} == sides[0]


def test_those_contacted_are_as_many_as_asked_for_and_those_held_out_stand_among_them(people):
    whole = target_list(people, ListChoice(Split("s", 0.3), columns=()))
    top = target_list(people, ListChoice(Split("s", 0.3), columns=(), top=20))
    assert (top.contacted, top.eligible) == (20, 120)
    assert ids(top) == ids(whole)[:20]
    assert 0 < top.held_out == len(top.assigned) - 20
    paid = target_list(people, ListChoice(Split("s", 0.3), columns=(), budget=100.2, contact_cost=5.01))
    assert ids(paid) == ids(top)
    beyond = target_list(people, ListChoice(Split("s", 0.3), top=500))
    assert beyond.contacted + beyond.held_out == 120
    assert "The audience has fewer than 500 to contact: all of it is listed." in beyond.notes


def test_filters_clicks_conditions_and_the_tried_rule_choose(people):
    filtered = replace(people, filters={"owns_car": ("Yes",)}, clicks=(Click("jobs", ("1", "Health")),))
    found = target_list(filtered, replace(PLAIN, where="age < 26 and property_valuation = 10"))
    expected = filtered.selected.query("age < 26 and property_valuation == 10")
    assert 0 < len(expected) < len(filtered.selected) < 120
    assert found.eligible == len(expected)
    assert found.audience == (
        "Everybody; filtered by Car ownership: Yes, Segment: 1, Job industry: Health; "
        "where age < 26 and property_valuation = 10"
    )
    tried = MassAffluent(segments_in=(), segment_by_valuation=("High Net Worth",), segments_out=())
    audience = Audience("Mass affluent", ("1", "2"), tried)
    found = target_list(
        people, replace(PLAIN, audience=audience, columns=("Is_Mass_Affluent_Custom", "Why", "Segment"))
    )
    assert (found.rows["Is_Mass_Affluent_Custom"] == "Yes").all()
    assert set(found.rows["Segment"].astype(str)) <= {"1", "2"}
    assert found.rows["Why"].str.contains("Mass affluent: wealth segment High Net Worth, property valuation 10.").all()


def test_a_segment_is_compared_with_its_number_without_quotes(people):
    for where in ("segment = 2", 'segment = "2"', "cluster == 2"):
        assert target_list(people, replace(PLAIN, where=where)).eligible == (people.segments.labels == "2").sum()


def test_a_formula_ranks(people):
    found = target_list(people, replace(PLAIN, by="-(age - 100) * 2 / property_valuation", columns=("age",)))
    assert [*found.rows] == ["customer_id", "Rank", "Ranked_by", "age"]
    assert found.rows["Ranked_by"].is_monotonic_decreasing
    assert found.rows["Ranked_by"][0] == -(65 - 100) * 2 / 2


def test_a_computed_value_has_no_noise_and_equals_stay_equal():
    content = b"customer_id,age,fee\n" + b"".join(b"c%d,%d,%s\n" % (n, 30 + n, fee) for n, fee in enumerate(FEES))
    found = target_list(made(content, 1), replace(PLAIN, by="fee + 0.2"))
    ranked = found.rows["Ranked_by"].tolist()
    assert ranked == [0.9, 0.3, 0.3, 0.2], "0.1 + 0.2 is 0.30000000000000004"


@pytest.mark.parametrize(
    ("how", "error", "said"),
    [
        ({"where": "sgment = 2"}, MeasureError, "A column is expected, not “sgment”. Did you mean segment?"),
        ({"where": "age > 3 age"}, MeasureError, "“age” is not expected here."),
        ({"by": "agee"}, DataError, "Customers cannot be ranked by “agee”. Did you mean age? Numbers: age, "),
        ({"by": "age + nothing"}, MeasureError, "A column is expected, not “nothing”. Numbers: age, "),
        ({"by": "age + customers"}, MeasureError, "This formula is of one customer."),
        ({"by": "job_industry"}, DataError, "Customers cannot be ranked by “job_industry”. Numbers: age, "),
        ({"by": "age / 0"}, DataError, "Nobody in this audience has a value of “age / 0”. Rank by another number"),
        ({"columns": ("ages",)}, DataError, "A list has no column “ages”. Did you mean age? Columns: Segment, "),
        ({"where": "age > 200"}, DataError, "Nobody is in this audience."),
        ({"budget": 1.0, "contact_cost": 5.0}, DataError, "Nobody would be contacted."),
        ({"uplift": 0.01, "baseline": 0.02}, DataError, "This audience of 120 is too few to show an uplift of 1.0"),
        ({"uplift": 0.1, "baseline": 0.02, "top": 20}, DataError, "Contacting 20 is too few to show an uplift of 10.0"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(people, how, error, said):
    with pytest.raises(error) as refused:
        target_list(people, replace(PLAIN, **how))
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"budget": 5.0}, "A budget needs what a contact costs."),
        ({"uplift": 0.1}, "A wished uplift needs the conversion without contact."),
        ({"top": 0}, "top"),
        ({"by": " "}, "The formula that ranks is empty. Write one, or rank by a number."),
        ({"uplift": 1.5, "baseline": 0.0}, "uplift"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(how, said):
    with pytest.raises(RulesError) as refused:
        ListChoice(NOBODY, **how)
    assert said in str(refused.value)


SALTS = tuple(f"salt {number}" for number in range(12))


@pytest.mark.parametrize("top", [None, 50], ids=str)
@pytest.mark.parametrize("names", [("Contact",), ("Mail", "Call")], ids=str)
def test_as_many_are_held_out_as_show_the_wished_uplift_by_any_salt(people, names, top):
    wished, baseline = 0.45, 0.1
    for salt in SALTS:
        found = target_list(people, ListChoice(Split(salt, arms=names), top=top, uplift=wished, baseline=baseline))
        sizes = found.assigned["Arm"].value_counts()
        assert detectable(sizes["Control"], min(sizes[name] for name in names), baseline) <= wished
        assert not [note for note in found.notes if "missed" in note]
        repeated = target_list(people, ListChoice(replace(found.split), top=top))
        pd.testing.assert_frame_equal(repeated.assigned, found.assigned)


def test_a_wished_uplift_that_no_draw_reaches_is_said(people):
    least = detectable(49, 71 / 2, 0.1)  # that 120 customers show, if a draw shared them as evenly as can be
    found = target_list(people, ListChoice(Split("s", arms=("Mail", "Call")), uplift=least, baseline=0.1))
    (said,) = (note for note in found.notes if "shows an uplift" in note)
    assert said.endswith(f"The wished {least * 100:.1f} points are missed: try another salt.")


def test_several_arms_stand_in_both_files(people):
    written = files(people, ListChoice(Split("s", 0.2, ("Mail", "Call")), columns=("age",)))
    assert {row["Arm"] for row in rows(written[LIST_CSV])} == {"Mail", "Call"}
    assert {row["Arm"] for row in rows(written[ASSIGNMENT_CSV])} == {"Mail", "Call", "Control"}
    assert {row["arm"] for row in rows(written[BALANCE_CSV])} == {"Mail", "Call"}


def test_the_reasons_name_the_segments_rule_and_the_customers_values(people):
    found = target_list(
        people, replace(PLAIN, columns=("Why", "Segment", "age", "wealth_segment", "property_valuation"))
    )
    rich = found.rows[(found.rows["age"] < 40) & (found.rows["wealth_segment"] == "Affluent Customer")].iloc[0]
    assert rich["Why"].startswith(f"Segment {rich['Segment']}: ")
    assert "Mass affluent: wealth segment Affluent Customer." in rich["Why"]
    assert rich["Why"].endswith(f"High potential: age {rich['age']:.0f}, wealth segment Affluent Customer.")
    out = found.rows[(found.rows["wealth_segment"] == "High Net Worth") & (found.rows["age"] >= 40)].iloc[0]
    assert "Mass affluent" not in out["Why"]


def test_amounts_in_reasons_have_the_sign_of_their_currency():
    content = b"customer_id,age,balance (EUR)\n" + b"".join(b"c%d,%d,%d.5\n" % (n, 30 + n, n * 9000) for n in range(40))
    why = target_list(made(content, 1), replace(PLAIN, by="balance", columns=("Why",))).rows["Why"]
    assert [text.partition(". ")[2] for text in why if "252,000" in text] == ["Mass affluent: balance €252,000.5."]


def test_the_segments_of_a_simulated_audience_are_named(people):
    rule = people.study.rules.mass_affluent
    words = [describe_audience(people, Audience("Everybody", segments, rule)) for segments in ((), ("2",), ("1", "3"))]
    assert words == ["Everybody; all segments", "Everybody; segment 2", "Everybody; segments 1, 3"]


def test_the_record_says_how_the_list_was_made_and_holds_nobody(people):
    campaign = default_campaign(USUAL["Everybody"])
    choice = ListChoice(Split("s", 0.2), top=30, baseline=0.05)
    written = files(people, choice, Scenario("Simulated", "Everybody", 120, campaign))
    record = json.loads(written[ASSIGNMENT_JSON])
    assert {name: record[name] for name in ("format", "version", "created", "id", "arms", "salt")} == {
        "format": "target list", "version": 1, "created": "2026-02-01", "id": "customer_id", "arms": ["Contact"],
        "salt": "s",
    }  # fmt: skip
    assert (record["control"]["share"], record["size"]["top"]) == (0.2, 30)
    assert record["ranking"] == {"by": "property_valuation", "order": "highest first"}
    assert record["forecast"]["campaign"]["uplift"]["likely"] == 0.005
    assert record["files"]["sha256"] == people.study.digest
    contacted = sum(row["customers"] for row in record["counts"] if row["Arm"] == "Contact")
    assert contacted == len(rows(written[LIST_CSV])) == 30
    assert sum(row["customers"] for row in record["counts"]) == len(rows(written[ASSIGNMENT_CSV]))
    assert "c100" not in written[ASSIGNMENT_JSON].decode()
    with zipfile.ZipFile(io.BytesIO(archive(written))) as zipped:
        assert zipped.namelist() == ["target_list.csv", "assignment.csv", "assignment.json", "balance.csv"]
    assert archive(written) == archive(files(people, choice, Scenario("Simulated", "Everybody", 120, campaign)))


def test_no_list_is_given_of_hidden_groups_or_of_a_result(people):
    with pytest.raises(DataError, match=HIDDEN[:60]):
        target_list(replace(people, hide=True), PLAIN)
    with pytest.raises(DataError, match=NO_ROWS):
        target_list(in_sums(people), PLAIN)


def test_line_numbers_for_ids_are_warned_of():
    content = b"\n".join(line.split(b",", 1)[1] for line in bank().splitlines())
    assert NO_IDS in target_list(made(content), PLAIN).notes


def test_unsure_customers_can_be_left_out(people):
    assert people.unsure is not None
    sure = target_list(people, replace(PLAIN, sure_only=True))
    assert sure.eligible == 120 - people.unsure.sum()


def test_the_proposed_salt_is_that_of_the_saved_model_in_all_months(people):
    later = load([FileSource("later.csv", bank(9))], RULES)
    saved = Analysis(later, segment_by(later, people.frozen), saved=people.frozen)
    assert default_salt(later.digest, saved.saved) == default_salt(people.study.digest, None)
    assert default_salt(later.digest, None) != default_salt(people.study.digest, None)


def test_the_usual_ranking_is_first_and_all_numbers_are_offered(people):
    assert rankings(people) == ("property_valuation", "age")
    assert {"Segment", "Why", "age", "job_title"} <= set(offered(people))
    assert "customer_id" not in offered(people)
