"""Two servers behind the proxy of `.deploy/`: whose state is lost when one is killed, and what a visitor cannot ask."""

import pytest

from tests.bench.load import QUERY, own_file
from tests.bench.proxied import NAMES, Proxied, proxied, status, text_at, wait_for
from tests.bench.visitor import Answer, Visitor

TOTAL = "Total customers"


def with_file(both: Proxied, number: int) -> tuple[Visitor, Answer]:
    """A visitor with a file of 300 customers and as many more as their number."""
    visitor = Visitor(both.port, QUERY)
    visitor.open()
    return visitor, visitor.upload("uploads", f"{number}.csv", own_file(number, 300))


@pytest.mark.usefixtures("haproxy")
def test_a_killed_server_takes_the_state_of_its_own_visitors_only() -> None:
    with proxied() as both:
        (own, seen), (other, others) = with_file(both, 1), with_file(both, 2)
        with own, other:
            assert (seen.metrics[TOTAL], others.metrics[TOTAL]) == ("301", "302")
            assert {own.served_by, other.served_by} == set(NAMES)  # a new visitor comes to the emptier server
            assert [status(both.port, path) for path in ("/metrics", "/ready", "/_stcore/%6detrics")] == [404, 404, 404]
            server = both.servers[other.served_by]
            assert {"active_sessions 1", "page_runs_waiting 0"} < {*text_at(server.port, "/metrics").splitlines()}

            both.servers[own.served_by].process.kill()
            assert other.set("k", 3).metrics[TOTAL] == "302"
            lost = own.reconnect()
            assert own.served_by == other.served_by
            assert "which the server does not have" in lost.texts("alert")[0].body
            assert lost.metrics == {}
            assert other.rerun().metrics[TOTAL] == "302"
        wait_for(both.port, "/_stcore/health")  # new visitors have a server, too
        assert both.errors == []
