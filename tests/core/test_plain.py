"""Values against types: what is refused is said with its place, what was found, and what is allowed."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

import numpy as np
import pytest
from msgspec import Meta

from core.errors import RulesError
from core.plain import WrongError, check_fields, from_plain

Share = Annotated[float, Meta(ge=0, le=1)]


@dataclass(frozen=True)
class Part:
    share: Share
    ends: tuple[float, float] | None = None
    kind: Literal["small", "large"] = "small"


@dataclass(frozen=True)
class Whole:
    parts: Annotated[tuple[Part, ...], Meta(max_length=2)] = ()
    named: dict[str, Part] = field(default_factory=dict)
    counts: dict[str, Annotated[int, Meta(ge=0)]] = field(default_factory=dict)
    most: Annotated[int, Meta(le=9)] = 0
    day: date | None = None
    yes: bool = False
    any: Any = None

    def __post_init__(self):
        check_fields(self)


def test_plain_values_become_the_dataclass():
    value = {"parts": [{"share": 1, "ends": [0, 2]}], "counts": {"a": 1}, "day": "2026-01-31", "any": [{"x": None}]}
    assert from_plain(Whole, value) == Whole(
        (Part(1.0, (0.0, 2.0)),), counts={"a": 1}, day=date(2026, 1, 31), any=[{"x": None}]
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (3, "it is not a table of names and values but 3"),
        ({"part": 1}, "it has an unknown 'part'; known are parts, named, counts, most, day, yes, any"),
        ({"parts": [{"share": 1, "x": 1}]}, "“parts[0]” has an unknown 'x'; known are share, ends, kind"),
        ({"named": {"a": {"share": 1, "x": 1}}}, "“named.a” has an unknown 'x'; known are share, ends, kind"),
        ({"parts": [{}]}, "“parts[0]” lacks “share”"),
        ({"parts": [{"shar": 1}]}, "“parts[0]” has an unknown 'shar'; known are share, ends, kind"),
        ({"parts": [{"share": 2}]}, "“parts[0].share” is not a number from 0 to 1 but 2"),
        ({"parts": [{"share": "1"}]}, "“parts[0].share” is not a number from 0 to 1 but '1'"),
        ({"parts": [{"share": 1}] * 3}, "“parts” is not a list of at most 2 but one of 3"),
        ({"parts": [{"share": 1, "ends": [1]}]}, "“parts[0].ends” is not a list of 2 but one of 1"),
        ({"parts": [{"share": 1, "ends": [1, None]}]}, "“parts[0].ends[1]” is not a number but None"),
        ({"parts": [{"share": 1, "kind": "x - at `$.a`"}]}, "“parts[0].kind” is not one of small, large but 'x - at"),
        ({"parts": [{"share": 1, "kind": []}]}, "“parts[0].kind” is not one of small, large but a list"),
        ({"named": {"a": {"share": 1}, "b": {"share": -1}}}, "“named.b.share” is not a number from 0 to 1 but -1"),
        ({"counts": {"a": 1, "b" * 99: -1}}, f"“counts.{'b' * 40}…” is not a whole number of at least 0 but -1"),
        ({"most": 10**400}, "“most” is not a whole number of at most 9 but a very large one"),
        ({"most": True}, "“most” is not a whole number of at most 9 but True"),
        ({"day": "31/1/2026"}, "“day” is not a date such as 2026-01-31 but '31/1/2026'"),
        ({"yes": 1}, "“yes” is not true or false but 1"),
    ],
)
def test_what_a_type_does_not_allow_is_named(value, message):
    with pytest.raises(WrongError) as error:
        from_plain(Whole, value)
    assert str(error.value).startswith(message)


def test_what_the_program_makes_is_checked_by_the_same_types():
    assert Whole(most=np.int64(9)).most == 9
    with pytest.raises(RulesError) as error:
        Whole(most=10)
    assert str(error.value) == "“most” is not a whole number of at most 9 but 10. Choose another value."
