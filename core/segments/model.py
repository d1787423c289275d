"""The frozen model as JSON: a few numbers and the settings they came from, never a pickle."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, get_args

import numpy as np
import pandas as pd
import sklearn

from core.rules import DateOrder, DecimalMark, Rules
from core.schema import NOT_CLUSTERED, OUTLIERS, Column
from core.segments.category_features import CategoryFeature
from core.segments.certainty import Calibration
from core.segments.clusterer import Clustering
from core.segments.features import Feature
from core.segments.profile import Segments
from core.segments.registry import DEFAULT
from core.wealth import Wealth

# What a field of a feature is called in the file, where it has another name there.
WRITTEN = {"training_range": "seen", "inlier_range": "usual"}
FORMAT, VERSION = "customer segments", 1


@dataclass(frozen=True)
class Model:
    """All it takes to give other customers the same segments.

    `clustering` has the segments in the order of their numbers; `names` and `colours` go by label; `sizes`
    counts the customers it was made from by label, those without a segment included. `digest` is the SHA-256 over the
    contents of `files`, `structure` the verdict on how natural the segments are. `columns` says which column each
    header of the files became, `roles` what it was taken for. `wealth` is what told the wealthy (None in a model of
    before), `country` where the customers are, `decided` how dates and numbers were read, by column. `categories` are
    features beside the numbers of `feature_specs`. `certainty` tells by the margin how sure a segment is (None in a
    model of before).
    """

    feature_specs: tuple[Feature, ...]
    clustering: Clustering
    names: dict[str, str]
    sizes: dict[str, int]
    rules: Rules
    colours: dict[str, str] = field(default_factory=dict)
    numbered_by: str = ""
    seed: int = 0
    files: tuple[str, ...] = ()
    digest: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    structure: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    wealth: Wealth | None = None
    country: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    decided: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[CategoryFeature, ...] = ()
    certainty: Calibration | None = None

    @property
    def reading_rules(self) -> Rules:
        """The rules by which other files are read as those were that the model was made from: each header has its role.

        What the analyst chose comes first.
        """
        intake = self.rules.intake
        return replace(self.rules, intake=replace(intake, columns={**self.roles, **intake.columns}))

    def settled(self, rules: Rules) -> Rules:
        """The rules, with the date order and decimal mark of the model's own files where they leave these open.

        For files that do not tell them. What the columns of the model's files disagree on stays open.
        """
        found = {*self.decided.values()}
        orders = [one for one in get_args(DateOrder) if one.replace("_", " ") in found]
        marks = [one for one in get_args(DecimalMark) if f"decimal {one}" in found]
        intake = rules.intake
        if intake.date_order == "auto" and len(orders) == 1:
            intake = replace(intake, date_order=orders[0])
        if intake.decimal_mark == "auto" and len(marks) == 1:
            intake = replace(intake, decimal_mark=marks[0])
        return replace(rules, intake=intake)

    @property
    def k(self) -> int:
        """Number of segments."""
        return len(self.clustering.means)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; `model_file.read_model` reads them back to an equal model."""
        written = self.clustering.to_dict()
        shared = {name: value for name, value in written.items() if name != "segments"}
        method = self.clustering.method
        return {
            "format": FORMAT,
            "version": VERSION,
            "k": self.k,
            "features": [_plain(feature) for feature in self.feature_specs],
            "segments": [
                {
                    "cluster": label,
                    "name": name,
                    "colour": self.colours.get(label, ""),
                    "customers": self.sizes[label],
                    **one,
                }
                for (label, name), one in zip(self.names.items(), written["segments"], strict=True)
            ],
            "others": {label: size for label, size in self.sizes.items() if label not in self.names},
            "numbered_by": self.numbered_by,
            "structure": self.structure,
            "seed": self.seed,
            "rules": self.rules.to_dict(),
            "input": {"files": list(self.files), "sha256": self.digest},
            "versions": self.versions,
            "columns": dict(self.columns),
            "geography": {"country": self.country},
            **({"categories": [_category(one) for one in self.categories]} if self.categories else {}),
            **({"certainty": [asdict(one) for one in self.certainty]} if self.certainty else {}),
            **({"roles": dict(self.roles)} if self.roles else {}),
            **({"decided": dict(self.decided)} if self.decided else {}),
            **({} if self.wealth is None else {"wealth": asdict(self.wealth)}),
        } | ({} if method == DEFAULT else {"method": method, "clustering": shared})


def freeze(
    segments: Segments,
    rules: Rules,
    *,
    files: Sequence[str],
    digest: str,
    seed: int = 0,
    colours: Mapping[str, str] | None = None,
    structure: str = "",
    columns: Mapping[str, str] | None = None,
    described: Sequence[Column] = (),
    wealth: Wealth | None = None,
    country: str | None = "",
    roles: Mapping[str, str] | None = None,
    decided: Mapping[str, str] | None = None,
) -> Model:
    """The model of some segments; the same input and settings give the same model.

    `columns` has the column that each header became; `described` has further columns that come of a header, such as a
    total.
    """
    labels = segments.profile["cluster"].tolist()
    sizes = dict(zip(labels, segments.profile["customers"].tolist(), strict=True))
    if segments.outliers is not None:
        sizes[OUTLIERS] = segments.outliers
    columns = columns or {}
    sources = {one.name: one.header for one in described} | {
        name: header for header, name in reversed([*columns.items()])
    }
    return Model(
        tuple(replace(one, source=sources.get(one.name, "")) for one in segments.feature_specs),
        segments.clustering,
        {label: segments.names[label] for label in labels},
        sizes | {NOT_CLUSTERED: segments.not_clustered},
        rules,
        {label: (colours or {}).get(label, "") for label in labels},
        segments.numbered_by,
        seed,
        tuple(files),
        digest,
        {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "pandas": pd.__version__},
        structure,
        columns,
        wealth and replace(wealth, source=wealth.source or sources.get(wealth.measure, "")),
        country or "",
        roles or {},
        dict(decided or {}),
        tuple(replace(one, source=sources.get(one.name, "")) for one in segments.categories),
    )


def _category(category: CategoryFeature) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(category).items()}


def _plain(feature: Feature) -> dict[str, Any]:
    plain = asdict(feature)
    scale = plain.pop("scale")
    return {"name": plain.pop("name"), **scale} | {
        WRITTEN.get(key, key): list(value) if isinstance(value, tuple) else value for key, value in plain.items()
    }
