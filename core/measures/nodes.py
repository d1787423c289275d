"""What a formula is made of; every node is frozen and hashable."""

from dataclasses import dataclass
from typing import Literal

Comparison = Literal["=", "!=", "<", "<=", ">", ">="]
Counting = Literal["count", "share"]
Summing = Literal["mean", "sum"]
Word = Literal["and", "or"]
Operator = Literal["+", "-", "*", "/"]


@dataclass(frozen=True)
class Number:
    """A number written in the formula."""

    value: float


@dataclass(frozen=True)
class Value:
    """A customer's own number, in a formula of one customer."""

    column: str


@dataclass(frozen=True)
class Customers:
    """The number of customers."""


@dataclass(frozen=True)
class Compared:
    """A column compared with a number or a text; unknown where the column is."""

    column: str
    comparison: Comparison
    value: float | str


@dataclass(frozen=True)
class Joined:
    """Two conditions that must both be true, or one of them."""

    word: Word
    left: "Condition"
    right: "Condition"


@dataclass(frozen=True)
class Counted:
    """`count` or `share` of the customers for whom a condition is true, among those for whom `where` is."""

    function: Counting
    condition: "Condition"
    where: "Condition | None" = None


@dataclass(frozen=True)
class Summed:
    """`mean` or `sum` of a column, over the customers who have it, among those for whom `where` is true."""

    function: Summing
    column: str
    where: "Condition | None" = None


@dataclass(frozen=True)
class Negative:
    """A changed sign."""

    operand: "Node"


@dataclass(frozen=True)
class Operation:
    """One of the four operations of arithmetic."""

    operator: Operator
    left: "Node"
    right: "Node"


Condition = Compared | Joined
Node = Number | Value | Customers | Counted | Summed | Negative | Operation
