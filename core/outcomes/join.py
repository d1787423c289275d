"""Rows of outcomes → one row per customer, and sentences on who has none or several."""

from typing import Final

import numpy as np
import pandas as pd

from core.errors import DataError
from core.ids import mended, places
from core.outcomes.trial import AMOUNT, ANSWERED, ARM, CONTACTED, CONVERTED, SEGMENT
from core.views.summary import counted

FEW_WITHOUT: Final = 0.05  # of those assigned may lack a row; of more it is not known who was contacted


def joined(assigned: pd.DataFrame, rows: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[str]]:
    """Everybody assigned with their outcomes, and sentences on who has none or several, or was not assigned."""
    notes = without_id(rows["id"], "the outcomes")
    rows = rows[rows["id"].ne("")]
    same = mended(rows["id"], assigned["id"])
    if same:
        rows = rows.assign(id=pd.array([same.get(one, one) for one in rows["id"].tolist()], "str"))
        notes.append(f"{counted(len(same), 'id')} found again but for zeros, blanks or case: taken as the same.")
    merged, said = _merged(rows)
    at = places(assigned["id"], merged["id"])
    found = at >= 0
    others = len(merged) - int(found.sum())
    if not found.any():
        raise DataError(
            "None of its ids is among those of the assignment.", "Give the outcomes of the same customers.",
            file=file,
        )  # fmt: skip
    if others:
        notes.append(f"{counted(others, 'customer')} in the outcomes and not in the assignment: not counted.")
    if (~found).any():
        notes.append(
            f"{counted(int((~found).sum()), 'customer')} assigned, without a row of outcomes: counted as not converted."
        )
    if CONTACTED in merged and (~found).mean() > FEW_WITHOUT:
        merged = merged.drop(columns=CONTACTED)
        notes.append("Who was contacted in the end is not used: the outcomes do not say it of everybody assigned.")
    customers = assigned.assign(rows=found)
    for name in (CONVERTED, AMOUNT, CONTACTED):
        if name in merged:
            values = merged[name].to_numpy()[at]
            customers[name] = np.where(found, values, 0).astype(values.dtype)
    if ANSWERED in merged:
        customers[ANSWERED] = ~found | merged[ANSWERED].to_numpy()[at]
    return customers, notes + said


def one_each(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """One row per customer of a file with arms; those in several arms are left out."""
    arms = rows.drop_duplicates(["id", ARM])
    several = arms.loc[arms["id"].duplicated(keep=False) & arms["id"].ne(""), "id"]
    kept = rows[~rows["id"].isin(several)]
    merged, said = _merged(kept)
    if len(several):
        said.append(f"{counted(several.nunique(), 'customer')} in several arms: left out.")
    return merged, said


def _merged(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """One row per id: any conversion, the sum of amounts; and a sentence if some had several."""
    if not rows["id"].duplicated().any():
        return rows, []
    how = {CONVERTED: "any", ANSWERED: "any", AMOUNT: "sum", CONTACTED: "any", ARM: "first", SEGMENT: "first"}
    merged = rows.groupby("id", sort=False).agg({name: way for name, way in how.items() if name in rows}).reset_index()
    what = "amounts are added up, and one conversion is enough" if AMOUNT in rows else "one conversion is enough"
    several = int((rows["id"].value_counts() > 1).sum())
    return merged, [f"{counted(several, 'customer')} with several rows of outcomes: {what}."]


def without_id(ids: pd.Series, where: str) -> list[str]:
    """A sentence on the rows without a customer id."""
    blank = int(ids.eq("").sum())
    return [f"{counted(blank, 'row')} of {where} without a customer id: not counted."] if blank else []
