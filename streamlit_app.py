"""Entry point: the page's frame, the shared sidebar, then the page."""

import streamlit as st

from core.figures import written_as
from pages import HELP, frame
from pages.components.downloads import downloads
from pages.components.help import help_link
from pages.components.link import copy_link, drop_infinite
from pages.components.missing import missing_page
from pages.components.origin import Missing
from pages.components.place import PagePlace
from pages.components.privacy import require_login
from pages.components.run_queue import queued
from pages.components.session_cache import is_own, is_upload
from pages.components.sidebar import sidebar
from pages.components.tweaks import garbage_collection
from pages.components.view import set_view
from pages.components.worker import WORKERS

WORKERS.warm_up()
with queued(), garbage_collection(is_own), written_as():
    page = frame()
    drop_infinite()
    require_login()
    place = PagePlace()
    view = sidebar(place)
    if isinstance(view, Missing) and page.title == HELP:
        set_view(None)
        with place.page():
            page.run()
    elif isinstance(view, Missing):
        with place.page():
            missing_page(page.title, view)
    else:
        set_view(view)
        with st.sidebar:
            downloads(view)
            copy_link(view.study, uploaded=is_upload(), saved=view.saved is not None)
            help_link("sharing")
        with place.page():
            page.run()
