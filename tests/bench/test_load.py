"""Two visitors at once on a real server: no error, none sees the other's data, and it can be deleted."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.bench.load import own_file, visit
from tests.bench.server import serving


def test_two_visitors_have_a_session_of_their_own() -> None:
    files, there, arrived = [b"", own_file(1, 300)], Barrier(3), []
    with serving() as server, ThreadPoolExecutor(2) as pool:
        visits = [
            pool.submit(visit, server.port, i, file, arrived, moves=1, think=0, there=there)
            for i, file in enumerate(files)
        ]
        for _ in range(4):
            there.wait(timeout=60)
        found = [each.result() for each in visits]
        assert server.errors == []
    assert [one.wrong for one in found] == [[], []]
    assert sorted(arrived) == [0, 1]
    assert all(set(one.settled) <= set(one.moves) for one in found)
    assert any(one.settled for one in found), "the last to arrive moves when all are there"
    assert [(len(one.moves), list(one.others)) for one in found] == [(1, ["open"]), (1, ["open", "upload"])]
