"""Which of the segments are real, in a sentence and a table."""

from dataclasses import replace

import pytest

from core.segments.reality import UNKNOWN, each_segment, in_words, real
from tests.core.test_choose_k import scored


def of(falls, clouds, again=None, **further):
    found = scored(len(falls), **further)
    k = len(falls)
    observed = replace(
        found.observed, amplitudes=falls, clouds=clouds, jaccard=again or (1.0,) * k, silhouettes=(0.3,) * k
    )
    return replace(found, observed=observed)


@pytest.mark.parametrize(
    ("score", "text"),
    [
        (of((0.9, 0.1, 0.1), (0, 1, 1), apart=0.3), "Segment 1 is a real group; segments 2 and 3 are one cloud."),
        (of((0.9, 0.8, 0.8), (0, 1, 2)), "Segments 1, 2 and 3 are real groups."),
        (of((0.1, 0.1, 0.1), (0, 0, 0), apart=0.0), "Segments 1, 2 and 3 are one cloud."),
        (of((0.9, 0.9), (0, 1), again=(1.0, 0.6)), "Segment 1 is a real group."),
        (of((0.1, 0.1), (0, 0), excess=0.0, gap=0.0), "No segment is a group of its own: all are slices of one cloud."),
        (of((0.9, 0.9), (0, 1), excess=0.0, gap=0.0), "No segment is a group of its own."),
        (
            of((0.0, 0.1, 0.1), (0, 1, 1), again=(None, 1.0, 1.0), excess=0.0, gap=0.0),
            "No segment is seen to be a group of its own; segment 1 has too few customers in the sample to tell.",
        ),
        (
            of((0.0, 0.0, 0.9), (0, 1, 2), again=(None, None, 1.0)),
            "Segment 3 is a real group; segments 1 and 2 have too few customers in the sample to tell.",
        ),
        (
            of((0.9, 0.1, 0.1), (0, 1, 1), again=(1.0, None, 1.0)),
            "Segment 1 is a real group; segments 2 and 3 are one cloud.",
        ),
        (scored(3), ""),  # a result of before
    ],
)
def test_the_sentence_names_groups_and_clouds(score, text):
    assert in_words(score, "123") == text


def test_the_table_has_a_row_for_each_segment():
    score = of((0.9, 0.1, 0.1), (0, 1, 1), again=(0.9, 0.8, None), apart=0.3)
    found = each_segment(score, "123").set_index("segment")
    assert found["real"].tolist() == ["Yes", "No, part of a cloud", UNKNOWN]
    assert found["cloud_with"].tolist() == ["", "3", "2"]
    assert found["found_again"].fillna(-1).tolist() == [0.9, 0.8, -1]
    assert found["across"].isna().all(), "nobody asked"
    nothing = each_segment(of((0.9, 0.1, 0.1), (0, 1, 1), excess=0.0, gap=0.0), "123")
    assert nothing["real"].tolist() == ["No", "No, part of a cloud", "No, part of a cloud"]
    asked = replace(score, observed=replace(score.observed, across=(0.5, 0.6, 0.7)))
    assert each_segment(asked, "123")["across"].tolist() == [0.5, 0.6, 0.7]
    assert each_segment(None, "123").empty


@pytest.mark.parametrize(("again", "words"), [(0.75, "Yes"), (0.74, "In part"), (None, UNKNOWN)])
def test_a_group_that_is_not_found_again_is_real_in_part(again, words):
    assert real(of((0.9, 0.9), (0, 1), again=(again, 1.0)), 0) == words
