"""Whether a text is quoted so regularly that every parser finds the same cells in it."""

from collections.abc import Iterator

import numpy as np

CHUNK_BYTES = 1 << 20  # bytes per chunk, up to the next line end


def regularly_quoted(text: bytes, delimiter: str, quote: str) -> bool:
    """Whether quotes stand only at both edges of a cell, or doubled inside one, and no line ends between them.

    Then every second quote closes what the one before has opened; a doubled one closes and opens again.
    """
    edges = np.frombuffer(f"{delimiter}{quote}\r\n".encode(), "uint8")
    return all(_regular(np.frombuffer(chunk, "uint8"), edges, ord(quote)) for chunk in _chunks(text))


def _regular(data: np.ndarray, edges: np.ndarray, quote: int) -> bool:
    quotes = np.flatnonzero(data == quote)
    ends = np.flatnonzero((data == ord("\n")) | (data == ord("\r")))
    outside = np.concatenate([quotes[::2] - 1, quotes[1::2] + 1])
    return (
        len(quotes) % 2 == 0
        and bool(np.isin(data[outside], edges).all())
        and not (np.searchsorted(quotes, ends) % 2).any()
    )


def _chunks(text: bytes) -> Iterator[bytes]:
    r"""The text in chunks of whole lines, each between two \n."""
    start = 0
    while start < len(text):
        stop = text.find(b"\n", start + CHUNK_BYTES) + 1 or len(text)
        yield b"\n" + text[start:stop] + b"\n"
        start = stop
