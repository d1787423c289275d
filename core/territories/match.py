"""Which property of a layer names the same things as which column."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from core.ids import plain_id
from core.schema import BLANKS, normalise
from core.territories.layer import Layer
from core.territories.territories import Fit

FEWEST, MOST = 2, 2_000  # different values of a column that can name territories
LEAST: Final = 0.5  # share of them that must have a territory
NUMBERS, FOREIGN_NUMBERS = 0.9, 0.7  # what a fit of numbers is worth: with a name like the column's, without
SHORT: Final = 1_000  # a number below, or below ten times as many as there are, can be a running number
# Words of headers that say that something is a number, not of what.
NUMBERING: Final = frozenset(("code", "fid", "id", "key", "no", "nr", "num", "number", "objectid", "oid"))
OFF: Final = "none"  # what the rules say in place of a property where no borders are drawn


@dataclass(frozen=True, eq=False)
class Names:
    """Different names of things, in forms that are the same for spellings of one name."""

    texts: tuple[str, ...]

    @cached_property
    def spelled(self) -> dict[str, str]:
        """Name without case (`folded`) → the first text that has it."""
        return {folded(text): text for text in reversed(self.texts)}

    @cached_property
    def words(self) -> dict[str, str]:
        """Words (`schema.normalise`) → the name without case that has them, if only one has: A+ and A- are two."""
        return _of_one(normalise, self.spelled)

    @cached_property
    def ids(self) -> dict[str, str]:
        """Id (`ids.plain_id`) → the name without case that has it, if only one has: 007 is 7."""
        return _of_one(plain_id, self.spelled)


def folded(text: str) -> str:
    """A name without case and surplus blanks."""
    return " ".join(text.casefold().split())


def _of_one(form: Callable[[str], str], names: Iterable[str]) -> dict[str, str]:
    found = defaultdict[str, list[str]](list)
    for name in names:
        found[form(name)].append(name)
    return {key: same[0] for key, same in found.items() if key and len(same) == 1}


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

    @cached_property
    def names(self) -> Names:
        """The values in the forms that are compared."""
        return Names(self.values)

    @cached_property
    def known(self) -> dict[str, str]:
        """What the known spellings stand for → the value that is one of them, without case."""
        return {self.spellings.get(normalise(name), name): name for name in self.names.spelled}


@dataclass(frozen=True, eq=False)
class Property:
    """A property of the features of a layer: its different texts."""

    layer: Layer
    name: str
    texts: tuple[str, ...]

    @cached_property
    def names(self) -> Names:
        """The texts in the forms that are compared."""
        return Names(self.texts)

    @cached_property
    def is_number(self) -> bool:
        """Whether all texts are numbers, which can fit by chance: the features are numbered, too."""
        return all(text.isdecimal() for text in self.texts)

    @cached_property
    def is_numbering(self) -> bool:
        """Whether all texts are numbers so small that they can count something, as the features are counted."""
        return self.is_number and all(int(text) < max(SHORT, 10 * len(self.texts)) for text in self.texts)


@dataclass(frozen=True, eq=False)
class Matched:
    """A property beside a column, and how well they fit."""

    named: Property
    places: Places
    fit: Fit

    @cached_property
    def values(self) -> Mapping[str, str]:
        """Text → value, of those that have one."""
        same, spelled, exact = _same(self.named, self.places), self.places.names.spelled, {*self.places.values}
        found = ((text, same.get(folded(text))) for text in self.named.texts)
        return {text: text if text in exact else spelled[name] for text, name in found if name is not None}

    @property
    def rank(self) -> tuple[object, ...]:
        """The best fit comes first: a large share of many values, then a property that has the column's name."""
        fit = self.fit
        points = fit.matched / fit.values * (1 - 1 / fit.matched)  # two answers say less than forty branches
        points *= (NUMBERS if self.is_alike else FOREIGN_NUMBERS) if self.named.is_number else 1
        return -round(points, 9), not self.is_alike, -fit.territories, fit.property, fit.header, fit.file

    @property
    def is_possible(self) -> bool:
        """Whether enough of the values have a territory."""
        fit = self.fit
        is_foreign = self.named.is_number and not self.is_alike
        return fit.matched >= max(FEWEST, LEAST * fit.values, LEAST * fit.territories if is_foreign else 0)

    @property
    def is_by_chance(self) -> bool:
        """Whether it may be no more than two running numbers: nothing says that they count the same things."""
        return self.named.is_numbering and not self.is_alike

    @property
    def fits(self) -> bool:
        """Whether it is good enough to be drawn unasked."""
        return self.is_possible and not self.is_by_chance

    @property
    def is_alike(self) -> bool:
        """Whether property and column have one name, or share a word that says what they name."""
        names = [normalise(name) for name in (self.fit.property, self.fit.header)]
        return len({*names}) == 1 or bool(({*names[0].split("_")} & {*names[1].split("_")}) - NUMBERING)


