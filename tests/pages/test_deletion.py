"""After "Delete my data" the server holds nothing of the visitor's files, nor what was saved here."""

import gc
import weakref

import pytest
from streamlit.testing.v1 import AppTest

from core.measures.measure import Measure
from core.strategy.audience import USUAL
from core.strategy.campaign import default_campaign
from core.strategy.scenario import Scenario
from pages.components import decisions, link, measures, profiles, scenarios
from tests.pages.reading import metrics, opened, said, settled

OWN = b"customer_id,age,purchases,state,job_industry\n" + b"".join(
    b"zq%d,%d,%d,NSW,zq%s\n" % (i, 20 + i, i * 3, b"ab"[i % 2 :][:1]) for i in range(60)
)


@pytest.fixture
def own(app: AppTest) -> AppTest:
    """A session with a file of the visitor's own, filtered, and with all that can be saved about it."""
    app.file_uploader(key="uploads").upload("zq.csv", OWN)
    settled(app.run())
    app.multiselect(key="job_industry").select("zqa")
    app.multiselect(key="state").select("NSW")
    app.multiselect(key="filtered segments").select("1")
    settled(app.run())
    app.session_state[scenarios.STORED] = (Scenario("zq", "all", 60, default_campaign(USUAL["Everybody"])),)
    app.session_state[measures.STORED] = (Measure("zq", 'count(job_industry = "zqa")', "number"),)
    app.session_state[profiles.NAMES] = {b"centres": {"1": "zq"}}
    app.session_state[decisions.CHOICES] = {"columns": {"zq": ""}}
    opened(app, "downloads")
    settled(app.switch_page("pages/data.py").run())
    app.text_input(key="audit").set_value("zq7")
    settled(app.run())
    assert "zq7" in said(app)
    return app


def test_nothing_is_left(own: AppTest) -> None:
    customers = weakref.ref(own.session_state["loaded"].study.customers)
    settled(own.button(key="delete_data").click().run())
    assert "60 customers" not in said(own)
    assert "zq" not in said(own)
    settled(own.switch_page("pages/overview.py").run())
    assert metrics(own)["Total customers"] == "3,996"
    kept = own.session_state.to_dict()
    assert [name for name, value in kept.items() if "zq" in f"{name} {value}"] == []
    assert {scenarios.STORED, measures.STORED, profiles.NAMES, decisions.CHOICES, "loaded"}.isdisjoint(kept)
    assert not any(kept[link.WAITING].values())
    gc.collect()
    assert customers() is None  # no cache, callback or download has them
