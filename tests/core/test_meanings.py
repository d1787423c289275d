"""What columns mean: by the words of their headers in several languages, and by what the values can be."""

import numpy as np
import pandas as pd
import pytest

from core.countries.currencies import currencies
from core.intake.meaning.header import parse_header, words_of
from core.intake.meaning.role import ROLES, SURE, label_of
from core.intake.meaning.vocabulary import senses
from core.intake.roles import propose
from core.meanings import MEANINGS
from core.schema import BY_NAME
from core.word_tables import rows_of

SIZE = 240
AMOUNTS = [f"{137.5 * number:.2f}" for number in range(1, SIZE + 1)]
WHOLE = [str(31 * number) for number in range(1, SIZE + 1)]
SHARES = [f"{number / SIZE:.4f}" for number in range(SIZE)]
COUNTS = [str(number % 23) for number in range(SIZE)]
ADULTS = [str(18 + number % 60) for number in range(SIZE)]
SCORES = [str(300 + (number * 7) % 550) for number in range(SIZE)]
FLAGS = [str(number % 2) for number in range(SIZE)]
ANSWERS = ["Yes", "No"] * (SIZE // 2)
LEVELS = [str(1 + number % 4) for number in range(SIZE)]
WORDS = ["North", "South", "East"] * (SIZE // 3)
BANDS = ["$40K - $60K", "Less than $40K", "$60K - $80K", "$120K +"] * (SIZE // 4)
ORDERED = ["little", "moderate", "quite rich", "rich"] * (SIZE // 4)
DATES = [f"{2001 + number % 20}-{1 + number % 12:02d}-{1 + number % 28:02d}" for number in range(SIZE)]
YEARS = [str(1950 + number % 50) for number in range(SIZE)]
IDS = [f"X{number:05d}" for number in range(SIZE)]
ROWS = [str(number) for number in range(SIZE)]
NAMES = [f"Somebody {number}" for number in range(SIZE)]
DAYS = [str(100 + 13 * number) for number in range(SIZE)]
EPOCH_DAYS = [str(14_976 + 37 * number) for number in range(SIZE)]
MONTHS = [str(1 + number % 72) for number in range(SIZE)]


def table(**columns):
    return pd.DataFrame({header: pd.Categorical(values) for header, values in columns.items()})


def match_of(header, values):
    return propose(pd.DataFrame({header: pd.Categorical(values)}), {})[0]


@pytest.mark.parametrize(
    ("headers", "values", "role", "meaning"),
    [
        ("household net worth|NETWORTH|Nettovermögen|patrimonio neto", WHOLE, "measure", "net_worth"),
        ("Pension savings|Superannuation Savings|ASSET|Depotwert", AMOUNTS, "measure", "assets"),
        ("Cleared bal|AvgQtrBal|Savings account|Guthaben gesamt|solde moyen|saldo_medio|bakiye", AMOUNTS, "measure",
         "balance"),
        ("Yearly pay|Est. income|ApplicantIncome|AMT_INCOME_TOTAL|annual_inc|Nettoeinkommen mtl.|renda_mensal|Gehalt"
         "|dochod", AMOUNTS, "measure", "income"),
        ("Area median income|Per Capita Income - Zipcode", AMOUNTS, "measure", "area"),
        ("limite_aprovado|approved limit|Kreditrahmen", AMOUNTS, "measure", "credit_limit"),
        ("Home value|Immobilienwert", AMOUNTS, "measure", "property_value"),
        ("CLV|Customer Lifetime Value|Kundenwert", AMOUNTS, "measure", "customer_value"),
        ("Total debt|Card balance owed|Loan amount|Mortgage|Total_Revolving_Bal|Kreditbetrag|AMT_CREDIT", AMOUNTS,
         "measure", "debt"),
        ("MonthlyCharges|MntWines|SpentMeat|gasto_12m|Total_Trans_Amt|BILL_AMT1|PURCHASES|Umsatz|depenses", AMOUNTS,
         "measure", "spend"),
        ("NumOfProducts|numofproducts|Cards held|Number of Policies|Total_Relationship_Count|compras_12m"
         "|Anzahl Buchungen|Amount of Credit Cards|CASH_ADVANCE_TRX", COUNTS, "measure", "activity"),
        ("DaysSinceLast|Recency|Months_Inactive_12_mon|Months Since Last Claim|Tage seit Kauf", COUNTS, "measure",
         "recency"),
        ("CreditScore|FICO|ScoreCredit|Loyalty points (0-100)|Spending Score (1-100)", SCORES, "measure", "score"),
        ("Avg_Utilization_Ratio|PRC_FULL_PAYMENT|BALANCE_FREQUENCY|Anteil", SHARES, "measure", "share"),
        ("Dependent_count|Kidhome|CNT_CHILDREN|filhos|Months", COUNTS, "measure", "number"),
        ("Exited|churned|default.payment.next.month|y|Bad|Left|Closed|inadimplente|gekündigt|AcceptedCmp3|TARGET",
         FLAGS, "category", "outcome"),
        ("Attrition_Flag|Loan_Status|Response|deposit result|class", ANSWERS, "category", "outcome"),
        ("Churn Score|Naive_Bayes_Classifier_Attrition_Flag|default probability", SHARES, "measure", "outcome"),
        ("Education|EDCL|Marital status|Job level|NW Category|escolaridade", LEVELS, "category", "category"),
        ("risk code|Branch|Birth month|sort code|BRId", LEVELS, "category", "code"),
        ("advisor id|BSB|yyyymm|Filiale|row_nr|Unnamed: 0|__index_level_0__|column 1", ROWS, "", "code"),
        ("fnlwgt|sample weight|WGT", AMOUNTS, "measure", "weight"),
        ("has loan|Mortgage|SeniorCitizen|Securities Account", FLAGS, "category", "category"),
        ("Contract|Purpose|Familienstand|Line of product|whatever", WORDS, "category", "category"),
        ("Country|City|Wohnort|pais", WORDS, "category", "place"),
        ("ccy|Währung", ["EUR", "USD", "GBP"] * 80, "category", "currency"),
        ("TOT_DEP_BAL|SHARE_DRAFT_BAL|Spaarsaldo|Zůstatek na účtu (Kč)"
         "|預金残高(円)|存款余额|예금잔액", AMOUNTS, "measure", "balance"),
        ("Family income|Monthly_Inhand_Salary|Čistý měsíční příjem"
         "|年収（万円）|月收入|연소득", AMOUNTS, "measure", "income"),
        ("TOT_LN_BAL|out_prncp|Current Credit Balance|HOME_LOAN_OS|借入残高|贷款余额", AMOUNTS, "measure", "debt"),
        ("Maximum Open Credit|LINEA_CREDITO|信用额度", AMOUNTS, "measure", "credit_limit"),
        ("HOME_VAL", AMOUNTS, "measure", "property_value"),
        ("投資信託残高|Assurance-vie|UNIT_TRUST_MV", AMOUNTS, "measure", "assets"),
        ("NumberOfOpenCreditLinesAndLoans|DBT_CD_TXN_CNT|Total Flights|取引回数|交易次数"
         "|İşlem Sayısı|Nb de produits détenus|NUM_PRODUCTOS|qtd_produtos", COUNTS, "measure", "activity"),
        ("NumTotalTrades", [*COUNTS[:220], *["-9"] * 20], "measure", "activity"),
        ("Quantity|Units Sold", [*COUNTS[:220], *["-9"] * 20], "measure", "quantity"),
        ("UnitPrice|price_each", AMOUNTS, "measure", "unit_price"),
        ("Frequency", COUNTS, "measure", "activity"),
        ("NumberOfDependents|NumberOfTime30-59DaysPastDueNotWorse|NumComplaints|WarehouseToHome|Delay_from_due_date"
         "|NumberOfAddress|Credit History Length", COUNTS, "measure", "number"),
        ("euribor3m|cons.price.idx|nr.employed|city_pop", AMOUNTS, "measure", "area"),
        ("Changed_Credit_Limit|OrderAmountHikeFromlastYear", AMOUNTS, "measure", "share"),
        ("InvoiceNo|unix_time", WHOLE, "", "code"),
        ("Rezygnacja|Odchod|Terk|是否流失|解約", FLAGS, "category", "outcome"),
    ],
)  # fmt: skip
def test_a_columns_meaning_is_what_its_header_says_and_its_values_can_be(headers, values, role, meaning):
    found = {header: match_of(header, values) for header in headers.split("|")}
    assert {header: (match.role, match.meaning) for header, match in found.items()} == dict.fromkeys(
        found, (role, meaning)
    )


@pytest.mark.parametrize(
    ("headers", "values", "role"),
    [
        ("Client Ref|CustID|cardholder|Kundennr.|MemberNo|acct|codigo|SK_ID_CURR|Loan_ID", IDS, "customer_id"),
        ("Kunde_ID|客户编号|номер клиента|고객번호|顧客番号|Κωδικός πελάτη|Kunde|cust", IDS, "customer_id"),
        ("年龄|возраст|나이|年齢|Ηλικία", ADULTS, "age"),
        ("open_dt|created_at|Activation Date", EPOCH_DAYS, "joined_on"),
        ("zmarły|Date died|умер|死亡|사망|overleden|avliden", ["WAAR", "ONWAAR"] * 120, "deceased"),
        ("address.postcode", ["2000", "3000"] * 120, "postcode"),
        ("Age now|Age at review|CurrentAge|idade|Alter|Years", ADULTS, "age"),
        ("DOB|CustDOB|Geb.-Datum|data_nascimento|date de naissance", DATES, "date_of_birth"),
        ("BirthYr|Year_Birth|Geburtsjahr|yob", YEARS, "birth_year"),
        ("Opened|Onboarded|EnrolledOn|Kunde seit|cliente desde|Date Joined|customer since", DATES, "joined_on"),
        ("join year|Year_Joined|customer since", YEARS, "joined_year"),
        ("tenure|YearsWithUs|Vintage", COUNTS, "tenure"),
        ("tenure|Months_on_book|meses_como_cliente|Months Since Policy Inception|Tenure (months)", MONTHS,
         "tenure_months"),
        ("Vintage (days)|tenure|vintage|days_with_bank", DAYS, "tenure_days"),
        ("PIN|CEP|PLZ|postal|Zipcode", ["560001", "400010"] * 120, "postcode"),
        ("Postnummer|Postnr.|Postinumero|Irányítószám|우편번호|Codice postale", ["1011", "4024"] * 120, "postcode"),
        ("PLZ", ["D-10115", "D-80331"] * 120, "postcode"),
        ("Beruf|Line of work|Trade", WORDS, "job_title"),
        ("Loyalty Number|MBR_NBR|ncodpers|Relationship ID|顧客番号|客户编号|ID klienta", IDS, "customer_id"),
        ("年齢|年龄|Věk", ADULTS, "age"),
        ("Enrollment Year", YEARS, "joined_year"),
        ("口座開設日|开户日期|Müşteri Olma Tarihi", DATES, "joined_on"),
        ("Account Length", DAYS, "tenure_days"),
        ("Płeć|Pohlaví|性別|性别", ["K", "M"] * 120, "gender"),
        ("Nachname|apellidos|e-mail|Telefon|CPF|nom de famille|Banking Contact", NAMES, "personal"),
    ],
)  # fmt: skip
def test_words_name_a_column_of_the_schema(headers, values, role):
    found = {header: match_of(header, values).role for header in headers.split("|")}
    assert found == dict.fromkeys(found, role)


@pytest.mark.parametrize(
    ("header", "label", "times", "currency", "units"),
    [
        ("Annual Income (k$)", "Annual Income", 1000, "", {"a year"}),
        ("Income (in thousands)", "Income", 1000, "", set()),
        ("Saldo (Tsd. EUR)", "Saldo", 1000, "EUR", set()),
        ("AUM (Mio. CHF)", "AUM", 1_000_000, "CHF", set()),
        ("CurrentBal (INR)", "CurrentBal", 1, "INR", set()),
        ("年収（万円）", "年収", 10_000, "JPY", set()),
        ("Zůstatek (Kč)", "Zůstatek", 1, "CZK", set()),
        ("Cleared balance (£)", "Cleared balance", 1, "GBP", set()),
        ("Balance £", "Balance", 1, "GBP", set()),
        ("Balance USD", "Balance USD", 1, "USD", set()),
        ("Balance (PKR mn)", "Balance", 1_000_000, "PKR", set()),
        ("Balance (pkr)", "Balance", 1, "PKR", set()),
        ("balance_pkr", "balance_pkr", 1, "PKR", set()),
        ("Balance (৳)", "Balance", 1, "BDT", set()),
        ("Saldo (S/)", "Saldo", 1, "PEN", set()),
        ("Balance (all)", "Balance (all)", 1, "", set()),
        ("balance_all", "balance_all", 1, "", set()),
        ("BALANCE_TOP", "BALANCE_TOP", 1, "", set()),
        ("Cost (try 2)", "Cost (try 2)", 1, "", set()),
        ("Deposits (lakh)", "Deposits", 100_000, "", set()),
        ("Vintage (days)", "Vintage", 1, "", {"days"}),
        ("Nettoeinkommen mtl.", "Nettoeinkommen mtl.", 1, "", {"a month"}),
        ("Loyalty points (0-100)", "Loyalty points", 1, "", set()),
        ("Shoe size (EU)", "Shoe size (EU)", 1, "", set()),
        ("Balance (2023)", "Balance (2023)", 1, "", set()),
        ("Swap (EUR/USD)", "Swap", 1, "", set()),
    ],
)
def test_units_and_currencies_are_taken_out_of_headers(header, label, times, currency, units):
    parsed = parse_header(header)
    assert (parsed.label, parsed.times, parsed.currency, parsed.units) == (label, times, currency, units)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("AvgQtrBal", "avg qtr bal"),
        ("CustDOB", "cust dob"),
        ("DOBYear", "dob year"),
        ("Geb.-Datum", "geb datum"),
        ("PAY_AMT1", "pay amt 1"),
        ("education-num", "education num"),
        ("Währung", "wahrung"),
        ("# of cards", "# of cards"),
    ],
)
def test_headers_are_split_at_case_digits_and_punctuation(header, words):
    assert words_of(header) == tuple(words.split())


def test_phrases_win_over_words_and_modifiers_change_what_they_stand_with():
    assert [sense.means for sense in senses(("number", "of", "deposits"))][:2] == ["activity", "balance"]
    assert senses(("net", "worth"))[0].means == "net_worth"
    assert senses(("creditlimit",))[0].means == "credit_limit", "words within a word"
    assert senses(("zorb",)) == ()


def test_every_row_of_the_table_of_words_has_a_known_meaning_and_phrases():
    rows = rows_of("meanings")
    assert {row["means"] for row in rows} <= {*MEANINGS, *BY_NAME}
    assert {int(row["weight"]) for row in rows} <= set(range(1, 11))
    assert all(phrase.strip() for row in rows for phrase in row["phrases"].split("|"))


@pytest.mark.parametrize(
    ("header", "values", "role", "meaning"),
    [
        ("Income", [str(1 + number % 9) for number in range(SIZE)], "category", "code"),
        ("Balance", [str(number % 6) for number in range(SIZE)], "measure", "activity"),
        ("PAY_0", [str(number % 9 - 2) for number in range(SIZE)], "category", "code"),
        ("Income_Category", BANDS, "income", "income"),
        ("faixa_renda_anual", BANDS, "category", "income"),
        ("Savings band", ORDERED, "category", "balance"),
        ("Fee plan", ["Low", "Mid", "High"] * 80, "category", "category"),
        ("Dependents", ["0", "1", "2", "3+"] * 60, "category", "category"),
        ("Welle", [str(202400 + 1 + number % 12) for number in range(SIZE)], "", "date"),
        ("MCC", [str(5400 + number % 60) for number in range(SIZE)], "", "code"),
        ("Saldo", [f"{1 + number % 9}.{100 + number}" for number in range(SIZE)], "balance", "balance"),
        ("created", [str(number % 40) for number in range(SIZE)], "measure", "number"),
        ("accidental_death_cover", ANSWERS, "category", "category"),
        ("Constant fee", ["3"] * SIZE, "measure", "constant"),
        ("Nation", ["Samoa"] * SIZE, "", "constant"),
        ("income", NAMES, "", "category"),
    ],
)
def test_values_decide_where_the_header_cannot_be_right(header, values, role, meaning):
    match = match_of(header, values)
    assert (match.role, match.meaning) == (role, meaning)


def test_an_age_in_days_before_the_application_is_turned_into_years():
    match = match_of("DAYS_BIRTH", [f"-{9000 + 70 * number}" for number in range(SIZE)])
    assert match.role == "age"
    assert match.times * -9131.0625 == pytest.approx(25)


def test_a_tenure_too_long_for_the_oldest_customer_is_in_months():
    youths = [str(18 + number % 12) for number in range(SIZE)]
    spans = [str(1 + number % 34) for number in range(SIZE)]
    tenures = {match.header: match for match in propose(table(age=youths, tenure=spans), {})}
    assert tenures["tenure"].role == "tenure_months"
    assert "too long for years of customers up to 29" in tenures["tenure"].evidence
    assert [match.role for match in propose(table(age=ADULTS, tenure=spans), {})] == ["age", "tenure"]


def test_two_columns_that_fit_a_role_alike_are_said_and_left_open():
    id_match, other = propose(table(member_id=IDS, client_id=[f"Y{cell}" for cell in IDS]), {})[::-1]
    assert (id_match.role, id_match.confidence < SURE, other.role) == ("customer_id", True, "")
    assert "so does “member_id”" in id_match.evidence


def test_our_own_output_loaded_again_is_neither_measure_nor_category():
    own = table(customer_id=IDS, balance=AMOUNTS, Is_Mass_Affluent_Custom=ANSWERS, Age_Group=WORDS, Cluster=LEVELS)
    assert [(match.role, match.meaning) for match in propose(own, {})][2:] == [("", "result")] * 3
    scored = table(customer_id=IDS, Segment=WORDS, Distance=AMOUNTS, Outside_range=WORDS, Not_clustered_because=WORDS)
    assert [(match.role, match.meaning) for match in propose(scored, {})][1:] == [("", "result")] * 4
    assert [match.role for match in propose(scored[["customer_id", "Segment", "Distance"]], {})][1:] != ["", ""]
    foreign = table(customer_id=IDS, Age_Group=["18-25", "26-40", "41-60"] * 80)
    assert propose(foreign, {})[1].role != ""


def test_a_header_with_unreadable_values_says_so():
    unreadable = ["1.2.3.4 units", *[f"about {number}" for number in range(SIZE)]]
    assert match_of("Cleared bal", unreadable).evidence == "“bal” in the header, but 0% of the values are numbers"


@pytest.mark.parametrize(
    ("chosen", "values", "role", "meaning"),
    [
        ("outcome", FLAGS, "category", "outcome"),
        ("net_worth", WHOLE, "measure", "net_worth"),
        ("income", WHOLE, "income", "income"),
        ("measure", WHOLE, "measure", "balance"),
        ("code", ROWS, "measure", "code"),
        ("", WHOLE, "", ""),
    ],
)
def test_a_meaning_can_be_chosen_as_a_role(chosen, values, role, meaning):
    match = propose(table(Saldo2=values), {"saldo2": chosen})[0]
    assert (match.role, match.meaning, match.confidence) == (role, meaning, 1.0)


def test_every_role_has_a_label():
    assert label_of("outcome") == "Outcome or prediction"
    assert all(label_of(role) for role in ROLES)


def test_no_sense_depends_on_the_order_of_columns():
    columns = {"Yearly pay": WHOLE, "Age now": ADULTS, "member": IDS, "Total debt": AMOUNTS, "Left": FLAGS}
    frame = pd.DataFrame({header: pd.Categorical(values) for header, values in columns.items()})
    found = {match.header: match for match in propose(frame, {})}
    shuffled = [*columns][::-1]
    assert {match.header: match for match in propose(frame[shuffled], {})} == found
    rows = np.random.default_rng(0).permutation(SIZE)
    mixed = propose(frame.iloc[rows].reset_index(drop=True), {})
    assert {match.header: (match.role, match.meaning) for match in mixed} == {
        header: (match.role, match.meaning) for header, match in found.items()
    }


@pytest.mark.parametrize("code", currencies())
def test_every_code_of_a_currency_is_read_in_a_header(code):
    parsed = parse_header(f"Balance ({code})")
    assert (parsed.label, parsed.currency) == ("Balance", code)


@pytest.mark.parametrize(
    ("header", "times", "currency"),
    [
        ("Balance (US cents)", 0.01, ""),
        ("balance_pence", 0.01, "GBP"),
        ("saldo_centavos", 0.01, ""),
        ("percent", 1, ""),
    ],
)
def test_amounts_in_the_smaller_coin_become_whole_ones(header, times, currency):
    parsed = parse_header(header)
    assert (parsed.times, parsed.currency) == (times, currency)
