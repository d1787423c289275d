"""Values from outside → dataclasses, every value checked against its field's type."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, Literal, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
LARGEST: Final = 1e300  # of a number: far from where a float becomes infinite
WHOLE: Final = 2**53  # whole numbers up to here have a float of their own
LONGEST: Final = 40  # characters of a wrong value or name in a message
WORDS: Final = {
    str: "a text",
    int: "a whole number",
    float: "a finite number",
    bool: "true or false",
    list: "a list",
    dict: "a table of names and values",
    date: "a date such as 2026-01-31",
}


class WrongError(Exception):
    """A value that is not what its place asks for; the message says which place, and what was found there."""


def from_plain(kind: type[T], value: Any, place: str = "") -> T:
    """The dataclass of texts, numbers, dates, lists and such dataclasses that plain values stand for (`asdict`).

    Raises
    ------
    WrongError
        A part is missing, unknown, or of another type.
    """
    if kind is Any:
        return value
    if is_dataclass(kind):
        return _dataclass(kind, value, place)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        some = next(one for one in inner if one is not NoneType)
        return None if value is None else from_plain(some, value, place)
    if origin is Literal:
        return _one_of(inner, value, place)
    if origin is tuple:
        items = _typed(list, value, place)
        kinds = inner[:1] * len(items) if inner[-1] is Ellipsis else inner
        if len(kinds) != len(items):
            wrong(place, f"a list of {len(kinds)}", value)
        return tuple(from_plain(each, items[i], f"{place}[{i}]") for i, each in enumerate(kinds))
    if origin in (dict, Mapping):
        items = _typed(dict, value, place).items()
        return {name: from_plain(inner[1], item, _below(place, name)) for name, item in items}
    return _typed(kind, value, place)


def wrong(place: str, expected: str, found: Any) -> NoReturn:
    """Refuse a value.

    Raises
    ------
    WrongError
        Always.
    """
    raise WrongError(f"{_named(place)} is not {expected} but {shown(found)}")


def shown(value: Any) -> str:
    """A value from outside as a message has it; a list or table, which can be of any size, by its kind alone."""
    if isinstance(value, dict | list):
        return WORDS[type(value)]
    if isinstance(value, int) and abs(value) >= 2**63:  # it may have more digits than Python writes
        return "a very large one"
    text = repr(value) if isinstance(value, str | float) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _dataclass(kind: Any, value: Any, place: str) -> Any:
    given, known = _typed(dict, value, place), _fields(kind)
    if unknown := sorted(set(given) - set(known)):
        raise WrongError(f"{_named(place)} has an unknown {shown(unknown[0])}; known are {', '.join(known)}")
    if lacking := [name for name, (_, needed) in known.items() if needed and name not in given]:
        raise WrongError(f"{_named(place)} lacks “{lacking[0]}”")
    return kind(**{name: from_plain(known[name][0], item, _below(place, name)) for name, item in given.items()})


@cache
def _fields(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Name → type, and whether it has no default."""
    hints = get_type_hints(kind)
    return {
        one.name: (hints[one.name], one.default is MISSING and one.default_factory is MISSING) for one in fields(kind)
    }


def _one_of(known: Sequence[Any], value: Any, place: str) -> Any:
    if not isinstance(value, str) or value not in known:
        wrong(place, f"one of {', '.join(map(str, known))}", value)
    return value


def _typed(kind: type, value: Any, place: str) -> Any:
    """The value; a float where a number is asked for, a whole number where it may be written as a float."""
    if kind is date:
        return _date(value, place)
    if kind is float and type(value) is int and abs(value) <= LARGEST:
        return float(value)
    if kind is int and type(value) is float and value.is_integer() and abs(value) <= WHOLE:
        return int(value)
    beyond = (kind is int and not -(2**63) <= value < 2**63) if type(value) is int else False
    if type(value) is not kind or beyond or (kind is float and not abs(value) <= LARGEST):
        wrong(place, WORDS[kind], value)
    return value


def _date(value: Any, place: str) -> date:
    try:  # isoformat first: a TOML date with a time of day is no date
        return date.fromisoformat(value.isoformat() if isinstance(value, date) else value)
    except (TypeError, ValueError):
        wrong(place, WORDS[date], value)


def _below(place: str, name: str) -> str:
    name = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
    return f"{place}.{name}" if place else name


def _named(place: str) -> str:
    return f"“{place}”" if place else "it"
