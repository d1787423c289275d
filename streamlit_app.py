"""Entry point: the page's frame, the shared sidebar, then the page."""

from pages import frame
from pages.components.sidebar import sidebar
from pages.components.view import set_view

page = frame()
set_view(sidebar())
page.run()
