"""Derive age and tenure from other forms of them, numbers from bands, and the region from the postcode."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from core.cleaning.bands import band_middle, band_rank
from core.countries.registry import country_of
from core.intake.cross_checks import cross_checked
from core.intake.steps import Step
from core.meanings import meaning_of
from core.rules import Rules
from core.schema import BY_NAME, DERIVED_FROM, POSTCODE, STATE, UNKNOWN, Column, in_sentence

DAYS_A_YEAR = 365.2425  # of the Gregorian calendar
MONTHS_A_YEAR = 12
SECONDS_A_DAY = 86_400
# Column that is derived → the columns that it is worked out from, but for the birth date, which stays.
FORMS = {
    "age": ("birth_year",),
    "tenure": ("tenure_months", "tenure_days", "joined_on", "joined_year"),
    "days_since_activity": ("last_activity_on",),
}
COORDINATES = ("latitude", "longitude")


def derive(customers: pd.DataFrame, rules: Rules, columns: Sequence[Column] = ()) -> tuple[pd.DataFrame, list[Step]]:
    """Add `age` (whole years), `tenure` (years), `days_since_activity` and numbers of bands (`band_numbers`).

    Pure, row by row. Of age and tenure the most exact form wins: birth date, then age, then birth year; years, then
    months, days, join date, join year. Each form fills cells where better ones are missing, and is dropped. They are
    checked against each other (`cross_checked`).
    """
    steps: list[Step] = []
    own_age = customers.get("age")
    for name, after, forms in (
        ("age", "date_of_birth", (_from_birth_date, _own_age, _from_birth_year)),
        ("tenure", "tenure", (_own_tenure, _from_months, _from_days, _from_join_date, _from_join_year)),
        ("days_since_activity", "days_since_activity", (_own_recency, _from_last_date)),
    ):
        series = [values for form in forms if (values := form(customers, rules)) is not None]
        if not series:
            continue
        combined = series[0].astype("float64")
        for values in series[1:]:
            combined = combined.fillna(values)
        steps += _derivation_steps(customers, name)
        customers = _insert_after(customers, name, after, _as_float32(combined))
    customers, checks = cross_checked(customers, own_age)
    customers, band_steps = _with_band_numbers(customers, columns)
    return customers.drop(columns=[form for form in DERIVED_FROM if form in customers]), [*steps, *checks, *band_steps]


def band_numbers(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The number that is derived of each column of bands that says more than a category: a middle, or a rank.

    Bands of amounts get their middle in the unit of the amount (`cleaning.bands.band_middle`), ordered words their
    place (`band_rank`).
    """
    taken = {column.name for column in columns}
    numbers = [_band_number(column) for column in columns if column.kind == "band" and _measures(column)]
    return tuple(number for number in numbers if number.name not in taken)


def _measures(column: Column) -> bool:
    return bool(meaning_of(column.meaning).family)


def _band_number(column: Column) -> Column:
    of_words = meaning_of(column.meaning).money and not column.unit
    label = in_sentence(column.name, column.label)
    suffix, what = ("rank", "rank") if of_words else ("middle", "middle of the band")
    return replace(
        column, name=f"{column.name}_{suffix}", kind="number", label=f"{column.label} ({what})",
        more=f"high {label}", less=f"low {label}", times=1.0,
    )  # fmt: skip


def _with_band_numbers(customers: pd.DataFrame, columns: Sequence[Column]) -> tuple[pd.DataFrame, list[Step]]:
    steps = []
    bands = {number.header: column for column in columns for number in band_numbers([column])}
    for number in band_numbers(columns):
        band = bands[number.header]
        if band.name not in customers:
            continue
        labels = customers[band.name].cat.categories
        values = np.array([_number_of(label, band.times) for label in labels] or [np.nan], dtype=np.float64)
        codes = customers[band.name].cat.codes.to_numpy()
        customers = _insert_after(
            customers, number.name, band.name, pd.Series(values.take(codes), index=customers.index).where(codes >= 0)
        )
        rows = len(customers)
        title = f"{band.label}: worked out a number, {number.name.rpartition('_')[2]} of each band"
        steps.append(Step(title, rows, rows, band.name))
    return customers, steps


def _number_of(label: str, times: float) -> float:
    middle = band_middle(label) * times
    return band_rank(label) if np.isnan(middle) else middle


def with_region(customers: pd.DataFrame, code: str) -> tuple[pd.DataFrame, list[Step]]:
    """Add the region of each postcode where a file has no regions, and it is known where postcodes of its country lie.

    Pure, row by row.
    """
    country = country_of(code)
    if STATE in customers or POSTCODE not in customers or not country or not country.prefixes:
        return customers, []
    postcodes = customers[POSTCODE]
    regions = [country.region_of(postcode) or UNKNOWN for postcode in postcodes.cat.categories]
    kind = pd.CategoricalDtype(pd.Index(sorted({*regions, UNKNOWN}), dtype="str"))
    codes = np.append(kind.categories.get_indexer(regions), kind.categories.get_loc(UNKNOWN))
    customers = customers.copy()
    values = pd.Categorical.from_codes(codes.take(postcodes.cat.codes), dtype=kind).remove_unused_categories()
    customers.insert(customers.columns.get_loc(POSTCODE), STATE, values)
    title = f"{country.region} worked out from the {country.postcode}"
    return customers, [Step(title, len(customers), len(customers), STATE)]


