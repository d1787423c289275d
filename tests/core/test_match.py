"""Text tables to one with canonical headers: roles, what is left out, and joins that lose no row unsaid."""

from datetime import date
from itertools import permutations

import pytest

from core.errors import UnjoinableTablesError, UnusableTableError
from core.intake.combine import combine
from core.intake.match import match_tables
from core.intake.read import SourceFile, read
from core.intake.steps import Step
from core.rules import Intake, Rules


def match_texts(**files):
    """Match files given as name=text."""
    readings = [read(SourceFile(f"{name}.csv", text.encode())) for name, text in files.items()]
    tables = match_tables([table for reading in readings for table in reading.tables], Intake())
    return combine(tables, Rules(date(2018, 1, 1)))


def as_csv(table):
    return table.frame.to_csv(index=False)


def test_headers_are_matched_whatever_their_spelling_and_cells_stay_text():
    table = match_texts(bank="CIF,Sex,ZIP code,Birth date,Total assets\n007,F,0800,01/02/1980,$1.00\n8,,,,\n")
    assert as_csv(table) == ("customer_id,gender,postcode,date_of_birth,balance\n007,F,0800,01/02/1980,$1.00\n8,,,,\n")
    assert [column.name for column in table.columns] == [
        "customer_id",
        "gender",
        "postcode",
        "date_of_birth",
        "balance",
    ]
    assert (table.name, list(table.frame.index)) == ("bank.csv", [2, 3])


def test_personal_and_useless_columns_are_left_out_and_said_so():
    table = match_texts(
        bank='id,First Name,SURNAME,E-mail,default,age\n1,Ann,NA,a@b.c,<script>,30\n2,Bo,Li,,"=1+1",x\n3\n'
    )
    assert as_csv(table) == "customer_id,age\n1,30\n2,x\n"
    assert table.steps == (
        Step("Read bank.csv (UTF-8)", 3, 2),
        Step("Left out personal columns in bank.csv", 2, 2, "First Name, SURNAME, E-mail"),
        Step("Left out columns without a role in bank.csv", 2, 2, "default"),
    )
    assert table.rejected["raw_text"].tolist() == ["3"]


def test_the_best_header_of_a_role_has_it_and_another_number_stays_a_measure():
    table = match_texts(bank="customer,customer_id,customer_age,age,state_cd,state\nAnn Lee,1,31,30,x,NSW\n")
    assert as_csv(table) == "customer_id,customer_age,age,state\n1,31,30,NSW\n"
    assert table.steps[-1] == Step("Left out columns without a role in bank.csv", 1, 1, "customer, state_cd")


@pytest.mark.parametrize(
    ("cells", "is_measure"),
    [
        (["1", "2.5", "$1,000"], True),
        (["1", "", " "], True),
        (["1"] * 19 + ["x"], True),
        (["1"] * 18 + ["x"], False),
        (["", " "], False),
        (["a", "b"], False),
    ],
)
def test_an_unknown_column_is_a_measure_if_nearly_all_its_filled_cells_are_numbers(cells, is_measure):
    rows = "".join(f'{number},"{cell}"\n' for number, cell in enumerate(cells))
    table = match_texts(bank=f"age,Shoe size (EU)\n{rows}")
    assert list(table.frame.columns) == ["customer_id", "age", *(["shoe_size_eu"] if is_measure else [])]


def test_measures_keep_their_header_as_label_and_get_names_of_their_own():
    table = match_texts(bank="customer_id,Shoe Size,shoe_size,???\n1,2,3,4\n")
    assert as_csv(table) == "customer_id,shoe_size,shoe_size_3,measure\n1,2,3,4\n"
    assert [(column.label, column.kind) for column in table.columns[1:]] == [
        ("Shoe Size", "number"),
        ("shoe_size", "number"),
        ("???", "number"),
    ]


def test_without_an_id_the_line_numbers_serve():
    table = match_texts(bank="age\n30\n\n40\n")
    assert as_csv(table) == "customer_id,age\n2,30\n4,40\n"
    assert table.steps[-1] == Step("No customer id in the file: the line numbers serve as ids", 2, 2, "customer_id")


def test_lines_of_delimiters_only_are_no_customers():
    assert as_csv(match_texts(bank="age,state\n30,NSW\n,\n , \n")) == "customer_id,age,state\n2,30,NSW\n"


