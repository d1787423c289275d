"""Warnings about features: skewed, near-constant, correlated and protected ones."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from core.categories import protected
from core.figures import coefficient, number, share
from core.schema import BY_NAME, CODES, NEVER_FEATURES, UNKNOWN, Column, in_sentence
from core.segments.profile import Segments
from core.segments.raw_values import count_infinite, is_answer, raw_values
from core.segments.scale import bent

SKEWED = 1.0  # Bulmer (1979), Principles of Statistics: above it in size, highly skewed
SAME_VALUE = 0.95  # then it outnumbers any other 19 to 1, the frequency cut of caret's nearZeroVar (Kuhn 2008)
ALIKE, DOUBLED = 0.9, 0.9999  # |r| from which two features tell nearly, or exactly, the same; a rule of thumb
NEARLY_ALL = 0.9  # share of the clustered in one segment from which the others hold outliers only
FEWEST = 50  # customers below which any measure of what drives the segments is chance
# Cohen (1988), Statistical Power Analysis: η² of a large effect. He has no one bound for Cramér's V²; we take the same.
LARGE_EFFECT = 0.14
HALF = 0.5  # of what can be explained: above it, a large part
# What the law or decency forbids to treat customers by; a place stands in for origin.
PLACES = ("postcode", "state")
PROTECTED = ("age", "gender", *PLACES)  # and categories whose header names one (`categories.protected`)


def about_features(customers: pd.DataFrame, columns: Sequence[Column], segments: Segments) -> list[str]:
    """Sentences on the features in use: infinite, ids or places, near-constant, doubled or correlated, skewed."""
    titles = {column.name: column.label for column in columns}
    values = {name: raw_values(customers[name]) for name in segments.features if name in customers}
    counted = {name: pd.Series(one).value_counts(sort=False).sort_index() for name, one in values.items()}
    return [
        *_infinite(customers, values, titles),
        *(said for name in values if (said := _names_rows(customers[name], counted[name], titles[name]))),
        *(said for name in values if (said := _near_constant(counted[name], titles[name]))),
        *_correlated(values, titles),
        *(
            said
            for feature in segments.feature_specs
            if feature.name in values and not feature.yes_no and feature.scale.scaling == "standard"
            if (said := _skewed(counted[feature.name], titles[feature.name]))
        ),
        *_giant(segments),
    ]


def about_drivers(customers: pd.DataFrame, columns: Sequence[Column], segments: Segments) -> list[str]:
    """Sentences on protected attributes that the segments follow: η² of a number, Cramér's V² of a category."""
    names = [*PROTECTED, *protected(columns)]
    found = ((customers[name], segments.labels.codes, None) for name in names if name in customers)
    return driven(found, columns, segments)


def driven(
    found: Iterable[tuple[pd.Series, np.ndarray, np.ndarray | None]], columns: Sequence[Column], segments: Segments
) -> list[str]:
    """The same of protected attributes one by one: values, the code of the segment of each, how many have both.

    The last is None where each value is of one customer.
    """
    titles = {column.name: column.label for column in columns}
    if segments.k < 2 or segments.profile["customers"].sum() < FEWEST:
        return []
    said = []
    for values, codes, numbers in found:
        name, inside = str(values.name), codes < segments.k
        if not inside.all():
            values, codes = values[inside], codes[inside]
            numbers = None if numbers is None else numbers[inside]
        if name in titles and (part := _explained(values, codes, numbers)) >= LARGE_EFFECT:
            said.append(_driver(name, titles[name], part, segments))
    return said


def explained(values: np.ndarray, codes: np.ndarray, numbers: np.ndarray | None = None) -> float:
    """η², the share of a number's variance that lies between the groups; 0 where it does not vary.

    `numbers` says of how many customers each value is, one unless given.
    """
    known = ~np.isnan(values)
    values, codes = values[known], codes[known]
    if not len(values) or values.min() == values.max():
        return 0.0
    numbers = np.ones(len(values)) if numbers is None else numbers[known].astype("float64")
    sizes = np.bincount(codes, numbers)
    away = values - np.average(values, weights=numbers)
    between = np.bincount(codes, away * numbers) ** 2 / np.maximum(sizes, 1)
    return float(between.sum() / (away**2 * numbers).sum())


def association(values: np.ndarray, codes: np.ndarray, numbers: np.ndarray | None = None) -> float:
    """Cramér's V² of two labels, with Bergsma's (2013) correction for many values among few customers.

    Whole numbers are taken for positions among the labels, from 0 on.
    `numbers` says of how many customers each pair is, one unless given.
    """
    row, column = (one if one.dtype.kind == "i" else pd.factorize(one)[0] for one in (values, codes))
    some, others = (int(one.max(initial=0)) + 1 for one in (row, column))
    counts = np.bincount(row.astype("int64") * others + column, numbers, minlength=some * others).reshape(some, others)
    return cramers_v2(counts[counts.any(axis=1)][:, counts.any(axis=0)])


def cramers_v2(counts: np.ndarray) -> float:
    """Cramér's V² of a table of counts without empty rows and columns, corrected as that of `association`."""
    (rows, columns), n = counts.shape, int(counts.sum())
    if n < 2 or min(rows, columns) < 2:
        return 0.0
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0, keepdims=True) / n
    phi2 = ((counts - expected) ** 2 / expected).sum() / n
    unbiased = max(0.0, phi2 - (rows - 1) * (columns - 1) / (n - 1))
    smaller = min(size - (size - 1) ** 2 / (n - 1) for size in (rows, columns))
    return float(unbiased / (smaller - 1)) if smaller > 1 else 0.0


