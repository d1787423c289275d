"""The clustering methods there are, by key: the one place where a method is added."""

from typing import Final

from core.errors import DataError
from core.segments.clusterer import Clusterer, Clustering
from core.segments.kmeans import KMEANS

CLUSTERERS: Final[dict[str, Clusterer]] = {}
DEFAULT: Final = KMEANS.key


def register(clusterer: Clusterer) -> None:
    """Add a method.

    Raises
    ------
    TypeError
        It lacks something that every method has, or another method has its key.
    """
    if not isinstance(clusterer, Clusterer):
        raise TypeError(f"{clusterer!r} is no Clusterer (core/segments/clusterer.py)")
    if clusterer.key in CLUSTERERS:
        raise TypeError(f"Two clustering methods have the key “{clusterer.key}”")
    CLUSTERERS[clusterer.key] = clusterer


def clusterer_of(key: str) -> Clusterer:
    """The method of this key.

    Raises
    ------
    DataError
        There is none; the message names those there are.
    """
    if key not in CLUSTERERS:
        raise DataError(f"“{key}” is not a clustering method.", f"Use one of {', '.join(CLUSTERERS)}.")
    return CLUSTERERS[key]


def label_of(clustering: Clustering) -> str:
    """The name of a clustering's method in a sentence."""
    return clusterer_of(clustering.method).label


register(KMEANS)