def without_zero_points(customers: pd.DataFrame) -> tuple[pd.DataFrame, list[Step]]:
    """Blank coordinates that are both 0, which lie in the sea: programs write them where they know no place.

    Pure, row by row.
    """
    if not {*COORDINATES} <= {*customers}:
        return customers, []
    zero = (customers[[*COORDINATES]] == 0).all(axis=1)
    if not zero.any():
        return customers, []
    cleared = {name: customers[name].mask(zero) for name in COORDINATES}
    title = "Latitude and longitude 0 are no place and left blank"
    step = Step(title, len(customers), len(customers), COORDINATES[0], int(zero.sum()), warns=True)
    return customers.assign(**cleared), [step]


def _insert_after(customers: pd.DataFrame, name: str, after: str, values: pd.Series) -> pd.DataFrame:
    if name == after or (name in customers and after not in customers):
        return customers.assign(**{name: values})
    frame = customers.drop(columns=name, errors="ignore")
    place = frame.columns.get_loc(after) + 1 if after in frame else len(frame.columns)
    frame.insert(place, name, values)
    return frame


def _derivation_steps(customers: pd.DataFrame, name: str) -> list[Step]:
    used = FORMS[name]
    return [
        Step(
            f"{BY_NAME[name].label} worked out from the {BY_NAME[form].label.lower()}",
            len(customers),
            len(customers),
            form,
        )
        for form in used
        if form in customers
    ]


def _from_birth_date(customers: pd.DataFrame, rules: Rules) -> pd.Series | None:
    if "date_of_birth" not in customers:
        return None
    born = customers["date_of_birth"]
    if born.isna().all():
        return pd.Series(np.nan, index=born.index)
    calendar = pd.date_range(born.min(), born.max(), unit="s")  # each day once: there are fewer of them than customers
    before_birthday = (calendar.month > rules.as_of.month) | (
        (calendar.month == rules.as_of.month) & (calendar.day > rules.as_of.day)
    )
    ages = np.append(rules.as_of.year - calendar.year - before_birthday, np.nan).astype(np.float32)
    seconds = born.to_numpy().astype("datetime64[s]").astype("int64")
    days = (seconds - int(calendar[0].timestamp())) // SECONDS_A_DAY
    days[born.isna()] = -1
    return pd.Series(ages.take(days), index=born.index)


def _own_age(customers: pd.DataFrame, rules: Rules) -> pd.Series | None:  # noqa: ARG001
    return customers.get("age")


def _from_birth_year(customers: pd.DataFrame, rules: Rules) -> pd.Series | None:
    """The age reached in the as-of year: without a day of birth it may be a year too high."""
    if "birth_year" not in customers:
        return None
    age = rules.as_of.year - customers["birth_year"]
    return age.where(age.between(BY_NAME["age"].low, BY_NAME["age"].high))


def _own_tenure(customers: pd.DataFrame, rules: Rules) -> pd.Series | None:  # noqa: ARG001
    return customers.get("tenure")


def _from_months(customers: pd.DataFrame, rules: Rules) -> pd.Series | None:  # noqa: ARG001
    return customers["tenure_months"] / MONTHS_A_YEAR if "tenure_months" in customers else None


def _own_recency(customers: pd.DataFrame, rules: Rules) -> pd.Series | None:  # noqa: ARG001
    return customers.get("days_since_activity")


def _from_last_date(customers: pd.DataFrame, rules: Rules) -> pd.Series | None:
    """Whole days before the as-of date; a later date says nothing."""
    if "last_activity_on" not in customers:
        return None
    days = (pd.Timestamp(rules.as_of) - customers["last_activity_on"]).dt.days
    return days.where(days >= BY_NAME["days_since_activity"].low)


def _from_join_date(customers: pd.DataFrame, rules: Rules) -> pd.Series | None:
    if "joined_on" not in customers:
        return None
    return (pd.Timestamp(rules.as_of) - customers["joined_on"]).dt.days / DAYS_A_YEAR


def _from_days(customers: pd.DataFrame, rules: Rules) -> pd.Series | None:  # noqa: ARG001
    return customers["tenure_days"] / DAYS_A_YEAR if "tenure_days" in customers else None


def _from_join_year(customers: pd.DataFrame, rules: Rules) -> pd.Series | None:
    """Whole years since the join year: without a day it may be a year too long."""
    if "joined_year" not in customers:
        return None
    tenure = rules.as_of.year - customers["joined_year"]
    return tenure.where(tenure >= BY_NAME["tenure"].low)


def _as_float32(values: pd.Series) -> pd.Series:
    return values.astype("float64").round(2).astype(np.float32)