def _explained(column: pd.Series, codes: np.ndarray, numbers: np.ndarray | None) -> float:
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = column.to_numpy("float64", na_value=np.nan)
        return explained(*(_pairs(values, codes) if numbers is None else (values, codes, numbers)))
    labels = column.astype("category").cat
    texts = labels.categories.astype("str")
    # A postcode is an area by its first two digits; thousands of single ones would be told apart by chance.
    groups, _ = pd.factorize(texts.str[:2] if column.name == "postcode" else texts)
    by_label = np.append(np.where(texts == UNKNOWN, -1, groups), -1)  # a cell without label has the code -1
    values = by_label[labels.codes.to_numpy()]
    if (known := values >= 0).all():
        return association(values, codes, numbers)
    return association(values[known], codes[known], None if numbers is None else numbers[known])


def _pairs(values: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Each different pair of a known value and a code, and how many have it; all as they are where few repeat."""
    at, different = pd.factorize(values)  # an unknown one is at -1
    width = int(codes.max(initial=0)) + 1
    if len(different) * width > len(values):
        return values, codes, None
    counts = np.bincount((at + 1) * width + codes, minlength=(len(different) + 1) * width).reshape(-1, width)[1:]
    rows, columns = np.nonzero(counts)
    return different[rows], columns, counts[rows, columns]


def _driver(name: str, title: str, part: float, segments: Segments) -> str:
    known = f"{title} accounts for the segments in {'large ' if part > HALF else ''}part ({coefficient(part)} of 1)"
    why = "can stand in for origin" if name in PLACES else "is a protected attribute"
    remedy = (
        f"leave {in_sentence(name, title)} out"
        if name in segments.features
        else "leave out the features that go with it"
    )
    return f"{known}. It {why}: before treating customers by segment, check that this is fair, or {remedy}."


def _infinite(customers: pd.DataFrame, values: Mapping[str, np.ndarray], titles: Mapping[str, str]) -> list[str]:
    numbers = [name for name in values if pd.api.types.is_numeric_dtype(customers[name].dtype)]
    return [f"{titles[name]}: infinite values count as missing." for name in numbers if count_infinite(customers[name])]


def _names_rows(column: pd.Series, counted: pd.Series, title: str) -> str:
    known = counted.index
    text = not pd.api.types.is_numeric_dtype(column.dtype) and not is_answer(column)
    code = column.name not in BY_NAME and str(column.name).split("_")[-1] in CODES
    counts = len(known) == len(column) > FEWEST and known[-1] - known[0] == len(known) - 1
    if not (text or code or counts or column.name in NEVER_FEATURES):
        return ""
    return f"{title} seems to name or count rather than to measure: a difference of its numbers may mean nothing."


def _near_constant(counted: pd.Series, title: str) -> str:
    if counted.empty or counted.max() / counted.sum() < SAME_VALUE:
        return ""
    return f"{title} has the same value for {share(SAME_VALUE, 0)} of customers or more: it hardly tells them apart."


def _correlated(values: Mapping[str, np.ndarray], titles: Mapping[str, str]) -> list[str]:
    found = []
    for one, other in combinations(values, 2):
        both = ~np.isnan(values[one]) & ~np.isnan(values[other])
        first, second = values[one][both], values[other][both]
        if len(first) < 3 or first.min() == first.max() or second.min() == second.max():
            continue
        r = float(np.corrcoef(first, second)[0, 1])
        if abs(r) >= ALIKE:
            say = "say the same" if abs(r) >= DOUBLED else "say nearly the same"
            found.append(
                f"{titles[one]} and {titles[other]} {say} (r = {coefficient(r, 3)}), which then counts twice: keep one."
            )
    return found


def _skewed(counted: pd.Series, title: str) -> str:
    known, many = counted.index.to_numpy(), counted.to_numpy()
    skew = skewness(known, many)
    if abs(skew) <= SKEWED:
        return ""
    better = abs(skewness(bent(known, "log"), many)) < abs(skew)
    remedy = "its logarithm" if better else "robust scaling"
    return f"{title} is highly skewed (skewness {number(skew)}; above {SKEWED:.0f} is, Bulmer 1979): try {remedy}."


def _giant(segments: Segments) -> list[str]:
    profile = segments.profile
    if segments.k < 2:  # there may be no segment at all
        return []
    largest, whole = profile["customers"].idxmax(), profile["customers"].sum()
    if not NEARLY_ALL * whole <= profile["customers"][largest] < whole:  # by a saved model the others may have nobody
        return []
    return [
        f"Segment {profile['cluster'][largest]} holds {share(NEARLY_ALL, 0)} of the clustered customers or more: the "
        "others are a few outliers. Scale a skewed feature by its logarithm, or make outliers a group of their own."
    ]


def skewness(values: np.ndarray, many: np.ndarray | None = None) -> float:
    """Third standardised moment, g₁; 0 where nothing varies. `many` is how many have each value, 1 unless given."""
    if (len(values) if many is None else many.sum()) < 3 or values.min() == values.max():
        return 0.0
    away = values - np.average(values, weights=many)
    squared = away * away
    return float(np.average(squared * away, weights=many) / np.average(squared, weights=many) ** 1.5)
