"""Projects: written, read back, and refused where they are damaged, foreign or of a newer program."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DocumentError, RulesError
from core.measures.measure import Measure
from core.project import MOST_BOOKMARKS, Bookmark, Data, Project, State, from_json, is_project, with_bookmark
from core.rules import HighPotential, Intake, MassAffluent, Rules
from core.segments.choose_k import MOST_K
from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign
from core.strategy.scenario import Scenario

AS_OF = date(2026, 1, 1)
PROJECT = Project(
    Rules(AS_OF, mass_affluent=MassAffluent(measure="balance", min_measure=1e5), intake=Intake({"Sex": "gender"})),
    Data("files", ("customers.csv",), "ab12"),
    State(
        "strategy", 6, features=("age",), scaling={"age": "log"}, filters={"state": ("VIC",)}, clicks=("pie:2",),
        clicked_in="0f", picks={"tiles": "job_industry"},
    ),
    {"0f": {"2": "Savers"}},
    (Measure("Affluent", "share(is_mass_affluent)", "%"),),
    (Scenario("Letters", "Mass affluent", 1000, default_campaign(USUAL["Mass affluent"])),),
    (Bookmark("In Victoria", State(filters={"state": ("VIC",)})),),
    waiting={"cd34": (Scenario("Calls", "Everybody", 2000, default_campaign(USUAL["Everybody"])),)},
    inputs={"0f": {"Mass affluent": {"2": {"uplift": 0.03}}}},
)  # fmt: skip

# Half of a surrogate pair is no text that a file can hold.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = texts.filter(lambda text: text.strip())
several = st.lists(texts, max_size=3).map(tuple)
states = st.builds(
    State, texts, st.integers(1, MOST_K), texts, several,
    st.dictionaries(texts, st.sampled_from(["log", "robust"]), max_size=3), st.booleans(), texts,
    st.dictionaries(texts, several, max_size=3), several, several, texts, st.dictionaries(texts, texts, max_size=3),
)  # fmt: skip
rules = st.builds(
    Rules,
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    mass_affluent=st.builds(
        MassAffluent, measure=texts, min_measure=st.none() | st.floats(-1e18, 1e18), max_measure=st.none() | st.just(7)
    ),
    high_potential=st.builds(HighPotential, st.integers(0, 150)),
    intake=st.builds(Intake, st.dictionaries(texts, texts, max_size=3), sheets=several),
    checked=several,
)
projects = st.builds(
    Project, rules, st.builds(Data, texts, several, texts), states,
    st.dictionaries(texts, st.dictionaries(texts, texts, max_size=3), max_size=3),
    st.lists(st.builds(Measure, names, texts), max_size=3, unique_by=lambda one: one.name).map(tuple),
    st.lists(
        st.builds(Scenario, names, texts, st.integers(0, 10**12), st.just(PROJECT.scenarios[0].campaign)),
        max_size=3, unique_by=lambda one: one.name,
    ).map(tuple),
    st.lists(st.builds(Bookmark, names, states), max_size=3, unique_by=lambda one: one.name).map(tuple),
)  # fmt: skip


@given(projects)
def test_what_is_written_is_read_back(project):
    written = project.to_json()
    assert from_json(written) == project
    assert is_project(written)


def changed(**keys):
    return json.dumps(PROJECT.to_dict() | keys).encode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is not JSON"),
        (b"id,age\n1,40\n", "it is not JSON"),
        (b"\xff\xfe", "it is not UTF-8 text at byte 1"),
        (PROJECT.to_json()[:300], "it is not JSON"),
        (b"[]", "its format is not “segmentation project”"),
        (changed(format="customer segments"), "its format is not “segmentation project”"),
        (changed(version="1"), "its version is not 1"),
        (changed(version=2, notes=[]), "its version is 2, and this program reads up to 1: a newer one wrote it"),
        (changed(notes=[]), "it has an unknown 'notes'"),
        (changed(state={"k": 31}), "“state.k” is not a whole number from 1 to 30 but 31"),
        (changed(rules={}), "“rules” lacks “as_of”"),
        (changed(model={}), "This is not a saved model: its format is not “customer segments”, version 1"),
        (changed(measures=[{"name": "a", "formula": "1"}] * 2), "The measure “a” is there twice"),
        (changed(bookmarks=[{"name": "", "state": {}}]), "“bookmarks[0].name” is not a text from 1 to 60 but ''"),
    ],
)
def test_what_is_no_project_is_refused_with_what_is_wrong(content, message):
    with pytest.raises(DocumentError) as caught:
        from_json(content, "p.json")
    assert str(caught.value).startswith("p.json: ")
    assert message in str(caught.value)


def test_scenarios_for_other_data_and_inputs_by_segment_are_in_the_file():
    read = from_json(PROJECT.to_json())
    assert (read.waiting, read.inputs) == (PROJECT.waiting, PROJECT.inputs)


def test_a_bookmark_takes_the_place_of_its_name():
    first, other = Bookmark("a", State(k=3)), Bookmark("a", State(k=4))
    assert with_bookmark((), first) == (first,)
    assert with_bookmark((first,), other) == (other,)
    full = tuple(Bookmark(str(number), State()) for number in range(MOST_BOOKMARKS))
    with pytest.raises(RulesError, match="50 named views already"):
        with_bookmark(full, first)


def test_a_file_of_customers_is_told_from_a_project():
    assert is_project(PROJECT.to_json())
    assert is_project(b"\xef\xbb\xbf" + PROJECT.to_json())
    assert is_project(json.dumps(PROJECT.to_dict(), separators=(",", ":")).encode()), "written anew by another program"
    assert not is_project(b'[{"id": 1, "format": "segmentation project"}]')
    assert not is_project(b'{"id": 1, "age": 40}')
