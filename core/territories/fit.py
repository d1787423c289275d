"""The territories of customers: of the property that fits a column best, as they are drawn."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from core.countries.country import Country
from core.countries.geometry import polygons as shape_polygons
from core.countries.registry import country_of
from core.schema import BLANKS
from core.territories.layer import WGS_84, Layer
from core.territories.match import OFF, Matched, Places, chosen, folded, matches
from core.territories.rings import Polygon, Rounding, drawable
from core.territories.territories import BordersFile, Fit, Territories, Territory

MOST_OPTIONS: Final = 8
MOST_NAMED: Final = 3  # values in a sentence
SAID_STEP: Final = 1e-3  # degrees, 100 metres: coarser borders are mentioned
FAR: Final = 10  # degrees, about 1,000 km: borders so far outside the country of the customers are mentioned
BY_CHANCE: Final = "Small numbers can agree by chance: choose it on the Data page if both number the same territories."
CHANGE: Final = "Choose another property on the Data page, or correct the names in one of the files."


def find_territories(
    layers: Sequence[Layer],
    customers: pd.DataFrame,
    columns: Iterable[Places],
    choice: Sequence[str],
    country: str = "",
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
    country : str
        The code of the country of the customers, if it is known: borders elsewhere are mentioned.
    """
    layers = sorted(layers, key=lambda layer: layer.file)
    found = matches(layers, columns)
    best = chosen(found, choice)
    none = Territories(
        tuple(BordersFile(one.file, len(one.features), one.left_out) for one in layers),
        options=_options(found),
        said=(
            *(f"{layer.file}: {sentence}" for layer in layers for sentence in layer.said),
            *_no_choice(layers, found, choice),
        ),
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
        said=(*none.said, *_said(best, none.files, unnamed, how), *_elsewhere(best, areas, country_of(country))),
    )  # fmt: skip


def _options(found: Sequence[Matched]) -> tuple[Fit, ...]:
    """The fits that can be chosen, the best of each property and column."""
    best = {(one.fit.property, one.fit.header): one.fit for one in reversed(found)}
    return tuple(one.fit for one in found if best[one.fit.property, one.fit.header] is one.fit)[:MOST_OPTIONS]


def _areas(best: Matched) -> tuple[tuple[Territory, ...], int, Rounding]:
    """The territories in the order of their codes, how many features have no name, and how they are rounded."""
    polygons = defaultdict[str, list[Polygon]](list)
    names: dict[str, str] = {}
    unnamed = 0
    for feature in best.named.layer.features:
        text = feature.properties.get(best.named.name, "")
        if text.lower() in BLANKS:
            unnamed += 1
            continue
        code = best.values.get(text) or best.named.names.spelled[folded(text)]
        polygons[code] += feature.polygons
        names[code] = min(text, names.get(code, text))
    shapes, how = drawable(polygons)
    return tuple(Territory(code, names[code], tuple(shapes[code])) for code in sorted(shapes)), unnamed, how


def _said(best: Matched, files: Sequence[BordersFile], unnamed: int, how: Rounding) -> Iterator[str]:
    file = ", ".join(best.fit.files)
    if others := [one.name for one in files if one.name not in best.fit.files]:
        better = "fits" if len(best.fit.files) == 1 else "fit"
        yield f"{', '.join(others)}: not drawn, since {file} {better} better."
    if unnamed:
        yield f"{file}: {unnamed:,} of its territories have no “{best.named.name}” and are left out."
    if how.step > SAID_STEP or how.every > 1:
        left_out = ", and without many of its points" if how.every > 1 else ""
        yield f"{file}: its borders are drawn to {how.step:g} degrees{left_out}, so that a page stays small."


def _elsewhere(best: Matched, areas: Sequence[Territory], country: Country | None) -> Iterator[str]:
    """That the borders are not where the customers are, perhaps since latitude comes before longitude."""
    if country is None:
        return
    left, low, right, high = _box(polygon for one in areas for polygon in one.polygons)
    west, south, east, north = _box(polygon for _, shape in country.borders for polygon in shape_polygons(shape))
    x, y = (left + right) / 2, (low + high) / 2
    is_inside = west <= x <= east and south <= y <= north
    file = ", ".join(best.fit.files)
    if not is_inside and west <= y <= east and south <= x <= north:
        there = f"its borders are in the country of the customers, {country.name},"
        yield f"{file}: {there} only if latitude and longitude are exchanged. {WGS_84}"
    elif max(west - right, left - east, south - high, low - north) > FAR:
        yield f"{file}: its borders are far from the country of the customers, {country.name}."


def _box(polygons: Iterable[Polygon]) -> tuple[float, float, float, float]:
    """The least and most longitude and latitude of polygons: left, low, right, high."""
    xs, ys = zip(*(point for polygon in polygons for point in polygon[0]), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _no_choice(layers: Sequence[Layer], found: Sequence[Matched], choice: Sequence[str]) -> Iterator[str]:
    """That the choice in the rules is of other files."""
    if tuple(choice) not in {(), (OFF,), *((one.fit.property, one.fit.header) for one in found)}:
        files, (named, header) = ", ".join(layer.file for layer in layers), choice
        yield f"{files}: no value of “{header}” is in “{named}”, which the rules choose for the borders."


def _no_fit(files: Sequence[BordersFile], found: Sequence[Matched]) -> str:
    """Why no borders are drawn: what came nearest, with examples of both sides."""
    file = ", ".join(one.name for one in files)
    if not found:
        return f"{file}: no territory has the name of a value in any column, so no borders are drawn. {CHANGE}"
    nearest = next((one for one in found if one.is_possible), found[0])
    fit, here = nearest.fit, ", ".join(nearest.fit.files)
    lacking = [value for value in nearest.places.values if value not in {*nearest.values.values()}]
    free = [text for text in nearest.named.texts if text not in nearest.values]
    near = f"“{fit.property}” comes nearest, with {fit.matched:,} of {fit.values:,} values of “{fit.header}”."
    if nearest.is_possible:
        return f"{here}: no borders are drawn. {near} {BY_CHANCE}"
    both = f"“{fit.header}” has {_some(lacking)}, “{fit.property}” has {_some(free)}."
    return f"{here}: no borders are drawn. {near} Without the other, {both} {CHANGE}"


def _some(texts: Sequence[str]) -> str:
    return ", ".join(texts[:MOST_NAMED]) + (" and more" if len(texts) > MOST_NAMED else "") or "nothing else"
