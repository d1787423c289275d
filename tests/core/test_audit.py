"""One customer from the file to the segment, or why there is none."""

from dataclasses import replace
from datetime import date

import pytest

from core.audit import audit
from core.errors import DataError
from core.pipeline import load, segment
from core.rules import Rules
from core.sources.file import FileSource

PEOPLE = """\
customer_id,DOB,wealth_segment,deceased,tenure
1,13/02/1980,Mass Customer,N,5
2,14/03/1990,affluent,N,
3,01/03/1950,HNW,Y,7
4,01/03/1951,HNW,N,7
5,01/03/1952,HNW,N,9
4,01/03/1951,HNW,N,8
"""
PLACES = "customer_id,state,property_valuation\n1,New South Wales,9\n2,NT,3\n4,VIC,5\n5,VIC,1\n9,VIC,1\n"
FILES = [FileSource("people.csv", PEOPLE.encode()), FileSource("places.csv", PLACES.encode())]
RULES = Rules(date(2018, 1, 1))


@pytest.fixture(scope="module")
def study():
    return load(FILES, RULES)


def look(study, customer):
    return audit(FILES, study, segment(study, 2), customer)


def test_a_customer_is_shown_as_read_as_cleaned_by_clause_and_by_distance(study):
    found = look(study, " 1 ")
    assert sorted(found.raw.to_numpy().tolist(), key=lambda cell: cell[0]) == [
        ["people.csv", 2, "Customer id", "1"],
        ["people.csv", 2, "Birth date", "13/02/1980"],
        ["people.csv", 2, "Wealth segment", "Mass Customer"],
        ["people.csv", 2, "Deceased", "N"],
        ["people.csv", 2, "Tenure", "5"],
        ["places.csv", 2, "Customer id", "1"],
        ["places.csv", 2, "State", "New South Wales"],
        ["places.csv", 2, "Property valuation", "9"],
    ]
    assert found.changes.to_numpy().tolist() == [
        ["Customer id", "1", "1", ""],
        ["Birth date", "13/02/1980", "1980-02-13", ""],
        ["Wealth segment", "Mass Customer", "Mass Customer", ""],
        ["Deceased", "N", "No", "spelling unified; not kept as a column"],
        ["Tenure", "5", "5", ""],
        ["State", "New South Wales", "NSW", "spelling unified"],
        ["Property valuation", "9", "9", ""],
        ["Age", "", "37", "worked out"],
    ]
    assert found.flags[["result", "clause", "value", "holds"]].to_numpy().tolist() == [
        ["Yes", "in: wealth segment Affluent Customer", "Mass Customer", "No"],
        ["Yes", "in with the valuation: wealth segment Mass Customer", "Mass Customer", "Yes"],
        ["Yes", "in with the segment: property valuation 9 or more", "9", "Yes"],
        ["Yes", "out: wealth segment High Net Worth", "Mass Customer", "No"],
        ["Yes", "in with either of the next: age below 40", "37", "Yes"],
        ["Yes", "in with the age: wealth segment Affluent Customer or High Net Worth", "Mass Customer", "No"],
        ["Yes", "in with the age: property valuation 9 or more", "9", "Yes"],
    ]
    assert found.distances["cluster"].tolist()[0] == found.cluster
    assert found.standing == f"segment {found.cluster} {found.distances['name'].tolist()[0]}"
    assert found.distances["distance"].is_monotonic_increasing
    assert found.rejected.empty


def test_a_customer_without_a_feature_has_no_distance_but_the_reason(study):
    found = look(study, "2")
    assert (found.cluster, len(found.distances)) == ("Not clustered", 0)
    assert found.standing == "Not clustered: lacks tenure"


def test_where_there_is_no_feature_nobody_is_clustered(study):
    assert audit(FILES, study, segment(study, 2, []), "1").standing == "Not clustered"


def test_other_rows_of_the_id_are_shown_with_their_reason(study):
    found = look(study, "4")
    assert found.rejected[["file", "line", "reason"]].to_numpy().tolist() == [
        ["people.csv", 7, "Another row has the same customer id"]
    ]


@pytest.mark.parametrize(
    ("customer", "message"),
    [
        ("3", r"Customer 3 was rejected\. people.csv, line 4: Deceased\."),
        ("9", r"Customer 9 was rejected\. places.csv, line 6: No customer with this id in people.csv\."),
        ("77", r"No customer has the id 77\."),
        ("", r"No customer has the id \."),
    ],
)
def test_who_is_no_customer_gets_the_reason(study, customer, message):
    with pytest.raises(DataError, match=message):
        look(study, customer)


def test_the_record_follows_the_rules_of_the_study():
    rules = replace(RULES, mass_affluent=replace(RULES.mass_affluent, min_property_valuation=10))
    changed = load(FILES, rules)
    assert look(changed, "1").flags["result"].tolist()[0] == "No"


def test_without_ids_the_line_number_is_the_id():
    files = [FileSource("ages.csv", b"age,tenure\n30,1\n40,2\n")]
    study = load(files, RULES)
    found = audit(files, study, segment(study, 2), "3")
    assert found.raw[["line", "column", "text"]].to_numpy().tolist()[-2:] == [[3, "Age", "40"], [3, "Tenure", "2"]]


def test_the_number_worked_out_of_a_band_is_shown():
    bands = b"customer_id,age,Income_Category\n1,30,Less than $40K\n2,40,$40K - $60K\n3,50,$60K - $80K\n"
    files = [FileSource("bands.csv", bands)]
    study = load(files, RULES)
    changes = audit(files, study, segment(study, 2), "2").changes
    assert changes[["before", "after", "note"]].to_numpy().tolist()[-1] == ["", "50,000", "worked out"]
