"""The canonical columns of a customer: what each means and how files in the field spell it."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["id", "text", "category", "band", "postcode", "number", "date", "yes_no"]

UNKNOWN: Final = "Unknown"
NOT_CLUSTERED: Final = "Not clustered"
OUTLIERS: Final = "Outliers"
# Groups of customers that are no segments: they have a label but no number.
NO_SEGMENT: Final = (OUTLIERS, NOT_CLUSTERED)

ID: Final = "customer_id"
STATE: Final = "state"  # its known values are the regions of the file's country (`core.countries`)
POSTCODE: Final = "postcode"
SUBREGION: Final = "subregion"  # the region within its country, where the regions of a file are countries
CURRENCY: Final = "¤"  # stands for the sign of the country's currency
MIXED: Final = "mixed currencies"  # the unit of amounts in several
AGE_GROUP: Final = "Age_Group"
MASS_AFFLUENT: Final = "Is_Mass_Affluent_Custom"
HIGH_POTENTIAL: Final = "High_Potential_Flag"
CLUSTER: Final = "Cluster"
_RFM = "RFM group", "Recency score", "Frequency score", "Monetary score"  # what the program adds of transactions
RFM: Final = {label.lower().replace(" ", "_"): label for label in _RFM}
RFM_GROUP, RECENCY_SCORE, FREQUENCY_SCORE, MONETARY_SCORE = RFM
YES_NO: Final = ("Yes", "No", UNKNOWN)


@dataclass(frozen=True)
class Column:
    """One canonical column.

    `headers` are known header spellings and `values` known value spellings (both normalised, see
    `normalise`); `low` and `high` bound the valid range of a number; `more` and `less` are the
    words a segment's name uses for a high and a low mean; `cleaning` has the keys of the cleaning rules
    that apply beside those for all columns of its kind (`core.cleaning.registry`). `meaning` is a key of
    `core.meanings.MEANINGS`, `header` what the file calls the column. `times` turns a number of the file into the
    unit (1000 for thousands), `currency` is the ISO 4217 code that the header names.
    """

    name: str
    kind: Kind
    label: str
    unit: str = ""
    headers: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    # Ten billion: a larger number is hardly a figure of one customer.
    low: float = -1e10
    high: float = 1e10
    more: str = ""
    less: str = ""
    cleaning: tuple[str, ...] = ()
    meaning: str = ""
    header: str = ""
    times: float = 1.0
    currency: str = ""

    @property
    def title(self) -> str:
        """Label with the unit that its numbers are written without, for an axis: money has its `sign` at each."""
        return self.label if self.sign else titled(self.label, self.unit)

    @property
    def sign(self) -> str:
        """The sign that its amounts are written with; empty for what is no money, and where no currency is known."""
        return "" if self.unit in NO_SIGNS else self.unit


def titled(label: str, unit: str, currency: str = "") -> str:
    """A label with its unit, in which a currency takes the place of `CURRENCY`: `"Value (£ a year)"`."""
    shown = unit.replace(CURRENCY, currency).strip()
    return f"{label} ({shown})" if shown else label


_BETWEEN_WORDS: Final = re.compile(r"[\W_]+")


def normalise(text: str) -> str:
    """Fold case, accents, and punctuation and spaces to single underscores: `"Past 3-Years"` → `past_3_years`."""
    plain = text.casefold()
    if not plain.isascii():  # a quarter of the time for most values
        plain = "".join(mark for mark in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(mark))
    return _BETWEEN_WORDS.sub("_", plain).strip("_")


def _spellings(table: Mapping[str, str]) -> dict[str, str]:
    """`{"IT": "technology"}` → `{"it": "IT", "i_t": "IT", "technology": "IT"}` (`i_t` is "I.T.")."""
    return {
        normalise(spelling): canonical
        for canonical, words in table.items()
        for word in (canonical, *words.split("|"))
        for spelling in (word, ".".join(word) if word.isupper() else "")
        if spelling
    }


GENDERS: Final = _spellings(
    {
        "Female": "f|femal|woman|w|weiblich|frau|femme|féminin|mujer|femenino|donna|femmina|feminino"
        "|kobieta|zena|vrouw|kadın|bayan|hembra|女|女性|여|여성",
        "Male": "m|man|männlich|mann|herr|homme|masculin|hombre|masculino|uomo|maschio"
        "|mężczyzna|muz|varón|erkek|bay|男|男性|남|남성",
        "Undisclosed": "u|not disclosed|prefer not to say|d|divers",
    }
)
INDUSTRIES: Final = _spellings(
    {
        "Agriculture": "argiculture|farming",
        "Construction": "",
        "Education": "",
        "Entertainment": "",
        "Financial Services": "finance|banking",
        "Government": "public sector",
        "Health": "healthcare|health care",
        "Hospitality": "",
        "IT": "information technology",
        "Manufacturing": "",
        "Mining": "",
        "Property": "real estate",
        "Retail": "",
        "Telecommunications": "telecom|telco",
        "Transport": "",
    }
)
WEALTH_SEGMENTS: Final = _spellings(
    {
        "Mass Customer": "mass|mass market",
        "Affluent Customer": "affluent|mass affluent",
        "High Net Worth": "hnw|high net worth customer|hnwi",
    }
)
ANSWERS: Final = _spellings(
    {
        "Yes": "y|true|t|1|x|j|ja|wahr|oui|vrai|si|sí|verdadero|sim|verdadeiro|vero|tak|prawda|evet|doğru|waar|sant"
        "|tosi|igen|igaz|ya|да|истина|ναι|是|真|はい|예",
        "No": "n|false|f|0|nein|falsch|non|faux|não|falso|nee|nej|nie|hayır|yanlış|onwaar|fałsz|falskt|epätosi|nem"
        "|hamis|tidak|нет|ложь|όχι|否|假|いいえ|아니오",
    }
)
DEATHS: Final = ANSWERS | _spellings(
    {
        "Yes": "deceased|dead|died|verstorben|tot|décédé|décédée|fallecido|fallecida|falecido|falecida|deceduto|late",
        "No": "alive|living|not deceased|lebend|lebt|vivant|vivante|vivo|viva|active",
    }
)
# Words that mean death in any column; a payment may be late, and "tot" is also a total.
DEAD: Final = frozenset(word for word, answer in DEATHS.items() if answer == "Yes") - {*ANSWERS, "late", "tot"}

CUSTOMER: Final[tuple[Column, ...]] = (
    Column(ID, "id", "Customer id", headers=("id", "customer", "customer_no", "customer_number", "customer_nr",
        "cust", "cust_id", "cust_no", "customerid", "client_id", "client_no", "client_number", "clientnum",
        "client_num", "cif", "cif_no", "member_id", "member_no", "subscriber_id", "party_id", "user_id", "kunde",
        "kundennummer", "kunden_nr", "kunden_id", "id_client", "id_cliente", "numero_client"), meaning="code"),
    Column("date_of_birth", "date", "Birth date", headers=("dob", "birth_date", "birthdate", "birthday",
        "date_birth", "birth_dt", "dt_birth", "geburtsdatum", "date_naissance", "date_de_naissance",
        "fecha_nacimiento", "data_nascita", "data_nascimento"), meaning="age"),
    Column("birth_year", "number", "Birth year", headers=("year_birth", "year_of_birth", "yob", "geburtsjahr",
        "born"), low=1880, high=2100, meaning="age"),
    Column("age", "number", "Age", "years", headers=("customer_age", "age_years", "client_age", "alter", "edad",
        "eta", "idade"), low=0, high=120, more="older", less="younger", cleaning=("whole_years",), meaning="age"),
    Column("gender", "category", "Gender", headers=("sex", "genre", "geschlecht", "sexe", "sexo", "genero"),
        values=GENDERS, meaning="category"),
    Column(STATE, "category", "Region", headers=("state_code", "state_territory", "state_name", "province",
        "region", "region_name", "geography", "bundesland", "provincia", "estado"), meaning="place"),
    Column(POSTCODE, "postcode", "Postcode", headers=("post_code", "postal_code", "zip", "zip_code", "zipcode",
        "plz", "postleitzahl", "code_postal", "codigo_postal", "cap"), meaning="place"),
    Column(SUBREGION, "category", "Region within its country", meaning="place"),
    Column("latitude", "number", "Latitude", "°", headers=("lat", "geo_lat"), low=-90, high=90, meaning="place"),
    Column("longitude", "number", "Longitude", "°", headers=("lon", "lng", "long", "geo_lon", "geo_lng"),
        low=-180, high=180, meaning="place"),
    Column("job_industry", "category", "Job industry", headers=("job_industry_category", "industry",
        "industry_category", "sector", "industry_sector", "branche"), values=INDUSTRIES, meaning="category"),
    Column("job_title", "text", "Job title", headers=("job", "occupation", "profession", "beruf", "position"),
        meaning="category"),
    Column("wealth_segment", "category", "Wealth segment", headers=("wealth", "wealth_band", "wealth_category",
        "customer_segment", "wealth_tier"), values=WEALTH_SEGMENTS, meaning="category"),
    Column("property_valuation", "number", "Property valuation", "band 1–12", headers=("property_value_band",
        "valuation", "property_valuation_band"), low=1, high=12, more="high valuation", less="low valuation",
        meaning="valuation"),
    Column("purchases", "number", "Purchases", "past 3 years", headers=("past_3_years_bike_related_purchases",
        "past_3_years_purchases", "purchases_past_3_years", "purchases_3_years", "number_of_purchases",
        "num_purchases", "purchase_count", "orders", "number_of_orders", "total_trans_ct", "transaction_count",
        "total_transactions"), low=0, more="frequent buyers", less="rare buyers", meaning="activity"),
    Column("tenure", "number", "Tenure", "years", headers=("tenure_years", "years_with_bank", "customer_tenure",
        "years_as_customer", "years_with_us", "relationship_years", "vintage_years"), low=0, high=100,
        more="long tenure", less="short tenure", meaning="tenure"),
    Column("tenure_months", "number", "Tenure in months", "months", headers=("months_on_book", "tenure_in_months",
        "months_with_bank", "months_as_customer", "vintage_months", "relationship_months", "mob"), low=0,
        high=1200, meaning="tenure"),
    Column("tenure_days", "number", "Tenure in days", "days", headers=("days_with_bank", "days_as_customer",
        "vintage_days", "relationship_days", "tenure_in_days"), low=0, high=36_525, meaning="tenure"),
    Column("joined_year", "number", "Join year", headers=("year_joined", "join_year"), low=1900, high=2100,
        meaning="tenure"),
    Column("joined_on", "date", "Join date", headers=("join_date", "joined", "date_joined", "customer_since",
        "client_since", "member_since", "since", "dt_customer", "signup_date", "sign_up_date", "open_date",
        "opening_date", "account_open_date", "date_opened", "onboarding_date", "registration_date", "start_date",
        "relationship_start", "kunde_seit", "eintrittsdatum", "date_adhesion"), meaning="tenure"),
    Column("balance", "number", "Balance", CURRENCY, headers=("account_balance", "total_balance", "current_balance",
        "avg_balance", "average_balance", "assets", "total_assets", "investable_assets", "aum", "deposits",
        "total_deposits", "saldo", "kontostand", "solde"), more="high balance", less="low balance", meaning="balance"),
    Column("income", "number", "Income", CURRENCY, headers=("annual_income", "yearly_income", "household_income",
        "salary", "estimated_salary", "estimatedsalary", "gross_income", "income_category", "income_band",
        "income_range", "einkommen", "jahreseinkommen", "revenu", "ingresos"), more="high income",
        less="low income", meaning="income"),
    Column("credit_limit", "number", "Credit limit", CURRENCY, headers=("limit_bal", "card_limit", "limit_amount",
        "kreditlimit", "limite_credito"), more="high credit limit", less="low credit limit", meaning="credit_limit"),
    Column("owns_car", "yes_no", "Car ownership", headers=("has_car", "car_owner", "car", "car_ownership",
        "flag_own_car", "owns_vehicle"), values=ANSWERS, more="car owners", less="few cars", meaning="category"),
    Column("deceased", "yes_no", "Deceased", headers=("deceased_indicator", "is_deceased", "deceased_flag",
        "deceased_ind", "verstorben", "is_dead", "dead", "died", "death_flag", "date_of_death", "death_date", "dod",
        "deceased_date", "date_deceased", "deceased_on", "died_on", "death_dt", "verstorben_am", "todesdatum", "decede",
        "sterbedatum", "date_deces", "date_de_deces", "fallecido", "fecha_fallecimiento", "fecha_de_fallecimiento",
        "fecha_defuncion", "falecido", "data_obito", "data_falecimento", "deceduto", "data_decesso", "overleden",
        "overlijdensdatum", "vital_status"), values=DEATHS, cleaning=("deceased",), meaning="outcome"),
    *(Column(name, "category", label, meaning="rfm") for name, label in RFM.items()),
    Column("last_activity_on", "date", "Last activity date", headers=("last_purchase_date",), meaning="recency"),
    Column("days_since_activity", "number", "Days since last activity", "days", low=0, more="long inactive",
        less="recently active", meaning="recency"),
    Column("transaction_date", "date", "Transaction date", headers=("invoice_date", "order_date", "purchase_date",
        "booking_date", "trans_date", "txn_date", "transaction_dt", "buchungsdatum"), meaning="date"),
)  # fmt: skip
# Other forms of a column; cleaning turns them into it: birth year → age, months, days or a join date → tenure.
DERIVED_FROM: Final = ("birth_year", "tenure_months", "tenure_days", "joined_year", "joined_on", "transaction_date",
    "last_activity_on")  # fmt: skip

BY_NAME: Final = {column.name: column for column in CUSTOMER}
NO_SIGNS: Final = frozenset({MIXED, *(column.unit for column in CUSTOMER)})  # units that are no sign of a currency
BY_HEADER: Final = {header: column for column in CUSTOMER for header in (column.name, *column.headers)}

# Recognised so that they can be left out: nothing on the dashboard needs to know who a customer is.
PERSONAL: Final = frozenset((
    "first_name", "last_name", "middle_name", "given_name", "family_name", "surname", "name", "full_name",
    "customer_name", "forename", "address", "street", "street_address", "address_line_1", "address_line_2",
    "address_1", "address_2", "email", "e_mail", "email_address", "phone", "phone_number", "telephone", "mobile",
    "mobile_number", "cell", "contact_number", "vorname", "nachname", "nom", "prenom", "nombre", "apellido",
    "adresse", "strasse", "telefon", "ssn", "tax_id", "tfn", "passport", "iban", "account_number", "card_number",
))  # fmt: skip

PERSONAL_WORDS: Final = frozenset(("phone", "telephone", "mobile", "email", "fax", "address", "surname", "lastname"))
# The last word of a header of numbers that measure nothing.
CODES: Final = frozenset(("id", "no", "nr", "num", "number", "code", "key", "index", "row", "phone", "rownumber"))

# Strings that mean "no value", the spellings pandas recognises by default plus those people type.
# Applied to recognised columns only, never to names: somebody is called Na.
BLANKS: Final = frozenset((
    "", "n/a", "na", "n.a.", "nan", "nat", "null", "none", "nil", "-", "--", "?", ".", "#n/a", "#na", "<na>",
    "unknown", "missing", "undefined",
))  # fmt: skip

# Names the app's own tables use for other things.
RESERVED: Final = frozenset(("cluster", "name", "customers", "share", "segment"))

# What k-means uses unless the analyst picks: measures, never an id, a place, a gender or a constant.
DEFAULT_FEATURES: Final = ("age", "property_valuation", "purchases", "tenure")
NEVER_FEATURES: Final = frozenset({"latitude", "longitude"})
USUAL_VALUE: Final = "property_valuation"  # stands for a customer's value where no measure varies
# Columns that the program makes of others → their labels.
ADDED: Final = {AGE_GROUP: "Age group", MASS_AFFLUENT: "Mass affluent", HIGH_POTENTIAL: "High potential"}
FILTERS: Final = {
    "state": "Region",  # where no country says what it calls them
    "job_industry": "Job industry",
    AGE_GROUP: ADDED[AGE_GROUP],
    "owns_car": "Car ownership",
    MASS_AFFLUENT: ADDED[MASS_AFFLUENT],
}

SECOND, MARGIN, CERTAINTY = CERTAINTIES = ("Second_segment", "Margin", "Certainty")  # how sure a segment is
SCORED: Final = ("Segment", "Distance", *CERTAINTIES, "Outside_range", "Not_clustered_because")  # columns of scoring
SURE: Final = "Sure of segment"  # what customers are filtered by: Yes, No, Unknown
# Numbers and groups that customers have, for what is shown of them.
NUMBERS: Final = tuple(one.name for one in CUSTOMER if one.kind == "number" and one.name not in DERIVED_FROM)
GROUPS: Final = (*(one.name for one in CUSTOMER if one.kind in ("category", "text", "postcode", "yes_no")), *ADDED)


def one_of(column: str, possible: Sequence[str]) -> str:
    """The column, if it is one of those possible.

    Raises
    ------
    ValueError
        It is not.
    """
    if column not in possible:
        raise ValueError(f"There is no {column!r} to show here: choose one of {', '.join(possible)}.")
    return column


NOUNS: Final = ("Land", "RFM group")  # they keep their capital

for _filter in FILTERS:
    one_of(_filter, GROUPS)


def in_sentence(name: str, text: str) -> str:
    """A label or title within a sentence: of a column of our own in small letters, a file's header as it is."""
    return text.lower() if (name in BY_NAME or name in ADDED) and text not in NOUNS else text
