"""The same model on later customers: how the segments and the features have shifted, and who moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.stats import chi2

from core.figures import number
from core.ids import is_in, mended, places
from core.schema import ID, in_sentence
from core.segments.category_features import CategoryFeature, codes_of, unseen
from core.segments.features import binned
from core.segments.model import Model
from core.segments.profile import Segments
from core.segments.raw_values import raw_values

LEVEL: Final = 0.05  # of the test that nothing has shifted, whatever number of indices is looked at
NOBODY: Final = 0.5  # customers put in the place of none, whose logarithm there is not
NEW, GONE = "New", "Gone"


@dataclass(frozen=True)
class Refresh:
    """What has changed since the model was made.

    `shares` has a row per group: cluster, name, then, now (customers), share_then, share_now, psi.
    `features` a row per feature: feature, mean_then, mean_now (of the clustered), missing_then,
    missing_now, outside_range (customers), psi, chance; a category has no mean, and its levels of which there were none
    then are outside its range. `movers` counts customers by group then (rows) and now
    (columns), None where the customers of then are not given. `psi` is that of the segments, `chance` how large it is
    without any shift (`critical`). `ids` is a sentence on ids that are spelt in two ways, or never meet.
    """

    shares: pd.DataFrame
    features: pd.DataFrame
    psi: float
    chance: float
    movers: pd.DataFrame | None = None
    ids: str = ""

    @property
    def largest(self) -> tuple[float, str]:
        """The largest index that is beyond chance and its feature, empty for the segments; 0 where all are chance."""
        indices = [(self.psi, self.chance, ""), *self.features[["psi", "chance", "feature"]].itertuples(index=False)]
        return max(((psi, name) for psi, chance, name in indices if psi > chance), default=(0.0, ""))


def refresh(model: Model, customers: pd.DataFrame, now: Segments) -> Refresh:
    """Compare customers, and their segments by the model, with those the model was made from."""
    labels = list(dict.fromkeys([*model.names, *model.sizes, *now.labels.categories]))
    then = np.array([model.sizes.get(label, 0) for label in labels])
    sizes = pd.Series(now.labels).value_counts()
    today = np.array([int(sizes.get(label, 0)) for label in labels])
    parts, tests = psi_parts(then, today), len(model.feature_specs) + len(model.categories) + 1
    shares = pd.DataFrame(
        {
            "cluster": labels,
            "name": [model.names.get(label, label) for label in labels],
            "then": then,
            "now": today,
            "share_then": then / max(then.sum(), 1),
            "share_now": today / max(today.sum(), 1),
            "psi": parts,
        }
    )
    occurs = (shares["then"] > 0) | (shares["now"] > 0)
    return Refresh(
        shares[occurs].reset_index(drop=True),
        _features(model, customers, now, tests),
        float(parts.sum()),
        critical(then, today, tests),
    )


def psi_parts(then: Sequence[int] | np.ndarray, now: Sequence[int] | np.ndarray) -> np.ndarray:
    """Terms of the population stability index, Σ (now − then) · ln(now ÷ then) over the shares of the groups.

    Source: Siddiqi (2006), Credit Risk Scorecards, chapter 9; it is the symmetric Kullback–Leibler
    divergence. A group that is empty on one side counts as half a customer there; 0 where both are.
    """
    then, now = np.asarray(then, "float64"), np.asarray(now, "float64")
    occurs = (then > 0) | (now > 0)
    parts = np.zeros(len(then))
    if not (then.any() and now.any()):
        return parts
    before, after = (np.where(counts > 0, counts, NOBODY) / counts.sum() for counts in (then, now))
    parts[occurs] = ((after - before) * np.log(after / before))[occurs]
    return parts


def critical(then: Sequence[int] | np.ndarray, now: Sequence[int] | np.ndarray, tests: int = 1) -> float:
    """The population stability index that chance alone exceeds in `LEVEL` of all pairs of samples so large.

    Without a shift the index of B groups is spread like (1/n + 1/m) χ² with B − 1 degrees of freedom (Yurdakul and
    Naranjo, "Statistical properties of the population stability index", Journal of Risk Model Validation, 2020). Of
    several `tests` each has its part of the level (Bonferroni). A bound that is the same for all sizes, such as 0.1
    and 0.25, calls small samples shifted and hides a shift in large ones. Customers who are in both samples make the
    index smaller than that. 0 where one of the samples is empty.
    """
    then, now = np.asarray(then, "float64"), np.asarray(now, "float64")
    groups = int(((then > 0) | (now > 0)).sum())
    if groups < 2 or not (then.any() and now.any()):
        return 0.0
    return float(chi2.isf(LEVEL / tests, groups - 1) * (1 / then.sum() + 1 / now.sum()))


def verdict(psi: float, chance: float) -> str:
    """Whether a population stability index is more than chance gives."""
    return "shifted" if psi > chance else "stable"


def headline(found: Refresh, titles: Mapping[str, str]) -> str:
    """What has shifted most, the segments or a feature, as a sentence; `titles` are the features' labels."""
    psi, name = found.largest
    if not psi:
        return "Stable: neither the segments nor a feature have shifted by more than chance."
    worst = in_sentence(name, titles[name]) if name else "the segments"
    return f"A shift beyond chance in {worst}: its stability index, the largest, is {number(psi, 3)}."


