"""A visitor of two servers behind the proxy, whose own one is killed."""

import pytest
from playwright.sync_api import expect

from tests.bench.proxied import proxied
from tests.bench.visitor import Visitor
from tests.browser.conftest import Open, settle
from tests.browser.test_dashboard import choose_state, kpi

ENDED = "Your session on the server has ended"


@pytest.mark.usefixtures("haproxy")
def test_the_visitor_goes_on_at_the_other_server_and_reads_what_is_lost(open_page: Open) -> None:
    with proxied() as both:
        page = open_page(address=f"http://127.0.0.1:{both.port}")
        choose_state(page, "TAS")
        expect(page.get_by_role("button", name="State: TAS")).to_be_visible()  # the run with it has begun
        settle(page)
        tasmanians = kpi(page, "Total customers")
        own = next(one["value"] for one in page.context.cookies(page.url) if one["name"] == "served_by")
        with Visitor(both.port) as other:
            other.open()
            assert other.served_by != own
            both.servers[own].process.kill()
            expect(page.get_by_test_id("stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
            expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED")
            page.get_by_role("link", name="Segment profiles", exact=True).click()
            expect(page.get_by_text(ENDED)).to_be_visible()
            page.get_by_role("link", name="Segment overview", exact=True).click()
            settle(page)
            assert kpi(page, "Total customers") == tasmanians
            page.get_by_test_id("stMain").get_by_role("button", name="Close").click()
            expect(page.get_by_text(ENDED)).to_have_count(0)
            assert ENDED.encode() not in other.set("k", 4).raw
        page.goto("about:blank")
