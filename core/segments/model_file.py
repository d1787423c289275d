"""A saved model read back, every part of it checked: a file from somewhere else runs nothing and breaks nothing."""

from dataclasses import dataclass, field, fields
from typing import Annotated, Any, Final, Literal

import numpy as np
from msgspec import Meta

from core.categories import MOST
from core.documents import Document
from core.plain import WrongError, from_plain, shown
from core.rules import Rules
from core.schema import NO_SEGMENT
from core.segments.category_features import CategoryFeature
from core.segments.certainty import MOST_KNOTS, Curve
from core.segments.choose_k import MOST_K
from core.segments.clusterer import Clustering, HasChances
from core.segments.features import Feature
from core.segments.model import FORMAT, VERSION, Model
from core.segments.registry import CLUSTERERS, DEFAULT
from core.segments.scale import LARGEST, SMALLEST, Scale, Scaling
from core.wealth import Wealth

MOST_CUSTOMERS: Final = 10**12
LEAST_SPREAD: Final = SMALLEST**2  # values that differ by next to nothing have a spread far below themselves
MOST_SEED: Final = 2**32 - 1
Number = Annotated[float, Meta(ge=-LARGEST, le=LARGEST)]
Spread = Annotated[float, Meta(ge=LEAST_SPREAD, le=LARGEST)]
Count = Annotated[int, Meta(ge=0, le=MOST_CUSTOMERS)]
# A model of thirty segments and a hundred features has less than one per cent of these bytes.
DOCUMENT: Final = Document("a saved model", "JSON", "Use a model.json that this program saved.", 10 * 2**20)


@dataclass(frozen=True)
class _Feature:
    """A `Feature` as it is written."""

    name: str
    scaling: Scaling
    centre: Number
    spread: Spread
    mean: Number
    deviation: Spread
    seen: tuple[Number, Number]
    edges: tuple[Number, ...]
    counts: tuple[Count, ...]
    missing: Count
    yes_no: bool
    usual: tuple[Number, Number] | None = None
    source: str = ""


@dataclass(frozen=True)
class _Category:
    """A `CategoryFeature` as it is written."""

    name: str
    levels: Annotated[tuple[str, ...], Meta(min_length=1, max_length=MOST)]
    counts: tuple[Count, ...]
    missing: Count
    source: str = ""


Share = Annotated[float, Meta(ge=0, le=1)]


@dataclass(frozen=True)
class _Curve:
    """A `Curve` as it is written."""

    margins: Annotated[tuple[Share, ...], Meta(min_length=1, max_length=MOST_KNOTS)]
    chances: tuple[Share, ...]


@dataclass(frozen=True)
class _Segment:
    cluster: str
    name: str
    colour: str
    customers: Count


@dataclass(frozen=True)
class _Input:
    files: tuple[str, ...]
    sha256: str


@dataclass(frozen=True)
class _Geography:
    country: str = ""


@dataclass(frozen=True)
class _File:
    """A `Model` as it is written (`Model.to_dict`), but what its method wrote into the segments."""

    format: Literal["customer segments"]
    version: int
    k: int
    features: tuple[_Feature, ...]
    segments: Annotated[tuple[_Segment, ...], Meta(max_length=MOST_K)]
    others: dict[str, Count]
    numbered_by: str
    structure: str
    seed: Annotated[int, Meta(ge=0, le=MOST_SEED)]
    rules: Rules
    input: _Input
    versions: dict[str, str]
    columns: dict[str, str] = field(default_factory=dict)
    geography: _Geography = field(default_factory=_Geography)
    wealth: Wealth | None = None
    roles: dict[str, str] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)
    categories: tuple[_Category, ...] = ()
    certainty: tuple[_Curve, ...] = ()
    method: str = DEFAULT
    clustering: Any = None  # checked by the method (`Clusterer.read`)


def read_model(content: bytes, file: str = "model.json") -> Model:
    """The model in a JSON file.

    Raises
    ------
    DocumentError
        It is no such file; the message says what is wrong and where.
    """
    return from_dict(DOCUMENT.plain(content, file), file)


def from_dict(document: Any, file: str = "model.json") -> Model:
    """The model of plain values (`Model.to_dict`).

    Raises
    ------
    DocumentError
        A part is missing, of another type or shape, or no finite number.
    """
    with DOCUMENT.refusing(file):
        _check_format(document)
        document, own = _parted(document)
        read = from_plain(_File, document)
        _check(read)
        return _model(read, _clustering(read, own))


