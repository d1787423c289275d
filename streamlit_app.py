"""Entry point: the page's frame, the shared sidebar, then the page."""

import streamlit as st

from core.figures import written_as
from pages import WITHOUT_DATA, frame
from pages.components.downloads import downloads
from pages.components.help import help_link
from pages.components.history import complete, follow_browser, history_buttons, record
from pages.components.leaving import warn_before_leaving
from pages.components.link import copy_link, drop_infinite
from pages.components.missing import missing_page
from pages.components.origin import Missing
from pages.components.place import PagePlace, styles
from pages.components.privacy import require_login
from pages.components.project import hand_over, project_messages, project_section, start_project
from pages.components.run_queue import queued
from pages.components.session_cache import is_own, is_upload
from pages.components.session_end import note_session_end, say_session_end
from pages.components.sidebar import sidebar
from pages.components.trail import look_at
from pages.components.tweaks import garbage_collection, one_address
from pages.components.view import set_view
from pages.components.worker import WORKERS

WORKERS.warm_up()
with queued(), garbage_collection(is_own), one_address(), written_as():
    note_session_end()
    page = frame()
    drop_infinite()
    styles()
    require_login()
    follow_browser()
    start_project()
    top, place = st.sidebar.container(), PagePlace()
    view = sidebar(place)
    found = None if isinstance(view, Missing) else view
    if found or page.title in WITHOUT_DATA:
        set_view(found)
    look_at(found)
    if found:
        hand_over(found)
    record(found.study.identity if found else "")
    history_buttons(top)
    project_messages()
    with st.sidebar:
        project_section(found)
        if found:
            downloads(found)
            copy_link(found.study, uploaded=is_upload(), saved=found.saved is not None)
            help_link("sharing")
        warn_before_leaving()
    with place.page():
        if isinstance(view, Missing) and page.title not in WITHOUT_DATA:
            missing_page(page.title, view)
        else:
            say_session_end()
            try:
                page.run()
            finally:  # also where the page has stopped
                complete()