def test_tables_are_joined_on_the_id_and_every_row_of_the_second_is_accounted_for():
    table = match_texts(
        people="id,age,gender\n1,30,F\n2,40,M\n01,50,F\n",
        places="customer_id,state,address\n 1 ,NSW,1 High St\n01,VIC,\n9,QLD,9 Low St\n01,TAS,\n2,NT\n",
    )
    assert as_csv(table) == "customer_id,age,gender,state\n1,30,F,NSW\n2,40,M,\n01,50,F,TAS\n"
    assert table.rejected.to_dict("split", index=False) == {
        "columns": ["file", "line", "outcome", "reason", "raw_text"],
        "data": [
            ["places.csv", 6, "rejected", "below the table: 2 cells where the header has 3", "2,NT"],
            ["places.csv", 4, "rejected", "No customer with this id in people.csv", "9,QLD"],
            ["places.csv", 3, "rejected", "Another row of this table has the same customer id", "01,VIC"],
        ],
    }
    assert table.steps == (
        Step("Read people.csv (UTF-8)", 3, 3),
        Step("Read places.csv (UTF-8)", 5, 4),
        Step("Left out personal columns in places.csv", 4, 4, "address"),
        Step(
            "Joined places.csv to people.csv on the customer id: "
            "1 customers not in it, 1 of its rows without a customer",
            4,
            2,
        ),
    )


def test_where_both_tables_have_a_column_the_leading_table_is_believed():
    table = match_texts(people="id,age,gender\n1,30,F\n2,,M\n", more="id,age\n1,99\n2,40\n")
    assert as_csv(table) == "customer_id,age,gender\n1,30,F\n2,40,M\n"
    title = "Kept age of people.csv, and filled its blanks from more.csv"
    told = "age of more.csv differs from that of people.csv, which counts"
    assert table.steps[-2:] == (Step(title, 2, 2, "age", 1), Step(told, 2, 2, "age", 1, warns=True))


@pytest.mark.parametrize(
    ("own", "theirs", "differing"),
    [
        ("1,000.50", "1000.5", 0),
        ("7", "7.0", 0),
        ("", "7", 0),
        ("7", "", 0),
        ("7", "8", 2),
        ("7", "70", 2),
        ("7 €", "7,00", 0),
        ("10.5", "15", 2),
    ],
)
def test_numbers_that_differ_between_tables_are_counted_however_they_are_spelt(own, theirs, differing):
    rows = [f'{one},x,NSW,"{own}"\n' for one in (1, 2)]
    table = match_texts(
        people="id,gender,state,balance\n" + "".join(rows), more=f'id,balance\n1,"{theirs}"\n2,"{theirs}"\n'
    )
    assert sum(step.cells_changed for step in table.steps if step.warns) == differing


@pytest.mark.parametrize("order", list(permutations(["people", "places", "wealth"])))
def test_the_order_of_upload_does_not_matter(order):
    files = {
        "people": "id,age,gender\n1,30,F\n2,40,M\n3,50,F\n",
        "places": "id,state\n2,VIC\n1,NSW\n8,QLD\n",
        "wealth": "id,balance\n3,300\n2,200\n9,900\n",
    }
    expected = match_texts(**files)
    table = match_texts(**{name: files[name] for name in order})
    assert as_csv(table) == "customer_id,age,gender,balance,state\n1,30,F,,NSW\n2,40,M,200,VIC\n3,50,F,300,\n"
    assert (table.name, table.columns, table.steps) == (expected.name, expected.columns, expected.steps)
    assert table.rejected.equals(expected.rejected)


def test_rejected_rows_of_several_lines_keep_their_text():
    table = match_texts(
        people="id,age,gender\n1,30,F\n",
        jobs='id,job\n1,cook\n9,"head\ncook"\n',
    )
    assert table.rejected[["line", "raw_text"]].to_numpy().tolist() == [[3, '9,"head\ncook"']]


@pytest.mark.parametrize(
    ("text", "columns"),
    [("colour,pet\nred,cat\n", "colour, pet"), ("customer_id,pet\n1,cat\n", "customer_id, pet")],
)
def test_a_file_without_a_usable_column_is_refused_with_its_columns_and_a_remedy(text, columns):
    with pytest.raises(UnusableTableError) as error:
        match_texts(pets=text)
    assert str(error.value) == (
        f"pets.csv: None of the columns is one the dashboard knows: {columns}. "
        "Name columns as in the bundled sample, for example age, state, property_valuation, "
        "or say what one of them is."
    )


