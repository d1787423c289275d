"""Recency, frequency and monetary value: scores, groups, and where they come from."""

import csv
import io
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.analysis import Analysis
from core.intake.rfm import GROUPS, NAMES, groups, monetary_of, scores, with_rfm
from core.pipeline import load, segment
from core.results import FILES
from core.rules import Rules
from core.schema import BY_NAME, FREQUENCY_SCORE, MONETARY_SCORE, RECENCY_SCORE, RFM, RFM_GROUP, Column
from core.sources.file import FileSource
from core.views.heatmap import heatmap
from core.visuals.registry import VISUALS
from core.visuals.visual import picture

COLUMNS = (
    Column("customer_id", "id", "Customer id", meaning="code"),
    Column("idle", "number", "Idle", meaning="recency"),
    Column("visits", "number", "Visits", meaning="activity"),
    Column("paid", "number", "Paid", meaning="spend"),
)


def people(**columns):
    rows = len(next(iter(columns.values())))
    usual = {"customer_id": [str(at) for at in range(rows)]} | {
        name: np.arange(rows, dtype=float) for name in ("idle", "visits", "paid")
    }
    return pd.DataFrame(usual | columns)


def loaded(text, as_of=date(2026, 1, 1)):
    return load([FileSource("bank.csv", text.encode())], Rules(as_of))


def test_fifths_are_of_the_ranks_and_equal_values_share_a_score():
    assert scores(np.arange(10.0)).tolist() == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]
    assert scores(np.array([7.0, np.nan, 3])).tolist() == [3, 5, 1]
    assert scores(np.full(4, 2.0)).tolist() == [2] * 4, "all the same: the middle"
    assert scores(np.array([1.0] * 9 + [2])).tolist() == [2] * 9 + [4]
    assert scores(np.array([np.nan])).tolist() == [5]


@given(st.lists(st.one_of(st.just(float("nan")), st.integers(-5, 5).map(float)), max_size=60))
def test_a_larger_value_never_has_a_lower_score(values):
    found, values = scores(np.array(values)), np.array(values)
    known = ~np.isnan(values)
    assert (found[~known] == 5).all()
    for value in set(values[known]):
        assert len(set(found[values == value])) == 1
        assert (found[known & (values > value)] >= found[values == value][0]).all()


def test_every_cell_has_a_usual_name():
    assert {name for row in NAMES for name in row} == {*GROUPS}
    found = groups(np.array([4, 4, 0, 0, 5, 2]), np.array([4, 0, 4, 0, 1, 5]))
    assert [*found] == ["Champions", "New", "Cannot lose", "Hibernating", "Unknown", "Unknown"]


def test_recency_is_better_when_it_is_short():
    customers, columns, steps = with_rfm(people(idle=np.arange(50.0)), COLUMNS)
    assert customers[RECENCY_SCORE].tolist() == [*"5" * 10, *"4" * 10, *"3" * 10, *"2" * 10, *"1" * 10]
    assert customers[FREQUENCY_SCORE].tolist() == customers[RECENCY_SCORE].tolist()[::-1]
    assert [column.name for column in columns[4:]] == [RECENCY_SCORE, FREQUENCY_SCORE, MONETARY_SCORE, RFM_GROUP]
    assert monetary_of(columns) == "paid"
    assert [step.title for step in steps] == [
        "Scored recency, frequency and monetary value from 1 to 5: Idle, Visits, Paid"
    ]


def test_what_lacks_a_part_or_has_groups_of_its_own_stays_as_it_is():
    customers = people(paid=np.arange(50.0))
    for lacking in range(1, 4):
        rest = [column for at, column in enumerate(COLUMNS) if at != lacking]
        assert with_rfm(customers, rest) == (customers, tuple(rest), [])
    own = customers.assign(**{RFM_GROUP: "A"})
    assert with_rfm(own, (*COLUMNS, BY_NAME[RFM_GROUP]))[0] is own
    assert with_rfm(people(paid=np.arange(20.0)), COLUMNS)[2] == [], "of so few a fifth says nothing"


def test_of_several_sums_the_largest_is_the_spend():
    customers = people(paid=np.arange(50.0)).assign(average=1.0)
    columns = (*COLUMNS, Column("average", "number", "Average", meaning="spend"))
    assert monetary_of(with_rfm(customers, columns)[1]) == "paid"


def test_heaped_numbers_are_named():
    _, _, steps = with_rfm(people(visits=[1.0] * 45 + [2.0] * 5), COLUMNS)
    assert [(step.title, step.warns) for step in steps[:1]] == [
        ("Visits: 90% of the customers have the score 3 and nobody has the score 1 or 2 or 4, since equal numbers "
         "share one", True),
    ]  # fmt: skip


