"""Segments of numbers and categories on every page."""

import pytest
from streamlit.testing.v1 import AppTest

from core.files import json_bytes
from core.segments.model_file import read_model
from tests.mixed import bank
from tests.pages.reading import PAGES, charts, opened, said, settled, started

FILE = "bank.csv"


@pytest.fixture
def own(app: AppTest) -> AppTest:
    app.file_uploader(key="upload").upload(FILE, bank())
    return settled(app.run())


def names(at: AppTest) -> list[str]:
    return [row["segment"] for row in charts(at)[0]]
