"""How many cells of a column are there, blank and invalid, and what the invalid ones have in common."""

import re

import numpy as np
import pandas as pd

from core.cleaning.dates import no_dates
from core.cleaning.values import is_blank
from core.schema import UNKNOWN, Column

EXAMPLES = 2
ALL = "; all of them "
# What the invalid values of a column of numbers can have in common, so that the rest says nothing of everybody.
ONE_KIND = (
    (r"\s*(?:-.*|\(.*\)|.*-)\s*", "negative"),
    (r"(?i)\s*(?:[>≥]|(?:over|above|more than|from)\b).*|.*(?:\+|and (?:over|more|above))\s*", "the highest"),
    (r"(?i)\s*(?:[<≤]|(?:under|below|less than|up to)\b).*", "the lowest"),
)


def quality_of(column: Column, distinct: pd.Series, values: pd.Series, counts: np.ndarray) -> dict[str, str | int]:
    """The row of a column in `CleanTable.quality`, by its distinct texts, their clean values and cells."""
    missing = (values.isna() | values.eq(UNKNOWN)).to_numpy()
    blank = is_blank(distinct).to_numpy() & missing
    if column.kind == "date":
        blank |= missing & no_dates(distinct)
    invalid = missing & ~blank & (counts > 0)
    return {
        "column": column.name,
        "label": column.label,
        "cells": int(counts.sum()),
        "blank": int(counts[blank].sum()),
        "invalid": int(counts[invalid].sum()),
        "distinct": int(values[(counts > 0) & ~missing].nunique()),
        "invalid_values": _said_of(column, distinct[invalid], counts[invalid]),
    }


def one_sided(quality: pd.DataFrame) -> dict[str, str]:
    """Column → a sentence, of the columns of numbers whose invalid values are all of one kind, such as the highest.

    It names no value and no number of customers: they can be few.
    """
    said = quality[quality["invalid_values"].str.contains(ALL, regex=False)]
    sentence = "The share does not hold for everybody: the values of {} that could not be read are all of one kind."
    return {row["column"]: sentence.format(row["label"]) for row in said.to_dict("records")}


def _said_of(column: Column, texts: pd.Series, counts: np.ndarray) -> str:
    """The most frequent invalid texts, and what all of them are: `"such as “120K+”; all of them are the highest"`."""
    if not len(texts):
        return ""
    frequent = sorted(zip(-counts, texts.str.strip(), strict=True))[:EXAMPLES]
    examples = " and ".join(f"“{text[:40]}”" for _, text in frequent)
    kind = _kind_of(texts) if column.kind == "number" else ""
    shared = f"{ALL}{kind}, so that no share or average holds for everybody" if kind else ""
    return f"such as {examples}{shared}"


def _kind_of(texts: pd.Series) -> str:
    kinds = (f"are {kind}" for form, kind in ONE_KIND if texts.str.fullmatch(form).all())
    forms = {re.sub(r"\d+", "9", text.strip()) for text in texts.tolist()}
    return next(kinds, "") or ("are written alike" if len(forms) == 1 and len(texts) > 1 else "")
