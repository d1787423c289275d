"""Many customers as cells: the pages show what they show of the rows."""

from typing import Any

import pytest
import streamlit as st

from core.views import condense
from core.views.condense import Condensed
from tests.pages.reading import PAGES, charts, metrics, said, settled, started, tables


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("filters", [{}, {"state": "NSW", "gender": "Female"}])
def test_pages_of_cells_show_what_pages_of_rows_show(
    page: str, filters: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    own = Condensed.cells
    monkeypatch.setattr(Condensed, "cells", lambda self, columns: asked.append(own(self, columns)) or asked[-1])
    shown = []
    for least in (1, 10**9):
        monkeypatch.setattr(condense, "FROM", least)
        st.cache_data.clear()
        st.cache_resource.clear()
        at = settled(started(**filters).switch_page(page).run())
        shown.append(repr((metrics(at), charts(at), [table.to_dict() for table in tables(at)], said(at))))
        if least == 1:
            assert any(cells is not None for cells in asked)
            asked.clear()
    assert not asked
    assert shown[0] == shown[1]