def test_transactions_give_all_three():
    rng = np.random.default_rng(0)
    lines = [f"{rng.integers(0, 60)},2025-{rng.integers(1, 13):02}-03,{rng.integers(5, 90)}" for _ in range(400)]
    study = loaded("\n".join(["customer_id,transaction_date,amount spent", *lines]))
    assert {*RFM} <= {*study.names}
    assert study.column(FREQUENCY_SCORE).header == "transactions"
    assert monetary_of(study.columns).endswith("_total")
    assert {*RFM} <= {*study.categories}, "customers are filtered and compared by them"
    assert not {*RFM} & {*study.defaults.names, *study.defaults.categories}, "they repeat what they are made of"


def test_a_table_of_quantities_and_prices_is_summed_to_what_was_paid():
    lines = [
        "7,2025-01-03,2,1.25",
        "7,2025-02-03,3,0.10",
        "7,2025-02-04,-1,1.25",
        "8,2025-05-03,4,2.00",
        "8,2025-06-03,,9",
    ]
    study = loaded("\n".join(["CustomerID,InvoiceDate,Quantity,UnitPrice", *lines]))
    assert study.customers.set_index("customer_id")["spend_total"].to_dict() == pytest.approx({"7": 1.55, "8": 8.0})
    own = loaded("\n".join(["CustomerID,InvoiceDate,Quantity,UnitPrice,Amount paid", *(f"{line},5" for line in lines)]))
    assert "spend_total" not in own.customers, "the file has an amount of its own"


@pytest.mark.parametrize("header", ["Last Purchase Date", "Date of last order"])
def test_a_date_of_the_last_purchase_is_days_before_the_day_of_the_ages(header):
    lines = [f"{at},2025-12-{1 + at % 30:02},{at % 7},{10 * at}" for at in range(60)]
    study = loaded("\n".join([f"customer_id,{header},orders,total spend", *lines]))
    days = study.customers["days_since_activity"]
    assert days.head(3).tolist() == [31, 30, 29]
    assert header.lower().replace(" ", "_") not in study.customers
    assert {*RFM} <= {*study.names}
    later = loaded("\n".join([f"customer_id,{header},orders,total spend", *lines]), date(2025, 12, 2))
    assert later.customers["days_since_activity"].head(3).tolist()[:2] == [1, 0]
    assert later.customers["days_since_activity"].isna().sum() == 56, "a day that has not come is not known"


@pytest.fixture(scope="module")
def analysis():
    rng = np.random.default_rng(1)
    lines = [
        f"{at},{rng.integers(1, 300)},{rng.integers(1, 40)},{rng.integers(10, 5000)},{rng.integers(20, 80)}"
        for at in range(300)
    ]
    study = loaded("\n".join(["customer_id,Recency,Frequency,Monetary,age", *lines]))
    return Analysis(study, segment(study, 3))


def test_one_row_per_customer_with_the_three_headers_is_scored(analysis):
    assert {*RFM} <= {*analysis.study.names}
    rows = list(csv.DictReader(io.StringIO(FILES["customer_data_cleaned.csv"].make(analysis).decode("utf-8-sig"))))
    assert {row[RFM_GROUP] for row in rows} <= {*GROUPS}


def test_the_heatmap_adds_up_and_can_be_clicked_by_group(analysis):
    visual = VISUALS["rfm"]
    assert visual.is_possible(analysis)
    shown = picture(visual, analysis)
    assert shown.title == "RFM group, by recency score and frequency score (darker: higher Monetary)"
    assert shown.data["customers"].sum() == 300
    cells = analysis.study.customers.groupby([RECENCY_SCORE, FREQUENCY_SCORE], observed=True)["monetary"].mean()
    chart = heatmap(shown.data, "monetary", title="Monetary", sign="$").to_dict()
    (rows,) = chart["datasets"].values()
    assert {(row["recency"], row["frequency"]): row["shade"] for row in rows} == pytest.approx(cells.to_dict())
    assert {row["inner"] for row in rows} <= {*GROUPS}
    assert "datum.customers == 1 ? ' customer' : ' customers'" in str(chart)
    assert visual.clicks == (RFM_GROUP,)
    assert heatmap(shown.data[[RECENCY_SCORE, FREQUENCY_SCORE, RFM_GROUP, "customers"]], "monetary", title="").to_dict()


def test_small_cells_are_hidden(analysis):
    hidden = picture(VISUALS["rfm"], Analysis(analysis.study, analysis.segments, hide=True))
    assert hidden.data.empty or hidden.data["customers"].min() >= 10
    assert "hidden" in hidden.note


def test_files_without_transactions_have_no_heatmap():
    lines = [f"{at},{20 + at % 50},{at}" for at in range(60)]
    study = loaded("\n".join(["customer_id,age,balance", *lines]))
    assert not VISUALS["rfm"].is_possible(Analysis(study, segment(study, 2)))
