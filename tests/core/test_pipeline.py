"""The whole way from file bytes to flagged customers, on small files, on spoiled ones, and on the real tables."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DataError, UnreadableFileError
from core.intake.steps import Step
from core.pipeline import load, segment, with_rules
from core.rules import Intake, MassAffluent, Rules
from core.schema import AGE_GROUP, CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT, NOT_CLUSTERED, UNKNOWN
from core.sources.file import FileSource

RULES = Rules(date(2018, 1, 1))

PEOPLE = (
    "customer_id,last_name,gender,DOB,wealth_segment,deceased,default,tenure\n"
    "1,NA,F,13/02/1980,Mass Customer,N,<script>alert(1)</script>,5\n"
    "2,Li,Femal,n/a,Affluent,N,=1+1,\n"
    "3,Ek,M,01/03/1990,HNW,Y,,7\n"
)
PLACES = "customer_id,postcode,state,property_valuation\n2,0800,NT,3\n1,2000,New South Wales,9\n9,3000,VIC,1\n"


def source(text, name="bank.csv"):
    return FileSource(name, text.encode())


def load_text(text, rules=RULES):
    return load([source(text)], rules)


def test_two_files_become_flagged_customers_with_steps_and_rejects():
    heard = []
    study = load([source(PEOPLE, "people.csv"), source(PLACES, "places.csv")], RULES, heard.append)
    assert study.customers.to_csv(index=False) == (
        "customer_id,gender,date_of_birth,age,wealth_segment,tenure,postcode,state,property_valuation,"
        "Is_Mass_Affluent_Custom,Age_Group,High_Potential_Flag\n"
        "1,Female,1980-02-13,37.0,Mass Customer,5.0,2000,NSW,9.0,Yes,35–44,Yes\n"
        "2,Female,,,Affluent Customer,,0800,NT,3.0,Yes,Unknown,Unknown\n"
    )
    assert [column.name for column in study.columns] == list(study.customers.columns[:-3])
    assert study.rejected[["file", "line", "outcome", "raw_text"]].to_numpy().tolist() == [
        ["places.csv", 4, "rejected", "9,3000,VIC,1"],
        ["people.csv", 4, "removed", "3,M,01/03/1990,HNW,Y,7,,,"],
    ]
    assert (study.files, study.rows_read, study.rules) == (("people.csv", "places.csv"), 6, RULES)
    assert study.steps[-1] == Step(
        "Added the engineered columns", 2, 2, "Is_Mass_Affluent_Custom, Age_Group, High_Potential_Flag"
    )
    assert heard == [
        "Reading places.csv",
        "Reading people.csv, 3 rows so far",
        "Matching the columns of 6 rows",
        "Cleaning 3 rows",
    ]


def assert_same_study(one, other):
    pd.testing.assert_frame_equal(one.customers, other.customers)
    pd.testing.assert_frame_equal(one.rejected, other.rejected)
    pd.testing.assert_frame_equal(one.quality, other.quality)
    rest = {"customers": None, "rejected": None, "quality": None}
    assert replace(one, **rest) == replace(other, **rest)


def test_the_order_of_upload_does_not_matter():
    people, places = source(PEOPLE, "people.csv"), source(PLACES, "places.csv")
    assert_same_study(load([people, places], RULES), load([places, people], RULES))


def test_the_order_of_upload_does_not_matter_even_if_the_files_have_one_name():
    old, new = source("id,age\n1,30\n"), source("id,age\n1,40\n")
    assert_same_study(load([old, new], RULES), load([new, old], RULES))


def test_a_files_name_decides_nothing():
    ages = "customer_id,age,tenure\n1,30,2\n2,40,3\n3,50,4\n"
    values = "customer_id,purchases,balance\n3,9,900\n2,8,800\n1,7,700\n"
    one = load([source(ages, "a.csv"), source(values, "b.csv")], RULES)
    other = load([source(ages, "b.csv"), source(values, "a.csv")], RULES)
    pd.testing.assert_frame_equal(one.customers, other.customers)
    assert one.digest == other.digest


def test_the_order_features_are_picked_in_decides_nothing():
    rows = "".join(f"{i},{20 + i * 7 % 60},{i % 12 + 1},{i * 5 % 99},{i % 20}\n" for i in range(200))
    study = load_text(f"customer_id,age,property_valuation,purchases,tenure\n{rows}")
    names = ["age", "property_valuation", "purchases", "tenure"]
    assert segment(study, 8, names).labels.tolist() == segment(study, 8, names[::-1]).labels.tolist()


def test_the_same_file_twice_is_read_once():
    once, twice = load_text(PEOPLE), load([source(PEOPLE), source(PEOPLE, "copy.csv")], RULES)
    assert (len(twice.customers), twice.rows_read, twice.digest) == (len(once.customers), 3, once.digest)


def test_the_digest_is_that_of_the_content_and_not_of_the_name():
    digest = load_text(PEOPLE).digest
    assert load([source(PEOPLE, "other.csv")], RULES).digest == digest
    assert load_text(PEOPLE.replace("Li", "Lo")).digest != digest


def test_a_column_is_described_if_the_files_have_it():
    study = load_text("id,age,Income\n1,30,5\n")
    assert (study.column("age").unit, study.column("income").label, study.column("tenure")) == ("years", "Income", None)


def test_flag_rules_can_change_without_the_files():
    study = load([source(PEOPLE, "people.csv"), source(PLACES, "places.csv")], RULES)
    rules = replace(RULES, age_starts=(30,), mass_affluent=MassAffluent(segments_in=(), min_property_valuation=10))
    changed = with_rules(study, rules)
    assert changed.customers[[MASS_AFFLUENT, AGE_GROUP, HIGH_POTENTIAL]].to_numpy().tolist() == [
        ["No", "30+", "Yes"],
        ["No", UNKNOWN, UNKNOWN],
    ]
    assert_same_study(changed, load([source(PEOPLE, "people.csv"), source(PLACES, "places.csv")], rules))


def test_rules_that_decide_nothing_about_a_row_leave_the_customers_as_they_are():
    study = load_text(PEOPLE)
    for rules in (replace(RULES, numbers="de"), replace(RULES, checked=("people.csv",))):
        changed = with_rules(study, rules)
        assert changed.customers is study.customers
        assert changed.rules == rules


@pytest.mark.parametrize("rules", [Rules(date(2019, 1, 1)), replace(RULES, intake=Intake(date_order="day_first"))])
def test_an_as_of_date_or_a_date_order_needs_the_files_again(rules):
    with pytest.raises(ValueError, match="load them again"):
        with_rules(load_text(PEOPLE), rules)


def test_every_customer_gets_a_cluster_or_is_counted_as_not_clustered():
    study = load_text("id,age,tenure\n1,20,1\n2,21,2\n3,60,30\n4,61,\n")
    segments = segment(study, 2, ["age", "tenure"])
    clustered = study.with_segments(segments)
    assert clustered[["customer_id", CLUSTER]].to_numpy().tolist()[3] == ["4", NOT_CLUSTERED]
    assert (segments.not_clustered, segments.missing) == (1, {"age": 0, "tenure": 1})
    assert len(set(clustered[CLUSTER][:2])) == 1
    assert set(clustered[CLUSTER][:3]) == {"1", "2"}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "This is a PNG picture, not a table."),
        (b"customer_id,age\n", "There is no row of data below the header."),
    ],
)
def test_one_unusable_file_among_several_is_named(content, found):
    with pytest.raises(UnreadableFileError, match=f"extra.csv: {found}"):
        load([source(PEOPLE, "people.csv"), FileSource("extra.csv", content)], RULES)


# What a spoiled line looks like, as a template for its number, and what must become of it.
SPOILED = {
    "customer": "{n},{n},NSW,N",
    "customer, quoted delimiter": '{n},{n},"New, South",N',
    "customer, quoted line break": '"{n}","{n}","New\nSouth",N',
    "rejected, quote inside a cell": '{n},{n},N"SW,N',
    "customer, blanks": "{n}, ,n/a,",
    "rejected, one cell more": "{n},{n},NSW,N,more",
    "rejected, one cell less": "{n},{n},NSW",
    "rejected, text between": "Report made by the bank",
    "rejected, no id": " ,{n},NSW,N",
    "rejected, known id again": "good 0,9{n},NSW,N",
    "removed, first row again": "good 0,1,NSW,N",
    "removed, deceased": "{n},{n},NSW,Y",
    "nothing, blank line": "",
}


@settings(derandomize=True, deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from(sorted(SPOILED)), max_size=20),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_rows_in_are_customers_and_rejected_and_removed(kinds, delimiter, newline):
    good = [f"good {number}" for number in range(len(kinds) + 1)]
    spoiled = [SPOILED[kind].format(n=number) for number, kind in enumerate(kinds)]
    text = "\n".join(["id,age,state,deceased", *(f"{name},1,NSW,N" for name in good), *spoiled, ""])
    study = load_text(text.replace(",", delimiter).replace("\n", newline))

    fates = Counter(kind.split(",")[0] for kind in kinds)
    outcomes = Counter(study.rejected["outcome"])
    survivors = [str(number) for number, kind in enumerate(kinds) if kind.startswith("customer")]
    assert study.customers["customer_id"].tolist() == [*good, *survivors]
    assert (outcomes["rejected"], outcomes["removed"]) == (fates["rejected"], fates["removed"])
    assert study.rows_read == len(good) + len(kinds) - fates["nothing"]
    assert study.rows_read == len(study.customers) + len(study.rejected) + study.rows_merged
    assert sum(step.rows_in - step.rows_out for step in study.steps) == len(study.rejected)


cells = st.text(alphabet="12a,\"'\n\r\u2028 -/NY", max_size=5)
rows = st.lists(cells, min_size=3, max_size=3).map(
    lambda row: ",".join(f'"{cell.replace(chr(34), "")}"' for cell in row)
)
ids = st.sampled_from(["1", "2", " 1 ", ""])
lines = st.tuples(ids, rows).map(",".join) | cells


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(lines, max_size=6))
def test_any_text_below_a_header_is_a_study_or_a_sentence(lines):
    try:
        study = load_text("\n".join(["id,job,state,DOB", "1,cook,NSW,31/12/1980", *lines]))
    except DataError:
        return
    assert study.rows_read == len(study.customers) + len(study.rejected) + study.rows_merged
    assert study.customers["customer_id"].is_unique


@pytest.fixture(scope="module")
def real_files(real_data):
    names = ["CustomerDemographic.csv", "CustomerAddress.csv"]
    return [FileSource(name, (real_data / name).read_bytes()) for name in names]


@pytest.fixture(scope="module")
def real(real_files):
    return load(real_files, RULES)


def counts(study, column):
    return study.customers[column].value_counts().to_dict()


@pytest.mark.real_data
def test_the_real_tables_hold_3998_living_customers_and_every_row_is_accounted_for(real):
    assert real.customers["customer_id"].nunique() == len(real.customers) == 3998
    assert real.rows_read == 4000 + 3999
    assert Counter(zip(real.rejected["file"], real.rejected["reason"], strict=True)) == {
        ("CustomerDemographic.csv", "Deceased"): 2,
        ("CustomerAddress.csv", "No customer with this id in CustomerDemographic.csv"): 3,
    }
    orphans = real.rejected[real.rejected["outcome"] == "rejected"]
    assert orphans[["line", "raw_text"]].to_numpy().tolist() == [
        [3998, "4001,2756,NSW,10"],
        [3999, "4002,4032,QLD,7"],
        [4000, "4003,2251,NSW,7"],
    ]


@pytest.mark.real_data
def test_the_real_states_and_genders_are_unified(real):
    assert counts(real, "state") == {"NSW": 2137, "VIC": 1020, "QLD": 837, UNKNOWN: 4}
    assert counts(real, "gender") == {"Female": 2038, "Male": 1872, "Undisclosed": 88}


@pytest.mark.real_data
def test_the_real_misspelt_industry_is_corrected(real):
    industries = counts(real, "job_industry")
    assert industries["Agriculture"] == 113
    assert sorted(industries) == [
        "Agriculture",
        "Entertainment",
        "Financial Services",
        "Health",
        "IT",
        "Manufacturing",
        "Property",
        "Retail",
        "Telecommunications",
        UNKNOWN,
    ]


@pytest.mark.real_data
def test_the_real_birth_date_of_1843_is_flagged_and_its_age_unknown(real):
    too_old = "Birth date: more than 120 years ago, set to missing"
    assert [step for step in real.steps if step.column == "date_of_birth"] == [
        Step(too_old, 4000, 4000, "date_of_birth", 1, "1843-12-21 → missing")
    ]
    customer = real.customers.set_index("customer_id").loc["34"]
    assert (pd.isna(customer["date_of_birth"]), pd.isna(customer["age"])) == (True, True)
    assert (customer[AGE_GROUP], customer["tenure"]) == (UNKNOWN, 20)
    assert real.customers["date_of_birth"].isna().sum() == 88


@pytest.mark.real_data
def test_92_real_customers_are_not_clustered_by_default_and_why(real):
    segments = segment(real, 5)
    assert segments.features == ("age", "property_valuation", "purchases", "tenure")
    assert segments.missing == {"age": 88, "property_valuation": 4, "purchases": 0, "tenure": 87}
    customers = real.with_segments(segments)
    left_out = customers[customers[CLUSTER] == NOT_CLUSTERED]
    assert len(left_out) == segments.not_clustered == 92
    lacks = left_out[list(segments.features)].isna().astype(int)
    assert lacks.value_counts().to_dict() == {(1, 0, 0, 1): 87, (1, 0, 0, 0): 1, (0, 1, 0, 0): 4}


@pytest.mark.real_data
@pytest.mark.parametrize("as_of", ["2014-01-01", "2018-01-01", "2026-07-31"])
def test_1836_real_customers_are_mass_affluent_as_of_any_date(real_files, as_of):
    study = load(real_files, Rules(date.fromisoformat(as_of)))
    assert counts(study, MASS_AFFLUENT) == {"Yes": 1836, "No": 2159, UNKNOWN: 3}


@pytest.mark.real_data
def test_the_real_hostile_column_is_left_out_everywhere(real):
    assert [step.rows_in for step in real.steps if step.column == "default"] == [4000]
    assert "default" not in {*real.customers.columns, *(column.name for column in real.columns)}
    written = real.customers.to_csv() + real.rejected.to_csv() + repr(real.steps)
    assert [hostile for hostile in ("script", "/dev/null", "DROP TABLE") if hostile in written] == []


@pytest.mark.real_data
def test_the_real_tables_give_the_same_in_either_order(real, real_files):
    other = load(real_files[::-1], RULES)
    assert_same_study(other, real)
    assert segment(other, 5).labels.equals(segment(real, 5).labels)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("3,2.010\n4,1.500\n", "b.csv, column “balance”: Numbers such as 2.010 can be thousands"),
        ('3,"1.107,50"\n4,"0,25"\n', "b.csv, column “balance”: Its numbers have a decimal comma, those of"),
        ("3,7\n4,0.25\n", ""),
    ],
    ids=["unsure alone", "the other mark", "the same mark"],
)
def test_a_file_is_not_read_by_the_decimal_mark_of_its_neighbour(other, said):
    head, sure = "customer_id,balance\n", "1,0.125\n2,2037.5\n5,12.75\n"
    files = [FileSource("a.csv", (head + sure).encode()), FileSource("b.csv", (head + other).encode())]
    if not said:
        assert sorted(load(files, RULES).customers["balance"]) == [0.125, 0.25, 7, 12.75, 2037.5]
        return
    with pytest.raises(DataError) as caught:
        load(files, RULES)
    assert str(caught.value).startswith(said)
