"""A saved model as one SELECT, to give the customers of a database their segment where they are."""

from core.schema import BY_NAME, CLUSTER, ID, NOT_CLUSTERED, OUTLIERS, UNKNOWN
from core.segments.features import Feature
from core.segments.model import Model

HEADER = """\
-- Segment of each customer by a saved k-means model: the nearest centre, the lowest number of those equally near.
-- Made for the cleaned table: one row per customer, columns named and valued as in customer_data_cleaned.csv.
-- ANSI SQL; an infinite value must be NULL before.
"""


def to_sql(model: Model, *, table: str = "customers", key: str = ID, keep: tuple[str, ...] = ()) -> str:
    """The SELECT: key, further columns to keep, `Cluster`.

    Three steps, each a derived table: standardised values `z1` …, squared distances `d1` …, the
    nearest. The arithmetic is that of `number.nearest`, operation by operation, so both agree to the bit.
    """
    columns = ", ".join(map(_quoted, (key, *keep)))
    parts = [f"z{i + 1}" for i in range(len(model.details))]
    distances = [f"d{i + 1}" for i in range(model.k)]
    scaled = [_as(name, _standardised(feature)) for name, feature in zip(parts, model.details, strict=True)]
    squared = [_as(name, _distance(parts, centre)) for name, centre in zip(distances, model.centres, strict=True)]
    return (
        f"{HEADER}SELECT {columns},\n  {_nearest(distances)} AS {_quoted(CLUSTER)}\n"
        f"FROM (\n  SELECT {columns}, outlying{''.join(squared)}\n"
        f"  FROM (\n    SELECT {columns}, {_outlying(model.details)} AS outlying{''.join(scaled)}\n"
        f"    FROM {_quoted(table)}\n  ) AS scaled\n) AS distances\n"
    )


def _as(name: str, expression: str) -> str:
    return f",\n      {expression} AS {name}"


def _nearest(distances: list[str]) -> str:
    """A distance is NULL for a customer who lacks a feature, and so is every comparison with it."""
    if not distances:
        return _text(NOT_CLUSTERED)
    cases = [f"WHEN {distances[0]} IS NULL THEN {_text(NOT_CLUSTERED)}", f"WHEN outlying = 1 THEN {_text(OUTLIERS)}"]
    for i, name in enumerate(distances[:-1]):
        nearer = " AND ".join(f"{name} <= {other}" for other in distances[i + 1 :])
        cases.append(f"WHEN {nearer} THEN '{i + 1}'")
    return "CASE\n    " + "\n    ".join(cases) + f"\n    ELSE '{len(distances)}'\n  END"


def _distance(parts: list[str], centre: list[float]) -> str:
    return " + ".join(f"({z} - {_number(at)}) * ({z} - {_number(at)})" for z, at in zip(parts, centre, strict=True))


def _standardised(feature: Feature) -> str:
    value, scale = _value(feature), feature.scale
    if scale.scaling == "log":
        one = _number(1)
        value = f"(CASE WHEN {value} < 0 THEN -LN({one} - {value}) ELSE LN({one} + {value}) END)"
    return f"({value} - {_number(scale.centre)}) / {_number(scale.spread)}"


def _outlying(features: tuple[Feature, ...]) -> str:
    outside = [
        f"{_value(feature)} {sign} {_number(end)}"
        for feature in features
        if feature.usual is not None
        for sign, end in zip("<>", feature.usual, strict=True)
    ]
    return f"CASE WHEN {' OR '.join(outside)} THEN 1 ELSE 0 END" if outside else "0"


def _value(feature: Feature) -> str:
    column = _quoted(feature.name)
    if feature.yes_no:
        return f"(CASE {column} WHEN 'Yes' THEN {_number(1)} WHEN 'No' THEN {_number(0)} END)"
    if feature.name in BY_NAME and BY_NAME[feature.name].kind != "number":  # digits in a text, such as a postcode
        column = f"NULLIF({column}, {_text(UNKNOWN)})"
    return f"CAST({column} AS DOUBLE PRECISION)"


def _number(value: float) -> str:
    """An approximate numeric literal: with an exponent it is a double everywhere, not a decimal."""
    text = repr(float(value))
    text = text if "e" in text else f"{text}E0"
    return f"({text})" if text.startswith("-") else text


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
