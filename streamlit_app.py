"""Entry point: the page's frame, the shared sidebar, the navigation."""

import streamlit as st

from pages import navigation
from pages.components import ICON
from pages.components.sidebar import sidebar
from pages.components.view import set_view

st.set_page_config(page_title="Mass affluent dashboard", page_icon=str(ICON), layout="wide")
page = navigation()
set_view(sidebar())
page.run()
