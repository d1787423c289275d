"""The clustering methods there are, by key: the one place where a method is added."""

from dataclasses import replace
from typing import Final

from core.errors import DataError
from core.registry import Registry
from core.segments.choice import FeatureChoice
from core.segments.clusterer import Clusterer, Clustering, TakesCategories
from core.segments.default_features import DefaultFeatures
from core.segments.kmeans import KMEANS
from core.segments.latent import LATENT

CLUSTERERS: Final[Registry[Clusterer]] = Registry("a clustering method", Clusterer)
DEFAULT: Final = KMEANS.key
WITH_CATEGORIES: Final = LATENT.key  # the default where categories are features
AUTO: Final = "auto"  # in place of a key: the data decide
DEFAULT_CLUSTERER: Final[Clusterer] = KMEANS


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


def choice_for(clusterer: Clusterer, choice: FeatureChoice) -> FeatureChoice:
    """A choice of features as a method takes them: with categories or without."""
    return replace(choice, categories=isinstance(clusterer, TakesCategories))


def default_method(defaults: DefaultFeatures) -> str:
    """The key of the method unless the analyst picks one: k-means where its usual features are, or no category is."""
    return DEFAULT if defaults.usual or not defaults.categories else WITH_CATEGORIES


def label_of(clustering: Clustering) -> str:
    """The name of a clustering's method in a sentence."""
    return clusterer_of(clustering.method).label


CLUSTERERS.add(KMEANS)
CLUSTERERS.add(LATENT)
