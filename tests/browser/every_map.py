"""Maps of all countries, some at a time, of a file of each and drawn by the app's own visual; `test_every_map.py`."""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))  # Streamlit puts the folder of the script there

from core.analysis import Analysis
from core.countries.registry import countries
from core.pipeline import segment
from core.visuals.registry import VISUALS
from core.visuals.visual import picture
from tests.core.test_kinds_of_files import study_of

AT_ONCE, IN_A_ROW = 6, 3  # a browser draws 16 canvases of this kind at once
FIRST = "first"
BY_CUSTOMERS = {"map_by": "customers"}


def page() -> None:
    """Some maps, from the one on that the address says: a new page has none of the canvases of another."""
    first = int(st.query_params.get(FIRST, 0))
    st.title("Maps")
    codes = sorted(countries())[first : first + AT_ONCE]
    for code, place in zip(codes, st.columns(IN_A_ROW) * (AT_ONCE // IN_A_ROW), strict=False):
        country = countries()[code]
        names = [region.name for region in country.regions]
        study = study_of({country.region: names}, rows=max(60, 2 * len(names)), country=code)
        drawn = picture(VISUALS["map"], Analysis(study, segment(study, 1), picks=BY_CUSTOMERS))
        with place, st.container(key=code):
            st.pydeck_chart(VISUALS["map"].deck(drawn.data, theme="light"), height=240)


if __name__ == "__main__":
    page()
