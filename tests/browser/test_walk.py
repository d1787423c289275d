"""The walk of a new user: twelve tasks, none of which takes more than five clicks. What is typed counts as one."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open, settle
from tests.browser.test_dashboard import heading

MOST = 5


class Walk:
    """A visitor who counts clicks."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    @contextmanager
    def task(self) -> Iterator[None]:
        """A task of the walk."""
        self.clicks = 0
        yield
        assert 0 < self.clicks <= MOST

    def click(self, target: Locator) -> None:
        """One click."""
        self._do(target.click)

    def type(self, target: Locator, text: str) -> None:
        """A text into a box, and Enter."""
        self._do(lambda: (target.fill(text), target.press("Enter")))

    def choose(self, box: str, option: str, *, within: str = "stMain") -> None:
        """An option of a select: a click that opens it, and one on the option."""
        self.click(self.page.get_by_test_id(within).get_by_role("combobox", name=box, exact=True).first)
        self.click(self.page.get_by_role("option", name=option, exact=True))

    def go_to(self, title: str) -> None:
        """Another page."""
        self.click(self.page.get_by_role("link", name=title, exact=True))
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading(title))

    def download(self, button: str, to: Path) -> Path:
        """A file of the sidebar, by its button."""
        with self.page.expect_download() as download:
            self.click(self.page.get_by_role("button", name=button, exact=True))
        download.value.save_as(to)
        return to

    def unfold(self, title: str) -> None:
        """A closed section of the sidebar."""
        self.click(self.page.get_by_test_id("stSidebar").get_by_text(title, exact=True))

    def _do(self, act: Callable[[], object]) -> None:
        act()
        self.clicks += 1
        self.page.wait_for_timeout(300)  # a run starts some time after a click
        settle(self.page)


def metric(page: Page, label: str) -> Locator:
    return page.get_by_test_id("stMetric").filter(has_text=label).get_by_test_id("stMetricValue")


def test_each_task_of_a_new_user_takes_at_most_five_clicks(open_page: Open, tmp_path: Path) -> None:
    page = open_page()
    walk, customers = Walk(page), metric(page, "Total customers").inner_text()

    with walk.task():  # which postcodes in Victoria have the highest share of mass affluent?
        walk.go_to("Strategy")
        walk.choose("State", "VIC", within="stSidebar")
        page.keyboard.press("Escape")
        expect(
            page.get_by_role("heading", name="Highest share of mass affluent by postcode in Victoria")
        ).to_be_visible()

    with walk.task():  # undo that step
        walk.click(page.get_by_role("button", name="Undo", exact=True))
        expect(
            page.get_by_role("heading", name="Highest share of mass affluent by postcode", exact=True)
        ).to_be_visible()

    with walk.task():  # whom to fund first with 50,000?
        walk.type(page.get_by_role("spinbutton", name="Budget ($)", exact=True), "50000")
        expect(page.get_by_test_id("stMain").get_by_text("by segment", exact=False).first).to_be_visible()

    with walk.task():  # mass affluent from a valuation of 8
        before = page.get_by_test_id("stMetricValue").first.inner_text()
        walk.click(page.get_by_role("button", name="Edit the rule"))
        walk.type(page.get_by_role("spinbutton", name="Property valuation from", exact=True), "8")
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("stMetricValue").first).not_to_have_text(before)

    with walk.task():  # four segments beside six
        walk.go_to("Number of segments")
        walk.choose("Compare", "4")
        walk.choose("with", "6")
        expect(page.get_by_text("From 4 to 6 segments.")).to_be_visible()

    with walk.task():  # one customer
        walk.go_to("Data")
        walk.type(page.get_by_role("textbox", name="Customer id", exact=True), "7")
        expect(page.get_by_text("What was read", exact=False).first).to_be_visible()

    with walk.task():  # rename a segment and keep it
        walk.go_to("Segment profiles")
        walk.type(page.get_by_role("textbox", name="Name", exact=True), "Established")
        walk.unfold("Project")
        kept = walk.download("Save project", tmp_path / "project.json")
        assert "Established" in kept.read_text()

    with walk.task():  # the average purchases of mass-affluent women
        walk.go_to("Segment overview")
        walk.click(page.get_by_role("button", name="Edit measures"))
        walk.type(
            page.get_by_role("textbox", name="Formula", exact=True),
            'mean(purchases where is_mass_affluent and gender = "Female")',
        )
        walk.click(page.get_by_role("button", name="Save", exact=True))
        page.keyboard.press("Escape")
        expect(metric(page, "mean(purchases where")).to_be_visible()

    with walk.task():  # a page for the board
        walk.unfold("Downloads")
        report = walk.download("Report (HTML)", tmp_path / "report.html")
        assert "Established" in report.read_text()

    with walk.task():  # another currency
        walk.go_to("Data")
        walk.click(page.get_by_role("button", name="Change", exact=True))
        walk.choose("Currency", "EUR €")
        expect(page.get_by_text("Australia, EUR", exact=True)).to_be_visible()

    address = page.url  # a reload loses nothing
    page.reload()
    settle(page)
    assert page.url == address
    walk.go_to("Segment overview")
    expect(metric(page, "Total customers")).to_have_text(customers)

    with walk.task():  # last month's model
        walk.unfold("Downloads")
        model = walk.download("Model and rules", tmp_path / "model.json")
        assert json.loads(model.read_text())
        walk.unfold("Use a saved model")
        page.get_by_test_id("stFileUploader").filter(has_text="model.json").locator("input").set_input_files(model)
        walk.clicks += 2  # the button, and the file
        settle(page)
        expect(page.get_by_test_id("stSidebar").get_by_text("Made from", exact=False)).to_be_visible()
