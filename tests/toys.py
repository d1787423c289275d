"""A visual, a table and a KPI that only tests register, as somebody who adds some would."""

from collections.abc import Iterator

import pandas as pd
import pytest

from core.schema import CLUSTER
from core.views import tables
from core.views.suppress import is_small
from core.visuals import kpis, registry
from core.visuals.kinds import stacked_shares
from core.visuals.kpis import FEW, SHOWN, Kpi
from core.visuals.table import BY_ROW, TABLES, Table
from core.visuals.visual import Visual

COLUMN = "job_title"  # by which nothing else is shown of those who have an industry


def titles(customers: pd.DataFrame) -> pd.DataFrame:
    """Customers by segment and job title."""
    return tables.count(customers, (CLUSTER, COLUMN))


TOY = stacked_shares("toy", "demographics", COLUMN)
TOY = Visual(**vars(TOY) | {"table": Table(titles, lambda: (CLUSTER, COLUMN), BY_ROW), "arguments": lambda _: ()})
KPI = Kpi(
    "toy",
    "Toy customers",
    build=lambda of: of.totals.mass_affluent,
    format=lambda value: f"{value:,} toys",
    hiding=lambda of, value: FEW if is_small(value, of.totals.customers) else SHOWN,
    surfaces=("overview", "strategy", "report", "summary"),
    note=lambda *_: "as a toy",
)


@pytest.fixture
def forgotten() -> Iterator[None]:
    """What a test registers is gone after it."""
    before: list[tuple[dict, dict]] = [
        (known, {**known}) for known in (registry.VISUALS._entries, kpis.KPIS._entries, TABLES)
    ]
    yield
    for known, entries in before:
        known.clear()
        known.update(entries)


@pytest.fixture
def toys(forgotten: None) -> None:  # noqa: ARG001
    """The toy visual and KPI among all others, for one test."""
    registry.VISUALS.add(TOY)
    kpis.KPIS.add(KPI)


def bank(few: int = 4) -> bytes:
    """120 customers of two age groups, in two titles, and `few` of a third."""
    rows = [
        f"c{i},{(25 if i % 2 else 65) + i % 5},{10 if i % 2 else 2},"
        f"{'Affluent Customer' if i % 3 else 'High Net Worth'},{'Diver' if i < few else ('Cook', 'Clerk')[i % 4 // 2]},"
        f"{('Health', 'IT')[i % 8 // 4]},{('Yes', 'No')[i % 5 // 3]}"
        for i in range(120)
    ]
    return (
        "\n".join([f"customer_id,age,property_valuation,wealth_segment,{COLUMN},job_industry,owns_car", *rows]) + "\n"
    ).encode()
