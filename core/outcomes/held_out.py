"""Which value of a treatment is the arm that was held out."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from core.errors import DataError
from core.outcomes.columns import ColumnQuestionError, Columns, control_among, weight_of
from core.outcomes.sources import ARM_HEADER, Files
from core.outcomes.trial import ARM, CONTACT, CONTROL
from core.schema import ANSWERS, normalise


def control_of(values: Sequence[str], chosen: str, files: Files, columns: Columns) -> str:
    """The value of the arm that was held out.

    Raises
    ------
    DataError
        There is one arm only, or none; or it is not known which was held out.
    """
    where: dict[str, Any] = {
        "file": (files.assignment or files.outcomes).name,
        "column": columns.treatment or ARM_HEADER,
    }
    if len(values) < 2:
        found = f"Everybody is in the arm “{values[0]}”." if values else "Nobody is in an arm."
        raise DataError(found, "Without customers who were held out, nothing says what the campaign brought.", **where)
    if chosen:
        if found := next((value for value in values if normalise(value) == normalise(chosen)), ""):
            return found
        raise ColumnQuestionError(
            f"No value is “{chosen}”.", f"The control group is one of {', '.join(values)}.",
            part="control", choices=list(values), **where,
        )  # fmt: skip
    answers = {value: ANSWERS.get(normalise(value)) for value in values}
    yes_or_no = {*answers.values()} == {"Yes", "No"} and len(values) == 2
    # In a column such as "is control" a yes may mean that a customer was held out.
    if yes_or_no and not weight_of("control", columns.treatment):
        return next(value for value, answer in answers.items() if answer == "No")
    if not yes_or_no and (found_one := control_among(values)):
        return found_one
    raise ColumnQuestionError(
        "No value reads as the control group.", "Say which customers were not contacted.",
        part="control", choices=list(values), **where,
    )  # fmt: skip


def with_names(customers: pd.DataFrame, control: str, values: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """A yes or no as the names of the two arms."""
    if len(values) != 2 or any(normalise(value) not in ANSWERS for value in values):
        return customers.copy(), control
    names = {value: CONTROL if value == control else CONTACT for value in values}
    return customers.assign(**{ARM: customers[ARM].map(names)}), CONTROL
