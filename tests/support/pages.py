"""Pages in AppTest: open one, check that it did not fail, and read what stands on it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

ROUTER = str(Path(__file__).parents[2] / "pages" / "_router.py")

# Streamlit reads the metadata of every installed package anew for each run of an AppTest: nine tenths of its time.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def open_page(page: str = "home.py", **query: str | list[str]) -> AppTest:
    """The page ``page`` at an address that asks for ``query``, as somebody meets it who opens that address first."""
    app = AppTest.from_file(ROUTER, default_timeout=120)
    if page != "home.py":
        app.switch_page(page)
    for key, value in query.items():
        app.query_params[key] = value
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    """``app``, after making sure that it shows no traceback."""
    assert not app.exception, [item.message for item in app.exception]
    return app


def words(app: AppTest) -> str:
    """All text on the page."""
    kinds = (app.markdown, app.html, app.caption, app.info, app.error, app.warning, app.success)
    found = [item.value for kind in kinds for item in kind]
    return "\n".join([*found, *(item.proto.title for kind in (app.error, app.warning) for item in kind), *told(app)])


def told(app: AppTest) -> list[str]:
    """Errors and warnings as they are read, without Markdown."""
    callouts = [item for kind in (app.error, app.warning) for item in kind]
    return [re.sub(r"\\(.)", r"\1", text) for item in callouts for text in (item.proto.title, item.value)]


def labels(items: object) -> list[str]:
    """Labels of buttons or links as they are read, without Markdown."""
    return [item.label.removeprefix("**").removesuffix("**").replace("\\", "") for item in items]  # type: ignore[attr-defined]


def pictures(app: AppTest) -> list[str]:
    """The HTML of pictures of runs and data sets."""
    return [item.value for item in app.html if "<img" in item.value and "genlab-picture" in item.value]
