"""Which property of a layer names the same things as which column, and the territories that follow."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import pandas as pd

from core.ids import mended, plain_id
from core.schema import normalise
from core.territories.layer import Layer
from core.territories.rings import Polygon, Rounding, drawable
from core.territories.territories import BordersFile, Fit, Territories, Territory

FEWEST, MOST = 2, 2_000  # different values of a column that can name territories
LEAST: Final = 0.5  # share of them that must have a territory
NUMBERS, FOREIGN_NUMBERS = 0.9, 0.7  # what a fit of numbers is worth: with a name like the column's, without
MOST_OPTIONS: Final = 8
MOST_NAMED: Final = 3  # values in a sentence
OFF: Final = "none"  # what the rules say in place of a property where no borders are drawn
SAID_STEP: Final = 1e-3  # degrees, 100 metres: coarser borders are mentioned
CHANGE: Final = "Choose another property on the Data page, or correct the names in one of the files."


@dataclass(frozen=True, eq=False)
class Places:
    """The different values of a column `name`, which is called `header` in the file and `label` on the pages.

    `spellings` has further spellings of its values (`schema.normalise`), if it has some that are known.
    """

    name: str
    header: str
    label: str
    values: tuple[str, ...]
    spellings: Mapping[str, str] = field(default_factory=dict)

    def key(self, text: str) -> str:
        """What is the same for all spellings of a value."""
        key = normalise(text) or text
        return self.spellings.get(key, key)

    @cached_property
    def keys(self) -> dict[str, str]:
        """Key → the first value that has it."""
        return {self.key(value): value for value in reversed(self.values)}

    @cached_property
    def codes(self) -> frozenset[str]:
        """The values as ids (`ids.plain_id`)."""
        return frozenset(map(plain_id, self.values))


@dataclass(frozen=True, eq=False)
class Property:
    """A property of the features of a layer: its different texts."""

    layer: Layer
    name: str
    texts: tuple[str, ...]

    @cached_property
    def by_key(self) -> dict[str, str]:
        """Key (`schema.normalise`) → text."""
        return {normalise(text) or text: text for text in reversed(self.texts)}

    @cached_property
    def is_number(self) -> bool:
        """Whether all texts are numbers, which can fit by chance: the features are numbered, too."""
        return all(text.isdecimal() for text in self.texts)

    @cached_property
    def codes(self) -> frozenset[str]:
        """The texts as ids (`ids.plain_id`)."""
        return frozenset(map(plain_id, self.texts))


@dataclass(frozen=True, eq=False)
class Matched:
    """A property beside a column: the value of each text that has one, and how well they fit."""

    named: Property
    places: Places
    values: Mapping[str, str]
    fit: Fit

    @property
    def rank(self) -> tuple[object, ...]:
        """The best fit comes first: a large share of many values, then a property that has the column's name."""
        fit = self.fit
        points = fit.matched / fit.values * (1 - 1 / fit.matched)  # two answers say less than forty branches
        points *= (NUMBERS if self.is_alike else FOREIGN_NUMBERS) if self.named.is_number else 1
        return -round(points, 9), not self.is_alike, -fit.territories, fit.property, fit.header, fit.file

    @property
    def fits(self) -> bool:
        """Whether it is good enough to be drawn unasked."""
        fit = self.fit
        by_chance = self.named.is_number and not self.is_alike
        return fit.matched >= max(FEWEST, LEAST * fit.values, LEAST * fit.territories if by_chance else 0)

    @property
    def is_alike(self) -> bool:
        """Whether the names of property and column share a word."""
        return bool({*normalise(self.fit.property).split("_")} & {*normalise(self.fit.header).split("_")})


def matches(layers: Sequence[Layer], columns: Iterable[Places]) -> list[Matched]:
    """All properties beside all columns of which some value has a territory, the best first."""
    possible = [places for places in columns if len(places.values) >= FEWEST and len(places.keys) <= MOST]
    found = (_match(own, places) for layer in layers for own in _properties(layer) for places in possible)
    return sorted((one for one in found if one.fit.matched), key=lambda one: one.rank)


def _properties(layer: Layer) -> list[Property]:
    texts = defaultdict[str, set[str]](set)
    for feature in layer.features:
        for name, text in feature.properties.items():
            texts[name].add(text)
    return [Property(layer, name, tuple(sorted(known))) for name, known in sorted(texts.items())]


def _match(own: Property, places: Places) -> Matched:
    keys = {key: places.spellings.get(key, key) for key in own.by_key}
    values = {key: places.keys[same] for key, same in keys.items() if same in places.keys}
    if len(own.codes & places.codes) > len(values):
        values |= _by_code(own, places, values)
    matched, territories = len({*values.values()}), len({*keys.values()})
    by_text = {text: values[key] for text in own.texts if (key := normalise(text) or text) in values}
    return Matched(
        own, places, by_text, Fit(own.layer.file, own.name, places.header, matched, len(places.keys), territories)
    )