def _check_format(document: Any) -> None:
    """Refuse another kind of file before its parts are called unknown."""
    found = [document.get(name) for name in ("format", "version")] if isinstance(document, dict) else []
    if found != [FORMAT, VERSION]:
        raise WrongError(f"its format is not “{FORMAT}”, version {VERSION}")


def _parted(document: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The document without what the method wrote into its segments, and that, by segment."""
    segments, known = document.get("segments"), {one.name for one in fields(_Segment)}
    if not isinstance(segments, list) or not all(isinstance(one, dict) for one in segments):
        return document, []  # refused with the other types
    own = [{name: value for name, value in one.items() if name not in known} for one in segments]
    rest = [{name: value for name, value in one.items() if name in known} for one in segments]
    return document | {"segments": rest}, own


def _clustering(read: _File, own: list[dict[str, Any]]) -> Clustering:
    """What the method reads from what it wrote."""
    if read.method not in CLUSTERERS:
        raise WrongError(f"its method is {shown(read.method)}, and this program knows {', '.join(CLUSTERERS)}")
    more = {} if read.clustering is None else from_plain(dict[str, Any], read.clustering, "clustering")
    found = CLUSTERERS[read.method].read({**more, "segments": own}, len(read.features))
    if np.shape(found.means) != (read.k, len(read.features)):
        raise WrongError("the method has another number of segments or features")
    chances = found.chances if isinstance(found, HasChances) else ()
    if read.k and [chance.shape[1] for chance in chances] != [len(one.levels) for one in read.categories]:
        raise WrongError("the method has other categories or levels")
    return found


def _model(read: _File, clustering: Clustering) -> Model:
    segments = {one.cluster: one for one in read.segments}
    return Model(
        tuple(_feature(one) for one in read.features),
        clustering,
        {label: one.name for label, one in segments.items()},
        {label: one.customers for label, one in segments.items()} | read.others,
        read.rules,
        {label: one.colour for label, one in segments.items()},
        read.numbered_by,
        read.seed,
        read.input.files,
        read.input.sha256,
        read.versions,
        read.structure,
        read.columns,
        read.wealth,
        read.geography.country,
        read.roles,
        read.decided,
        tuple(CategoryFeature(**vars(one)) for one in read.categories),
        tuple(Curve(**vars(one)) for one in read.certainty) or None,
    )


def _feature(read: _Feature) -> Feature:
    return Feature(
        read.name, Scale(read.scaling, read.centre, read.spread), read.mean, read.deviation, read.seen, read.usual,
        read.edges, read.counts, read.missing, read.yes_no, read.source,
    )  # fmt: skip


def _check(read: _File) -> None:
    labels = [one.cluster for one in read.segments]
    if labels != [str(number) for number in range(1, len(labels) + 1)] or read.k != len(labels):
        raise WrongError("“segments” are not numbered from 1 to k")
    if labels and not (read.features or read.categories):
        raise WrongError("there is no feature")
    if set(read.others) - {*NO_SEGMENT}:
        raise WrongError(f"“others” are not counts of {' and '.join(NO_SEGMENT)}")
    if read.certainty and len(read.certainty) != read.k:
        raise WrongError("“certainty” has not one curve for each segment")
    for curve in read.certainty:
        _check_curve(curve)
    names = [*(one.name for one in read.features), *(one.name for one in read.categories)]
    if len({*names}) < len(names):
        raise WrongError("two features have one name")
    for feature in read.features:
        _check_feature(feature)
    for one in read.categories:
        if len({*one.levels}) < len(one.levels) or len(one.counts) != len(one.levels):
            raise WrongError(f"the levels of the feature {shown(one.name)} are not different, with a count each")


def _check_curve(curve: _Curve) -> None:
    if list(curve.margins) != sorted({*curve.margins}) or list(curve.chances) != sorted(curve.chances):
        raise WrongError("the margins and chances of “certainty” are not rising")
    if len(curve.margins) != len(curve.chances):
        raise WrongError("“certainty” has not one chance for each margin")


def _check_feature(feature: _Feature) -> None:
    place = f"the feature {shown(feature.name)}"
    if any(low > high for low, high in filter(None, (feature.seen, feature.usual))):
        raise WrongError(f"the range of {place} is not the lowest and the highest value")
    if list(feature.edges) != sorted(set(feature.edges)) or len(feature.counts) != len(feature.edges) + 1:
        raise WrongError(f"the edges of {place} are not rising, with one count more than there are edges")
