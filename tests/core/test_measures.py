"""The language of measures: read, evaluated per cluster, written; a mistake is pointed at."""

import pickle

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DocumentError, MeasureError, RulesError
from core.measures.builder import formula, pickable
from core.measures.columns import columns_of
from core.measures.evaluate import counts, evaluate
from core.measures.measure import Measure, from_toml, results, to_toml, with_measure
from core.measures.nodes import Compared, Counted, Customers, Negative, Number, Operation, Summed
from core.measures.parse import parse
from core.schema import CLUSTER, MASS_AFFLUENT
from core.views.counted import COUNT

ANSWERS = ["Yes", "No", "Unknown"]


def people(rows):
    frame = pd.DataFrame(rows, columns=[CLUSTER, MASS_AFFLUENT, "owns_car", "state", "age", "purchases"])
    kinds = {CLUSTER: ["1", "2"], MASS_AFFLUENT: ANSWERS, "owns_car": ANSWERS, "state": ["NSW", "VIC", "Unknown"]}
    frame = frame.astype({name: pd.CategoricalDtype(values, ordered=True) for name, values in kinds.items()})
    return frame.astype({"age": "float64", "purchases": "float64"}).assign(customer_id="x")


FIVE = people(
    [
        ("1", "Yes", "Yes", "NSW", 40, 10),
        ("1", "No", "Unknown", "VIC", 39, 20),
        ("1", "Unknown", "No", "NSW", None, 30),
        ("2", "Yes", "No", "Unknown", 70, None),
        ("2", "Yes", "No", "VIC", 20, None),
    ]
)
COLUMNS = columns_of(FIVE)


def values(formula, customers=FIVE):
    node = parse(formula, COLUMNS)
    return evaluate(node, counts(customers, [node], COLUMNS)).tolist()


def test_formulas_name_numbers_and_columns_of_few_values_but_no_ids():
    assert {
        CLUSTER: ("1", "2"),
        MASS_AFFLUENT: tuple(ANSWERS),
        "owns_car": tuple(ANSWERS),
        "state": ("NSW", "VIC", "Unknown"),
        "age": 0,
        "purchases": 0,
    } == COLUMNS


@pytest.mark.parametrize(
    ("formula", "tree"),
    [
        ("1 + 2 * -3", Operation("+", Number(1), Operation("*", Number(2), Negative(Number(3))))),
        ("8 - 4 - 2", Operation("-", Operation("-", Number(8), Number(4)), Number(2))),
        ("Customers", Customers()),
        ("MEAN( Age )", Summed("mean", "age")),
        ("share(is_mass_affluent)", Counted("share", Compared(MASS_AFFLUENT, "=", "Yes"))),
        ("count(state <> 'nsw')", Counted("count", Compared("state", "!=", "NSW"))),
        ("count(age >= -.5e1)", Counted("count", Compared("age", ">=", -5))),
        ("count(age == 1)", Counted("count", Compared("age", "=", 1))),
        ("mean(age WHERE owns_car)", Summed("mean", "age", Compared("owns_car", "=", "Yes"))),
    ],
)
def test_a_formula_is_read_as_arithmetic_is(formula, tree):
    assert parse(formula, COLUMNS) == tree


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("customers", [5, 3, 2]),
        ("share(is_mass_affluent)", [0.75, 0.5, 1]),  # the unknown one is left out
        ("mean(purchases)", [20, 20, None]),
        ("sum(purchases) / customers", [12, 20, None]),
        ('count(owns_car = "Yes")', [1, 1, 0]),
        ("count(owns_car != 'Yes')", [3, 1, 2]),
        ("share(age >= 40)", [0.5, 0.5, 0.5]),
        ("share(age >= 40 and state = 'NSW')", [1 / 3, 1 / 2, 0]),  # known where one side decides
        ("share(age >= 40 or state = 'NSW')", [3 / 5, 2 / 3, 1 / 2]),
        ("count((age > 30 or age < 25) and cluster = '2')", [2, 0, 2]),
        ("count(state = 'Unknown')", [1, 0, 1]),
        ("mean(age where is_mass_affluent)", [130 / 3, 40, 45]),
        ("sum(age where is_mass_affluent and state = 'VIC')", [20, None, 20]),
        ("sum(age where state = 'VIC') + sum(age)", [228, 118, 110]),
        ("share(is_mass_affluent where owns_car = 'No')", [1, None, 1]),  # the unknown one is left out
        ("count(is_mass_affluent where state = 'VIC')", [1, 0, 1]),
        ("count(age > 30 where owns_car = 'No' or state = 'NSW')", [2, 1, 1]),
        ("100 * share(is_mass_affluent) / share(is_mass_affluent)", [100, 100, 100]),
        ("1 / count(owns_car)", [1, 1, None]),
        ("0 / 0", [None, None, None]),
        ("1e300 * 1e300", [None, None, None]),
        ("-(2 + 3) * 2", [-10, -10, -10]),
    ],
)
def test_a_measure_is_worked_out_in_total_and_by_cluster(formula, expected):
    found = [None if value != value else value for value in values(formula)]
    assert found == [None if value is None else pytest.approx(value) for value in expected]


