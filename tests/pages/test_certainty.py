"""How sure each customer's segment is, on the pages: worked out where it is asked for, and nowhere else."""

from datetime import date
from unittest.mock import Mock

import pytest
from streamlit.testing.v1 import AppTest

from core.analysis import Analysis
from core.certainty import NO_ROWS
from core.pipeline import load, segment
from core.results import FILES
from core.rules import Rules
from core.schema import SURE
from core.segments.certainty import calibrate
from core.sources.file import FileSource
from data.generate import SAMPLE
from pages.components.link import MORE, filter_key
from pages.components.privacy import HIDE
from tests.pages.reading import PAGES, metrics, on_tab, said, settled, started


@pytest.fixture
def refits(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """How often certainty is learned."""
    counted = Mock(side_effect=calibrate)
    monkeypatch.setattr("core.certainty.calibrate", counted)
    return counted


def audience(at: AppTest) -> int:
    """The size of the audience: whom the simulation reaches of it is a fixed share."""
    return int(metrics(at)["Customers reached"].replace(",", ""))


def test_unsure_customers_are_counted_on_the_profile_and_left_out_of_the_audience(refits: Mock) -> None:
    at = started(k="4")
    for page in PAGES:
        settled(at.switch_page(page).run())
    assert not refits.called, "nobody has asked"
    settled(at.switch_page("pages/profiles.py").run())
    assert "649 (100%) of its customers are unsure: refits on resamples" in said(at).replace("\\", "")
    settled(at.switch_page("pages/strategy.py").run())
    everybody = audience(at)
    settled(at.toggle(key="audience_sure").set_value(True).run())
    assert "As by today's definition: 1,650 mass affluent." in said(at), "those who are left out are among them"
    [caption] = [one.value for one in at.caption if "whose certainty is under 90%" in one.value]
    left_out = int(caption.split()[1].replace(",", ""))
    assert left_out > 0
    assert everybody - audience(at) == pytest.approx(0.72 * left_out, abs=1)  # 80 % can be contacted, 90 % are
    settled(on_tab(at, "Scenarios").button(key="save_scenario").click().run())
    [saved] = [one.value for one in at.dataframe if "net_low" in one.value]
    assert saved["audience"].tolist() == [
        "Mass affluent (property valuation from 9); all segments; without unsure customers"
    ]
    settled(at.toggle(key="audience_sure").set_value(False).run())
    assert audience(at) == everybody
    assert refits.call_count == 1, "it is kept"


def test_customers_are_filtered_by_how_sure_their_segment_is() -> None:
    app = started(k="4")
    everybody = metrics(app)["Total customers"]
    settled(app.multiselect(key=MORE).select(SURE).run())
    assert metrics(app)["Total customers"] == everybody
    pills = app.button_group(key=filter_key(SURE))
    counts = []
    for answer in ("Yes", "No", "Unknown"):
        settled(pills.set_value([answer]).run())
        counts.append(int(metrics(app)["Total customers"].replace(",", "")))
        pills = app.button_group(key=filter_key(SURE))
    assert sum(counts) == int(everybody.replace(",", ""))
    assert min(counts[:2]) > 0


def test_while_small_groups_are_hidden_few_unsure_customers_are_not_counted() -> None:
    app = started(k="5")
    settled(app.toggle(key=HIDE).set_value(True).run())
    settled(app.switch_page("pages/profiles.py").run())
    assert "How many of its customers are unsure is hidden" in said(app).replace("\\", "")
    settled(app.switch_page("pages/strategy.py").run())
    settled(app.toggle(key="audience_sure").set_value(True).run())
    assert "This audience is hidden" in said(app)
    assert "whose certainty is under" not in said(app)


def test_a_result_says_that_it_has_no_rows_to_tell_it_of() -> None:
    study = load([FileSource(SAMPLE.name, SAMPLE.read_bytes())], Rules(date(2026, 1, 1)))
    content = FILES["summary.zip"].make(Analysis(study, segment(study, 4)))
    app = started()
    app.file_uploader(key="result").upload("summary.zip", content)
    settled(app.run())
    toggle = app.switch_page("pages/strategy.py").run().toggle(key="audience_sure")
    assert (toggle.disabled, toggle.help.replace("\\", "")) == (True, NO_ROWS)
    settled(app.switch_page("pages/profiles.py").run())
    assert NO_ROWS in said(app).replace("\\", "")
    assert SURE not in app.multiselect(key=MORE).options
