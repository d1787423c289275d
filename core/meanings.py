"""What a column can mean for a bank, and what follows: may it measure wealth, be a feature, be summed.

A column of the schema keeps its name, every other column its own; both have a meaning. What is done with a column
follows from the entry here, never from its name.
"""

from dataclasses import dataclass
from typing import Final, Literal

Family = Literal["wealth", "activity", "recency", "tenure", "age", "other", ""]
Merged = Literal["sum", "mean", "latest"]


@dataclass(frozen=True)
class Meaning:
    """One meaning of a column.

    Parameters
    ----------
    key : str
        Its name in `schema.Column.meaning`, rules files and `model.json`.
    label : str
        As the analyst reads it.
    family : str
        What it says of a customer; one column of each family is a default feature. Empty: never a default feature.
    wealth_rank : int
        Its place among the measures of wealth, from 1, the best; 0 for what never measures wealth.
    money : bool
        Whether it is an amount of a currency.
    has_band : bool
        Whether an absolute band of mass affluence makes sense for it.
    merged : {"sum", "mean", "latest"}
        How the numbers of a customer's accounts become one.
    """

    key: str
    label: str
    family: Family = ""
    wealth_rank: int = 0
    money: bool = False
    has_band: bool = False
    merged: Merged = "latest"


MEANINGS: Final[dict[str, Meaning]] = {
    meaning.key: meaning
    for meaning in (
        Meaning("valuation", "Band of property value", "wealth", 1),
        Meaning("net_worth", "Net worth", "wealth", 2, money=True, has_band=True),
        Meaning("assets", "Assets", "wealth", 3, money=True, has_band=True, merged="sum"),
        Meaning("balance", "Deposits or balance", "wealth", 4, money=True, has_band=True, merged="sum"),
        Meaning("income", "Income", "wealth", 5, money=True),
        Meaning("credit_limit", "Credit limit", "wealth", 6, money=True, merged="sum"),
        Meaning("property_value", "Property value", "wealth", 7, money=True),
        Meaning("customer_value", "Customer value", "wealth", 8, money=True, merged="sum"),
        Meaning("spend", "Spend or charges", "activity", 9, money=True, merged="sum"),
        Meaning("activity", "Count of activity", "activity", merged="sum"),
        Meaning("quantity", "Quantity", "activity", merged="sum"),
        Meaning("unit_price", "Price of one", "other", merged="mean"),
        Meaning("recency", "Time since the last activity", "recency"),
        Meaning("tenure", "Tenure", "tenure"),
        Meaning("age", "Age", "age"),
        Meaning("rfm", "Score or group of recency, frequency and monetary value"),
        Meaning("score", "Score", "other"),
        Meaning("share", "Share or ratio", "other", merged="mean"),
        Meaning("debt", "Debt", "other", money=True, merged="sum"),
        Meaning("number", "Another number", "other", merged="sum"),
        Meaning("area", "Figure of an area, not of the customer"),
        Meaning("outcome", "Outcome or prediction"),
        Meaning("code", "Code or id"),
        Meaning("weight", "Weight"),
        Meaning("constant", "The same for everybody"),
        Meaning("category", "Category"),
        Meaning("place", "Place"),
        Meaning("currency", "Currency"),
        Meaning("date", "Date"),
        Meaning("result", "Result of an earlier run"),
        Meaning("personal", "Personal, left out"),
    )
}


def meaning_of(key: str) -> Meaning:
    """The meaning by its key; a plain number where a column has none."""
    return MEANINGS.get(key, MEANINGS["number"])