def test_the_tables_of_two_halves_add_up():
    node = parse("share(age >= 40) + sum(purchases)", COLUMNS)
    halves = [counts(half, [node], COLUMNS).set_index(CLUSTER) for half in (FIVE.iloc[:2], FIVE.iloc[2:])]
    summed = halves[0].add(halves[1], fill_value=0).reset_index()
    assert evaluate(node, summed).equals(evaluate(node, counts(FIVE, [node], COLUMNS)))


@pytest.mark.parametrize(("value", "text"), [(0.0042, "0.0042"), (1e18, "1e18")])
def test_small_values_are_not_rounded_away_and_large_ones_fit(value, text):
    some = FIVE.assign(purchases=value)
    [found] = results(some, [Measure("m", "mean(purchases)")], columns_of(some))
    assert found.values == (("", text), ("1", text), ("2", text))


def test_nobody_has_no_values():
    assert values("share(is_mass_affluent)", FIVE.iloc[:0])[0] != values("customers", FIVE.iloc[:0])[0]


@pytest.mark.parametrize(
    ("formula", "pointer", "message"),
    [
        ("", "\n^", "A number, customers or a function is expected, not the end. "
            "There are count(…), share(…), mean(…), sum(…) and customers."),
        ("mean(agee)", "     ^", "A column is expected, not “agee”. Did you mean age? Columns: Cluster, "
            "Is_Mass_Affluent_Custom, owns_car, state, age, purchases."),
        ("median(age)", "^", "“median” is not a function. "
            "There are count(…), share(…), mean(…), sum(…) and customers."),
        ("means(age)", "^", "“means” is not a function. Did you mean mean? "
            "There are count(…), share(…), mean(…), sum(…) and customers."),
        ("share(is_mass_afluent)", "      ^", "A column is expected, not “is_mass_afluent”. Did you mean "
            "is_mass_affluent? Columns: Cluster, Is_Mass_Affluent_Custom, owns_car, state, age, purchases."),
        ("1 +\nage", "    ^", "“age” is not a function. Say what of it: mean(age) or share(age >= …)."),
        ("owns_car", "^", "“owns_car” is not a function. Say what of it: share(owns_car) or count(owns_car)."),
        ("state", "^", "“state” is not a function. Say what of it: share(state = …)."),
        ("mean(age where owns_car where owns_car)", "                        ^",
            "A parenthesis is not closed. Join conditions by and. Put ) for the ( at 5."),
        ("mean age", "     ^", "“mean” needs what it is of. Write mean(…)."),
        ("mean(state)", "     ^", "state is not a number. Numbers: age, purchases."),
        ("share(age)", "      ^", "“age” is not a yes or no. Compare it: age = …."),
        ("share(state = 'VICC')", "              ^", "state has no value 'VICC'. "
            'Did you mean VIC? It has: "NSW", "VIC", "Unknown".'),
        ("share(state < 'VIC')", "            ^", "state has no order. Compare it with = or !=."),
        ("share(state = 3)", "              ^", 'state is a text. Compare it with one in quotes: "NSW", "VIC", '
            '"Unknown".'),
        ("share(age = 'x')", "            ^", "age is a number. Compare it with one, such as 40."),
        ("avg(age)", "^", "“avg” is not a function. Did you mean mean? "
            "There are count(…), share(…), mean(…), sum(…) and customers."),
        ("mean(owns_car)", "     ^", "owns_car is not a number. "
            "Did you mean share(owns_car)? Numbers: age, purchases."),
        ("share(state = vic)", "              ^", "state is a text. "
            'Did you mean "VIC"? Compare it with one in quotes: "NSW", "VIC", "Unknown".'),
        ("mean(age wher owns_car)", "         ^",
            "A parenthesis is not closed. Did you mean where? Put ) for the ( at 5."),
        ("mean(age) where owns_car", "          ^", "“where” is not expected here. "
            "Put it inside of the parentheses: mean(… where …)."),
        ("mean(age, owns_car)", "        ^", "“,” has no meaning here. "
            "Did you mean where? Use numbers, names, + - * / ( ) and comparisons."),
        ("mean(age) * 2,5", "             ^", "A number has a decimal point and no other mark. Write 2.5."),
        ("share(age >= 1,200)", "              ^",
            "A number has a decimal point and no other mark. Write 1200 or 1.200."),
        ("1.234,5", "     ^", "A number has a decimal point and no other mark. Write it such as 1234.5."),
        ("1,2,3", " ^", "A number has a decimal point and no other mark. Write it such as 1234.5."),
        ("mean(age where age > 3, 5)", "                      ^", "“,” has no meaning here. "
            "Did you mean where? Use numbers, names, + - * / ( ) and comparisons."),
        ("(1 + 2", "      ^", "A parenthesis is not closed. Put ) for the ( at 1."),
        ("1 2", "  ^", "“2” is not expected here. Put an operation before it."),
        ("1 % 2", "  ^", "“%” has no meaning here. Use numbers, names, + - * / ( ) and comparisons."),
        ("share(state = 'VIC)", "              ^", "A text has no end. Close it with '."),
        ("1e999", "^", "The number is too large. Write a smaller one."),
        ("(" * 60, " " * 50 + "^", "The formula is nested more than 50 deep. Split it."),
        ("-" * 60, " " * 50 + "^", "The formula is nested more than 50 deep. Split it."),
        ("1" * 501, " " * 500 + "^", "The formula is longer than 500 characters. Split it."),
    ],
)  # fmt: skip
def test_a_mistake_is_pointed_at_and_what_there_is_is_listed(formula, pointer, message):
    with pytest.raises(MeasureError) as error:
        parse(formula, COLUMNS)
    assert str(error.value) == message
    assert str(pickle.loads(pickle.dumps(error.value))) == message, "a cache keeps it"
    assert error.value.pointer() == f"{formula.replace(chr(10), ' ')}\n{pointer.strip(chr(10))}"


