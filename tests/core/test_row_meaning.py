"""What a row is: a customer, a snapshot, an account, a transaction, an older or newer record."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DataError
from core.intake.read import SourceFile
from core.intake.rows.dates import name_dates
from core.pipeline import load
from core.rules import Intake, Rules, from_toml

AS_OF = date(2025, 7, 1)


def loaded(rows="auto", **files):
    """The study of some files."""
    sources = [SourceFile(name.replace("__", "-") + ".csv", text.encode()) for name, text in files.items()]
    return load(sources, Rules(AS_OF, intake=Intake(rows=rows)))


def values(study, *names):
    """The values of each customer, in the order of the ids."""
    table = study.customers.sort_values("customer_id")
    return {row[0]: row[1:] for row in table[["customer_id", *names]].itertuples(index=False, name=None)}


def balanced(study):
    return study.rows_read == study.size + study.rejected_count + study.rows_merged


def way(study):
    return {source.decisions.get("a row", "a customer").partition(":")[0] for source in study.sources}


PEOPLE = "id,age\n1,30\n2,40\n3,50\n"


@pytest.mark.parametrize(
    ("text", "what", "names", "expected"),
    [
        (
            "id,account_no,kind,balance\n1,A,x,10\n1,B,y,20\n2,C,x,5\n",
            "an account", ("balance", "accounts"), {"1": (30, 2), "2": (5, 1)},
        ),
        (
            "id,card_type,credit_limit,income\n1,Gold,100,9\n1,Blue,200,9\n2,Blue,50,8\n",
            "an account", ("credit_limit", "income"), {"1": (300, 9), "2": (50, 8)},
        ),
        (
            "id,balance\n1,10\n1,20\n2,5\n3,7\n", "an account", ("balance",), {"1": (30,), "2": (5,), "3": (7,)},
        ),
        (
            "id,as_of_date,balance\n1,2025-05-31,10\n2,2025-05-31,5\n1,2025-06-30,11\n2,2025-06-30,6\n",
            "a customer at one of several dates", ("balance",), {"1": (11,), "2": (6,)},
        ),
        (
            "id,month,balance\n1,Jun25,11\n2,Jun25,6\n1,May25,10\n2,May25,5\n3,May25,7\n",
            "a customer at one of several dates", ("balance",), {"1": (11,), "2": (6,), "3": (7,)},
        ),
        (
            "id,year,month,balance\n1,2024,12,10\n2,2024,12,5\n1,2025,1,11\n2,2025,1,6\n",
            "a customer at one of several dates", ("balance",), {"1": (11,), "2": (6,)},
        ),
        (
            "id,month,balance,changed_limit\n1,May,11,3\n2,May,6,4\n1,April,10,5\n2,April,5,6\n",
            "a customer at one of several dates", ("balance",), {"1": (11,), "2": (6,)},
        ),
        (
            "id,year,month,balance\n1,2024,December,10\n2,2024,December,5\n1,2025,January,11\n2,2025,January,6\n",
            "a customer at one of several dates", ("balance",), {"1": (11,), "2": (6,)},
        ),
        (
            "id,last_modified,balance\n1,30/06/2025 09:00,11\n1,30/06/2025 08:00,10\n2,01/01/2024,5\n3,13/01/2024,1\n",
            "an older or newer record of a customer", ("balance",), {"1": (11,), "2": (5,), "3": (1,)},
        ),
        (
            "id,order_date,amount,balance\n1,2025-06-02,3,13\n1,2025-06-01,10,10\n2,2025-06-01,4,4\n2,2025-06-03,1,5\n",
            "a transaction", ("balance", "amount_total", "transactions", "days_since_transaction"),
            {"1": (13, 13, 2, 29), "2": (5, 5, 2, 28)},
        ),
        (
            "id,transaction_id,amount\n1,7,3\n1,8,3\n2,9,4\n3,10,5\n4,11,5\n",
            "a transaction", ("amount_total",), {"1": (6,), "2": (4,), "3": (5,), "4": (5,)},
        ),
        (PEOPLE, "a customer", ("age",), {"1": (30,), "2": (40,), "3": (50,)}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("backwards", [False, True])
def test_each_way_gives_one_row_per_customer_in_any_order_of_the_rows(text, what, names, expected, backwards):
    header, *rows = text.splitlines()
    study = loaded(bank="\n".join([header, *(reversed(rows) if backwards else rows), ""]))
    assert way(study) == {what}
    assert values(study, *names) == expected
    assert balanced(study)


def test_the_analyst_says_what_a_row_is():
    text = "id,balance\n1,10\n1,20\n2,5\n"
    assert values(loaded(bank=text, rows="account"), "balance") == {"1": (30,), "2": (5,)}
    study = loaded(bank=text, rows="customer")
    assert values(study, "balance") == {"1": (10,), "2": (5,)}
    assert study.rejected["reason"].tolist() == ["Another row has the same customer id"]
    rules = from_toml('as_of = "2025-01-01"\n[intake]\nrows = "account"\n')
    assert from_toml(rules.to_toml()).intake.rows == "account"


def test_a_doubt_is_a_question_with_what_each_answer_gives():
    (asked,) = loaded(bank="id,balance\n1,10\n1,20\n2,5\n3,7\n").questions
    assert (asked.key, asked.about, asked.proposal, asked.sample) == (
        "intake.rows",
        "bank.csv",
        "account",
        ("1,10", "1,20"),
    )
    assert [(option.value, option.preview) for option in asked.options] == [
        ("account", "3 customers; customer 1 has balance 30"),
        ("customer", "3 customers; customer 1 has balance 10"),
        ("transaction", "3 customers; customer 1 has balance 10"),
    ]
    assert loaded(bank=PEOPLE).questions == ()


def test_equal_rows_are_judged_on_columns_without_a_role():
    rows = "1,2025-06-01,5,lunch\n1,2025-06-01,5,dinner\n1,2025-06-01,5,dinner\n"
    study = loaded(bank=f"id,order_date,amount,order_id\n{rows}")
    assert values(study, "amount_total") == {"1": (10,)}
    assert study.rejected["outcome"].tolist() == ["removed"]


@pytest.mark.parametrize(
    "names", [("c_2025__05", "c_2025__06"), ("cMay25", "cJun25"), ("c052025", "c062025"), ("may", "june")]
)
def test_of_files_of_the_same_customers_the_later_month_counts(names):
    texts = ["id,age,balance\n1,30,10\n2,40,20\n", "id,age,balance\n1,30,11\n2,40,21\n"]
    for one in permutations(zip(names, texts, strict=True)):
        study = loaded(**dict(one))
        assert values(study, "balance") == {"1": (11,), "2": (21,)}
        assert balanced(study)


def test_files_that_contradict_each_other_and_have_no_date_are_refused_by_name():
    with pytest.raises(DataError, match=r"new\.csv, old\.csv: The same 2 customers") as error:
        loaded(old="id,age,balance\n1,30,10\n2,40,20\n", new="id,age,balance\n1,30,11\n2,40,21\n")
    assert "--rows account" in str(error.value)


def test_a_column_added_later_is_blank_before():
    study = loaded(jan="id,age\n1,30\n2,40\n", feb="id,age,visits\n3,50,7\n4,60,8\n")
    assert values(study.__class__(**vars(study) | {"customers": study.customers.fillna({"visits": -1})}), "visits") == {
        "1": (-1,), "2": (-1,), "3": (7,), "4": (8,),
    }  # fmt: skip
    overlap = loaded(jan="id,age\n1,30\n2,40\n3,49\n", feb="id,age,visits\n3,50,7\n4,60,8\n5,60,8\n")
    assert values(overlap, "age") == {"1": (30,), "2": (40,), "3": (50,), "4": (60,), "5": (60,)}
    assert balanced(overlap)


@pytest.mark.parametrize(
    "files",
    [
        {"c__2025__01": (1, 2, 3), "c__2025__02": (2, 3, 4), "c__2025__03": (3, 4, 5)},
        {"north": (1, 2, 3), "south": (4, 5, 6), "west": (7, 8, 9)},
    ],
    ids=["months of the same customers", "other customers"],
)
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_columns_that_come_and_go_are_blank_where_a_file_lacks_them(files, order):
    columns = ("id", "age", "balance", "points", "visits")
    texts, expected = {}, {}
    for (name, ids), more in zip(files.items(), order, strict=True):
        rows = [(str(one), "40", f"{one}0{more}", "7", "8") for one in ids]
        texts[name] = "".join(",".join(row[: 3 + more]) + "\n" for row in (columns, *rows))
        expected |= {row[0]: (float(row[2]),) for row in rows}
    study = loaded(**texts)
    assert values(study, "balance") == expected
    assert study.rejected_count == 0
    assert balanced(study)


def test_files_that_each_have_a_column_of_their_own_are_put_below_each_other():
    study = loaded(jan="id,age,spent,points\n1,30,5,7\n2,40,6,8\n", feb="id,age,spent,rating\n3,50,7,1\n4,60,8,2\n")
    assert values(study, "age", "spent") == {"1": (30, 5), "2": (40, 6), "3": (50, 7), "4": (60, 8)}
    assert study.customers[["points", "rating"]].isna().sum().tolist() == [2, 2]
    assert balanced(study)


@pytest.mark.parametrize("ids", ["6.10243E+15", "6,10243E+15", "6102430000000000"])
def test_ids_that_excel_has_ruined_are_refused(ids):
    text = "\n".join(["customer_id;age;spent", *(f"{ids};{age};{age}00" for age in (25, 26, 27)), ""])
    with pytest.raises(DataError, match=r"column “customer_id”: 3 rows have an id in scientific notation"):
        loaded(bank=text)


def test_an_id_of_different_people_is_refused():
    with pytest.raises(DataError, match="birth or age of different people"):
        loaded(bank="id,age,spent\n1,20,1\n1,50,2\n1,80,3\n")


@pytest.mark.parametrize(
    "other", ["001,NSW\n002,VIC\n003,QLD", "1.0,NSW\n2.0,VIC\n3.0,QLD", " 1,NSW\n\ufeff2,VIC\n3,QLD"]
)
def test_ids_of_two_tables_are_spelt_alike(other):
    study = loaded(people=PEOPLE, places=f"id,state\n{other}\n")
    assert values(study, "state") == {"1": ("NSW",), "2": ("VIC",), "3": ("QLD",)}


def test_ids_that_would_no_longer_differ_are_left_as_they_are():
    study = loaded(people="id,age\n1,30\n001,40\n2,50\n", places="id,state\n01,NSW\n2,VIC\n")
    assert values(study, "state") == {"001": ("Unknown",), "1": ("Unknown",), "2": ("VIC",)}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a_2025-06-30.csv", "a_2025-05-31.csv"], [(2025, 6, 0, 30), (2025, 5, 0, 31)]),
        (["a30062025.csv", "a31052025.csv"], [(2025, 6, 0, 30), (2025, 5, 0, 31)]),
        (["a_05-06-2025.csv", "a_06-07-2025.csv"], None),  # May or June
        (["a.2025Q1.csv", "a.2024Q4.csv"], [(2025, 0, 1, 0), (2024, 0, 4, 0)]),
        (["b.xlsx › Juni 2025", "b.xlsx › Mai 2025"], [(2025, 6, 0, 0), (2025, 5, 0, 0)]),
        (["c2024.csv", "c2025.csv"], [(2024, 0, 0, 0), (2025, 0, 0, 0)]),
        (["dec.csv", "jan.csv"], None),  # of one year or two
        (["maybank.csv", "marching.csv"], None),
        (["a.csv", "a_2025-06.csv"], None),
    ],
)
def test_names_of_files_have_dates(names, expected):
    assert name_dates(names) == expected


CELLS = st.sampled_from(["", "1", "2", "3"])
HEADERS = st.sampled_from(
    ["id,age,balance", "id,account_no,balance", "id,order_date,amount", "id,as_of_date,balance", "id,updated_at,points"]
)


@settings(derandomize=True, deadline=None, max_examples=60, report_multiple_bugs=False)
@given(HEADERS, st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=2, max_size=9), st.sampled_from(
    ["auto", "customer", "account", "transaction"]), st.randoms())  # fmt: skip
def test_every_row_is_accounted_for_and_no_order_decides(header, cells, rows, random):
    lines = [f"{id},{f'2025-06-0{one or 4}' if '_' in header else one},{two}" for id, one, two in cells]
    shuffled = random.sample(lines, len(lines))
    studies = []
    for order in (lines, shuffled):
        try:
            studies.append(loaded(rows, bank="\n".join([header, *order, ""])))
        except DataError as error:
            studies.append(str(error).partition(":")[0])
    if isinstance(studies[0], str):
        assert studies[0] == studies[1]
        return
    assert all(map(balanced, studies))
    first, second = (study.customers.sort_values("customer_id").reset_index(drop=True) for study in studies)
    assert first.astype(str).equals(second.astype(str))


@pytest.mark.parametrize("months", [("12/2023", "1/2024", "2/2024"), ("2023-12", "2024-1", "2024-2")])
def test_a_month_of_one_digit_is_no_earlier_than_one_of_two(months):
    lines = [f"{n},{30 + n},{month},{at * 100 + n}" for n in range(20) for at, month in enumerate(months)]
    study = loaded(months="\n".join(["customer_id,age,period,balance", *lines]))
    assert study.customers["balance"].tolist() == [200 + n for n in range(20)]


BOOKED = [(n, day, change * n) for n in range(1, 11) for day, change in ((5, 100), (7, 200), (9, -50), (9, 500))]
LAST = {str(n): (1750 * n,) for n in range(1, 11)}  # 10,500 of the sixth; after it 9,000 would be the first as text


def bookings(*, amount=True, days=(5, 7, 9)):
    """Bookings of ten customers, two on the last day, with the balance after each."""
    balances, lines = {}, []
    for n, day, change in BOOKED:
        balances[n] = balances.get(n, 1000 * n) + change
        if day in days:
            lines.append(f"{n},2025-06-{day:02},{balances[n]}" + f",{change}" * amount)
    return lines


def booked(lines, *more, header="id,transaction_date,balance,amount"):
    texts = ["\n".join([header[: -7 if lines[0].count(",") < 3 else None], *part, ""]) for part in (lines, *more)]
    return loaded("transaction", **{f"bank_{number}": text for number, text in enumerate(texts)})


def said(study):
    """What is said of balances, whether as a warning, and of how many customers."""
    (step,) = (step for step in study.steps if "Balance: of several" in step.title)
    return step.title.removeprefix("Balance: of several with a customer's last date, "), step.warns, step.cells_changed


@pytest.mark.parametrize("days", [(5, 7, 9), (9,)], ids=["with other days", "of one day"])
@pytest.mark.parametrize("order", ["oldest first", "newest first", "mixed", "two files", "two files backwards"])
def test_of_several_balances_of_a_day_the_one_counts_that_the_amounts_lead_to(order, days):
    lines = bookings(days=days)
    mixed = sorted(lines, key=lambda line: line[::-1])
    parts = {
        "oldest first": [lines], "newest first": [lines[::-1]], "mixed": [mixed],
        "two files": [mixed[::2], mixed[1::2]], "two files backwards": [mixed[1::2], mixed[::2]],
    }[order]  # fmt: skip
    study = booked(*parts)
    assert values(study, "balance") == LAST
    assert said(study) == ("took the one that the amounts of the rows lead to", False, 10)


@pytest.mark.parametrize("order", ["oldest first", "newest first"])
def test_where_no_amount_tells_the_last_balance_the_order_of_the_file_does(order):
    lines = bookings(amount=False)
    study = booked(lines if order == "oldest first" else lines[::-1])
    assert values(study, "balance") == LAST
    assert said(study) == (f"took the latest row by the order of the file, which is {order}", False, 10)


@pytest.mark.parametrize(
    "parts",
    [
        [sorted(bookings(amount=False), key=lambda line: line[::-1])],
        [bookings(amount=False, days=(9,))],
        [bookings(amount=False)[::4] + bookings(amount=False)[2::4], bookings(amount=False)[1::2]],
    ],
    ids=["mixed", "of one day", "in two files"],
)
def test_where_nothing_tells_the_last_balance_it_is_warned_and_no_order_decides(parts):
    for again in (parts, parts[::-1], [part[::-1] for part in parts]):
        study = booked(*again)
        assert values(study, "balance") == {str(n): (1250 * n,) for n in range(1, 11)}
        title = "neither amounts nor the order of the rows say which is the last, so the lowest is used"
        assert said(study) == (title, True, 10)


def test_amounts_of_two_accounts_and_rounds_lead_nowhere():
    two = ["1,2025-06-09,100,10", "1,2025-06-09,90,-10", "1,2025-06-09,7,2", "1,2025-06-09,5,-2"]
    assert said(booked(two))[1:] == (True, 1), "back where the day began, twice"
    apart = ["1,2025-06-09,100,10", "1,2025-06-09,110,10", "1,2025-06-09,7,2", "1,2025-06-09,5,-2"]
    assert said(booked(apart))[1:] == (True, 1), "a path, and a round of another account"
    blank = ["1,2025-06-09,100,10", "1,2025-06-09,110,"]
    assert said(booked(blank))[1:] == (True, 1), "an amount is missing"


@pytest.mark.parametrize("header", ["product", "account_type"])
def test_accounts_of_different_products_have_that_as_the_reason(header):
    rows = "".join(f"{n},{kind},{n}000\n" for n in range(1, 21) for kind in ("Savings", "Loan"))
    study = loaded(bank=f"customer_id,{header},balance\n{rows}")
    assert study.decided["A row of bank.csv"] == "an account: rows of a customer are of different products"


def test_columns_in_which_accounts_differ_are_named_with_the_rule():
    rows = "1,Savings,5,NSW\n1,Loan,6,NSW\n2,Loan,7,VIC\n2,Loan,8,VIC\n"
    study = loaded("account", bank=f"customer_id,account_type,balance,state\n{rows}")
    steps = [(step.title, step.cells_changed) for step in study.steps if "accounts of a customer differ" in step.title]
    rule = "took the most frequent, of equally frequent ones the first in the alphabet"
    assert steps == [(f"account_type: where the accounts of a customer differ, {rule}", 1)]
