"""A formula as a tree, by recursive descent; names are those of the data's columns.

formula   = term (("+" | "-") term)*
term      = factor (("*" | "/") factor)*
factor    = "-" factor | "(" formula ")" | number | "customers" | call
call      = ("mean" | "sum") "(" column [where] ")" | ("count" | "share") "(" condition [where] ")"
where     = "where" condition
condition = both ("or" both)*
both      = test ("and" test)*
test      = "(" condition ")" | column [comparison (number | text)]
"""

from collections.abc import Callable
from typing import Final, TypeVar, cast, get_args

from core.errors import MeasureError
from core.measures import nodes
from core.measures.columns import SHORT, Columns, listed, meant, named, numbers
from core.measures.nodes import Comparison, Condition, Counting, Node, Operator, Summing, Word
from core.measures.tokens import Kind, Token, tokens

DEEPEST: Final = 50  # levels of parentheses and signs
FUNCTIONS: Final = (*get_args(Counting), *get_args(Summing))
COMPARISONS: Final = get_args(Comparison)
SAME: Final = {"<>": "!=", "==": "="}  # other spellings of a comparison
# what others call a function
OTHER_WORDS: Final = {"avg": "mean", "average": "mean", "total": "sum", "number": "count", "percent": "share"}
Part = TypeVar("Part", Node, Condition)


def parse(formula: str, columns: Columns) -> Node:
    """Read a formula.

    Raises
    ------
    MeasureError
        Something that the language or the data does not have; it points at the character and says
        what there is.
    """
    return _Parser(formula, columns).whole()


def parse_condition(condition: str, columns: Columns) -> Condition:
    """Read a condition on one customer, such as `segment = 2 and is_mass_affluent`; it fails as `parse` does."""
    parser = _Parser(condition, columns)
    return parser.ended(parser.condition())


def parse_row(formula: str, columns: Columns) -> Node:
    """Read a formula of one customer's numbers, such as `purchases * property_valuation`; it fails as `parse` does."""
    return _RowParser(formula, columns).whole()