WORDS = st.sampled_from(["mean", "where", "share", "count", "sum", "(", ")", "age", "state", "=", ">=", "'NSW'", "and",
    "or", "1", "-", "+", "/", "*", "customers", " ", '"', "is_mass_affluent", ".5"])  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.text() | st.lists(WORDS, max_size=120).map("".join) | st.lists(WORDS, max_size=60).map(" ".join))
def test_no_text_raises_anything_but_the_parsers_own_error(formula):
    try:
        node = parse(formula, COLUMNS)
    except MeasureError as error:
        node = Number(error.position)
    assert len(evaluate(node, counts(FIVE, [node], COLUMNS))) == 3


def test_many_conditions_are_counted_one_by_one():
    """As axes of one table, twenty of them would take 156 GiB."""
    measures = [
        Measure(str(first), " + ".join(f"count(age >= {age})" for age in range(first, first + 20)))
        for first in range(0, 200, 20)
    ]
    totals = [result.values[0] for result in results(FIVE, measures, COLUMNS)]
    each = [sum(age >= floor for age in (40, 39, 70, 20)) for floor in range(200)]
    assert totals == [("", str(sum(each[first : first + 20]))) for first in range(0, 200, 20)]


def test_a_value_in_its_own_case_comes_before_another_one():
    known = {"plan": ("Basic", "BASIC", "basic")}
    for value in known["plan"]:
        assert parse(f'count(plan = "{value}")', known).condition.value == value


@pytest.mark.parametrize("formula", ["+".join(["1"] * 250), f"count({' or '.join(['age=1'] * 54)})"])
def test_the_longest_formula_is_worked_out(formula):
    assert values(formula)[0] == (0 if "age" in formula else 250)


# Conditions as text, beside what each says of one customer: True, False, or None where that is unknown.
COMPARED = {
    "age >= 40": lambda one: None if pd.isna(one["age"]) else one["age"] >= 40,
    "age != 39": lambda one: None if pd.isna(one["age"]) else one["age"] != 39,
    "state = 'NSW'": lambda one: None if one["state"] == "Unknown" else one["state"] == "NSW",
    "state != 'Unknown'": lambda one: one["state"] != "Unknown",
    "owns_car": lambda one: None if one["owns_car"] == "Unknown" else one["owns_car"] == "Yes",
}


