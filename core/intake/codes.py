"""Counting the codes of a column of categories."""

import numpy as np

from core.exact import counted


def code_counts(codes: np.ndarray, size: int) -> np.ndarray:
    """How many rows have each code from 0 to `size` − 1; a negative code, for a missing value, counts nowhere."""
    return counted(codes[codes >= 0] if codes.min(initial=0) < 0 else codes, size)
