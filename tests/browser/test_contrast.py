"""Contrast of what is read and of the marks of charts, by the pixels of the pages in both themes (WCAG 2.2, AA)."""

import io
from collections.abc import Iterable

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.conftest import AS_OF, PATIENCE, settle
from tests.browser.test_dashboard import choose_state, go

TEXT, MARK = 4.5, 3.0  # least ratios of WCAG 1.4.3 and 1.4.11
LEAST = 0.002  # share of the pixels of a mark from which a colour is one of it, and no blurred edge
SHARP = 2  # pixels of the picture per pixel of the page: thin letters reach their colour
SEEN = 4 * SHARP  # pixels; texts for screen readers only have a box of one
# What is read on a page: texts of charts, labels and notes of KPIs, titles, paragraphs, captions.
READ = (
    'svg.marks text, [data-testid="stMetricLabel"] p, [data-testid="stMetricDelta"], [data-testid="stMetricValue"], '
    '[data-testid="stMarkdownContainer"] p, [data-testid="stCaptionContainer"] p, h1, h2, h3'
)
CHOSEN = '[data-testid="stBaseButton-primary"] p, [data-tag]'  # letters on the first colour of the theme
MARKS = 'svg.marks :is(.mark-rect, .mark-arc) > path[role="graphics-symbol"]'
# Without what cannot be used now, of which WCAG asks nothing.
BOXES = """elements => elements.filter(
    one => one.checkVisibility({opacityProperty: true}) && !one.closest('button:disabled')
).map(one => {
    const box = one.getBoundingClientRect()
    return [one.textContent || one.getAttribute('aria-label') || '', box.x, box.y, box.right, box.bottom]
})"""

Colour = tuple[int, int, int]


def luminance(colour: Colour) -> float:
    """Relative luminance of WCAG 2.2."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (one / 255 for one in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """The ratio of WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def colours(picture: Image.Image, least: float = 0.0) -> list[Colour]:
    """The colours of a picture that have some share of its pixels, the most frequent first."""
    pixels = picture.width * picture.height
    return [colour for number, colour in sorted(picture.getcolors(pixels), reverse=True) if number >= least * pixels]


def parts(page: Page, picture: Image.Image, selector: str) -> Iterable[tuple[str, Image.Image]]:
    """The text and the picture of each element that is inside the picture."""
    whole = (0, 0, *picture.size)
    for text, *box in page.locator(selector).evaluate_all(BOXES):
        left, top, right, low = (round(SHARP * edge) for edge in box)
        inside = whole[0] <= left < right <= whole[2] and whole[1] <= top < low <= whole[3]
        if text.strip() and inside and right - left > SEEN:
            yield text.strip(), picture.crop((left, top, right, low))


def faint_texts(page: Page, picture: Image.Image, selector: str = READ) -> dict[str, float]:
    """Texts whose colour is too near to what lies behind them, with the ratio."""
    ratios = {}
    for text, crop in parts(page, picture, selector):
        behind, *others = colours(crop)
        ratios[text] = max((contrast(behind, colour) for colour in others), default=1.0)
    return {text: round(ratio, 2) for text, ratio in ratios.items() if ratio < TEXT}


def faint_marks(page: Page, picture: Image.Image) -> dict[str, float]:
    """Bars and slices whose colour is too near to that of the page, with the ratio; cells may have a text instead."""
    (behind, *_) = colours(picture.crop((0, picture.height // 2, *picture.size)))
    ratios = {}
    for text, crop in parts(page, picture, MARKS):
        found = [colour for colour in colours(crop, LEAST) if colour != behind]
        ratios[text] = max((contrast(behind, colour) for colour in found), default=1.0)
    return {text: round(ratio, 2) for text, ratio in ratios.items() if ratio < MARK}


def test_texts_and_marks_of_every_page_stand_out_in_both_themes(chromium: Browser, server: str) -> None:
    page = chromium.new_page(
        viewport={"width": 1440, "height": 1800}, device_scale_factor=SHARP, reduced_motion="reduce"
    )
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server}/?{AS_OF}")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for title in ("Segment demographics", "Strategy", "Segment overview"):
            go(page, title)  # a run, which draws in the theme
            page.wait_for_selector("svg.marks")
            page.wait_for_timeout(1000)  # charts fade in
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            assert (luminance(colours(picture)[0]) < 0.5) == (theme == "dark")
            assert len([*parts(page, picture, READ)]) > 20
            assert (faint_texts(page, picture), faint_marks(page, picture)) == ({}, {}), f"{title}, {theme}"
    page.close()


def test_letters_on_the_first_colour_stand_out_in_both_themes(chromium: Browser, server: str) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 1800}, device_scale_factor=SHARP)
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server}/?{AS_OF}")
    settle(page)
    choose_state(page, "TAS")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        go(page, "Strategy")  # a run, which draws in the theme
        go(page, "Segment overview")
        page.get_by_role("button", name="Edit measures").click()
        page.get_by_role("button", name="Save", exact=True).scroll_into_view_if_needed()
        settle(page)
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        assert {text for text, _ in parts(page, picture, CHOSEN)} == {"TAS", "Save"}
        assert faint_texts(page, picture, CHOSEN) == {}, theme
    page.close()