def joined(parts):
    (left, says), word, (right, too) = parts
    decides = word == "or"

    def both(one):
        answers = says(one), too(one)
        return decides if decides in answers else None if None in answers else not decides

    return f"({left} {word} {right})", both


conditions = st.recursive(
    st.sampled_from([*COMPARED.items()]),
    lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(joined),
    max_leaves=5,
)
rows = st.tuples(*map(st.sampled_from, (["1", "2"], ANSWERS, ANSWERS, ["NSW", "VIC", "Unknown"], [39, 40, None], [1])))


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(rows, min_size=1, max_size=12).map(people), st.lists(conditions, min_size=1, max_size=5))
def test_conditions_are_counted_as_a_look_at_each_customer_counts_them(customers, tried):
    keys = [CLUSTER, MASS_AFFLUENT, "owns_car", "state", "age"]
    cells = customers.groupby(keys, observed=True, dropna=False, as_index=False).size().rename(columns={"size": COUNT})
    nodes = [parse(f"{function}({text})", COLUMNS) for text, _ in tried for function in ("count", "share")]
    labels = ["", *sorted(set(customers[CLUSTER]))]
    expected = []
    for _, says in tried:
        groups = [customers[(customers[CLUSTER] == label) | (label == "")] for label in labels]
        said = [[says(one) for one in group.to_dict("records")] for group in groups]
        known = [sum(answer is not None for answer in answers) for answers in said]
        expected.append([answers.count(True) for answers in said])
        expected.append([answers.count(True) / of if of else None for answers, of in zip(said, known, strict=True)])
    for frame in (customers, cells):
        table = counts(frame, nodes, COLUMNS)
        found = [evaluate(node, table) for node in nodes]
        assert [[None if value != value else value for value in one] for one in found] == expected


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(rows, min_size=1, max_size=12).map(people), conditions, conditions)
def test_where_is_as_if_there_were_no_others(customers, has, among):
    """Of customers one by one, of counted ones, and where the others are gone."""
    customers = customers.assign(purchases=customers["purchases"] + customers.index / 4)
    (text, _), (where, says) = has, among
    columns = columns_of(customers)
    keys = [CLUSTER, MASS_AFFLUENT, "owns_car", "state", "age"]
    units, places = (customers["purchases"] * 100).astype("int64"), 2
    counted = customers.assign(**{COUNT: 1, "purchases_n": 1, f"purchases_sum_{places}": units})
    cells = counted.drop(columns=["purchases", "customer_id"]).groupby(
        keys, observed=True, dropna=False, as_index=False
    )
    left = customers[[says(one) is True for one in customers.to_dict("records")]]
    for what in (f"count({text}", f"share({text}", "mean(purchases", "sum(purchases"):
        some, all_of_them = parse(f"{what} where {where})", columns), parse(f"{what})", columns)
        expected = evaluate(all_of_them, counts(left, [all_of_them], columns)).iloc[:1].tolist()
        for frame, known in ((customers, columns), (cells.sum(), columns | {"purchases": places})):
            found = evaluate(some, counts(frame, [some, all_of_them], known)).iloc[:1].tolist()
            assert found == pytest.approx(expected, nan_ok=True)


def test_a_picked_formula_is_read_back_as_it_was_picked():
    columns = {**COLUMNS, "3rd": ("a",), "shop": ('The "old" one', "It's", "'\"")}
    known = pickable(columns)
    assert (set(known), known["shop"]) == ({*columns} - {"3rd"}, ('The "old" one', "It's"))
    where = {MASS_AFFLUENT: ("Yes",), "shop": known["shop"], "age": (">=", 0.25), "state": (), CLUSTER: ("1", "2")}
    conditions = (
        'is_mass_affluent and (shop = \'The "old" one\' or shop = "It\'s") and age >= 0.25 and '
        '(segment = "1" or segment = "2")'
    )
    written = {
        ("mean", "purchases", ()): f"mean(purchases where {conditions})",
        ("share", "age", ("<", -1e20)): f"share(age < -1e+20 where {conditions})",
        ("count", "", ()): f"count({conditions})",
    }
    assert {picked: formula(*picked, where, columns) for picked in written} == written
    assert [bool(parse(text, columns)) for text in written.values()] == [True] * 3
    assert [formula(*picked, {}, columns) for picked in (("count", "", ()), ("share", "age", ()), ("sum", "", ()))] == [
        "customers", "", "",
    ]  # fmt: skip


