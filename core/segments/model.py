"""The frozen model as JSON: a few numbers and the settings they came from, never a pickle."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import sklearn

from core.rules import Rules
from core.segments.profile import Segments

# Enough digits to assign every customer alike, few enough to be the same on every processor.
DIGITS = 9


def to_dict(segments: Segments, rules: Rules, *, files: Sequence[str], digest: str, seed: int = 0) -> dict[str, Any]:
    """Features, scaling, centres (standardised units, by cluster), names, rules, seed, versions, input hash.

    `digest` is the SHA-256 over the contents of `files`.
    """
    return {
        "features": list(segments.features),
        "scaling": {"mean": _rounded(segments.mean), "standard_deviation": _rounded(segments.scale)},
        "centres": _rounded(segments.centres),
        "names": segments.names,
        "k": segments.k,
        "seed": seed,
        "rules": rules.to_dict(),
        "input": {"files": list(files), "sha256": digest},
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "pandas": pd.__version__},
    }


def _rounded(values: np.ndarray) -> list[Any]:
    return np.round(values, DIGITS).tolist()
