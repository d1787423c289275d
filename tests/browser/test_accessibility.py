"""What a screen reader, a keyboard and weak eyes meet: axe-core's rules, titles, texts of marks, the focus."""

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from pages import APP, PAGES
from tests.browser.conftest import Open, settle

# Rules that only Streamlit's own elements break, with the reason; none today.
STREAMLITS: dict[str, str] = {}
SERIOUS = ("serious", "critical")
ALL_RULES = {"resultTypes": ["violations"]}
OF_COLOURS = ALL_RULES | {"runOnly": ["color-contrast", "link-in-text-block"]}  # what a theme can change
SIDEBAR = {"exclude": [['[data-testid="stSidebar"]']]}  # the same on every page


def faults(page: Page, context: dict | None, options: dict) -> Iterator[str]:
    """What axe-core finds to be serious, such as a contrast below 4.5 : 1 or a control without a name."""
    for found in Axe().run(page, context, options).response["violations"]:
        if found["impact"] in SERIOUS and found["id"] not in STREAMLITS:
            yield from (f"{found['id']}: {node['html'][:200]}" for node in found["nodes"])


def test_no_page_has_a_serious_fault_in_either_theme_and_each_has_a_title_of_its_own(open_page: Open) -> None:
    page = open_page()
    for position, (title, *_) in enumerate(PAGES.values()):
        page.get_by_role("link", name=title, exact=True).click()
        expect(page).to_have_title(f"{title} · {APP}")
        settle(page)
        for theme, options in (("light", ALL_RULES), ("dark", OF_COLOURS)):
            page.emulate_media(color_scheme=theme)
            settle(page)
            assert [*faults(page, SIDEBAR if position else None, options)] == [], f"{title}, {theme}"
        page.emulate_media(color_scheme="light")


def test_a_chart_is_a_heading_and_sentences_and_the_focus_is_seen(open_page: Open) -> None:
    page = open_page()
    expect(page.get_by_role("heading", name="Average purchases", level=3)).to_be_visible()
    slices = page.get_by_test_id("stVegaLiteChart").first.locator("[aria-roledescription='arc mark']")
    expect(slices.first).to_have_attribute("aria-label", "Segment 1 Older · long tenure, 16.2%, 648 customers")
    page.keyboard.press("Tab")
    ring = page.evaluate("""() => {
        const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(document.activeElement)
        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 || boxShadow !== 'none'
    }""")
    assert ring
