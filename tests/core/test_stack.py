"""Files whose columns are in different units are not put below each other."""

from datetime import date

import pytest

from core.errors import DataError
from core.pipeline import load
from core.rules import Rules
from core.schema import Column
from core.sources.file import FileSource
from core.spark.plan import stacked
from core.spark.storage import Stored
from core.spark.table import FileTable

RULES = Rules(date(2018, 1, 1))
UNIT = (
    "jan.csv, column “balance (k$)”: It is in another unit than the column “balance” of feb.csv, and the rows of both"
    " would be put below each other. Give one of the two files only, or write both in the same unit."
)


def files(first: str, second: str) -> list[FileSource]:
    """Two files of other customers, with these headers beside the id and the age."""
    return [
        FileSource("jan.csv", f"customer_id,age,{first}\n1,30,4\n2,40,6\n3,50,7\n".encode()),
        FileSource("feb.csv", f"customer_id,age,{second}\n4,30,4000\n5,40,6000\n".encode()),
    ]


def tables(first: Column, second: Column) -> list[FileTable]:
    """The same on Spark."""
    return [
        FileTable(Stored(f"{name}.csv", 9), "", (), columns={column.header: column}, rows=9 - at)
        for at, (name, column) in enumerate([("jan", first), ("feb", second)])
    ]


def test_thousands_are_not_put_below_single_units():
    with pytest.raises(DataError) as refused:
        load(files("balance (k$)", "balance"), RULES)
    assert str(refused.value) == UNIT


def test_a_currency_is_not_put_below_another():
    with pytest.raises(DataError, match=r"“balance \(GBP\)”: It is in another currency .*“balance \(USD\)” of feb.csv"):
        load(files("balance (GBP)", "balance (USD)"), RULES)


def test_a_file_with_a_column_more_is_refused_too():
    wide = "customer_id,age,tenure,state,balance (k$)\n1,30,2,NSW,4\n2,40,3,VIC,6\n3,50,1,QLD,7\n"
    narrow = "customer_id,age,state,balance\n4,30,NSW,4000\n5,40,VIC,6000\n"
    with pytest.raises(DataError, match="in another unit"):
        load([FileSource("jan.csv", wide.encode()), FileSource("feb.csv", narrow.encode())], RULES)


def test_a_currency_that_only_a_later_file_names_is_compared_with_those_after_it():
    wide = "customer_id,age,tenure,state,gender,balance\n1,30,2,NSW,F,4\n2,40,3,VIC,M,6\n"
    pounds = "customer_id,age,tenure,state,balance (GBP)\n3,30,2,NSW,4\n4,40,3,VIC,6\n"
    dollars = "customer_id,age,tenure,balance (USD)\n5,30,2,4\n6,40,3,6\n"
    sources = [FileSource(f"{at}.csv", text.encode()) for at, text in enumerate([wide, pounds, dollars])]
    with pytest.raises(DataError, match=r"1.csv, column “balance \(GBP\)”: .* “balance \(USD\)” of 2.csv"):
        load(sources, RULES)


@pytest.mark.parametrize(
    ("first", "second"), [("balance", "balance (GBP)"), ("balance (GBP)", "balance"), ("balance (GBP)",) * 2]
)
def test_a_currency_that_one_file_names_is_that_of_both(first, second):
    study = load(files(first, second), RULES)
    assert (len(study.customers), study.column("balance").currency) == (5, "GBP")


def test_spark_refuses_the_same():
    thousands = Column("balance", "number", "Balance", header="balance (k$)", times=1000)
    plain = Column("balance", "number", "Balance", header="balance")
    with pytest.raises(DataError) as refused:
        stacked(tables(thousands, plain))
    assert str(refused.value) == UNIT
    pounds = Column("balance", "number", "Balance", header="balance (GBP)", currency="GBP")
    assert [[column.currency for column in one.columns] for one in stacked(tables(plain, pounds))] == [["GBP"]]
