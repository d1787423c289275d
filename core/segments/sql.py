"""A saved model as one SELECT, to give the customers of a database their segment where they are."""

from core.errors import DataError
from core.schema import BY_NAME, CLUSTER, ID, NOT_CLUSTERED, OUTLIERS, UNKNOWN
from core.segments.category_features import NO_LEVEL, CategoryFeature
from core.segments.clusterer import Clustering, WritesSql
from core.segments.features import Feature
from core.segments.model import Model
from core.segments.registry import label_of
from core.segments.sql_text import literal, quoted, text

NAME = "segments.sql"
HEADER = """\
-- Segment of each customer by a saved {}.
-- Made for the cleaned table: one row per customer, columns named and valued as in customer_data_cleaned.csv.
-- ANSI SQL; an infinite value must be NULL before.
"""


def to_sql(model: Model, *, table: str = "customers", key: str = ID, keep: tuple[str, ...] = ()) -> str:
    """The SELECT: key, further columns to keep, `Cluster`.

    Three steps, each a derived table: standardised values or codes of levels `z1` …, squared distances or costs
    `d1` …, the nearest. The arithmetic is that of `Clustering.assign`, operation by operation, so both agree to the
    bit.

    Raises
    ------
    DataError
        The model's method writes no SQL.
    """
    clustering = model.clustering
    if not isinstance(clustering, WritesSql):
        raise DataError(why_no_sql(clustering), "Use `python -m core score` instead.")
    columns = ", ".join(map(quoted, (key, *keep)))
    parts = [f"z{i + 1}" for i in range(len(model.feature_specs) + len(model.categories))]
    distances = [f"d{i + 1}" for i in range(model.k)]
    values = [*map(_standardised, model.feature_specs), *map(_code, model.categories)]
    scaled = [_as(name, value) for name, value in zip(parts, values, strict=True)]
    squared = [_as(name, cost) for name, cost in zip(distances, _costs(clustering, parts, model), strict=True)]
    return (
        f"{HEADER.format(clustering.sql_note)}SELECT {columns},\n  {_nearest(distances)} AS {quoted(CLUSTER)}\n"
        f"FROM (\n  SELECT {columns}, outlying{''.join(squared)}\n"
        f"  FROM (\n    SELECT {columns}, {outlying_in_sql(model.feature_specs)} AS outlying{''.join(scaled)}\n"
        f"    FROM {quoted(table)}\n  ) AS scaled\n) AS distances\n"
    )


def why_no_sql(clustering: Clustering) -> str:
    """Why there is no SELECT for some segments, as a sentence; empty where there is one."""
    if isinstance(clustering, WritesSql):
        return ""
    return f"There is no {NAME}: segments by {label_of(clustering)} cannot be written as SQL."


def _as(name: str, expression: str) -> str:
    return f",\n      {expression} AS {name}"


def _nearest(distances: list[str]) -> str:
    """A distance is NULL for a customer who lacks a feature, and so is every comparison with it."""
    if not distances:
        return text(NOT_CLUSTERED)
    cases = [f"WHEN {distances[0]} IS NULL THEN {text(NOT_CLUSTERED)}", f"WHEN outlying = 1 THEN {text(OUTLIERS)}"]
    for i, name in enumerate(distances[:-1]):
        nearer = " AND ".join(f"{name} <= {other}" for other in distances[i + 1 :])
        cases.append(f"WHEN {nearer} THEN '{i + 1}'")
    return "CASE\n    " + "\n    ".join(cases) + f"\n    ELSE '{len(distances)}'\n  END"


def _standardised(feature: Feature) -> str:
    value, scale = value_in_sql(feature), feature.scale
    if scale.scaling == "log":
        unit = literal(1)
        value = f"(CASE WHEN {value} < 0 THEN -LN({unit} - {value}) ELSE LN({unit} + {value}) END)"
    return f"({value} - {literal(scale.centre)}) / {literal(scale.spread)}"


def _costs(clustering: WritesSql, parts: list[str], model: Model) -> list[str]:
    costs = clustering.sql_costs(parts)
    if model.feature_specs:
        return costs
    nothing = " AND ".join(f"{name} = {NO_LEVEL}" for name in parts)  # numbers that are missing make a cost NULL
    return [f"CASE WHEN {nothing} THEN NULL ELSE {cost} END" for cost in costs]


def _code(category: CategoryFeature) -> str:
    levels = " ".join(f"WHEN {text(level)} THEN {code}" for code, level in enumerate(category.levels))
    return f"CASE {quoted(category.name)} {levels} ELSE {NO_LEVEL} END"


def outlying_in_sql(features: tuple[Feature, ...]) -> str:
    """An expression that is 1 for an outlier, else 0."""
    outside = [
        f"{value_in_sql(feature)} {sign} {literal(end)}"
        for feature in features
        if feature.inlier_range is not None
        for sign, end in zip("<>", feature.inlier_range, strict=True)
    ]
    return f"CASE WHEN {' OR '.join(outside)} THEN 1 ELSE 0 END" if outside else "0"


def value_in_sql(feature: Feature) -> str:
    """A feature's value in its own unit as an expression, NULL where it is unknown."""
    column = quoted(feature.name)
    if feature.yes_no:
        return f"(CASE {column} WHEN 'Yes' THEN {literal(1)} WHEN 'No' THEN {literal(0)} END)"
    if feature.name in BY_NAME and BY_NAME[feature.name].kind != "number":  # digits in a text, such as a postcode
        column = f"NULLIF({column}, {text(UNKNOWN)})"
    return f"CAST({column} AS DOUBLE PRECISION)"