ages = st.lists(st.tuples(st.sampled_from("12"), st.integers(0, 120)), min_size=1, max_size=20)


@settings(derandomize=True, deadline=None, max_examples=50)
@given(ages)
def test_the_sum_by_customers_is_the_mean_where_nobody_lacks_the_value(rows):
    customers = people([(cluster, "No", "No", "NSW", age, 1) for cluster, age in rows])
    assert values("sum(age) / customers", customers) == pytest.approx(values("mean(age)", customers), nan_ok=True)


@pytest.mark.parametrize(
    ("form", "value", "text"),
    [
        ("number", 1234.5, "1,234"),
        ("number", 3.0, "3"),
        ("number", -1.256, "−1.26"),
        ("number", -0.0001, "−0.0001"),
        ("number", 0.004217, "0.00422"),
        ("number", 0.0, "0"),
        ("number", 0.5, "0.50"),
        ("number", 1.5e-9, "0.0000000015"),
        ("%", 0.1234, "12.3%"),
        ("%", 0.000042, "0.0042%"),
        ("%", 0.0, "0.0%"),
        ("money", 0.0042, "£0.0042"),
        ("money", 12.5, "£12.50"),
        ("money", -1250, "−£1,250"),
        ("money", float("nan"), "–"),
    ],
)
def test_a_value_is_written_in_its_format(form, value, text):
    assert Measure("m", "1", form).write(value, "£") == text


def test_a_formula_that_fails_takes_no_other_measure_with_it():
    good, bad = Measure("Car owners", "count(owns_car)"), Measure("Bad", "mean(x)")
    first, second = results(FIVE, [bad, good], COLUMNS)
    assert first.error.position == 5
    assert second.values == (("", "1"), ("1", "1"), ("2", "0"))
    assert results(FIVE, [], COLUMNS) == ()


def test_a_measure_is_put_in_the_place_of_the_one_it_was_made_from():
    one, two, three = (Measure(name, "1") for name in ("One", "Two", "Three"))
    assert with_measure((one, two), three) == (one, two, three)
    assert with_measure((one, two), Measure("One", "2")) == (Measure("One", "2"), two)
    assert with_measure((one, two), three, "One") == (three, two)
    assert with_measure((one, two), Measure("Two", "3"), "One") == (Measure("Two", "3"),)
    with pytest.raises(RulesError, match="There are 24 measures already"):
        with_measure([Measure(str(i), "1") for i in range(24)], one)


def test_measures_are_written_and_read_back():
    measures = (Measure("Car “owners”", 'count(owns_car = "Yes")'), Measure("Spend", "sum(purchases)", "money"))
    assert from_toml(to_toml(measures)) == measures
    assert from_toml(to_toml(())) == ()


def test_a_file_of_before_says_money_by_a_sign():
    (found,) = from_toml("[[measures]]\nname = 'Spend'\nformula = 'sum(purchases)'\nformat = '$'")
    assert found == Measure("Spend", "sum(purchases)", "money")
    assert [found.write(12.5, sign) for sign in ("€", "")] == ["€12.50", "12.50"]


NONE = "m.toml: This is not a file of measures"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"{NONE}: it lacks “measures”. Load one that was downloaded here."),
        ("measures = 3", f"{NONE}: “measures” is not a list but 3. Load one that was downloaded here."),
        (
            "[[measures]]\nname = 3\nformula = '1'",
            f"{NONE}: “measures[0].name” is not a text but 3. Load one that was downloaded here.",
        ),
        (
            "[[measures]]\nother = 'x'",
            f"{NONE}: “measures[0]” has an unknown 'other'; known are name, formula, format. "
            "Load one that was downloaded here.",
        ),
        (
            "\n".join(f"[[measures]]\nname = '{i}'\nformula = '1'" for i in range(25)),
            "m.toml: There are 24 measures already. Remove one first.",
        ),
        (
            "[[measures]]\nname = ' '\nformula = '1'",
            "m.toml: The measure has no name, or a long one. Give 1 to 60 characters.",
        ),
        (
            "[[measures]]\nname = 'x'\nformula = '1'\nformat = '€'",
            f"{NONE}: “measures[0].format” is not one of number, %, money but '€'. Load one that was downloaded here.",
        ),
    ],
)
def test_a_file_that_is_none_gets_a_clear_message(text, message):
    with pytest.raises(DocumentError) as error:
        from_toml(text, "m.toml")
    assert str(error.value) == message
