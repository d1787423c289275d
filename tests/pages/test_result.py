"""A result opened in the app: the pages show the same from its sums as from the customers."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.analysis import Analysis
from core.measures.measure import Measure
from core.pipeline import load, matrix_of, segment, structure
from core.results import FILES
from core.rules import Rules
from core.segments.evidence import sample
from core.sources.file import FileSource
from core.visuals.clicks import Click
from data.generate import SAMPLE
from tests.pages.reading import PAGES, charts, metrics, on_tab, said, settled, started

NAME = "summary.zip"


@pytest.fixture(scope="module")
def result() -> bytes:
    """The file of a result of the bundled sample, as the app shows it."""
    study = load([FileSource(SAMPLE.name, SAMPLE.read_bytes())], Rules(date(2026, 1, 1)))
    matrix = matrix_of(study)
    segments = segment(study, 5, matrix=matrix)
    return FILES[NAME].make(Analysis(study, segments, structure(segments, sample(matrix))))


def opened(at: AppTest, content: bytes, name: str = NAME) -> AppTest:
    at.file_uploader(key="result").upload(name, content)
    return settled(at.run())


@pytest.fixture(scope="module")
def pair(result: bytes) -> tuple[AppTest, AppTest]:
    """The app on the customers, and on the result of the same."""
    return started(), opened(started(), result)


def shown(at: AppTest) -> str:
    return said(at).replace("\\", "")


def seen(at: AppTest) -> tuple:
    """Figures, charts, map and sentences of the page."""
    maps = [element.proto.json for element in at.get("deck_gl_json_chart")]
    words = [line for line in said(at).splitlines() if not line.startswith((*SIDEBAR, NEEDS_ROWS))]
    return metrics(at), charts(at), maps, words


def german() -> bytes:
    """The file of a result whose rules write numbers as in German."""
    rows = b"".join(b"%d,%d\n" % (number, 30 + number % 7) for number in range(1200))
    study = load([FileSource("bank.csv", b"customer_id,age\n" + rows)], Rules(date(2026, 1, 1), numbers="de"))
    return FILES[NAME].make(Analysis(study, segment(study, 2, ("age",))))


def test_a_result_starts_in_the_style_of_its_rules_and_takes_another() -> None:
    at = opened(started(), german())
    assert (at.selectbox(key="numbers").value, metrics(at)["Total customers"]) == ("de", "1.200")
    settled(at.selectbox(key="numbers").set_value("auto").run())
    assert metrics(at)["Total customers"] == "1,200"
    settled(at.switch_page("pages/data.py").run())
    assert "1,200 customers" in said(at)


@pytest.mark.parametrize("link", [{}, {"numbers": "1 234 567,89".replace(" ", "\u202f")}], ids=["none", "French"])
def test_a_choice_outlasts_a_result(link: dict[str, str]) -> None:
    at = started(**link)
    before = at.selectbox(key="numbers").value
    opened(at, german())
    assert at.selectbox(key="numbers").value == ("fr" if link else "de")
    at.file_uploader(key="result").set_value([])
    settled(at.run())
    assert at.selectbox(key="numbers").value == before


# What the sidebar says otherwise of a result.
NEEDS_ROWS = "How large is each segment a month"  # the card of the months
SIDEBAR = (
    "Bundled sample", "Result of", "Segments, features", "Features", "Default", ":material/lightbulb:", "The link",
    "No filter by", "Decided:",
)  # fmt: skip


@pytest.mark.parametrize(
    ("page", "tab"),
    [
        *((page, "") for page in PAGES),
        ("pages/strategy.py", "Whom to fund first"),
        ("pages/strategy.py", "Fair targeting"),
    ],
)
def test_a_page_shows_the_same_as_of_the_customers(pair: tuple[AppTest, AppTest], page: str, tab: str) -> None:
    whole, sums = pair
    assert "Result of sample\\_customers" in said(sums)
    for state, clicks in (([], ()), (["NSW", "VIC"], (Click("jobs", ("2", "Health")), Click("map", ("VIC",))))):
        for at in (whole, sums):
            at.session_state["clicks"], at.session_state["clicks' segments"] = clicks, None
            at.multiselect(key="state").set_value(state)
            settled(at.switch_page(page).run())
            if tab:
                on_tab(at, tab)
        for one, other in zip(seen(sums), seen(whole), strict=True):
            assert one == other


def test_measures_and_the_tried_rule_work_on_sums(pair: tuple[AppTest, AppTest]) -> None:
    formulas = (
        "share(age >= 40 and state = \"NSW\")", "sum(purchases) / customers", "mean(tenure)",
        "count(property_valuation > 8)", "share(purchases > 50)", "nonsense(",
    )  # fmt: skip
    whole, sums = pair
    for at in (whole, sums):
        at.session_state["clicks"] = ()
        at.session_state["measures"] = tuple(Measure(text, text) for text in formulas)
        settled(at.switch_page("pages/overview.py").run())
    told = [{name: value for name, value in metrics(at).items() if "(" in name} for at in (sums, whole)]
    assert len(told[0]) == 4
    assert told[0] == {name: value for name, value in told[1].items() if "purchases >" not in name.replace("\\", "")}
    assert "This result has sums only, and none by all that is compared" in shown(sums)
    for at in (whole, sums):
        settled(at.switch_page("pages/strategy.py").run())
        at.slider(key="tried_valuation 9").set_value(6)
        settled(at.run())
    assert metrics(sums) == metrics(whole)
    assert [line for line in shown(sums).splitlines() if "comes in" in line.lower()]


@pytest.mark.parametrize(
    ("page", "sentences"),
    [
        (
            "pages/number_of_segments.py",
            ["to try other numbers of segments, open the customer files", "Is each segment real?"],
        ),
        ("pages/profiles.py", ["open the customer files to see it", "What sets it apart from the other customers"]),
        ("pages/data.py", ["4,000 rows read", "Applied steps", "Data quality"]),
    ],
)
def test_a_page_that_needs_rows_says_so_and_shows_what_there_is(result: bytes, page: str, sentences: list[str]) -> None:
    at = opened(started(), result)
    settled(at.switch_page(page).run())
    assert [sentence for sentence in sentences if sentence not in shown(at)] == []
    assert "sums and no rows" in shown(at)


def test_a_bad_result_shows_no_figure_and_a_good_one_its_own_whatever_the_settings(result: bytes) -> None:
    at = started()
    settled(at.slider(key="k").set_value(3).run())
    opened(at, b"PK nothing", "bad.zip")
    assert "The result is not opened. bad.zip: This is not a result: it is damaged, or of another kind." in shown(at)
    assert (metrics(at), charts(at)) == ({}, [])
    assert "Result of" in shown(opened(at, result))
    assert (at.slider[0].disabled, at.slider[0].value) == (True, 5)
    at.file_uploader(key="result").set_value([])
    settled(at.run())
    assert "The result summary.zip is no longer open." in at.warning[0].value.replace("\\", "")
    assert metrics(at) == {}
    settled(at.button(key="show_sample").click().run())
    assert (metrics(at)["Total customers"], at.slider(key="k").value) == ("3,996", 3)


def test_a_bad_result_leaves_own_files(app: AppTest) -> None:
    app.file_uploader(key="uploads").upload("two.csv", b"customer_id,age\n1,30\n2,40\n")
    settled(app.run())
    opened(app, b"PK", "bad.zip")
    assert "The result is not opened. bad.zip: " in app.error[0].value.replace("\\", "")
    assert "Your files are shown instead." in app.error[0].value.replace("\\", "")
    assert metrics(app)["Total customers"] == "2"


def test_small_groups_are_hidden_in_a_result_as_elsewhere(pair: tuple[AppTest, AppTest]) -> None:
    whole, sums = pair
    for page in PAGES:
        for at in (whole, sums):
            at.toggle(key="hide").set_value(True)
            at.pills(key="Age_Group").set_value(["65+"])
            settled(at.switch_page(page).run())
        for one, other in zip(seen(sums), seen(whole), strict=True):
            assert one == other
