"""Take README's pictures anew: `python -m tests.browser.screenshots`.

With a folder, as in `python -m tests.browser.screenshots look`, every page at every width in both themes goes there,
to be looked at.
"""

import io
import sys
from collections.abc import Mapping
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from pages import PAGES
from tests.browser.conftest import AS_OF, ROOT, launch, serving, settle

FOLDER = ROOT / ".github" / "screenshots"
Picture = tuple[str, int, int, bool]  # path, width, height, dark
PICTURES: dict[str, Picture] = {
    "overview.png": ("", 1440, 900, False),
    "demographics.png": ("demographics", 1440, 960, True),
    "strategy.png": ("strategy", 1440, 1000, False),
    "number_of_segments.png": ("number_of_segments", 1440, 1000, False),
    "data.png": ("data", 1440, 1100, False),
    "phone.png": ("", 400, 900, False),
}
WIDTHS = (1920, 1440, 1280, 768, 400)  # pixels: a wall, two laptops, a tablet, a phone
HEIGHTS = {1920: 1080, 1280: 720}  # 900 otherwise


def every_page() -> dict[str, Picture]:
    """Each page at each width, light and dark, as `PICTURES`."""
    first, *_ = PAGES  # it stands at the address itself
    return {
        f"{page}_{width}_{'dark' if dark else 'light'}.png": (
            "" if page == first else page, width, HEIGHTS.get(width, 900), dark,
        )
        for page, width, dark in product(PAGES, WIDTHS, (False, True))
    }  # fmt: skip


def take(pictures: Mapping[str, Picture], folder: Path) -> None:
    """Write pictures of the bundled sample into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, serving() as address, launch(playwright) as browser:
        for name, (path, width, height, dark) in pictures.items():
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
            )
            page.goto(f"{address}/{path}?{AS_OF}")
            settle(page)
            page.wait_for_timeout(3000)  # charts and map fade in
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.save(folder / name, optimize=True)
            print(f"{folder.name}/{name}: {picture.width} × {picture.height}")
            page.close()


if __name__ == "__main__":
    if sys.argv[1:]:
        take(every_page(), Path(sys.argv[1]))
    else:
        take(PICTURES, FOLDER)
