"""A stream of a compound file, the container of Excel workbooks before 2007. See Microsoft's [MS-CFB]."""

import struct

import numpy as np

HEADER, ENTRY = 512, 128  # bytes
MINI_FROM = 76  # where the header lists the sectors of the allocation table
MINI_LIMIT = 4096  # bytes; shorter streams lie in small sectors of the root's stream
MINI_SECTOR = 64
FIRST_MARK = 0xFFFFFFFA  # numbers from here on are marks, not sectors


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
    table = _allocation_table(content, size)
    first = struct.unpack_from("<I", content, 48)[0]
    directory = _joined(content[size:], _sectors_from(table, first), size)
    entries = [directory[at : at + ENTRY] for at in range(0, len(directory) - ENTRY + 1, ENTRY)]
    streams = {_name(entry): struct.unpack_from("<II", entry, 116) for entry in entries if entry[66] in (2, 5)}
    start, length = next((streams[name] for name in names if name in streams), (0, -1))
    if length < 0:
        return None
    if length >= MINI_LIMIT:
        return _joined(content[size:], _sectors_from(table, start), size)[:length]
    small = _joined(content[size:], _sectors_from(table, streams["Root Entry"][0]), size)
    minis = np.frombuffer(
        _joined(content[size:], _sectors_from(table, struct.unpack_from("<I", content, 60)[0]), size), "<u4"
    )
    return _joined(small, _sectors_from(minis, start), MINI_SECTOR)[:length]


def _name(entry: bytes) -> str:
    return entry[: max(0, min(64, struct.unpack_from("<H", entry, 64)[0]) - 2)].decode("utf-16-le", "replace")


def _allocation_table(content: bytes, size: int) -> np.ndarray:
    """The successor of each sector."""
    sectors = [sector for sector in struct.unpack_from("<109I", content, MINI_FROM) if sector < FIRST_MARK]
    more = struct.unpack_from("<I", content, 68)[0]
    for _ in range(len(content) // size):
        if more >= FIRST_MARK:
            break
        *listed, more = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        sectors += [sector for sector in listed if sector < FIRST_MARK]
    if len(sectors) > len(content) // size:
        raise ValueError("the allocation table is longer than the file")
    return np.frombuffer(b"".join(content[(sector + 1) * size : (sector + 2) * size] for sector in sectors), "<u4")


def _sectors_from(table: np.ndarray, first: int) -> list[int]:
    """The sectors of a stream, which must not go round in a circle."""
    sectors, following = [], table.tolist()
    while first < FIRST_MARK:
        sectors.append(first)
        if len(sectors) > len(following):
            raise ValueError("the sectors go round in a circle")
        first = following[first]
    return sectors


def _joined(content: bytes, sectors: list[int], size: int) -> bytes:
    return b"".join(content[sector * size : (sector + 1) * size] for sector in sectors)
