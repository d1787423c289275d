"""The key of a cache says all that its answer depends on."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial, wraps
from importlib import import_module
from itertools import count
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.analysis import Analysis
from core.cubes.file import NAME
from core.figures import written_as
from core.measures.measure import Measure
from core.number_style import style_of
from core.pipeline import load, segment, with_rules
from core.results import FILES
from core.rules import Rules
from core.segments.choice import FeatureChoice
from core.segments.clusterer import Clusterer
from core.segments.evidence import ScoredSample
from core.segments.kmeans import KMEANS, CentreClustering
from core.segments.latent import LATENT
from core.sources.file import FileSource
from core.views import tables
from core.visuals.clicks import Click
from pages.components import profiles, recommendation, result, structure
from pages.components.place import PagePlace
from pages.components.session_cache import full_name
from pages.components.view import View
from tests.pages.reading import settled, started
from tests.pages.test_upload import SMALL, upload

RULES = Rules(date(2026, 1, 1))


def viewed(content: bytes = SMALL, k: int = 2) -> View:
    study = load([FileSource("bank.csv", content)], RULES)
    return View(study, segment(study, k, ("age",)))


@pytest.fixture(scope="module")
def view() -> View:
    return viewed()


def test_builders_of_one_name_in_two_modules_answer_for_themselves(
    view: View, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    for answer in (1, 2):
        (tmp_path / f"made_up_{answer}.py").write_text(f"def totals(customers):\n    return {answer}\n")
    builders = [import_module(f"made_up_{answer}").totals for answer in (1, 2)]
    assert [view.table(build) for build in builders] == [1, 2]
    assert view.table(tables.totals).customers == 40


def repeated(number: int) -> Callable[[pd.DataFrame], int]:
    return lambda customers: len(customers) * number


def named_alike(customers: pd.DataFrame, number: int = 3) -> int:
    return len(customers) * number


@wraps(tables.totals)
def wrapped(customers: pd.DataFrame) -> int:
    return len(customers)


def test_closures_lambdas_partials_and_wrappers_answer_for_themselves(view: View) -> None:
    builders = (repeated(1), repeated(2), partial(named_alike, number=4), partial(named_alike, number=5), wrapped)
    assert [view.table(build) for build in builders] == [40, 80, 160, 200, 40]
    assert view.table(tables.totals).customers == 40


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (tables.totals, "core.views.tables:totals"),
        (Analysis.table, "core.visuals.segmented:SegmentedCustomers.table"),
        (repeated(1), ""),
        (partial(named_alike, number=4), ""),
        (wrapped, ""),
        (viewed, f"{__name__}:viewed"),
    ],
    ids=["function", "method", "closure", "partial", "wrapper", "of a test"],
)
def test_the_name_of_a_function_is_that_by_which_it_is_found(function: Callable[..., object], name: str) -> None:
    assert full_name(function) == name


def test_tables_depend_on_who_is_in_which_segment(view: View) -> None:
    """A saved model and a new fit can have the same centres and other members."""
    codes = np.roll(view.segments.labels.codes, 3)
    codes[:5] = 0
    other = replace(view.segments, labels=pd.Categorical.from_codes(codes, dtype=view.segments.labels.dtype))
    for one in (view.segments, other):
        sizes = replace(view, segments=one).table(tables.by_cluster)["customers"].tolist()
        assert sizes == np.bincount(one.labels.codes).tolist()


def test_differences_depend_on_whether_small_groups_are_hidden() -> None:
    few = viewed(SMALL.replace(b"tenure", b"job_industry").replace(b",8\n", b",Mining\n"))
    lengths = [
        len(profiles._differences(one.made_from, one.hide, one)) for one in (few, replace(few, hide=True))
    ]  # fmt: skip
    assert lengths[0] > lengths[1]


def test_the_record_of_a_customer_names_the_file_it_comes_from() -> None:
    """Segments are cached by content, under any name; the record says the name."""
    at = upload(started(), first_csv=SMALL)
    settled(at.switch_page("pages/data.py").run())
    settled(at.text_input(key="audit").set_value("7").run())
    at.file_uploader(key="uploads").set_value([]).upload("second.csv", SMALL)
    settled(at.run())
    read = next(frame.value for frame in at.dataframe if "text" in frame.value)
    assert set(read["file"]) == {"second.csv"}


def test_the_record_of_a_customer_depends_on_the_centres(view: View) -> None:
    moved = replace(
        view, segments=replace(view.segments, clustering=CentreClustering(view.segments.clustering.means + 0.01))
    )
    assert moved.segments.digest == view.segments.digest
    assert moved.made_from != view.made_from


def test_tables_are_kept_when_numbers_are_written_otherwise_and_texts_are_not(view: View) -> None:
    measures = (Measure("Ages", "mean(age) * 1000"),)
    texts = []
    for numbers in ("en", "de"):
        rules = replace(view.study.rules, numbers=numbers, checked=(numbers,))
        one = replace(view, study=with_rules(view.study, rules), measures=measures)
        assert one.key() == view.key()
        with written_as(one.style):
            texts.append(one.results(measures, one.formula_columns)[0].values[0][1])
    assert texts[0].replace(",", ".") == texts[1] != texts[0]


def test_a_visual_is_kept_until_something_that_it_shows_by_changes(view: View) -> None:
    made = count(1)
    make, one = partial(next, made), view.of("regions")
    assert [one.kept("picture", make), one.kept("picture", make)] == [1, 1]
    others = (
        view.of("postcodes"),
        replace(one, hide=True),
        replace(one, shown_value="tenure"),
        replace(one, picks={"map_by": "customers"}),
        replace(one, filters={"state": ("NSW",)}),
        replace(one, segments=view.segments.renamed({"1": "Savers"})),
        replace(one, clicks=(Click("regions", ("NSW",)),)),
        replace(one, clicks=(Click("pie", ("1",)),)),
    )
    assert [other.kept("picture", make) for other in others] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert [one.kept("deck", make), one.kept("deck", make, "dark"), one.kept("deck", make, "light")] == [10, 11, 12]
    with written_as(style_of("de")):
        assert one.kept("picture", make) == 13
    assert one.kept("picture", make) == 1


HALVES = b"customer_id,age,balance,spend\n" + b"".join(
    b"%d,%d,%d,%d\n" % (i, 30 + i % 7, 1000 * (1 + (i < 20)), 50 * (1 + (i < 19 or i == 39))) for i in range(40)
)


def test_a_name_is_that_of_segments_of_the_same_features() -> None:
    """Two features that split the customers in halves have the same standardised centres."""
    at = upload(started(k="2"), halves_csv=HALVES)
    settled(at.multiselect(key="features").set_value(["balance"]).run())
    settled(at.switch_page("pages/profiles.py").run())
    settled(next(box for box in at.text_input if box.label == "Name").set_value("Savers").run())
    assert next(box.value for box in at.text_input if box.label == "Name") == "Savers"
    settled(at.multiselect(key="features").set_value(["spend"]).run())
    assert next(box.value for box in at.text_input if box.label == "Name") != "Savers"
    settled(at.multiselect(key="features").set_value(["balance"]).run())
    assert next(box.value for box in at.text_input if box.label == "Name") == "Savers"


def test_a_result_replaced_by_one_of_the_same_time_is_opened_anew(tmp_path: Path) -> None:
    sizes = []
    for rows in (SMALL, SMALL[: SMALL.rindex(b"\n39,") + 1]):
        made = viewed(rows)
        (tmp_path / NAME).write_bytes(FILES[NAME].make(Analysis(made.study, made.segments)))
        os.utime(tmp_path / NAME, (1, 1))
        sizes.append(result._of_folder(PagePlace(), tmp_path)[0].size)
    assert sizes == [40, 39]


@pytest.mark.parametrize("method", [KMEANS, LATENT])
def test_what_a_method_finds_is_computed_by_the_method_of_the_key(
    method: Clusterer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(structure, "with_fewer", lambda _sample, _score, clusterer: clusterer.key)
    monkeypatch.setattr(recommendation, "score_halves", lambda _sample, _score, clusterer, **_: clusterer.key)
    monkeypatch.setattr(recommendation, "placed_method", lambda clusterer, _space: clusterer)
    key = structure.OfMethod(("made-up customers",), FeatureChoice(("age",)), method.key, 3)
    sample = ScoredSample(np.arange(0), np.empty((0, 1)), (), 0)
    assert structure._fewer(key, sample, None) == recommendation._halves(key, sample, None, True) == method.key
