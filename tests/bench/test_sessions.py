"""What is kept of a visitor's files is kept for that visitor, whatever the key it is kept by."""

from typing import Any

from pages.components.session_end import LOST
from tests.bench.server import serving
from tests.bench.visitor import Answer, Visitor

# Every file looks the same to a cache: only the session is left to tell visitors apart.
ALIKE = "from core.study import Study; Study.identity = property(lambda _: 'of every file')"
PAGES = ("", "demographics", "strategy", "profiles", "number_of_segments")
NAME, QUERY = "customers.csv", "as_of=2026-01-01"


def customers(first_age: int, affluent: int, industry: str) -> bytes:
    """60 customers; the files are of one size where the industries are."""
    rows = [
        f"{100 + i},{first_age + i % 20},{9 if i < affluent else 1},{10 + i},{i % 9},{industry},Mass Customer\n"
        for i in range(60)
    ]
    head = "customer_id,age,property_valuation,purchases,tenure,job_industry,wealth_segment\n"
    return (head + "".join(rows)).encode()


ONE, OTHER = customers(20, 24, "Aviation"), customers(60, 36, "Forestry")
MARKS = {ONE: b"Aviation", OTHER: b"Forestry"}


def seen(answer: Answer) -> tuple[Any, ...]:
    """The figures and sentences of a page, and whose industry is named."""
    assert not answer.failed
    assert not answer.texts("exception")
    words = [one.body for one in answer.texts("markdown")]
    return answer.metrics, words, [mark for mark in MARKS.values() if mark in answer.raw]


def walked(visitor: Visitor, *ks: int) -> list[tuple[Any, ...]]:
    """What a visitor sees on all pages, under some numbers of segments."""
    found = []
    for k in ks:
        visitor.set("k", k)
        for page in PAGES:
            visitor.page = page
            found.append(seen(visitor.rerun()))
    visitor.page = ""
    return found


def test_visitors_with_files_of_one_name_size_and_shape_see_their_own_numbers() -> None:
    assert len(ONE) == len(OTHER)
    with serving(changed=ALIKE) as server, Visitor(server.port, QUERY) as one, Visitor(server.port, QUERY) as other:
        for visitor in (one, other):
            visitor.open()
        uploaded = {file: visitor.upload("uploads", NAME, file) for visitor, file in ((one, ONE), (other, OTHER))}
        assert [
            (answer.metrics["Total mass affluent"], answer.metrics["High potential"]) for answer in uploaded.values()
        ] == [("24", "24"), ("36", "0")]
        pages, others = walked(one, 3, 4), walked(other, 3, 4)
        assert [marks for *_, marks in pages] == [[MARKS[ONE]]] * len(pages)
        assert [marks for *_, marks in others] == [[MARKS[OTHER]]] * len(others)
        assert [page for page, mine, theirs in zip(PAGES * 2, pages, others, strict=True) if mine == theirs] == []
        assert walked(one, 3, 4) == pages
        assert server.errors == []


def test_a_new_session_under_an_open_page_says_what_is_lost_until_it_is_closed() -> None:
    with serving() as server, Visitor(server.port, QUERY) as before, Visitor(server.port, QUERY) as after:
        assert LOST not in [one.body for one in before.open().texts("alert")]
        before.set("k", 3)
        after.states = before.states  # as a browser sends them whose server was stopped
        assert LOST in [one.body for one in after.open().texts("alert")]
        after.page = "profiles"
        assert LOST in [one.body for one in after.rerun().texts("alert")]
        assert LOST not in [one.body for one in after.click("close_session_end").texts("alert")]
        assert LOST not in [one.body for one in before.rerun().texts("alert")]
