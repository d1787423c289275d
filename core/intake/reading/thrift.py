"""Read structs of Thrift's compact protocol, used by Parquet's headers: field number → value, without texts.

See https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md.
"""

from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, STRUCT = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12
DEPTH = 10  # structs in each other; Parquet's have five


def read_struct(content: bytes, at: int, depth: int = 0) -> tuple[dict[int, Any], int]:
    """The fields of the struct at a position, and where it ends.

    Raises
    ------
    ValueError, LookupError
        There is none.
    """
    fields, field = {}, 0
    while byte := content[at]:
        at, step, kind = at + 1, byte >> 4, byte & 15
        if not step:
            field, at = _integer(content, at)
        field += step
        fields[field], at = (kind == TRUE, at) if kind in (TRUE, FALSE) else _value(content, at, kind, depth)
    return fields, at + 1


def _value(content: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in (I16, I32, I64):
        return _integer(content, at)
    if kind == BINARY:
        length, at = _varint(content, at)
        return None, at + length
    if kind in (TRUE, FALSE, BYTE):
        return content[at], at + 1
    if kind == DOUBLE:
        return None, at + 8
    if kind in (LIST, SET):
        return _list(content, at, depth)
    if kind == STRUCT and depth < DEPTH:
        return read_struct(content, at, depth + 1)
    raise ValueError("a header is damaged")


def _list(content: bytes, at: int, depth: int) -> tuple[list[Any], int]:
    if depth > DEPTH:
        raise ValueError("a header is damaged")
    items, (length, kind), at = [], divmod(content[at], 16), at + 1
    if length == 15:
        length, at = _varint(content, at)
    for _ in range(length):  # each takes a byte at least
        item, at = _value(content, at, kind, depth + 1)
        items.append(item)
    return items, at


def _integer(content: bytes, at: int) -> tuple[int, int]:
    number, at = _varint(content, at)
    return (number >> 1) ^ -(number & 1), at


def _varint(content: bytes, at: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, 64, 7):
        byte = content[at]
        number, at = number | (byte & 127) << shift, at + 1
        if byte < 128:
            return number, at
    raise ValueError("a header is damaged")
