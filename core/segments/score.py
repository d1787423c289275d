"""Other customers scored by a saved model: segment, how sure it is, and values outside the training range."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.errors import DataError
from core.schema import CLUSTER, ID, NOT_CLUSTERED, OUTLIERS, SCORED, Column, in_sentence
from core.segments.category_features import unseen
from core.segments.certainty import certainties
from core.segments.clusterer import HasCentres
from core.segments.features import FeatureMatrix, matrix_under
from core.segments.model import Model

NAME, DISTANCE, *_, OUTSIDE, REASON = SCORED
DIGITS = 6


def assign(customers: pd.DataFrame, model: Model, *, file: str = "") -> tuple[FeatureMatrix, np.ndarray]:
    """The customers under the model's features, and the segment of each who has them all, from 0.

    Raises
    ------
    DataError
        The customers lack a feature of the model; the message names the `file` they come from.
    """
    names = [*(feature.name for feature in model.feature_specs), *(one.name for one in model.categories)]
    if lacking := [name for name in names if name not in customers]:
        raise DataError(
            f"The model needs {', '.join(names)}; the data has no {', '.join(lacking)}.",
            "Add these columns, or give the columns that hold them these names.",
            file=file,
        )
    matrix = matrix_under(customers, model.feature_specs, model.categories)
    if not model.k:
        raise DataError("The model has no segments.", "Make one from customers who have the features.")
    return matrix, model.clustering.assign(matrix.points)


def score_customers(
    customers: pd.DataFrame, columns: Sequence[Column], model: Model, *,
    file: str = "", assigned: tuple[FeatureMatrix, np.ndarray] | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Each customer's segment under a saved model.

    `assigned` is what `assign` gives for these customers and the model, if at hand.

    Returns
    -------
    DataFrame
        Customer id; Cluster; Segment (its name); Distance to its centre in standardised units, Second_segment, Margin
        and Certainty, as far as the method and the model have them; Outside_range, the features beyond what the model
        saw, and the categories with a level that it did not see; Not_clustered_because, in words.

    Raises
    ------
    DataError
        The customers lack a feature of the model; the message names the `file` they come from.
    """
    matrix, labels = assigned or assign(customers, model, file=file)
    cluster = np.full(len(customers), NOT_CLUSTERED, object)
    cluster[matrix.outlying] = OUTLIERS
    cluster[matrix.complete] = np.array(list(model.names), object)[labels]
    return pd.DataFrame(
        {
            **({ID: customers[ID].to_numpy()} if ID in customers else {}),
            CLUSTER: cluster,
            NAME: pd.Series(cluster).map(model.names | {OUTLIERS: OUTLIERS, NOT_CLUSTERED: NOT_CLUSTERED}),
            **_figures(matrix, labels, model),
            OUTSIDE: _outside(customers, columns, matrix, model),
            REASON: reasons(matrix, columns),
        }
    )


def _figures(matrix: FeatureMatrix, labels: np.ndarray, model: Model) -> dict[str, Any]:
    """What the method and the model tell of each clustered customer beyond the segment."""
    figures, clustering = {}, model.clustering
    if isinstance(clustering, HasCentres):
        distances = clustering.distances(matrix.values)
        figures[DISTANCE] = _of_clustered(matrix, np.take_along_axis(distances, labels[:, None], axis=1)[:, 0])
    return figures | dict(certainties(matrix, labels, clustering, model.certainty, [*model.names]))


def _of_clustered(matrix: FeatureMatrix, values: np.ndarray) -> np.ndarray:
    whole = np.full(len(matrix.complete), np.nan)
    whole[matrix.complete] = np.round(values, DIGITS)
    return whole


def outside_range(matrix: FeatureMatrix, model: Model) -> np.ndarray:
    """Which values lie below or above all that the model was made from; (customers, features)."""
    trained = np.array([feature.training_range for feature in model.feature_specs]).reshape(-1, 2)
    outside: np.ndarray = (matrix.whole < trained[:, 0]) | (matrix.whole > trained[:, 1])
    return outside


def _outside(customers: pd.DataFrame, columns: Sequence[Column], matrix: FeatureMatrix, model: Model) -> np.ndarray:
    """The features of each customer that the model has not seen the like of."""
    names = [*matrix.names, *(one.name for one in model.categories)]
    levels = [unseen(customers[one.name], one) for one in model.categories]
    return _named(np.column_stack([outside_range(matrix, model), *levels]), _titles(names, columns))


def reasons(matrix: FeatureMatrix, columns: Sequence[Column]) -> np.ndarray:
    """Why each customer has no segment, `"lacks age"` or `"unusual age"`; empty for those who have one."""
    titles = _titles(matrix.names, columns)
    lacking = _named(np.isnan(matrix.whole), titles)
    inliers = np.array([feature.inlier_range or (-np.inf, np.inf) for feature in matrix.feature_specs]).reshape(-1, 2)
    unusual = _named((matrix.whole < inliers[:, 0]) | (matrix.whole > inliers[:, 1]), titles)
    whole = pd.Series(lacking).where(lambda text: text == "", "lacks " + pd.Series(lacking))
    why: np.ndarray = whole.mask(matrix.outlying, "unusual " + pd.Series(unusual)).to_numpy()
    return why


def _titles(names: Sequence[str], columns: Sequence[Column]) -> list[str]:
    labels = {column.name: in_sentence(column.name, column.label) for column in columns}
    return [labels.get(name, name) for name in names]


def _named(marks: np.ndarray, titles: Sequence[str]) -> np.ndarray:
    """The titles of the marked features of each customer, joined; one text per combination."""
    rows, which = np.unique(marks, axis=0, return_inverse=True)
    texts = [", ".join(title for title, mark in zip(titles, row, strict=True) if mark) for row in rows]
    return np.array(texts, object)[which.reshape(-1)]
