"""Check the columns of a customer against each other: nobody joins before birth. Pure, row by row."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from core.figures import exact
from core.intake.steps import Step

EXAMPLES = 2
TOLERANCE = 1  # year: an age is in whole years, and files count it at different days


def cross_checked(customers: pd.DataFrame, own_age: pd.Series | None) -> tuple[pd.DataFrame, list[Step]]:
    """Set a tenure to missing that began before birth, and count ages that are not those of the birth dates.

    Parameters
    ----------
    customers : DataFrame
        With `age` and `tenure` in years, and the dates they came from, as far as there are any.
    own_age : Series, optional
        The ages of the file, before birth dates replaced them.
    """
    steps = []
    if {"age", "tenure"} <= {*customers}:
        before = (customers["tenure"] > customers["age"] + TOLERANCE).to_numpy(bool)
        if before.any():
            dated = np.zeros(len(customers), bool)
            if "joined_on" in customers:
                dated = customers["joined_on"].notna().to_numpy(bool)
            for title, wrong in (
                ("Join date before birth", before & dated),
                ("Tenure longer than the age", before & ~dated),
            ):
                if wrong.any():
                    steps.append(_step(f"{title}, tenure set to missing", "tenure", customers, wrong, _tenure_and_age))
            customers = customers.assign(tenure=customers["tenure"].mask(before))
    if own_age is not None and "date_of_birth" in customers:
        by_birth = customers["age"].where(customers["date_of_birth"].notna())
        other = ((own_age - by_birth).abs() > TOLERANCE).to_numpy(bool)
        if other.any():
            both = customers.assign(own_age=own_age)
            title = "Age in the file is not that of the birth date, which counts"
            steps.append(_step(title, "age", both, other, _both_ages))
    return customers, steps


def _step(
    title: str, column: str, customers: pd.DataFrame, wrong: np.ndarray, example: Callable[[pd.Series], str]
) -> Step:
    rows = len(customers)
    examples = sorted(example(row) for _, row in customers[wrong].head(EXAMPLES).iterrows())
    return Step(title, rows, rows, column, int(wrong.sum()), " and ".join(examples), warns=True)


def _tenure_and_age(row: pd.Series) -> str:
    return f"{exact(round(float(row['tenure']), 2))} years at the age of {exact(row['age'])}"


def _both_ages(row: pd.Series) -> str:
    return f"{exact(row['own_age'])} for {exact(row['age'])}"