def with_ids_of(then: pd.DataFrame, now: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The customers of then with their ids as now spells them, and a sentence on it; empty where all are alike.

    Ids are the same if they differ in leading zeros, `.0`, blanks or case only, and no other id does.
    """
    before, after = (frame[ID].astype("str").str.strip() for frame in (then, now))
    new = mended(before, after)
    if not new:
        nobody = len(before) and len(after) and not is_in(before, after).any()
        return then, f"No customer of then has an id of now, such as {before.min()} and {after.min()}" if nobody else ""
    one = min(new)
    found = f"{len(new):,} customer ids were found although they differ in leading zeros, “.0”, blanks or case"
    return then.assign(**{ID: before.map(lambda text: new.get(text, text))}), f"{found}: {one} is {new[one]} now"


def places_of(then: pd.DataFrame, now: pd.DataFrame) -> np.ndarray:
    """Where each customer of then stands among those of now, by the id; −1 for those who are gone."""
    return places(*(frame[ID].astype("str").str.strip() for frame in (then, now)))


def then_and_now(then: pd.Series, now: pd.Series, at: np.ndarray) -> tuple[pd.Categorical, pd.Categorical]:
    """What everybody of either time was then ("New" for the new) and is now ("Gone" for the gone).

    Parameters
    ----------
    then, now : Series
        A category of the customers of each time.
    at : array (customers of then,)
        `places_of` these.
    """
    values = list(dict.fromkeys([*then.cat.categories, *now.cat.categories]))
    before, after = (one.cat.set_categories(values).cat.codes.to_numpy("int64") for one in (then, now))
    other, new = len(values), np.ones(len(now), bool)
    new[at[at >= 0]] = False
    return (
        pd.Categorical.from_codes(np.concatenate([before, np.full(int(new.sum()), other)]), [*values, NEW]),
        pd.Categorical.from_codes(np.concatenate([np.where(at >= 0, after[at], other), after[new]]), [*values, GONE]),
    )


def movers(then: pd.DataFrame, now: pd.DataFrame, cluster: str) -> pd.DataFrame:
    """Customers by their group then (rows) and now (columns), without groups of nobody."""
    before, after = then_and_now(then[cluster], now[cluster], places_of(then, now))
    table = pd.crosstab(before, after, rownames=["then"], colnames=["now"])
    table.index, table.columns = (axis.astype("str") for axis in (table.index, table.columns))
    return table


def _features(model: Model, customers: pd.DataFrame, now: Segments, tests: int) -> pd.DataFrame:
    clustered = ~pd.Series(now.labels).isin([*set(now.labels.categories) - set(model.names)]).to_numpy()
    rows = []
    for feature in model.feature_specs:
        values = raw_values(customers[feature.name])
        missing, (low, high) = int(np.isnan(values).sum()), feature.training_range
        before, after = (*feature.counts, feature.missing), (*binned(values, feature.edges), missing)
        rows.append(
            {
                "feature": feature.name,
                "mean_then": feature.mean,
                "mean_now": float(np.sort(values[clustered]).mean()) if clustered.any() else np.nan,
                "missing_then": feature.missing,
                "missing_now": missing,
                "outside_range": int(((values < low) | (values > high)).sum()),
                "psi": float(psi_parts(before, after).sum()),
                "chance": critical(before, after, tests),
            }
        )
    rows += [_category(customers[one.name], one, tests) for one in model.categories]
    return pd.DataFrame(rows)


def _category(column: pd.Series, feature: CategoryFeature, tests: int) -> dict[str, Any]:
    codes = codes_of(column, feature)
    counts, missing = np.bincount(codes[codes >= 0], minlength=len(feature.levels)), int((codes < 0).sum())
    new = int(unseen(column, feature).sum())
    before, after = (*feature.counts, feature.missing, 0), (*counts, missing - new, new)
    return {
        "feature": feature.name, "mean_then": np.nan, "mean_now": np.nan,
        "missing_then": feature.missing, "missing_now": missing - new, "outside_range": new,
        "psi": float(psi_parts(before, after).sum()), "chance": critical(before, after, tests),
    }  # fmt: skip
