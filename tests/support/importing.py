"""The page on which one's own images are added, with files uploaded."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from genlab.lab import Lab
from tests.support.browser import wait_until
from tests.support.pages import checked, open_page


def upload(name: str, content: bytes) -> AppTest:
    app = open_page("data.py", add="1")
    app.file_uploader(key="add/file").upload(name, content)
    return checked(app.run())


def drop(*files: tuple[str, bytes]) -> AppTest:
    """Several files at once, as a dropped folder gives them."""
    app = open_page("data.py", add="1")
    app.file_uploader(key="add/file").set_value([(name, content, "") for name, content in files])
    return checked(app.run())


def chosen(app: AppTest, label: str) -> list[str]:
    """What a box to choose from offers."""
    return list(next(box for box in app.selectbox if box.label == label).options)


def choose(app: AppTest, label: str, value: str) -> AppTest:
    return checked(next(box for box in app.selectbox if box.label == label).set_value(value).run())


def name_of(app: AppTest) -> str:
    value = next(field for field in app.text_input if field.label == "Name of the data set").value
    assert value is not None
    return value


def add_folder(app: AppTest, path: Path) -> AppTest:
    app.segmented_control(key="add/where").set_value("Folder on this computer").run()
    return checked(app.text_input(key="add/path").set_value(str(path)).run())


def added(app: AppTest) -> AppTest:
    """The page once the import that has begun on it has ended."""
    wait_until(lambda: not any(one.job.active for one in Lab().imports.all()), what="the end of the import")
    return checked(app.run())
