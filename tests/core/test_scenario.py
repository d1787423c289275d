"""Named scenarios: compared, written and read back."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DocumentError
from core.strategy.audience import USUAL
from core.strategy.campaign import NOBODY_LEAVES, default_campaign
from core.strategy.scenario import Scenario, compare, from_json, to_json, with_scenario

FIRST = Scenario("Letters", "Mass affluent", 1000, default_campaign(USUAL["Mass affluent"]))
EMBEDDED = Scenario("Calls", "High potential", 0, replace(FIRST.campaign, budget=500.0, control=0.0))


def test_a_scenario_of_a_known_name_takes_its_place():
    other = replace(FIRST, customers=5)
    assert with_scenario((), FIRST) == (FIRST,)
    assert with_scenario((FIRST, EMBEDDED), other) == (other, EMBEDDED)
    assert with_scenario((FIRST,), EMBEDDED) == (FIRST, EMBEDDED)


def test_scenarios_stand_side_by_side():
    table = compare([FIRST, EMBEDDED])
    assert table["name"].tolist() == ["Letters", "Calls"]
    assert table["reached"].tolist() == pytest.approx([720, 0])
    assert table["net_value"][0] == pytest.approx(FIRST.forecast().likely.net_value)
    assert table["net_low"][0] < table["net_value"][0] < table["net_high"][0]
    assert compare([]).empty


def test_what_is_written_is_read_back():
    assert from_json(to_json([FIRST, EMBEDDED])) == (FIRST, EMBEDDED)
    assert from_json(to_json([])) == ()


def test_a_file_from_before_attrition_is_read_as_if_nobody_leaves():
    stays = replace(FIRST, campaign=replace(FIRST.campaign, attrition=NOBODY_LEAVES))
    plain = json.loads(to_json([stays]))
    del plain["scenarios"][0]["campaign"]["attrition"]
    read = from_json(json.dumps(plain).encode())
    assert read == (stays,)
    assert from_json(to_json(read)) == read


def test_the_file_holds_the_outcome_as_plain_json():
    written = json.loads(to_json([EMBEDDED]), parse_constant=pytest.fail)
    assert written["scenarios"][0]["outcome"]["likely"]["roi"] is None, "nobody is reached"


def changed(**keys):
    entry = json.loads(to_json([FIRST]))["scenarios"][0]
    return json.dumps({"scenarios": [entry | keys]}).encode()


def many(number):
    entry = json.loads(to_json([FIRST]))["scenarios"][0]
    return json.dumps({"scenarios": [entry | {"name": str(i)} for i in range(number)]}).encode()


NONE, LOAD = "s.json: This is not a file of scenarios", "Load one that was downloaded here."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", f"{NONE}: it is not JSON: Expecting value: line 1 column 1 (char 0). {LOAD}"),
        (b"[1]", f"{NONE}: it is not a table of names and values but a list. {LOAD}"),
        (b'{"scenarios": [7]}', f"{NONE}: “scenarios[0]” is not a table of names and values but 7. {LOAD}"),
        (b"\xff\xfe", f"{NONE}: it is not UTF-8 text at byte 1. {LOAD}"),
        (b"[" * 100_000, f"{NONE}: it is nested more than 20 deep. {LOAD}"),
        (changed(name="\ud800"), f"{NONE}: it is not JSON: it has half of a surrogate pair. {LOAD}"),
        (changed(audience="\udfff"), f"{NONE}: it is not JSON: it has half of a surrogate pair. {LOAD}"),
        (changed(name=" "), "s.json: The scenario has no name, or a long one. Give 1 to 60 characters."),
        (changed(customers=-1), "s.json: Scenario “Letters” has -1 customers. Give 0 or more."),
        (changed(customers="9"), f"{NONE}: “scenarios[0].customers” is not a whole number but '9'. {LOAD}"),
        (changed(customers=True), f"{NONE}: “scenarios[0].customers” is not a whole number but True. {LOAD}"),
        (
            changed(colour=1),
            f"{NONE}: “scenarios[0]” has an unknown 'colour'; known are name, audience, customers, campaign, outcome. "
            f"{LOAD}",
        ),
        (b'{"a": 1, "a": 1}', f"{NONE}: it is not JSON: 'a' is there twice in one table. {LOAD}"),
        (many(51), "s.json: There are more than 50 scenarios. Remove some first."),
        (
            json.dumps({"scenarios": json.loads(changed())["scenarios"] * 2}).encode(),
            "s.json: Scenario “Letters” is there twice. Rename one.",
        ),
        (
            changed().replace(b'"low": 0.015', b'"low": 0.9'),
            "s.json: Baseline (%): the range low 90, likely 2, high 2.5 is upside down. Give low ≤ likely ≤ high.",
        ),
        (
            changed().replace(b'"low": 0.015', b'"low": NaN'),
            f"{NONE}: it is not JSON: 'NaN' is not a finite number. {LOAD}",
        ),
    ],
    ids=[
        "empty",
        "list",
        "number",
        "bytes",
        "deep",
        "half a pair",
        "other half",
        "no name",
        "negative",
        "text",
        "yes",
        "unknown",
        "key twice",
        "many",
        "twice",
        "upside down",
        "NaN",
    ],
)
def test_a_file_that_is_none_gets_a_clear_message(content, message):
    with pytest.raises(DocumentError) as error:
        from_json(content, "s.json")
    assert str(error.value) == message


@settings(derandomize=True, deadline=None, max_examples=50)
@given(st.binary() | st.text().map(lambda name: changed(name=name)) | st.integers().map(lambda n: changed(customers=n)))
def test_reading_raises_nothing_but_its_own_error(content):
    try:
        scenarios = from_json(content)
    except DocumentError:
        return
    assert from_json(to_json(scenarios)) == scenarios
