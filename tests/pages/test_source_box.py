"""A kind of source that a test registers is offered in the sidebar, shown, hidden where small, audited, and opened."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.cli import main
from core.sources.kinds import KINDS
from core.views.suppress import MINIMUM
from tests.pages.reading import metrics, said, settled, started, tables
from tests.pages.test_result import opened
from tests.pages.test_upload import SMALL, upload
from tests.toy_source import TOY


@pytest.fixture(autouse=True)
def toy_kind(request: pytest.FixtureRequest) -> Iterator[None]:
    with nullcontext() if "one_kind" in request.node.name else KINDS.added(TOY):
        yield


def toy(argument: str = "toy:60") -> AppTest:
    """The app on a source of the other kind."""
    at = started()
    settled(at.button_group(key="kind of source").set_value("toy").run())
    return settled(at.text_input(key="argument of toy").set_value(argument).run())


def shown(at: AppTest) -> str:
    return "\n".join([said(at), *(warning.value for warning in at.warning)]).replace("\\", "")


def test_one_kind_is_no_choice() -> None:
    assert started().get("button_group")[0].key != "kind of source"


def test_another_kind_is_shown_on_a_page_and_one_of_its_customers_is_looked_into() -> None:
    at = toy()
    assert metrics(at)["Total customers"] == "59"
    assert "toy of 60: **59 customers**" in shown(at)
    assert at.query_params["data"] == "toy"
    at.switch_page("pages/data.py").run()
    settled(at.text_input(key="audit").set_value("c5").run())
    assert "Customer **c5**: segment" in said(at)
    (raw,) = (table for table in at.dataframe if "text" in table.value and "file" in table.value)
    assert raw.value[["file", "line", "text"]].to_numpy().tolist()[0] == ["toy of 60", 5, "c5"]
    assert '"Row"' in raw.proto.columns


def test_its_small_groups_are_hidden() -> None:
    at = toy()
    at.switch_page("pages/strategy.py").run()
    assert MINIMUM > 2
    assert "Australian Capital Territory" in str([table.to_dict() for table in tables(at)])
    settled(at.toggle(key="hide").set_value(True).run())
    assert "Australian Capital Territory" not in str([table.to_dict() for table in tables(at)])


def test_its_result_is_opened(tmp_path: Path) -> None:
    assert main(["segment", "toy:60", "--as-of", "2026-01-01", "--k", "2", "--out", str(tmp_path)]) == 0
    at = opened(started(), (tmp_path / "summary.zip").read_bytes())
    assert metrics(at)["Total customers"] == "59"
    assert "Result of toy of 60" in shown(at)


def test_what_cannot_be_read_is_said_and_the_data_stays() -> None:
    at = toy("toys")
    assert "This does not have the form toy:ROWS." in shown(at)
    assert not metrics(at)
    settled(at.text_input(key="argument of toy").set_value("toy:60").run())
    settled(at.text_input(key="argument of toy").set_value("toy:0").run())
    assert "There is no row of data. " in shown(at)
    assert "Still shown, as loaded before: toy of 60. Correct it under “Toy table”." in shown(at)
    assert metrics(at)["Total customers"] == "59"


def test_files_wait_while_another_kind_is_chosen() -> None:
    at = upload(started(), forty_csv=SMALL)
    settled(at.button_group(key="kind of source").set_value("toy").run())
    assert not metrics(at)
    settled(at.button_group(key="kind of source").set_value("files").run())
    assert metrics(at)["Total customers"] == "40"


def test_deleting_empties_its_box() -> None:
    at = toy()
    settled(at.button(key="delete_data").click().run())
    assert "loaded" not in at.session_state
    assert "opened source" not in at.session_state
    assert at.session_state["argument of toy"] == ""
    assert "Bundled sample" in shown(at)
