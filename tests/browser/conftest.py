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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


def _missing(why: str) -> None:
    if os.environ.get("GENLAB_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{why}, and GENLAB_REQUIRE_BROWSER=1 asks for it")
    pytest.skip(why)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed")
    path = os.environ.get("GENLAB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        if not path and not Path(playwright.chromium.executable_path).is_file():
            _missing("there is no Chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
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
    """One browser window; remembers what must not have happened."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        self.problems: list[str] = []
        self.page = self.open()

    def open(self) -> Any:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", lambda error: self.problems.append(f"error in the page: {error}"))
        page.on("request", lambda request: self._look(request.url))
        page.on("websocket", lambda socket: self._look(socket.url))
        return page

    def _look(self, address: str) -> None:
        near = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:")
        if not address.startswith(near):
            self.problems.append(f"request to {address}")


@pytest.fixture
def visit(chromium: Any) -> Iterator[Visit]:
    """A browser window; at the end it must have had no error and asked for nothing beyond this machine."""
    visit = Visit(chromium)
    yield visit
    visit.context.close()
    assert not visit.problems


@pytest.fixture
def page(visit: Visit) -> Any:
    """The window's first tab."""
    return visit.page
