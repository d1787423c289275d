"""The tables behind the three dashboard pages, by our own functions and as SQL in DuckDB."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import duckdb
import pandas as pd

from core.rules import MassAffluent, Rules
from core.schema import CLUSTER, HIGH_POTENTIAL, MASS_AFFLUENT, UNKNOWN
from core.strategy.audience import moves
from core.strategy.insights import FIELDS, facts
from core.study import Study
from core.views import tables

VALUE, MEASURES = "property_valuation", ("property_valuation", "purchases", "tenure")
Tables = Mapping[str, Callable[[pd.DataFrame], Any]]


def ours(study: Study) -> Tables:
    """Each table by its name; what depends on all customers is worked out here, once, as the pages do."""
    rule = tried(study.rules)
    step, measured = tables.value_step(study.customers[VALUE]), tables.measured(study.customers, MEASURES)
    return {
        "totals": tables.totals,
        "by_cluster": lambda customers: tables.by_cluster(customers, measured),
        "ages": lambda one: tables.histogram(one, "age"),
        "cars": lambda customers: tables.count(customers, [CLUSTER, "owns_car"]),
        "jobs": lambda customers: tables.count(customers, [CLUSTER, "job_industry"]),
        "age_by_value": lambda customers: tables.age_by_value(customers, VALUE, step),
        "places": tables.places,
        "facts": facts,
        "moves": lambda customers: moves(customers, study.rules, rule),
    }


def tried(rules: Rules) -> MassAffluent:
    """A rule to try in the simulation that is not today's, whose answer is known."""
    return replace(rules.mass_affluent, min_property_valuation=rules.mass_affluent.min_property_valuation - 1)


def sql(rules: Rules) -> Mapping[str, tuple[str, ...]]:
    """The same tables as queries on a table `customers`; `{where}` is where a filter goes."""
    return {
        "totals": (_grouped([], f"{_flags()}, count(*) FILTER ({CLUSTER} = 'Not clustered')"),),
        "by_cluster": (_grouped([CLUSTER], f"{_flags()}, " + ", ".join(f"count({m}), sum({m})" for m in MEASURES)),),
        "ages": (_grouped([CLUSTER, "age"], known=["age"]),),
        "cars": (_grouped([CLUSTER, "owns_car"]),),
        "jobs": (_grouped([CLUSTER, "job_industry"]),),
        "age_by_value": (_grouped([CLUSTER, f"floor(age / {tables.AGE_BIN})", VALUE], known=["age", VALUE]),),
        "places": (_grouped(["state", "postcode"], _flags()),),
        "facts": tuple(_grouped(by, _flags()) for by in (*([field] for field in FIELDS), [CLUSTER, "state"])),
        "moves": (_grouped([CLUSTER, MASS_AFFLUENT, _tried(rules), HIGH_POTENTIAL]),),
    }


def database(customers: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    """The customers, categories as ENUM, in DuckDB's own columns in memory."""
    connection = duckdb.connect()
    connection.register("frame", customers)
    connection.execute("CREATE TABLE customers AS SELECT * FROM frame")
    return connection


def run(connection: duckdb.DuckDBPyConnection, queries: Mapping[str, tuple[str, ...]], where: str = "") -> list[Any]:
    """Run all queries and fetch what they give as data frames."""
    return [connection.execute(text.replace("{where}", where)).df() for each in queries.values() for text in each]


def _grouped(by: list[str], more: str = "", known: list[str] | None = None) -> str:
    columns = ", ".join(filter(None, [*by, "count(*) AS customers", more]))
    lacking = "".join(f" AND {name} IS NOT NULL" for name in known or ())
    return f"SELECT {columns} FROM customers WHERE true{{where}}{lacking}" + (" GROUP BY ALL" if by else "")


def _flags() -> str:
    return ", ".join(
        f"count(*) FILTER ({flag} = 'Yes'), count(*) FILTER ({flag} <> '{UNKNOWN}')"
        for flag in (MASS_AFFLUENT, HIGH_POTENTIAL)
    )


def _tried(rules: Rules) -> str:
    """The rule that is tried in the simulation, in SQL's own three-valued logic."""
    rule = tried(rules)
    in_, by_value, out = (
        f"wealth_segment IN ({', '.join(repr(one) for one in words)})"
        for words in (rule.segments_in, rule.segment_by_valuation, rule.segments_out)
    )
    return f"({in_} OR ({by_value} AND {VALUE} >= {rule.min_property_valuation})) AND NOT {out}"