def test_a_table_without_an_id_is_set_aside_row_by_row():
    table = match_texts(people="id,age,gender\n1,30,F\n", prospects="age,state\n30,NSW\n40,VIC\n")
    assert as_csv(table) == "customer_id,age,gender\n1,30,F\n"
    reason = "Its table has no customer id to join it by"
    assert table.rejected[["file", "line", "reason"]].to_numpy().tolist() == [
        ["prospects.csv", 2, reason],
        ["prospects.csv", 3, reason],
    ]
    assert [source.use for source in table.sources] == ["customers", "not used: no customer id to join it by"]


def test_two_tables_without_an_id_are_not_joined_by_guess():
    with pytest.raises(UnjoinableTablesError, match=r"Neither this table nor .* has a customer id"):
        match_texts(people="age,gender\n30,F\n", prospects="age,state\n30,NSW\n")


def test_ids_that_never_meet_are_not_joined():
    with pytest.raises(UnjoinableTablesError) as error:
        match_texts(people="id,age,gender\n1,30,F\n2,31,M\n", places="id,state\nA1,NSW\nA2,VIC\n")
    assert str(error.value) == (
        "places.csv: None of its customer ids (A1, A2, …) is in people.csv (1, 2, …). "
        "Make both write the ids alike, or use one of them only."
    )


def test_parts_of_one_export_are_put_below_each_other():
    table = match_texts(january="id,age\n1,30\n2,40\n", february="id,age\n3,50\n,60\n")
    assert sorted(table.frame["age"]) == ["30", "40", "50", "60"]
    files, lines = table.located(table.frame.index)
    assert sorted(zip(files, lines, strict=True)) == [
        ("february.csv", 2),
        ("february.csv", 3),
        ("january.csv", 2),
        ("january.csv", 3),
    ]


def test_transactions_are_counted_per_customer():
    table = match_texts(
        people="id,age,gender\n1,30,F\n2,40,M\n3,50,F\n",
        sales='id,order_date,amount,product_id\n1,31/12/2017,$5.50,7\n1,01/12/2017,"1,000",7\n2,,,\n9,,3,\n1,,,8\n2,x,2,\n',
    )
    assert as_csv(table) == (
        "customer_id,age,gender,transactions,days_since_transaction,amount_total,amount_average\n"
        "1,30,F,3,1,1005.5,502.75\n"
        "2,40,M,2,,2,2\n"
        "3,50,F,,,,\n"
    )
    assert table.rejected[["line", "reason"]].to_numpy().tolist() == [[5, "No customer with this id in people.csv"]]
    assert table.merged == 5
    assert table.sources[1].use == "counted per customer and joined on the customer id"


def test_small_numbers_of_transactions_are_not_rounded_away():
    table = match_texts(people="id,age\n1,30\n2,40\n", sales="id,risk\n1,0.0041\n1,0.0043\n1,0.0043\n2,9\n2,0.1\n2,0\n")
    assert as_csv(table) == (
        "customer_id,age,transactions,risk_total,risk_average\n1,30,3,0.0127,0.00423333333333333\n2,40,3,9.1,3.03\n"
    )


def test_parts_of_one_export_get_the_same_roles_whatever_their_size():
    january = "id,age,Channel used\n" + "".join(
        f"A{number},30,{'Web' if number % 2 else 'Till'}\n" for number in range(40)
    )
    table = match_texts(january=january, february="id,age,Channel used\nB1,40,Web\n")
    assert table.frame["channel_used"].astype("str").tolist().count("Web") == 21
    assert len(table.rejected) == 0


def test_headers_that_differ_in_their_unit_only_keep_it():
    table = match_texts(bank="id,Savings (USD),Savings (EUR),Loans (EUR)\n1,2,3,4\n")
    assert [(column.name, column.currency) for column in table.columns[1:]] == [
        ("savings_usd", "USD"),
        ("savings_eur", "EUR"),
        ("loans", "EUR"),
    ]


def test_categories_alone_are_no_customers():
    pets = "customer_id,pet\n" + "".join(f"{number},{'cat' if number % 2 else 'dog'}\n" for number in range(40))
    with pytest.raises(UnusableTableError, match="None of the columns is one the dashboard knows"):
        match_texts(pets=pets)
