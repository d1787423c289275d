"""A saved model read back, every part of it checked: a file from somewhere else runs nothing and breaks nothing."""

from collections.abc import Callable
from typing import Any, NoReturn, get_args

import numpy as np

from core.errors import DataError
from core.files import read_json
from core.rules import from_dict as rules_from_dict
from core.schema import NO_SEGMENT
from core.segments.choose_k import MOST_K
from core.segments.features import Feature
from core.segments.model import FORMAT, VERSION, Model
from core.segments.scale import LARGEST, SMALLEST, Scale, Scaling

MOST_BYTES = 10 * 2**20  # a model of thirty segments and a hundred features has less than one per cent of it
MOST_CUSTOMERS = 10**12
LEAST_SPREAD = SMALLEST**2  # values that differ by next to nothing have a spread far below themselves
SEEDS = 2**32
REMEDY = "Use a model.json that this program saved."


class ModelError(DataError):
    """The file is not a saved model, or one that was changed."""


def read_model(content: bytes, file: str = "model.json") -> Model:
    """The model in a JSON file.

    Raises
    ------
    ModelError
        It is no such file; the message says what is wrong and where.
    """
    if len(content) > MOST_BYTES:
        raise ModelError("This is too large for a model.", REMEDY, file=file)
    try:
        document = read_json(content)
    except ValueError:
        raise ModelError("This is not JSON.", REMEDY, file=file) from None
    return from_dict(document, file)


def from_dict(document: Any, file: str = "model.json") -> Model:
    """The model of plain values (`Model.to_dict`).

    Raises
    ------
    ModelError
        A part is missing, of another type or shape, or no finite number.
    """
    try:
        if _get(document, "format", str) != FORMAT or _get(document, "version", _whole) != VERSION:
            _wrong("format", f"“{FORMAT}”, version {VERSION}")
        return _model(document, file)
    except _WrongError as error:
        raise ModelError(f"This is not a saved model: {error}.", REMEDY, file=file) from None


class _WrongError(Exception):
    """What is wrong with a part of the document."""


def _model(document: dict[str, Any], file: str) -> Model:
    details = tuple(_feature(item) for item in _get(document, "features", list))
    _unique([feature.name for feature in details], "features")
    segments = _get(document, "segments", list)
    centres = [_numbers(_get(item, "centre", list), "centre", len(details)) for item in segments]
    labels = [_get(item, "cluster", str) for item in segments]
    if labels != [str(number) for number in range(1, len(labels) + 1)] or _get(document, "k", _whole) != len(labels):
        _wrong("segments", "numbered from 1 to k")
    if len(labels) > MOST_K:
        _wrong("segments", f"a list of at most {MOST_K}")
    if labels and not details:
        _wrong("features", "a list of at least one")
    others = {label: _count(size) for label, size in _get(document, "others", dict).items()}
    if set(others) - {*NO_SEGMENT}:
        _wrong("others", f"counts of {' and '.join(NO_SEGMENT)}")
    source = _get(document, "input", dict)
    return Model(
        details,
        np.reshape(np.array(centres, "float64"), (len(labels), len(details))),
        dict(zip(labels, (_get(item, "name", str) for item in segments), strict=True)),
        dict(zip(labels, (_get(item, "customers", _count) for item in segments), strict=True)) | others,
        rules_from_dict(_get(document, "rules", dict), file=file),
        dict(zip(labels, (_get(item, "colour", str) for item in segments), strict=True)),
        _get(document, "numbered_by", str),
        _get(document, "seed", _seed),
        tuple(_texts(_get(source, "files", list))),
        _get(source, "sha256", str),
        {name: _typed(text, "versions", str) for name, text in _get(document, "versions", dict).items()},
        _get(document, "structure", str),
    )


def _feature(item: Any) -> Feature:
    scaling = _get(item, "scaling", str)
    if scaling not in get_args(Scaling):
        _wrong("scaling", f"one of {', '.join(get_args(Scaling))}")
    spread, deviation = _get(item, "spread", _number), _get(item, "deviation", _number)
    if min(spread, deviation) < LEAST_SPREAD:
        _wrong("spread", f"a number of at least {LEAST_SPREAD:g}")
    usual = item.get("usual")
    edges = tuple(_numbers(_get(item, "edges", list), "edges"))
    counts = tuple(_count(size) for size in _get(item, "counts", list))
    if list(edges) != sorted(set(edges)) or len(counts) != len(edges) + 1:
        _wrong("edges", "rising, with one count more than there are edges")
    return Feature(
        _get(item, "name", str),
        Scale(scaling, _get(item, "centre", _number), spread),  # type: ignore[arg-type]
        _get(item, "mean", _number),
        deviation,
        _range(_get(item, "seen", list), "seen"),
        None if usual is None else _range(_typed(usual, "usual", list), "usual"),
        edges,
        counts,
        _get(item, "missing", _count),
        _get(item, "yes_no", bool),
    )


def _get(item: Any, name: str, kind: type | Callable[[Any], Any]) -> Any:
    if not isinstance(item, dict) or name not in item:
        raise _WrongError(f"there is no “{name}”")
    return _typed(item[name], name, kind)


def _typed(value: Any, name: str, kind: type | Callable[[Any], Any]) -> Any:
    if not isinstance(kind, type):
        return kind(value)
    if not isinstance(value, kind):
        _wrong(name, {str: "a text", list: "a list", dict: "an object", bool: "true or false"}[kind])
    return value


def _number(value: Any) -> float:
    # Compared first: a whole number of JSON has any length, and a float cannot hold it.
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST <= value <= LARGEST:
        _wrong(repr(value)[:40], f"a finite number of at most {LARGEST:g}")
    return float(value)


def _whole(value: Any) -> int:
    if not _number(value).is_integer():
        _wrong(repr(value)[:40], "a whole number")
    return int(value)


def _count(value: Any) -> int:
    if not 0 <= _whole(value) <= MOST_CUSTOMERS:
        _wrong(repr(value)[:40], "a count")
    return int(value)


def _seed(value: Any) -> int:
    if not 0 <= _whole(value) < SEEDS:
        _wrong(repr(value)[:40], "a seed")
    return int(value)


def _numbers(values: list[Any], name: str, length: int | None = None) -> list[float]:
    if length is not None and len(values) != length:
        _wrong(name, f"a list of {length} numbers")
    return [_number(value) for value in values]


def _range(values: list[Any], name: str) -> tuple[float, float]:
    low, high = _numbers(values, name, 2)
    if low > high:
        _wrong(name, "the lowest and the highest value")
    return low, high


def _texts(values: list[Any]) -> list[str]:
    return [_typed(value, "files", str) for value in values]


def _unique(names: list[str], part: str) -> None:
    if len(set(names)) < len(names):
        _wrong(part, "different")


def _wrong(name: str, expected: str) -> NoReturn:
    raise _WrongError(f"“{name}” is not {expected}")