def matches(layers: Sequence[Layer], columns: Iterable[Places]) -> list[Matched]:
    """All properties beside all columns of which some value has a territory, the best first."""
    possible = [one for one in columns if len(one.values) >= FEWEST and len(one.names.spelled) <= MOST]
    every = (_match(own, places) for layer in layers for own in _properties(layer) for places in possible)
    found = [one for one in every if one.fit.matched]
    alike = defaultdict[tuple[str, Places], list[Matched]](list)
    for one in found:
        alike[one.fit.property, one.places].append(one)
    made: dict[tuple[str, ...], Property] = {}
    joined = [_joined(parts, made) for parts in alike.values() if len(parts) > 1]
    return sorted((*found, *filter(None, joined)), key=lambda one: one.rank)


def _joined(parts: Sequence[Matched], made: dict[tuple[str, ...], Property]) -> Matched | None:
    """Layers with one property that have different values of a column, in one; None where there are no two of them.

    Most territories of each have a value: a few that happen to have one are no part of the others. `made` keeps the
    properties of joined layers for further columns.
    """
    taken: list[Property] = []
    values = set[str]()
    for part in sorted(parts, key=lambda one: one.rank):
        own = {*_same(part.named, part.places).values()}
        if values.isdisjoint(own) and len(own) >= LEAST * part.fit.territories:
            taken.append(part.named)
            values |= own
    if len(taken) < FEWEST:
        return None
    taken.sort(key=lambda one: one.layer.file)
    first, *others = (one.layer.file for one in taken)
    key = (taken[0].name, first, *others)
    if key not in made:
        layer = Layer(first, tuple(feature for one in taken for feature in one.layer.features))
        made[key] = Property(layer, taken[0].name, tuple(sorted({text for one in taken for text in one.texts})))
    both = _match(made[key], parts[0].places)
    return replace(both, fit=replace(both.fit, joined=tuple(others)))


def _properties(layer: Layer) -> list[Property]:
    texts = defaultdict[str, set[str]](set)
    for feature in layer.features:
        for name, text in feature.properties.items():
            if text.lower() not in BLANKS:  # they name nothing: customers without a value are in no territory
                texts[name].add(text)
    return [Property(layer, name, tuple(sorted(known))) for name, known in sorted(texts.items())]


def _match(own: Property, places: Places) -> Matched:
    same = _same(own, places)
    matched = len({*same.values()})
    territories = len(own.names.spelled) - len(same) + matched
    fit = Fit(own.layer.file, own.name, places.header, matched, len(places.names.spelled), territories)
    return Matched(own, places, fit)


def _same(own: Property, places: Places) -> dict[str, str]:
    """Name of a territory → that of its value, both without case: the same text, else what only one of each can be."""
    mine, theirs = own.names, places.names
    same = {name: name for name in mine.spelled.keys() & theirs.spelled.keys()}
    if places.spellings:
        codes = {name: places.spellings.get(normalise(name), "") for name in mine.spelled.keys() - same}
        same |= {name: places.known[code] for name, code in codes.items() if code in places.known}
    for form in ("words", "ids"):
        if len(same) >= min(len(mine.spelled), len(theirs.spelled)):
            break
        left, right = getattr(mine, form), getattr(theirs, form)
        taken = {*same.values()}
        pairs = ((left[key], right[key]) for key in left.keys() & right.keys())
        same |= {one: other for one, other in pairs if one not in same and other not in taken}
    return same


def chosen(found: Sequence[Matched], choice: Sequence[str]) -> Matched | None:
    """The match that the rules name by property and header, else the best that is good enough; None without any."""
    if tuple(choice) == (OFF,):
        return None
    wanted = [one for one in found if [one.fit.property, one.fit.header] == [*choice]]
    return next(iter([*wanted, *(one for one in found if one.fits)]), None)
