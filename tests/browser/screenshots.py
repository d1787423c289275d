"""Take README's pictures anew: `python -m tests.browser.screenshots`."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.conftest import AS_OF, ROOT, launch, serving, settle

FOLDER = ROOT / ".github" / "screenshots"
# file → path, width, height, dark
PICTURES = {
    "overview.png": ("", 1440, 900, False),
    "demographics.png": ("demographics", 1440, 960, True),
    "strategy.png": ("strategy", 1440, 1000, False),
    "number_of_segments.png": ("number_of_segments", 1440, 1000, False),
    "data.png": ("data", 1440, 1100, False),
    "phone.png": ("", 400, 900, False),
}


def main() -> None:
    """Write every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, serving() as address, launch(playwright) as browser:
        for name, (path, width, height, dark) in PICTURES.items():
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
            )
            page.goto(f"{address}/{path}?{AS_OF}")
            settle(page)
            page.wait_for_timeout(3000)  # charts and map fade in
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.save(FOLDER / name, optimize=True)
            print(f"{Path(FOLDER.name) / name}: {picture.width} × {picture.height}")
            page.close()


if __name__ == "__main__":
    main()
