"""Dataclasses as plain values of JSON, and back, every value checked against its field's type."""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class WrongError(Exception):
    """A value that is not what its place asks for; the message says which place."""


def to_plain(value: Any) -> Any:
    """A dataclass of texts, numbers and such dataclasses as JSON can hold it."""
    return asdict(value)


def from_plain(kind: type[T], value: Any, place: str = "the summary") -> T:
    """The dataclass that `to_plain` made into these values.

    Raises
    ------
    WrongError
        A part is missing, unknown, or of another type.
    """
    return _read(kind, value, place)


def _read(kind: Any, value: Any, place: str) -> Any:
    if is_dataclass(kind):
        return _dataclass(kind, value, place)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        some = next(one for one in inner if one is not NoneType)
        return None if value is None else _read(some, value, place)
    if origin is Literal:
        return _one_of(inner, value, place)
    if origin is tuple:
        items = enumerate(_typed(list, value, place))
        return tuple(_read(inner[0], item, f"{place}, {i}") for i, item in items)
    if origin in (dict, Mapping):
        return {name: _read(inner[1], item, f"{place}, {name}") for name, item in _typed(dict, value, place).items()}
    return _typed(kind, value, place)


def _dataclass(kind: Any, value: Any, place: str) -> Any:
    given, hints = _typed(dict, value, place), get_type_hints(kind)
    known = {one.name: one for one in fields(kind)}
    if unknown := sorted(set(given) - set(known)):
        raise WrongError(f"{place} has an unknown “{unknown[0][:40]}”")
    needed = {name for name, one in known.items() if one.default is MISSING and one.default_factory is MISSING}
    if lacking := sorted(needed - set(given)):
        raise WrongError(f"{place} lacks “{lacking[0]}”")
    return kind(**{name: _read(hints[name], item, f"{place}, {name}") for name, item in given.items()})


def _one_of(known: tuple[Any, ...], value: Any, place: str) -> Any:
    if value not in known:
        raise WrongError(f"{place} is none of {', '.join(map(str, known))}")
    return value


def _typed(kind: type, value: Any, place: str) -> Any:
    """The value, a whole number where a float is asked for as a float; a bool is no number."""
    if kind is float and type(value) is int and abs(value) < 2**53:
        return float(value)
    if type(value) is not kind or (kind is int and not -(2**63) <= value < 2**63):
        raise WrongError(f"{place} is not a {kind.__name__}")
    return value