def _by_code(own: Property, places: Places, values: Mapping[str, str]) -> dict[str, str]:
    """Key → value of texts that are the same code but for zeros before it: 007 is 7."""
    texts = {value: own.by_key[key] for key, value in values.items()}
    ids = pd.Series([texts.get(value, value) for value in places.keys.values()], dtype="str")
    same = mended(ids, pd.Series([*own.by_key.values()], dtype="str"))
    return {normalise(text) or text: value for value, text in same.items()}


def chosen(found: Sequence[Matched], choice: Sequence[str]) -> Matched | None:
    """The match that the rules name by property and header, else the best one; None where that is not good enough."""
    if tuple(choice) == (OFF,):
        return None
    wanted = [one for one in found if [one.fit.property, one.fit.header] == [*choice]]
    best = [one for one in found[:1] if one.fits]
    return next(iter([*wanted, *best]), None)


def find_territories(
    layers: Sequence[Layer], customers: pd.DataFrame, columns: Iterable[Places], choice: Sequence[str]
) -> Territories:
    """The territories of customers.

    Parameters
    ----------
    layers : sequence of Layer
        All layers of all files of borders.
    customers : DataFrame
        A row each, with the columns of `columns` as categories.
    columns : iterable of Places
        The columns that can name territories.
    choice : sequence of str
        What the rules say: nothing, `OFF`, or a property and a header.
    """
    layers = sorted(layers, key=lambda layer: layer.file)
    found = matches(layers, columns)
    best = chosen(found, choice)
    none = Territories(
        tuple(BordersFile(one.file, len(one.features), one.left_out) for one in layers),
        options=tuple(one.fit for one in found[:MOST_OPTIONS]),
        said=tuple(f"{layer.file}: {sentence}" for layer in layers for sentence in layer.said),
    )
    if best is None:
        return none if tuple(choice) == (OFF,) else replace(none, doubt=_no_fit(none.files, found))
    areas, unnamed, how = _areas(best)
    counted = customers[best.places.name].value_counts().to_dict()
    counts = {str(value): number for value, number in counted.items() if number}
    codes = {one.code for one in areas}
    outside = [value for value in best.places.values if value not in codes]
    return replace(
        none, fit=best.fit, column=best.places.name, label=best.places.label, areas=areas,
        empty=sum(one.code not in counts for one in areas),
        unplaced=sum(counts.get(value, 0) for value in outside),
        outside=(*outside[:MOST_NAMED], *(["…"] if len(outside) > MOST_NAMED else [])),
        said=(*none.said, *_said(best, none.files, unnamed, how)),
    )  # fmt: skip


def _areas(best: Matched) -> tuple[tuple[Territory, ...], int, Rounding]:
    """The territories in the order of their codes, how many features have no name, and how they are rounded."""
    polygons = defaultdict[str, list[Polygon]](list)
    names: dict[str, str] = {}
    unnamed = 0
    for feature in best.named.layer.features:
        text = feature.properties.get(best.named.name)
        if text is None:
            unnamed += 1
            continue
        name = best.named.by_key[normalise(text) or text]
        code = best.values.get(text, name)
        polygons[code] += feature.polygons
        names[code] = min(name, names.get(code, name))
    shapes, how = drawable(polygons)
    return tuple(Territory(code, names[code], tuple(shapes[code])) for code in sorted(shapes)), unnamed, how


def _said(best: Matched, files: Sequence[BordersFile], unnamed: int, how: Rounding) -> Iterator[str]:
    file = best.fit.file
    if others := [one.name for one in files if one.name != file]:
        yield f"{', '.join(others)}: not drawn, since {file} fits better."
    if unnamed:
        yield f"{file}: {unnamed:,} of its territories have no “{best.named.name}” and are left out."
    if how.step > SAID_STEP or how.every > 1:
        left_out = ", and without many of its points" if how.every > 1 else ""
        yield f"{file}: its borders are drawn to {how.step:g} degrees{left_out}, so that a page stays small."


def _no_fit(files: Sequence[BordersFile], found: Sequence[Matched]) -> str:
    """Why no borders are drawn: what came nearest, with examples of both sides."""
    file = ", ".join(one.name for one in files)
    if not found:
        return f"{file}: no territory has the name of a value in any column, so no borders are drawn. {CHANGE}"
    nearest, fit = found[0], found[0].fit
    lacking = [value for value in nearest.places.values if value not in {*nearest.values.values()}]
    free = [text for text in nearest.named.texts if text not in nearest.values]
    near = f"“{fit.property}” comes nearest, with {fit.matched:,} of {fit.values:,} values of “{fit.header}”."
    both = f"“{fit.header}” has {_some(lacking)}, “{fit.property}” has {_some(free)}."
    return f"{fit.file}: no borders are drawn. {near} Without the other, {both} {CHANGE}"


def _some(texts: Sequence[str]) -> str:
    return ", ".join(texts[:MOST_NAMED]) + (" and more" if len(texts) > MOST_NAMED else "") or "nothing else"
