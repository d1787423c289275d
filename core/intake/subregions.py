"""Regions within the countries of a file that has several."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from core.countries.registry import WORLD, countries
from core.intake.steps import Step
from core.schema import BY_NAME, STATE, SUBREGION, UNKNOWN, Column, normalise

NO_REGION: Final = "no region of the row's country, kept as it is"


def with_subregions(customers: pd.DataFrame, columns: Sequence[Column], code: str) -> tuple[pd.DataFrame, list[Step]]:
    """Write the region within each country as that country writes it, where the regions of a file are countries.

    A value that is no region of its row's country stays as it is, and a step counts those. Pure, row by row.
    """
    if code != WORLD or STATE not in customers or SUBREGION not in customers:
        return customers, []
    nations, regions = customers[STATE].cat, customers[SUBREGION].cat
    width = len(regions.categories) + 1  # a code of -1 is a missing value
    pairs, at = np.unique((nations.codes.astype("int64") + 1) * width + regions.codes + 1, return_inverse=True)
    names, texts = ["", *nations.categories], [UNKNOWN, *regions.categories]
    spelled = [_in_country(names[pair // width], texts[pair % width]) for pair in pairs]
    kind = pd.CategoricalDtype(pd.Index(sorted({written for written, _ in spelled}), dtype="str"))
    values = kind.categories.get_indexer([written for written, _ in spelled]).take(at)
    written = pd.Series(pd.Categorical.from_codes(values, dtype=kind), index=customers.index)
    changed = written.astype("str").ne(customers[SUBREGION].astype("str")).to_numpy()
    other = np.array([not known for _, known in spelled], bool).take(at)
    label = next((column.label for column in columns if column.name == SUBREGION), BY_NAME[SUBREGION].label)
    steps = [_step(f"{label}: spelled as in the row's country", changed, customers)]
    if other.any():
        steps.append(_step(f"{label}: {NO_REGION}", other, customers))
    return customers.assign(**{SUBREGION: written}), steps


def _in_country(name: str, text: str) -> tuple[str, bool]:
    """A region as its country writes it, and whether it is one; where nothing is known of the country it may be."""
    country = next((one for one in countries().values() if one.name == name), None)
    if country is None or text == UNKNOWN:
        return text, True
    found = country.spellings.get(normalise(text))
    return found or text, found is not None


def _step(title: str, cells: np.ndarray, customers: pd.DataFrame) -> Step:
    most = customers.loc[cells, SUBREGION].astype("str").value_counts()
    example = str(most.index[0]) if len(most) else ""
    return Step(title, len(customers), len(customers), SUBREGION, int(cells.sum()), example)
