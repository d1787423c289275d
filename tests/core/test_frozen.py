"""A saved model reads and tells later customers as those that it was made from."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from core.analysis import Analysis
from core.errors import AmbiguousDatesError, AmbiguousNumbersError
from core.intake.match import Match, TableSource, frozen_roles, result_columns
from core.pipeline import load, load_by, segment
from core.rules import MassAffluent, Rules
from core.schema import BY_NAME, HIGH_POTENTIAL, MASS_AFFLUENT, Column
from core.segments.model import Model, freeze
from core.segments.model_file import from_dict
from core.sources.file import FileSource

RULES = Rules(date(2024, 1, 1))


BALANCES = "customer_id;age;balance"


def files(header, *rows):
    return [FileSource("bank.csv", "\n".join([header, *(";".join(map(str, row)) for row in rows)]).encode())]


def made(header, rows, rules=RULES):
    """The model of some customers, as it is read back from its file."""
    study = load(files(header, *rows), rules)
    written = Analysis(study, segment(study, 2)).frozen.to_dict()
    model = from_dict(written)
    assert model.to_dict() == written
    return model


def later(model, header, *rows):
    return load_by(files(header, *rows), model.reading_rules, model)


def test_a_share_does_not_hold_where_only_the_highest_values_could_not_be_read():
    rows = [(f"c{i}", 30 + i, 1000 * i if i < 35 else "over a lot") for i in range(40)]
    doubt = load(files(BALANCES, *rows), RULES).wealth.doubt
    assert doubt == (
        "The share does not hold for everybody: the values of Balance that could not be read are all of one kind."
    )


MANY = [(f"c{i}", 20 + i, 1000.0 * i) for i in range(40)]


def test_the_band_is_that_of_the_model_whatever_the_later_customers_have():
    model = made(BALANCES, MANY)
    assert (model.wealth.low, model.wealth.high, model.wealth.relative) == (28_000, 38_000, True)
    study = later(model, BALANCES, ("n1", 30, 5000), ("n2", 30, 28_000), ("n3", 30, 38_000), ("n4", 50, ""))
    assert study.wealth == model.wealth
    flags = study.customers[[MASS_AFFLUENT, HIGH_POTENTIAL]].to_numpy().tolist()
    assert flags == [["No", "No"], ["Yes", "Yes"], ["No", "Yes"], ["Unknown", "No"]]


def test_a_model_of_before_tells_by_the_bounds_of_its_rules():
    rules = replace(RULES, mass_affluent=MassAffluent(measure="balance", min_measure=100_000, max_measure=1_000_000))
    written = made(BALANCES, MANY, rules).to_dict()
    old = from_dict({name: part for name, part in written.items() if name not in ("wealth", "roles", "columns")})
    assert old.wealth is None
    study = later(old, BALANCES, ("n1", 30, 99_999), ("n2", 30, 100_000), ("n3", 30, 1_000_000))
    assert study.customers[MASS_AFFLUENT].tolist() == ["No", "Yes", "No"]


def test_a_tenure_that_counted_months_counts_them_in_a_later_file_of_newcomers():
    model = made("customer_id;age;tenure", [(f"c{i}", 25 + i, 3 * i + 1) for i in range(40)])
    assert model.roles["tenure"] == "tenure_months"
    study = later(model, "customer_id;age;tenure", ("n1", 40, 6), ("n2", 40, 24))
    assert study.customers["tenure"].tolist() == [0.5, 2]


@pytest.mark.parametrize(
    ("told", "open_", "error", "column", "expected"),
    [
        ("31/01/1980", "02/03/1990", AmbiguousDatesError, "date_of_birth", pd.Timestamp("1990-03-02")),
        ("01/31/1980", "02/03/1990", AmbiguousDatesError, "date_of_birth", pd.Timestamp("1990-02-03")),
        ("1.234,5", "2.500", AmbiguousNumbersError, "balance", 2500),
    ],
)
def test_what_a_later_file_leaves_open_is_read_as_in_the_models_files(told, open_, error, column, expected):
    header = f"customer_id;{column};spend"
    model = made(header, [(f"c{i}", told, 10 + i) for i in range(20)])
    rows = [("n1", open_, 3), ("n2", open_, 4)]
    with pytest.raises(error):
        load(files(header, *rows), RULES)
    assert later(model, header, *rows).customers[column].tolist() == [expected] * 2


def test_what_a_later_file_does_tell_is_read_as_it_tells():
    model = made("customer_id;date_of_birth;spend", [(f"c{i}", "31/01/1980", 10 + i) for i in range(20)])
    study = later(model, "customer_id;date_of_birth;spend", ("n1", "02/27/1990", 3), ("n2", "03/04/1990", 4))
    assert study.customers["date_of_birth"].dt.month.tolist() == [2, 3]


def test_what_the_models_files_read_in_two_ways_stays_open():
    model = Model((), None, {}, {}, RULES, decided={"Birth date": "day first", "Join date": "month first"})
    assert model.settled(RULES) == RULES
    decided = {"Birth date": "month first", "Balance": "decimal comma"}
    intake = replace(model, decided=decided).settled(RULES).intake
    assert (intake.date_order, intake.decimal_mark) == ("month_first", "comma")


SOURCES = [
    TableSource(
        "one", 3, 0, {},
        (
            Match("Kunde", "customer_id", 1, ""), Match("DOB", "date_of_birth", 1, ""),
            Match("Spent (k$)", "measure", 1, ""), Match("Line", "", 1, ""), Match("Name", "personal", 1, ""),
            Match("Month", "tenure_months", 1, ""),
        ),
    ),
    TableSource("two", 3, 0, {}, (Match("Kunde", "customer_id", 1, ""), Match("Month", "measure", 1, ""))),
]  # fmt: skip


def test_the_columns_of_the_result_go_by_the_headers_of_the_files():
    spent = Column("spent", "number", "Spent", header="Spent (k$)")
    columns = [BY_NAME["customer_id"], BY_NAME["age"], spent]
    assert result_columns(SOURCES, columns) == {"Kunde": "customer_id", "DOB": "age", "Spent (k$)": "spent"}


def test_the_role_of_a_header_is_frozen_where_all_tables_agree():
    assert frozen_roles(SOURCES) == {"Kunde": "customer_id", "DOB": "date_of_birth", "Spent (k$)": "measure"}


def test_the_model_names_the_headers_of_the_file():
    header = "Client No;Customer age;Balance"
    model = made(header, MANY)
    assert model.columns == {"Client No": "customer_id", "Customer age": "age", "Balance": "balance"}
    assert [(one.name, one.source) for one in model.feature_specs] == [("age", "Customer age"), ("balance", "Balance")]
    assert model.wealth.source == "Balance"


def test_the_total_of_a_column_of_transactions_comes_from_its_header():
    lines = [f"C{n % 20},2025-0{1 + n % 9}-11,{(n * 37) % 101 + n % 20 * 50}" for n in range(200)]
    content = "\n".join(["Customer ID,Order Date,Sales (EUR)", *lines]).encode()
    study = load([FileSource("orders.csv", content)], RULES)
    model = freeze(segment(study, 2), RULES, files=[], digest="", described=study.columns)
    assert ("sales_total", "Sales (EUR)") in [(one.name, one.source) for one in model.feature_specs]
