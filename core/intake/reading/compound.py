"""A stream of a compound file, the container of Excel workbooks before 2007. See Microsoft's [MS-CFB]."""

import struct

import numpy as np

HEADER, ENTRY = 512, 128  # bytes
MINI_FROM = 76  # where the header lists the sectors of the allocation table
MINI_LIMIT = 4096  # bytes; shorter streams lie in small sectors of the root's stream
MINI_SECTOR = 64
LAST = 0xFFFFFFFA  # numbers from here on are marks, not sectors


def stream(content: bytes, names: tuple[str, ...]) -> bytes | None:
    """The first stream with one of some names, None if there is none.

    Raises
    ------
    ValueError, LookupError, struct.error
        The file is damaged.
    """
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    if size not in (512, 4096):
        raise ValueError("no size of a sector")
    table = _table(content, size)
    first = struct.unpack_from("<I", content, 48)[0]
    folder = _joined(content[size:], _chain(table, first), size)
    entries = [folder[at : at + ENTRY] for at in range(0, len(folder) - ENTRY + 1, ENTRY)]
    found = {_name(entry): struct.unpack_from("<II", entry, 116) for entry in entries if entry[66] in (2, 5)}
    start, length = next((found[name] for name in names if name in found), (0, -1))
    if length < 0:
        return None
    if length >= MINI_LIMIT:
        return _joined(content[size:], _chain(table, start), size)[:length]
    small = _joined(content[size:], _chain(table, found["Root Entry"][0]), size)
    minis = np.frombuffer(_joined(content[size:], _chain(table, struct.unpack_from("<I", content, 60)[0]), size), "<u4")
    return _joined(small, _chain(minis, start), MINI_SECTOR)[:length]


def _name(entry: bytes) -> str:
    return entry[: max(0, min(64, struct.unpack_from("<H", entry, 64)[0]) - 2)].decode("utf-16-le", "replace")


def _table(content: bytes, size: int) -> np.ndarray:
    """For each sector, the one that comes after it."""
    sectors = [one for one in struct.unpack_from("<109I", content, MINI_FROM) if one < LAST]
    more = struct.unpack_from("<I", content, 68)[0]
    for _ in range(len(content) // size):
        if more >= LAST:
            break
        *listed, more = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        sectors += [one for one in listed if one < LAST]
    if len(sectors) > len(content) // size:
        raise ValueError("the allocation table is longer than the file")
    return np.frombuffer(b"".join(content[(one + 1) * size : (one + 2) * size] for one in sectors), "<u4")


def _chain(table: np.ndarray, first: int) -> list[int]:
    """The sectors of a stream, which must not go round in a circle."""
    found, following = [], table.tolist()
    while first < LAST:
        found.append(first)
        if len(found) > len(following):
            raise ValueError("the sectors go round in a circle")
        first = following[first]
    return found


def _joined(content: bytes, sectors: list[int], size: int) -> bytes:
    return b"".join(content[one * size : (one + 1) * size] for one in sectors)