class _Parser:
    """Reads the tokens from left to right, one method a rule of the grammar."""

    def __init__(self, formula: str, columns: Columns) -> None:
        self.formula, self.columns = formula, columns
        self.tokens, self.at, self.depth = tokens(formula), 0, 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def whole(self) -> Node:
        return self.ended(self.formula_rule())

    def ended(self, node: Part) -> Part:
        if self.next.kind != "end":
            inside = "Put it inside of the parentheses: mean(… where …)."
            remedy = inside if self.next.is_word("where") else "Put an operation before it."
            raise self.wrong(self.next, f"“{self.next.text}” is not expected here.", remedy)
        return node

    def formula_rule(self) -> Node:
        return self.chain(self.term, ("+", "-"))

    def term(self) -> Node:
        return self.chain(self.factor, ("*", "/"))

    def chain(self, part: Callable[[], Node], operators: tuple[str, ...]) -> Node:
        node = part()
        while self.next.kind == "sign" and self.next.text in operators:
            node = nodes.Operation(cast(Operator, self.take().text), node, part())
        return node

    def factor(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return nodes.Number(self.number(token))
        if token.kind == "sign" and token.text == "-":
            return nodes.Negative(self.deeper(token, self.factor))
        if token.kind == "sign" and token.text == "(":
            return self.closed(token, self.formula_rule)
        if token.kind == "name" and token.text.casefold() == "customers":
            return nodes.Customers()
        if token.kind == "name":
            return self.call(token)
        found = f"“{token.text}”" if token.text else "the end"
        raise self.wrong(token, f"A number, customers or a function is expected, not {found}.", self.functions())

    def call(self, name: Token) -> Node:
        function = name.text.casefold()
        if function not in FUNCTIONS:
            known = named(self.columns, name.text)
            other = f"Did you mean {OTHER_WORDS[function]}? " if function in OTHER_WORDS else ""
            near = (other or meant(name.text, (*FUNCTIONS, "customers"))) + self.functions()
            remedy = f"Say what of it: {self.possible(known)}." if known else near
            raise self.wrong(name, f"“{name.text}” is not a function.", remedy)
        opening = self.take()
        if opening.text != "(":
            raise self.wrong(opening, f"“{name.text}” needs what it is of.", f"Write {function}(…).")
        return self.closed(opening, lambda: self.aggregate(function))

    def aggregate(self, function: str) -> Node:
        if function in get_args(Summing):
            return nodes.Summed(cast(Summing, function), self.numeric(function), self.where())
        return nodes.Counted(cast(Counting, function), self.condition(), self.where())

    def where(self) -> Condition | None:
        if not self.next.is_word("where"):
            return None
        self.take()
        return self.condition()

    def condition(self) -> Condition:
        return self.joined(lambda: self.joined(self.test, "and"), "or")

    def joined(self, part: Callable[[], Condition], word: Word) -> Condition:
        node = part()
        while self.next.is_word(word):
            self.take()
            node = nodes.Joined(word, node, part())
        return node

    def test(self) -> Condition:
        if self.next.text == "(":
            return self.closed(self.take(), self.condition)
        name = self.next
        column = self.column()
        values = self.columns[column]
        if self.next.kind != "sign" or self.next.text not in (*COMPARISONS, *SAME):
            if isinstance(values, int) or "Yes" not in values:
                raise self.wrong(name, f"“{name.text}” is not a yes or no.", f"Compare it: {column} = ….")
            return nodes.Compared(column, "=", "Yes")
        sign = self.take()
        comparison = cast(Comparison, SAME.get(sign.text, sign.text))
        if isinstance(values, int):
            return nodes.Compared(column, comparison, self.signed_number(column))
        if comparison not in ("=", "!="):
            raise self.wrong(sign, f"{column} has no order.", "Compare it with = or !=.")
        return nodes.Compared(column, comparison, self.value(column, values))

    def signed_number(self, column: str) -> float:
        negative = self.next.text == "-" and self.take()
        number = self.expect("number", f"{column} is a number.", "Compare it with one, such as 40.")
        return -self.number(number) if negative else self.number(number)

    def value(self, column: str, values: tuple[str, ...]) -> str:
        by_lower = {value.casefold(): value for value in values}
        bare = by_lower.get(self.next.text.casefold())
        near = f'Did you mean "{bare}"? ' if bare else ""
        remedy = f"{near}Compare it with one in quotes: {listed(values)}."
        if self.next.kind == "number" and self.next.text in values:  # a number of a segment needs no quotes
            return self.take().text
        token = self.expect("text", f"{column} is a text.", remedy)
        if token.text[1:-1] in values:  # values may differ in case only
            return token.text[1:-1]
        if (wanted := token.text[1:-1].casefold()) not in by_lower:
            near = meant(wanted, values)
            raise self.wrong(token, f"{column} has no value {token.text}.", f"{near}It has: {listed(values)}.")
        return by_lower[wanted]

    def numeric(self, function: str) -> str:
        name = self.next
        column = self.column()
        values = self.columns[column]
        if not isinstance(values, int):
            share = function == "mean" and "Yes" in values
            near = f"Did you mean share({name.text})? " if share else ""
            known = ", ".join(numbers(self.columns)) or "none"
            raise self.wrong(name, f"{column} is not a number.", f"{near}Numbers: {known}.")
        return column

    def column(self) -> str:
        token = self.take()
        column = named(self.columns, token.text) if token.kind == "name" else None
        if column is None:
            found = f"“{token.text}”" if token.text else "the end"
            known = ", ".join(self.columns) or "none"
            short = [name for name in SHORT if named(self.columns, name)]
            near = meant(token.text, (*short, *self.columns))
            raise self.wrong(token, f"A column is expected, not {found}.", f"{near}Columns: {known}.")
        return column

    def closed(self, opening: Token, inside: Callable[[], Part]) -> Part:
        node = self.deeper(opening, inside)
        closing = self.take()
        if closing.text != ")":
            again = closing.is_word("where")
            near = "Join conditions by and. " if again else meant(closing.text, ("where", *get_args(Word)))
            raise self.wrong(
                closing, "A parenthesis is not closed.", f"{near}Put ) for the ( at {opening.position + 1}."
            )
        return node

    def deeper(self, token: Token, inside: Callable[[], Part]) -> Part:
        if self.depth >= DEEPEST:
            raise self.wrong(token, f"The formula is nested more than {DEEPEST} deep.", "Split it.")
        self.depth += 1
        node = inside()
        self.depth -= 1
        return node

    def number(self, token: Token) -> float:
        if (value := float(token.text)) == float("inf"):
            raise self.wrong(token, "The number is too large.", "Write a smaller one.")
        return value

    def expect(self, kind: Kind, found: str, remedy: str) -> Token:
        token = self.take()
        if token.kind != kind:
            raise self.wrong(token, found, remedy)
        return token

    def take(self) -> Token:
        token = self.next
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def possible(self, column: str) -> str:
        """What can be asked of a column."""
        known = self.columns[column]
        if isinstance(known, int):
            return f"mean({column}) or share({column} >= …)"
        return f"share({column}) or count({column})" if "Yes" in known else f"share({column} = …)"

    def functions(self) -> str:
        return f"There are {', '.join(f'{name}(…)' for name in FUNCTIONS)} and customers."

    def wrong(self, token: Token, found: str, remedy: str) -> MeasureError:
        return MeasureError(found, remedy, self.formula, token.position)


class _RowParser(_Parser):
    """Reads a formula of one customer: a name is a column of numbers there."""

    def factor(self) -> Node:
        if self.next.is_word("customers"):
            raise self.wrong(self.next, "This formula is of one customer.", self.functions())
        return super().factor()

    def call(self, name: Token) -> Node:
        column = named(self.columns, name.text)
        if column is None or not isinstance(self.columns[column], int):
            found = f"{column} is not a number." if column else f"A column is expected, not “{name.text}”."
            raise self.wrong(name, found, meant(name.text, numbers(self.columns)) + self.functions())
        return nodes.Value(column)

    def functions(self) -> str:
        return f"Numbers: {', '.join(numbers(self.columns)) or 'none'}."
