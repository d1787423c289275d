"""Segments in one go: with a number of segments that is asked for, and with the one that the data has."""

from datetime import date

import numpy as np

from core.pipeline import load, matrix_of, segment, structure
from core.rules import Rules
from core.segmentation import find_segmentation
from core.segments.choice import FeatureChoice
from core.segments.evidence import sample
from core.segments.registry import DEFAULT_CLUSTERER
from core.sources.file import FileSource

FEATURES = FeatureChoice(("balance", "visits"))


def three_groups():
    rng = np.random.default_rng(3)
    centres = np.repeat([(1_000, 5), (20_000, 60), (60_000, 20)], 100, axis=0)
    cells = rng.normal(centres, (300, 1)).round(2)
    rows = "".join(f"{at},{balance},{visits}\n" for at, (balance, visits) in enumerate(cells))
    return load([FileSource("bank.csv", f"customer_id,balance,visits\n{rows}".encode())], Rules(date(2026, 1, 1)))


def test_the_number_that_the_data_has_is_found_with_the_scores_of_all_that_were_tried():
    heard = []
    found = find_segmentation(three_groups(), None, FEATURES, clusterer=DEFAULT_CLUSTERER, progress=heard.append)
    assert (found.wanted, found.segments.k, found.chosen.k) == (3, 3, 3)
    assert [score.k for score in found.scores][:3] == [2, 3, 4]
    assert heard[0] == "Standardising the features"
    assert heard[-1] == "Segmenting 300 customers into 3"


def test_a_number_that_is_asked_for_is_taken_and_none_is_tried():
    study = three_groups()
    found = find_segmentation(study, 2, FEATURES, clusterer=DEFAULT_CLUSTERER, seed=1)
    alone = segment(study, 2, FEATURES, seed=1)
    assert (found.wanted, found.scores, found.chosen) == (2, (), None)
    assert found.segments.labels.tolist() == alone.labels.tolist()
    assert found.structure == structure(alone, sample(matrix_of(study, FEATURES), seed=1), across=True)
