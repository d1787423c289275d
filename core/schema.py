"""The canonical columns of a customer: what each means and how files in the field spell it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Kind = Literal["id", "text", "category", "postcode", "number", "date", "yes_no"]

UNKNOWN: Final = "Unknown"
NOT_CLUSTERED: Final = "Not clustered"

ID: Final = "customer_id"
AGE_GROUP: Final = "Age_Group"
MASS_AFFLUENT: Final = "Is_Mass_Affluent_Custom"
HIGH_POTENTIAL: Final = "High_Potential_Flag"
CLUSTER: Final = "Cluster"
YES_NO: Final = ("Yes", "No", UNKNOWN)


@dataclass(frozen=True)
class Column:
    """One canonical column.

    `headers` are known header spellings and `values` known value spellings (both normalised, see
    `normalise`); `low` and `high` bound the valid range of a number; `more` and `less` are the
    words a segment's name uses for a high and a low mean.
    """

    name: str
    kind: Kind
    label: str
    unit: str = ""
    headers: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    low: float = float("-inf")
    high: float = float("inf")
    more: str = ""
    less: str = ""

    @property
    def title(self) -> str:
        """Label with its unit, for an axis."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


def normalise(text: str) -> str:
    """Fold case, and punctuation and spaces to single underscores: `"Past 3-Years"` → `past_3_years`."""
    return re.sub(r"[\W_]+", "_", text.casefold()).strip("_")


def _spellings(table: Mapping[str, str]) -> dict[str, str]:
    """`{"SA": "south australia"}` → `{"sa": "SA", "s_a": "SA", "south_australia": "SA"}` (`s_a` is "S.A.")."""
    return {
        normalise(spelling): canonical
        for canonical, words in table.items()
        for word in (canonical, *words.split("|"))
        for spelling in (word, ".".join(word) if word.isupper() else "")
        if spelling
    }


GENDERS: Final = _spellings(
    {"Female": "f|femal|woman", "Male": "m|man", "Undisclosed": "u|not disclosed|prefer not to say"}
)
STATES: Final = _spellings(
    {
        "NSW": "new south wales",
        "VIC": "victoria",
        "QLD": "queensland",
        "WA": "western australia",
        "SA": "south australia",
        "TAS": "tasmania",
        "ACT": "australian capital territory|canberra",
        "NT": "northern territory",
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
ANSWERS: Final = _spellings({"Yes": "y|true|t|1", "No": "n|false|f|0"})

CUSTOMER: Final[tuple[Column, ...]] = (
    Column(ID, "id", "Customer id", headers=("id", "customer", "customer_no", "customer_number",
        "cust_id", "customerid", "client_id", "client_number", "clientnum", "cif")),
    Column("date_of_birth", "date", "Birth date", headers=("dob", "birth_date", "birthdate",
        "birthday", "date_birth")),
    Column("age", "number", "Age", "years", headers=("customer_age", "age_years"), low=0, high=120,
        more="older", less="younger"),
    Column("gender", "category", "Gender", headers=("sex",), values=GENDERS),
    Column("state", "category", "State", headers=("state_code", "state_territory", "province",
        "region"), values=STATES),
    Column("postcode", "postcode", "Postcode", headers=("post_code", "postal_code", "zip",
        "zip_code", "zipcode")),
    Column("latitude", "number", "Latitude", "°", headers=("lat",), low=-90, high=90),
    Column("longitude", "number", "Longitude", "°", headers=("lon", "lng", "long"), low=-180, high=180),
    Column("job_industry", "category", "Job industry", headers=("job_industry_category", "industry",
        "industry_category", "sector"), values=INDUSTRIES),
    Column("job_title", "text", "Job title", headers=("job", "occupation", "profession")),
    Column("wealth_segment", "category", "Wealth segment", headers=("wealth", "wealth_band",
        "wealth_category"), values=WEALTH_SEGMENTS),
    Column("property_valuation", "number", "Property valuation", "band 1–12",
        headers=("property_value_band", "valuation", "property_valuation_band"), low=0,
        more="high valuation", less="low valuation"),
    Column("purchases", "number", "Purchases", "past 3 years", headers=(
        "past_3_years_bike_related_purchases", "past_3_years_purchases", "purchases_past_3_years",
        "purchases_3_years", "number_of_purchases"), low=0, more="frequent buyers",
        less="rare buyers"),
    Column("tenure", "number", "Tenure", "years", headers=("tenure_years", "years_with_bank",
        "customer_tenure"), low=0, high=100, more="long tenure", less="short tenure"),
    Column("balance", "number", "Balance", "$", headers=("account_balance", "total_balance",
        "assets", "total_assets", "investable_assets", "aum"), more="high balance",
        less="low balance"),
    Column("owns_car", "yes_no", "Car ownership", headers=("has_car", "car_owner", "car"),
        values=ANSWERS),
    Column("deceased", "yes_no", "Deceased", headers=("deceased_indicator", "is_deceased",
        "deceased_flag"), values=ANSWERS),
)  # fmt: skip

BY_NAME: Final = {column.name: column for column in CUSTOMER}
BY_HEADER: Final = {header: column for column in CUSTOMER for header in (column.name, *column.headers)}

# Recognised so that they can be left behind: nothing on the dashboard needs to know who a customer is.
PERSONAL: Final = frozenset(
    [
        "first_name",
        "last_name",
        "middle_name",
        "given_name",
        "family_name",
        "surname",
        "name",
        "full_name",
        "customer_name",
        "forename",
        "address",
        "street",
        "street_address",
        "address_line_1",
        "address_line_2",
        "address_1",
        "address_2",
        "email",
        "e_mail",
        "email_address",
        "phone",
        "phone_number",
        "telephone",
        "mobile",
        "mobile_number",
        "cell",
        "contact_number",
    ]
)

# Strings that mean "no value", the spellings pandas recognises by default plus those people type.
# Applied to recognised columns only, never to names: somebody is called Na.
BLANKS: Final = frozenset(
    [
        "",
        "n/a",
        "na",
        "n.a.",
        "nan",
        "null",
        "none",
        "nil",
        "-",
        "--",
        "?",
        ".",
        "#n/a",
        "#na",
        "<na>",
        "unknown",
        "missing",
        "undefined",
    ]
)

# Names the app's own tables use for other things.
RESERVED: Final = frozenset(("cluster", "name", "customers", "share", "segment"))

# What k-means uses unless the analyst picks: measures, never an id, a place, a gender or a constant.
DEFAULT_FEATURES: Final = ("age", "property_valuation", "purchases", "tenure")
NEVER_FEATURES: Final = frozenset({"latitude", "longitude"})
# The first of these a file has numbers the clusters: "1" is the wealthiest.
WEALTH_MEASURES: Final = ("property_valuation", "balance", "income")
SLICERS: Final = {
    "state": "State",
    "job_industry": "Job industry",
    AGE_GROUP: "Age group",
    MASS_AFFLUENT: "Mass affluent",
}
