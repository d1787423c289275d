"""The map of a country, of a file of all its regions and drawn by the app's own visual; `test_every_map.py`."""

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

MAP = "Country and theme"
BY_CUSTOMERS = {"map_by": "customers"}


def page() -> None:
    """The map that is typed, such as `AU dark`.

    It is always the same chart: without a graphics card a browser takes a second for the shaders of a new one.
    """
    st.title("Map")
    if typed := st.text_input(MAP):
        code, theme = typed.split()
        country = countries()[code]
        names = [region.name for region in country.regions]
        study = study_of({country.region: names}, rows=max(60, 2 * len(names)), country=code)
        drawn = picture(VISUALS["map"], Analysis(study, segment(study, 1), picks=BY_CUSTOMERS))
        st.pydeck_chart(VISUALS["map"].deck(drawn.data, theme=theme), width=400, height=240)


if __name__ == "__main__":
    page()
