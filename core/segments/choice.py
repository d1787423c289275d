"""What the segments are made from: which features, how each is scaled, whether outliers stand apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from core.errors import RulesError
from core.segments.scale import Scaling


@dataclass(frozen=True)
class FeatureChoice:
    """The analyst's choice of features.

    Parameters
    ----------
    names : tuple of str, optional
        Columns; None for the default ones (`features.default_features`).
    scaling : mapping of str to {"standard", "robust", "log"}
        How a feature is scaled, where not by mean and standard deviation.
    outliers : bool
        Whether customers with an unusual value (`scale.usual_range`) are a group of their own.
    """

    names: tuple[str, ...] | None = None
    scaling: Mapping[str, Scaling] = field(default_factory=dict, hash=False)
    outliers: bool = False

    def __post_init__(self) -> None:
        for name, scaling in self.scaling.items():
            if scaling not in get_args(Scaling):
                raise RulesError(
                    f"“{scaling}” is not a scaling, asked for {name}.", f"Use one of {', '.join(get_args(Scaling))}."
                )

    @classmethod
    def of(cls, features: "FeatureChoice | Sequence[str] | None") -> "FeatureChoice":
        """A choice, or just the names of one."""
        if isinstance(features, FeatureChoice):
            return features
        return cls(None if features is None else tuple(features))

    @classmethod
    def parse(cls, text: str, *, outliers: bool = False) -> "FeatureChoice":
        """`"age,balance:log"` → the features age and, by its logarithm, balance; an empty text is the default."""
        pairs = [part.strip().partition(":") for part in text.split(",") if part.strip()]
        names = tuple(name.strip() for name, _, _ in pairs)
        return cls(names or None, {name.strip(): scaling.strip() for name, _, scaling in pairs if scaling}, outliers)
