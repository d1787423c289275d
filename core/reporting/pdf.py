"""A page of HTML as PDF, printed by a Chromium or Chrome that is installed: no library draws the page as it does."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final

from core.errors import DataError

BROWSERS: Final = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge",
)  # fmt: skip
HOW: Final = (
    "Install Chromium or Chrome where this runs, or open report.html in a browser and print it into a PDF file."
)
SECONDS: Final = 60  # twenty times what a report takes
# Nothing is fetched: the page refers to nothing, and no name of a host is looked up.
OPTIONS: Final = (
    "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer",
)  # fmt: skip
ONE_AT_A_TIME: Final = Lock()  # a browser takes 300 MB


def browser() -> str:
    """The path of a browser that prints; empty where none is found."""
    return next(filter(None, map(shutil.which, BROWSERS)), "")


def why_no_pdf() -> str:
    """Why no PDF can be made here, and what to do, as sentences; empty where one can."""
    return "" if browser() else f"There is no browser here to print it. {HOW}"


def to_pdf(html: bytes) -> bytes:
    """Print a page of HTML that stands alone, on the paper that its style names.

    Raises
    ------
    DataError
        There is no browser, or it printed nothing within `SECONDS`.
    """
    if why := why_no_pdf():
        raise DataError(why.removesuffix(f" {HOW}"), HOW)
    with ONE_AT_A_TIME, TemporaryDirectory(prefix="pdf-", ignore_cleanup_errors=True) as folder:
        page, printed = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_bytes(html)
        as_root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []  # Chromium has none for root
        profile, out = f"--user-data-dir={Path(folder) / 'profile'}", f"--print-to-pdf={printed}"
        command = [browser(), *OPTIONS, *as_root, profile, out, page.as_uri()]
        try:
            subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=SECONDS, check=True)
            return printed.read_bytes()
        except (OSError, subprocess.SubprocessError):
            raise DataError("The browser printed no PDF.", HOW) from None
