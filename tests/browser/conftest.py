"""A server for each module and a page for each test; a test fails when the page does, or asks for a foreign address.

Without Chromium these tests are skipped, unless GENLAB_REQUIRE_BROWSER=1 says that it must be there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import PATIENCE, Server

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HASTY = "--js-flags=--no-opt"
"""Of scripts that run for seconds, optimising them takes more of a processor than it gives back."""
VIEWPORT = {"width": 1280, "height": 900}
KEPT_BY_PAGES = "cookies,local_storage,indexeddb,cache_storage,service_workers"
"""What a page may leave in a profile, besides the cache of what it loaded."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


def _missing(why: str) -> None:
    if os.environ.get("GENLAB_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{why}, and GENLAB_REQUIRE_BROWSER=1 asks for it")
    pytest.skip(why)


class Chromium:
    """A browser: one profile that all ordinary windows share, and new ones for what asks for something of its own.

    Streamlit's scripts are some 10 MB: one that has them, compiled, opens pages in a third of the time.
    """

    def __init__(self, playwright: Any, path: str | None, folder: Path) -> None:
        self._type, self._path, self._folder = playwright.chromium, path, folder
        self._browsers: dict[bool, Any] = {}
        self._kept: Any = None

    def new_context(self, *, timed: bool = False, **options: Any) -> Any:
        """A window that has nothing from earlier ones; of a browser as people have it where time is measured."""
        if timed not in self._browsers:
            flags = FLAGS if timed else [*FLAGS, HASTY]
            self._browsers[timed] = self._type.launch(executable_path=self._path, args=flags)
        return self._browsers[timed].new_context(**options)

    @property
    def kept(self) -> Any:
        """The window whose cache is kept from test to test; whoever uses it leaves nothing else behind."""
        if self._kept is None:
            self._kept = self._type.launch_persistent_context(
                self._folder, executable_path=self._path, args=[*FLAGS, HASTY], viewport=VIEWPORT
            )
        return self._kept

    def close(self) -> None:
        for one in (*self._browsers.values(), self._kept):
            if one is not None:
                one.close()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """A browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed")
    path = os.environ.get("GENLAB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        if not path and not Path(playwright.chromium.executable_path).is_file():
            _missing("there is no Chromium")
        browser = Chromium(playwright, path, tmp_path_factory.mktemp("profile"))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Server]:
    """The app with an empty workspace, shared by the tests of a module."""
    folder = tmp_path_factory.mktemp("server")
    server = Server(folder / "workspace", folder / "server.log")
    server.start()
    yield server
    server.stop()


class Visit:
    """One browser window; remembers what must not have happened.

    Without ``options`` it is the one whose cache is kept.
    """

    def __init__(self, browser: Chromium, **options: Any) -> None:
        self.own = bool(options)
        self.context = browser.new_context(**{"viewport": VIEWPORT} | options) if options else browser.kept
        self.problems: list[str] = []
        self.closing = False
        self.origins: set[str] = set()
        self.page = self.open()

    def close(self) -> None:
        """Close the window, or all that is in it."""
        for page in self.context.pages:
            page.wait_for_timeout(1)  # what has been told until now is heard
        self.closing = True
        if self.own:
            self.context.close()
            return
        blank, *pages = self.context.pages
        for page in pages:
            page.close()
        session = self.context.new_cdp_session(blank)
        for origin in self.origins:
            session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": KEPT_BY_PAGES})
        self.context.clear_permissions()
        session.detach()

    def open(self) -> Any:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", self._hear)
        page.on("request", lambda request: self._look(request.url))
        page.on("websocket", lambda socket: self._look(socket.url))
        return page

    def _hear(self, error: Any) -> None:
        """A page that is closed asks no further: what was on its way then is nobody's error."""
        if not (self.closing and str(error) == "Failed to fetch"):
            self.problems.append(f"error in the page: {error}\n{error.stack}")

    def _look(self, address: str) -> None:
        near = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:")
        if not address.startswith(near):
            self.problems.append(f"request to {address}")
        if address.startswith(near[0]):
            self.origins.add("/".join(address.split("/", 3)[:3]))


@pytest.fixture
def visit(chromium: Chromium, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A browser window; at the end it must have had no error and asked for nothing beyond this machine.

    Where time is measured, nothing is in its cache.
    """
    visit = Visit(chromium, **{"timed": True} if request.node.get_closest_marker("timed") else {})
    yield visit
    visit.close()
    assert not visit.problems


@pytest.fixture
def page(visit: Visit) -> Any:
    """The window's first tab."""
    return visit.page
