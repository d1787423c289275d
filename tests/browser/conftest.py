"""A real Chromium on a real server; one server serves all tests of a worker but those about a fresh one."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    WebSocketRoute,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
# Software WebGL for the map; no calls home, which a closed network answers with errors.
FLAGS = ["--enable-unsafe-swiftshader", "--disable-background-networking", "--disable-component-update"]
AS_OF = "as_of=2026-01-01"
# What Streamlit says in the console while a test has stopped its server; any other test then fails by itself.
AWAY = ("/_stcore/", "Streamlit server is not responding", "net::ERR_CONNECTION_REFUSED")

Open = Callable[..., Page]
PATIENCE = 120_000  # milliseconds: the map is painted without a graphics card, on machines that do other things too
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The installed browser; none is downloaded."""
    if CHROMIUM is None:
        reason = "no Chromium found: install it, or name it in the variable CHROMIUM"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright, launch(playwright) as browser:
        yield browser


def launch(playwright: Playwright) -> Browser:
    """Start the installed browser; Chromium refuses its sandbox to root."""
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *root])


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def serving(port: int | None = None, app: str = "streamlit_app.py", arguments: Sequence[str] = ()) -> Iterator[str]:
    """A fresh server of an app; yields its address. The browser knows the front end of one port already."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.headless=true", f"--server.port={port}"]
    server = subprocess.Popen(
        [*command, "--server.address=127.0.0.1", "--server.fileWatcherType=none", "--", *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        for line in server.stdout:
            if "URL" in line:
                break
        with urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=30) as answer:
            assert answer.read() == b"ok"
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)
        server.stdout.close()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the worker's server."""
    with serving() as address:
        yield address


@pytest.fixture(scope="session")
def visitor(chromium: Browser) -> Iterator[BrowserContext]:
    """One visitor's browser: it reads the front end from its cache, as from the second visit on.

    It asks for little motion, which is not drawn then. Each tab has a session of its own, and forgets what another
    was told to remember, such as an open sidebar.
    """
    context = chromium.new_context(accept_downloads=True, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    context.add_init_script("try { localStorage.clear() } catch { /* a page without an address has none */ }")
    yield context
    context.close()


@pytest.fixture
def open_page(visitor: BrowserContext, server: str) -> Iterator[Open]:
    """Open a page in a tab of its own: `open_page("strategy?k=3", width=400)`; `line` takes its connection over.

    At the end of the test no page may have logged an error, shown a traceback, or asked another host.
    """
    troubles: list[str] = []
    pages: list[Page] = []

    def open_page(
        path: str = "",
        *,
        address: str = server,
        width: int = 1440,
        dark: bool = False,
        line: Callable[[WebSocketRoute], None] | None = None,
    ) -> Page:
        page = visitor.new_page()
        pages.append(page)
        if line:
            page.route_web_socket(re.compile("_stcore/stream"), line)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.on("dialog", lambda dialog: dialog.accept() if dialog.type == "beforeunload" else dialog.dismiss())
        page.on("console", lambda message: troubles.extend(_trouble(message)))
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: troubles.extend(_abroad(request.url, address)))
        page.goto(f"{address}/{path}{'&' if '?' in path else '?'}{AS_OF}")
        settle(page)
        return page

    yield open_page
    for page in pages:
        assert not page.locator('[data-testid="stException"], .stErrorElementStack').count()
        page.close()
    assert not troubles


def settle(page: Page) -> None:
    """Wait until the app has run, drawn a title, and nothing on the page is stale."""
    page.wait_for_selector('h1, [data-testid="stAlert"]')
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    page.wait_for_function("""!document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')""")


def _trouble(message: ConsoleMessage) -> list[str]:
    # At a deep link Streamlit itself first looks for its server below the page's path, and gets a 404.
    probing = "_stcore" in message.location.get("url", "") or any(said in message.text for said in AWAY)
    return [message.text] if message.type == "error" and not probing else []


def _abroad(url: str, address: str) -> list[str]:
    home = (address, address.replace("http", "ws"), "data:", "blob:")
    return [] if url.startswith(home) else [f"asked another host: {url}"]
