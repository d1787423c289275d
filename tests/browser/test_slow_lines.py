"""Visitors whose line is slow: what they set goes out before they have heard what came of the setting before."""

import re

from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import PATIENCE, Open, settle
from tests.browser.test_dashboard import choose_state
from tests.browser.test_project import more_segments

LOOKS_EVERY = 100  # milliseconds


class Line:
    """The connection of a page to its server, whose answers can be held up."""

    def __init__(self) -> None:
        self.held, self.holds = list[bytes | str](), False

    def __call__(self, browser: WebSocketRoute) -> None:
        self.browser = browser
        browser.connect_to_server().on_message(self._answer)

    def hold_until(self, page: Page, said: bytes) -> None:
        """Hold answers up until the server has said this."""
        for _ in range(PATIENCE // LOOKS_EVERY):
            if any(isinstance(answer, bytes) and said in answer for answer in self.held):
                return
            page.wait_for_timeout(LOOKS_EVERY)
        raise AssertionError(f"The server has not said {said!r}.")

    def let_go(self) -> None:
        self.holds = False
        for answer in self.held:
            self.browser.send(answer)

    def _answer(self, answer: bytes | str) -> None:
        if self.holds:
            self.held.append(answer)
        else:
            self.browser.send(answer)


def test_what_is_set_before_the_answer_has_come_undoes_nothing(open_page: Open) -> None:
    line = Line()
    page = open_page(line=line)
    line.holds = True
    more_segments(page)
    line.hold_until(page, b"step=1")  # the address is the last that a run sends
    choose_state(page, "TAS")
    line.let_go()
    expect(page.get_by_role("button", name="State: TAS")).to_be_visible()
    expect(page).to_have_url(re.compile("k=6.*state=TAS.*step=2"))
    settle(page)
