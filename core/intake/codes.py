"""Counting the codes of a column of categories."""

import numpy as np

BYTES = 1 << 8


def code_counts(codes: np.ndarray, size: int) -> np.ndarray:
    """How many rows have each code from 0 to `size` − 1; a negative code, for a missing value, counts nowhere.

    Many codes of one byte are counted two at a time, as the numbers that two bytes make: half the time.
    """
    if codes.dtype != "int8" or len(codes) < BYTES * BYTES:
        return np.bincount(codes[codes >= 0] if codes.min(initial=0) < 0 else codes, minlength=size)
    even = len(codes) // 2 * 2
    pairs = np.bincount(np.ascontiguousarray(codes[:even]).view("uint16"), minlength=BYTES * BYTES)
    pairs = pairs.reshape(BYTES, BYTES)
    last = np.bincount(codes[even:].view("uint8"), minlength=BYTES)
    return (pairs.sum(axis=0) + pairs.sum(axis=1) + last)[:size]
