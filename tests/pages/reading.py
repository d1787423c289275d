"""What the app shows under Streamlit's own test runner, as plain values."""

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from streamlit.testing.v1 import AppTest

from pages.components.simulation import TABS

ROOT = Path(__file__).parents[2]
PATIENCE = 600  # seconds for a run, of a second or less, on a machine that does other things too
PAGES = ("pages/overview.py", "pages/demographics.py", "pages/strategy.py")


def started(**address: str) -> AppTest:
    """The app as an address opens it, on the bundled sample and at a fixed day."""
    at = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=PATIENCE)
    for name, value in {"as_of": "2026-01-01", **address}.items():
        at.query_params[name] = value
    return settled(at.run())


def settled(at: AppTest) -> AppTest:
    """The app after a run that raised nothing."""
    assert not at.exception, at.exception
    return at


def on_tab(at: AppTest, tab: str) -> AppTest:
    """The strategy page with another tab of the simulation open; the others are not drawn."""
    at.session_state[TABS] = tab
    return settled(at.run())


def opened(at: AppTest, section: str) -> AppTest:
    """The page with a section open that holds nothing while it is closed."""
    at.session_state[section] = True
    return settled(at.run())


def metrics(at: AppTest) -> dict[str, str]:
    """KPI cards: label → value."""
    return {metric.label: metric.value for metric in at.metric}


LEGEND = "Legend of the map"


def charts(at: AppTest) -> list[list[dict[str, Any]]]:
    """The rows behind each chart of the page, one list a chart; not the map's legend, which has none."""
    return [
        [row for part in element.proto.datasets for row in _rows(part.data.data)]
        for element in at.get("vega_lite_chart")
        if element.proto.alt != LEGEND
    ]


def tables(at: AppTest) -> list[pd.DataFrame]:
    """The visuals of the page that are tables, as a browser sorts them."""
    return [element.value for element in at.dataframe if element.proto.alt.startswith("Table of")]


def said(at: AppTest) -> str:
    """All sentences outside the charts."""
    return "\n".join(
        element.value for kind in (at.error, at.info, at.caption, at.markdown, at.subheader) for element in kind
    )


def _rows(arrow: bytes) -> list[dict[str, Any]]:
    return pa.ipc.open_stream(arrow).read_all().to_pylist()
