"""The measurements as `tests/bench/README.md` quotes them."""

from tests.bench.app import Served
from tests.bench.report import END, START, markdown, written
from tests.bench.server import ROOT
from tests.bench.steps import STEPS, Cost


def test_readme_has_a_place_for_them_and_nothing_else_is_touched() -> None:
    readme = (ROOT / "tests" / "bench" / "README.md").read_text("utf-8")
    assert (readme.count(START), readme.count(END)) == (1, 1)
    before, after = readme.partition(START)[0], readme.partition(END)[2]
    assert written(readme, "| figures |") == f"{before}{START}\n| figures |\n{END}{after}"
    assert written(written(readme, "old"), "new") == written(readme, "new")


def test_the_table_has_each_step_its_growth_and_its_yardstick() -> None:
    costs = {rows: {name: Cost(rows / 1e6, 3 * rows) for name in STEPS} for rows in (10_000, 1_000_000)}
    app = Served(1.5, 2.25, {"": 0.1, "a": 0.2}, {"": 0.3}, {"": 0.4}, {"": 250_000}, 60, 20)
    text = markdown(costs, {10_000: 10, 1_000_000: 20}, {1_000_000: app})
    assert "| step | 10 k | 1 M | growth per tenfold | against |" in text
    assert "| read | 0.01 (0) | 1.00 (3) | 10.0 × | 1 × pandas.read_csv |" in text
    assert "Memory while loading: 3000.0 × (10 k), 150000.0 × (1 M) of the file." in text
    assert "| a page again | 0.20 |" in text
    assert "| memory while loading | 3.0 × file |" in text
