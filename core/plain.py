"""Values from outside → dataclasses: msgspec checks each value against the type of its field, bounds included.

`Annotated[int, Meta(ge=0, le=150)]` is all that a field declares. What msgspec refuses is said here in words: the
place, what was found there, and what is allowed.
"""

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Final, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
import numpy as np
from msgspec import inspect

from core.errors import RulesError

T = TypeVar("T")
LONGEST: Final = 40  # characters of a wrong value or name in a message
TABLE: Final = "a table of names and values"
WORDS: Final[dict[type, str]] = {
    inspect.StrType: "a text",
    inspect.IntType: "a whole number",
    inspect.FloatType: "a number",
    inspect.BoolType: "true or false",
    inspect.VarTupleType: "a list",
    inspect.DateType: "a date such as 2026-01-31",
}
BOUNDS: Final = (("ge", "min_length"), ("le", "max_length"))
PATH: Final = re.compile(r" - at `\$((?:\.\w+|\[(?:\d+|\.{3})\])+)`$")  # at the end of msgspec's messages
STEP: Final = re.compile(r"\.(\w+)|\[(\d+|\.{3})\]")
LACKING: Final = re.compile(r"Object missing required field `(\w+)`")


class WrongError(Exception):
    """A value that is not what its place asks for; the message says which place, and what was found there."""


def from_plain(kind: type[T], value: Any, place: str = "", *, strict: bool = True) -> T:
    """The dataclass of texts, numbers, dates, lists and such dataclasses that plain values stand for (`asdict`).

    A default stays in the class: `vars` of the dataclass lacks it, `asdict` has it. Not `strict`: a text may stand
    for a number, as in CSV.

    Raises
    ------
    WrongError
        A part is missing, unknown, of another type, or out of its bounds.
    """
    try:
        made = msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        _refuse(kind, value, place, str(error))
    _refuse_unknown(value, made, place)
    return made


def check_fields(made: object) -> None:
    """Refuse a dataclass that has a value which the type of its field does not allow, whoever made it.

    Raises
    ------
    RulesError
        It has one.
    """
    for name, kind in get_type_hints(type(made), include_extras=True).items():
        value = getattr(made, name)
        try:
            from_plain(kind, value.item() if isinstance(value, np.generic) else value, name)
        except WrongError as error:
            raise RulesError(f"{error}.", "Choose another value.") from None


def shown(value: Any) -> str:
    """A value from outside as a message has it; a list or table, which can be of any size, by its kind alone."""
    if isinstance(value, dict | list | tuple):
        return TABLE if isinstance(value, dict) else "a list"
    if isinstance(value, int) and abs(value) >= 2**63:  # it may have more digits than Python writes
        return "a very large one"
    text = repr(value) if isinstance(value, str | float) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _refuse(kind: Any, value: Any, place: str, message: str) -> NoReturn:
    """Put msgspec's message into words: its path leads to the value, and to the type that is asked for."""
    path = PATH.search(message)
    for name, index in STEP.findall(path[1] if path else ""):
        whole = _bare(kind)
        inner = get_args(whole)
        if name:
            kind, value, place = get_type_hints(whole, include_extras=True)[name], value[name], _below(place, name)
        elif index.isdigit():
            at = int(index)
            kind, value, place = inner[0 if inner[-1] is Ellipsis else at], value[at], f"{place}[{at}]"
        else:  # a value of a table: msgspec does not say which
            for key, item in value.items():
                from_plain(inner[1], item, _below(place, key))
    whole = _bare(kind)
    if is_dataclass(whole) and (lacking := LACKING.match(message)):
        _refuse_other_than(get_type_hints(whole), value, place)
        raise WrongError(f"{_named(place)} lacks “{lacking[1]}”")
    expected = _expected(kind)
    counted = isinstance(value, list) and expected.startswith("a list of")
    found = f"one of {len(value):,}" if counted else shown(value)
    raise WrongError(f"{_named(place)} is not {expected} but {found}")


def _refuse_unknown(given: Any, made: Any, place: str) -> None:
    """Refuse a name that is no field of what was made of a value: msgspec passes over those of a dataclass."""
    if isinstance(given, dict):
        parts = {one.name: getattr(made, one.name) for one in fields(made)} if is_dataclass(made) else made
        _refuse_other_than(parts, given, place)
        for name, item in given.items():
            _refuse_unknown(item, parts[name], _below(place, name))
    elif isinstance(given, list):
        for at, item in enumerate(given):
            _refuse_unknown(item, made[at], f"{place}[{at}]")


def _refuse_other_than(known: Iterable[str], given: Iterable[str], place: str) -> None:
    if unknown := sorted({*given}.difference(known)):
        raise WrongError(f"{_named(place)} has an unknown {shown(unknown[0])}; known are {', '.join(known)}")


def _expected(kind: Any) -> str:
    """What a type allows."""
    info: Any = inspect.type_info(kind)
    if isinstance(info, inspect.UnionType):
        info = next(one for one in info.types if not isinstance(one, inspect.NoneType))
    if isinstance(info, inspect.LiteralType):  # whose values are sorted
        return f"one of {', '.join(map(str, get_args(_bare(kind))))}"
    if isinstance(info, inspect.TupleType):
        return f"a list of {len(info.item_types)}"
    limits = [getattr(info, name, getattr(info, other, None)) for name, other in BOUNDS]
    words = ("of at least", "of at most") if None in limits else ("from", "to")
    bounds = (f" {word} {limit:,.15g}" for word, limit in zip(words, limits, strict=True) if limit is not None)
    return WORDS.get(type(info), TABLE) + "".join(bounds)


def _bare(kind: Any) -> Any:
    """The type of a value that is there, without its bounds."""
    while get_origin(kind) in (Annotated, Union, UnionType):
        kind = next(one for one in get_args(kind) if one is not NoneType)
    return kind


def _below(place: str, name: str) -> str:
    name = name if len(name) <= LONGEST else f"{name[:LONGEST]}…"
    return f"{place}.{name}" if place else name


def _named(place: str) -> str:
    return f"“{place}”" if place else "it"
